//! The cells of tables.

use super::expr::boolean;
use super::table::Subject;
use super::{Checker, Env, codes};
use crate::ast::{self, CellKind, CellTest};
use crate::ir;
use crate::types::DeclaredTy;
use crate::{Diagnostic, Span};

impl Checker<'_> {
    pub(super) fn test_cell(
        &mut self,
        subject: &Subject,
        cell: &ast::Cell,
    ) -> Option<Option<ir::Expr>> {
        let span = cell.span;
        let (negated, tests) = match &*cell.kind {
            CellKind::Any => return Some(None),
            CellKind::Missing => {
                if !subject.optional {
                    self.report(
                        Diagnostic::error(
                            codes::NEVER_MISSING_CELL,
                            "the value of this column is never missing",
                            span,
                        )
                        .evidence(subject.span, "declared without `?`")
                        .help("write `any`, or a range"),
                    );
                    return None;
                }
                let present = boolean(ir::ExprKind::Present(subject.value), span);
                return Some(Some(boolean(ir::ExprKind::Not(Box::new(present)), span)));
            }
            CellKind::Tests { negated, tests } => (*negated, tests),
            CellKind::Id(_)
            | CellKind::Otherwise
            | CellKind::Nothing
            | CellKind::Off
            | CellKind::Day(_)
            | CellKind::Value(_)
            | CellKind::Error => return None,
        };
        let mut condition = self.tests(subject, tests, span, &Env::default())?;
        if negated {
            condition = boolean(ir::ExprKind::Not(Box::new(condition)), span);
        }
        if subject.optional {
            let present = boolean(ir::ExprKind::Present(subject.value), span);
            condition = boolean(ir::ExprKind::And(vec![present, condition]), span);
        }
        Some(Some(condition))
    }

    /// Types alternatives of which one must hold, of a value that is there.
    pub(super) fn tests(
        &mut self,
        subject: &Subject,
        tests: &[CellTest],
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let mut env = env.clone();
        env.present.push(subject.value);
        let value = || ir::Expr {
            kind: ir::ExprKind::Value(subject.value),
            ty: subject.ty,
            optional: false,
            span: subject.span,
        };
        let mut conditions = Vec::new();
        let mut equal = Vec::new();
        let mut sound = true;
        for test in tests {
            match test {
                CellTest::Range(range) => match self.in_range(value(), range, range.span, &env) {
                    Some(condition) => conditions.push(condition),
                    None => sound = false,
                },
                CellTest::Value(expr) => {
                    let typed = self.expr(expr, Some(subject.ty), &env);
                    match typed.and_then(|typed| self.same_type(value(), typed)) {
                        Some((left, typed)) if left.ty == subject.ty => equal.push(typed),
                        Some((left, typed)) => {
                            conditions.push(boolean(
                                ir::ExprKind::OneOf(Box::new(left), vec![typed]),
                                expr.span,
                            ));
                        }
                        None => sound = false,
                    }
                }
            }
        }
        if !sound {
            return None;
        }
        if !equal.is_empty() {
            conditions.push(boolean(ir::ExprKind::OneOf(Box::new(value()), equal), span));
        }
        match conditions.len() {
            1 => conditions.pop(),
            _ => Some(boolean(ir::ExprKind::Or(conditions), span)),
        }
    }

    pub(super) fn output_cell(
        &mut self,
        ty: DeclaredTy,
        kind: &CellKind,
        span: Span,
    ) -> Option<Option<ir::Expr>> {
        match kind {
            CellKind::Nothing if ty.optional => Some(None),
            CellKind::Nothing => {
                self.report(
                    Diagnostic::error(codes::MAY_BE_MISSING, "this cell must have a value", span)
                        .help("fill it, or declare the output with `?` behind `->`"),
                );
                None
            }
            CellKind::Value(expr) => {
                let typed = self.expr(expr, Some(ty.ty), &Env::default())?;
                self.coerce(typed, ty.ty).map(Some)
            }
            _ => None,
        }
    }
}
