//! Which cases of a box are left where a condition holds, or does not.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::restrict::{Restrict as _, restrict_value};
use super::truth::place;
use super::{Bound, Case, Cause, Locals, Truth};
use crate::ast::{AggregateKind, RuleSetMode};
use crate::ids::RuleId;
use crate::ir::{Aggregate, Expr, ExprKind, Over, Value};

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
        Rc::make_mut(&mut self.facts).insert(place(condition), fact);
        self.forget();
    }

    /// Takes down that a condition is a fault.
    pub(super) fn note_fault(&mut self, condition: &Expr, faults: BTreeSet<Cause>) {
        let fact = Truth {
            faults,
            ..Truth::default()
        };
        Rc::make_mut(&mut self.facts).insert(place(condition), fact);
        self.forget();
    }

    /// The conditions of the rules up to one, its own the last: it fires where that alone
    /// holds, and they are no faults. `None` where days or a rest decide, too.
    fn conditions_to(&self, id: RuleId) -> Option<Vec<&'p Expr>> {
        let mut sets = self.policy.rule_sets.iter();
        let set = sets.find(|set| set.rules.contains(&id));
        if set.is_some_and(|set| !set.validity.is_always()) {
            return None;
        }
        let first = set.filter(|set| set.mode == RuleSetMode::First);
        let before = first.into_iter().flat_map(|set| &set.rules);
        let before = before.take_while(|before| **before != id);
        let all = before.chain([&id]).map(|id| &self.policy.rules[*id]);
        let asked = all.filter(|rule| !rule.shadow && !rule.validity.off);
        let conditions = asked.map(|rule| rule.when.as_ref().filter(|_| rule.validity.is_always()));
        conditions.collect()
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
        Some(_within) => Case::learn_once(here, condition, holds, |here| {
            learn_form(here, condition, holds)
        }),
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
        ExprKind::Fired(rule, None) => {
            if let Some(before) = here.0.conditions_to(*rule)
                && let Some((own, before)) = before.split_last()
                && (holds || before.is_empty())
            {
                let mut before = before.iter();
                return before.all(|before| learn(here, before, false)) && learn(here, own, holds);
            }
            here.0.note(condition, holds);
            true
        }
        ExprKind::Compare(..) | ExprKind::OneOf(..) | ExprKind::InRange(..) => {
            let left = here.restrict_compared(condition, holds);
            // What it says of two values together is not in the box otherwise
            if left && here.0.truth_of(condition, &here.1).is_open() {
                here.0.note(condition, holds);
            }
            left
        }
        ExprKind::Aggregate(aggregate) => {
            here.0.note(condition, holds);
            learn_elements(here, aggregate, holds)
        }
        _ => {
            here.0.note(condition, holds);
            true
        }
    }
}

/// Learns of each element of a series what holds for every one, or for none.
fn learn_elements<'p>(here: &mut Narrowed<'p>, aggregate: &'p Aggregate, holds: bool) -> bool {
    let of_each = match aggregate.kind {
        AggregateKind::Every => holds,
        AggregateKind::Any => !holds,
        _ => false,
    };
    let (Over::Series { inputs, each }, Some(condition), true) =
        (&aggregate.over, &aggregate.condition, of_each)
    else {
        return true;
    };
    inputs.iter().all(|input| {
        let value = Value::Input(*input);
        let found = here.0.value(value, &here.1);
        here.1.push(Bound::new(*each, found, None));
        let left = learn(here, condition, holds);
        let found = here.1.pop().map(|bound| bound.found);
        left && found.is_none_or(|found| restrict_value(here, value, &found.set))
    })
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
