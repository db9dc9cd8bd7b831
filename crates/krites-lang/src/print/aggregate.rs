//! What is said of all elements of a list or series.

use super::arithmetic::signed;
use super::condition::compared;
use super::expr::{Level, bracketed, level};
use super::phrase::Phrase;
use super::time;
use crate::ast::{Aggregate, AggregateKind, ElementPath, Expr, ExprKind};

/// Writes `sum of p where c if none x`, or `any p is x`.
pub(super) fn write(aggregate: &Aggregate, out: &mut Phrase) {
    out.push(word(aggregate.kind));
    match &aggregate.condition {
        Some(condition) if asks_each(aggregate, condition) => {
            elements(&aggregate.over, out);
            compared(condition, plain, out);
        }
        condition => {
            out.push("of ");
            if let Some(item) = &aggregate.item {
                bracketed(item, out);
                out.push(" over ");
            }
            elements(&aggregate.over, out);
            if let Some(condition) = condition {
                out.push(" where ");
                filter(condition, out);
            }
        }
    }
    if let Some(value) = &aggregate.if_none {
        out.push(" if none ");
        plain(value, out);
    }
}

fn word(kind: AggregateKind) -> &'static str {
    match kind {
        AggregateKind::Count => "count ",
        AggregateKind::Sum => "sum ",
        AggregateKind::Average => "average ",
        AggregateKind::Min => "min ",
        AggregateKind::Max => "max ",
        AggregateKind::First => "first ",
        AggregateKind::Any => "any ",
        AggregateKind::Every => "every ",
    }
}

fn elements(over: &ElementPath, out: &mut Phrase) {
    out.name(&over.path.text);
    if let Some((first, last, _)) = over.slice {
        out.push(&format!("[{first} to {last}]"));
    }
}

/// Returns whether the condition compares the element itself, as in `any p is x`.
fn asks_each(aggregate: &Aggregate, condition: &Expr) -> bool {
    let asks = matches!(aggregate.kind, AggregateKind::Any | AggregateKind::Every);
    let is_each =
        |subject: &Expr| matches!(&subject.kind, ExprKind::Path(path) if path.text == "each");
    asks && aggregate.item.is_none() && subject(condition).is_some_and(is_each)
}

/// Returns the left side of a comparison.
fn subject(condition: &Expr) -> Option<&Expr> {
    match &condition.kind {
        ExprKind::Compare { left: subject, .. }
        | ExprKind::Is { subject, .. }
        | ExprKind::In { subject, .. }
        | ExprKind::InList { subject, .. }
        | ExprKind::InLookup { subject, .. }
        | ExprKind::TextTest { subject, .. } => Some(subject),
        _ => None,
    }
}

/// Writes what stands behind `where`: one comparison, or a condition in brackets.
fn filter(condition: &Expr, out: &mut Phrase) {
    match subject(condition) {
        // What begins with a bracket would end with it
        Some(subject) if level(subject) >= Level::Factor => {
            plain(subject, out);
            compared(condition, plain, out);
        }
        _ => bracketed(condition, out),
    }
}

/// Writes a value with its sign and unit; all else is in brackets here.
fn plain(value: &Expr, out: &mut Phrase) {
    match &value.kind {
        ExprKind::Quantity { amount, unit } => time::quantity(amount, *unit, out),
        _ => signed(value, Level::Factor, out),
    }
}
