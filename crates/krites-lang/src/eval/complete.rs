//! What no caller gives: defaults, missing values, and what a test states.

use crate::ids::InputId;
use crate::ir::Literal;
use crate::program::{Constant, Program, constant};

use super::frame::Frame;
use super::refused::{InputError, InputProblem};
use super::state::{Given, SlotState};

impl Program {
    /// Completes the case once all given inputs are set. Inputs that are not given
    /// and may be so are filled when they are first read.
    ///
    /// # Errors
    ///
    /// [`InputError`] for the first input that is required and was not given, for a
    /// text that names no currency though amounts are in it, and for an amount of
    /// more digits than its currency has.
    pub fn finish_inputs(&self, frame: &mut Frame) -> Result<(), InputError> {
        if frame.n_given != self.policy.inputs.len() {
            let mut looked_at = self.completed.iter();
            looked_at.try_for_each(|id| self.complete(frame, *id))?;
        }
        self.complete_lists(frame)?;
        self.complete_groups(frame)?;
        if !self.currencies.is_empty() {
            self.check_currencies(frame)?;
        }
        self.hold_groups(frame);
        Ok(())
    }

    /// Fills an input that was not given, when it is first read.
    pub(super) fn fill_input(&self, frame: &mut Frame, id: InputId) {
        // What `finish_inputs` left to be filled is not refused.
        let _ = self.complete(frame, id);
    }

    /// Fills an input that was not given.
    pub(super) fn complete(&self, frame: &mut Frame, id: InputId) -> Result<(), InputError> {
        let input = &self.inputs[id];
        if frame.state(input.slot) != SlotState::Unset {
            return Ok(());
        }
        match &input.default {
            Some(default) => self.set_default(frame, id, default)?,
            None if input.optional => frame.set_state(input.slot, SlotState::Missing),
            None => return Err(self.refuse(id, InputProblem::NotGiven)),
        }
        Ok(())
    }

    pub(super) fn set_default(
        &self,
        frame: &mut Frame,
        id: InputId,
        default: &Constant,
    ) -> Result<(), InputError> {
        frame.set_given(id, Given::Defaulted);
        if frame.set_constant(self.inputs[id].slot, default) {
            return Ok(());
        }
        Err(self.refuse(id, InputProblem::TextsTooLong))
    }

    /// Sets an input that a test states.
    pub(super) fn set_literal(&self, frame: &mut Frame, id: InputId, value: &Literal) {
        let input = &self.inputs[id];
        frame.set_given(id, Given::Given);
        // What a policy writes has room
        let _ = frame.set_constant(input.slot, &constant(value, input.ty));
    }
}
