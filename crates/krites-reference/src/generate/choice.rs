//! `if … then … else …` and `match`.

use super::Writer;
use super::kind::{Kind, LABELS};
use super::schema::Named;

impl Writer<'_, '_> {
    /// A value by a condition. Where the type is `told`, branches may be literals.
    pub(super) fn conditional(&mut self, kind: Kind, depth: usize, told: bool) -> String {
        let narrows = self.choose.percent(30);
        if narrows && let Some(text) = self.narrowing(kind, depth) {
            return text;
        }
        let mut text = format!("if {} then ", self.condition(depth));
        text.push_str(&self.operand(kind, depth));
        if self.choose.percent(30) {
            let condition = self.condition(depth);
            let value = self.branch(kind, depth, told);
            text.push_str(&format!(" else if {condition} then {value}"));
        }
        format!("{text} else {}", self.branch(kind, depth, told))
    }

    /// `if x is present then … x … else …`
    fn narrowing(&mut self, kind: Kind, depth: usize) -> Option<String> {
        let optional: Vec<Named> = self
            .scope
            .of(kind)
            .into_iter()
            .filter(|value| value.optional)
            .cloned()
            .collect();
        let value = self.choose.one(&optional)?.clone();
        let other = self.operand(kind, depth);
        let name = &value.name;
        Some(match self.choose.below(3) {
            0 => format!("if {name} is present then {name} else {other}"),
            1 => format!("if {name} is missing then {other} else {name}"),
            _ => {
                let condition = self.condition(depth);
                format!("if {name} is present and ({condition}) then {name} else {other}")
            }
        })
    }

    fn branch(&mut self, kind: Kind, depth: usize, told: bool) -> String {
        let literal = kind != Kind::Work || told;
        if literal && self.choose.percent(40) {
            self.literal(kind)
        } else {
            self.operand(kind, depth)
        }
    }

    /// `match x { … }` with a value of the kind in every arm.
    pub(super) fn matching(&mut self, kind: Kind, depth: usize) -> String {
        let subjects = [
            Kind::Work,
            Kind::Whole,
            Kind::Truth,
            Kind::Text,
            Kind::Money,
        ];
        let subjects: Vec<Kind> = subjects
            .into_iter()
            .filter(|kind| !self.scope.of(*kind).is_empty())
            .collect();
        let subject = self.choose.one(&subjects).copied().unwrap_or(Kind::Truth);
        let known: Vec<Named> = self.scope.of(subject).into_iter().cloned().collect();
        let named = self.choose.one(&known).cloned();
        let (text, optional) = match named {
            Some(value) if self.choose.percent(80) => (value.name, value.optional),
            _ if subject == Kind::Truth => (format!("({})", self.condition(depth)), false),
            _ => (self.operand(subject, depth.min(1)), false),
        };
        let mut arms: Vec<String> = Vec::new();
        if optional && self.choose.percent(70) {
            arms.push("missing".to_owned());
        }
        match subject {
            Kind::Work => {
                let at = self.choose.below(4);
                let labels: Vec<&str> = LABELS.iter().cycle().skip(at).take(2).copied().collect();
                arms.push(if self.choose.percent(50) {
                    labels.join(", ")
                } else {
                    labels.first().copied().unwrap_or("").to_owned()
                });
            }
            Kind::Truth => arms.push(self.literal(Kind::Truth)),
            Kind::Text => arms.push(format!(
                "{}, {}",
                self.literal(Kind::Text),
                self.literal(Kind::Text)
            )),
            subject => {
                for _ in 0..=self.choose.below(2) {
                    let test = self.range(subject);
                    arms.push(test);
                }
            }
        }
        let mut written: Vec<String> = Vec::new();
        for arm in arms {
            // The first arm tells the kind of them all.
            let value = if written.is_empty() {
                self.operand(kind, depth)
            } else {
                self.branch(kind, depth, false)
            };
            written.push(format!("{arm} : {value}"));
        }
        let rest = if written.is_empty() {
            self.operand(kind, depth)
        } else {
            self.branch(kind, depth, false)
        };
        written.push(format!("otherwise : {rest}"));
        format!("match {text} {{ {} }}", written.join(", "))
    }
}
