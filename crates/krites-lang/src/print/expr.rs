//! Expressions, with brackets only where they would be read otherwise.

use super::arithmetic::{self, Place};
use super::phrase::Phrase;
use super::{aggregate, choice, condition, lookup, names, suffix, time};
use crate::ast::{CellTest, Expr, ExprKind};

/// How tightly the parts of an expression hold together
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    /// `if … then … else …`
    Whole,
    /// `a and b`, `a or b`
    Junction,
    /// `not a`
    Negation,
    /// `a < b`, `a is b`
    Comparison,
    /// `a + b`
    Sum,
    /// `a * b`
    Product,
    /// `-a`
    Sign,
    /// `remainder of a by b`
    Operand,
    /// `a rounded to 2 digits`, `a to the power of b`
    Suffix,
    /// `sum of p`
    Aggregate,
    /// `a if missing b`, `match …`, `year of d`
    Factor,
    /// A literal, a name, a call
    Value,
}

/// Returns how tightly an expression holds together.
pub(super) fn level(expr: &Expr) -> Level {
    match &expr.kind {
        ExprKind::If { .. } => Level::Whole,
        ExprKind::Or(_) | ExprKind::And(_) => Level::Junction,
        ExprKind::Not(_) => Level::Negation,
        ExprKind::Compare { .. }
        | ExprKind::Is { .. }
        | ExprKind::In { .. }
        | ExprKind::InList { .. }
        | ExprKind::InLookup { .. }
        | ExprKind::TextTest { .. } => Level::Comparison,
        // Its last side is a sum itself
        ExprKind::Sum { .. } | ExprKind::Between { .. } => Level::Sum,
        ExprKind::Product { .. } => Level::Product,
        ExprKind::Negate(_) => Level::Sign,
        ExprKind::Remainder { .. } | ExprKind::Quantity { .. } => Level::Operand,
        ExprKind::Aggregate(_) => Level::Aggregate,
        ExprKind::Rounded { .. } | ExprKind::Power { .. } => Level::Suffix,
        ExprKind::IfMissing { .. }
        | ExprKind::Match { .. }
        | ExprKind::Part { .. }
        | ExprKind::Fired { .. } => Level::Factor,
        ExprKind::Lookup(looked_up) if looked_up.if_none.is_some() => Level::Factor,
        ExprKind::Number(_)
        | ExprKind::Percent(_)
        | ExprKind::Text(_)
        | ExprKind::Date(_)
        | ExprKind::Datetime(_)
        | ExprKind::Boolean(_)
        | ExprKind::Path(_)
        | ExprKind::Index { .. }
        | ExprKind::Call { .. }
        | ExprKind::Lookup(_)
        | ExprKind::Error => Level::Value,
    }
}

/// Writes an expression where any may stand.
pub(super) fn whole(expr: &Expr, out: &mut Phrase) {
    bare(expr, out);
}

/// Writes an expression, in brackets unless it holds together tightly enough.
pub(super) fn part(expr: &Expr, least: Level, out: &mut Phrase) {
    if level(expr) < least {
        bracketed(expr, out);
    } else {
        bare(expr, out);
    }
}

/// Writes an expression in brackets.
pub(super) fn bracketed(expr: &Expr, out: &mut Phrase) {
    out.open("(");
    bare(expr, out);
    out.close(")");
}

/// Writes an expression without brackets around it.
pub(super) fn bare(expr: &Expr, out: &mut Phrase) {
    match &expr.kind {
        ExprKind::Number(digits) => out.push(&names::number(digits)),
        ExprKind::Percent(digits) => {
            out.push(&names::number(digits));
            out.push("%");
        }
        ExprKind::Text(text) => out.push(&names::text(text)),
        ExprKind::Date(written) | ExprKind::Datetime(written) => out.push(written),
        ExprKind::Boolean(value) => out.push(if *value { "true" } else { "false" }),
        ExprKind::Path(path) => out.name(&path.text),
        ExprKind::Index { path, index } => element(&path.text, Some(*index), out),
        ExprKind::Or(parts) => condition::junction(parts, "or ", out),
        ExprKind::And(parts) => condition::junction(parts, "and ", out),
        ExprKind::Not(inner) => {
            out.push("not ");
            part(inner, Level::Comparison, out);
        }
        ExprKind::Compare { left, .. } => {
            condition::side(left, out);
            condition::compared(expr, condition::side, out);
        }
        ExprKind::Is { subject, .. }
        | ExprKind::In { subject, .. }
        | ExprKind::InList { subject, .. }
        | ExprKind::InLookup { subject, .. }
        | ExprKind::TextTest { subject, .. } => {
            condition::side(subject, out);
            condition::compared(expr, condition::side, out);
        }
        ExprKind::Sum { first, rest } => arithmetic::sum(first, rest, out),
        ExprKind::Product { first, rest } => arithmetic::product(first, rest, Place::First, out),
        ExprKind::Negate(inner) => arithmetic::negated(inner, Place::First, out),
        ExprKind::Remainder { of, by, if_zero } => {
            arithmetic::remainder(of, by, if_zero.as_deref(), out);
        }
        ExprKind::Rounded { .. } | ExprKind::Power { .. } => {
            suffix::suffixed(expr, suffix::MAX_SUFFIXES, out);
        }
        ExprKind::IfMissing {
            subject,
            index,
            alternative,
        } => {
            element(&subject.text, *index, out);
            suffix::alternatives(alternative.as_deref(), out);
        }
        ExprKind::Fired { rule, if_off } => {
            out.name(&rule.text);
            out.push(" fired");
            if let Some(value) = if_off {
                out.push(&format!(" if off {value}"));
            }
        }
        ExprKind::Call {
            function,
            arguments,
        } => {
            out.name(&function.text);
            out.open("(");
            for (at, argument) in arguments.iter().enumerate() {
                separate(at, out);
                whole(argument, out);
            }
            out.close(")");
        }
        ExprKind::Quantity { amount, unit } => time::quantity(amount, *unit, out),
        ExprKind::Between { unit, from, to } => time::between(*unit, from, to, out),
        ExprKind::Part { part, of } => time::part_of(*part, of, out),
        ExprKind::If { arms, otherwise } => choice::if_then(arms, otherwise, out),
        ExprKind::Match {
            subject,
            arms,
            otherwise,
        } => choice::match_of(subject, arms, otherwise.as_deref(), out),
        ExprKind::Aggregate(aggregate) => aggregate::write(aggregate, out),
        ExprKind::Lookup(looked_up) => lookup::looked_up(looked_up, out),
        ExprKind::Error => out.unread(),
    }
}

/// Writes a name, and the index of a series' element.
pub(super) fn element(path: &str, index: Option<u32>, out: &mut Phrase) {
    out.name(path);
    if let Some(index) = index {
        out.push(&format!("[{index}]"));
    }
}

/// Adds the comma before all but the first part of a list.
pub(super) fn separate(at: usize, out: &mut Phrase) {
    if at > 0 {
        out.push(",");
        out.fill();
    }
}

/// Writes one alternative of a cell or of `match`.
pub(super) fn test(test: &CellTest, out: &mut Phrase) {
    match test {
        CellTest::Range(found) => condition::range(found, condition::side, out),
        CellTest::Value(value) => condition::bound(value, condition::side, out),
    }
}
