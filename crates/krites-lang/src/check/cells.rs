//! The rows of tables, cell by cell.

use std::collections::HashMap;
use std::sync::Arc;

use super::expr::boolean;
use super::table::Subject;
use super::{Checker, Env, codes};
use crate::ast::{self, CellKind, CellTest, ColumnKind};
use crate::ir;
use crate::types::DeclaredTy;
use crate::{Diagnostic, Span};

impl Checker<'_> {
    pub(super) fn row(
        &mut self,
        decl: &ast::TableDecl,
        row: &ast::TableRow,
        number: usize,
        subjects: &[Option<Option<Subject>>],
        outputs: &[Option<DeclaredTy>],
        ids: &mut HashMap<String, Span>,
    ) -> Option<ir::Row> {
        let mut sound = true;
        let mut id: Arc<str> = Arc::from(number.to_string());
        let mut tests = Vec::new();
        let mut values: Vec<Option<ir::Expr>> = vec![None; outputs.len()];
        let mut because = None;
        for (position, (column, cell)) in decl.columns.iter().zip(&row.cells).enumerate() {
            match (&column.kind, &cell.kind) {
                (_, CellKind::Error) => sound = false,
                (ColumnKind::Id, CellKind::Id(text)) => {
                    id = Arc::from(text.as_str());
                    if let Some(before) = ids.insert(text.clone(), cell.span) {
                        self.report(
                            Diagnostic::error(
                                codes::ROW_ID_TWICE,
                                format!("two rows are called `{text}`"),
                                cell.span,
                            )
                            .evidence(before, "the first one")
                            .help("give each row a name of its own"),
                        );
                        sound = false;
                    }
                }
                (ColumnKind::Test(_), _) => match subjects.get(position) {
                    Some(Some(Some(subject))) => match self.test_cell(subject, cell) {
                        Some(test) => tests.push(test),
                        None => sound = false,
                    },
                    _ => sound = false,
                },
                (ColumnKind::Output(output), kind) => match outputs.get(*output).copied().flatten()
                {
                    Some(ty) => match self.output_cell(ty, kind, cell.span) {
                        Some(value) => {
                            if let Some(slot) = values.get_mut(*output) {
                                *slot = value;
                            }
                        }
                        None => sound = false,
                    },
                    None => sound = false,
                },
                (ColumnKind::Because, CellKind::Value(expr)) => match &expr.kind {
                    ast::ExprKind::Path(path) => {
                        let code = ast::Name {
                            text: path.text.clone(),
                            span: path.span,
                        };
                        because = self.reason(&code);
                        sound &= because.is_some();
                    }
                    _ => {
                        self.report(
                            Diagnostic::error(
                                codes::UNKNOWN_REASON,
                                "a reason code is needed here",
                                cell.span,
                            )
                            .help("write the code of a declared reason, or `-` for none"),
                        );
                        sound = false;
                    }
                },
                (ColumnKind::Error, _) => sound = false,
                (ColumnKind::Because | ColumnKind::Id, _) => {}
            }
        }
        sound.then_some(ir::Row {
            id,
            tests,
            values,
            because,
            span: row.span,
        })
    }

    fn test_cell(&mut self, subject: &Subject, cell: &ast::Cell) -> Option<Option<ir::Expr>> {
        let span = cell.span;
        let (negated, tests) = match &cell.kind {
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
            CellKind::Id(_) | CellKind::Nothing | CellKind::Value(_) | CellKind::Error => {
                return None;
            }
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

    fn output_cell(
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
