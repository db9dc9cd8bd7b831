//! What a case left in its frame, for whoever asks.

use crate::ids::{AlwaysId, Id as _, InputId, ModelId, OutputId, ReasonId, RuleId, TableId, TagId};
use crate::program::{NO_ROW, Program};

use super::Frame;
use crate::eval::fault::Fault;
use crate::eval::state::{
    AlwaysState, Feed, Given, ModelState, RuleState, SlotState, Spoken, TableState,
};

// INVARIANT: as for the rest of the frame.
#[expect(
    clippy::indexing_slicing,
    reason = "the frame is sized by the program that made the index"
)]
impl Frame {
    /// Returns how an input came by its state.
    #[must_use]
    pub fn given(&self, id: InputId) -> Given {
        self.given[id.position()]
    }

    /// Returns a rule's state.
    #[must_use]
    pub fn rule(&self, id: RuleId) -> RuleState {
        self.rules.get(id)
    }

    /// Returns the state of a table.
    #[must_use]
    pub fn table(&self, id: TableId) -> TableState {
        match (self.tables[id.position()], self.bin(id)) {
            (TableState::NotAsked, Some(row)) => TableState::Row(row),
            (state, _) => state,
        }
    }

    /// Returns the row of a scorecard's feature that was found without asking its table.
    pub(in crate::eval) fn bin(&self, id: TableId) -> Option<u32> {
        self.bins
            .get(id.position())
            .copied()
            .filter(|row| *row != NO_ROW)
    }

    /// Returns the position of the row that a table chose, where it was asked and one
    /// row counts.
    #[must_use]
    pub fn row(&self, id: TableId) -> Option<usize> {
        match self.table(id) {
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
            TableState::NotAsked if self.bin(id).is_some() => {
                std::slice::from_ref(&self.bins[id.position()])
            }
            TableState::NotAsked | TableState::Off | TableState::Fault(_) => &[],
        }
    }

    /// Returns a model's state.
    #[must_use]
    pub fn model(&self, id: ModelId) -> ModelState {
        self.rare.models[id.position()]
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
        self.rare.always[id.position()]
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
