//! Models that were put off, answered as a direct call would have been.

use crate::ids::{Id as _, ModelId};
use crate::program::Program;

use super::fault::ModelFault;
use super::frame::Frame;
use super::model::{Answer, Answers};
use super::run::{Asks, Run};
use super::state::ModelState;

impl Program {
    /// Has `given` fill the places that the call of a pending model had, so that
    /// [`Program::decide`] goes on; does nothing where the model is not pending.
    ///
    /// `answers` is told where the model failed, or where its answers break a promise, as in
    /// a direct call.
    pub fn answer_pending<A: Answers>(
        &self,
        frame: &mut Frame,
        model: ModelId,
        answers: &mut A,
        given: impl FnOnce(&mut A, &mut [Answer]) -> Result<(), ModelFault>,
    ) {
        if frame.program != self.identity || frame.model(model) != ModelState::Pending {
            return;
        }
        let places = frame.answers.get_mut(model.position());
        let given = given(answers, places.map_or(&mut [], Vec::as_mut_slice));
        let mut run = Run {
            program: self,
            frame,
            answers,
            asks: Asks::Freely,
            again: None,
        };
        // What fails is kept as the model's state; deciding meets it there.
        let _ = match given {
            Ok(()) => run.take_answers(model),
            Err(fault) => run.model_fails(model, fault),
        };
    }
}
