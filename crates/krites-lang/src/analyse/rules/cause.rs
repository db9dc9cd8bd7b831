//! Why a condition always comes to the same.

use super::condition::{Conditions, decided};
use crate::Diagnostic;
use crate::Span;
use crate::analyse::case::Case;
use crate::analyse::domain::{Domain, whole};
use crate::analyse::set::{Set, Values};
use crate::ir::{Expr, ExprKind, Value};

/// Why a condition always comes to the same
pub(super) enum Cause<'p> {
    /// It is told of elsewhere
    Told,
    /// What its values are declared to be
    Declared(Came<'p>),
    /// What is asked before it, and came to what lets it be asked
    Before(Came<'p>, Vec<Came<'p>>),
}

/// A condition, and what it came to
pub(super) type Came<'p> = (&'p Expr, bool);

impl<'p> Conditions<'p> {
    /// Finds what it is of a condition that lets it always come to this, `here`, where
    /// conditions `before` it came to what they must.
    pub(super) fn cause(
        &self,
        here: &Case<'p>,
        condition: &'p Expr,
        to: bool,
        before: &[Came<'p>],
    ) -> Cause<'p> {
        if self.slipped.contains(&condition.span) {
            return Cause::Told;
        }
        match &condition.kind {
            // Of `is not one of` both are the same text
            ExprKind::Not(inner) if inner.span != condition.span => {
                self.cause(here, inner, !to, before)
            }
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                let ends = matches!(condition.kind, ExprKind::Or(_));
                self.cause_among(here, parts, ends, (condition, to), before)
            }
            ExprKind::Value(Value::Definition(id)) => {
                let value = &self.policy().definitions[*id].value;
                match decided(&self.any, value) {
                    Some(_) if !is_constant(value) => Cause::Told,
                    _ => self.own(condition, to, before),
                }
            }
            _ => self.own(condition, to, before),
        }
    }

    fn own(&self, condition: &'p Expr, to: bool, before: &[Came<'p>]) -> Cause<'p> {
        match decided(&self.any, condition) {
            Some(alone) if alone == to => Cause::Declared((condition, to)),
            _ => Cause::Before((condition, to), before.to_vec()),
        }
    }

    /// The part that ends a chain, where one does; else the first one, as all must.
    fn cause_among(
        &self,
        here: &Case<'p>,
        parts: &'p [Expr],
        ends: bool,
        (whole, to): (&'p Expr, bool),
        before: &[Came<'p>],
    ) -> Cause<'p> {
        let mut now = here.clone();
        let mut before = before.to_vec();
        for part in parts {
            let comes = decided(&now, part);
            if comes == Some(to) {
                return self.cause(&now, part, to, &before);
            }
            match now.assume(part, !ends) {
                Some(narrowed) => now = narrowed,
                None => break,
            }
            before.push((part, !ends));
        }
        Cause::Before((whole, to), Vec::new())
    }

    /// Says why at the place where it shows; nothing where that is told elsewhere.
    pub(super) fn because(
        &self,
        code: crate::Code,
        headline: String,
        cause: Cause<'p>,
    ) -> Option<Diagnostic> {
        let always = |to| if to { "always holds" } else { "never holds" };
        match cause {
            Cause::Told => None,
            Cause::Declared((part, to)) => {
                let always = always(to);
                let mut found = Diagnostic::warning(code, headline, part.span);
                let lies: Vec<(String, Option<Span>)> = self.lies(part);
                let words: Vec<&str> = lies.iter().map(|(words, _)| words.as_str()).collect();
                found = found.label(match words.is_empty() {
                    true => format!("this {always}"),
                    false => format!("this {always}: {}", words.join(", ")),
                });
                for span in lies.iter().filter_map(|(_, declared)| *declared) {
                    found = found.evidence(span, "declared here");
                }
                Some(found)
            }
            Cause::Before((part, to), before) => {
                let always = always(to);
                let mut found = Diagnostic::warning(code, headline, part.span)
                    .label(format!("this {always} where it is asked"));
                let alone = before.iter().find(|(other, came)| {
                    let here = self.any.assume(other, *came);
                    here.is_some_and(|here| decided(&here, part) == Some(to))
                });
                let all = before.iter().rev().take(3);
                let shown: Vec<&Came<'p>> = match alone {
                    Some(alone) => vec![alone],
                    None => all.collect(),
                };
                for (other, _) in shown {
                    found = found.evidence(other.span, "asked before it");
                }
                Some(found)
            }
        }
    }

    /// What the sides of a comparison may be, and where that is declared.
    fn lies(&self, comparison: &'p Expr) -> Vec<(String, Option<Span>)> {
        let mut sides: Vec<&'p Expr> = Vec::new();
        match &comparison.kind {
            ExprKind::Not(inner) => return self.lies(inner),
            ExprKind::Compare(_, left, right) => sides.extend([&**left, &**right]),
            ExprKind::InRange(subject, ..) | ExprKind::OneOf(subject, _) => sides.push(subject),
            ExprKind::Value(value) => {
                let name = self.policy().name_of(*value);
                let always = match decided(&self.any, comparison) {
                    Some(true) => "true",
                    _ => "false",
                };
                let words = format!("`{name}` is always {always}");
                return vec![(words, self.declared(*value))];
            }
            _ => {}
        }
        let sides = sides.into_iter().filter(|side| !is_constant(side));
        let lies = sides.filter_map(|side| {
            let set = self.any.set(side)?;
            let words = match self.numbers(side, set)? {
                one if !one.contains(' ') => format!("is {one}"),
                several => format!("lies in {several}"),
            };
            Some(match plain(side) {
                Some(value) => {
                    let name = self.policy().name_of(value);
                    (format!("`{name}` {words}"), self.declared(value))
                }
                None => (format!("what is compared {words}"), None),
            })
        });
        lies.collect()
    }

    fn numbers(&self, side: &Expr, set: Set) -> Option<String> {
        if !matches!(set.values, Values::Spans(_)) {
            return None;
        }
        let declared = plain(side).and_then(|value| Domain::of_value(self.policy(), value));
        let grid = whole(side.ty).or_else(|| declared?.grid);
        let ty = side.ty;
        Domain { ty, grid, set }.numbers(self.policy())
    }

    fn declared(&self, value: Value) -> Option<Span> {
        match value {
            Value::Input(id) => Some(self.policy().inputs[id].span),
            Value::Definition(id) => Some(self.policy().definitions[id].span),
            Value::Model(id, give) => {
                let model = &self.policy().models[id];
                Some(model.gives.get(give as usize)?.span)
            }
            _ => None,
        }
    }
}

/// The value that an expression is, as another type or not.
fn plain(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Value(value) => Some(*value),
        ExprKind::Widen(inner) => plain(inner),
        _ => None,
    }
}

/// Tells whether an expression is written as a constant.
pub(super) fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) => true,
        ExprKind::Widen(inner) => is_constant(inner),
        _ => false,
    }
}
