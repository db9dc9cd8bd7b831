//! The elements of lists in a frame: a column for each field, the elements of all
//! lists within records one behind the other.

use crate::Exact;
use crate::ids::{Id as _, ListId, TableId};
use crate::program::{Kind, Slot, packed, unpacked};

use super::arena::TextRange;
use super::frame::Frame;
use super::state::{Given, SlotState};
use super::value::Held;

/// The elements of a list
#[derive(Clone, Debug, Default)]
pub(super) struct Columns {
    pub(super) given: Given,
    fields: Box<[Column]>,
    /// Of a list within records, by record: the range of its elements
    ranges: Vec<i64>,
    length: usize,
}

#[derive(Clone, Debug)]
struct Column {
    states: Vec<SlotState>,
    values: Values,
}

#[derive(Clone, Debug)]
enum Values {
    Whole(Vec<i64>),
    Exact(Vec<Exact>),
    Text(Vec<TextRange>),
}

/// How many elements a frame keeps room for from one case to the next
const KEPT: usize = 1 << 14;

/// Empties a vector; what a rare large case took is given back.
fn empty<T>(values: &mut Vec<T>) {
    values.clear();
    values.shrink_to(KEPT);
}

impl Columns {
    pub(super) fn new(kinds: impl Iterator<Item = Kind>) -> Self {
        let fields = kinds.map(|kind| Column {
            states: Vec::new(),
            values: match kind {
                Kind::Whole => Values::Whole(Vec::new()),
                Kind::Exact => Values::Exact(Vec::new()),
                Kind::Text => Values::Text(Vec::new()),
            },
        });
        Self {
            fields: fields.collect(),
            ..Self::default()
        }
    }

    /// How many elements there are, of all records together.
    pub(super) fn length(&self) -> usize {
        self.length
    }

    /// For how many records their elements are known.
    pub(super) fn n_ranges(&self) -> usize {
        self.ranges.len()
    }

    pub(super) fn range(&self, record: usize) -> i64 {
        self.ranges.get(record).copied().unwrap_or(0)
    }

    /// Takes the elements from `start` on for the next record's.
    pub(super) fn add_range(&mut self, start: usize) {
        self.ranges.push(packed(start, self.length - start));
    }

    /// The value of a field of an element, where it is there.
    pub(super) fn value(&self, field: usize, element: usize) -> Option<Held> {
        let column = self.fields.get(field)?;
        if column.states.get(element) != Some(&SlotState::Present) {
            return None;
        }
        Some(match &column.values {
            Values::Whole(values) => Held::Whole(*values.get(element)?),
            Values::Exact(values) => Held::Exact(*values.get(element)?),
            Values::Text(values) => Held::Text(*values.get(element)?),
        })
    }

    /// The record that an element lies in, and its position there.
    pub(super) fn record_of(&self, element: usize) -> Option<(usize, usize)> {
        let mut ranges = self.ranges.iter().map(|range| unpacked(*range)).enumerate();
        ranges.find_map(|(record, (start, length))| {
            let within = element.checked_sub(start)?;
            (within < length).then_some((record, within))
        })
    }

    /// The first element whose exact number has more digits behind the point.
    pub(super) fn longer_than(&self, field: usize, digits: u32) -> Option<(usize, Exact)> {
        let column = self.fields.get(field)?;
        let Values::Exact(values) = &column.values else {
            return None;
        };
        let mut there = values.iter().zip(&column.states).enumerate();
        there.find_map(|(element, (value, state))| {
            let long = *state == SlotState::Present && value.places() > digits;
            long.then_some((element, *value))
        })
    }

    /// Forgets what a field holds.
    fn clear_field(&mut self, field: usize) {
        if let Some(column) = self.fields.get_mut(field) {
            column.clear();
        }
    }

    pub(super) fn clear(&mut self) {
        if self.length == 0 && self.given == Given::No && self.ranges.is_empty() {
            return;
        }
        self.given = Given::No;
        self.length = 0;
        empty(&mut self.ranges);
        for column in &mut self.fields {
            column.clear();
        }
    }
}

impl Column {
    fn clear(&mut self) {
        empty(&mut self.states);
        match &mut self.values {
            Values::Whole(values) => empty(values),
            Values::Exact(values) => empty(values),
            Values::Text(values) => empty(values),
        }
    }
}

// Macros, for a column and the slots lie in one frame and are borrowed field by field.

/// Takes what is in a slot as a column's next element.
macro_rules! push {
    ($frame:ident, $column:ident, $slot:ident) => {{
        $column.states.push($frame.states[$slot.id as usize]);
        let at = $slot.at as usize;
        match &mut $column.values {
            Values::Whole(values) => values.push($frame.whole[at]),
            Values::Exact(values) => values.push($frame.exact[at]),
            Values::Text(values) => values.push($frame.text[at]),
        }
    }};
}

/// Copies a column's element into a slot.
macro_rules! load {
    ($frame:ident, $column:ident, $element:ident, $slot:ident) => {{
        $frame.states[$slot.id as usize] = $column.states[$element];
        let at = $slot.at as usize;
        match &$column.values {
            Values::Whole(values) => $frame.whole[at] = values[$element],
            Values::Exact(values) => $frame.exact[at] = values[$element],
            Values::Text(values) => $frame.text[at] = values[$element],
        }
    }};
}

// INVARIANT: `Program::frame` made the columns by the program that made the lists,
// fields and slots below.
#[expect(
    clippy::indexing_slicing,
    reason = "the frame is sized by the program that made the index"
)]
impl Frame {
    pub(super) fn columns(&self, list: ListId) -> &Columns {
        &self.rare.lists[list.position()]
    }

    pub(super) fn columns_mut(&mut self, list: ListId) -> &mut Columns {
        &mut self.rare.lists[list.position()]
    }

    /// Takes an element whose fields are in `slots`.
    pub(super) fn push_element(&mut self, list: ListId, slots: impl Iterator<Item = Slot>) {
        let columns = &mut self.rare.lists[list.position()];
        for (column, slot) in columns.fields.iter_mut().zip(slots) {
            push!(self, column, slot);
        }
        columns.length += 1;
    }

    /// Copies a field of an element into a slot.
    pub(super) fn load_field(&mut self, list: ListId, field: usize, element: usize, slot: Slot) {
        let column = &self.rare.lists[list.position()].fields[field];
        load!(self, column, element, slot);
    }

    /// What the rows of a table give that are lists: a column an output.
    pub(super) fn cells(&self, table: TableId) -> &Columns {
        &self.cells[table.position()]
    }

    /// Forgets what the rows of a table give for an output.
    pub(super) fn clear_cells(&mut self, table: TableId, output: u32) {
        self.cells[table.position()].clear_field(output as usize);
    }

    /// Takes what is in a slot for what the next row gives.
    pub(super) fn push_cell(&mut self, table: TableId, output: u32, slot: Slot) {
        let column = &mut self.cells[table.position()].fields[output as usize];
        push!(self, column, slot);
    }

    /// Copies what a row gives into a slot.
    pub(super) fn load_cell(&mut self, table: TableId, output: u32, row: usize, slot: Slot) {
        let column = &self.cells[table.position()].fields[output as usize];
        load!(self, column, row, slot);
    }

    /// Copies the range of a list within a record into a slot.
    pub(super) fn load_range(&mut self, list: ListId, record: usize, slot: Slot) {
        let range = self.columns(list).range(record);
        self.set_whole(slot, range);
    }
}
