//! The rows of tables that give lists, as elements: an output is a field of each.

use super::elements::Of;
use super::names::Meaning;
use super::scope::Scope;
use super::{Checker, codes};
use crate::ast::{self, CellKind, ColumnKind};
use crate::ids::{LocalId, TableId};
use crate::ir;
use crate::{Diagnostic, Id as _, Span};

impl Checker<'_> {
    /// Tells whether the outputs of a table are lists.
    pub(super) fn gives_lists(&self, table: usize) -> bool {
        let head = self.tables.get(table);
        head.is_some_and(|head| head.ast.policy.gives_lists())
    }

    /// The rows that a path names: of a table, or of its output.
    pub(super) fn rows_meant(&self, path: &str) -> Option<Of> {
        match self.names.get(path)? {
            (Meaning::Rows(table, output), _) => Some(Of::Rows {
                table,
                output: Some(output as usize),
            }),
            (Meaning::Table(position), _) if self.gives_lists(position) => Some(Of::Rows {
                table: TableId::new(position),
                output: None,
            }),
            _ => None,
        }
    }

    /// The output that a name within a row stands for, and where it is declared.
    pub(super) fn output_of_row(
        &self,
        table: TableId,
        named: Option<usize>,
        name: &str,
    ) -> Option<(usize, Span)> {
        let outputs = &self.tables.get(table.position())?.ast.outputs;
        let own = outputs.iter().position(|output| output.name.text == name);
        let found = own.or(named.filter(|_| name == "each"))?;
        Some((found, outputs.get(found)?.name.span))
    }

    /// The local of an output of the row at hand.
    pub(super) fn row_local(
        &mut self,
        scope: usize,
        table: TableId,
        output: usize,
    ) -> Option<LocalId> {
        let head = self.tables.get(table.position())?;
        let mut ty = head.outputs.get(output).copied().flatten()?;
        // A row without the value that orders it is closed
        let ranking = head.ast.ranking.as_ref();
        let ordering = head.ast.outputs.get(output).zip(ranking);
        if ordering.is_some_and(|(output, ranking)| output.name.text == ranking.by.text) {
            ty.optional = false;
        }
        let name = head.ast.outputs.get(output)?.name.text.clone();
        let local = self.add_local(&name, ty);
        if let Some(Scope::Elements(elements)) = self.scopes.get_mut(scope) {
            elements.bind(output, local);
        }
        Some(local)
    }

    /// An output that is a list is what the rows of a table give, as it is.
    pub(super) fn list_output(
        &mut self,
        field: &ast::OutputField,
        of: &ast::TypeExpr,
        when: Option<ir::Expr>,
    ) -> Option<ir::Output> {
        let ty = self.declared_type(of)?;
        let rows = match &field.value.kind {
            ast::ExprKind::Path(path) if self.is_broken(path) => return None,
            ast::ExprKind::Path(path) => self.rows_meant(&path.text),
            _ => None,
        };
        let Some(Of::Rows {
            table,
            output: Some(output),
        }) = rows
        else {
            self.report(
                Diagnostic::error(
                    codes::LIST_OF_ROWS,
                    "an output that is a list is what the rows of a table give",
                    field.value.span,
                )
                .help("name an output of a table with `rule order`, `output order` or `collect list`, as in `fees : list of money(EUR) = charges.fee`"),
            );
            return None;
        };
        let head = self.tables.get(table.position())?;
        let found = head.outputs.get(output).copied().flatten()?;
        if found != ty {
            let declared = head.ast.outputs.get(output)?.ty.span;
            self.report(
                Diagnostic::error(
                    codes::LIST_OF_ROWS,
                    "the list goes out as it is: its elements are of the table's type",
                    of.span,
                )
                .evidence(declared, "declared here")
                .help("write the same type behind `list of`"),
            );
            return None;
        }
        Some(ir::Output {
            name: field.name.text.as_str().into(),
            ty,
            when,
            value: ir::OutputSource::Rows(table, u32::try_from(output).ok()?),
            if_asked: false,
            span: field.name.span,
        })
    }

    /// Reports rows as a value where an output of them is meant.
    pub(super) fn name_an_output(&mut self, table: TableId, path: &ast::Path) {
        let head = self.tables.get(table.position());
        let first = head.and_then(|head| head.ast.outputs.first());
        let help = match first {
            Some(output) => format!("name what they give: `{}.{}`", path.text, output.name.text),
            None => "name what they give".to_owned(),
        };
        self.report(
            Diagnostic::error(
                codes::NAME_A_FIELD,
                format!("a row of `{}` has no value of its own", path.text),
                path.span,
            )
            .help(help),
        );
    }

    /// Tells whether a row of a table counts in every case: it has one for the rest, and
    /// holds on all days.
    pub(super) fn always_has_a_row(&self, table: TableId) -> bool {
        let Some(head) = self.tables.get(table.position()) else {
            return false;
        };
        let decl = head.ast;
        let always = decl.ranking.is_none() && super::decide::is_always(&decl.validity);
        let rest = decl.rows.last().is_some_and(|row| {
            let cells = decl.columns.iter().zip(&row.cells);
            let mut tests = 0;
            let mut holds = true;
            for (column, cell) in cells {
                match (&column.kind, &*cell.kind) {
                    (ColumnKind::Test(_), CellKind::Otherwise) => tests += 1,
                    (ColumnKind::Test(_), _) => holds = false,
                    (ColumnKind::Off | ColumnKind::From | ColumnKind::Through, kind) => {
                        holds &= matches!(kind, CellKind::Nothing);
                    }
                    _ => {}
                }
            }
            holds && tests > 0
        });
        always && rest
    }
}
