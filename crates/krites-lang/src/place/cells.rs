//! Sources that are made of a sheet's cells: which cell a byte lies in, and what
//! the file calls it.

use super::{Place, Span};
use crate::positions::Positions;

/// What a source's text is cut into where it is made of the cells of a sheet: a line
/// for each cell, row by row
#[derive(Clone, Debug)]
pub(crate) struct CellMap {
    /// The sheet, where the file has sheets
    pub(crate) sheet: Option<String>,
    /// How many cells each row has
    pub(crate) columns: usize,
    /// Where each row begins
    starts: Vec<u32>,
    /// Where each cell ends, row by row, counted from where its row begins; the line's
    /// end behind it is no part of it
    ends: Positions,
    /// How many cells there are
    n_cells: usize,
    /// What the file calls a row, from 1, where that is not one more than for the row
    /// before
    numbers: Vec<(usize, u32)>,
}

impl CellMap {
    pub(crate) fn new(sheet: Option<String>, columns: usize) -> Self {
        Self {
            sheet,
            columns,
            starts: Vec::new(),
            ends: Positions::default(),
            n_cells: 0,
            numbers: Vec::new(),
        }
    }

    /// Begins a row, which the file calls by this number, at a byte.
    pub(crate) fn begin_row(&mut self, number: u32, start: usize) {
        let row = self.starts.len();
        let before = row.checked_sub(1).map(|before| self.number(before));
        if before.and_then(|before| before.checked_add(1)) != Some(number) {
            self.numbers.push((row, number));
        }
        self.starts.push(u32::try_from(start).unwrap_or(u32::MAX));
    }

    /// Adds a cell to the row that was begun last, by where it ends.
    pub(crate) fn push(&mut self, end: usize) {
        let start = self.starts.last().map_or(0, |start| *start as usize);
        let end = u32::try_from(end.saturating_sub(start)).unwrap_or(u32::MAX - 1);
        self.ends.set(self.n_cells, Some(end));
        self.n_cells += 1;
    }

    /// Gives back the room that was kept for further cells.
    pub(crate) fn shrink(&mut self) {
        self.starts.shrink_to_fit();
        self.ends.shrink();
        self.numbers.shrink_to_fit();
    }

    /// Returns how many rows there are.
    pub(crate) fn n_rows(&self) -> usize {
        self.starts.len()
    }

    /// Returns what the file calls a row.
    fn number(&self, row: usize) -> u32 {
        let stretch = self.numbers.partition_point(|(first, _)| *first <= row);
        let stretch = stretch.checked_sub(1).and_then(|at| self.numbers.get(at));
        stretch.map_or(1, |(first, number)| {
            let behind = u32::try_from(row - first).unwrap_or(u32::MAX);
            number.saturating_add(behind)
        })
    }

    /// Returns row and column, from 0, of the cell that holds the byte or ends there.
    fn position(&self, offset: u32) -> (usize, usize) {
        let row = self.starts.partition_point(|start| *start <= offset);
        let row = row.saturating_sub(1);
        let start = self.starts.get(row).map_or(0, |start| *start as usize);
        let behind = |column: &usize| start + self.end(row, *column) >= offset as usize;
        let column = (0..self.columns).find(behind);
        (row, column.unwrap_or(self.columns.saturating_sub(1)))
    }

    /// Where a cell ends, counted from where its row begins.
    fn end(&self, row: usize, column: usize) -> usize {
        let end = self.ends.get(row * self.columns + column);
        end.map_or(0, |end| end as usize)
    }

    /// Returns the bytes of a cell.
    pub(crate) fn cell(&self, row: usize, column: usize) -> std::ops::Range<usize> {
        let first = self.starts.get(row).map_or(0, |start| *start as usize);
        let before = column.checked_sub(1);
        let start = first + before.map_or(0, |before| self.end(row, before) + 1);
        start..(first + self.end(row, column)).max(start)
    }

    /// Returns the row in the file, and the column from 1, of a byte.
    pub(super) fn row_column(&self, offset: u32) -> (u32, u32) {
        let (row, column) = self.position(offset);
        let column = u32::try_from(column + 1).unwrap_or(u32::MAX);
        (self.number(row), column)
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
    use super::{CellMap, letters};

    /// Each byte lies in the cell that it was put into, and each cell is where it was.
    fn finds(rows: &[(u32, &[&str])]) {
        let columns = rows.first().map_or(0, |(_, cells)| cells.len());
        let mut map = CellMap::new(None, columns);
        let mut text = String::new();
        for (number, cells) in rows {
            map.begin_row(*number, text.len());
            for cell in *cells {
                text.push_str(cell);
                map.push(text.len());
                text.push('\n');
            }
        }
        map.shrink();
        assert_eq!(map.n_rows(), rows.len());
        for (row, (number, cells)) in rows.iter().enumerate() {
            for (column, cell) in cells.iter().enumerate() {
                let place = map.cell(row, column);
                assert_eq!(text.get(place.clone()), Some(*cell));
                for byte in place.start..=place.end {
                    let found = map.row_column(byte as u32);
                    assert_eq!(found, (*number, column as u32 + 1), "byte {byte}");
                }
            }
        }
    }

    #[test]
    fn each_byte_lies_in_its_cell() {
        let long = "x".repeat(300);
        finds(&[(1, &["id", "of\nlines", ""]), (2, &["", "", ""])]);
        finds(&[
            (1, &["a"]),
            (4, &["b"]),
            (5, &["c"]),
            (9, &["d"]),
            (10, &["e"]),
        ]);
        finds(&[(2, &["a", "b"]), (3, &[&long, "c"]), (1, &["d", &long])]);
    }

    #[test]
    fn columns_have_the_letters_of_workbooks() {
        let of = |columns: &[u32]| columns.iter().map(|c| letters(*c)).collect::<Vec<_>>();
        assert_eq!(
            of(&[1, 26, 27, 52, 53, 256]),
            ["A", "Z", "AA", "AZ", "BA", "IV"]
        );
    }
}
