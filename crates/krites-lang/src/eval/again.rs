//! What a case that is decided again takes over from the decision: answers of models,
//! of those that stand for them, and of other policies.

use crate::ids::{Id as _, ModelId, SubpolicyId};
use crate::program::{Kind, Slot};

use super::fault::{FaultKind, ModelFault};
use super::frame::Frame;
use super::model::Answers;
use super::policy::PolicyState;
use super::run::{Run, Stop};
use super::shadow::Again;
use super::state::{ModelState, SlotState};

impl<'p, A: Answers> Run<'p, '_, A> {
    /// Answers for a model where the case is decided again: what stands for it, a test's
    /// word, or a call.
    pub(super) fn model_again(&mut self, id: ModelId, again: Again<'p, '_>) -> Result<(), Stop> {
        let program = self.program;
        let mut with = again.block.with.iter();
        if let Some(replaced) = with.find(|replaced| replaced.model == id) {
            match again.frame.model(replaced.by) {
                ModelState::Answered | ModelState::Stated => {}
                ModelState::Fault(fault) => {
                    if let Some(again) = &mut self.again {
                        again.failed = Some(fault);
                    }
                    return Err(Stop::New);
                }
                ModelState::NotRun | ModelState::Pending | ModelState::StoodIn(_) => {
                    return Err(Stop::New);
                }
            }
            let by = &program.models[replaced.by].gives;
            for (give, by_at) in program.models[id].gives.iter().zip(&replaced.gives) {
                if let Some(by) = by.get(*by_at as usize) {
                    self.take_over(give.kind, give.slot, again.frame, by.slot);
                }
            }
            self.frame.set_model(id, ModelState::Answered);
            return Ok(());
        }
        if again.frame.model(id) == ModelState::Stated {
            self.take_answers_over(id, again.frame);
            self.frame.set_model(id, ModelState::Stated);
            return Ok(());
        }
        self.call_model(id)
    }

    /// What a model came to that was fed the same before: it is not called again.
    pub(super) fn answered_before(
        &mut self,
        id: ModelId,
        again: Again<'p, '_>,
    ) -> Option<Result<(), Stop>> {
        let at = id.position();
        if self.frame.feeds.get(at) != again.frame.feeds.get(at) {
            return None;
        }
        match again.frame.model(id) {
            ModelState::Answered => {
                self.take_answers_over(id, again.frame);
                self.frame.set_model(id, ModelState::Answered);
                Some(Ok(()))
            }
            ModelState::Fault(fault) | ModelState::StoodIn(fault) => {
                let fault = again.frame.faults.get(fault as usize)?;
                match &fault.kind {
                    // Then what it was fed is not known.
                    FaultKind::Model {
                        fault: ModelFault::Feed(_),
                        ..
                    } => None,
                    FaultKind::Model { fault, .. } => Some(self.model_fails(id, fault.clone())),
                    _ => None,
                }
            }
            ModelState::NotRun | ModelState::Pending | ModelState::Stated => None,
        }
    }

    /// Takes over what a test says of another policy; tells whether it says something.
    pub(super) fn stated_before(&mut self, id: SubpolicyId) -> bool {
        let Some(again) = self.again else {
            return false;
        };
        if again.frame.policy(id) != PolicyState::Stated {
            return false;
        }
        for give in &self.program.subpolicies[id].gives {
            self.take_over(Kind::of(give.ty.ty), give.slot, again.frame, give.slot);
        }
        self.frame.set_policy(id, PolicyState::Stated);
        true
    }

    fn take_answers_over(&mut self, id: ModelId, decided: &Frame) {
        for give in &self.program.models[id].gives {
            self.take_over(give.kind, give.slot, decided, give.slot);
        }
        let at = id.position();
        if let (Some(rows), Some(known)) = (self.frame.of_rows.get_mut(at), decided.of_rows.get(at))
        {
            rows.clone_from(known);
        }
    }

    /// Takes a value of the decision over. Its texts are where they were: this frame
    /// began with them.
    fn take_over(&mut self, kind: Kind, slot: Slot, decided: &Frame, from: Slot) {
        let frame = &mut *self.frame;
        match (kind, decided.state(from)) {
            (Kind::Whole, SlotState::Present) => frame.set_whole(slot, decided.whole(from)),
            (Kind::Exact, SlotState::Present) => frame.set_exact(slot, decided.exact(from)),
            (Kind::Text, SlotState::Present) => {
                frame.set_text_range(slot, decided.text_range(from));
            }
            (_, state) => frame.set_state(slot, state),
        }
    }
}
