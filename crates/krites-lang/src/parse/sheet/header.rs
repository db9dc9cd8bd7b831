//! The header of a file: what each column is.

use std::collections::HashMap;
use std::ops::Range;

use super::row_span;
use crate::ast::{Column, ColumnKind, FromFile, Text};
use crate::parse::cells::RowCell;
use crate::parse::reader::Reader;
use crate::place::CellMap;
use crate::scan::span;
use crate::{Code, Diagnostic, Span, did_you_mean};

/// The code of a file without a header
const NO_HEADER: Code = Code(432);
/// The code of a header that is blank
const BLANK_HEADER: Code = Code(433);
/// The code of two headers of one text
const HEADER_TWICE: Code = Code(434);
/// The code of a header that the file lacks
const NO_SUCH_HEADER: Code = Code(435);
/// The code of a column that nothing names
const COLUMN_UNNAMED: Code = Code(436);
/// The code of a column that is named twice
const NAMED_TWICE: Code = Code(437);

/// The header row: the columns that have one
pub(super) struct Header {
    cells: Vec<(usize, RowCell)>,
    whole: Span,
}

impl Header {
    /// Reads the first row; reports columns without a header, and two of one.
    pub(super) fn read(reader: &mut Reader<'_>, cells: &CellMap, from: &FromFile) -> Self {
        let whole = row_span(cells, reader.source, 0);
        if cells.n_rows() == 0 {
            reader.report(
                Diagnostic::error(
                    NO_HEADER,
                    format!("`{}` holds no cells", from.file.text),
                    from.sheet.as_ref().unwrap_or(&from.file).span,
                )
                .help("begin the file with a row of headers"),
            );
        }
        let mut found = Vec::new();
        let mut seen: HashMap<String, Span> = HashMap::new();
        let columns = if cells.n_rows() == 0 {
            0
        } else {
            cells.columns
        };
        for column in 0..columns {
            let cell = reader.row_cell(cells.cell(0, column));
            let place = span(reader.source, cell.start, cell.end);
            let text = reader.cell_text(&cell).to_owned();
            if text.is_empty() {
                let below = |row: &usize| {
                    let cell = cells.cell(*row, column);
                    !reader.cell_text(&cell).trim().is_empty()
                };
                if let Some(row) = (1..cells.n_rows()).find(below) {
                    let Range { start, end } = cells.cell(row, column);
                    reader.report(
                        Diagnostic::error(BLANK_HEADER, "a column has no header", place)
                            .evidence(span(reader.source, start, end), "a cell of the column")
                            .help(
                                "write what the column is into the first row, or clear the column",
                            ),
                    );
                }
                continue;
            }
            if let Some(before) = seen.insert(text.clone(), place) {
                reader.report(
                    Diagnostic::error(
                        HEADER_TWICE,
                        format!("two columns are headed `{text}`"),
                        place,
                    )
                    .evidence(before, "the first one")
                    .help("give each column a header of its own"),
                );
            }
            found.push((column, cell));
        }
        Self {
            cells: found,
            whole,
        }
    }

    /// Tells what each column is; those that are ignored are left out.
    pub(super) fn columns<'s>(
        &self,
        reader: &mut Reader<'s>,
        from: &FromFile,
        mut build: impl FnMut(&mut Reader<'s>, &RowCell) -> Column,
    ) -> Vec<(usize, Column)> {
        self.report_unknown(reader, from);
        report_named_twice(reader, from);
        let mut columns = Vec::new();
        let mut unnamed = Vec::new();
        for (position, cell) in &self.cells {
            let text = reader.cell_text(cell).to_owned();
            if ignored(from).any(|header| header.text == text) {
                continue;
            }
            let mapped = from.columns.iter().find(|map| map.header.text == text);
            let column = match mapped {
                Some(map) => map.column.clone(),
                None if from.columns.is_empty() => own_header(reader, cell, &mut build),
                None => {
                    unnamed.push((text, span(reader.source, cell.start, cell.end)));
                    continue;
                }
            };
            if !matches!(column.kind, ColumnKind::Error) {
                columns.push((*position, column));
            }
        }
        report_unnamed(reader, from, &unnamed);
        columns
    }

    /// Reports headers that the policy names and the file lacks.
    fn report_unknown(&self, reader: &mut Reader<'_>, from: &FromFile) {
        if self.cells.is_empty() {
            return;
        }
        let texts: Vec<String> = self
            .cells
            .iter()
            .map(|(_, cell)| reader.cell_text(cell).to_owned())
            .collect();
        let mapped = from.columns.iter().map(|map| &map.header);
        for header in mapped.chain(ignored(from)) {
            if texts.contains(&header.text) {
                continue;
            }
            let help = match did_you_mean(&header.text, texts.iter().map(String::as_str)) {
                Some(close) => format!("did you mean `\"{close}\"`?"),
                None => format!("its columns are {}", listed(&texts)),
            };
            reader.report(
                Diagnostic::error(
                    NO_SUCH_HEADER,
                    format!("`{}` has no column `{}`", from.file.text, header.text),
                    header.span,
                )
                .evidence(self.whole, "the headers")
                .help(help),
            );
        }
    }
}

/// Reports columns that the policy neither maps nor ignores.
fn report_unnamed(reader: &mut Reader<'_>, from: &FromFile, unnamed: &[(String, Span)]) {
    let [(first, place), rest @ ..] = unnamed else {
        return;
    };
    let headline = match rest.len() {
        0 => format!("nothing says what the column `{first}` is"),
        more => format!("nothing says what {} columns are", more + 1),
    };
    let headers = unnamed
        .iter()
        .map(|(header, _)| crate::print::quoted(header));
    let headers: Vec<String> = headers.collect();
    let mut diagnostic = Diagnostic::error(COLUMN_UNNAMED, headline, *place)
        .evidence(from.span, "the columns of this file")
        .help(format!(
            "say what it is, `value = {}`, or leave out what says nothing: `ignore {}`",
            crate::print::quoted(first),
            headers.join(", ")
        ));
    for (_, place) in rest {
        diagnostic = diagnostic.evidence(*place, "nor this one");
    }
    reader.report(diagnostic);
}

/// Builds a column of a header of the language's own; tells what to do about one that
/// is none.
fn own_header<'s>(
    reader: &mut Reader<'s>,
    cell: &RowCell,
    build: &mut impl FnMut(&mut Reader<'s>, &RowCell) -> Column,
) -> Column {
    let before = reader.diagnostics.len();
    let column = build(reader, cell);
    let is_syntax = |found: &Diagnostic| found.code.0 < 200;
    if matches!(column.kind, ColumnKind::Error)
        && let Some(found) = reader.diagnostics.get_mut(before..)
    {
        let header = reader.text.get(cell.clone()).unwrap_or("");
        for found in found.iter_mut().filter(|found| is_syntax(found)) {
            found.help = Some(format!(
                "say in the policy what the column is: `{{ value = \"{header}\" }}` behind the file"
            ));
        }
    }
    column
}

/// Reports headers that are mapped or ignored more than once.
fn report_named_twice(reader: &mut Reader<'_>, from: &FromFile) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    let mapped = from.columns.iter().map(|map| &map.header);
    for header in mapped.chain(ignored(from)) {
        if let Some(before) = seen.insert(&header.text, header.span) {
            reader.report(
                Diagnostic::error(
                    NAMED_TWICE,
                    format!("the column `{}` is named twice", header.text),
                    header.span,
                )
                .evidence(before, "first named here")
                .help("keep one of the two"),
            );
        }
    }
}

fn ignored(from: &FromFile) -> impl Iterator<Item = &Text> {
    from.ignored.iter().flat_map(|ignored| &ignored.headers)
}

/// Lists headers as a sentence has them, some of many.
fn listed(headers: &[String]) -> String {
    const SHOWN: usize = 10;
    let mut shown: Vec<String> = headers
        .iter()
        .take(SHOWN)
        .map(|header| format!("`{header}`"))
        .collect();
    if headers.len() > SHOWN {
        shown.push("…".to_owned());
    }
    shown.join(", ")
}
