//! What a cell of a test holds for, as a set of values of its subject.

use super::domain::{Domain, number};
use super::set::{Set, Values};
use crate::ir::{Expr, ExprKind, Literal, Value};

/// The values for which a condition on one value alone holds; `None` where it looks at
/// something else, too.
pub(super) fn holds(condition: &Expr, subject: Value, domain: &Domain) -> Option<Set> {
    let of = |part: &Expr| holds(part, subject, domain);
    let there = |values: Values| Set {
        missing: false,
        values,
    };
    match &condition.kind {
        ExprKind::Present(value) if *value == subject => {
            Some(there(domain.set.values.none().not()))
        }
        ExprKind::Not(inner) => of(inner).map(|set| set.not()),
        ExprKind::And(parts) => {
            let all = there(domain.set.values.none()).not();
            parts
                .iter()
                .try_fold(all, |all, part| Some(all.and(&of(part)?)))
        }
        ExprKind::Or(parts) => {
            let none = there(domain.set.values.none());
            parts
                .iter()
                .try_fold(none, |any, part| Some(any.or(&of(part)?)))
        }
        ExprKind::OneOf(value, ones) if is(value, subject) => {
            let none = there(domain.set.values.none());
            ones.iter().try_fold(none, |any, one| {
                let point = domain.point(constant(one)?)?;
                Some(any.or(&there(point)))
            })
        }
        ExprKind::InRange(value, low, high) if is(value, subject) => {
            let end = |end: &Option<(Box<Expr>, bool)>| match end {
                None => Some(None),
                Some((bound, inclusive)) => Some(Some((number(constant(bound)?)?, *inclusive))),
            };
            Some(there(domain.range(end(low)?, end(high)?)))
        }
        ExprKind::Literal(Literal::Boolean(yes)) => {
            let none = domain.set.none();
            Some(match yes {
                true => none.not(),
                false => none,
            })
        }
        // Of yes and no
        ExprKind::Value(value) if *value == subject => {
            domain.point(&Literal::Boolean(true)).map(there)
        }
        _ => None,
    }
}

/// Tells whether an expression is this value, as another type or not.
fn is(expr: &Expr, subject: Value) -> bool {
    match &expr.kind {
        ExprKind::Value(value) => *value == subject,
        ExprKind::Widen(inner) => is(inner, subject),
        _ => false,
    }
}

/// The constant that an expression is.
pub(super) fn constant(expr: &Expr) -> Option<&Literal> {
    match &expr.kind {
        ExprKind::Literal(literal) => Some(literal),
        ExprKind::Widen(inner) => constant(inner),
        _ => None,
    }
}
