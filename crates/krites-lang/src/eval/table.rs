//! Tables: the first row whose cells all hold.

use crate::ids::TableId;

use super::fault::FaultKind;
use super::frame::{SlotState, TableState};
use super::model::Answers;
use super::run::{Run, Stop};

impl<A: Answers> Run<'_, '_, A> {
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
        'rows: for (position, row) in (0_u32..).zip(&table.rows) {
            for test in &row.tests {
                if !self.truth(test)? {
                    continue 'rows;
                }
            }
            return Ok(position);
        }
        let name = self.program.policy.tables[id].name.clone();
        Err(self.fault(FaultKind::NoRow { table: name }, table.span))
    }

    /// Fills the slot of a table's output from the row's cell.
    pub(super) fn table_output(&mut self, id: TableId, output: u32) -> Result<(), Stop> {
        let table = &self.program.tables[id];
        let Some(target) = table.outputs.get(output as usize) else {
            return Ok(());
        };
        let done = match self.table_row(id) {
            Err(stop) => Err(stop),
            Ok(row) => {
                let cell = table
                    .rows
                    .get(row as usize)
                    .and_then(|row| row.values.get(output as usize));
                match cell {
                    Some(Some(code)) => self.store(target.slot, code, target.places),
                    Some(None) | None => {
                        self.frame.set_state(target.slot, SlotState::Missing);
                        Ok(())
                    }
                }
            }
        };
        if let Err(Stop::Fault(fault)) = done {
            self.frame.set_fault(target.slot, fault);
        }
        done
    }
}
