//! Comparisons of what expressions may come to.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::super::cut::{Cut, Spans};
use super::super::set::Values;
use super::{Case, Found, Locals, Truth};
use crate::Exact;
use crate::ast::CompareOp;
use crate::ir::{Expr, ExprKind};

/// A bound of a range, and whether it is in
pub(super) type Bound<'p> = Option<&'p (Box<Expr>, bool)>;

/// An end of a set of numbers, and whether it is in; `None` where there is none
type End = Option<(Exact, bool)>;

impl<'p> Case<'p> {
    /// What a comparison of any form may come to.
    pub(super) fn comparison(&self, expr: &'p Expr, locals: &Locals<'p>) -> Truth {
        match &expr.kind {
            ExprKind::Compare(op, left, right) => {
                let (left, right) = (self.found(left, locals), self.found(right, locals));
                let relation = relation(*op);
                Truth {
                    may_hold: may_be(&left, &right, relation),
                    may_fail: may_be(&left, &right, opposite(relation)),
                    faults: left.faults.into_iter().chain(right.faults).collect(),
                }
            }
            ExprKind::OneOf(subject, values) => {
                let subject = self.found(subject, locals);
                let values = values.iter().map(|value| self.found(value, locals));
                one_of(subject, values)
            }
            ExprKind::InRange(subject, low, high) => {
                let subject = self.found(subject, locals);
                self.in_range(subject, low.as_ref(), high.as_ref(), locals)
            }
            _ => Truth::either(self.causes()),
        }
    }

    fn in_range(
        &self,
        subject: Found,
        low: Bound<'p>,
        high: Bound<'p>,
        locals: &Locals<'p>,
    ) -> Truth {
        let mut truth = Truth {
            may_hold: true,
            may_fail: false,
            faults: BTreeSet::new(),
        };
        let mut inside = subject.set.values.clone();
        let within = |inclusive: bool, order| if inclusive { or_equal(order) } else { order };
        for (bound, order) in [(low, Order::Above), (high, Order::Below)] {
            let Some((bound, inclusive)) = bound else {
                continue;
            };
            let bound = self.found(bound, locals);
            let relation = within(*inclusive, order);
            truth.may_fail |= may_be(&subject, &bound, opposite(relation));
            inside = inside.and(&related(&bound, relation).on_grid(subject.grid));
            truth.faults.extend(bound.faults);
        }
        truth.may_hold = !inside.is_empty();
        truth.may_fail &= !subject.set.values.is_empty();
        truth.faults.extend(subject.faults);
        truth
    }
}

/// How two values stand to each other
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Below,
    BelowOrEqual,
    AboveOrEqual,
    Above,
}

pub(super) fn relation(op: CompareOp) -> Order {
    match op {
        CompareOp::Less => Order::Below,
        CompareOp::LessOrEqual => Order::BelowOrEqual,
        CompareOp::Greater => Order::Above,
        CompareOp::GreaterOrEqual => Order::AboveOrEqual,
    }
}

/// What holds where an order does not.
pub(super) fn opposite(order: Order) -> Order {
    match order {
        Order::Below => Order::AboveOrEqual,
        Order::BelowOrEqual => Order::Above,
        Order::AboveOrEqual => Order::Below,
        Order::Above => Order::BelowOrEqual,
    }
}

/// The same, seen from the other side.
pub(super) fn turned(order: Order) -> Order {
    match order {
        Order::Below => Order::Above,
        Order::BelowOrEqual => Order::AboveOrEqual,
        Order::AboveOrEqual => Order::BelowOrEqual,
        Order::Above => Order::Below,
    }
}

pub(super) fn or_equal(order: Order) -> Order {
    match order {
        Order::Below | Order::BelowOrEqual => Order::BelowOrEqual,
        Order::Above | Order::AboveOrEqual => Order::AboveOrEqual,
    }
}

/// Tells whether one value of each may stand so to each other.
fn may_be(left: &Found, right: &Found, order: Order) -> bool {
    let (lower, upper) = match order {
        Order::Below | Order::BelowOrEqual => (left, right),
        Order::Above | Order::AboveOrEqual => (right, left),
    };
    if lower.set.values.is_empty() || upper.set.values.is_empty() {
        return false;
    }
    match (low(lower), high(upper)) {
        (Some((low, low_in)), Some((high, high_in))) => match low.cmp(&high) {
            Ordering::Less => true,
            Ordering::Equal => or_equal(order) == order && low_in && high_in,
            Ordering::Greater => false,
        },
        _ => true,
    }
}

/// The values that stand so to some value of a set.
pub(super) fn related(to: &Found, order: Order) -> Values {
    let inclusive = or_equal(order) == order;
    let end = match order {
        Order::Below | Order::BelowOrEqual => high(to),
        Order::Above | Order::AboveOrEqual => low(to),
    };
    let Some((end, end_in)) = end else {
        return Values::Spans(Spans::all());
    };
    Values::Spans(match (order, inclusive && end_in) {
        (Order::Below | Order::BelowOrEqual, true) => Spans::between(Cut::Lowest, Cut::After(end)),
        (Order::Below | Order::BelowOrEqual, false) => {
            Spans::between(Cut::Lowest, Cut::Before(end))
        }
        (Order::Above | Order::AboveOrEqual, true) => {
            Spans::between(Cut::Before(end), Cut::Highest)
        }
        (Order::Above | Order::AboveOrEqual, false) => {
            Spans::between(Cut::After(end), Cut::Highest)
        }
    })
}

fn low(found: &Found) -> End {
    let Values::Spans(spans) = &found.set.values else {
        return None;
    };
    let (low, _) = spans.parts().first()?;
    let (value, _) = spans.ends(found.grid).next()?;
    Some((
        value?,
        found.grid.is_some() || matches!(low, Cut::Before(_)),
    ))
}

fn high(found: &Found) -> End {
    let Values::Spans(spans) = &found.set.values else {
        return None;
    };
    let (_, high) = spans.parts().last()?;
    let (_, value) = spans.ends(found.grid).last()?;
    Some((
        value?,
        found.grid.is_some() || matches!(high, Cut::After(_)),
    ))
}

fn one_of(subject: Found, values: impl Iterator<Item = Found>) -> Truth {
    let mut truth = Truth {
        may_hold: false,
        may_fail: false,
        faults: subject.faults,
    };
    // What is left of the subject where it is none of those that are but one value
    let mut rest = subject.set.values.clone();
    for value in values {
        let values = &value.set.values;
        truth.may_hold |= !subject.set.values.and(values).is_empty();
        if is_one(values, value.grid) {
            rest = rest.and(&values.not().on_grid(subject.grid));
        }
        truth.faults.extend(value.faults);
    }
    truth.may_fail = !rest.is_empty();
    truth
}

/// Tells whether values are but one.
fn is_one(values: &Values, grid: Option<u32>) -> bool {
    match values {
        Values::Spans(spans) => match spans.parts() {
            [(Cut::Before(low), Cut::After(high))] => low == high,
            // On a grid, what lies before the next multiple
            [(Cut::Before(low), Cut::Before(high))] => {
                let step = grid.and_then(|places| Exact::new(1, places).ok());
                let next = step.and_then(|step| low.add(step).ok());
                next == Some(*high)
            }
            _ => false,
        },
        Values::Labels(labels) => labels.iter().filter(|label| **label).count() == 1,
        Values::Texts { named, others } => named.len() == 1 && !others,
    }
}
