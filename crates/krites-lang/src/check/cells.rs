//! The rows of tables, cell by cell.

use std::collections::HashMap;
use std::sync::Arc;

use super::expr::boolean;
use super::table::Subject;
use super::{Checker, Env, codes, source};
use crate::ast::{self, CellKind, CellTest, ColumnKind};
use crate::ids::ReasonId;
use crate::ir;
use crate::types::DeclaredTy;
use crate::{Diagnostic, Span};

/// The columns of a table whose rows are checked
pub(super) struct Columns {
    /// By column: of tests, what it looks at
    subjects: Vec<Option<Option<Subject>>>,
    /// By output
    outputs: Vec<Option<DeclaredTy>>,
    /// By column
    cells: Vec<Cells>,
    /// Whether the cells stand in a file
    in_file: bool,
    /// Where each row's name stands
    ids: HashMap<String, Span>,
}

/// The distinct cells of a column, each checked where it is met first
#[derive(Default)]
struct Cells {
    checked: Vec<ir::Expr>,
    /// By the cell's kind, which cells of the same text share
    known: HashMap<*const CellKind, Known>,
}

/// What checking a cell came to
struct Known {
    place: Span,
    found: Option<Option<u32>>,
    diagnostics: Vec<Diagnostic>,
}

impl Columns {
    pub(super) fn new(
        subjects: Vec<Option<Option<Subject>>>,
        outputs: Vec<Option<DeclaredTy>>,
        in_file: bool,
    ) -> Self {
        let cells = subjects.iter().map(|_| Cells::default()).collect();
        Self {
            subjects,
            outputs,
            cells,
            in_file,
            ids: HashMap::new(),
        }
    }

    /// The columns of tests and of outputs, with their cells.
    pub(super) fn finish(
        self,
        decl: &ast::TableDecl,
    ) -> Option<(Vec<ir::TestColumn>, Vec<ir::TableOutput>)> {
        let mut tests = Vec::new();
        let mut values: Vec<Vec<ir::Expr>> = self.outputs.iter().map(|_| Vec::new()).collect();
        let columns = decl.columns.iter().zip(self.subjects).zip(self.cells);
        for ((column, subject), cells) in columns {
            match (&column.kind, subject) {
                (ColumnKind::Test(_), Some(Some(subject))) => tests.push(ir::TestColumn {
                    subject: subject.value,
                    cells: cells.checked,
                }),
                (ColumnKind::Output(output), _) => *values.get_mut(*output)? = cells.checked,
                _ => {}
            }
        }
        let outputs = decl.outputs.iter().zip(self.outputs).zip(values);
        let outputs = outputs.map(|((output, ty), cells)| {
            Some(ir::TableOutput {
                name: Arc::from(format!("{}.{}", decl.name.text, output.name.text)),
                ty: ty?,
                cells,
            })
        });
        Some((tests, outputs.collect::<Option<_>>()?))
    }
}

impl Checker<'_> {
    pub(super) fn row(
        &mut self,
        decl: &ast::TableDecl,
        row: &ast::TableRow,
        number: usize,
        columns: &mut Columns,
    ) -> Option<ir::Row> {
        let mut sound = true;
        let mut id: Arc<str> = Arc::from(number.to_string());
        let mut tests = Vec::new();
        let mut values: Box<[Option<u32>]> = vec![None; columns.outputs.len()].into();
        let mut because = None;
        for (position, (column, cell)) in decl.columns.iter().zip(&row.cells).enumerate() {
            match (&column.kind, &*cell.kind) {
                (_, CellKind::Error) | (ColumnKind::Error, _) => sound = false,
                (ColumnKind::Id, CellKind::Id(text)) => {
                    id = Arc::from(text.as_str());
                    sound &= self.row_name(text, cell.span, &mut columns.ids);
                }
                (ColumnKind::Test(_), _) => match self.cell(columns, position, cell, None) {
                    Some(test) => tests.push(test),
                    None => sound = false,
                },
                (ColumnKind::Output(output), _) => {
                    match self.cell(columns, position, cell, Some(*output)) {
                        Some(value) => *values.get_mut(*output)? = value,
                        None => sound = false,
                    }
                }
                (ColumnKind::Because, CellKind::Value(expr)) => {
                    because = self.because(expr, cell.span);
                    sound &= because.is_some();
                }
                (ColumnKind::Because | ColumnKind::Id, _) => {}
            }
        }
        sound.then_some(ir::Row {
            id,
            tests: tests.into(),
            otherwise: false,
            values,
            because,
            validity: ir::Validity::default(),
            span: row.span,
        })
    }

    /// Checks a cell of a test column or an output, unless one of the same text was.
    fn cell(
        &mut self,
        columns: &mut Columns,
        position: usize,
        cell: &ast::Cell,
        output: Option<usize>,
    ) -> Option<Option<u32>> {
        let cells = columns.cells.get_mut(position)?;
        let key = Arc::as_ptr(&cell.kind);
        if let Some(known) = cells.known.get(&key) {
            for diagnostic in &known.diagnostics {
                self.report(diagnostic.clone().moved(known.place, cell.span));
            }
            return known.found;
        }
        let before = self.diagnostics.len();
        let (checked, ty) = match output {
            Some(output) => {
                let ty = columns.outputs.get(output).copied().flatten()?;
                (self.output_cell(ty, &cell.kind, cell.span), ty.ty)
            }
            None => match columns.subjects.get(position) {
                Some(Some(Some(subject))) => (self.test_cell(subject, cell), subject.ty),
                _ => return None,
            },
        };
        if columns.in_file {
            let found = self.diagnostics.get_mut(before..).unwrap_or_default();
            source::advise(found, ty);
        }
        let found = checked.map(|expr| {
            expr.map(|expr| {
                cells.checked.push(expr);
                u32::try_from(cells.checked.len() - 1).unwrap_or(u32::MAX)
            })
        });
        let diagnostics = self.diagnostics.get(before..).unwrap_or(&[]).to_vec();
        let known = Known {
            place: cell.span,
            found,
            diagnostics,
        };
        cells.known.insert(key, known);
        found
    }

    /// Notes the name of a row; tells whether it is its alone.
    fn row_name(&mut self, name: &str, span: Span, ids: &mut HashMap<String, Span>) -> bool {
        let Some(before) = ids.insert(name.to_owned(), span) else {
            return true;
        };
        self.report(
            Diagnostic::error(
                codes::ROW_ID_TWICE,
                format!("two rows are called `{name}`"),
                span,
            )
            .evidence(before, "the first one")
            .help("give each row a name of its own"),
        );
        false
    }

    fn because(&mut self, expr: &ast::Expr, span: Span) -> Option<ReasonId> {
        if let ast::ExprKind::Path(path) = &expr.kind {
            let text = path.text.clone();
            return self.reason(&ast::Name { text, span });
        }
        self.report(
            Diagnostic::error(codes::UNKNOWN_REASON, "a reason code is needed here", span)
                .help("write the code of a declared reason, or `-` for none"),
        );
        None
    }

    fn test_cell(&mut self, subject: &Subject, cell: &ast::Cell) -> Option<Option<ir::Expr>> {
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
