//! What stands behind a value: `if missing …`, `rounded …`, `to the power of …`.

use super::arithmetic::{Place, negated, signed};
use super::expr::{Level, bare, bracketed, element, level, part};
use super::phrase::Phrase;
use super::{names, time};
use crate::ast::{Expr, ExprKind, RoundTo, Rounding};

/// How many roundings and powers follow one another without brackets
pub(super) const MAX_SUFFIXES: usize = 4;
/// How many `if missing` do
const MAX_ALTERNATIVES: usize = 16;

/// Returns whether a rounding stands behind a value, brackets aside.
pub(super) fn is_rounded(mut expr: &Expr) -> bool {
    loop {
        expr = match &expr.kind {
            ExprKind::Rounded { .. } => return true,
            ExprKind::Power { base, .. } => base,
            _ => return false,
        }
    }
}

/// Writes a value with roundings and powers behind it, at most `room` of them
/// without brackets.
pub(super) fn suffixed(expr: &Expr, room: usize, out: &mut Phrase) {
    match &expr.kind {
        ExprKind::Rounded { value, mode, to } => {
            base(value, room, false, out);
            rounded(*mode, to, out);
        }
        ExprKind::Power {
            base: value,
            exponent,
        } => {
            base(value, room, true, out);
            out.push(" to the power of ");
            signed(exponent, Level::Aggregate, out);
        }
        _ => bare(expr, out),
    }
}

/// Writes what a rounding or power stands behind.
fn base(value: &Expr, room: usize, raised: bool, out: &mut Phrase) {
    // Of two powers in a row, and of a number with a sign, people are not sure
    let unclear = raised
        && match &value.kind {
            ExprKind::Power { .. } => true,
            ExprKind::Number(digits) | ExprKind::Percent(digits) => digits.starts_with('-'),
            _ => false,
        };
    if unclear || level(value) < Level::Suffix || (level(value) == Level::Suffix && room <= 1) {
        bracketed(value, out);
    } else {
        suffixed(value, room.saturating_sub(1), out);
    }
}

/// Writes a part of `remainder of`, with its sign and what stands behind it.
pub(super) fn signed_term(value: &Expr, place: Place, out: &mut Phrase) {
    let unclear = place == Place::Later && is_rounded(value);
    match &value.kind {
        ExprKind::Negate(inner) if level(inner) == Level::Suffix => {
            // The sign takes the place of one that may follow
            if (place == Place::Later && is_rounded(inner)) || count(inner) >= MAX_SUFFIXES {
                out.push("-");
                bracketed(inner, out);
            } else {
                negated(inner, place, out);
            }
        }
        _ if unclear => bracketed(value, out),
        _ => signed(value, Level::Suffix, out),
    }
}

/// Counts the roundings and powers that are written without brackets behind a value.
fn count(mut expr: &Expr) -> usize {
    for number in 0.. {
        expr = match &expr.kind {
            ExprKind::Rounded { value, .. } => value,
            ExprKind::Power { base, .. } => base,
            _ => return number,
        }
    }
    0
}

fn rounded(mode: Option<Rounding>, to: &RoundTo, out: &mut Phrase) {
    out.push(" rounded");
    if let Some(mode) = mode {
        out.push(" ");
        out.push(rounding(mode));
    }
    match to {
        RoundTo::Digits(1) => out.push(" to 1 digit"),
        RoundTo::Digits(digits) => out.push(&format!(" to {digits} digits")),
        RoundTo::MultipleOf(value) => {
            out.push(" to a multiple of ");
            signed(value, Level::Aggregate, out);
        }
    }
}

/// Returns the words of a rounding.
pub(super) fn rounding(mode: Rounding) -> &'static str {
    match mode {
        Rounding::HalfUp => "half up",
        Rounding::HalfEven => "half even",
        Rounding::HalfDown => "half down",
        Rounding::Up => "up",
        Rounding::Down => "down",
    }
}

/// Writes `if missing …`, of which one may follow another.
pub(super) fn alternatives(mut alternative: Option<&Expr>, out: &mut Phrase) {
    for count in 1.. {
        out.push(" if missing ");
        let Some(value) = alternative else {
            out.push("fault");
            return;
        };
        out.beware(names::FAULT);
        match &value.kind {
            ExprKind::IfMissing {
                subject,
                index,
                alternative: next,
            } if count < MAX_ALTERNATIVES => {
                element(&subject.text, *index, out);
                alternative = next.as_deref();
            }
            ExprKind::Negate(_) => return signed(value, Level::Value, out),
            ExprKind::Quantity { amount, unit } if level(amount) == Level::Value => {
                return time::quantity(amount, *unit, out);
            }
            _ => return part(value, Level::Value, out),
        }
    }
}
