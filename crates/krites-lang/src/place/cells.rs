//! Sources that are made of a sheet's cells: which cell a byte lies in, and what
//! the file calls it.

use super::{Place, Span};

/// What a source's text is cut into where it is made of the cells of a sheet: a line
/// for each cell, row by row
#[derive(Clone, Debug)]
pub(crate) struct CellMap {
    /// The sheet, where the file has sheets
    pub(crate) sheet: Option<String>,
    /// How many cells each row has
    pub(crate) columns: usize,
    /// Where each cell ends, row by row; the line's end behind it is no part of it
    pub(crate) ends: Vec<u32>,
    /// What the file calls each row: numbers, from 1
    pub(crate) rows: Vec<u32>,
}

impl CellMap {
    /// Returns row and column, from 0, of the cell that holds the byte or ends there.
    fn position(&self, offset: u32) -> (usize, usize) {
        let cell = self.ends.partition_point(|end| *end < offset);
        let cell = cell.min(self.ends.len().saturating_sub(1));
        let columns = self.columns.max(1);
        (cell / columns, cell % columns)
    }

    /// Returns the bytes of a cell.
    pub(crate) fn cell(&self, row: usize, column: usize) -> std::ops::Range<usize> {
        let at = row * self.columns + column;
        let end = |at: usize| self.ends.get(at).map_or(0, |end| *end as usize);
        let start = at.checked_sub(1).map_or(0, |before| end(before) + 1);
        start..end(at).max(start)
    }

    /// Returns the row in the file, and the column from 1, of a byte.
    pub(super) fn row_column(&self, offset: u32) -> (u32, u32) {
        let (row, column) = self.position(offset);
        let number = self.rows.get(row).copied().unwrap_or(1);
        (number, u32::try_from(column + 1).unwrap_or(u32::MAX))
    }

    /// Names the place that a span begins at: its cell.
    pub(super) fn place(&self, file: &str, span: Span) -> Place {
        let (row, column) = self.row_column(span.start);
        Place::Cell {
            file: file.to_owned(),
            sheet: self.sheet.clone(),
            row,
            column,
        }
    }

    /// Returns the row of a span that goes over several cells, where it stays in one.
    pub(super) fn row_of(&self, span: Span) -> Option<u32> {
        let (first, last) = (self.position(span.start), self.position(span.end));
        (first.0 == last.0 && first.1 < last.1).then(|| self.row_column(span.start).0)
    }
}

/// Names a cell as its file does: `sheet Limits, cell C7`, or `row 7, column 3`.
pub(super) fn described(file: &str, sheet: Option<&str>, row: u32, column: u32) -> String {
    match sheet {
        Some(sheet) => format!("{file}, sheet {sheet}, cell {}{row}", letters(column)),
        None => format!("{file}, row {row}, column {column}"),
    }
}

/// Writes the number of a column, from 1, as workbooks do: `A`, `Z`, `AA`.
fn letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column;
    while rest > 0 {
        rest -= 1;
        letters.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters.iter().rev().collect()
}

#[cfg(test)]
mod tests {
    use super::letters;

    #[test]
    fn columns_have_the_letters_of_workbooks() {
        let of = |columns: &[u32]| columns.iter().map(|c| letters(*c)).collect::<Vec<_>>();
        assert_eq!(
            of(&[1, 26, 27, 52, 53, 256]),
            ["A", "Z", "AA", "AZ", "BA", "IV"]
        );
    }
}
