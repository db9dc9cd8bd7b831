//! Rows of a model's inputs, and of what it should answer, out of comma-separated values
//! or lines of JSON. Invariant: no I/O; what a file holds is bounded before it is kept.

mod header;
mod lines;

use csv::{ByteRecord, ReaderBuilder};
use krites_lang::SheetProblem;
use krites_model::{InputRows, OutputTensor, Signature};

use super::cell::{Cell, Filling};
use super::error::{BesideError, BesideProblem};
use super::names::Columns;
use crate::sheets;

/// The most rows of such a file
pub(crate) const MAX_ROWS: usize = 10_000;

/// The most cells of such a file
const MAX_CELLS: usize = 8_000_000;

/// The largest such file, in bytes
pub(crate) const MAX_ROW_BYTES: u64 = 64 * 1024 * 1024;

/// What is read, and how
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading<'a> {
    pub(crate) path: &'a str,
    pub(crate) signature: &'a Signature,
    pub(crate) inputs: &'a Columns,
    /// Of golden vectors, of which a row expects some
    pub(crate) outputs: Option<&'a Columns>,
    /// Columns that the model has not are passed over
    pub(crate) passes_over: bool,
    /// Stops behind so many rows
    pub(crate) first: Option<usize>,
}

/// What was read
#[derive(Debug)]
pub(crate) struct ReadRows {
    pub(crate) inputs: InputRows,
    /// Position among the columns of the outputs, with a value a row
    pub(crate) expected: Vec<(usize, OutputTensor)>,
    /// The line of each row, counted from 1
    pub(crate) lines: Vec<u64>,
    /// Columns that were passed over
    pub(crate) passed_over: Vec<String>,
}

impl Reading<'_> {
    /// Reads rows; the file's name says how they are written.
    pub(crate) fn read(self, bytes: &[u8]) -> Result<ReadRows, BesideError> {
        if bytes.len() as u64 > MAX_ROW_BYTES {
            let limit = MAX_ROW_BYTES;
            return Err(self.error(BesideProblem::TooLarge { limit }));
        }
        let mut table = Table::new(self);
        match self.path.ends_with(".jsonl") {
            true => table.read_json(bytes)?,
            false => table.read_csv(bytes)?,
        }
        table.finish()
    }

    fn error(&self, problem: BesideProblem) -> BesideError {
        BesideError::of(self.path, problem)
    }

    fn unreadable(&self, problem: SheetProblem) -> BesideError {
        self.error(match problem {
            SheetProblem::Unreadable { why, help } => BesideProblem::Unreadable { why, help },
            _ => BesideProblem::Unreadable {
                why: "it is no table".to_owned(),
                help: "save it as CSV in UTF-8".to_owned(),
            },
        })
    }
}

/// Where a cell goes
#[derive(Clone, Copy, Debug, PartialEq)]
enum Target {
    /// Position among the columns of the inputs
    Input(usize),
    /// Position among what is expected
    Expected(usize),
    Nowhere,
}

/// Rows on their way
struct Table<'a> {
    reading: Reading<'a>,
    inputs: Vec<Filling>,
    /// With the position among the columns of the outputs
    expected: Vec<(usize, Filling)>,
    lines: Vec<u64>,
    passed_over: Vec<String>,
}

impl<'a> Table<'a> {
    fn new(reading: Reading<'a>) -> Self {
        let inputs = reading.signature.inputs.iter();
        Self {
            reading,
            inputs: inputs.map(|input| Filling::new(input.element)).collect(),
            expected: Vec::new(),
            lines: Vec::new(),
            passed_over: Vec::new(),
        }
    }

    fn read_csv(&mut self, bytes: &[u8]) -> Result<(), BesideError> {
        let reading = self.reading;
        let (text, separator) =
            sheets::separated(bytes).map_err(|problem| reading.unreadable(problem))?;
        if text.trim().is_empty() {
            return Err(reading.error(BesideProblem::Empty));
        }
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .from_reader(text.as_bytes());
        let mut record = ByteRecord::new();
        let mut targets: Option<(Vec<String>, Vec<Target>)> = None;
        // Reading from memory does not fail
        while let Ok(true) = reader.read_byte_record(&mut record) {
            let line = record.position().map_or(1, |at| sheets::line(text, at));
            let at_line = |error: BesideError| error.line_is(line);
            let cells = record.iter();
            let cells = cells.map(|cell| std::str::from_utf8(cell).unwrap_or(""));
            let Some((names, targets)) = &targets else {
                let names: Vec<String> = cells.map(|name| name.trim().to_owned()).collect();
                let found = self.header(&names).map_err(at_line)?;
                targets = Some((names, found));
                continue;
            };
            if self.is_enough() {
                break;
            }
            if record.len() != names.len() {
                let (cells, header) = (record.len(), names.len());
                let problem = BesideProblem::RowWidth { cells, header };
                return Err(at_line(reading.error(problem)));
            }
            self.begin_row(line).map_err(at_line)?;
            for ((cell, name), target) in cells.zip(names).zip(targets) {
                let cell = Cell::Written(cell);
                let set = self.set(*target, &cell);
                set.map_err(|problem| at_line(reading.error(problem)).column_is(name))?;
            }
        }
        Ok(())
    }

    fn is_enough(&self) -> bool {
        self.reading.first == Some(self.lines.len())
    }

    fn begin_row(&mut self, line: u64) -> Result<(), BesideError> {
        let rows = self.lines.len() + 1;
        if rows > MAX_ROWS {
            let limit = MAX_ROWS;
            return Err(self.reading.error(BesideProblem::TooManyRows { limit }));
        }
        let columns = self.reading.inputs.all().len() + self.expected.len();
        if rows.saturating_mul(columns) > MAX_CELLS {
            let limit = MAX_CELLS;
            return Err(self.reading.error(BesideProblem::TooManyCells { limit }));
        }
        self.lines.push(line);
        let specs = self.reading.signature.inputs.iter();
        for (filling, spec) in self.inputs.iter_mut().zip(specs) {
            filling.add_row(spec.width);
        }
        for (_, filling) in &mut self.expected {
            filling.add_row(1);
        }
        Ok(())
    }

    /// Sets a cell of the last row.
    fn set(&mut self, target: Target, cell: &Cell<'_>) -> Result<(), BesideProblem> {
        let row = self.lines.len().saturating_sub(1);
        match target {
            Target::Input(at) => {
                let Some(column) = self.reading.inputs.get(at) else {
                    return Ok(());
                };
                let spec = self.reading.signature.inputs.get(column.port);
                let width = spec.map_or(1, |spec| spec.width);
                match self.inputs.get_mut(column.port) {
                    Some(filling) => filling.set(row * width + column.at, cell),
                    None => Ok(()),
                }
            }
            Target::Expected(at) => match self.expected.get_mut(at) {
                Some((_, filling)) => filling.set(row, cell),
                None => Ok(()),
            },
            Target::Nowhere => Ok(()),
        }
    }

    fn finish(self) -> Result<ReadRows, BesideError> {
        let reading = self.reading;
        let n_rows = self.lines.len();
        if n_rows == 0 {
            return Err(reading.error(BesideProblem::NoRows));
        }
        let specs = reading.signature.inputs.iter();
        let filled = self.inputs.into_iter().zip(specs);
        let tensors: Option<Vec<OutputTensor>> = filled
            .map(|(filling, spec)| filling.into_tensor(n_rows, spec.width))
            .collect();
        let inputs = InputRows::new(reading.signature, tensors.unwrap_or_default());
        let inputs = inputs.map_err(|error| {
            reading.error(BesideProblem::Unreadable {
                why: error.to_string(),
                help: "write a column for each input".to_owned(),
            })
        })?;
        let expected = self.expected.into_iter();
        let expected = expected
            .filter_map(|(output, filling)| Some((output, filling.into_tensor(n_rows, 1)?)))
            .collect();
        Ok(ReadRows {
            inputs,
            expected,
            lines: self.lines,
            passed_over: self.passed_over,
        })
    }
}
