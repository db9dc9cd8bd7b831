//! Ranks of a decided case: every row, and what became of it.

use krites_lang::{CandidateState, OutputValue, TableId, TableState};

use super::Decision;

/// A rank
#[derive(Clone, Debug)]
pub struct Rank<'a> {
    /// Its name
    pub name: &'a str,
    /// Whether it was asked
    pub state: TableState,
    /// Its rows: those with a value in its order, then the others as written; none where
    /// it was not asked, or is off
    pub candidates: Vec<Candidate<'a>>,
}

/// A row of a rank
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate<'a> {
    /// Its name
    pub row: &'a str,
    /// What became of it
    pub state: CandidateState,
    /// What orders it, where that was computed
    pub value: Option<OutputValue<'a>>,
    /// The cell that closed it
    pub closed_by: Option<ClosingCell<'a>>,
}

/// The cell that closed a row
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosingCell<'a> {
    /// The header of its column
    pub column: &'a str,
    /// What stands in it
    pub cell: &'a str,
}

impl<'a> Decision<'a> {
    /// Walks all ranks, in the policy's order.
    pub fn ranks(&self) -> impl Iterator<Item = Rank<'a>> + use<'a> {
        let this = *self;
        let tables = self.program().policy().tables.iter_ids();
        let ranks = tables.filter(|(_, table)| table.ranking.is_some());
        ranks.map(move |(id, table)| Rank {
            name: &table.name,
            state: this.frame.table(id),
            candidates: this.candidates(id),
        })
    }

    fn candidates(&self, id: TableId) -> Vec<Candidate<'a>> {
        let program = self.program();
        let table = &program.policy().tables[id];
        let sources = &self.policy.part.sources;
        let found = program.candidates(self.frame, id).into_iter();
        let found = found.filter_map(|candidate| {
            let row = table.rows.get(candidate.row)?;
            let closed_by = match candidate.state {
                CandidateState::Closed(at) => {
                    let column = table.columns.get(at)?;
                    let cell = row.tests.get(at)? as usize;
                    Some(ClosingCell {
                        column: &column.header,
                        cell: sources.text(column.cells.get(cell)?.span),
                    })
                }
                _ => None,
            };
            Some(Candidate {
                row: row.id,
                state: candidate.state,
                value: candidate.value,
                closed_by,
            })
        });
        found.collect()
    }
}
