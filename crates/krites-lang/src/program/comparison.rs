//! Comparisons and ranges; those of a slot with constants get code of their own.

use std::sync::Arc;

use super::from_ir_expr::Compiler;
use super::{ExactRange, Kind, Number, Relation, Slot, Truth, Whole, Words};
use crate::Exact;
use crate::ast::CompareOp;
use crate::ir::{Expr, ExprKind, Value};
use crate::packed::PackedTexts;

impl Compiler {
    pub(super) fn compare(&self, op: CompareOp, left: &Expr, right: &Expr) -> Truth {
        let relation = match op {
            CompareOp::Less => Relation::Less,
            CompareOp::LessOrEqual => Relation::LessOrEqual,
            CompareOp::Greater => Relation::Greater,
            CompareOp::GreaterOrEqual => Relation::GreaterOrEqual,
        };
        self.related(relation, left, right)
    }

    fn related(&self, relation: Relation, left: &Expr, right: &Expr) -> Truth {
        match Kind::of(left.ty) {
            Kind::Exact => match (self.number(left), self.number(right)) {
                (Number::Slot(slot), Number::Constant(value)) => {
                    Truth::ExactIs(slot, relation, self.carried_as(left, value))
                }
                (Number::Constant(value), Number::Slot(slot)) => {
                    Truth::ExactIs(slot, mirrored(relation), self.carried_as(right, value))
                }
                sides => {
                    let plain = Truth::Exact(relation, Box::new(sides));
                    self.scaled_truth(relation, left, right, plain)
                }
            },
            Kind::Whole | Kind::Text => match (self.whole(left), self.whole(right)) {
                (Whole::Slot(slot), Whole::Constant(value)) => within(slot, relation, value),
                (Whole::Constant(value), Whole::Slot(slot)) => {
                    within(slot, mirrored(relation), value)
                }
                sides => Truth::Whole(relation, Box::new(sides)),
            },
        }
    }

    /// A constant with the digits that a definition rounds to.
    fn carried_as(&self, slot: &Expr, constant: Exact) -> Exact {
        let places = match slot.kind {
            ExprKind::Value(value @ Value::Definition(_)) => {
                self.declared.get(&value).and_then(|ty| ty.places)
            }
            _ => None,
        };
        places.map_or(constant, |places| constant.carried_with(places))
    }

    pub(super) fn one_of(&self, subject: &Expr, values: &[Expr]) -> Truth {
        match (Kind::of(subject.ty), values) {
            (Kind::Text, _) => {
                let values: Box<[Words]> = values.iter().map(|value| self.words(value)).collect();
                let constants = values.iter().map(|value| match value {
                    Words::Constant(text) => Some(text.clone()),
                    _ => None,
                });
                let constants: Option<Vec<Arc<str>>> = constants.collect();
                match (self.words(subject), constants) {
                    (Words::Slot(slot), Some(constants)) => {
                        Truth::TextAmong(slot, Box::new(PackedTexts::new(constants)), true)
                    }
                    (subject, _) => Truth::TextOneOf(subject, values),
                }
            }
            (Kind::Exact | Kind::Whole, [value]) => self.related(Relation::Equal, subject, value),
            (Kind::Exact, _) => Truth::ExactOneOf(
                Box::new(self.number(subject)),
                values.iter().map(|value| self.number(value)).collect(),
            ),
            (Kind::Whole, _) => {
                let subject = self.whole(subject);
                let values: Box<[Whole]> = values.iter().map(|value| self.whole(value)).collect();
                let bits = values.iter().try_fold(0_u64, |bits, value| match value {
                    Whole::Constant(value) if (0..64).contains(value) => Some(bits | 1 << value),
                    _ => None,
                });
                match (subject, bits) {
                    (Whole::Slot(slot), Some(bits)) => Truth::WholeAmong(slot, bits),
                    (subject, _) => Truth::WholeOneOf(Box::new(subject), values),
                }
            }
        }
    }

    pub(super) fn in_range(
        &self,
        subject: &Expr,
        low: Option<&(Box<Expr>, bool)>,
        high: Option<&(Box<Expr>, bool)>,
    ) -> Truth {
        if Kind::of(subject.ty) == Kind::Exact {
            if let (Number::Slot(slot), Some(low), Some(high)) = (
                self.number(subject),
                self.exact_bound(low),
                self.exact_bound(high),
            ) {
                return Truth::ExactWithin(slot, Box::new(ExactRange { low, high }));
            }
        } else if let (Whole::Slot(slot), Some(low), Some(high)) = (
            self.whole(subject),
            self.whole_bound(low, 1, i64::MIN),
            self.whole_bound(high, -1, i64::MAX),
        ) {
            return Truth::WholeWithin(slot, low, high);
        }
        let side = |bound: Option<&(Box<Expr>, bool)>, strict, loose| {
            bound.map(|(bound, inclusive)| {
                self.related(if *inclusive { loose } else { strict }, subject, bound)
            })
        };
        let low = side(low, Relation::Greater, Relation::GreaterOrEqual);
        let high = side(high, Relation::Less, Relation::LessOrEqual);
        Truth::All(low.into_iter().chain(high).collect())
    }

    fn exact_bound(&self, bound: Option<&(Box<Expr>, bool)>) -> Option<Option<(Exact, bool)>> {
        match bound {
            None => Some(None),
            Some((bound, inclusive)) => match self.number(bound) {
                Number::Constant(value) => Some(Some((value, *inclusive))),
                _ => None,
            },
        }
    }

    fn whole_bound(
        &self,
        bound: Option<&(Box<Expr>, bool)>,
        beyond: i64,
        open: i64,
    ) -> Option<i64> {
        match bound {
            None => Some(open),
            Some((bound, inclusive)) => match self.whole(bound) {
                Whole::Constant(value) if *inclusive => Some(value),
                Whole::Constant(value) => value.checked_add(beyond),
                _ => None,
            },
        }
    }
}

/// A slot against a constant: every relation is a range.
fn within(slot: Slot, relation: Relation, value: i64) -> Truth {
    let range = match relation {
        Relation::Less => value.checked_sub(1).map(|high| (i64::MIN, high)),
        Relation::LessOrEqual => Some((i64::MIN, value)),
        Relation::Greater => value.checked_add(1).map(|low| (low, i64::MAX)),
        Relation::GreaterOrEqual => Some((value, i64::MAX)),
        Relation::Equal => Some((value, value)),
    };
    match range {
        Some((low, high)) => Truth::WholeWithin(slot, low, high),
        // Nothing lies beyond the last number, but the slot is still asked.
        None => Truth::WholeWithin(slot, i64::MAX, i64::MIN),
    }
}

fn mirrored(relation: Relation) -> Relation {
    match relation {
        Relation::Less => Relation::Greater,
        Relation::LessOrEqual => Relation::GreaterOrEqual,
        Relation::Greater => Relation::Less,
        Relation::GreaterOrEqual => Relation::LessOrEqual,
        Relation::Equal => Relation::Equal,
    }
}
