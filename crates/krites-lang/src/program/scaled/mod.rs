//! Exact arithmetic on whole numbers of 64 bits.
//!
//! An amount with two digits behind the point is a whole number of hundredths.
//! Where the digits of all values in an expression are known, its sums, products,
//! comparisons and a last division are computed on such numbers, which takes a
//! third of the instructions. Whether they suffice is seen as they are computed:
//! where 64 bits do not hold a result, where a value has more digits, or where a
//! divisor is zero, the expression's own code computes it. Operations come in the
//! order in which that code asks for values, so that it takes over before a value
//! is asked for that it would not have come to: values and faults are the same, and
//! what is asked for on the way.
//!
//! A rounded quotient is the same as well. In units of its last digit it is `n/d`,
//! both below 2⁶³: it lies on a border between two results, or at least `1/2d` from
//! the next one. An exact dividend's only rounding before that, to 28 digits or 28
//! places, moves it by less, with at most [`MOST_PLACES`] behind the point, and not
//! at all on a border, where it has few digits.
//!
//! Where it goes on from quotients within, each of these was rounded, by half of
//! 10⁻²⁸ at most or by less than 10⁻²⁷ of itself. In sums, products and quotients of
//! what is never negative, relative errors add up: below 2.5 × 10⁻²⁰ in all, which
//! is what [`MOST_LOST`] holds them to, they move `n/d` by less than `1/4d`, as `n` is
//! below 2⁶³. On a border it is left to the expression's own code.

mod fraction;
mod operations;
#[cfg(test)]
mod tests;

use fraction::Builder;

use super::from_ir_expr::Compiler;
use super::{Code, Number, Relation, Slot, Truth};
use crate::ir::{Bounds, Expr, Value};
use crate::types::{DeclaredTy, Ty};

/// How many operations there are at most
pub(crate) const OPERATIONS: usize = 16;
/// Digits behind the point that quotients are rounded to or compared with
const MOST_PLACES: u32 = 8;
/// What quotients within may lose of themselves, in halves of 10⁻²⁸
const MOST_LOST: u64 = 500_000_000;
/// Digits that a value is taken to have where its type does not say: those of
/// a percentage with four
const USUAL_PLACES: u32 = 6;

/// What gives a register its number, of earlier ones
#[derive(Clone, Copy, Debug)]
pub(crate) enum Operation {
    Read(Slot, Read),
    Constant(i64),
    Add(u8, u8),
    Subtract(u8, u8),
    Multiply(u8, u8),
    Times(u8, i64),
    Least(u8, u8),
    Greatest(u8, u8),
    /// Goes on where the register is not zero
    NotZero(u8),
}

/// How a slot is read
#[derive(Clone, Copy, Debug)]
pub(crate) enum Read {
    /// In units of so many places
    Exact(u32),
    Whole,
}

/// A value in units of so many places, or a quotient rounded to these
#[derive(Clone, Debug)]
pub(crate) struct ScaledValue {
    pub(crate) operations: Box<[Operation]>,
    pub(crate) over: u8,
    pub(crate) under: Option<u8>,
    pub(crate) places: u32,
    /// Whether a border between two results is left to the expression's own code
    pub(crate) inexact: bool,
    /// The expression's own code
    pub(crate) plain: Number,
}

/// A comparison of two registers, the other way round where `divisor` is negative
#[derive(Clone, Debug)]
pub(crate) struct ScaledTruth {
    pub(crate) operations: Box<[Operation]>,
    pub(crate) relation: Relation,
    pub(crate) left: u8,
    pub(crate) right: u8,
    pub(crate) divisor: Option<u8>,
    /// Whether equal sides are left to the comparison's own code
    pub(crate) inexact: bool,
    /// The comparison's own code
    pub(crate) plain: Truth,
}

impl Compiler {
    /// Code for a value of a declared type: on whole numbers where that can be.
    pub(super) fn scaled_value(&self, expr: &Expr, ty: DeclaredTy, plain: Code) -> Code {
        let Code::Exact(plain @ (Number::Sum(..) | Number::Product(..))) = plain else {
            return plain;
        };
        match Builder::new(self).value(expr, ty.places, &plain) {
            Some(found) if !self.plain => {
                self.scaled.update(|found| found + 1);
                Code::Scaled(Box::new(found))
            }
            _ => Code::Exact(plain),
        }
    }

    /// Code for a comparison of exact numbers: on whole numbers where that can be.
    pub(super) fn scaled_truth(
        &self,
        relation: Relation,
        left: &Expr,
        right: &Expr,
        plain: Truth,
    ) -> Truth {
        match Builder::new(self).comparison(relation, left, right, &plain) {
            Some(found) if !self.plain => {
                self.scaled.update(|found| found + 1);
                Truth::Scaled(Box::new(found))
            }
            _ => plain,
        }
    }

    /// The digits that a value has by its type, or usually has.
    fn digits(&self, value: Value) -> Option<u32> {
        let declared = self.declared.get(&value)?;
        match (value, declared.ty) {
            (Value::Input(_), Ty::Decimal | Ty::Percent) => {
                Some(declared.places.unwrap_or(USUAL_PLACES))
            }
            _ => declared.places,
        }
    }

    /// The bounds of a number, by the declared ranges of inputs.
    fn bounds(&self, expr: &Expr) -> Bounds {
        Bounds::of(expr, &|value| match value {
            Value::Input(id) => self.ranges[id]
                .as_ref()
                .map_or(Bounds::ANY, Bounds::declared),
            _ => Bounds::ANY,
        })
    }
}
