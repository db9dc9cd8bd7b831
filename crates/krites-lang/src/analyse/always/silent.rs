//! What did not speak in a decision, and what is known of a case by that.

use super::asked::Asked;
use super::decision::{Decision, States};
use crate::ast::DecidePolicy;
use crate::ids::RuleId;
use crate::ir::{Decide, Expr, Outcome, Rule, Value};

/// What did not speak
#[derive(Clone, Copy, Debug)]
pub(super) enum Silent<'p> {
    /// A rule with this condition, which did not hold
    Rule(&'p Expr),
    /// A value, which was missing
    Value(Value),
}

/// A rule that was asked wherever the decision had not ended, and is no fault
pub(super) struct AskedRule<'p> {
    rule: &'p Rule,
    when: &'p Expr,
    /// What had ended before
    ended: States,
}

impl<'p> Decision<'_, 'p> {
    /// Notes that a rule was asked, wherever the decision had not ended, where that has to
    /// do with what is looked at.
    pub(super) fn note(&mut self, id: RuleId, asked: &Asked<'p>) {
        let rule = &self.policy.rules[id];
        if !self.relevant.has(id) {
            return;
        }
        let certain = rule.validity.is_always() && !rule.shadow && !asked.may_fault;
        if let Some(when) = rule.when.as_ref().filter(|_| certain) {
            self.asked.push(AskedRule {
                rule,
                when,
                ended: self.ended.clone(),
            });
        }
    }
}

impl<'p> AskedRule<'p> {
    /// Its condition, which did not hold where nothing more severe was spoken for than
    /// `most`, as a state.
    pub(super) fn silent_below(&self, most: usize) -> Option<&'p Expr> {
        match self.rule.then.outcome {
            Outcome::Label(label) if label as usize + 1 > most => Some(self.when),
            _ => None,
        }
    }

    /// Its condition, which did not hold where this is the outcome.
    pub(super) fn silent_under(&self, decide: &Decide, outcome: u32) -> Option<&'p Expr> {
        let state = outcome as usize + 1;
        if self.ended.get(state).copied().unwrap_or(true) {
            return None;
        }
        match (decide.policy, &self.rule.then.outcome) {
            (DecidePolicy::MostSevere, _) => self.silent_below(state),
            // What cannot say its values is not the one that decides
            (DecidePolicy::FirstMatch, Outcome::Label(label)) => {
                (*label != outcome && decide.values.is_empty()).then_some(self.when)
            }
            (DecidePolicy::FirstMatch, _) => None,
        }
    }
}

/// A rule that did not speak where nothing has, if it was asked.
pub(super) fn silent<'p>(rule: &'p Rule) -> Option<Silent<'p>> {
    let speaks = !matches!(rule.then.outcome, Outcome::None);
    let asked = speaks && rule.validity.is_always() && !rule.shadow;
    let when = rule.when.as_ref().filter(|_| asked);
    when.map(Silent::Rule)
}
