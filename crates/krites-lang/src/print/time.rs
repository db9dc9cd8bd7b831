//! Lengths of time, what has passed, parts of dates.

use super::arithmetic::{self, signed};
use super::expr::{Level, bracketed, level, part};
use super::phrase::Phrase;
use crate::ast::{DatePart, Expr, ExprKind, Unit};

/// Writes `30 days`.
pub(super) fn quantity(amount: &Expr, unit: Unit, out: &mut Phrase) {
    signed(amount, Level::Value, out);
    out.push(" ");
    let one = matches!(&amount.kind, ExprKind::Number(digits) if digits == "1");
    out.push(unit_word(unit, one));
}

/// Writes `days from a to b`.
pub(super) fn between(unit: Unit, from: &Expr, to: &Expr, out: &mut Phrase) {
    out.push(unit_word(unit, false));
    out.push(" from ");
    // `from "…"` is a name on the wire
    if begins_with_text(from) {
        bracketed(from, out);
    } else {
        side(from, out);
    }
    out.push(" to ");
    side(to, out);
}

fn begins_with_text(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Text(_) => true,
        ExprKind::Quantity { amount: first, .. } | ExprKind::Sum { first, .. } => {
            begins_with_text(first)
        }
        _ => false,
    }
}

/// Writes a side, which is a value or a sum of those.
fn side(expr: &Expr, out: &mut Phrase) {
    let is_plain = |expr: &Expr| {
        level(expr) >= Level::Aggregate || matches!(expr.kind, ExprKind::Quantity { .. })
    };
    match &expr.kind {
        ExprKind::Sum { first, rest }
            if is_plain(first) && rest.iter().all(|(_, term)| is_plain(term)) =>
        {
            arithmetic::sum(first, rest, out);
        }
        _ => part(expr, Level::Aggregate, out),
    }
}

/// Writes `year of d`.
pub(super) fn part_of(part_of: DatePart, of: &Expr, out: &mut Phrase) {
    out.push(match part_of {
        DatePart::Year => "year of ",
        DatePart::Month => "month of ",
        DatePart::Day => "day of ",
        DatePart::Weekday => "weekday of ",
        DatePart::Hour => "hour of ",
        DatePart::Minute => "minute of ",
        DatePart::Date => "date of ",
    });
    let is_part = matches!(of.kind, ExprKind::Part { .. });
    part(of, if is_part { Level::Value } else { Level::Factor }, out);
}

pub(super) fn unit_word(unit: Unit, one: bool) -> &'static str {
    match (unit, one) {
        (Unit::Seconds, false) => "seconds",
        (Unit::Seconds, true) => "second",
        (Unit::Minutes, false) => "minutes",
        (Unit::Minutes, true) => "minute",
        (Unit::Hours, false) => "hours",
        (Unit::Hours, true) => "hour",
        (Unit::Days, false) => "days",
        (Unit::Days, true) => "day",
        (Unit::Weeks, false) => "weeks",
        (Unit::Weeks, true) => "week",
        (Unit::Months, false) => "months",
        (Unit::Months, true) => "month",
        (Unit::Years, false) => "years",
        (Unit::Years, true) => "year",
    }
}
