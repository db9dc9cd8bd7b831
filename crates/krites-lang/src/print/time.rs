//! Lengths of time.

use super::expr::{Level, part};
use super::phrase::Phrase;
use crate::ast::{Expr, ExprKind, Unit};

/// Writes `30 days`.
pub(super) fn quantity(amount: &Expr, unit: Unit, out: &mut Phrase) {
    part(amount, Level::Value, out);
    out.push(" ");
    let one = matches!(&amount.kind, ExprKind::Number(digits) if digits == "1");
    out.push(unit_word(unit, one));
}

/// Writes `days from a to b`.
pub(super) fn between(unit: Unit, from: &Expr, to: &Expr, out: &mut Phrase) {
    out.push(unit_word(unit, false));
    out.push(" from ");
    part(from, Level::Value, out);
    out.push(" to ");
    part(to, Level::Value, out);
}

fn unit_word(unit: Unit, one: bool) -> &'static str {
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
