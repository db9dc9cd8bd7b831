//! Conditions.

use super::Writer;
use super::kind::Kind;
use super::schema::Named;

impl Writer<'_, '_> {
    /// A condition that needs no brackets but before an operator.
    pub(super) fn condition(&mut self, depth: usize) -> String {
        if depth == 0 {
            return self.comparison(0);
        }
        match self.choose.below(12) {
            0 | 1 => self.junction(depth - 1, " and "),
            2 | 3 => self.junction(depth - 1, " or "),
            4 => format!("not {}", self.bracketed(depth - 1)),
            5 => self.narrowed(depth - 1),
            6 => self.named(Kind::Truth, 0),
            7 => self.quantified(depth - 1),
            8 => self.text_test(depth - 1),
            9 => self.time_test(depth - 1),
            _ => self.comparison(depth - 1),
        }
    }

    fn bracketed(&mut self, depth: usize) -> String {
        format!("({})", self.condition(depth))
    }

    fn junction(&mut self, depth: usize, word: &str) -> String {
        let parts: Vec<String> = (0..=1 + self.choose.below(2))
            .map(|_| {
                if self.choose.percent(50) {
                    self.bracketed(depth)
                } else {
                    self.comparison(depth)
                }
            })
            .collect();
        parts.join(word)
    }

    /// A condition that makes sure of a value before it is used.
    fn narrowed(&mut self, depth: usize) -> String {
        let optional: Vec<Named> = self
            .scope
            .values
            .iter()
            .filter(|value| value.optional && value.kind.is_ordered())
            .cloned()
            .collect();
        let Some(value) = self.choose.one(&optional).cloned() else {
            return self.comparison(depth);
        };
        let name = &value.name;
        match self.choose.below(5) {
            0 => format!("{name} is present"),
            1 => format!("{name} is missing"),
            2 => format!("{name} is missing or {name} > {}", self.literal(value.kind)),
            3 => format!("{name} is present and {name} in {}", self.range(value.kind)),
            _ => format!(
                "{name} is present and {} {} {name}",
                self.operand(value.kind, depth),
                self.choose.word(&["<", ">="])
            ),
        }
    }

    fn comparison(&mut self, depth: usize) -> String {
        let kind = self.kind();
        let left = match kind {
            kind if kind.is_ordered() && self.choose.percent(8) => {
                let sign = self.choose.word(&["<", "<=", ">", ">=", "is", "is not"]);
                let (left, right) = (self.literal(kind), self.operand(kind, depth));
                return format!("{left} {sign} {right}");
            }
            Kind::Truth => self.named(kind, 0),
            _ => self.operand(kind, depth),
        };
        let not = self.choose.word(&["", "", "not "]);
        match self.choose.below(8) {
            0 => {
                let right = self.right(kind, depth);
                format!("{left} is {not}{right}")
            }
            1 if kind != Kind::Duration => {
                let values: Vec<String> = (0..=self.choose.below(3))
                    .map(|_| self.right(kind, depth))
                    .collect();
                format!("{left} is {not}one of [{}]", values.join(", "))
            }
            2 | 3 if kind.is_ordered() => format!("{left} {not}in {}", self.range(kind)),
            4 if kind == Kind::Whole && !self.scope.wholes.is_empty() => {
                let list = self
                    .choose
                    .one(&self.scope.wholes)
                    .cloned()
                    .unwrap_or_default();
                format!("{left} {not}in list {list}")
            }
            _ if kind.is_ordered() => {
                let sign = self.choose.word(&["<", "<=", ">", ">="]);
                format!("{left} {sign} {}", self.right(kind, depth))
            }
            _ => format!("{left} is {not}{}", self.right(kind, depth)),
        }
    }

    /// The right side of a comparison, whose left side tells the kind.
    fn right(&mut self, kind: Kind, depth: usize) -> String {
        match kind {
            Kind::Truth => self.literal(kind),
            _ if self.choose.percent(60) => self.literal(kind),
            _ => self.operand(kind, depth),
        }
    }

    /// A range in words, between literals, the lower bound first.
    pub(super) fn range(&mut self, kind: Kind) -> String {
        let (low, high) = self.bounds(kind);
        match self.choose.below(8) {
            0 => format!("below {high}"),
            1 => format!("above {low}"),
            2 => format!("up to {high}"),
            3 => format!("{low} and above"),
            4 => format!("{low} to below {high}"),
            5 => format!("above {low} to {high}"),
            6 => format!("above {low} to below {high}"),
            _ => format!("{low} to {high}"),
        }
    }

    fn bounds(&mut self, kind: Kind) -> (String, String) {
        let low = self.choose.between(-5, 60);
        let high = low + self.choose.between(1, 80);
        let year = self.choose.between(1990, 2026);
        let later = year + self.choose.between(1, 5);
        match kind {
            Kind::Percent => (format!("{low}%"), format!("{high}%")),
            Kind::Plain => (format!("{low}.25"), format!("{high}.5")),
            Kind::Money | Kind::Amount => (format!("{}", low * 100), format!("{}", high * 100)),
            Kind::Date => (format!("{year}-03-01"), format!("{later}-02-28")),
            Kind::DateTime => (
                format!("{year}-03-01T00:00Z"),
                format!("{later}-02-28T12:30:00Z"),
            ),
            Kind::Duration => (format!("{} hours", low + 5), format!("{} days", high + 5)),
            _ => (low.to_string(), high.to_string()),
        }
    }
}
