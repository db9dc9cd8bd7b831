//! Comparisons and what joins them.

use super::expr::{Level, part, separate};
use super::names;
use super::phrase::Phrase;
use crate::ast::{CompareOp, Expr, ExprKind, IsWhat, Range, TextTest};

/// Writes `a and b and c`; the word has its blank.
pub(super) fn junction(parts: &[Expr], word: &str, out: &mut Phrase) {
    for (at, operand) in parts.iter().enumerate() {
        if at > 0 {
            out.every();
            out.push(word);
        }
        part(operand, Level::Negation, out);
    }
}

/// How a side of a comparison is written
pub(super) type Side = fn(&Expr, &mut Phrase);

/// Writes a side of a comparison.
pub(super) fn side(value: &Expr, out: &mut Phrase) {
    part(value, Level::Sum, out);
}

/// Writes what stands behind the left side of a comparison.
pub(super) fn compared(expr: &Expr, side: Side, out: &mut Phrase) {
    match &expr.kind {
        ExprKind::Compare {
            op, worded, right, ..
        } => {
            out.push(sign(*op, *worded));
            side(right, out);
        }
        ExprKind::Is { negated, what, .. } => {
            out.push(if *negated { " is not " } else { " is " });
            is_what(what, side, out);
        }
        ExprKind::In {
            negated,
            range: found,
            ..
        } => {
            out.push(if *negated { " not in " } else { " in " });
            range(found, side, out);
        }
        ExprKind::InList { negated, list, .. } => {
            out.push(if *negated {
                " not in list "
            } else {
                " in list "
            });
            out.name(&list.text);
        }
        ExprKind::InLookup {
            negated, lookup, ..
        } => {
            out.push(if *negated {
                " not in lookup "
            } else {
                " in lookup "
            });
            out.name(&lookup.text);
        }
        ExprKind::TextTest { negated, test, .. } => text_test(*negated, test, side, out),
        _ => {}
    }
}

fn sign(op: CompareOp, worded: bool) -> &'static str {
    match (op, worded) {
        (CompareOp::Less, true) => " before ",
        (CompareOp::Greater, true) => " after ",
        (CompareOp::Less, false) => " < ",
        (CompareOp::LessOrEqual, _) => " <= ",
        (CompareOp::Greater, false) => " > ",
        (CompareOp::GreaterOrEqual, _) => " >= ",
    }
}

fn is_what(what: &IsWhat, side: Side, out: &mut Phrase) {
    match what {
        IsWhat::Present => out.push("present"),
        IsWhat::Missing => out.push("missing"),
        IsWhat::Value(value) => side(value, out),
        IsWhat::OneOf(values) => {
            out.push("one of ");
            out.open("[");
            for (at, value) in values.iter().enumerate() {
                separate(at, out);
                part(value, Level::Sum, out);
            }
            out.close("]");
        }
    }
}

fn text_test(negated: bool, test: &TextTest, side: Side, out: &mut Phrase) {
    let (verb, negative) = match test {
        TextTest::StartsWith(_) => (" starts with ", " does not start with "),
        TextTest::EndsWith(_) => (" ends with ", " does not end with "),
        TextTest::Contains(_) => (" contains ", " does not contain "),
        TextTest::ContainsWordIn(_) => (" contains a word in ", " does not contain a word in "),
        TextTest::Matches(_) => (" matches ", " does not match "),
    };
    out.push(if negated { negative } else { verb });
    match test {
        TextTest::StartsWith(value) | TextTest::EndsWith(value) | TextTest::Contains(value) => {
            side(value, out);
        }
        TextTest::ContainsWordIn(list) => out.name(&list.text),
        // Its backslashes are its own
        TextTest::Matches(pattern) => out.push(&format!("\"{}\"", pattern.text)),
    }
}

/// Writes a range in words.
pub(super) fn range(range: &Range, side: Side, out: &mut Phrase) {
    match (&range.low, &range.high) {
        (Some(low), Some(high)) => {
            out.push(if low.inclusive { "" } else { "above " });
            bound(&low.value, side, out);
            out.push(if high.inclusive { " to " } else { " to below " });
            bound(&high.value, side, out);
        }
        (Some(low), None) if low.inclusive => {
            bound(&low.value, side, out);
            out.push(" and above");
        }
        (Some(low), None) => {
            out.push("above ");
            bound(&low.value, side, out);
        }
        (None, Some(high)) => {
            out.push(if high.inclusive { "up to " } else { "below " });
            bound(&high.value, side, out);
        }
        (None, None) => {}
    }
}

/// Writes a bound, or a value where a range may stand.
pub(super) fn bound(value: &Expr, side: Side, out: &mut Phrase) {
    out.beware(names::RANGES);
    side(value, out);
}
