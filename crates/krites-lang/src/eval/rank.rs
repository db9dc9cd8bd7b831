//! Ranks: open rows in the order of a value, and models that are asked for all of
//! them at once.

use crate::Exact;
use crate::ids::{ModelId, TableId};
use crate::program::{FloorCode, Kind, NeedsCode, Program, RankCode, Slot, TableCode};

use super::arena::TextRange;
use super::frame::Frame;
use super::model::Answers;
use super::run::{Run, Stop};
use super::state::{ModelState, SlotState, TableState};

/// The rows of a rank
#[derive(Clone, Debug, Default)]
pub(super) struct Ranked {
    /// Those that are not open, and why, as written
    pub(super) closed: Vec<(u32, Closed)>,
    /// As written
    pub(super) open: Vec<u32>,
    /// Those that have a value, in the order of it
    pub(super) order: Vec<(RankValue, u32)>,
    /// How many of these are not below the floor
    pub(super) above: usize,
}

/// Why a row is not open
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Closed {
    /// A cell does not hold, by its position among those of all columns
    Cell(u32),
    /// It is for the rest, and others are open
    Rest,
    /// It does not hold on the day
    Off,
}

impl Ranked {
    /// Forgets all rows.
    pub(super) fn clear(&mut self) {
        self.closed.clear();
        self.open.clear();
        self.order.clear();
        self.above = 0;
    }
}

/// What orders a row
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum RankValue {
    Whole(i64),
    Exact(Exact),
}

/// An answer for a row
#[derive(Clone, Copy, Debug)]
pub(super) enum RowValue {
    Whole(i64),
    Exact(Exact),
    Text(TextRange),
}

impl Frame {
    fn row_value(&self, slot: Slot, kind: Kind) -> RowValue {
        match kind {
            Kind::Whole => RowValue::Whole(self.whole(slot)),
            Kind::Exact => RowValue::Exact(self.exact(slot)),
            Kind::Text => RowValue::Text(self.text_range(slot)),
        }
    }

    fn set_row_value(&mut self, slot: Slot, value: RowValue) {
        match value {
            RowValue::Whole(value) => self.set_whole(slot, value),
            RowValue::Exact(value) => self.set_exact(slot, value),
            RowValue::Text(range) => self.set_text_range(slot, range),
        }
    }

    fn rank_value(&self, slot: Slot, kind: Kind) -> RankValue {
        match kind {
            Kind::Exact => RankValue::Exact(self.exact(slot)),
            Kind::Whole | Kind::Text => RankValue::Whole(self.whole(slot)),
        }
    }
}

impl Program {
    /// Keeps the answers for a row, which stand in their slots.
    pub(super) fn keep_row(&self, frame: &mut Frame, id: ModelId, row: usize) {
        let gives = &self.models[id].gives;
        let mut kept = std::mem::take(frame.of_rows_mut(id));
        kept.truncate(row * gives.len());
        kept.extend(
            gives
                .iter()
                .map(|give| frame.row_value(give.slot, give.kind)),
        );
        *frame.of_rows_mut(id) = kept;
    }
}

impl<'p, A: Answers> Run<'p, '_, A> {
    /// Notes all rows that are open, as written, and why the others are not.
    pub(super) fn find_open(&mut self, id: TableId, table: &'p TableCode) -> Result<(), Stop> {
        self.frame.hits_mut(id).clear();
        for (row, code) in (0_u32..).zip(&table.rows) {
            let closed = match self.holds_today(table.days_of(row)) {
                false => Some(Closed::Off),
                true => match self.closing_cell(table, code) {
                    Ok(cell) => cell.map(Closed::Cell),
                    Err(stop) => {
                        self.note_open(id);
                        return Err(self.at_row(stop, id, row));
                    }
                },
            };
            let for_rest = table.rest == Some(row) && !self.frame.hits(id).is_empty();
            match closed.or(for_rest.then_some(Closed::Rest)) {
                Some(closed) => self.frame.ranked_mut(id).closed.push((row, closed)),
                None => self.frame.hits_mut(id).push(row),
            }
        }
        Ok(())
    }

    /// Notes the rows that were found open, also of a rank that failed at a later one.
    fn note_open(&mut self, id: TableId) {
        let frame = &mut *self.frame;
        let mut ranked = std::mem::take(frame.ranked_mut(id));
        ranked.open.extend_from_slice(frame.hits(id));
        *frame.ranked_mut(id) = ranked;
    }

    /// Orders the rows that are open, and keeps those that count.
    pub(super) fn rank(&mut self, id: TableId, rank: &'p RankCode) -> Result<TableState, Stop> {
        self.note_open(id);
        let mut order = std::mem::take(&mut self.frame.ranked_mut(id).order);
        let done = self.order(id, rank, &mut order);
        // Of rows of one value the first as written comes first.
        order.sort_unstable_by(|(one, first), (other, second)| {
            other.cmp(one).then(first.cmp(second))
        });
        let hits = self.frame.hits_mut(id);
        hits.clear();
        let floor = match done {
            Ok(floor) => floor,
            Err(stop) => {
                self.frame.ranked_mut(id).order = order;
                return Err(stop);
            }
        };
        // The largest come first
        let above = order.partition_point(|(value, _)| floor.is_none_or(|floor| *value >= floor));
        let kept = order.iter().take(above.min(rank.at_most));
        hits.extend(kept.map(|(_, row)| *row));
        let ranked = self.frame.ranked_mut(id);
        ranked.order = order;
        ranked.above = above;
        Ok(TableState::Rows)
    }

    /// Computes what orders the open rows; a row without it is closed. Returns what
    /// rows are not below.
    fn order(
        &mut self,
        id: TableId,
        rank: &'p RankCode,
        order: &mut Vec<(RankValue, u32)>,
    ) -> Result<Option<RankValue>, Stop> {
        let floor = match &rank.at_least {
            Some(FloorCode::Whole(floor)) => Some(RankValue::Whole(self.whole(floor)?)),
            Some(FloorCode::Exact(floor)) => Some(RankValue::Exact(self.number(floor)?)),
            None => None,
        };
        let Some(slot) = rank.at_hand.get(rank.by as usize).copied() else {
            return Ok(floor);
        };
        let mut at = 0;
        while let Some(row) = self.frame.ranked(id).open.get(at).copied() {
            self.fill_cell(id, row, rank.by, slot)?;
            if self.frame.state(slot) == SlotState::Present {
                order.push((self.frame.rank_value(slot, rank.kind), row));
            }
            at += 1;
        }
        Ok(floor)
    }

    /// Fills what is read of a row: models' answers, and outputs in their order.
    pub(super) fn bring_to_hand(
        &mut self,
        id: TableId,
        row: u32,
        needs: &'p NeedsCode,
    ) -> Result<(), Stop> {
        for model in &needs.models {
            self.need_model(*model)?;
        }
        for model in &needs.models {
            self.load_row(*model, id, row);
        }
        let Some(rank) = &self.program.tables[id].rank else {
            return Ok(());
        };
        for output in &needs.outputs {
            if let Some(slot) = rank.at_hand.get(*output as usize) {
                self.store_cell(id, row, *output, *slot)?;
            }
        }
        Ok(())
    }

    /// How many rows a model is fed.
    pub(super) fn rows_fed(&self, id: ModelId) -> usize {
        match &self.program.models[id].each {
            Some(each) => self.frame.ranked(each.table).open.len(),
            None => 1,
        }
    }

    /// Fills what a model's feed reads of a row.
    pub(super) fn bring_row(&mut self, id: ModelId, at: usize) -> Result<(), Stop> {
        let Some(each) = &self.program.models[id].each else {
            return Ok(());
        };
        match self.frame.ranked(each.table).open.get(at).copied() {
            Some(row) => self.bring_to_hand(each.table, row, &each.needs),
            None => Ok(()),
        }
    }

    /// Puts the answers for a row into their slots, where those of one stand for all
    /// rows already.
    fn load_row(&mut self, model: ModelId, table: TableId, row: u32) {
        let at = match self.frame.model(model) {
            ModelState::Answered => self.frame.ranked(table).open.binary_search(&row).ok(),
            // A test states them for all rows, open or not
            ModelState::Stated => Some(row as usize),
            _ => None,
        };
        let Some(at) = at else {
            return;
        };
        let gives = &self.program.models[model].gives;
        let first = at * gives.len();
        for (position, give) in gives.iter().enumerate() {
            let kept = self.frame.of_rows(model).get(first + position);
            if let Some(value) = kept.copied() {
                self.frame.set_row_value(give.slot, value);
            }
        }
    }
}
