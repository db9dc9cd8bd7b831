//! Tables: their columns, and what these look at.

use std::collections::HashMap;
use std::sync::Arc;

use super::rows::Columns;
use super::{Checker, Env, codes};
use crate::ast::{self, Collect, ColumnKind, HitPolicy};
use crate::ids::{List, TableId};
use crate::ir::{self, Value};
use crate::types::Ty;
use crate::{Diagnostic, Span};

/// A test column: the value it looks at, and whether that may be missing
pub(super) struct Subject {
    pub(super) value: Value,
    pub(super) ty: Ty,
    pub(super) optional: bool,
    pub(super) span: Span,
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
        if let Some(from) = &decl.from {
            self.has_cells(from)?;
        }
        if self.is_headed_otherwise(decl) {
            return None;
        }
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
        let ranking = match &decl.ranking {
            Some(ranking) => {
                let found = self.ranking(decl, ranking, &outputs);
                sound &= found.is_some();
                found.map(Box::new)
            }
            None => None,
        };
        let trends = self.trends(decl, &subjects, &outputs);
        let mut columns = Columns::new(position, subjects, outputs, decl.from.is_some());
        sound &= self.values_of_all_rows(decl, &mut columns);
        let mut rows = ir::Rows::default();
        for (number, row) in (1_usize..).zip(&decl.rows) {
            sound &= self
                .row(decl, row, number, &mut columns, &mut rows)
                .is_some();
        }
        rows.shrink();
        let validity = self.validity(&decl.validity);
        if !sound {
            return None;
        }
        let at_hand = self.tables.get(position)?.at_hand.clone();
        let (columns, mut outputs) = columns.finish(decl, &at_hand)?;
        for (output, trends) in outputs.iter_mut().zip(trends?) {
            output.trends = trends;
        }
        let table = ir::Table {
            name: Arc::from(decl.name.text.as_str()),
            form: match decl.grid {
                Some(_) => ir::TableForm::Grid,
                None => ir::TableForm::Rows,
            },
            policy: decl.policy,
            validity: validity?,
            ranking,
            columns,
            outputs,
            rows,
            span: decl.name.span,
        };
        self.fits_policy(decl, &table).then_some(table)
    }

    /// Reports a column that is headed nearly as an output that has none; tells whether
    /// there was one.
    fn is_headed_otherwise(&mut self, decl: &ast::TableDecl) -> bool {
        let mut found = false;
        for (position, output) in decl.outputs.iter().enumerate() {
            let is_own =
                |kind: &ColumnKind| matches!(kind, ColumnKind::Output(at) if *at == position);
            if output.value.is_some() || decl.columns.iter().any(|column| is_own(&column.kind)) {
                continue;
            }
            let near = decl.columns.iter().find_map(|column| match &column.kind {
                ColumnKind::Test(ast::Expr {
                    kind: ast::ExprKind::Path(path),
                    ..
                }) if self.names.get(&path.text).is_none() && !self.is_broken(path) => {
                    let near = self.close(&path.text, [output.name.text.as_str()])?;
                    Some((path, near))
                }
                _ => None,
            });
            let Some((path, near)) = near else {
                continue;
            };
            let headline = format!(
                "`{}` gives `{}`, but a column is called `{}`",
                decl.name.text, output.name.text, path.text
            );
            self.report(
                Diagnostic::error(codes::OUTPUT_WITHOUT_COLUMN, headline, path.span)
                    .evidence(output.name.span, "the output")
                    .help(near.meant()),
            );
            found = true;
        }
        found
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
                ColumnKind::Off => usize::MAX - 2,
                ColumnKind::From => usize::MAX - 3,
                ColumnKind::Through => usize::MAX - 4,
                ColumnKind::Open => usize::MAX - 5,
                ColumnKind::Test(_) | ColumnKind::Part(_) | ColumnKind::Error => continue,
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
        let counts = decl.policy == HitPolicy::Collect(Collect::Count);
        for (position, output) in decl.outputs.iter().enumerate() {
            match (seen.get(&position), &output.value) {
                (None, None) if !counts => {
                    self.without_column(decl, &output.name.text, output.name.span);
                    sound = false;
                }
                (Some(column), Some(value)) => {
                    let name = &output.name.text;
                    self.report(
                        Diagnostic::error(
                            codes::COLUMN_UNKNOWN,
                            format!("`{name}` is the same for all rows, and has no column"),
                            *column,
                        )
                        .evidence(value.span, "computed here")
                        .help("leave out the column, or what stands behind `=`"),
                    );
                    sound = false;
                }
                _ => {}
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
                    .help(match decl.ranking {
                        Some(_) => "leave out the column: a rank gives no reasons",
                        None => "add `because` behind `->`",
                    }),
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
    pub(super) fn subject(
        &mut self,
        decl: &'a ast::TableDecl,
        expr: &'a ast::Expr,
    ) -> Option<Subject> {
        let typed = self.maybe(expr, None, &Env::default())?;
        let (ty, optional, span) = (typed.ty, typed.optional, expr.span);
        let value = match typed.kind {
            ir::ExprKind::Value(value) => value,
            _ => {
                let id = self.define_column(&decl.name.text, typed);
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
}
