//! Units of time: `30 days`, `years from a to b`, `year of d`.

use super::grammar::{Pair, Rule};
use super::reader::Reader;
use crate::ast::{DatePart, Expr, ExprKind, Unit};
use crate::scan::TokenKind;
use crate::types::Date;

impl Reader<'_> {
    /// Puts a unit behind a value.
    pub(super) fn measured(&self, amount: Expr, unit: &Pair<'_>) -> Expr {
        Expr {
            span: amount.span.to(self.span(unit)),
            kind: ExprKind::Quantity {
                amount: Box::new(amount),
                unit: unit_of(unit),
            },
        }
    }

    /// Builds `days from a to b`.
    pub(super) fn between(&mut self, pair: Pair<'_>) -> ExprKind {
        let mut unit = Unit::Days;
        let mut sides = Vec::with_capacity(2);
        for part in pair.into_inner() {
            match part.as_rule() {
                Rule::unit => unit = unit_of(&part),
                Rule::side => sides.push(Box::new(self.sum(part))),
                _ => {}
            }
        }
        match (sides.pop(), sides.pop()) {
            (Some(to), Some(from)) => ExprKind::Between { unit, from, to },
            _ => ExprKind::Error,
        }
    }

    /// Builds `year of d`.
    pub(super) fn part_of(&mut self, pair: Pair<'_>) -> ExprKind {
        let mut part = None;
        let mut of = None;
        for inner in pair.into_inner() {
            match inner.as_rule() {
                Rule::part_word => part = part_named(inner.as_str()),
                Rule::kw_of => {}
                _ => of = Some(Box::new(self.factor(inner))),
            }
        }
        match (part, of) {
            (Some(part), Some(of)) => ExprKind::Part { part, of },
            _ => ExprKind::Error,
        }
    }
}

/// Says how to go on where `seen` cannot follow `before`.
pub(super) fn help(before: &str, seen: &str, kind: TokenKind) -> Option<String> {
    let singular = before.strip_suffix('s').unwrap_or(before);
    match seen {
        "of" if part_named(before).is_some() => Some(format!(
            "put the inner one into brackets: `… of ({before} of …)`"
        )),
        "of" if part_named(singular).is_some() => Some(format!("write `{singular} of`")),
        "from" if is_unit(before) => Some(format!(
            "put the inner one into brackets: `({before} from … to …)`"
        )),
        _ if kind != TokenKind::Number => None,
        _ if is_unit(before) => Some(format!(
            "the number comes first: `{seen} {before}`; terms are joined by `+`"
        )),
        _ if Date::parse(before).is_some() => {
            Some(format!("a datetime has a `T` in it: `{before}T14:30`"))
        }
        _ => None,
    }
}

/// Tells whether a word is one for a unit.
pub(super) fn is_unit(word: &str) -> bool {
    unit_named(word).is_some()
}

pub(super) fn unit_of(pair: &Pair<'_>) -> Unit {
    unit_named(pair.as_str()).unwrap_or(Unit::Days)
}

/// The unit of a word, singular or plural.
fn unit_named(word: &str) -> Option<Unit> {
    Some(match word.strip_suffix('s').unwrap_or(word) {
        "second" => Unit::Seconds,
        "minute" => Unit::Minutes,
        "hour" => Unit::Hours,
        "day" => Unit::Days,
        "week" => Unit::Weeks,
        "month" => Unit::Months,
        "year" => Unit::Years,
        _ => return None,
    })
}

fn part_named(word: &str) -> Option<DatePart> {
    Some(match word {
        "year" => DatePart::Year,
        "month" => DatePart::Month,
        "day" => DatePart::Day,
        "weekday" => DatePart::Weekday,
        "date" => DatePart::Date,
        "hour" => DatePart::Hour,
        "minute" => DatePart::Minute,
        _ => return None,
    })
}
