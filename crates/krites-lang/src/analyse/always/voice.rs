//! What may speak for an outcome in a box of cases, and what it says.

use super::super::case::{Case, Cause};
use super::super::set::{Set, Values};
use crate::ir::{Evaluate, Expr, Handling, Literal, Policy, Rule};

/// Something that may speak for a label
#[derive(Clone, Debug)]
pub(super) struct Voice<'p> {
    pub(super) label: u32,
    pub(super) source: Source<'p>,
    /// Whether it speaks in all cases of the box in which it is asked
    pub(super) sure: bool,
    /// Conditions that did not hold where it is asked
    before: Vec<&'p Expr>,
}

/// What speaks
#[derive(Clone, Copy, Debug)]
pub(super) enum Source<'p> {
    Rule(&'p Rule),
    /// The rule that speaks where nothing else has
    Rest(&'p Rule),
    Value(&'p Evaluate),
    /// One of the rows of a table that gives several
    Rows(&'p Evaluate),
    Fault(Cause, &'p Handling),
}

impl<'p> Voice<'p> {
    pub(super) fn new(label: u32, source: Source<'p>, sure: bool) -> Self {
        Voice {
            label,
            source,
            sure,
            before: Vec::new(),
        }
    }

    /// The same, asked where none of these held.
    pub(super) fn behind(self, before: &[&'p Expr]) -> Self {
        Voice {
            before: before.to_vec(),
            ..self
        }
    }

    /// The same, of the rule that speaks where nothing else has.
    pub(super) fn of_the_rest(self, rule: &'p Rule) -> Self {
        match self.source {
            Source::Rule(_) => Voice::new(self.label, Source::Rest(rule), false),
            _ => self,
        }
    }

    /// What it sets the values to that are decided with the outcome.
    pub(super) fn with(&self) -> &'p [Option<Expr>] {
        match self.source {
            Source::Rule(rule) | Source::Rest(rule) => &rule.then.with,
            Source::Value(evaluate) | Source::Rows(evaluate) => &evaluate.with,
            Source::Fault(..) => &[],
        }
    }

    /// What handles a fault of its own.
    pub(super) fn handling(&self) -> Option<&'p Handling> {
        match self.source {
            Source::Rule(rule) | Source::Rest(rule) => rule.on_fault.as_ref(),
            Source::Value(_) | Source::Rows(_) | Source::Fault(..) => None,
        }
    }

    /// The cases in which it speaks; `None` where there are none.
    pub(super) fn speaking(&self, case: &Case<'p>) -> Option<Case<'p>> {
        let mut before = self.before.iter();
        let case = before.try_fold(case.clone(), |case, when| case.assume(when, false))?;
        match self.source {
            Source::Rule(rule) => match &rule.when {
                Some(when) => case.assume(when, true),
                None => Some(case.clone()),
            },
            Source::Value(evaluate) => {
                let labels = case.policy.enums[case.policy.decide.ty].labels.len();
                let own = (0_u32..).take(labels).map(|label| label == self.label);
                let own = Set::there(Values::Labels(own.collect()));
                case.assume_within(evaluate.value, &own)
            }
            Source::Fault(cause, _) if can_fail(cause) => case.assume_fails(cause, true),
            Source::Rest(_) | Source::Rows(_) | Source::Fault(..) => Some(case.clone()),
        }
    }

    /// What it sets a value to, where it speaks in a box.
    pub(super) fn value(&self, at: usize, case: &Case<'p>, policy: &'p Policy) -> Option<Set> {
        let decided = policy.decide.values.get(at)?;
        if let Source::Fault(_, handling) = self.source {
            let literal = handling.with.get(at).and_then(Option::as_ref);
            return Some(case.constant(decided.ty, literal));
        }
        match self.with().get(at).and_then(Option::as_ref) {
            Some(expr) => {
                let speaking = self.speaking(case)?;
                Some(speaking.held_set(expr, decided.ty))
            }
            None => Some(case.constant(decided.ty, None::<&Literal>)),
        }
    }
}

/// Tells whether a cause is one whose failing can be assumed.
fn can_fail(cause: Cause) -> bool {
    matches!(cause, Cause::Model(_) | Cause::Group(_) | Cause::Policy(_))
}
