//! The case decided again behind the decision, in a frame of its own, with models in
//! shadow standing for others.
//! Invariant: no input is asked for, and nothing of the decision changes.

use crate::Span;
use crate::ids::{Id as _, ModelId, OutputId, SubpolicyId};
use crate::ir::{Compared, ShadowBlock, ShadowExpected};
use crate::program::{Kind, Program, Slot};

use super::fault::{EvalError, EvalErrorKind, Fault, FaultKind, ModelFault};
use super::frame::Frame;
use super::model::Answers;
use super::outcome::Leave;
use super::policy::PolicyState;
use super::run::{Asks, Run, Stop};
use super::state::{ModelState, SlotState};
use super::testing::TestFailure;
use super::value::OutputValue;

/// What a case comes to that is decided again in shadow
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ShadowState {
    /// Not decided again: the case has no decision
    #[default]
    NotRun,
    /// All that is compared is the same
    Same,
    /// Something that is compared is not
    Different,
    /// It cannot be told
    NotKnown(Unknown),
}

/// Why it cannot be told what would have been decided
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// It would ask for something that was not asked for
    NotAsked,
    /// What stands for a model failed, or there would be no decision
    Fault,
}

/// A case decided again
#[derive(Clone, Debug, Default)]
pub(super) struct Shadowed {
    state: ShadowState,
    /// Why there is no decision
    fault: Option<Fault>,
    /// There, but while the case is decided again
    frame: Option<Box<Frame>>,
}

impl Shadowed {
    pub(super) fn new(frame: Frame) -> Self {
        Self {
            frame: Some(Box::new(frame)),
            ..Self::default()
        }
    }

    pub(super) fn clear(&mut self) {
        self.state = ShadowState::NotRun;
        self.fault = None;
    }
}

/// What is read of the decision where the case is decided again
#[derive(Clone, Copy, Debug)]
pub(super) struct Again<'p, 'f> {
    frame: &'f Frame,
    block: &'p ShadowBlock,
    /// The fault of a model in shadow that was needed
    failed: Option<u32>,
}

impl<'p, A: Answers> Run<'p, '_, A> {
    /// Decides the case again for each shadow block, once.
    pub(super) fn decide_again_in_shadow(&mut self) {
        let program = self.program;
        for (at, block) in program.policy.shadows.iter().enumerate() {
            let Some(place) = self.frame.shadows.get_mut(at) else {
                continue;
            };
            if place.state != ShadowState::NotRun {
                continue;
            }
            let Some(mut frame) = place.frame.take() else {
                continue;
            };
            let (state, fault) = self.decide_again(block, &mut frame);
            if let Some(place) = self.frame.shadows.get_mut(at) {
                *place = Shadowed {
                    state,
                    fault,
                    frame: Some(frame),
                };
            }
        }
    }

    fn decide_again(
        &mut self,
        block: &'p ShadowBlock,
        frame: &mut Frame,
    ) -> (ShadowState, Option<Fault>) {
        let program = self.program;
        let decided = &*self.frame;
        program.take_case(frame, decided);
        let mut run = Run {
            program,
            frame,
            answers: &mut *self.answers,
            asks: Asks::NoInputs,
            again: Some(Again {
                frame: decided,
                block,
                failed: None,
            }),
        };
        let done = run.outcome_and_outputs();
        let failed = run.again.and_then(|again| again.failed);
        let failed = failed.and_then(|fault| decided.faults.get(fault as usize).cloned());
        let unknown = |why, fault| (ShadowState::NotKnown(why), fault);
        match done {
            Ok(_) => {
                let mut compared = block.compare.iter();
                match compared.all(|one| program.is_same(*one, decided, frame)) {
                    true => (ShadowState::Same, None),
                    false => (ShadowState::Different, None),
                }
            }
            Err(Leave::Error(error)) => unknown(Unknown::Fault, fault_of(&error)),
            Err(Leave::New) if failed.is_some() => unknown(Unknown::Fault, failed),
            Err(Leave::New | Leave::Needs(_)) => unknown(Unknown::NotAsked, None),
        }
    }

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

/// The fault that leaves a case without a decision.
fn fault_of(error: &EvalError) -> Option<Fault> {
    match error.kind() {
        EvalErrorKind::Unhandled { fault, .. }
        | EvalErrorKind::Output { fault, .. }
        | EvalErrorKind::Always { fault, .. } => Some(fault.clone()),
        EvalErrorKind::Broken { .. }
        | EvalErrorKind::NothingSpoke
        | EvalErrorKind::ForeignFrame => None,
    }
}

impl Program {
    /// Begins a frame with the case of another one, as far as it was given and asked for.
    fn take_case(&self, frame: &mut Frame, decided: &Frame) {
        frame.clear();
        frame.whole.copy_from_slice(&decided.whole);
        frame.exact.copy_from_slice(&decided.exact);
        frame.text.copy_from_slice(&decided.text);
        frame.arena.clone_from(&decided.arena);
        let lists = self.lists.iter().map(|list| list.slot);
        let inputs = self.inputs.iter().map(|input| input.slot);
        for slot in inputs.chain(lists).chain([self.decision_date]) {
            frame.set_state(slot, decided.state(slot));
            if decided.state(slot) == SlotState::Fault {
                frame.set_fault(slot, decided.slot_fault(slot));
            }
        }
        frame.take_given(decided);
        // Faults of groups are named by their place among them
        frame.faults.clone_from(&decided.faults);
        frame.failing.clone_from(&decided.failing);
        frame.failing_policies.clone_from(&decided.failing_policies);
    }

    fn is_same(&self, compared: Compared, one: &Frame, other: &Frame) -> bool {
        match compared {
            Compared::Outcome => self.outcome(one) == self.outcome(other),
            Compared::Output(id) => self.is_same_output(id, one, other),
        }
    }

    fn is_same_output(&self, id: OutputId, one: &Frame, other: &Frame) -> bool {
        match (self.output(one, id), self.output(other, id)) {
            (Some(OutputValue::List(one)), Some(OutputValue::List(other))) => {
                one.iter().eq(other.iter())
            }
            (one, other) => one == other,
        }
    }

    /// Returns what a case came to that was decided again, by the position of its
    /// shadow block.
    #[must_use]
    pub fn shadow_state(&self, frame: &Frame, at: usize) -> ShadowState {
        let shadowed = frame.shadows.get(at);
        shadowed.map_or(ShadowState::NotRun, |shadowed| shadowed.state)
    }

    /// Returns the fault for which it is not known what a case comes to that is decided
    /// again.
    #[must_use]
    pub fn shadow_fault<'f>(&self, frame: &'f Frame, at: usize) -> Option<&'f Fault> {
        frame.shadows.get(at)?.fault.as_ref()
    }

    /// Returns the frame that a case was decided again in, where what is compared is
    /// the same or different.
    #[must_use]
    pub fn shadow_frame<'f>(&self, frame: &'f Frame, at: usize) -> Option<&'f Frame> {
        let shadowed = frame.shadows.get(at)?;
        match shadowed.state {
            ShadowState::Same | ShadowState::Different => shadowed.frame.as_deref(),
            ShadowState::NotRun | ShadowState::NotKnown(_) => None,
        }
    }

    /// Returns what is compared and differs, by the position of its shadow block.
    pub fn differences<'f>(
        &'f self,
        frame: &'f Frame,
        at: usize,
    ) -> impl Iterator<Item = Compared> + use<'f> {
        let block = self.policy.shadows.get(at);
        let again = self.shadow_frame(frame, at);
        let both = block.zip(again).into_iter();
        both.flat_map(move |(block, again)| {
            let compared = block.compare.iter().copied();
            compared.filter(move |one| !self.is_same(*one, frame, again))
        })
    }

    pub(super) fn unmet_shadow(
        &self,
        at: usize,
        expected: ShadowExpected,
        span: Span,
        frame: &Frame,
    ) -> Option<TestFailure> {
        let expected = match expected {
            ShadowExpected::Same => "same",
            ShadowExpected::Different => "different",
            ShadowExpected::NotKnown => "not known",
        };
        let got = match self.shadow_state(frame, at) {
            ShadowState::Same => "same",
            ShadowState::Different => "different",
            ShadowState::NotRun | ShadowState::NotKnown(_) => "not known",
        };
        let name = self.policy.shadows.get(at);
        (got != expected).then(|| TestFailure {
            span,
            what: name.map_or_else(String::new, |block| block.name.to_string()),
            expected: expected.to_owned(),
            got: got.to_owned(),
        })
    }
}
