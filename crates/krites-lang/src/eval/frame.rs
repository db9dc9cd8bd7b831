//! The frame: all state of one case. It is owned, `Send`, and reused.

mod buffers;
mod from_program;
mod rare;
mod touched;
mod trace;

use std::ops::Range;

use crate::Exact;
use crate::ids::{AlwaysId, GroupId, Id as _, InputId, ModelId, ReasonId, RuleId, TableId, TagId};
use crate::program::{Constant, Kind, NO_ROW, Slot};

use super::arena::TextRange;
use super::columns::Columns;
use super::extra::Argument;
use super::fault::{Fault, FaultKind};
use super::group::GroupState;
use super::model::Answer;
use super::rank::{Ranked, RowValue};
use super::rule_states::RuleStates;
use super::shortfalls::Shortfall;
use super::state::{
    AlwaysState, Feed, Given, ModelState, RuleState, SlotState, Speaker, Spoken, TableState,
};
use rare::Rare;
use touched::Touched;

/// States are cleared by so many at a time, which takes a few stores and no call, so that
/// the frame has room for whole blocks of them
const BLOCK: usize = 32;

/// All state of one case
#[derive(Clone, Debug)]
pub struct Frame {
    pub(super) program: u64,
    /// Whole blocks, as `given`
    pub(super) states: Box<[SlotState]>,
    /// Of slots in state fault: which
    pub(super) slot_faults: Box<[u32]>,
    pub(super) whole: Box<[i64]>,
    pub(super) exact: Box<[Exact]>,
    pub(super) text: Box<[TextRange]>,
    /// Texts that were given or are kept
    pub(super) arena: String,
    /// Texts that are being made, one within the other
    pub(super) scratch: String,
    /// For what is written about a text, letter by letter
    pub(super) buffer: String,
    pub(super) given: Box<[Given]>,
    /// How many inputs were given
    pub(super) n_given: usize,
    pub(super) faults: Vec<Fault>,
    pub(super) rules: RuleStates,
    pub(super) tables: Touched<Box<[TableState]>>,
    /// By table: the row of a scorecard's feature that was found without asking it, or
    /// [`NO_ROW`]; in whole blocks, of a program that has such scorecards
    pub(super) bins: Touched<Box<[u32]>>,
    /// By table: the rows that match, where more than the first one counts
    pub(super) hits: Box<[Vec<u32>]>,
    /// By table: what its rows give, where that is a list
    pub(super) cells: Box<[Columns]>,
    /// For codes of indexes
    pub(super) codes: Box<[u32]>,
    /// What cells of tables with many rows came to; nothing where they were not asked
    pub(super) noted: Box<[Option<bool>]>,
    pub(super) feeds: Box<[Box<[Feed]>]>,
    pub(super) answers: Box<[Vec<Answer>]>,
    /// By table: the open rows of a rank, as written, each with what orders it
    pub(super) ranks: Box<[Ranked]>,
    /// By model that is asked for each row: its answers, row after row
    pub(super) of_rows: Box<[Vec<RowValue>]>,
    /// Arguments on their way to their parameters
    pub(super) arguments: Vec<Argument>,
    pub(super) spoken: Vec<Spoken>,
    pub(super) reasons: Vec<ReasonId>,
    /// Tags, each with what gives it
    pub(super) tagged: Vec<(Speaker, TagId)>,
    pub(super) tags: Vec<TagId>,
    /// What few cases touch
    pub(super) rare: Touched<Rare>,
    /// While reasons are found
    pub(super) shortfalls: Vec<Shortfall>,
    /// While contributions are asked for
    pub(super) contribution_values: Vec<f64>,
    /// While reasons are found: features in the order in which they count
    pub(super) by_contribution: Vec<usize>,
}

// INVARIANT: `Program::frame` sized every array by the program that made the
// slots and ids below; entry points refuse a frame of another program.
#[expect(
    clippy::indexing_slicing,
    reason = "the frame is sized by the program that made the index"
)]
impl Frame {
    /// Empties the frame for the next case.
    #[inline]
    pub(super) fn clear(&mut self) {
        clear_blocks(&mut self.states, SlotState::Unset);
        clear_blocks(&mut self.given, Given::No);
        self.n_given = 0;
        self.clear_made();
    }

    /// Empties the frame but for these states and what is noted as given.
    #[inline]
    pub(super) fn clear_to(&mut self, states: &[SlotState], given: &[Given], n_given: usize) {
        copy_blocks(&mut self.states, states);
        copy_blocks(&mut self.given, given);
        self.n_given = n_given;
        self.clear_made();
    }

    /// Forgets what was made of what the last case was given.
    #[inline]
    fn clear_made(&mut self) {
        self.rules.clear();
        self.tables
            .clear(|tables| tables.fill(TableState::NotAsked));
        self.bins.clear(|bins| clear_blocks(bins, NO_ROW));
        self.clear_texts();
        self.faults.clear();
        self.arguments.clear();
        self.spoken.clear();
        self.reasons.clear();
        self.tagged.clear();
        self.tags.clear();
        self.rare.clear(Rare::clear);
    }

    /// Takes over what the case of another frame was given, lists and groups included.
    pub(super) fn take_given(&mut self, other: &Frame) {
        self.given.copy_from_slice(&other.given);
        self.n_given = other.n_given;
        self.rare.take_given(&other.rare);
    }

    #[inline]
    pub(super) fn state(&self, slot: Slot) -> SlotState {
        self.states[slot.id as usize]
    }

    #[inline]
    pub(super) fn set_state(&mut self, slot: Slot, state: SlotState) {
        self.states[slot.id as usize] = state;
    }

    pub(super) fn set_fault(&mut self, slot: Slot, fault: u32) {
        self.states[slot.id as usize] = SlotState::Fault;
        self.slot_faults[slot.id as usize] = fault;
    }

    pub(super) fn slot_fault(&self, slot: Slot) -> u32 {
        self.slot_faults[slot.id as usize]
    }

    /// Tells whether a value is there or missing, where that is known.
    #[inline]
    pub(super) fn is_there(&self, slot: Slot) -> Option<bool> {
        match self.state(slot) {
            SlotState::Present => Some(true),
            SlotState::Missing => Some(false),
            SlotState::Unset | SlotState::Fault | SlotState::Pending => None,
        }
    }

    /// A whole number that is there.
    #[inline]
    pub(super) fn whole_at_hand(&self, slot: Slot) -> Option<i64> {
        (self.state(slot) == SlotState::Present).then(|| self.whole(slot))
    }

    /// An exact number that is there.
    #[inline]
    pub(super) fn exact_at_hand(&self, slot: Slot) -> Option<Exact> {
        (self.state(slot) == SlotState::Present).then(|| self.exact(slot))
    }

    #[inline]
    pub(super) fn whole(&self, slot: Slot) -> i64 {
        self.whole[slot.at as usize]
    }

    #[inline]
    pub(super) fn set_whole(&mut self, slot: Slot, value: i64) {
        self.put_whole(slot, value);
        self.states[slot.id as usize] = SlotState::Present;
    }

    /// Writes a value without saying that it is there.
    #[inline]
    pub(super) fn put_whole(&mut self, slot: Slot, value: i64) {
        self.whole[slot.at as usize] = value;
    }

    #[inline]
    pub(super) fn exact(&self, slot: Slot) -> Exact {
        self.exact[slot.at as usize]
    }

    #[inline]
    pub(super) fn set_exact(&mut self, slot: Slot, value: Exact) {
        self.put_exact(slot, value);
        self.states[slot.id as usize] = SlotState::Present;
    }

    /// As [`Frame::put_whole`].
    #[inline]
    pub(super) fn put_exact(&mut self, slot: Slot, value: Exact) {
        self.exact[slot.at as usize] = value;
    }

    /// Writes a constant; tells whether there was room, which texts alone may lack.
    #[must_use]
    pub(super) fn set_constant(&mut self, slot: Slot, value: &Constant) -> bool {
        match value {
            Constant::Whole(value) => self.set_whole(slot, *value),
            Constant::Exact(value) => self.set_exact(slot, *value),
            Constant::Text(value) => return self.set_text(slot, value),
        }
        true
    }

    pub(super) fn add_fault(&mut self, fault: Fault) -> u32 {
        self.faults.push(fault);
        u32::try_from(self.faults.len() - 1).unwrap_or(u32::MAX)
    }

    /// Of a fault, what went wrong, and which group on request is not there for it.
    pub(super) fn cause(&self, fault: u32) -> (FaultKind, Option<GroupId>) {
        match self.faults.get(fault as usize) {
            Some(fault) => (fault.kind.clone(), fault.group),
            None => (FaultKind::Missing, None),
        }
    }

    pub(super) fn begin_site(&mut self, site: u32) {
        self.rare.steps.begin(site);
    }

    pub(super) fn look_at_one(&mut self, site: u32) -> bool {
        self.rare.steps.one_more(site)
    }

    pub(super) fn set_given(&mut self, id: InputId, given: Given) {
        self.given[id.position()] = given;
    }

    /// Takes back that an input was given.
    pub(super) fn take_back(&mut self, id: InputId) {
        if self.given(id) != Given::No {
            self.set_given(id, Given::No);
            self.n_given = self.n_given.saturating_sub(1);
        }
    }

    /// Tells whether one of these inputs was given, be it as missing. It looks at a
    /// machine word of them at a time: a large group that is not given costs little.
    pub(super) fn is_touched(&self, inputs: Range<usize>) -> bool {
        self.given[inputs].chunks(32).any(|some| {
            let not_given = |given: &Given| *given == Given::No;
            !some.iter().fold(true, |all, given| all & not_given(given))
        })
    }

    pub(super) fn group(&self, id: GroupId) -> GroupState {
        self.rare.groups[id.position()]
    }

    pub(super) fn set_group(&mut self, id: GroupId, state: GroupState) {
        self.rare.groups[id.position()] = state;
    }

    pub(super) fn held(&self, at: usize) -> SlotState {
        self.rare.held[at]
    }

    pub(super) fn set_held(&mut self, at: usize, state: SlotState) {
        self.rare.held[at] = state;
    }

    pub(super) fn set_rule(&mut self, id: RuleId, state: RuleState) {
        self.rules.set(id, state);
    }

    pub(super) fn set_table(&mut self, id: TableId, state: TableState) {
        self.tables[id.position()] = state;
    }

    pub(super) fn set_bin(&mut self, id: TableId, row: u32) {
        self.bins[id.position()] = row;
    }

    /// What a model answered for the open rows of its rank, row after row.
    pub(super) fn of_rows(&self, id: ModelId) -> &[RowValue] {
        &self.of_rows[id.position()]
    }

    pub(super) fn of_rows_mut(&mut self, id: ModelId) -> &mut Vec<RowValue> {
        &mut self.of_rows[id.position()]
    }

    pub(super) fn ranked(&self, id: TableId) -> &Ranked {
        &self.ranks[id.position()]
    }

    pub(super) fn ranked_mut(&mut self, id: TableId) -> &mut Ranked {
        &mut self.ranks[id.position()]
    }

    /// The rows that were found to match.
    pub(super) fn hits(&self, id: TableId) -> &[u32] {
        &self.hits[id.position()]
    }

    pub(super) fn hits_mut(&mut self, id: TableId) -> &mut Vec<u32> {
        &mut self.hits[id.position()]
    }

    /// Tells whether two slots of a kind hold the same.
    pub(super) fn same(&self, one: Slot, other: Slot, kind: Kind) -> bool {
        let both = [one, other];
        let [left, right] = both.map(|slot| self.state(slot));
        left == right
            && (left != SlotState::Present
                || match kind {
                    Kind::Whole => self.whole(one) == self.whole(other),
                    Kind::Exact => self.exact(one) == self.exact(other),
                    Kind::Text => self.text(one) == self.text(other),
                })
    }

    pub(super) fn set_model(&mut self, id: ModelId, state: ModelState) {
        self.rare.models[id.position()] = state;
    }

    pub(super) fn set_always(&mut self, id: AlwaysId, state: AlwaysState) {
        self.rare.always[id.position()] = state;
    }
}

/// Copies whole blocks of a frame of the same program.
#[inline]
fn copy_blocks<T: Copy>(states: &mut [T], from: &[T]) {
    let (blocks, _) = states.as_chunks_mut::<BLOCK>();
    let (from, _) = from.as_chunks::<BLOCK>();
    for (block, from) in blocks.iter_mut().zip(from) {
        *block = *from;
    }
}

/// Clears whole blocks.
fn clear_blocks<T: Copy>(states: &mut [T], none: T) {
    let (blocks, rest) = states.as_chunks_mut::<BLOCK>();
    blocks.fill([none; BLOCK]);
    debug_assert!(rest.is_empty(), "the frame has whole blocks");
}
