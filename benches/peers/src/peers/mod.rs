//! Other engines, each with the workloads that it can express.

mod cel;
mod condition;
mod datalogic;
mod rego;
mod rhai;

use super::contest::{Both, Work};
use super::rules::Rule;
use super::scorecard::Feature;
use super::support::limits::Row;

/// Their crates, in the order of the columns
pub(crate) const NAMES: [&str; 4] = ["datalogic-rs", "cel", "rhai", "regorus"];

/// A table of more rows is left out where a program a row is asked for it.
const ROWS_OF_ALL: usize = 1_000;

/// Engines by the names of their crates
type Entries = Vec<(&'static str, Both<'static>)>;

pub(crate) fn eligibility(work: &Work) -> Entries {
    vec![
        ("datalogic-rs", datalogic::eligibility(work)),
        ("cel", cel::eligibility(work)),
        ("rhai", rhai::eligibility(work)),
        ("regorus", rego::eligibility(work)),
    ]
}

pub(crate) fn scorecard(card: &[Feature], work: &Work) -> Entries {
    vec![
        ("datalogic-rs", datalogic::scorecard(card, work)),
        ("cel", cel::scorecard(card, work)),
        ("rhai", rhai::scorecard(card, work)),
        ("regorus", rego::scorecard(card, work)),
    ]
}

pub(crate) fn rules(rules: &[Rule], work: &Work) -> Entries {
    vec![
        ("datalogic-rs", datalogic::rules(rules, work)),
        ("cel", cel::rules(rules, work)),
        ("rhai", rhai::rules(rules, work)),
        ("regorus", rego::rules(rules, work)),
    ]
}

pub(crate) fn table(rows: &[Row], work: &Work) -> Entries {
    let mut entries = vec![
        ("datalogic-rs", datalogic::table(rows, work)),
        ("rhai", rhai::table(rows, work)),
        ("regorus", rego::table(rows, work)),
    ];
    if rows.len() < ROWS_OF_ALL {
        entries.push(("cel", cel::table(rows, work)));
    }
    entries
}
