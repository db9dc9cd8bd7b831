//! Tables: columns, cells, rows.

use std::collections::HashMap;
use std::sync::Arc;

use super::expr::boolean;
use super::{Checker, Env, Slot, SlotState, codes};
use crate::ast::{self, CellKind, CellTest, ColumnKind};
use crate::ids::{List, TableId};
use crate::ir::{self, Value};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Span};

/// A test column: the value it looks at, and whether that may be missing
struct Subject {
    value: Value,
    ty: Ty,
    optional: bool,
    span: Span,
}

impl<'a> Checker<'a> {
    pub(super) fn check_tables(&mut self) -> Option<List<TableId, ir::Table>> {
        let mut sound = true;
        let mut tables = List::default();
        for position in 0..self.tables.len() {
            match self.check_table(position) {
                Some(table) => {
                    tables.push(table);
                }
                None => sound = false,
            }
        }
        sound.then_some(tables)
    }

    fn check_table(&mut self, position: usize) -> Option<ir::Table> {
        let head = self.tables.get(position)?;
        let (decl, outputs) = (head.ast, head.outputs.clone());
        let mut sound = self.check_columns(decl);
        let subjects: Vec<Option<Option<Subject>>> = decl
            .columns
            .iter()
            .map(|column| match &column.kind {
                ColumnKind::Test(expr) => Some(self.subject(decl, expr)),
                _ => None,
            })
            .collect();
        sound &= !subjects.iter().any(|subject| matches!(subject, Some(None)));
        sound &= !decl
            .columns
            .iter()
            .any(|column| matches!(column.kind, ColumnKind::Error));
        if decl.rows.is_empty() && sound {
            self.report(
                Diagnostic::error(
                    codes::NO_ROWS,
                    format!("`{}` has no rows", decl.name.text),
                    decl.header,
                )
                .help("add a row under the header"),
            );
            sound = false;
        }
        let mut ids: HashMap<String, Span> = HashMap::new();
        let mut rows = Vec::with_capacity(decl.rows.len());
        for (number, row) in (1_usize..).zip(&decl.rows) {
            match self.row(decl, row, number, &subjects, &outputs, &mut ids) {
                Some(row) => rows.push(row),
                None => sound = false,
            }
        }
        let outputs = decl
            .outputs
            .iter()
            .zip(outputs)
            .map(|(output, ty)| {
                let name = format!("{}.{}", decl.name.text, output.name.text);
                ty.map(|ty| ir::TableOutput {
                    name: Arc::from(name),
                    ty,
                })
            })
            .collect::<Option<Vec<_>>>();
        let subjects = subjects
            .into_iter()
            .flatten()
            .flatten()
            .map(|subject| subject.value)
            .collect();
        let outputs = outputs?;
        sound.then_some(ir::Table {
            name: Arc::from(decl.name.text.as_str()),
            subjects,
            outputs,
            rows,
            span: decl.name.span,
        })
    }

    /// Every declared output has a column, once.
    fn check_columns(&mut self, decl: &ast::TableDecl) -> bool {
        let mut sound = true;
        let mut seen: HashMap<usize, Span> = HashMap::new();
        for column in &decl.columns {
            let key = match column.kind {
                ColumnKind::Output(output) => output,
                ColumnKind::Because => usize::MAX,
                ColumnKind::Id => usize::MAX - 1,
                ColumnKind::Test(_) | ColumnKind::Error => continue,
            };
            if let Some(before) = seen.insert(key, column.span) {
                self.report_twice("this column", column.span, before);
                sound = false;
            }
        }
        if decl
            .columns
            .iter()
            .any(|column| matches!(column.kind, ColumnKind::Error))
        {
            return false;
        }
        for (position, output) in decl.outputs.iter().enumerate() {
            if !seen.contains_key(&position) {
                self.without_column(decl, &output.name.text, output.name.span);
                sound = false;
            }
        }
        match (decl.because, seen.contains_key(&usize::MAX)) {
            (Some(span), false) => {
                self.without_column(decl, "because", span);
                sound = false;
            }
            (None, true) => {
                self.report(
                    Diagnostic::error(
                        codes::COLUMN_UNKNOWN,
                        format!(
                            "`{}` does not say that its rows have reasons",
                            decl.name.text
                        ),
                        decl.header,
                    )
                    .help("add `because` behind `->`"),
                );
                sound = false;
            }
            _ => {}
        }
        sound
    }

    fn without_column(&mut self, decl: &ast::TableDecl, name: &str, span: Span) {
        self.report(
            Diagnostic::error(
                codes::OUTPUT_WITHOUT_COLUMN,
                format!(
                    "`{}` gives `{name}`, but has no such column",
                    decl.name.text
                ),
                span,
            )
            .evidence(decl.header, "the header's columns")
            .help(format!(
                "add a column `{name}`, or leave it out behind `->`"
            )),
        );
    }

    /// The value that a column tests; more than a name gets a definition.
    fn subject(&mut self, decl: &'a ast::TableDecl, expr: &'a ast::Expr) -> Option<Subject> {
        let typed = self.maybe(expr, None, &Env::default())?;
        let (ty, optional, span) = (typed.ty, typed.optional, expr.span);
        let value = match typed.kind {
            ir::ExprKind::Value(value) => value,
            _ => {
                let id = Self::definition_id(self.definitions.len());
                let name: Arc<str> = Arc::from(format!(
                    "{}.column {}",
                    decl.name.text,
                    self.definitions.len()
                ));
                let ty = DeclaredTy {
                    ty,
                    optional: false,
                    places: None,
                };
                let definition = ir::Definition {
                    name: name.clone(),
                    ty,
                    value: typed,
                    span,
                };
                self.definitions.push(Slot {
                    name,
                    source: None,
                    state: SlotState::Done(definition),
                    span,
                });
                Value::Definition(id)
            }
        };
        Some(Subject {
            value,
            ty,
            optional,
            span,
        })
    }

    fn row(
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
        let env = Env {
            present: vec![subject.value],
            ..Env::default()
        };
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
        let mut condition = match conditions.len() {
            1 => conditions.pop()?,
            _ => boolean(ir::ExprKind::Or(conditions), span),
        };
        if negated {
            condition = boolean(ir::ExprKind::Not(Box::new(condition)), span);
        }
        if subject.optional {
            let present = boolean(ir::ExprKind::Present(subject.value), span);
            condition = boolean(ir::ExprKind::And(vec![present, condition]), span);
        }
        Some(Some(condition))
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
