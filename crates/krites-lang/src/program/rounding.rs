//! Code for rounding, remainders and powers.

use std::sync::Arc;

use super::from_ir_expr::Compiler;
use super::{Number, Whole};
use crate::ast::Rounding;
use crate::ir::{Expr, ExprKind, Knot, WholeRounding};

/// A whole number by rounding, and what rounding leaves
#[derive(Clone, Debug)]
pub(crate) enum RoundedWhole {
    /// The nearest one on a side
    Nearest(WholeRounding, Number),
    /// A multiple of the second
    Multiple(Whole, Whole, Rounding),
    /// What dividing leaves, and what a divisor of zero gives
    Remainder(Whole, Whole, Option<Whole>),
}

/// An exact number by rounding, and what rounding leaves
#[derive(Clone, Debug)]
pub(crate) enum RoundedNumber {
    /// The nearest whole number on a side
    Nearest(WholeRounding, Number),
    /// So many digits behind the point
    Digits(Number, u32, Rounding),
    /// A multiple of the second
    Multiple(Number, Number, Rounding),
    /// What dividing leaves, and what a divisor of zero gives
    Remainder(Number, Number, Option<Number>),
    /// A base and an exponent
    Power(Number, Whole),
    /// By the points of a calibration; whether on the line between them
    Calibrated(Number, Arc<[Knot]>, bool),
}

impl Compiler {
    pub(super) fn rounded_whole(&self, expr: &Expr) -> Option<Whole> {
        let code = match &expr.kind {
            ExprKind::ToWhole(side, inner) => RoundedWhole::Nearest(*side, self.number(inner)),
            ExprKind::ToMultiple(inner, of, rounding) => {
                RoundedWhole::Multiple(self.whole(inner), self.whole(of), *rounding)
            }
            ExprKind::Remainder(of, by, if_zero) => RoundedWhole::Remainder(
                self.whole(of),
                self.whole(by),
                if_zero.as_ref().map(|alternative| self.whole(alternative)),
            ),
            _ => return None,
        };
        Some(Whole::Rounded(Box::new(code), expr.span))
    }

    pub(super) fn rounded_number(&self, expr: &Expr) -> Option<Number> {
        let code = match &expr.kind {
            ExprKind::ToWhole(side, inner) => RoundedNumber::Nearest(*side, self.number(inner)),
            ExprKind::ToDigits(inner, places, rounding) => {
                RoundedNumber::Digits(self.number(inner), *places, *rounding)
            }
            ExprKind::ToMultiple(inner, of, rounding) => {
                RoundedNumber::Multiple(self.number(inner), self.number(of), *rounding)
            }
            ExprKind::Remainder(of, by, if_zero) => RoundedNumber::Remainder(
                self.number(of),
                self.number(by),
                if_zero.as_ref().map(|alternative| self.number(alternative)),
            ),
            ExprKind::Power(base, exponent) => {
                RoundedNumber::Power(self.number(base), self.whole(exponent))
            }
            ExprKind::Calibrated(calibration) => RoundedNumber::Calibrated(
                self.number(&calibration.of),
                calibration.knots.clone(),
                calibration.linear,
            ),
            _ => return None,
        };
        Some(Number::Rounded(Box::new(code), expr.span))
    }
}
