//! Sums, products, remainders.

use super::expr::{Level, bare, bracketed, level, part};
use super::phrase::Phrase;
use super::suffix;
use crate::ast::{Expr, ExprKind, Factor, ProductOp, SumOp};

/// Where an operand stands among those of a sum
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It is the first one
    First,
    /// Another one stands before it, so that a rounding behind it could be meant for
    /// both
    Later,
}

/// Writes `a + b - c`.
pub(super) fn sum(first: &Expr, rest: &[(SumOp, Expr)], out: &mut Phrase) {
    term(first, Place::First, out);
    for (op, value) in rest {
        out.fill();
        out.push(match op {
            SumOp::Add => "+ ",
            SumOp::Subtract => "- ",
        });
        term(value, Place::Later, out);
    }
}

fn term(value: &Expr, place: Place, out: &mut Phrase) {
    match &value.kind {
        ExprKind::Product { first, rest } => product(first, rest, place, out),
        _ => operand(value, place, out),
    }
}

/// Writes `a * b / c if zero d`.
pub(super) fn product(first: &Expr, rest: &[Factor], place: Place, out: &mut Phrase) {
    operand(first, place, out);
    for factor in rest {
        out.fill();
        out.push(match factor.op {
            ProductOp::Multiply => "* ",
            ProductOp::Divide => "/ ",
        });
        // Its own `if zero` would be taken for the remainder's
        if factor.if_zero.is_some() && is_remainder(&factor.value) {
            bracketed(&factor.value, out);
        } else {
            operand(&factor.value, Place::Later, out);
        }
        if_zero(factor.if_zero.as_ref(), Level::Operand, out);
    }
}

fn is_remainder(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Negate(inner) => matches!(inner.kind, ExprKind::Remainder { .. }),
        kind => matches!(kind, ExprKind::Remainder { .. }),
    }
}

fn operand(value: &Expr, place: Place, out: &mut Phrase) {
    match &value.kind {
        ExprKind::Negate(inner) => negated(inner, place, out),
        _ if place == Place::Later && suffix::is_rounded(value) => bracketed(value, out),
        _ => part(value, Level::Operand, out),
    }
}

/// Writes `-a`.
pub(super) fn negated(inner: &Expr, place: Place, out: &mut Phrase) {
    out.push("-");
    let unclear = place == Place::Later && suffix::is_rounded(inner);
    // A sign glued to an amount would be the amount's
    let is_length = matches!(inner.kind, ExprKind::Quantity { .. });
    if unclear || is_length || level(inner) < Level::Operand || begins_with_digits(inner) {
        bracketed(inner, out);
    } else {
        bare(inner, out);
    }
}

/// Returns whether a minus glued to the expression would be part of a number.
fn begins_with_digits(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::Percent(_) | ExprKind::Date(_) | ExprKind::Datetime(_) => {
            true
        }
        ExprKind::Quantity { amount: inner, .. }
        | ExprKind::Rounded { value: inner, .. }
        | ExprKind::Power { base: inner, .. } => begins_with_digits(inner),
        _ => false,
    }
}

/// Writes a value with its sign, where what holds together less tightly than
/// `least` needs brackets.
pub(super) fn signed(value: &Expr, least: Level, out: &mut Phrase) {
    match &value.kind {
        ExprKind::Negate(inner) if level(inner) < least => {
            out.push("-");
            bracketed(inner, out);
        }
        ExprKind::Negate(inner) => negated(inner, Place::First, out),
        _ => part(value, least, out),
    }
}

/// Writes `remainder of a by b if zero c`.
pub(super) fn remainder(of: &Expr, by: &Expr, zero: Option<&Expr>, out: &mut Phrase) {
    out.push("remainder of ");
    suffix::signed_term(of, Place::First, out);
    out.push(" by ");
    suffix::signed_term(by, Place::Later, out);
    if_zero(zero, Level::Suffix, out);
}

fn if_zero(value: Option<&Expr>, least: Level, out: &mut Phrase) {
    let Some(value) = value else {
        return;
    };
    out.push(" if zero ");
    match least {
        Level::Suffix => suffix::signed_term(value, Place::Later, out),
        // No unit stands here
        _ if matches!(value.kind, ExprKind::Quantity { .. }) => bracketed(value, out),
        _ => operand(value, Place::Later, out),
    }
}
