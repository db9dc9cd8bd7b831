//! Golden vectors: what a model answered where it was made, held against what it answers
//! where it is to serve.

mod make;
mod write;

use std::time::Duration;

pub use make::NewGolden;

use krites_model::{InputRows, Model, ModelError, OutputTensor, Scratch};

use crate::beside::{BesideProblem, Column, cut};

/// So many rows are asked at once of a model whose answers do not change with them
const BATCH: usize = 256;

/// How long a call of the model may take
const WITHIN: Duration = Duration::from_secs(10);

/// How far a float may lie from what is expected: `ABSOLUTE + RELATIVE · |expected|`
const ABSOLUTE: f64 = 1e-6;
const RELATIVE: f64 = 1e-5;

/// Rows of a model's inputs with what it should answer
#[derive(Clone, Debug, PartialEq)]
pub struct GoldenRows {
    /// The columns of the inputs
    pub(crate) columns: Vec<Column>,
    pub(crate) inputs: InputRows,
    pub(crate) expected: Vec<ExpectedColumn>,
    /// The line of each row in its file, counted from 1
    pub(crate) lines: Vec<u64>,
}

/// What a model should answer in one column of one output
#[derive(Clone, Debug, PartialEq)]
pub struct ExpectedColumn {
    pub(crate) name: String,
    pub(crate) output: usize,
    pub(crate) column: usize,
    pub(crate) values: OutputTensor,
}

impl GoldenRows {
    /// Returns the rows that the model is asked.
    #[must_use]
    pub fn inputs(&self) -> &InputRows {
        &self.inputs
    }

    /// Returns what it should answer, column by column.
    #[must_use]
    pub fn expected(&self) -> &[ExpectedColumn] {
        &self.expected
    }
}

impl ExpectedColumn {
    /// Returns the column's name in files: `expect scores[good]`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the position of the output.
    #[must_use]
    pub fn output(&self) -> usize {
        self.output
    }

    /// Returns the column of the output, counted from zero.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }

    /// Returns a value for each row: a matrix of one column.
    #[must_use]
    pub fn values(&self) -> &OutputTensor {
        &self.values
    }
}

/// The row in which a model is farthest from its golden vectors
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "row {row}, `{name}` is {got} where {expected} is expected{}; {rows_off} of {rows} rows differ",
    distance(*difference, *allowed)
)]
#[non_exhaustive]
pub struct GoldenMismatch {
    /// The row, counted from 1
    pub row: usize,
    /// What is expected there: `expect probability`
    pub name: String,
    /// What the file has
    pub expected: String,
    /// What the model answers
    pub got: String,
    /// How far they are apart, where both are finite numbers
    pub difference: Option<f64>,
    /// How far they may be apart, where they are floats
    pub allowed: Option<f64>,
    /// In how many rows something differs
    pub rows_off: usize,
    /// How many rows there are
    pub rows: usize,
}

fn distance(difference: Option<f64>, allowed: Option<f64>) -> String {
    match (difference, allowed) {
        (Some(difference), Some(allowed)) => {
            format!(", {difference:.3e} apart where {allowed:.3e} is allowed")
        }
        _ => String::new(),
    }
}

/// How a model fails its golden vectors
#[derive(Clone, Debug)]
pub(crate) enum GoldenFailure {
    Mismatch(Box<GoldenMismatch>, u64),
    Failed(ModelError, u64),
}

impl GoldenFailure {
    /// The line of the row.
    pub(crate) fn line(&self) -> u64 {
        match self {
            Self::Mismatch(_, line) | Self::Failed(_, line) => *line,
        }
    }
}

impl From<GoldenFailure> for BesideProblem {
    fn from(failure: GoldenFailure) -> Self {
        match failure {
            GoldenFailure::Mismatch(mismatch, _) => Self::Golden(mismatch),
            GoldenFailure::Failed(error, _) => Self::GoldenFailed {
                why: error.to_string(),
            },
        }
    }
}

/// Asks the model every row, as it is asked when it serves, and finds the worst answer.
pub(crate) fn check(model: &dyn Model, golden: &GoldenRows) -> Result<(), GoldenFailure> {
    let rows = golden.inputs.n_rows();
    let line = |row: usize| golden.lines.get(row).copied().unwrap_or(1);
    let mut worst: Option<(f64, usize, &ExpectedColumn, Apart)> = None;
    let mut rows_off = 0;
    answers(model, &golden.inputs, |first, count, answered| {
        for at in 0..count {
            let row = first + at;
            let mut is_off = false;
            for column in &golden.expected {
                let Some(answer) = answered.get(column.output) else {
                    continue;
                };
                let place = (&column.values, row);
                let Some(apart) = apart(place, (answer, at, column.column)) else {
                    continue;
                };
                is_off = true;
                let excess = apart.excess;
                if worst.as_ref().is_none_or(|(most, ..)| excess > *most) {
                    worst = Some((excess, row, column, apart));
                }
            }
            rows_off += usize::from(is_off);
        }
    })
    .map_err(|(row, error)| GoldenFailure::Failed(error, line(row)))?;
    match worst {
        None => Ok(()),
        Some((_, row, column, apart)) => {
            let mismatch = GoldenMismatch {
                row: row + 1,
                name: cut(&column.name),
                expected: apart.expected,
                got: apart.got,
                difference: apart.difference,
                allowed: apart.allowed,
                rows_off,
                rows,
            };
            Err(GoldenFailure::Mismatch(Box::new(mismatch), line(row)))
        }
    }
}

/// Asks a model all rows as it is asked when it serves, one by one where those that share
/// a call could change its bits; hands on the first row of each call, their number and
/// the answers. An error comes with the row that it was met in, or the first of several.
pub(crate) fn answers(
    model: &dyn Model,
    inputs: &InputRows,
    mut then: impl FnMut(usize, usize, &[OutputTensor]),
) -> Result<(), (usize, ModelError)> {
    let most = if model.batching_changes_bits() {
        1
    } else {
        BATCH
    };
    let mut scratch = Scratch::default();
    let mut outputs: Vec<OutputTensor> = Vec::new();
    let mut filled = 0;
    for first in (0..inputs.n_rows()).step_by(most) {
        let count = most.min(inputs.n_rows() - first);
        if count != filled {
            let specs = model.signature().outputs.iter();
            outputs = specs
                .map(|spec| OutputTensor::for_spec(spec, count))
                .collect();
            filled = count;
        }
        let run = inputs.ask(
            first..first + count,
            model,
            Some(WITHIN),
            &mut outputs,
            &mut scratch,
        );
        run.map_err(|error| (first, error))?;
        then(first, count, &outputs);
    }
    Ok(())
}

/// An answer that is not what is expected
struct Apart {
    expected: String,
    got: String,
    difference: Option<f64>,
    allowed: Option<f64>,
    /// By how many times what is allowed
    excess: f64,
}

/// Compares an element of a model's output with what is expected: floats within the
/// tolerance, NaN equal to NaN, all else to be the same.
fn apart(
    (values, row): (&OutputTensor, usize),
    (answer, at, column): (&OutputTensor, usize, usize),
) -> Option<Apart> {
    let (expected, got) = ([row, 0], [at, column]);
    match (values, answer) {
        (OutputTensor::Float(values), OutputTensor::Float(answer)) => {
            let (expected, got) = (values.get(expected)?, answer.get(got)?);
            let shown = (expected.to_string(), got.to_string());
            floats((f64::from(*expected), f64::from(*got)), shown)
        }
        (OutputTensor::Double(values), OutputTensor::Double(answer)) => {
            let (expected, got) = (values.get(expected)?, answer.get(got)?);
            let shown = (expected.to_string(), got.to_string());
            floats((*expected, *got), shown)
        }
        (OutputTensor::Integer(values), OutputTensor::Integer(answer)) => {
            same(values.get(expected)?, answer.get(got)?)
        }
        (OutputTensor::Boolean(values), OutputTensor::Boolean(answer)) => {
            same(values.get(expected)?, answer.get(got)?)
        }
        (OutputTensor::Text(values), OutputTensor::Text(answer)) => {
            same(values.get(expected)?, answer.get(got)?)
        }
        _ => None,
    }
}

fn floats((expected, got): (f64, f64), shown: (String, String)) -> Option<Apart> {
    if expected == got || (expected.is_nan() && got.is_nan()) {
        return None;
    }
    let are_finite = expected.is_finite() && got.is_finite();
    let difference = (expected - got).abs();
    let allowed = ABSOLUTE + RELATIVE * expected.abs();
    if are_finite && difference <= allowed {
        return None;
    }
    Some(Apart {
        expected: shown.0,
        got: shown.1,
        difference: are_finite.then_some(difference),
        allowed: are_finite.then_some(allowed),
        excess: match are_finite && allowed > 0.0 {
            true => difference / allowed,
            false => f64::INFINITY,
        },
    })
}

fn same<T: PartialEq + ToString>(expected: &T, got: &T) -> Option<Apart> {
    (expected != got).then(|| Apart {
        expected: cut(&expected.to_string()),
        got: cut(&got.to_string()),
        difference: None,
        allowed: None,
        excess: f64::INFINITY,
    })
}
