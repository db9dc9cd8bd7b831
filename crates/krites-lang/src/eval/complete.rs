//! What no caller gives: defaults, missing values, and what a test states.

use crate::ids::{Id as _, InputId};
use crate::ir::Literal;
use crate::program::{Constant, Program, constant};

use super::frame::{Frame, Given, SlotState};
use super::refused::{InputError, InputProblem};

impl Program {
    /// Fills defaults and missing values once all given inputs are set.
    ///
    /// # Errors
    ///
    /// [`InputError`] for the first input that is required and was not given, for a
    /// text that names no currency though amounts are in it, and for an amount of
    /// more digits than its currency has.
    pub fn finish_inputs(&self, frame: &mut Frame) -> Result<(), InputError> {
        if frame.n_given != self.policy.inputs.len() {
            for position in 0..self.policy.inputs.len() {
                self.complete(frame, InputId::new(position))?;
            }
        }
        self.complete_lists(frame)?;
        if self.currencies.is_empty() {
            return Ok(());
        }
        self.check_currencies(frame)
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
