//! Tables: the first row whose cells all hold.

use crate::ids::TableId;
use crate::program::{RowCode, TableCode};

use super::fault::FaultKind;
use super::frame::{SlotState, TableState};
use super::model::Answers;
use super::run::{Run, Stop};

impl<'p, A: Answers> Run<'p, '_, A> {
    /// Finds the row of a table, once.
    pub(super) fn table_row(&mut self, id: TableId) -> Result<u32, Stop> {
        match self.frame.table(id) {
            TableState::Row(row) => return Ok(row),
            TableState::Fault(fault) => return Err(Stop::Fault(fault)),
            TableState::NotAsked => {}
        }
        let found = self.find_row(id);
        match found {
            Ok(row) => self.frame.set_table(id, TableState::Row(row)),
            Err(Stop::Fault(fault)) => self.frame.set_table(id, TableState::Fault(fault)),
            Err(Stop::Slot(_) | Stop::Model(_)) => {}
        }
        found
    }

    fn find_row(&mut self, id: TableId) -> Result<u32, Stop> {
        let table = &self.program.tables[id];
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
        for (position, row) in (0_u32..).zip(&table.rows) {
            match self.row_holds(table, row) {
                Ok(true) => return Ok(position),
                Ok(false) => {}
                Err(stop) => return Err(self.at_row(stop, id, position)),
            }
        }
        let name = self.program.policy.tables[id].name.clone();
        Err(self.fault(FaultKind::NoRow { table: name }, table.span))
    }

    fn row_holds(&mut self, table: &'p TableCode, row: &RowCode) -> Result<bool, Stop> {
        for cell in table.tests(row) {
            let holds = match &table.noted {
                None => self.truth(table.test(*cell))?,
                Some(noted) => self.noted_cell(table, *cell, noted.start)?,
            };
            if !holds {
                return Ok(false);
            }
        }
        Ok(true)
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
    fn at_row(&mut self, stop: Stop, id: TableId, row: u32) -> Stop {
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

    /// Fills the slot of a table's output from the row's cell.
    pub(super) fn table_output(&mut self, id: TableId, output: u32) -> Result<(), Stop> {
        let table = &self.program.tables[id];
        let Some(target) = table.outputs.get(output as usize) else {
            return Ok(());
        };
        let done = match self.table_row(id) {
            Err(stop) => Err(stop),
            Ok(row) => match table.cell(row, output) {
                Some(code) => self
                    .store(target.slot, code, target.places)
                    .map_err(|stop| self.at_row(stop, id, row)),
                None => {
                    self.frame.set_state(target.slot, SlotState::Missing);
                    Ok(())
                }
            },
        };
        if let Err(Stop::Fault(fault)) = done {
            self.frame.set_fault(target.slot, fault);
        }
        done
    }
}
