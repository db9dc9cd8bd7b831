//! Conditions of rules and rows, from which each engine's own are written.

use std::fmt::Write as _;

use crate::rules::Rule;
use crate::support::limits::Row;

/// A condition on one field
pub(crate) enum Condition<'c> {
    Is(String, &'c str),
    AtLeast(String, i64),
    Below(String, i64),
    Above(String, i64),
    Holds(String),
}

/// The two conditions of a rule
pub(crate) fn of_rule(rule: &Rule) -> [Condition<'static>; 2] {
    use Condition::{Above, AtLeast, Below, Holds, Is};
    let number = |at| format!("num_{at}");
    match *rule {
        Rule::Numbers(i, a, j, b) => [AtLeast(number(i), a), Below(number(j), b)],
        Rule::Text(i, word, j, a) => [Is(format!("str_{i}"), word), Above(number(j), a)],
        Rule::Flag(i, j, a) => [Holds(format!("flag_{i}")), Below(number(j), a)],
    }
}

/// The two equalities and two ranges of a row
pub(crate) fn of_row(row: &Row) -> [Condition<'_>; 6] {
    use Condition::{AtLeast, Below, Is};
    [
        Is("segment".into(), &row.segment),
        Is("product".into(), &row.product),
        AtLeast("age".into(), row.age.0),
        Below("age".into(), row.age.1),
        AtLeast("amount".into(), row.amount.0),
        Below("amount".into(), row.amount.1),
    ]
}

/// Conditions in signs that most languages share, with a word between them, and one
/// before each field.
pub(crate) fn infix(conditions: &[Condition<'_>], and: &str, before: &str) -> String {
    let mut text = String::new();
    for (at, condition) in conditions.iter().enumerate() {
        if at > 0 {
            text += and;
        }
        let _ = match condition {
            Condition::Is(field, word) => write!(text, "{before}{field} == \"{word}\""),
            Condition::AtLeast(field, bound) => write!(text, "{before}{field} >= {bound}"),
            Condition::Below(field, bound) => write!(text, "{before}{field} < {bound}"),
            Condition::Above(field, bound) => write!(text, "{before}{field} > {bound}"),
            Condition::Holds(field) => write!(text, "{before}{field}"),
        };
    }
    text
}
