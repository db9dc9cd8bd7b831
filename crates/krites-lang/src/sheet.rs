//! Rows and cells of a file that a table stands in, as whoever reads the file
//! finds them.
//! Invariant: no I/O; blank rows count for nothing; a typed value has the text that
//! a policy has for it.

use std::fmt::Write as _;

use crate::{Date, Duration, MAX_SHEET_BYTES, MAX_SHEET_COLUMNS, MAX_SHEET_ROWS};

/// The cells of a file, or of one sheet of a workbook
#[derive(Clone, Debug)]
pub struct Sheet {
    shown: String,
    name: Option<String>,
    /// All cells, one behind the other
    text: String,
    cells: Vec<Stored>,
    rows: Vec<Row>,
}

/// What a cell holds
#[derive(Clone, Copy, Debug)]
pub enum CellValue<'a> {
    /// Nothing
    Blank,
    /// A text, as it stands
    Text(&'a str),
    /// A number of a workbook: its shortest decimal counts
    Number(f64),
    /// A day
    Date(Date),
    /// A day and the time on its clock, in milliseconds since midnight
    LocalTime(Date, u32),
    /// A length of time
    Duration(Duration),
    /// A truth value
    Boolean(bool),
}

/// Why the cells of a file are not to be had
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SheetProblem {
    /// There is no file of this path
    NotThere {
        /// Paths of those there are
        known: Vec<String>,
    },
    /// The file is no table
    NotATable,
    /// The file is there, and cannot be read
    Unreadable {
        /// Why not, in words that go on a sentence: `it is a folder`
        why: String,
        /// What to do about it
        help: String,
    },
    /// The workbook has no such sheet
    NoSuchSheet {
        /// Those that it has
        known: Vec<String>,
    },
    /// The workbook has several sheets, of which none is named
    SeveralSheets {
        /// Their names
        known: Vec<String>,
    },
    /// A sheet is named of a file that has none
    HasNoSheets,
    /// The file holds more than is read
    Beyond(SheetLimit),
}

/// What a table file may have a limited number of
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SheetLimit {
    /// Rows, the header aside
    Rows,
    /// Columns
    Columns,
    /// Bytes
    Bytes,
}

/// Where a cell ends in the text
#[derive(Clone, Copy, Debug)]
struct Stored {
    end: u32,
    /// Whether it was a text in the file
    is_text: bool,
}

#[derive(Clone, Copy, Debug)]
struct Row {
    /// What the file calls it
    number: u32,
    /// The first of its cells
    first: usize,
}

impl Sheet {
    /// Starts a sheet: `shown` is the file as diagnostics name it, `name` the sheet
    /// where the file has sheets.
    #[must_use]
    pub fn new(shown: impl Into<String>, name: Option<String>) -> Self {
        Self {
            shown: shown.into(),
            name,
            text: String::new(),
            cells: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// Begins a row, which the file counts as the row `number`, from 1.
    ///
    /// # Errors
    ///
    /// [`SheetProblem::Beyond`] where the sheet has too many rows.
    pub fn begin_row(&mut self, number: u32) -> Result<(), SheetProblem> {
        self.drop_blank_row();
        // The header is no row of the table
        if self.rows.len() > MAX_SHEET_ROWS {
            return Err(SheetProblem::Beyond(SheetLimit::Rows));
        }
        let first = self.cells.len();
        self.rows.push(Row { number, first });
        Ok(())
    }

    /// Adds a cell to the row that was begun last.
    ///
    /// # Errors
    ///
    /// [`SheetProblem::Beyond`] where the row has too many cells, or the sheet too
    /// many bytes.
    pub fn push(&mut self, value: CellValue<'_>) -> Result<(), SheetProblem> {
        let begun = self.rows.last().map_or(0, |row| row.first);
        if self.cells.len() - begun >= MAX_SHEET_COLUMNS {
            return match value {
                // A sheet goes on without an end where it is blank
                CellValue::Blank => Ok(()),
                _ => Err(SheetProblem::Beyond(SheetLimit::Columns)),
            };
        }
        let written = match value {
            CellValue::Blank => Ok(()),
            CellValue::Text(text) => self.text.write_str(text),
            CellValue::Number(number) => write!(self.text, "{number}"),
            CellValue::Date(date) => write!(self.text, "{date}"),
            CellValue::LocalTime(date, milliseconds) => {
                let (seconds, rest) = (milliseconds / 1000, milliseconds % 1000);
                let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
                let rest = match rest {
                    0 => String::new(),
                    rest => format!(".{rest:03}"),
                };
                write!(self.text, "{date}T{hour:02}:{minute:02}:{second:02}{rest}")
            }
            CellValue::Duration(duration) => {
                let (whole, rest) = (
                    duration.microseconds() / 1_000_000,
                    duration.microseconds() % 1_000_000,
                );
                match rest.unsigned_abs() {
                    0 => write!(self.text, "{whole} seconds"),
                    rest => write!(self.text, "{whole}.{rest:06} seconds"),
                }
            }
            CellValue::Boolean(value) => write!(self.text, "{value}"),
        };
        if written.is_err() || self.text.len() > MAX_SHEET_BYTES {
            return Err(SheetProblem::Beyond(SheetLimit::Bytes));
        }
        self.cells.push(Stored {
            end: u32::try_from(self.text.len()).unwrap_or(u32::MAX),
            is_text: matches!(value, CellValue::Text(_)),
        });
        Ok(())
    }

    /// Leaves out the last row where it is blank.
    fn drop_blank_row(&mut self) {
        let Some(last) = self.rows.last().copied() else {
            return;
        };
        let cells = self.cells.len() - last.first;
        if (0..cells).all(|at| self.of(last, at, cells).0.trim().is_empty()) {
            self.rows.pop();
            self.cells.truncate(last.first);
            let end = self.cells.last().map_or(0, |cell| cell.end as usize);
            self.text.truncate(end);
        }
    }

    /// Returns the file as diagnostics name it.
    pub(crate) fn shown(&self) -> &str {
        &self.shown
    }

    /// Returns the sheet's name.
    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the rows that are not blank, in order: what the file calls each, and
    /// its cells, which are fewer than the header's or more where the file has them
    /// so.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (u32, SheetRow<'_>)> {
        let ends = self.rows.iter().skip(1).map(|next| next.first);
        let ends = ends.chain([self.cells.len()]);
        self.rows.iter().zip(ends).filter_map(|(row, end)| {
            let cells = SheetRow {
                sheet: self,
                row: *row,
                count: end - row.first,
            };
            let blank = cells.iter().all(|(text, _)| text.trim().is_empty());
            (!blank).then_some((row.number, cells))
        })
    }

    /// Returns the rows that are not blank: what the file calls each, and the texts
    /// of its cells.
    #[must_use]
    pub fn texts(&self) -> Vec<(u32, Vec<String>)> {
        let texts = |row: SheetRow<'_>| row.iter().map(|(text, _)| text.to_owned()).collect();
        self.rows()
            .map(|(number, row)| (number, texts(row)))
            .collect()
    }

    /// Returns a cell of a row that has `count` cells.
    fn of(&self, row: Row, at: usize, count: usize) -> (&str, bool) {
        if at >= count {
            return ("", true);
        }
        let cell = row.first + at;
        let start = cell
            .checked_sub(1)
            .and_then(|before| self.cells.get(before))
            .map_or(0, |before| before.end as usize);
        let Some(stored) = self.cells.get(cell) else {
            return ("", true);
        };
        let text = self.text.get(start..stored.end as usize).unwrap_or("");
        (text, stored.is_text)
    }
}

/// One row of a sheet
#[derive(Clone, Copy)]
pub(crate) struct SheetRow<'s> {
    sheet: &'s Sheet,
    row: Row,
    count: usize,
}

impl<'s> SheetRow<'s> {
    /// Returns how many cells stand in it.
    pub(crate) fn len(self) -> usize {
        self.count
    }

    /// Returns a cell's text, and whether it was a text in the file; nothing stands
    /// behind the last one.
    pub(crate) fn cell(self, at: usize) -> (&'s str, bool) {
        self.sheet.of(self.row, at, self.count)
    }

    /// Returns how many cells stand in it up to the last that is not blank.
    pub(crate) fn filled(self) -> usize {
        let said = |at: &usize| !self.cell(*at).0.trim().is_empty();
        (0..self.count).rfind(said).map_or(0, |last| last + 1)
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = (&'s str, bool)> {
        (0..self.count).map(move |at| self.cell(at))
    }
}
