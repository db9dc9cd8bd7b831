//! Conditions that always come to the same, and parts of them that say nothing.
//!
//! A condition is looked at as it stands, over all cases; its parts as they are asked,
//! where those before them came to what lets them be asked.

use std::collections::BTreeSet;

use super::cause::{Came, Cause, is_constant};
use super::codes;
use crate::analyse::case::Case;
use crate::ir::{Expr, ExprKind, OutputSource, Policy};
use crate::{Code, Diagnostic, Span};

/// The conditions of a policy, and what is found of them
pub(super) struct Conditions<'p> {
    /// All cases
    pub(super) any: Case<'p>,
    /// Comparisons that are told of as slips
    pub(super) slipped: BTreeSet<Span>,
    pub(super) found: Vec<Diagnostic>,
    /// What was looked at
    seen: BTreeSet<Span>,
}

/// What a condition always comes to where it is no fault, if it does.
pub(super) fn decided<'p>(here: &Case<'p>, condition: &'p Expr) -> Option<bool> {
    let truth = here.truth(condition);
    (truth.may_hold != truth.may_fail).then_some(truth.may_hold)
}

impl<'p> Conditions<'p> {
    pub(super) fn new(any: Case<'p>, slipped: BTreeSet<Span>) -> Self {
        Self {
            any,
            slipped,
            found: Vec::new(),
            seen: BTreeSet::new(),
        }
    }

    pub(super) fn policy(&self) -> &'p Policy {
        self.any.policy
    }

    /// Tells whether something is looked at for the first time.
    pub(super) fn is_new(&mut self, span: Span) -> bool {
        self.seen.insert(span)
    }

    /// Looks at a condition that decides whether something happens; tells what it always
    /// comes to, once it is reported.
    pub(super) fn decides(
        &mut self,
        condition: &'p Expr,
        headline: impl FnOnce(bool) -> (Code, String),
    ) -> Option<bool> {
        if !self.is_new(condition.span) {
            return None;
        }
        let any = self.any.clone();
        let comes = decided(&any, condition);
        match comes {
            Some(to) => {
                let cause = self.cause(&any, condition, to, &[]);
                let (code, headline) = headline(to);
                self.report(code, headline, cause);
            }
            None => self.parts(&any, condition),
        }
        comes
    }

    fn report(&mut self, code: Code, headline: String, cause: Cause<'p>) {
        let found = self.because(code, headline, cause);
        let found = found.map(|found| found.help("correct it, or leave it out"));
        self.found.extend(found);
    }

    /// Looks for parts of a condition that come to the same wherever they are asked.
    pub(super) fn parts(&mut self, here: &Case<'p>, condition: &'p Expr) {
        match &condition.kind {
            ExprKind::Not(inner) => self.parts(here, inner),
            ExprKind::And(parts) | ExprKind::Or(parts) => {
                let ends = matches!(condition.kind, ExprKind::Or(_));
                let mut now = here.clone();
                let mut before = Vec::new();
                for (at, part) in parts.iter().enumerate() {
                    match decided(&now, part) {
                        // What the checker made of one test, such as that a value is there
                        Some(_) if part.span == condition.span => {}
                        Some(to) => self.part(&now, part, to, &before),
                        None => self.parts(&now, part),
                    }
                    before.push((part, !ends));
                    if at + 1 == parts.len() {
                        break;
                    }
                    match now.assume(part, !ends) {
                        Some(narrowed) => now = narrowed,
                        None => break,
                    }
                }
            }
            _ => condition.each_part(&mut |part| self.value(here, part)),
        }
    }

    /// Reports a part that comes to the same wherever it is asked.
    fn part(&mut self, here: &Case<'p>, part: &'p Expr, to: bool, before: &[Came<'p>]) {
        if is_constant(part) {
            return;
        }
        let cause = self.cause(here, part, to, before);
        let (code, headline) = match cause {
            Cause::Declared((_, to)) => {
                let always = if to { "always" } else { "never" };
                (
                    codes::DECIDED,
                    format!("this {always} holds, whatever the case"),
                )
            }
            _ => (
                codes::ADDS_NOTHING,
                "this part of the condition adds nothing".to_owned(),
            ),
        };
        self.report(code, headline, cause);
    }

    /// Looks at all values of a policy but the tests of its tables.
    pub(super) fn values(&mut self) {
        let policy = self.policy();
        let any = self.any.clone();
        for definition in &policy.definitions {
            if is_condition(&definition.value) {
                self.decides(&definition.value, |to| {
                    let always = if to { "true" } else { "false" };
                    (
                        codes::DECIDED,
                        format!("`{}` is always {always}", definition.name),
                    )
                });
            } else {
                self.value(&any, &definition.value);
            }
        }
        for output in &policy.outputs {
            if let Some(when) = &output.when {
                self.decides(when, |to| match to {
                    true => (
                        codes::ALWAYS,
                        format!("`{}` is given in every case", output.name),
                    ),
                    false => (codes::NEVER, format!("`{}` is never given", output.name)),
                });
            }
            if let OutputSource::Expr(value) = &output.value {
                self.value(&any, value);
            }
        }
        for table in &policy.tables {
            let own = table
                .columns
                .iter()
                .filter(|column| column.subject.is_none());
            for cell in own.flat_map(|column| &column.cells) {
                self.value(&any, cell);
            }
            let outputs = table.outputs.iter();
            let outputs = outputs.flat_map(|output| output.cells.others());
            outputs.for_each(|cell| self.value(&any, cell));
        }
        let columns = policy.models.iter().flat_map(|model| &model.inputs);
        let columns = columns.flat_map(|input| &input.columns);
        columns.for_each(|column| self.value(&any, &column.value));
        for function in &policy.functions {
            let bindings = function.bindings.iter().map(|binding| &binding.value);
            bindings.for_each(|value| self.value(&any, value));
            self.value(&any, &function.value);
        }
    }

    /// Looks for conditions within a value.
    pub(super) fn value(&mut self, here: &Case<'p>, value: &'p Expr) {
        match &value.kind {
            ExprKind::Cases(arms, otherwise) => self.arms(here, arms, otherwise),
            _ if is_condition(value) => match decided(here, value) {
                Some(to) => self.part(here, value, to, &[]),
                None => self.parts(here, value),
            },
            _ => value.each_part(&mut |part| self.value(here, part)),
        }
    }

    /// Looks at alternatives, each where none before it was taken.
    fn arms(&mut self, here: &Case<'p>, arms: &'p [(Expr, Expr)], otherwise: &'p Expr) {
        let mut now = here.clone();
        let mut before: Vec<Came<'p>> = Vec::new();
        for (condition, value) in arms {
            match decided(&now, condition) {
                Some(false) => {
                    let cause = self.cause(&now, condition, false, &before);
                    let headline = "this alternative is never taken".to_owned();
                    self.report(codes::NEVER_REACHED, headline, cause);
                    continue;
                }
                Some(true) => self.value(&now, value),
                None => {
                    self.parts(&now, condition);
                    if let Some(taken) = now.assume(condition, true) {
                        self.value(&taken, value);
                    }
                }
            }
            before.push((condition, false));
            match now.assume(condition, false) {
                Some(narrowed) => now = narrowed,
                None => return self.never_reached(otherwise, condition),
            }
        }
        self.value(&now, otherwise);
    }

    /// Reports the last alternative, behind those that are taken in all cases.
    fn never_reached(&mut self, otherwise: &Expr, before: &Expr) {
        let found = Diagnostic::warning(
            codes::NEVER_REACHED,
            "this alternative is never taken",
            otherwise.span,
        );
        self.found.push(
            found
                .label("those before it are taken in all cases")
                .evidence(before.span, "the last one that is")
                .help("leave it out, or correct the conditions before it"),
        );
    }
}

/// Tells whether a truth is a condition by its form, and no name or constant.
fn is_condition(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Compare(..)
            | ExprKind::OneOf(..)
            | ExprKind::InRange(..)
            | ExprKind::Present(_)
            | ExprKind::TextTest(..)
            | ExprKind::InList(..)
            | ExprKind::InLookup(..)
            | ExprKind::Fired(..)
    )
}
