//! Tables: the rows whose cells all hold, and which of them count.

use std::cmp::Reverse;
use std::sync::Arc;

use crate::ids::TableId;
use crate::ir::HitPolicy;
use crate::program::{RowCode, TableCode};

use super::fault::FaultKind;
use super::index::Open;
use super::model::Answers;
use super::run::{Run, Stop};
use super::state::TableState;

impl<'p, A: Answers> Run<'p, '_, A> {
    /// Finds the rows of a table that count, once.
    pub(super) fn find_rows(&mut self, id: TableId) -> Result<TableState, Stop> {
        match self.frame.table(id) {
            TableState::NotAsked => {}
            TableState::Fault(fault) => return Err(Stop::Fault(fault)),
            known => return Ok(known),
        }
        let found = self.choose(id);
        match found {
            Ok(found) => self.frame.set_table(id, found),
            Err(Stop::Fault(fault)) => self.frame.set_table(id, TableState::Fault(fault)),
            Err(Stop::Slot(_) | Stop::Model(_) | Stop::Group(_) | Stop::New) => {}
        }
        found
    }

    fn choose(&mut self, id: TableId) -> Result<TableState, Stop> {
        let table = &self.program.tables[id];
        if !self.holds_today(table.days) {
            return Ok(TableState::Off);
        }
        if table.rank.is_some() {
            self.frame.ranked_mut(id).clear();
        }
        // A table asks for all its columns, so that a fault in one does not
        // depend on the order of rows.
        for subject in &table.subjects {
            self.ready(*subject)?;
        }
        if let Some(noted) = &table.noted
            && let Some(noted) = self.frame.noted.get_mut(noted.clone())
        {
            noted.fill(None);
        }
        let open = table
            .index
            .as_deref()
            .and_then(|index| self.frame.open(index));
        if table.policy == HitPolicy::First {
            let found = match open {
                Some(mut open) => self.next_open_row(id, table, &mut open)?,
                None => self.next_row(id, table, 0)?,
            };
            return match found {
                Some(row) => Ok(TableState::Row(row)),
                None => Err(self.no_row(id)),
            };
        }
        if let Some(rank) = &table.rank {
            self.find_open(id, table)?;
            return self.rank(id, rank);
        }
        self.frame.hits_mut(id).clear();
        match open {
            Some(open) => self.find_all_open(id, table, open)?,
            None => self.find_all(id, table)?,
        }
        self.of_all(id, table)
    }

    /// Finds the next row that holds among those that the index leaves open.
    fn next_open_row(
        &mut self,
        id: TableId,
        table: &'p TableCode,
        open: &mut Open<'p>,
    ) -> Result<Option<u32>, Stop> {
        while let Some(found) = open.next(self.frame) {
            if !found.asked || self.holds(id, table, found.entry)? {
                return Ok(Some(found.entry));
            }
        }
        Ok(None)
    }

    /// Asks a row, all its cells and the day.
    fn holds(&mut self, id: TableId, table: &'p TableCode, row: u32) -> Result<bool, Stop> {
        if !self.holds_today(table.days_of(row)) {
            return Ok(false);
        }
        let Some(code) = table.rows.get(row as usize) else {
            return Ok(false);
        };
        match self.closing_cell(table, code) {
            Ok(closing) => Ok(closing.is_none()),
            Err(stop) => Err(self.at_row(stop, id, row)),
        }
    }

    /// Finds the first row that holds from a position on.
    fn next_row(
        &mut self,
        id: TableId,
        table: &'p TableCode,
        from: u32,
    ) -> Result<Option<u32>, Stop> {
        let n_rows = u32::try_from(table.rows.len()).unwrap_or(u32::MAX);
        for row in from..n_rows {
            if self.holds(id, table, row)? {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// Notes all rows that hold, in the order written; the row for the rest where no
    /// other does.
    fn find_all(&mut self, id: TableId, table: &'p TableCode) -> Result<(), Stop> {
        // Cells may ask for other tables: these note their rows elsewhere.
        let mut from = 0;
        while let Some(row) = self.next_row(id, table, from)? {
            self.hit_row(id, table, row);
            from = row + 1;
        }
        Ok(())
    }

    fn find_all_open(
        &mut self,
        id: TableId,
        table: &'p TableCode,
        mut open: Open<'p>,
    ) -> Result<(), Stop> {
        while let Some(row) = self.next_open_row(id, table, &mut open)? {
            self.hit_row(id, table, row);
        }
        Ok(())
    }

    fn hit_row(&mut self, id: TableId, table: &TableCode, row: u32) {
        let hits = self.frame.hits_mut(id);
        if table.rest != Some(row) || hits.is_empty() {
            hits.push(row);
        }
    }

    /// Which of the rows that hold count.
    fn of_all(&mut self, id: TableId, table: &'p TableCode) -> Result<TableState, Stop> {
        let severity = |row: u32| table.severity.get(row as usize).copied().unwrap_or(0);
        match table.policy {
            HitPolicy::First | HitPolicy::Unique | HitPolicy::Any | HitPolicy::Priority => {}
            HitPolicy::OutputOrder => {
                let hits = self.frame.hits_mut(id);
                hits.sort_unstable_by_key(|row| (Reverse(severity(*row)), *row));
                return Ok(TableState::Rows);
            }
            HitPolicy::RuleOrder | HitPolicy::Rank | HitPolicy::Collect(_) => {
                return Ok(TableState::Rows);
            }
        }
        let Some((first, others)) = self.frame.hits(id).split_first() else {
            return Err(self.no_row(id));
        };
        let mut row = *first;
        match table.policy {
            HitPolicy::Priority => {
                for other in others {
                    if severity(*other) > severity(row) {
                        row = *other;
                    }
                }
            }
            HitPolicy::Any => self.fill_same(id)?,
            _ => {
                if let Some(other) = others.first() {
                    let (table, [one, other]) = self.named_rows(id, [row, *other]);
                    let kind = FaultKind::RowsMatch { table, one, other };
                    return Err(self.fault(kind, self.program.tables[id].span));
                }
            }
        }
        Ok(TableState::Row(row))
    }

    #[cold]
    pub(super) fn no_row(&mut self, id: TableId) -> Stop {
        let table = self.program.policy.tables[id].name.clone();
        self.fault(FaultKind::NoRow { table }, self.program.tables[id].span)
    }

    /// The names of a table and of rows of it.
    pub(super) fn named_rows<const N: usize>(
        &self,
        id: TableId,
        rows: [u32; N],
    ) -> (Arc<str>, [Arc<str>; N]) {
        let table = &self.program.policy.tables[id];
        let name = |row: u32| match table.rows.get(row as usize) {
            Some(row) => row.id.into(),
            None => "?".into(),
        };
        (Arc::clone(&table.name), rows.map(name))
    }

    /// Finds the first cell of a row that does not hold; `None` where the row matches.
    #[inline]
    pub(super) fn closing_cell(
        &mut self,
        table: &'p TableCode,
        row: &RowCode,
    ) -> Result<Option<u32>, Stop> {
        for cell in table.tests(row) {
            let holds = match &table.noted {
                None => self.truth(table.test(*cell))?,
                Some(noted) => self.noted_cell(table, *cell, noted.start)?,
            };
            if !holds {
                return Ok(Some(*cell));
            }
        }
        Ok(None)
    }

    /// Asks a cell that many rows share, unless it was asked.
    fn noted_cell(&mut self, table: &'p TableCode, cell: u32, first: usize) -> Result<bool, Stop> {
        let place = first + cell as usize;
        if let Some(Some(known)) = self.frame.noted.get(place) {
            return Ok(*known);
        }
        let holds = self.truth(table.test(cell))?;
        if let Some(note) = self.frame.noted.get_mut(place) {
            *note = Some(holds);
        }
        Ok(holds)
    }

    /// Puts the fault of a cell into the row that met it: rows share their cells, and
    /// these have the place of the first of them.
    #[cold]
    pub(super) fn at_row(&mut self, stop: Stop, id: TableId, row: u32) -> Stop {
        let rows = &self.program.policy.tables[id].rows;
        if let Stop::Fault(fault) = stop
            && let Some(fault) = self.frame.faults.get_mut(fault as usize)
            && let Some(row) = rows.get(row as usize)
            && !row.span.contains(fault.span)
            && rows.iter().any(|other| other.span.contains(fault.span))
        {
            fault.span = row.span;
        }
        stop
    }
}
