//! Which cases of a box are left where a condition holds, or does not.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::restrict::Restrict as _;
use super::truth::place;
use super::{Case, Locals, Truth};
use crate::ast::RuleSetMode;
use crate::ids::RuleId;
use crate::ir::{Expr, ExprKind, Value};

/// Of so many alternatives what they have in common is found; of more nothing is learned
const ALTERNATIVES: usize = 12;

/// A box, and what is bound around a condition
pub(super) type Narrowed<'p> = (Case<'p>, Locals<'p>);

impl<'p> Case<'p> {
    /// The cases in which a condition is no fault and comes to this, with what is bound
    /// around it; `None` where there are none.
    pub(super) fn assume_with(
        &self,
        condition: &'p Expr,
        holds: bool,
        locals: &Locals<'p>,
    ) -> Option<Narrowed<'p>> {
        let mut narrowed = (self.clone(), locals.clone());
        learn(&mut narrowed, condition, holds).then_some(narrowed)
    }

    /// Takes down what a condition came to that says nothing of single values.
    fn note(&mut self, condition: &Expr, holds: bool) {
        if Self::reads_locals(condition) {
            return;
        }
        // So many elements are looked at in a case, and then it is a fault where it was none
        let mut faults = BTreeSet::new();
        if Self::looks_at_elements(condition) {
            faults = self.causes();
        }
        let fact = Truth {
            may_hold: holds,
            may_fail: !holds,
            faults,
        };
        self.facts.insert(place(condition), fact);
        self.forget();
    }

    /// The condition of a rule, where that it fires says that this holds, and the other
    /// way round.
    fn condition_of(&self, id: RuleId) -> Option<&'p Expr> {
        let rule = &self.policy.rules[id];
        let mut sets = self.policy.rule_sets.iter();
        let set = sets.find(|set| set.rules.contains(&id));
        let plain = rule.validity.is_always()
            && set.is_none_or(|set| {
                set.validity.is_always()
                    && (set.mode == RuleSetMode::All || set.rules.first() == Some(&id))
            });
        rule.when.as_ref().filter(|_| plain)
    }
}

/// Narrows a box to where a condition comes to this; tells whether there are such cases.
pub(super) fn learn<'p>(here: &mut Narrowed<'p>, condition: &'p Expr, holds: bool) -> bool {
    let truth = here.0.truth_of(condition, &here.1);
    if !truth.may_be(holds) {
        return false;
    }
    // What holds for sure where it is no fault may still say which faults there are not
    if !truth.is_open() && truth.faults.is_empty() {
        return true;
    }
    let work = Rc::clone(&here.0.work);
    match work.enter() {
        Some(_within) => learn_form(here, condition, holds),
        None => true,
    }
}

fn learn_form<'p>(here: &mut Narrowed<'p>, condition: &'p Expr, holds: bool) -> bool {
    match &condition.kind {
        ExprKind::Not(inner) => learn(here, inner, !holds),
        ExprKind::And(parts) => learn_parts(here, parts, holds, true),
        ExprKind::Or(parts) => learn_parts(here, parts, holds, false),
        ExprKind::Value(Value::Definition(id)) => {
            let value = &here.0.policy.definitions[*id].value;
            here.restrict_truth(Value::Definition(*id), holds) && learn(here, value, holds)
        }
        ExprKind::Value(value) => here.restrict_truth(*value, holds),
        ExprKind::Present(value) => here.restrict_presence(*value, holds),
        ExprKind::Fired(rule, None) => match here.0.condition_of(*rule) {
            Some(when) => learn(here, when, holds),
            None => {
                here.0.note(condition, holds);
                true
            }
        },
        ExprKind::Compare(..) | ExprKind::OneOf(..) | ExprKind::InRange(..) => {
            let left = here.restrict_compared(condition, holds);
            // What it says of two values together is not in the box otherwise
            if left && here.0.truth_of(condition, &here.1).is_open() {
                here.0.note(condition, holds);
            }
            left
        }
        _ => {
            here.0.note(condition, holds);
            true
        }
    }
}

/// Learns that several conditions, asked in order, came to `holds`: all of them, where
/// that is what `all` of them must come to, else one of them.
fn learn_parts<'p>(here: &mut Narrowed<'p>, parts: &'p [Expr], holds: bool, all: bool) -> bool {
    if holds == all {
        return parts.iter().all(|part| learn(here, part, holds));
    }
    if parts.len() > ALTERNATIVES {
        return true;
    }
    let mut found: Option<Narrowed<'p>> = None;
    let mut rest = here.clone();
    for part in parts {
        let mut taken = rest.clone();
        if learn(&mut taken, part, holds) {
            found = Some(match found {
                Some(found) => join(found, &taken),
                None => taken,
            });
        }
        // Those behind it are asked only where it came to the other
        if !learn(&mut rest, part, !holds) {
            break;
        }
    }
    match found {
        Some(found) => {
            *here = found;
            true
        }
        None => false,
    }
}

/// The smallest box that both lie in.
pub(super) fn join<'p>((case, locals): Narrowed<'p>, other: &Narrowed<'p>) -> Narrowed<'p> {
    let pairs = locals.into_iter().zip(&other.1);
    let locals = pairs.map(|(mut bound, other)| {
        bound.found = bound.found.or(other.found.clone());
        bound
    });
    let locals = locals.collect();
    (case.join(&other.0), locals)
}
