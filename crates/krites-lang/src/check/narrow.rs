//! What a condition tells: which values are there, which are not zero.

use super::names::Meaning;
use super::{Checker, Env};
use crate::ast::{self, CompareOp};
use crate::ir::{Expr, ExprKind, Literal, Value};

impl Env {
    /// Takes a condition as true, or as false where `holds` is not set.
    pub(super) fn assume(&mut self, condition: &Expr, holds: bool) {
        match &condition.kind {
            ExprKind::Present(value) if holds => self.present.push(*value),
            ExprKind::Not(inner) => self.assume(inner, !holds),
            ExprKind::And(parts) if holds => parts.iter().for_each(|part| self.assume(part, true)),
            ExprKind::Or(parts) if !holds => parts.iter().for_each(|part| self.assume(part, false)),
            ExprKind::Compare(op, left, right) => {
                if let (Some(value), ExprKind::Literal(bound)) = (as_value(left), &right.kind)
                    && excludes_zero(*op, bound, holds)
                {
                    self.nonzero.push(value);
                }
                if let (ExprKind::Literal(bound), Some(value)) = (&left.kind, as_value(right))
                    && excludes_zero(mirrored(*op), bound, holds)
                {
                    self.nonzero.push(value);
                }
            }
            ExprKind::OneOf(subject, values) if !holds => {
                let zero = values.iter().any(
                    |value| matches!(&value.kind, ExprKind::Literal(literal) if literal.is_zero()),
                );
                if let (true, Some(value)) = (zero, as_value(subject)) {
                    self.nonzero.push(value);
                }
            }
            ExprKind::InRange(subject, low, high) if holds => {
                let positive = matches!(low, Some((bound, inclusive))
                    if matches!(&bound.kind, ExprKind::Literal(bound)
                        if bound.sign() > 0 || (bound.sign() == 0 && !inclusive)));
                let negative = matches!(high, Some((bound, inclusive))
                    if matches!(&bound.kind, ExprKind::Literal(bound)
                        if bound.sign() < 0 || (bound.sign() == 0 && !inclusive)));
                if let (true, Some(value)) = (positive || negative, as_value(subject)) {
                    self.nonzero.push(value);
                }
            }
            _ => {}
        }
    }
}

/// The value that an expression is, whatever it is taken for.
pub(super) fn as_value(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Value(value) => Some(*value),
        ExprKind::Widen(inner) | ExprKind::InCurrency(inner) => as_value(inner),
        _ => None,
    }
}

fn mirrored(op: CompareOp) -> CompareOp {
    match op {
        CompareOp::Less => CompareOp::Greater,
        CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
        CompareOp::Greater => CompareOp::Less,
        CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
    }
}

/// Tells whether `x op bound`, held true or false, leaves zero out for `x`.
fn excludes_zero(op: CompareOp, bound: &Literal, holds: bool) -> bool {
    let op = if holds {
        op
    } else {
        match op {
            CompareOp::Less => CompareOp::GreaterOrEqual,
            CompareOp::LessOrEqual => CompareOp::Greater,
            CompareOp::Greater => CompareOp::LessOrEqual,
            CompareOp::GreaterOrEqual => CompareOp::Less,
        }
    };
    match op {
        CompareOp::Greater => bound.sign() >= 0,
        CompareOp::GreaterOrEqual => bound.sign() > 0,
        CompareOp::Less => bound.sign() <= 0,
        CompareOp::LessOrEqual => bound.sign() < 0,
    }
}

impl Checker<'_> {
    /// Takes every name in a broken condition as present and not zero.
    pub(super) fn assume_mentioned(&mut self, expr: &ast::Expr, env: &mut Env) {
        let mut paths = Vec::new();
        mentioned(expr, &mut paths);
        for path in paths {
            // A misspelt name stands for the one that was meant.
            let meant = match self.lookup(path) {
                Some(found) => Some(found),
                None => self
                    .close(path, self.names.values())
                    .and_then(|close| self.names.get(close.name)),
            };
            let values: Vec<Value> = match meant {
                Some((Meaning::Value(value), _)) => vec![value],
                Some((Meaning::Series(position), _)) => {
                    let head = self.series.get(position);
                    let inputs = head.map_or(&[][..], |head| &head.inputs);
                    inputs.iter().map(|id| Value::Input(*id)).collect()
                }
                _ => Vec::new(),
            };
            env.present.extend(&values);
            env.nonzero.extend(&values);
        }
    }
}

/// Collects every name in an expression.
fn mentioned<'e>(expr: &'e ast::Expr, into: &mut Vec<&'e str>) {
    into.extend(named(expr));
    expr.each_part(&mut |part| mentioned(part, into));
}

/// The name that an expression is.
pub(super) fn named(expr: &ast::Expr) -> Option<&str> {
    match &expr.kind {
        ast::ExprKind::Path(path) | ast::ExprKind::Index { path, .. } => Some(&path.text),
        ast::ExprKind::IfMissing { subject, .. } => Some(&subject.text),
        ast::ExprKind::Aggregate(aggregate) => Some(&aggregate.over.path.text),
        _ => None,
    }
}
