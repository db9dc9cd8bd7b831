//! The cells of a file as a source that items are read from: what a table, a
//! scorecard or a calibration from a file starts with.
//! Invariant: a cell's bytes in the source are what the language reads of it.

mod bins;
mod check;
mod header;
mod interval;
mod numbers;
mod parts;
mod written;

use std::ops::Range;

use super::FileKind;
use super::cells::RowCell;
use super::reader::Reader;
use crate::ast::{Column, FileCells, FromFile};
use crate::place::CellMap;
use crate::scan::span;
use crate::sheet::Sheet;
use crate::{Diagnostic, SourceId, Sources, Span};
pub(super) use check::check_cell;
use header::Header;
pub(super) use numbers::{NumberFormat, hundredfold};
pub(super) use parts::ItemParts;
pub(crate) use written::is_formula_error;

/// Adds the cells of a file to the sources, numbers and texts written as the
/// language has them; returns `None` where a cell or row is wrong in itself.
pub(crate) fn sheet_source(
    sources: &mut Sources,
    sheet: &Sheet,
    from: &FromFile,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<SourceId> {
    let mut laid = written::lay_out(sheet, from, sources.next());
    let source = sources.add_cells(sheet.shown(), laid.text, laid.cells);
    let sound = laid.mistakes.is_empty();
    crate::diagnostic::cut(&mut laid.mistakes);
    diagnostics.append(&mut laid.mistakes);
    sound.then_some(source)
}

/// The rows of a file, to be read as an item needs it
pub(crate) struct SheetReader<'s> {
    reader: Reader<'s>,
    cells: &'s CellMap,
    /// What each column is that says something, by its position
    columns: Vec<(usize, Column)>,
}

/// A row of a file
pub(crate) struct SheetRow {
    /// One cell for each of the columns that say something
    pub(crate) cells: Vec<RowCell>,
    /// The whole row
    pub(crate) span: Span,
}

impl SheetRow {
    /// Returns the cell of a column, blank where the row has none.
    pub(crate) fn cell(&self, at: usize) -> RowCell {
        self.cells.get(at).cloned().unwrap_or(0..0)
    }
}

impl<'s> SheetReader<'s> {
    /// Reads the header of a file's cells. `build` makes a column of a header that
    /// says what its cells are; it is asked where the item maps no columns.
    ///
    /// Returns `None` where what is wrong with the header leaves nothing to read.
    pub(crate) fn new(
        sources: &'s Sources,
        from: &FromFile,
        diagnostics: &mut Vec<Diagnostic>,
        build: impl FnMut(&mut Reader<'s>, &RowCell) -> Column,
    ) -> Option<Self> {
        let FileCells::Read(source) = from.cells else {
            return None;
        };
        let found = sources.get(source)?;
        let cells = found.cells()?;
        let mut reader = Reader::new(found.text(), source, FileKind::Sheet);
        reader.diagnostics = super::marks::check(found.text(), source);
        let header = Header::read(&mut reader, cells, from);
        let columns = header.columns(&mut reader, from, build);
        if !reader.diagnostics.is_empty() {
            diagnostics.append(&mut reader.diagnostics);
            return None;
        }
        Some(Self {
            reader,
            cells,
            columns,
        })
    }

    /// Returns what the columns are, in the order of the file.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &Column> {
        self.columns.iter().map(|(_, column)| column)
    }

    /// Returns where the header stands.
    pub(crate) fn header(&self) -> Span {
        self.row_span(0)
    }

    /// Returns how many rows stand under the header.
    pub(crate) fn n_rows(&self) -> usize {
        self.cells.n_rows().saturating_sub(1)
    }

    /// Returns a row under the header, from 0.
    pub(crate) fn row(&self, row: usize) -> SheetRow {
        let cell = |column: &(usize, Column)| {
            let cell = self.cells.cell(row + 1, column.0);
            self.reader.row_cell(cell)
        };
        SheetRow {
            cells: self.columns.iter().map(cell).collect(),
            span: self.row_span(row + 1),
        }
    }

    /// Returns what reads single cells.
    pub(crate) fn reader(&mut self) -> &mut Reader<'s> {
        &mut self.reader
    }

    /// Hands over what is wrong with the cells that were read.
    pub(crate) fn finish(mut self, diagnostics: &mut Vec<Diagnostic>) {
        crate::diagnostic::cut(&mut self.reader.diagnostics);
        diagnostics.append(&mut self.reader.diagnostics);
    }

    fn row_span(&self, row: usize) -> Span {
        row_span(self.cells, self.reader.source, row)
    }
}

fn row_span(cells: &CellMap, source: SourceId, row: usize) -> Span {
    let Range { start, .. } = cells.cell(row, 0);
    let Range { end, .. } = cells.cell(row, cells.columns.saturating_sub(1));
    span(source, start, end)
}
