//! The case decided again behind the decision, in a frame of its own, with models in
//! shadow standing for others.
//! Invariant: no input is asked for, and nothing of the decision changes.

use crate::Span;
use crate::ids::OutputId;
use crate::ir::{Compared, ShadowBlock, ShadowExpected};
use crate::program::Program;

use super::fault::{EvalError, EvalErrorKind, Fault};
use super::frame::Frame;
use super::model::Answers;
use super::outcome::Leave;
use super::run::{Asks, Run};
use super::state::SlotState;
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
    pub(super) frame: &'f Frame,
    pub(super) block: &'p ShadowBlock,
    /// The fault of a model in shadow that was needed
    pub(super) failed: Option<u32>,
}

impl<'p, A: Answers> Run<'p, '_, A> {
    /// Decides the case again for each shadow block, once.
    pub(super) fn decide_again_in_shadow(&mut self) {
        let program = self.program;
        for (at, block) in program.policy.shadows.iter().enumerate() {
            let Some(place) = self.frame.rare.shadows.get_mut(at) else {
                continue;
            };
            if place.state != ShadowState::NotRun {
                continue;
            }
            let Some(mut frame) = place.frame.take() else {
                continue;
            };
            let (state, fault) = self.decide_again(block, &mut frame);
            if let Some(place) = self.frame.rare.shadows.get_mut(at) {
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
        frame.rare.failing.clone_from(&decided.rare.failing);
        frame
            .rare
            .failing_policies
            .clone_from(&decided.rare.failing_policies);
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
        let shadowed = frame.rare.shadows.get(at);
        shadowed.map_or(ShadowState::NotRun, |shadowed| shadowed.state)
    }

    /// Returns the fault for which it is not known what a case comes to that is decided
    /// again.
    #[must_use]
    pub fn shadow_fault<'f>(&self, frame: &'f Frame, at: usize) -> Option<&'f Fault> {
        frame.rare.shadows.get(at)?.fault.as_ref()
    }

    /// Returns the frame that a case was decided again in, where what is compared is
    /// the same or different.
    #[must_use]
    pub fn shadow_frame<'f>(&self, frame: &'f Frame, at: usize) -> Option<&'f Frame> {
        let shadowed = frame.rare.shadows.get(at)?;
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
