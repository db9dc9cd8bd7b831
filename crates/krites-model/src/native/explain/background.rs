//! The rows that cases are compared with, run through the steps in front of the
//! margin.

use super::explainer::{Part, value};
use super::forest::{MAX_WORK, Tally};
use super::margin::Term;
use crate::buffer::Buffer;
use crate::native::plan::Plan;
use crate::native::run::{self, Workspace};
use crate::{InputRows, NotExplained, Signature};

/// Rows that a case is compared with at most
pub(super) const MAX_ROWS: usize = 10_000;

/// Rows that go through the steps together
const CHUNK_ROWS: usize = 256;

/// Outcomes of tests, or elements, that are held at once
const MAX_HELD: usize = 1 << 20;

/// Checks that rows can be compared with.
pub(super) fn check(rows: &InputRows, signature: &Signature) -> Result<(), NotExplained> {
    if rows.n_rows() == 0 || rows.n_rows() > MAX_ROWS {
        let n_rows = rows.n_rows();
        return Err(refused(format!(
            "it has {n_rows} rows, where 1 to {MAX_ROWS} are needed"
        )));
    }
    InputRows::new(signature, rows.inputs().to_vec())
        .map(drop)
        .map_err(|error| refused(error.to_string()))
}

/// Runs the rows, returns the mean of each term's element, and counts the
/// outcomes of the trees' tests.
pub(super) fn run(
    plan: &Plan,
    part: &Part,
    rows: &InputRows,
    terms: &[Term],
    tallies: &mut [(usize, Tally)],
) -> Result<Vec<f64>, NotExplained> {
    let n_rows = rows.n_rows();
    let n_tests = tallies.iter().map(|(_, tally)| tally.tests().len()).max();
    let widest = plan.total_width.max(n_tests.unwrap_or(0)).max(1);
    let most = (MAX_HELD / widest).clamp(1, CHUNK_ROWS);
    let mut sums = vec![0.0; terms.len()];
    let mut workspace = Workspace::default();
    let (mut room, mut holds) = (Buffer::default(), Vec::new());
    for start in (0..n_rows).step_by(most) {
        let chunk_rows = most.min(n_rows - start);
        let failed = |error| {
            let last = start + chunk_rows;
            refused(format!("rows {} to {last}: {error}", start + 1))
        };
        rows.view(start..start + chunk_rows, |inputs| {
            let reached = run::some(plan, &part.steps, inputs, chunk_rows, &mut workspace);
            let reached = reached.map_err(failed)?;
            for (sum, term) in sums.iter_mut().zip(terms) {
                for row_idx in 0..chunk_rows {
                    let value = value(&reached, term.element, row_idx).unwrap_or(f64::NAN);
                    if !(value * term.weight).is_finite() {
                        let row = start + row_idx + 1;
                        return Err(refused(format!("row {row} gives no finite number")));
                    }
                    *sum += value;
                }
            }
            for (step, tally) in tallies.iter_mut() {
                let Some(step) = plan.steps.get(*step) else {
                    continue;
                };
                let (Some(trees), n_tests) = (step.kernel.trees(), tally.tests().len()) else {
                    continue;
                };
                let arguments = reached.arguments(&step.operands);
                trees
                    .outcomes(&arguments, tally.tests(), &mut room, &mut holds)
                    .map_err(failed)?;
                for row_idx in 0..chunk_rows {
                    let row = holds.get(row_idx * n_tests..(row_idx + 1) * n_tests);
                    let added = tally.add(row.unwrap_or_default());
                    added.map_err(|reason| NotExplained::Form { reason })?;
                }
            }
            Ok(())
        })?;
    }
    for sum in &mut sums {
        *sum /= n_rows as f64;
    }
    Ok(sums)
}

/// Checks that counting the rows takes no longer than it may.
pub(super) fn check_work(n_conditions: usize, n_rows: usize) -> Result<(), NotExplained> {
    if n_conditions.saturating_mul(n_rows) <= MAX_WORK {
        return Ok(());
    }
    let most = MAX_WORK / n_conditions.max(1);
    Err(refused(format!(
        "{n_rows} rows times {n_conditions} tests on the ways to leaves are more than {MAX_WORK}; \
         compare with {most} rows or fewer"
    )))
}

fn refused(detail: String) -> NotExplained {
    NotExplained::Background { detail }
}
