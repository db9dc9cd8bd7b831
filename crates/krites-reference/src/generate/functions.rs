//! Functions and definitions.

use super::Writer;
use super::kind::Kind;
use super::schema::{Function, Named, Scope};

impl Writer<'_, '_> {
    pub(super) fn function(&mut self, at: usize) {
        let mut parameters = vec![Kind::Money, Kind::Whole];
        for _ in 0..self.choose.below(3) {
            let more = [
                Kind::Plain,
                Kind::Percent,
                Kind::Truth,
                Kind::Text,
                Kind::Work,
            ];
            parameters.push(self.choose.one(&more).copied().unwrap_or(Kind::Plain));
        }
        let result = self.choose.one(&parameters).copied().unwrap_or(Kind::Whole);
        let mut scope = Scope {
            functions: self.scope.functions.clone(),
            texts: self.scope.texts.clone(),
            wholes: self.scope.wholes.clone(),
            lookups: self.scope.lookups,
            ..Scope::default()
        };
        let mut written = Vec::new();
        for (position, kind) in parameters.iter().enumerate() {
            let name = format!("p{position}");
            let (range, nonzero) = match self.choose.below(2) {
                0 => self.input_range(*kind),
                _ => (String::new(), false),
            };
            written.push(format!("{name} : {}{range}", self.digits(*kind)));
            scope.values.push(Named {
                name,
                kind: *kind,
                optional: false,
                nonzero,
            });
        }
        let outer = std::mem::replace(&mut self.scope, scope);
        let head = format!(
            "function f{at}({}) : {} =",
            written.join(", "),
            self.digits(result)
        );
        if self.choose.percent(50) {
            let value = self.value(result, 2);
            self.line(0, &format!("{head} {value}"));
        } else {
            self.line(0, &format!("{head} {{"));
            for own in 0..=self.choose.below(2) {
                let kind = self.choose.one(&parameters).copied().unwrap_or(Kind::Whole);
                let (ty, value) = (self.digits(kind), self.value(kind, 2));
                self.line(1, &format!("own{own} : {ty} = {value}"));
                self.scope.values.push(Named {
                    name: format!("own{own}"),
                    kind,
                    optional: false,
                    nonzero: false,
                });
            }
            let value = self.value(result, 2);
            self.line(1, &value);
            self.line(0, "}");
        }
        self.scope = outer;
        self.scope.functions.push(Function {
            name: format!("f{at}"),
            parameters,
            result,
        });
    }

    pub(super) fn definitions(&mut self, prefix: &str, most: usize) {
        self.line(0, "define {");
        for at in 0..=self.choose.below(most) {
            let kind = self.kind();
            let name = format!("{prefix}{at}");
            let optional = self.choose.percent(10);
            let mut ty = self.digits(kind);
            let value = if optional {
                ty.push('?');
                self.as_it_is(kind)
            } else {
                self.value(kind, 3)
            };
            self.line(1, &format!("{name} : {ty} = {value}"));
            self.scope.values.push(Named {
                name,
                kind,
                optional,
                nonzero: false,
            });
        }
        self.line(0, "}");
    }

    /// A value that is passed on, missing or not.
    pub(super) fn as_it_is(&mut self, kind: Kind) -> String {
        let known: Vec<Named> = self.scope.of(kind).into_iter().cloned().collect();
        match self.choose.one(&known) {
            Some(value) => value.name.clone(),
            None => self.value(kind, 1),
        }
    }
}
