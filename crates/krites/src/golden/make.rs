//! New golden vectors: a model asked the rows of a file, before a release has it.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use krites_model::{Model, OutputTensor};

use super::{ExpectedColumn, GoldenFailure, GoldenRows, answers, write};
use crate::beside::{self, BesideError, FileRows, MAX_ROW_BYTES};
use crate::error::{LoadError, LoadErrorKind};
use crate::folder::{self, MAX_MODEL_BYTES};
use crate::loader::Loader;
use crate::part::Fingerprint;

/// Golden vectors that were made of a model's answers
#[derive(Debug)]
pub struct NewGolden {
    rows: GoldenRows,
    passed_over: Vec<String>,
}

impl NewGolden {
    /// Loads a model as a release would, with the card beside it, and asks it the rows
    /// of a file, the first `at_most` of them.
    ///
    /// The file is comma-separated, or holds lines of JSON where it is called `.jsonl`;
    /// columns that are none of the model's inputs are passed over.
    ///
    /// # Errors
    ///
    /// [`LoadErrorKind::Unreadable`] where a file cannot be read,
    /// [`LoadErrorKind::Model`] where nothing runs the model, [`LoadErrorKind::Beside`]
    /// where its card or the rows are wrong, or it fails in a row.
    pub fn from_paths(
        model: &Path,
        rows: &Path,
        at_most: Option<NonZeroUsize>,
    ) -> Result<Self, LoadError> {
        let bytes = read(model, MAX_MODEL_BYTES)?;
        let file = model.display().to_string();
        let carded = beside::card_at(model, Fingerprint::of(&bytes))?;
        let loader = Loader {
            workers: NonZeroUsize::MIN,
            runtime: None,
            stated_only: false,
        };
        let model = loader.load(&file, &bytes)?.model;
        let signature = model.signature();
        let read = FileRows::read(
            &rows.display().to_string(),
            &read(rows, MAX_ROW_BYTES)?,
            signature,
            carded.as_ref(),
            at_most,
        )?;
        let shown = rows.display().to_string();
        let expected = expected(&*model, &read, &shown)?;
        let rows = GoldenRows {
            columns: read.columns,
            inputs: read.inputs,
            expected,
            lines: read.lines,
        };
        Ok(Self {
            rows,
            passed_over: read.passed_over,
        })
    }

    /// Returns the rows with the model's answers.
    #[must_use]
    pub fn rows(&self) -> &GoldenRows {
        &self.rows
    }

    /// Returns the columns of the file that the model has not.
    #[must_use]
    pub fn passed_over(&self) -> &[String] {
        &self.passed_over
    }

    /// Writes them as a file of this name holds them, `.csv` or `.jsonl`; `None` where
    /// it is called otherwise. Floats have the shortest text that reads back to the same.
    #[must_use]
    pub fn to_text(&self, file: &Path) -> Option<String> {
        match file.extension()?.to_str()? {
            "csv" => write::csv(&self.rows),
            "jsonl" => Some(write::json_lines(&self.rows)),
            _ => None,
        }
    }

    /// Returns where the golden vectors of a model stand: `risk.golden.csv` beside
    /// `risk.onnx`.
    #[must_use]
    pub fn beside(model: &Path) -> PathBuf {
        let name = model.file_name().unwrap_or_default().to_string_lossy();
        model.with_file_name(format!("{}.golden.csv", beside::stem(&name)))
    }
}

fn read(path: &Path, limit: u64) -> Result<Vec<u8>, LoadError> {
    folder::read_up_to(path, limit).map_err(|source| {
        let path = path.to_owned();
        LoadErrorKind::Unreadable { path, source }.into()
    })
}

/// What the model answers to each row, in all columns of its outputs.
fn expected(
    model: &dyn Model,
    read: &FileRows,
    file: &str,
) -> Result<Vec<ExpectedColumn>, BesideError> {
    let specs = &model.signature().outputs;
    let n_rows = read.inputs.n_rows();
    let mut all: Vec<OutputTensor> = specs
        .iter()
        .map(|spec| OutputTensor::for_spec(spec, n_rows))
        .collect();
    let asked = answers(model, &read.inputs, |first, count, answered| {
        for (all, answered) in all.iter_mut().zip(answered) {
            copy(all, first, answered, count);
        }
    });
    asked.map_err(|(row, error)| {
        let line = read.lines.get(row).copied().unwrap_or(1);
        let failure = GoldenFailure::Failed(error, line);
        BesideError::of(file, failure.into()).line_is(line)
    })?;
    let columns = beside::outputs(model.signature()).into_iter();
    let expected = columns.filter_map(|column| {
        Some(ExpectedColumn {
            values: one_column(all.get(column.port)?, column.at),
            name: column.name,
            output: column.port,
            column: column.at,
        })
    });
    Ok(expected.collect())
}

/// Copies the first rows of `from` to where they belong.
fn copy(to: &mut OutputTensor, first: usize, from: &OutputTensor, count: usize) {
    macro_rules! rows {
        ($to:expr, $from:expr) => {
            for row in 0..count.min($from.nrows()) {
                if first + row < $to.nrows() {
                    $to.row_mut(first + row).assign(&$from.row(row));
                }
            }
        };
    }
    match (to, from) {
        (OutputTensor::Float(to), OutputTensor::Float(from)) => rows!(to, from),
        (OutputTensor::Double(to), OutputTensor::Double(from)) => rows!(to, from),
        (OutputTensor::Integer(to), OutputTensor::Integer(from)) => rows!(to, from),
        (OutputTensor::Boolean(to), OutputTensor::Boolean(from)) => rows!(to, from),
        (OutputTensor::Text(to), OutputTensor::Text(from)) => rows!(to, from),
        _ => {}
    }
}

fn one_column(all: &OutputTensor, at: usize) -> OutputTensor {
    let one = ndarray::Slice::from(at..at + 1);
    let axis = ndarray::Axis(1);
    match all {
        OutputTensor::Float(all) => OutputTensor::Float(all.slice_axis(axis, one).to_owned()),
        OutputTensor::Double(all) => OutputTensor::Double(all.slice_axis(axis, one).to_owned()),
        OutputTensor::Integer(all) => OutputTensor::Integer(all.slice_axis(axis, one).to_owned()),
        OutputTensor::Boolean(all) => OutputTensor::Boolean(all.slice_axis(axis, one).to_owned()),
        OutputTensor::Text(all) => OutputTensor::Text(all.slice_axis(axis, one).to_owned()),
    }
}
