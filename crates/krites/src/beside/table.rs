//! Rows of a model's inputs, and of what it should answer, out of comma-separated values
//! or lines of JSON. Invariant: no I/O; what a file holds is bounded before it is kept.

use std::collections::{BTreeMap, BTreeSet};

use csv::{ByteRecord, ReaderBuilder};
use krites_lang::SheetProblem;
use krites_model::{InputRows, OutputTensor, Signature};

use super::cell::{Cell, Filling};
use super::error::{BesideError, BesideProblem, cut};
use super::json::{Object, words};
use super::names::{Columns, EXPECT};
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

    fn read_json(&mut self, bytes: &[u8]) -> Result<(), BesideError> {
        let reading = self.reading;
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        if bytes.trim_ascii().is_empty() {
            return Err(reading.error(BesideProblem::Empty));
        }
        let mut targets: Option<BTreeMap<String, Target>> = None;
        for (line, text) in (1_u64..).zip(bytes.split(|byte| *byte == b'\n')) {
            let text = text.trim_ascii();
            if text.is_empty() {
                continue;
            }
            if self.is_enough() {
                break;
            }
            let at_line = |error: BesideError| error.line_is(line);
            let wrong = |why| at_line(reading.error(BesideProblem::NotJson { why }));
            let text = std::str::from_utf8(text).map_err(|_| wrong("not in UTF-8".to_owned()))?;
            let Object(fields) =
                serde_json::from_str(text).map_err(|error| wrong(words(&error)))?;
            let fields = fields
                .iter()
                .map(|(name, value)| (name.as_str(), value.get()));
            let cells = self.flat(fields).map_err(at_line)?;
            let known = match &targets {
                Some(known) => known,
                None => {
                    let names: Vec<String> = cells.iter().map(|(name, _)| name.clone()).collect();
                    let found = self.header(&names).map_err(at_line)?;
                    targets.insert(names.into_iter().zip(found).collect())
                }
            };
            self.same_fields(known, &cells).map_err(at_line)?;
            self.begin_row(line).map_err(at_line)?;
            for (name, cell) in &cells {
                let target = known.get(name).copied().unwrap_or(Target::Nowhere);
                let set = self.set(target, cell);
                set.map_err(|problem| at_line(reading.error(problem)).column_is(name))?;
            }
        }
        Ok(())
    }

    /// The cells of a row, with a matrix that is given as a list taken apart.
    fn flat<'t>(
        &self,
        fields: impl Iterator<Item = (&'t str, &'t str)>,
    ) -> Result<Vec<(String, Cell<'t>)>, BesideError> {
        let mut cells = Vec::new();
        for (name, raw) in fields {
            let inputs = Some(self.reading.inputs);
            let mut all = inputs.into_iter().chain(self.reading.outputs);
            let whole = all.find_map(|columns| Some((columns, columns.whole(name)?)));
            let (Some((columns, whole)), true) = (whole, raw.starts_with('[')) else {
                cells.push((name.to_owned(), Cell::of_json(raw)));
                continue;
            };
            let here = |problem| self.reading.error(problem).column_is(name);
            let values: Vec<&serde_json::value::RawValue> = serde_json::from_str(raw)
                .map_err(|error| here(BesideProblem::NotJson { why: words(&error) }))?;
            if values.len() != whole.width {
                let (values, columns) = (values.len(), whole.width);
                return Err(here(BesideProblem::ListLength { values, columns }));
            }
            let columns = (whole.first..).map_while(|at| columns.get(at));
            let values = columns.zip(values);
            cells.extend(
                values.map(|(column, raw)| (column.name.clone(), Cell::of_json(raw.get()))),
            );
        }
        Ok(cells)
    }

    /// Holds that a row of JSON has the fields of the first one.
    fn same_fields(
        &self,
        known: &BTreeMap<String, Target>,
        cells: &[(String, Cell<'_>)],
    ) -> Result<(), BesideError> {
        let mut seen = BTreeSet::new();
        for (name, _) in cells {
            let problem = match known.get(name) {
                _ if !seen.insert(name) => BesideProblem::Twice,
                Some(_) => continue,
                None if self.reading.passes_over => continue,
                None => {
                    let outputs = self.reading.outputs;
                    match outputs.and_then(|outputs| outputs.find(name)) {
                        Some(_) => BesideProblem::NotInFirst,
                        None => self.unknown(name),
                    }
                }
            };
            return Err(self.reading.error(problem).column_is(name));
        }
        let needed = known
            .iter()
            .filter(|(_, target)| **target != Target::Nowhere);
        let missing = needed.filter(|(name, _)| !seen.contains(name));
        let names: Vec<String> = missing.map(|(name, _)| name.clone()).collect();
        match names.is_empty() {
            true => Ok(()),
            false => Err(self.reading.error(BesideProblem::Missing {
                names,
                separator: None,
            })),
        }
    }

    /// Finds what each column is.
    fn header(&mut self, names: &[String]) -> Result<Vec<Target>, BesideError> {
        let reading = self.reading;
        let mut targets = Vec::new();
        let mut seen = BTreeSet::new();
        for (at, name) in names.iter().enumerate() {
            let here = |problem| reading.error(problem).column_is(name);
            if name.is_empty() && !reading.passes_over {
                let position = at + 1;
                return Err(reading.error(BesideProblem::NoName { position }));
            }
            let input = reading.inputs.find(name).map(Target::Input);
            let output = reading.outputs.and_then(|outputs| outputs.find(name));
            let target = match (input, output) {
                (Some(input), _) => input,
                (None, Some(output)) => self.expects(output),
                (None, None) if reading.passes_over => {
                    self.passed_over.push(cut(name));
                    Target::Nowhere
                }
                (None, None) => {
                    // Where nothing separates the cells, all of them are one name.
                    if let [_] = names {
                        self.has_inputs(&[], names)?;
                    }
                    return Err(here(self.unknown(name)));
                }
            };
            // A column may be called by two names
            let column = match target {
                Target::Input(at) => format!("{at}"),
                Target::Expected(at) => format!("expected {at}"),
                Target::Nowhere => format!("nowhere {at}"),
            };
            if !seen.insert(column) {
                return Err(here(BesideProblem::Twice));
            }
            targets.push(target);
        }
        self.has_inputs(&targets, names)?;
        match (reading.outputs, self.expected.is_empty()) {
            (Some(outputs), true) => {
                let example = outputs.get(0).map(|column| column.name.clone());
                let example = example.unwrap_or_default();
                Err(reading.error(BesideProblem::NothingExpected { example }))
            }
            _ => Ok(targets),
        }
    }

    /// Holds that there is a column for each of the inputs'.
    fn has_inputs(&self, targets: &[Target], names: &[String]) -> Result<(), BesideError> {
        let given: BTreeSet<usize> = targets
            .iter()
            .filter_map(|target| match target {
                Target::Input(at) => Some(*at),
                _ => None,
            })
            .collect();
        let columns = self.reading.inputs.all().iter().enumerate();
        let missing = columns.filter(|(at, _)| !given.contains(at));
        let missing: Vec<String> = missing.map(|(_, column)| column.name.clone()).collect();
        let separator = match names {
            [only] => only.chars().find(|sign| matches!(sign, '|' | ':' | ' ')),
            _ => None,
        };
        match missing.is_empty() {
            true => Ok(()),
            false => Err(self.reading.error(BesideProblem::Missing {
                names: missing,
                separator,
            })),
        }
    }

    fn expects(&mut self, output: usize) -> Target {
        let known = self.expected.iter().position(|(known, _)| *known == output);
        let at = known.unwrap_or_else(|| {
            let column = self.reading.outputs.and_then(|outputs| outputs.get(output));
            if let Some(column) = column {
                self.expected.push((output, Filling::new(column.element)));
            }
            self.expected.len().saturating_sub(1)
        });
        Target::Expected(at)
    }

    fn unknown(&self, name: &str) -> BesideProblem {
        let Reading {
            inputs, outputs, ..
        } = self.reading;
        let meant = format!("{EXPECT}{name}");
        let expected = outputs.filter(|outputs| outputs.find(&meant).is_some());
        let near = expected.map(|_| meant);
        let near = near.or_else(|| inputs.near(name));
        let near = near.or_else(|| outputs?.near(name));
        let mut known = inputs.names();
        known.extend(outputs.into_iter().flat_map(Columns::names));
        BesideProblem::Unknown {
            near: near.map(|near| cut(&near)),
            known,
        }
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
