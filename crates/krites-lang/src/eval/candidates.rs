//! The rows of a rank as they were decided: what became of each, and its value.
//! Invariant: read from the trace; nothing is computed.

use std::fmt;

use crate::ids::TableId;
use crate::ir::Table;
use crate::program::Program;

use super::frame::Frame;
use super::rank::{Closed, RankValue};
use super::state::TableState;
use super::value::{Held, OutputValue};

/// A row of a rank
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate<'a> {
    /// The row, by position
    pub row: usize,
    /// What became of it
    pub state: CandidateState,
    /// What orders it, where that was computed
    pub value: Option<OutputValue<'a>>,
}

/// What became of a row of a rank
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CandidateState {
    /// It is kept, in this place from 1
    Kept(usize),
    /// Its value is below `at least`
    BelowFloor,
    /// `at most` so many come before it
    BeyondMost,
    /// It is open, but its value is missing
    NoValue,
    /// Its cell in this column, by position in [`Table::columns`], does not hold
    Closed(usize),
    /// It is for the rest, and other rows are open
    NotNeeded,
    /// It does not hold on the day
    Off,
    /// It is open; the rank failed before its rows were ordered
    Open,
    /// The rank failed before it was looked at
    NotAsked,
}

impl fmt::Display for CandidateState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CandidateState::Kept(_) => "kept",
            CandidateState::BelowFloor => "below the floor",
            CandidateState::BeyondMost => "beyond the most that are kept",
            CandidateState::NoValue => "without a value",
            CandidateState::Closed(_) => "closed",
            CandidateState::NotNeeded => "for the rest",
            CandidateState::Off => "off",
            CandidateState::Open => "open",
            CandidateState::NotAsked => "not asked",
        })
    }
}

impl Program {
    /// Walks the rows of a rank: those that have a value in its order, then the others
    /// as they are written. None where the rank was not asked, or is off.
    #[must_use]
    pub fn candidates<'a>(&'a self, frame: &'a Frame, id: TableId) -> Vec<Candidate<'a>> {
        let table = &self.policy.tables[id];
        let state = frame.table(id);
        let (Some(ranking), TableState::Rows | TableState::Fault(_)) = (&table.ranking, state)
        else {
            return Vec::new();
        };
        let ranked = frame.ranked(id);
        let ty = table.outputs.get(ranking.by as usize);
        let value = |value: RankValue| {
            let held = match value {
                RankValue::Whole(value) => Held::Whole(value),
                RankValue::Exact(value) => Held::Exact(value),
            };
            self.typed(frame, held, ty?.ty.ty)
        };
        let kept = frame.rows(id).len();
        let decided = state == TableState::Rows;
        let ordered = ranked.order.iter().enumerate().map(|(at, (by, row))| {
            let state = match () {
                () if !decided => CandidateState::Open,
                () if at < kept => CandidateState::Kept(at + 1),
                () if at < ranked.above => CandidateState::BeyondMost,
                () => CandidateState::BelowFloor,
            };
            (*row, state, value(*by))
        });
        let mut found: Vec<(u32, CandidateState, _)> = ordered.collect();
        let mut states = vec![Some(CandidateState::NotAsked); table.rows.len()];
        let mut note = |row: u32, state| {
            if let Some(noted) = states.get_mut(row as usize) {
                *noted = state;
            }
        };
        for row in &ranked.open {
            note(
                *row,
                Some(match decided {
                    true => CandidateState::NoValue,
                    false => CandidateState::Open,
                }),
            );
        }
        for (row, closed) in &ranked.closed {
            note(*row, Some(closed_by(table, *closed)));
        }
        for (row, ..) in &found {
            note(*row, None);
        }
        let others = (0_u32..).zip(states);
        found.extend(others.filter_map(|(row, state)| Some((row, state?, None))));
        let found = found.into_iter().map(|(row, state, value)| Candidate {
            row: row as usize,
            state,
            value,
        });
        found.collect()
    }
}

/// Finds the column of a cell, which is known by its position among those of all.
fn closed_by(table: &Table, closed: Closed) -> CandidateState {
    let mut cell = match closed {
        Closed::Cell(cell) => cell as usize,
        Closed::Rest => return CandidateState::NotNeeded,
        Closed::Off => return CandidateState::Off,
    };
    let mut column = 0;
    for cells in table.columns.iter().map(|column| column.cells.len()) {
        if cell < cells {
            break;
        }
        cell -= cells;
        column += 1;
    }
    CandidateState::Closed(column)
}
