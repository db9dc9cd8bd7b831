//! What tables give: the cell of the row that counts, or what is made of the cells of
//! all that do.

use crate::Exact;
use crate::ids::TableId;
use crate::ir::{Collect, HitPolicy};
use crate::program::{CellCode, Kind, Overflow, Slot, TableCode, TableOutputCode};

use super::aggregate::Folded;
use super::fault::FaultKind;
use super::model::Answers;
use super::run::{Run, Stop};
use super::state::{SlotState, TableState};

impl<'p, A: Answers> Run<'p, '_, A> {
    /// Fills the slot of a table's output.
    pub(super) fn table_output(&mut self, id: TableId, output: u32) -> Result<(), Stop> {
        let table = &self.program.tables[id];
        let Some(target) = table.outputs.get(output as usize) else {
            return Ok(());
        };
        let done = self.fill(id, table, output, target);
        if let Err(stop) = done {
            self.leave(target.slot, stop);
        }
        done
    }

    /// A slot that could not be filled has the fault, or is as if it had not been asked.
    fn leave(&mut self, slot: Slot, stop: Stop) {
        match stop {
            Stop::Fault(fault) => self.frame.set_fault(slot, fault),
            Stop::Slot(_) | Stop::Model(_) | Stop::Group(_) | Stop::New => {
                self.frame.set_state(slot, SlotState::Unset);
            }
        }
    }

    fn fill(
        &mut self,
        id: TableId,
        table: &'p TableCode,
        output: u32,
        target: &'p TableOutputCode,
    ) -> Result<(), Stop> {
        match self.find_rows(id)? {
            // Found with its values
            TableState::Row(_) if table.policy == HitPolicy::Any => Ok(()),
            TableState::Row(row) => self.fill_cell(id, row, output, target.slot),
            TableState::Rows => match table.policy {
                HitPolicy::Collect(Collect::Count) => {
                    let count = i64::try_from(self.frame.hits(id).len()).unwrap_or(i64::MAX);
                    self.frame.set_whole(target.slot, count);
                    Ok(())
                }
                _ if table.policy.gives_lists() => self.fill_list(id, output, target.slot),
                HitPolicy::Collect(how) => self.collect(id, output, target, how),
                _ => Ok(()),
            },
            TableState::Off if table.policy.gives_lists() => {
                self.frame.clear_cells(id, output);
                self.frame.set_state(target.slot, SlotState::Present);
                Ok(())
            }
            TableState::NotAsked | TableState::Off | TableState::Fault(_) => {
                self.frame.set_state(target.slot, SlotState::Missing);
                Ok(())
            }
        }
    }

    /// The position of the row that counts as this one in order.
    fn hit(&self, id: TableId, at: usize) -> Option<u32> {
        self.frame.hits(id).get(at).copied()
    }

    /// Computes what all rows that count give: as a whole, and once.
    fn fill_list(&mut self, id: TableId, output: u32, slot: Slot) -> Result<(), Stop> {
        self.frame.clear_cells(id, output);
        let mut at = 0;
        while let Some(row) = self.hit(id, at) {
            at += 1;
            self.fill_cell(id, row, output, slot)?;
            self.frame.push_cell(id, output, slot);
        }
        self.frame.set_state(slot, SlotState::Present);
        Ok(())
    }

    /// Fills a slot from the cell of a row.
    pub(super) fn fill_cell(
        &mut self,
        id: TableId,
        row: u32,
        output: u32,
        slot: Slot,
    ) -> Result<(), Stop> {
        let table = &self.program.tables[id];
        if let Some(needs) = table
            .rank
            .as_ref()
            .and_then(|rank| rank.needs.get(output as usize))
        {
            self.bring_to_hand(id, row, needs)?;
        }
        self.store_cell(id, row, output, slot)
    }

    /// Computes the cell of a row into a slot; what it rests on in its row is there.
    pub(super) fn store_cell(
        &mut self,
        id: TableId,
        row: u32,
        output: u32,
        slot: Slot,
    ) -> Result<(), Stop> {
        let table = &self.program.tables[id];
        let places = table
            .outputs
            .get(output as usize)
            .and_then(|output| output.places);
        match table.cell(row, output) {
            Some(CellCode::Whole(value)) => {
                self.frame.set_whole(slot, value);
                Ok(())
            }
            Some(CellCode::Exact(value)) => {
                self.frame.set_exact(slot, self.rounded(value, places));
                Ok(())
            }
            Some(CellCode::Code(code)) => self
                .store(slot, code, places)
                .map_err(|stop| self.at_row(stop, id, row)),
            None => {
                self.frame.set_state(slot, SlotState::Missing);
                Ok(())
            }
        }
    }

    /// Fills the slots of all outputs from the first row, and makes sure that the other
    /// rows that hold give the same.
    pub(super) fn fill_same(&mut self, id: TableId) -> Result<(), Stop> {
        let done = self.compare_rows(id);
        if let Err(stop) = done {
            for output in &self.program.tables[id].outputs {
                self.leave(output.slot, stop);
            }
        }
        done
    }

    fn compare_rows(&mut self, id: TableId) -> Result<(), Stop> {
        let table = &self.program.tables[id];
        let rows = &self.program.policy.tables[id].rows;
        let because = |row: u32| rows.because(row as usize);
        let mut first = None;
        let mut at = 0;
        while let Some(row) = self.hit(id, at) {
            at += 1;
            let one = *first.get_or_insert(row);
            let mut same = because(one) == because(row);
            for (output, target) in (0..).zip(&table.outputs) {
                let slot = match target.other {
                    Some(other) if row != one => other,
                    _ => target.slot,
                };
                self.fill_cell(id, row, output, slot)?;
                same &= self.frame.same(target.slot, slot, target.kind);
            }
            if !same {
                let (table, [one, other]) = self.named_rows(id, [one, row]);
                let kind = FaultKind::RowsDiffer { table, one, other };
                return Err(self.fault(kind, self.program.tables[id].span));
            }
        }
        Ok(())
    }

    /// Makes one value of the cells of all rows that count, in order.
    fn collect(
        &mut self,
        id: TableId,
        output: u32,
        target: &'p TableOutputCode,
        how: Collect,
    ) -> Result<(), Stop> {
        let slot = target.slot;
        let found = match target.kind {
            Kind::Exact => {
                let read = |run: &Self| run.frame.exact(slot);
                let found = self.fold::<Exact>(id, output, target, how, read)?;
                found.map(|value| self.frame.set_exact(slot, value))
            }
            Kind::Whole | Kind::Text => {
                let read = |run: &Self| run.frame.whole(slot);
                let found = self.fold::<i64>(id, output, target, how, read)?;
                found.map(|value| self.frame.set_whole(slot, value))
            }
        };
        match found {
            Some(()) => Ok(()),
            None if target.optional => {
                self.frame.set_state(slot, SlotState::Missing);
                Ok(())
            }
            None => Err(self.no_row(id)),
        }
    }

    fn fold<V: Folded>(
        &mut self,
        id: TableId,
        output: u32,
        target: &'p TableOutputCode,
        how: Collect,
        read: impl Fn(&Self) -> V,
    ) -> Result<Option<V>, Stop> {
        let mut so_far: Option<V> = None;
        let mut at = 0;
        while let Some(row) = self.hit(id, at) {
            at += 1;
            self.fill_cell(id, row, output, target.slot)?;
            if self.frame.state(target.slot) != SlotState::Present {
                continue;
            }
            let value = read(self);
            so_far = Some(match (how, so_far) {
                (Collect::Sum, Some(sum)) => match sum.add(value, target.rounds) {
                    Ok(sum) => sum,
                    Err(fault) => {
                        let span = self.program.tables[id].span;
                        return Err(match target.overflow {
                            Overflow::Number => self.number_fault(fault, span),
                            Overflow::Duration => self.fault(FaultKind::Calendar, span),
                        });
                    }
                },
                (Collect::Min, Some(least)) if !value.before(&least) => least,
                (Collect::Max, Some(most)) if !most.before(&value) => most,
                _ => value,
            });
        }
        let none = how == Collect::Sum && !target.optional;
        Ok(so_far.or_else(|| none.then(V::zero).flatten()))
    }
}
