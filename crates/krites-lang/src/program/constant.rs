//! Literals and ranges of them, as slots carry their values.

use super::{Constant, ExactRange};
use crate::Exact;
use crate::ast::Rounding;
use crate::ir::{ConstRange, Literal};
use crate::types::Ty;

/// A literal of a type, as the slots of its kind carry it.
pub(crate) fn constant(literal: &Literal, ty: Ty) -> Constant {
    match literal {
        Literal::Exact(value) if ty != Ty::Float => Constant::Exact(*value),
        Literal::Text(text) => Constant::Text(text.clone()),
        literal => Constant::Whole(whole(literal).unwrap_or_default()),
    }
}

/// The whole number that carries a literal of a whole kind; of a number for models
/// only, its bits as a float.
pub(crate) fn whole(literal: &Literal) -> Option<i64> {
    match literal {
        Literal::Integer(value) => Some(*value),
        Literal::Boolean(value) => Some(i64::from(*value)),
        Literal::Date(date) => Some(date.to_ordinal()),
        Literal::DateTime(value) | Literal::Duration(value) => Some(*value),
        Literal::Label(label) => Some(i64::from(*label)),
        Literal::Exact(value) => Some(value.to_f64().to_bits().cast_signed()),
        Literal::Text(_) => None,
    }
}

/// The whole numbers of a range, both bounds in.
pub(super) fn whole_range(range: &ConstRange) -> (i64, i64) {
    // An exact bound is brought inward to a whole one; one beyond 64 bits is as
    // good as none.
    let bound =
        |bound: &Option<(Literal, bool)>, inward: i64, rounding: Rounding, open: i64| match bound {
            Some((Literal::Exact(value), inclusive)) => {
                let whole = value.round(0, rounding).to_integer();
                whole.map_or(open, |whole| {
                    let inside = *inclusive || Exact::from_integer(whole) != *value;
                    if inside {
                        whole
                    } else {
                        whole.saturating_add(inward)
                    }
                })
            }
            Some((literal, inclusive)) => whole(literal).map_or(open, |value| {
                if *inclusive {
                    value
                } else {
                    value.saturating_add(inward)
                }
            }),
            None => open,
        };
    let toward = |bound: &Option<(Literal, bool)>, up: bool| match bound {
        Some((literal, _)) if (literal.sign() < 0) == up => Rounding::Down,
        _ => Rounding::Up,
    };
    (
        bound(&range.low, 1, toward(&range.low, true), i64::MIN),
        bound(&range.high, -1, toward(&range.high, false), i64::MAX),
    )
}

pub(super) fn exact_range(range: &ConstRange) -> Option<ExactRange> {
    let bound = |bound: &Option<(Literal, bool)>| match bound {
        Some((Literal::Exact(value), inclusive)) => Some((*value, *inclusive)),
        _ => None,
    };
    let (low, high) = (bound(&range.low), bound(&range.high));
    (low.is_some() || high.is_some()).then_some(ExactRange { low, high })
}
