//! The rows of tables: each distinct cell of a column is checked once.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::table::Subject;
use super::{Checker, Env, codes, source};
use crate::ast::{self, CellKind, ColumnKind};
use crate::ids::{LocalId, ReasonId};
use crate::ir;
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Span, print};

/// The columns of a table whose rows are checked
pub(super) struct Columns<'d> {
    /// Position of the table
    table: usize,
    /// By column: of tests, what it looks at
    subjects: Vec<Option<Option<Subject>>>,
    /// By output
    outputs: Vec<Option<DeclaredTy>>,
    /// By output: the value that is the same for all rows
    of_all_rows: Vec<Option<ir::Expr>>,
    /// By column
    cells: Vec<Cells>,
    /// Whether the cells stand in a file
    in_file: bool,
    /// Where each row's name stands
    ids: HashMap<&'d str, Span>,
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

impl Columns<'_> {
    pub(super) fn new(
        table: usize,
        subjects: Vec<Option<Option<Subject>>>,
        outputs: Vec<Option<DeclaredTy>>,
        in_file: bool,
    ) -> Self {
        let cells = subjects.iter().map(|_| Cells::default()).collect();
        Self {
            table,
            of_all_rows: outputs.iter().map(|_| None).collect(),
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
        at_hand: &[Option<LocalId>],
    ) -> Option<(Vec<ir::TestColumn>, Vec<ir::TableOutput>)> {
        let mut tests = Vec::new();
        let of_all_rows = self.of_all_rows.into_iter();
        let mut values: Vec<Vec<ir::Expr>> = of_all_rows
            .map(|value| value.into_iter().collect())
            .collect();
        let columns = decl.columns.iter().zip(self.subjects).zip(self.cells);
        for ((column, subject), cells) in columns {
            match (&column.kind, subject) {
                (ColumnKind::Test(value), Some(Some(subject))) => tests.push(ir::TestColumn {
                    header: Arc::from(print::expression(value)),
                    subject: Some(subject.value),
                    cells: cells.checked,
                }),
                (ColumnKind::Open, _) => tests.push(ir::TestColumn {
                    header: Arc::from("open when"),
                    subject: None,
                    cells: cells.checked,
                }),
                (ColumnKind::Output(output), _) => *values.get_mut(*output)? = cells.checked,
                _ => {}
            }
        }
        let mut at_hand = at_hand.iter().copied();
        let outputs = decl.outputs.iter().zip(self.outputs).zip(values);
        let outputs = outputs.map(|((output, ty), cells)| {
            Some(ir::TableOutput {
                name: Arc::from(format!("{}.{}", decl.name.text, output.name.text)),
                ty: ty?,
                at_hand: at_hand.next().flatten(),
                cells: cells.into_iter().collect(),
                trends: Vec::new(),
            })
        });
        Some((tests, outputs.collect::<Option<_>>()?))
    }
}

impl Checker<'_> {
    /// Types what is the same for all rows of a rank.
    pub(super) fn values_of_all_rows(
        &mut self,
        decl: &ast::TableDecl,
        columns: &mut Columns<'_>,
    ) -> bool {
        let mut sound = true;
        for (position, output) in decl.outputs.iter().enumerate() {
            let (Some(value), Some(Some(ty))) = (&output.value, columns.outputs.get(position))
            else {
                continue;
            };
            let ty = *ty;
            let scoped = self.enter_row(columns.table, position);
            let typed = match ty.optional {
                true => self.maybe(value, Some(ty.ty), &Env::default()),
                false => self.expr(value, Some(ty.ty), &Env::default()),
            };
            let typed = typed.and_then(|typed| self.coerce_maybe(typed, ty.ty));
            self.leave_row(scoped);
            sound &= typed.is_some();
            if let Some(place) = columns.of_all_rows.get_mut(position) {
                *place = typed;
            }
        }
        sound
    }

    /// Checks a row, and adds it to those of the table where it is sound.
    pub(super) fn row<'d>(
        &mut self,
        decl: &ast::TableDecl,
        row: &'d ast::TableRow,
        number: usize,
        columns: &mut Columns<'d>,
        rows: &mut ir::Rows,
    ) -> Option<()> {
        let mut sound = true;
        let mut id = None;
        let mut tests = Vec::new();
        let of_all_rows = columns.of_all_rows.iter();
        let mut values: Vec<Option<u32>> =
            of_all_rows.map(|value| value.as_ref().map(|_| 0)).collect();
        let mut because = None;
        let mut written = ast::Validity::default();
        let mut otherwise = 0;
        for (position, (column, cell)) in decl.columns.iter().zip(&row.cells).enumerate() {
            match (&column.kind, &*cell.kind) {
                (_, CellKind::Error) | (ColumnKind::Part(_) | ColumnKind::Error, _) => {
                    sound = false
                }
                (ColumnKind::Id, CellKind::Id(text)) => {
                    id = Some(Cow::Borrowed(text.as_str()));
                    sound &= self.row_name(text, cell.span, &mut columns.ids);
                }
                (ColumnKind::Test(_), CellKind::Otherwise) => {
                    otherwise += 1;
                    tests.push(None);
                }
                (ColumnKind::Test(_) | ColumnKind::Open, _) => {
                    match self.cell(columns, position, cell, None) {
                        Some(test) => tests.push(test),
                        None => sound = false,
                    }
                }
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
                (ColumnKind::Off, CellKind::Off) => written.off = Some(cell.span),
                (ColumnKind::From, CellKind::Day(day)) => {
                    written.from = Some(day_of(day, cell.span));
                }
                (ColumnKind::Through, CellKind::Day(day)) => {
                    written.until = Some((ast::Until::Through, day_of(day, cell.span)));
                }
                (
                    ColumnKind::Because
                    | ColumnKind::Id
                    | ColumnKind::Off
                    | ColumnKind::From
                    | ColumnKind::Through,
                    _,
                ) => {}
            }
        }
        let validity = self.validity(&written);
        sound &= otherwise == 0 || self.is_rest(decl, row, number, otherwise);
        let validity = validity?;
        let id = id.unwrap_or_else(|| Cow::Owned(number.to_string()));
        sound.then(|| {
            rows.push(&ir::NewRow {
                id: &id,
                tests: &tests,
                otherwise: otherwise > 0,
                values: &values,
                because,
                validity,
                span: row.span,
            });
        })
    }

    /// Checks a cell of a test column or an output, unless one of the same text was.
    fn cell(
        &mut self,
        columns: &mut Columns<'_>,
        position: usize,
        cell: &ast::Cell,
        output: Option<usize>,
    ) -> Option<Option<u32>> {
        let cells = columns.cells.get_mut(position)?;
        let key = Arc::as_ptr(&cell.kind);
        if let Some(known) = cells.known.get(&key) {
            // The rows of a grid share its heads, which are told once
            let told = known
                .diagnostics
                .iter()
                .filter(|_| known.place != cell.span);
            for diagnostic in told {
                self.report(diagnostic.clone().moved(known.place, cell.span));
            }
            return known.found;
        }
        let before = self.diagnostics.len();
        let (checked, ty) = match output {
            Some(output) => {
                let ty = columns.outputs.get(output).copied().flatten()?;
                let scoped = self.enter_row(columns.table, output);
                let found = self.output_cell(ty, &cell.kind, cell.span);
                self.leave_row(scoped);
                (found, ty.ty)
            }
            None => match (columns.subjects.get(position), &*cell.kind) {
                (Some(Some(Some(subject))), _) => (self.test_cell(subject, cell), subject.ty),
                (Some(None), CellKind::Any) => (Some(None), Ty::Boolean),
                (Some(None), CellKind::Value(open)) => {
                    let open = self.condition(open, &Env::default());
                    (open.map(Some), Ty::Boolean)
                }
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
    fn row_name<'d>(
        &mut self,
        name: &'d str,
        span: Span,
        ids: &mut HashMap<&'d str, Span>,
    ) -> bool {
        let Some(before) = ids.insert(name, span) else {
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
}

fn day_of(digits: &str, span: Span) -> ast::Day {
    ast::Day {
        text: digits.to_owned(),
        span,
    }
}
