//! What is left of single values where something is known of them.

use std::rc::Rc;

use super::super::set::{Set, Values};
use super::assume::{Narrowed, join, learn};
use super::compare::{Order, opposite, or_equal, related, relation, turned};
use super::{Bound, Case, Cause, Found};
use crate::ir::{Expr, ExprKind, Value};

/// Of so many arms of a choice, those are told that a value leaves open
const ARMS: usize = 12;

/// What narrows a box, with what is bound around what is looked at
pub(super) trait Restrict<'p> {
    fn restrict_truth(&mut self, value: Value, holds: bool) -> bool;
    fn restrict_presence(&mut self, value: Value, present: bool) -> bool;
    fn restrict_compared(&mut self, comparison: &'p Expr, holds: bool) -> bool;
}

impl<'p> Restrict<'p> for Narrowed<'p> {
    fn restrict_truth(&mut self, value: Value, holds: bool) -> bool {
        restrict_value(
            self,
            value,
            &Set::there(Values::Labels(vec![!holds, holds])),
        )
    }

    fn restrict_presence(&mut self, value: Value, present: bool) -> bool {
        let all = self.0.value(value, &self.1).set;
        let left = match present {
            true => Set::there(all.values),
            false => Set {
                missing: all.missing,
                values: all.values.none(),
            },
        };
        restrict_value(self, value, &left)
    }

    fn restrict_compared(&mut self, comparison: &'p Expr, holds: bool) -> bool {
        match &comparison.kind {
            ExprKind::Compare(op, left, right) => {
                let order = relation(*op);
                let order = if holds { order } else { opposite(order) };
                restrict_ordered(self, left, right, order)
            }
            ExprKind::OneOf(subject, values) => {
                let found = values.iter().map(|value| self.0.found(value, &self.1));
                let found: Vec<Found> = found.collect();
                let one_of = found.iter().map(|found| found.set.clone());
                let any = one_of.reduce(|one, two| one.or(&two));
                let left = match (holds, any) {
                    (true, Some(any)) => any,
                    (false, _) if values.iter().all(is_constant) => {
                        let found = found.iter().map(|found| found.set.not());
                        let none = found.reduce(|one, two| one.and(&two));
                        none.unwrap_or_else(|| self.0.found(subject, &self.1).set)
                    }
                    _ => return true,
                };
                let left = restrict(self, subject, &Set::there(left.values));
                match values.as_slice() {
                    // Where both are the same, what one is the other is
                    [value] if left && holds => {
                        let subject = self.0.found(subject, &self.1).set.values;
                        restrict(self, value, &Set::there(subject))
                    }
                    _ => left,
                }
            }
            ExprKind::InRange(subject, low, high) => {
                let bounds = [(low, Order::Above), (high, Order::Below)];
                let bounds = bounds.into_iter().filter_map(|(bound, order)| {
                    let (bound, inclusive) = bound.as_ref()?;
                    let order = if *inclusive { or_equal(order) } else { order };
                    Some((&**bound, order))
                });
                if holds {
                    let mut bounds = bounds;
                    return bounds
                        .all(|(bound, order)| restrict_ordered(self, subject, bound, order));
                }
                let sides = bounds.filter_map(|(bound, order)| {
                    let mut side = self.clone();
                    let left = restrict_ordered(&mut side, subject, bound, opposite(order));
                    left.then_some(side)
                });
                let Some(either) = sides.reduce(|one, two| join(one, &two)) else {
                    return false;
                };
                *self = either;
                true
            }
            _ => true,
        }
    }
}

/// Narrows both sides of what stands so to each other.
fn restrict_ordered<'p>(
    here: &mut Narrowed<'p>,
    left: &'p Expr,
    right: &'p Expr,
    order: Order,
) -> bool {
    let of_left = related(&here.0.found(right, &here.1), order);
    let of_right = related(&here.0.found(left, &here.1), turned(order));
    restrict(here, left, &Set::there(of_left)) && restrict(here, right, &Set::there(of_right))
}

fn is_constant(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Literal(_) => true,
        ExprKind::Widen(inner) => is_constant(inner),
        _ => false,
    }
}

/// Narrows a box to where an expression's value lies in a set, as far as that says
/// something of single values; tells whether there are such cases.
pub(super) fn restrict<'p>(here: &mut Narrowed<'p>, expr: &'p Expr, within: &Set) -> bool {
    let found = here.0.found(expr, &here.1);
    if found.set.and(within).is_empty() {
        return false;
    }
    let work = Rc::clone(&here.0.work);
    let Some(_within) = work.enter() else {
        return true;
    };
    match &expr.kind {
        ExprKind::Value(value) => restrict_value(here, *value, within),
        ExprKind::Asked(policy, _) => {
            here.0.comes_to(Cause::Policy(*policy));
            true
        }
        ExprKind::Widen(inner) => restrict(here, inner, within),
        ExprKind::IfMissing(value, alternative) => {
            let stands_in = alternative.as_ref().is_some_and(|alternative| {
                let found = here.0.found(alternative, &here.1);
                !found.set.and(within).is_empty()
            });
            let within = Set {
                missing: stands_in,
                values: within.values.clone(),
            };
            restrict_value(here, *value, &within)
        }
        ExprKind::Let(local, value, body) => {
            let found = here.0.bound(*local, here.0.found(value, &here.1));
            let exactly = !here.0.has_digits(*local);
            let bound = Bound::new(*local, found, exactly.then_some(value));
            here.1.push(bound);
            let left = restrict(here, body, within);
            here.1.pop();
            left
        }
        ExprKind::Cases(arms, otherwise) if arms.len() <= ARMS => {
            restrict_cases(here, arms, otherwise, within)
        }
        _ => true,
    }
}

/// Of a choice, only the arms are left whose values may lie in a set.
fn restrict_cases<'p>(
    here: &mut Narrowed<'p>,
    arms: &'p [(Expr, Expr)],
    otherwise: &'p Expr,
    within: &Set,
) -> bool {
    let mut found: Option<Narrowed<'p>> = None;
    let mut rest = Some(here.clone());
    let ends = std::iter::once((None, otherwise));
    let arms = arms
        .iter()
        .map(|(condition, value)| (Some(condition), value));
    for (condition, value) in arms.chain(ends) {
        let Some(before) = rest.take() else {
            break;
        };
        let mut taken = before.clone();
        let holds = condition.is_none_or(|condition| learn(&mut taken, condition, true));
        if holds && restrict(&mut taken, value, within) {
            found = Some(match found {
                Some(found) => join(found, &taken),
                None => taken,
            });
        }
        rest = condition.and_then(|condition| {
            let mut rest = before;
            learn(&mut rest, condition, false).then_some(rest)
        });
    }
    match found {
        Some(found) => {
            *here = found;
            true
        }
        None => false,
    }
}

/// Narrows a box to where a value lies in a set, and what it rests on.
pub(super) fn restrict_value(here: &mut Narrowed<'_>, value: Value, within: &Set) -> bool {
    let (case, locals) = here;
    if let Value::Local(id) = value {
        let Some(bound) = locals.iter_mut().rev().find(|bound| bound.local == id) else {
            return true;
        };
        bound.found.set = bound.found.set.and(within).on_grid(bound.found.grid);
        let (left, to) = (bound.found.set.clone(), bound.to);
        return match to {
            Some(expr) => !left.is_empty() && restrict(here, expr, &left),
            None => !left.is_empty(),
        };
    }
    let found = case.value(value, locals);
    let left = found.set.and(within).on_grid(found.grid);
    if left.is_empty() {
        return false;
    }
    if left != found.set {
        Rc::make_mut(&mut case.known).insert(value, left.clone());
        case.forget();
    }
    match value {
        Value::Definition(id) => {
            let definition = &case.policy.definitions[id];
            // What it is before it is rounded, its digits do not tell
            let within = match definition.ty.has_digits() {
                true => left.none().not(),
                false => left,
            };
            let mut of_definition = (case.clone(), Vec::new());
            let possible = restrict(&mut of_definition, &definition.value, &within);
            *case = of_definition.0;
            possible
        }
        Value::Table(id, output) => match case.rows_within(id, output, &left) {
            Some(narrowed) => {
                *case = narrowed;
                true
            }
            None => false,
        },
        Value::Model(id, _) => {
            if case.policy.models[id].stand_in.is_none() {
                case.comes_to(Cause::Model(id));
            }
            true
        }
        Value::Input(id) => {
            if let Some(group) = case.policy.inputs[id].group {
                case.comes_to(Cause::Group(group));
            }
            true
        }
        _ => true,
    }
}

impl Case<'_> {
    /// Takes down that something did not fail.
    fn comes_to(&mut self, cause: Cause) {
        if self.fails.insert(cause, false).is_none() {
            self.forget();
        }
    }
}
