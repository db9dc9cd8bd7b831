//! What a test expects of tables: lists, and the rows that count.

use std::borrow::Cow;
use std::collections::HashMap;

use super::names::Meaning;
use super::{Checker, codes, items};
use crate::ast::{self, AssignedValue, Assignment, CellKind, OutputPart, TypeKind};
use crate::ids::{OutputId, TableId};
use crate::ir::{Expectation, ListPlace, Value};
use crate::types::DeclaredTy;
use crate::{Code, Diagnostic, Id as _, Span, print};

impl Checker<'_> {
    /// The list that a path names: an output, or what the rows of a table give.
    pub(super) fn list_expected(
        &self,
        path: &ast::Path,
        outputs: &HashMap<&str, (OutputId, DeclaredTy)>,
    ) -> Option<ListPlace> {
        if let Some((id, _)) = outputs.get(path.text.as_str()) {
            let entries = items!(self.file, Output).flatten();
            let parts = entries.flat_map(|entry| entry.parts().1);
            let mut fields = parts.filter_map(|part| match part {
                OutputPart::Field(field) => Some(field),
                OutputPart::Record(_) => None,
            });
            let field = fields.find(|field| field.name.text == path.text)?;
            let is_list = matches!(field.ty.kind, TypeKind::List(_));
            return is_list.then_some(ListPlace::Output(*id));
        }
        match self.names.get(&path.text)? {
            (Meaning::Rows(table, output), _) => Some(ListPlace::Rows(table, output)),
            _ => None,
        }
    }

    /// Types the elements that a list is expected to have.
    pub(super) fn elements_expected(
        &mut self,
        assignment: &Assignment,
        place: ListPlace,
        outputs: &HashMap<&str, (OutputId, DeclaredTy)>,
    ) -> Option<Expectation> {
        let path = &assignment.path;
        let ty = match place {
            ListPlace::Output(_) => outputs.get(path.text.as_str())?.1,
            ListPlace::Rows(table, output) => self.value_type(Value::Table(table, output))?,
        };
        let elements = match (&assignment.value, place) {
            (AssignedValue::List(elements, _), _) => elements,
            (AssignedValue::Missing(_), ListPlace::Output(id)) => {
                return Some(Expectation::Output(id, None, path.span));
            }
            (other, _) => {
                self.not_a_list(other.span(), &path.text);
                return None;
            }
        };
        let found: Vec<_> = elements
            .iter()
            .map(|element| match element {
                AssignedValue::Missing(_) => Some(None),
                AssignedValue::Value(value) => self.constant(value, ty.ty).map(Some),
                other => {
                    self.not_a_list(other.span(), &path.text);
                    None
                }
            })
            .collect();
        let found = found.into_iter().collect::<Option<_>>()?;
        Some(Expectation::List(place, found, path.span))
    }

    fn not_a_list(&mut self, span: Span, name: &str) {
        self.report(
            Diagnostic::error(
                codes::CANNOT_EXPECT,
                format!("`{name}` is a list of values"),
                span,
            )
            .help("expect its elements in order, as in `[10, missing]`, or `[]`"),
        );
    }

    /// The rows of a table that count, by their names.
    pub(super) fn rows_expected(
        &mut self,
        table: &ast::Path,
        rows: &[ast::Name],
        one: bool,
        span: Span,
    ) -> Option<Expectation> {
        let position = match self.names.get(&table.text) {
            Some((Meaning::Table(position), _)) => position,
            Some((Meaning::Broken, _)) => return None,
            _ => {
                self.report(
                    Diagnostic::error(
                        codes::CANNOT_EXPECT,
                        format!("`{}` is not a table", table.text),
                        table.span,
                    )
                    .help("name a table of the policy"),
                );
                return None;
            }
        };
        let decl = self.tables.get(position)?.ast;
        let several =
            decl.policy.gives_lists() || matches!(decl.policy, ast::HitPolicy::Collect(_));
        if one && several {
            self.report(
                Diagnostic::error(
                    codes::CANNOT_EXPECT,
                    format!("more than one row of `{}` may count", table.text),
                    span,
                )
                .help(format!("write `{} rows = […]`", table.text)),
            );
            return None;
        }
        // The name of a row may be what could not be read
        let mut cells = decl.rows.iter().flat_map(|row| &row.cells);
        if cells.any(|cell| matches!(*cell.kind, ast::CellKind::Error)) {
            return None;
        }
        let known = rows_by_name(decl);
        let mut sound = true;
        for row in rows {
            if !known.contains_key(row.text.as_str()) {
                self.no_such_row(codes::CANNOT_EXPECT, decl, row);
                sound = false;
            }
        }
        let rows = rows.iter().map(|row| row.text.as_str().into());
        sound.then(|| Expectation::Rows(TableId::new(position), rows.collect(), span))
    }

    pub(super) fn no_such_row(&mut self, code: Code, decl: &ast::TableDecl, row: &ast::Name) {
        let help = self.help_with_row(decl, &row.text);
        let headline = format!("`{}` has no row `{}`", decl.name.text, row.text);
        self.report(
            Diagnostic::error(code, headline, row.span)
                .evidence(decl.header, "the table")
                .help(help),
        );
    }

    fn help_with_row(&self, decl: &ast::TableDecl, name: &str) -> String {
        let write = match (self.close(name, row_names(decl)), &decl.grid) {
            (Some(close), _) => return format!("did you mean `{}`?", print::row_name(close.name)),
            (None, Some(_)) => "name a row by its heads, as in `\"A / up to 100\"`",
            (None, None) => "name a row as its column `id` does, or by its number from 1",
        };
        write.to_owned()
    }
}

/// The names that rows of a table have.
fn row_names(decl: &ast::TableDecl) -> impl Iterator<Item = &str> {
    decl.rows.iter().filter_map(row_id)
}

fn row_id(row: &ast::TableRow) -> Option<&str> {
    row.cells.iter().find_map(|cell| match &*cell.kind {
        CellKind::Id(id) => Some(id.as_str()),
        _ => None,
    })
}

/// The rows of a table by their names, or by their numbers where it has no column `id`.
pub(super) fn rows_by_name<'d>(decl: &'d ast::TableDecl) -> HashMap<Cow<'d, str>, usize> {
    let mut columns = decl.columns.iter();
    let named = columns.any(|column| matches!(column.kind, ast::ColumnKind::Id));
    let rows = decl.rows.iter().enumerate();
    let name = |(at, row): (usize, &'d ast::TableRow)| match named {
        true => Some((Cow::Borrowed(row_id(row)?), at)),
        false => Some((Cow::Owned((at + 1).to_string()), at)),
    };
    rows.filter_map(name).collect()
}
