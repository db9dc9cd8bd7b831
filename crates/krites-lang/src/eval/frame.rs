//! The frame: all state of one case. It is owned, `Send`, and reused.

use std::ops::Range;

use crate::Exact;
use crate::ids::{
    AlwaysId, GroupId, Id as _, InputId, ModelId, OutputId, ReasonId, RuleId, SubpolicyId, TableId,
    TagId,
};
use crate::ir::Element;
use crate::program::{Constant, Kind, Program, Slot, TableCode};

use super::Fault;
use super::aggregate::Steps;
use super::arena::TextRange;
use super::columns::Columns;
use super::extra::Argument;
use super::group::GroupState;
use super::list::OpenList;
use super::model::Answer;
use super::policy::AskedPolicy;
use super::rank::{Ranked, RowValue};
use super::shadow::Shadowed;
use super::shortfalls::Shortfall;
use super::state::{
    AlwaysState, Feed, Given, ModelState, RuleState, SlotState, Speaker, Spoken, TableState,
};

/// All state of one case
#[derive(Clone, Debug)]
pub struct Frame {
    pub(super) program: u64,
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
    /// [`RuleState::packed`]: read whole right after it is written
    pub(super) rules: Box<[u32]>,
    pub(super) tables: Box<[TableState]>,
    /// By table: the rows that match, where more than the first one counts
    pub(super) hits: Box<[Vec<u32>]>,
    /// By table: what its rows give, where that is a list
    pub(super) cells: Box<[Columns]>,
    /// What cells of tables with many rows came to; nothing where they were not asked
    pub(super) noted: Box<[Option<bool>]>,
    pub(super) models: Box<[ModelState]>,
    pub(super) feeds: Box<[Box<[Feed]>]>,
    pub(super) answers: Box<[Vec<Answer>]>,
    /// By table: the open rows of a rank, as written, each with what orders it
    pub(super) ranks: Box<[Ranked]>,
    /// By model that is asked for each row: its answers, row after row
    pub(super) of_rows: Box<[Vec<RowValue>]>,
    /// The elements of lists
    pub(super) lists: Box<[Columns]>,
    pub(super) groups: Box<[GroupState]>,
    /// The states of groups' slots until they are asked for
    held: Box<[SlotState]>,
    /// Lists whose elements are being bound, the innermost last
    pub(super) open: Vec<OpenList>,
    /// How many values all elements have together
    pub(super) n_list_values: usize,
    steps: Steps,
    /// Arguments on their way to their parameters
    pub(super) arguments: Vec<Argument>,
    pub(super) spoken: Vec<Spoken>,
    pub(super) reasons: Vec<ReasonId>,
    /// Tags, each with what gives it
    pub(super) tagged: Vec<(Speaker, TagId)>,
    pub(super) tags: Vec<TagId>,
    always: Box<[AlwaysState]>,
    /// What spoke, and could not say what is decided with its outcome, with the fault
    pub(super) unsaid: Vec<(Speaker, u32)>,
    /// Models that fail by a test's word, once they are asked
    pub(super) failing: Vec<ModelId>,
    /// Other policies that are asked
    pub(super) policies: Box<[AskedPolicy]>,
    /// Those that fail by a test's word, once they are asked
    pub(super) failing_policies: Vec<SubpolicyId>,
    /// By shadow block: the case decided again
    pub(super) shadows: Box<[Shadowed]>,
    /// While reasons are found
    pub(super) shortfalls: Vec<Shortfall>,
}

impl Program {
    /// Makes a frame for cases of this policy.
    #[must_use]
    pub fn frame(&self) -> Frame {
        let mut frame = self.bare_frame();
        let shadows = self.policy.shadows.iter();
        frame.shadows = shadows.map(|_| Shadowed::new(self.bare_frame())).collect();
        frame
    }

    /// Makes a frame in which nothing is decided again.
    fn bare_frame(&self) -> Frame {
        let layout = self.layout;
        let boxed = |count: usize| vec![SlotState::Unset; count].into_boxed_slice();
        Frame {
            program: self.identity,
            states: boxed(layout.slots),
            slot_faults: vec![0; layout.slots].into_boxed_slice(),
            whole: vec![0; layout.whole].into_boxed_slice(),
            exact: vec![Exact::ZERO; layout.exact].into_boxed_slice(),
            text: vec![TextRange::default(); layout.text].into_boxed_slice(),
            arena: String::new(),
            scratch: String::new(),
            buffer: String::new(),
            given: vec![Given::No; self.inputs.len()].into_boxed_slice(),
            n_given: 0,
            faults: Vec::new(),
            rules: vec![0; self.rules.len()].into_boxed_slice(),
            tables: vec![TableState::NotAsked; self.tables.len()].into_boxed_slice(),
            hits: vec![Vec::new(); self.tables.len()].into_boxed_slice(),
            cells: self.tables.iter().map(row_columns).collect(),
            noted: vec![None; layout.noted].into_boxed_slice(),
            models: vec![ModelState::NotRun; self.models.len()].into_boxed_slice(),
            feeds: self
                .models
                .iter()
                .map(|model| {
                    model
                        .inputs
                        .iter()
                        .map(|input| empty_feed(input.element, input.columns.len()))
                        .collect()
                })
                .collect(),
            answers: self
                .models
                .iter()
                .map(|model| vec![Answer::None; model.gives.len()])
                .collect(),
            ranks: self.tables.iter().map(|_| Ranked::default()).collect(),
            of_rows: self.models.iter().map(|_| Vec::new()).collect(),
            lists: self
                .lists
                .iter()
                .map(|list| {
                    let fields = list.fields.iter();
                    Columns::new(fields.map(|id| Kind::of(self.inputs[*id].ty)))
                })
                .collect(),
            groups: vec![GroupState::NotGiven; self.groups.len()].into_boxed_slice(),
            held: boxed(self.held),
            open: Vec::new(),
            n_list_values: 0,
            steps: Steps::new(self.sites),
            arguments: Vec::new(),
            // Every speaker speaks at most once, and so does the fault of each.
            spoken: Vec::with_capacity(self.rules.len() + self.decide.steps.len()),
            reasons: Vec::with_capacity(self.rules.len() + self.decide.steps.len()),
            tagged: Vec::new(),
            tags: Vec::new(),
            always: vec![AlwaysState::NotKnown; self.observed.always.len()].into_boxed_slice(),
            unsaid: Vec::new(),
            failing: Vec::new(),
            policies: self
                .subpolicies
                .iter()
                .map(|_| AskedPolicy::default())
                .collect(),
            failing_policies: Vec::new(),
            shadows: Box::default(),
            shortfalls: Vec::new(),
        }
    }
}

/// Room for what the rows of a table give, where that is a list.
fn row_columns(table: &TableCode) -> Columns {
    let outputs = table.outputs.iter().filter(|_| table.policy.gives_lists());
    Columns::new(outputs.map(|output| output.kind))
}

fn empty_feed(element: Element, width: usize) -> Feed {
    match element {
        Element::Float => Feed::Float(Vec::with_capacity(width)),
        Element::Double => Feed::Double(Vec::with_capacity(width)),
        Element::Integer => Feed::Integer(Vec::with_capacity(width)),
        Element::Boolean => Feed::Boolean(Vec::with_capacity(width)),
        Element::Text => Feed::Text(Vec::with_capacity(width)),
    }
}

// INVARIANT: `Program::frame` sized every array by the program that made the
// slots and ids below; entry points refuse a frame of another program.
#[expect(
    clippy::indexing_slicing,
    reason = "the frame is sized by the program that made the index"
)]
impl Frame {
    /// Empties the frame for the next case.
    pub(super) fn clear(&mut self) {
        self.states.fill(SlotState::Unset);
        self.given.fill(Given::No);
        self.n_given = 0;
        self.rules.fill(0);
        self.tables.fill(TableState::NotAsked);
        self.models.fill(ModelState::NotRun);
        self.clear_texts();
        self.faults.clear();
        self.lists.iter_mut().for_each(Columns::clear);
        self.groups.fill(GroupState::NotGiven);
        self.held.fill(SlotState::Unset);
        self.open.clear();
        self.n_list_values = 0;
        self.steps.clear();
        self.arguments.clear();
        self.spoken.clear();
        self.reasons.clear();
        self.tagged.clear();
        self.tags.clear();
        self.always.fill(AlwaysState::NotKnown);
        self.unsaid.clear();
        self.failing.clear();
        self.policies.iter_mut().for_each(AskedPolicy::clear);
        self.failing_policies.clear();
        self.shadows.iter_mut().for_each(Shadowed::clear);
    }

    /// Takes over what the case of another frame was given, lists and groups included.
    pub(super) fn take_given(&mut self, other: &Frame) {
        self.given.copy_from_slice(&other.given);
        self.n_given = other.n_given;
        self.groups.copy_from_slice(&other.groups);
        self.held.copy_from_slice(&other.held);
        self.n_list_values = other.n_list_values;
        for (list, other) in self.lists.iter_mut().zip(&other.lists) {
            list.clone_from(other);
        }
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

    #[inline]
    pub(super) fn whole(&self, slot: Slot) -> i64 {
        self.whole[slot.at as usize]
    }

    #[inline]
    pub(super) fn set_whole(&mut self, slot: Slot, value: i64) {
        self.whole[slot.at as usize] = value;
        self.states[slot.id as usize] = SlotState::Present;
    }

    #[inline]
    pub(super) fn exact(&self, slot: Slot) -> Exact {
        self.exact[slot.at as usize]
    }

    #[inline]
    pub(super) fn set_exact(&mut self, slot: Slot, value: Exact) {
        self.exact[slot.at as usize] = value;
        self.states[slot.id as usize] = SlotState::Present;
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

    /// Returns how an input came by its state.
    #[must_use]
    pub fn given(&self, id: InputId) -> Given {
        self.given[id.position()]
    }

    pub(super) fn begin_site(&mut self, site: u32) {
        self.steps.begin(site);
    }

    pub(super) fn look_at_one(&mut self, site: u32) -> bool {
        self.steps.one_more(site)
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
        self.groups[id.position()]
    }

    pub(super) fn set_group(&mut self, id: GroupId, state: GroupState) {
        self.groups[id.position()] = state;
    }

    pub(super) fn held(&self, at: usize) -> SlotState {
        self.held[at]
    }

    pub(super) fn set_held(&mut self, at: usize, state: SlotState) {
        self.held[at] = state;
    }

    /// Returns a rule's state.
    #[must_use]
    pub fn rule(&self, id: RuleId) -> RuleState {
        RuleState::unpacked(self.rules[id.position()])
    }

    pub(super) fn set_rule(&mut self, id: RuleId, state: RuleState) {
        self.rules[id.position()] = state.packed();
    }

    /// Returns the state of a table.
    #[must_use]
    pub fn table(&self, id: TableId) -> TableState {
        self.tables[id.position()]
    }

    pub(super) fn set_table(&mut self, id: TableId, state: TableState) {
        self.tables[id.position()] = state;
    }

    /// Returns the position of the row that a table chose, where it was asked and one
    /// row counts.
    #[must_use]
    pub fn row(&self, id: TableId) -> Option<usize> {
        match self.tables[id.position()] {
            TableState::Row(row) => Some(row as usize),
            TableState::NotAsked | TableState::Off | TableState::Rows | TableState::Fault(_) => {
                None
            }
        }
    }

    /// Returns the positions of the rows that count, in the order in which they do;
    /// none where the table was not asked.
    #[must_use]
    pub fn rows(&self, id: TableId) -> &[u32] {
        match &self.tables[id.position()] {
            TableState::Row(row) => std::slice::from_ref(row),
            TableState::Rows => &self.hits[id.position()],
            TableState::NotAsked | TableState::Off | TableState::Fault(_) => &[],
        }
    }

    /// The rows that were found to match.
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

    /// Returns a model's state.
    #[must_use]
    pub fn model(&self, id: ModelId) -> ModelState {
        self.models[id.position()]
    }

    pub(super) fn set_model(&mut self, id: ModelId, state: ModelState) {
        self.models[id.position()] = state;
    }

    /// Returns what a pending or answered model was fed, one tensor an input.
    #[must_use]
    pub fn feeds(&self, id: ModelId) -> &[Feed] {
        &self.feeds[id.position()]
    }

    /// Returns the faults of the case, in the order in which they were met.
    #[must_use]
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Returns the state of what must hold behind the decision.
    #[must_use]
    pub fn always(&self, id: AlwaysId) -> AlwaysState {
        self.always[id.position()]
    }

    pub(super) fn set_always(&mut self, id: AlwaysId, state: AlwaysState) {
        self.always[id.position()] = state;
    }

    /// Returns what spoke, in order.
    #[must_use]
    pub fn spoken(&self) -> &[Spoken] {
        &self.spoken
    }

    /// Returns the tags of the decision, each once: of what fired and was handled in
    /// order, then of models whose answers the policy's stood in for.
    #[must_use]
    pub fn tags(&self) -> &[TagId] {
        &self.tags
    }

    /// Returns the reasons that are owed, in order, without repetitions.
    #[must_use]
    pub fn reasons(&self) -> &[ReasonId] {
        &self.reasons
    }
}

impl Program {
    /// Returns the state of an input, asked for or not; one that is not given is
    /// missing, or its default is there.
    #[must_use]
    pub fn input_state(&self, frame: &Frame, id: InputId) -> SlotState {
        let input = &self.inputs[id];
        match frame.state(input.slot) {
            SlotState::Unset => match (self.held_state(frame, id), &input.default) {
                (Some(held), _) => held,
                (None, Some(_)) if input.group.is_none() => SlotState::Present,
                _ => SlotState::Unset,
            },
            state => state,
        }
    }

    /// Returns how an input came by its state.
    #[must_use]
    pub fn input_given(&self, frame: &Frame, id: InputId) -> Given {
        let input = &self.inputs[id];
        match frame.given(id) {
            Given::No if input.default.is_some() && input.group.is_none() => Given::Defaulted,
            given => given,
        }
    }

    /// Returns the state of an output's slot: present, or missing where it is
    /// not given.
    #[must_use]
    pub fn output_state(&self, frame: &Frame, id: OutputId) -> SlotState {
        frame.state(self.outputs[id].value.slot)
    }
}
