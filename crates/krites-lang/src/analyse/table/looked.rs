//! What tests hold against single cases.

use super::space::Space;
use super::sweep::Region;
use super::{BUDGET, Seen};
use crate::ids::TableId;
use crate::ir::{Literal, Policy, Value};

/// A table over all cases, for tests that hold it against single ones
#[allow(missing_debug_implementations, reason = "holds the policy")]
pub struct Looked<'p> {
    space: Space<'p>,
    seen: Seen,
}

impl<'p> Looked<'p> {
    /// Looks at a table.
    #[must_use]
    pub fn at(policy: &'p Policy, table: TableId) -> Looked<'p> {
        let space = Space::new(policy, &policy.tables[table]);
        let seen = Seen::of(&space, BUDGET);
        Looked { space, seen }
    }

    /// Tells whether all cases were looked at.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.seen.rows.whole
    }

    /// Tells whether no row is for a case, of which each value is told.
    #[must_use]
    pub fn is_gap(&self, value: &dyn Fn(Value) -> Option<Literal>) -> bool {
        let subjects = self.space.subjects.iter().zip(&self.space.axes);
        let at: Option<Vec<u32>> = subjects
            .map(|(subject, axis)| axis.position(value(*subject).as_ref()))
            .collect();
        let Some(at) = at else {
            return false;
        };
        let holds = |region: &Region| region.iter().zip(&at).all(|(along, at)| along.has(*at));
        self.seen.gaps.iter().any(holds)
    }

    /// Returns a case of each gap: what the columns test, with its value.
    #[must_use]
    pub fn gaps(&self) -> Vec<Vec<(Value, Option<Literal>)>> {
        let gaps = self.seen.gaps.iter();
        gaps.map(|region| self.space.sample(region)).collect()
    }

    /// Returns the pairs of rows that both match somewhere, by their positions.
    #[must_use]
    pub fn meeting(&self) -> Vec<(usize, usize)> {
        let position = |row: u32| self.space.positions.get(row as usize).copied();
        let pairs = self.seen.rows.meeting.keys();
        pairs
            .filter_map(|(one, two)| position(*one).zip(position(*two)))
            .collect()
    }

    /// Returns the rows that never count, by their positions.
    #[must_use]
    pub fn untaken(&self) -> Vec<usize> {
        let rows = self.seen.rows.untaken();
        let rows = rows.filter_map(|(row, _)| self.space.positions.get(row as usize).copied());
        rows.collect()
    }

    /// Tells whether the row for the rest is taken somewhere.
    #[must_use]
    pub fn rest_is_taken(&self) -> bool {
        self.seen.rest_taken
    }
}
