//! The cases of a file, each decided once: what they are told, and which cannot be decided.

use std::collections::BTreeMap;

use krites::{CsvBinding, Date, DecideError, Decider, Decision};

use crate::command::rows::{Abort, Facts, Ready, Sink};

/// So many cases are kept at most, and so many bytes of facts
const MAX_CASES: usize = 100_000;
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// Cases that can be decided, with what they were told
#[derive(Default)]
pub(super) struct Cases {
    kept: Kept,
    bytes: usize,
    /// Whether the file has more than are kept
    pub(super) cut: bool,
    /// How many cases there are of each outcome
    pub(super) outcomes: BTreeMap<String, usize>,
    /// Rows that cannot be decided, and are not timed
    pub(super) refused: Noted,
    /// Cases that met a fault, which the policy handled; they are timed
    pub(super) faulted: Noted,
}

/// Facts as they stand in the file
#[derive(Default)]
enum Kept {
    #[default]
    Nothing,
    Rows(csv::StringRecord, Vec<csv::StringRecord>),
    Json(Vec<Vec<u8>>),
}

/// How many rows it befell, and the first of them with what was said
#[derive(Default)]
pub(super) struct Noted {
    pub(super) count: usize,
    pub(super) first: Option<(u64, String)>,
}

impl Noted {
    fn note(&mut self, row: u64, words: impl FnOnce() -> String) {
        self.count += 1;
        self.first.get_or_insert_with(|| (row, words()));
    }
}

impl Cases {
    /// Decides each row of the file.
    pub(super) fn decided_once(ready: &Ready) -> Result<Self, Abort> {
        let mut cases = Self::default();
        match ready.decide(&mut cases) {
            Ok(()) | Err(Abort::Enough) => Ok(cases),
            Err(abort) => Err(abort),
        }
    }

    pub(super) fn len(&self) -> usize {
        match &self.kept {
            Kept::Nothing => 0,
            Kept::Rows(_, rows) => rows.len(),
            Kept::Json(lines) => lines.len(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Resolves the columns of the cases, where they have some.
    pub(super) fn columns(&self, decider: &mut Decider) -> Result<Option<CsvBinding>, DecideError> {
        match &self.kept {
            Kept::Rows(header, _) => decider.columns(header).map(Some),
            Kept::Nothing | Kept::Json(_) => Ok(None),
        }
    }

    /// Decides a case by its place; `None` where there is none.
    #[inline]
    pub(super) fn decide<'d>(
        &self,
        case: usize,
        decider: &'d mut Decider,
        columns: Option<&CsvBinding>,
        date: Date,
    ) -> Option<Result<Decision<'d>, DecideError>> {
        match (&self.kept, columns) {
            (Kept::Rows(_, rows), Some(columns)) => {
                Some(decider.decide_row(date, columns, rows.get(case)?))
            }
            (Kept::Json(lines), _) => Some(decider.decide_json_bytes(date, lines.get(case)?)),
            _ => None,
        }
    }

    fn keep(&mut self, facts: &Facts<'_>) {
        match (&mut self.kept, facts) {
            (Kept::Rows(_, rows), Facts::Row { row, .. }) => rows.push((*row).clone()),
            (Kept::Json(lines), Facts::Json(line)) => lines.push(line.to_vec()),
            (kept, Facts::Row { header, row }) => {
                *kept = Kept::Rows((*header).clone(), vec![(*row).clone()]);
            }
            (kept, Facts::Json(line)) => *kept = Kept::Json(vec![line.to_vec()]),
        }
    }
}

impl Sink for Cases {
    fn row(
        &mut self,
        row: u64,
        facts: Facts<'_>,
        decided: Result<Decision<'_>, DecideError>,
    ) -> Result<(), Abort> {
        self.bytes += match &facts {
            Facts::Row { row, .. } => row.as_slice().len(),
            Facts::Json(line) => line.len(),
        };
        if self.len() == MAX_CASES || self.bytes > MAX_BYTES {
            self.cut = true;
            return Err(Abort::Enough);
        }
        let decision = match decided {
            Ok(decision) => decision,
            Err(error) => {
                self.refused.note(row, || error.to_string());
                return Ok(());
            }
        };
        if let Some((place, fault)) = decision.faults().next() {
            self.faulted.note(row, || format!("{place}: {fault}"));
        }
        match self.outcomes.get_mut(decision.outcome()) {
            Some(count) => *count += 1,
            None => {
                self.outcomes.insert(decision.outcome().to_owned(), 1);
            }
        }
        self.keep(&facts);
        Ok(())
    }

    fn bad(&mut self, row: u64, words: &str) -> Result<(), Abort> {
        self.refused.note(row, || words.to_owned());
        Ok(())
    }
}
