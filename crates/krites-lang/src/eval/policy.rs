//! Other policies that are asked: given values, decided in a frame of their own, and
//! read.
//! Invariant: a policy that is asked sees what it is given, and the day; nothing else.

use std::sync::Arc;

use crate::ids::{Id as _, InputId, SubpolicyId};
use crate::ir::{PolicyAnswer, StubbedPolicy, Subpolicy};
use crate::program::{Constant, FedCode, GivenCode, Kind, Program, constant};
use crate::types::Ty;

use super::fault::{EvalErrorKind, Fault, FaultKind};
use super::frame::Frame;
use super::model::Answers;
use super::refused::InputError;
use super::run::{Asks, Progress, Run, Stop};
use super::state::SlotState;

/// The state of another policy that is asked
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum PolicyState {
    /// Never needed
    #[default]
    NotAsked,
    /// Asked, and decided
    Decided,
    /// Failed; the index of the fault in [`Frame::faults`]
    Fault(u32),
    /// A test gave its answers
    Stated,
}

/// How another policy failed that was asked
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyFault {
    /// What it is given could not be computed
    #[error("what it is given could not be computed: {0}")]
    Feed(Box<FaultKind>),
    /// What it is given does not fit one of its inputs. The value is not told: it may
    /// come from a private one.
    #[error("it does not take what it is given for `{input}`")]
    Refused {
        /// The input there
        input: String,
    },
    /// It came to no decision
    #[error("{0}")]
    Undecided(Box<EvalErrorKind>),
    /// It waits for something that does not come while it is asked
    #[error("it waits for what cannot come while it is asked")]
    Waits,
    /// It gave nothing for a value that is always there, or more text than there is room
    /// for
    #[error("`{give}` was not answered")]
    NoAnswer {
        /// The value's name
        give: Arc<str>,
    },
    /// It is not at hand
    #[error("the policy is not at hand")]
    NotThere,
    /// A test says that it fails
    #[error("it fails by the test's word")]
    Stated,
}

/// A policy that is asked, with its frame
#[derive(Clone, Debug, Default)]
pub(super) struct AskedPolicy {
    pub(super) state: PolicyState,
    /// Made when it is asked first, and kept for the next case
    frame: Option<Box<Frame>>,
}

impl AskedPolicy {
    pub(super) fn clear(&mut self) {
        self.state = PolicyState::NotAsked;
    }
}

/// One case of another policy
#[derive(Debug)]
pub struct PolicyCall<'a> {
    asking: &'a Program,
    frame: &'a mut Frame,
    id: SubpolicyId,
}

impl PolicyCall<'_> {
    /// Returns which policy is asked.
    #[must_use]
    pub fn policy(&self) -> SubpolicyId {
        self.id
    }

    /// Returns what the asking policy declares of it.
    #[must_use]
    pub fn declared(&self) -> &Subpolicy {
        &self.asking.policy.subpolicies[self.id]
    }

    /// Decides the case by `program`, the policy that is asked; `answers` are those of
    /// its own models, data and policies.
    ///
    /// # Errors
    ///
    /// [`PolicyFault`] where it comes to no decision, or gives less than is read.
    pub fn decide<A: Answers>(self, program: &Program, answers: &mut A) -> Result<(), PolicyFault> {
        let Self { asking, frame, id } = self;
        let code = &asking.subpolicies[id];
        let declared = &asking.policy.subpolicies[id];
        let known = |feed: &FedCode| feed.input.position() < program.policy.inputs.len();
        if *program.policy.name != *declared.policy || !code.feeds.iter().all(known) {
            return Err(PolicyFault::NotThere);
        }
        let place = frame.policies.get_mut(id.position());
        let kept = place.and_then(|place| place.frame.take());
        let mut inner = kept.unwrap_or_else(|| Box::new(program.frame()));
        let day = asking.decision_date(frame).unwrap_or_default();
        program.begin(&mut inner, day);
        let given = give(frame, program, &mut inner, &code.feeds);
        let decided = match given {
            Err(error) => Err(PolicyFault::Refused {
                input: error.field().to_owned(),
            }),
            Ok(()) => match program.decide(&mut inner, answers) {
                Ok(Progress::Decided) => Ok(()),
                Ok(Progress::Needs(_)) => Err(PolicyFault::Waits),
                Err(error) => Err(PolicyFault::Undecided(Box::new(error.kind().clone()))),
            },
        };
        let mut gives = declared.gives.iter().zip(&code.gives);
        let done = decided.and_then(|()| {
            gives.try_for_each(|(declared, give)| {
                take(program, &inner, asking, frame, give).ok_or_else(|| PolicyFault::NoAnswer {
                    give: asking.policy.definitions[declared.definition].name.clone(),
                })
            })
        });
        if let Some(place) = frame.policies.get_mut(id.position()) {
            place.frame = Some(inner);
        }
        done
    }
}

/// Gives the inputs of a policy that is asked.
fn give(
    frame: &Frame,
    program: &Program,
    inner: &mut Frame,
    feeds: &[FedCode],
) -> Result<(), InputError> {
    for feed in feeds {
        let (slot, input) = (feed.value.slot, feed.input);
        match (feed.kind, frame.state(slot)) {
            (Kind::Whole, SlotState::Present) => {
                let value = frame.whole(slot);
                let label = usize::try_from(value)
                    .ok()
                    .and_then(|at| feed.labels.get(at));
                let value = label.map_or(value, |label| i64::from(*label));
                program.set_whole_value(inner, input, value)?;
            }
            (Kind::Exact, SlotState::Present) => {
                program.set_exact(inner, input, frame.exact(slot))?;
            }
            (Kind::Text, SlotState::Present) => {
                let text = frame.text_at(frame.text_range(slot));
                program.set_text(inner, input, text)?;
            }
            _ => program.set_missing(inner, input)?,
        }
    }
    program.finish_inputs(inner)
}

/// Takes one answer over; `None` where it is not there and should be.
fn take(
    program: &Program,
    inner: &Frame,
    asking: &Program,
    frame: &mut Frame,
    give: &GivenCode,
) -> Option<()> {
    let from = match give.from {
        PolicyAnswer::Outcome => program.outcome,
        PolicyAnswer::Decided(at) => *program.decide.values.get(at as usize)?,
        PolicyAnswer::Output(id) => program.outputs.find(id)?.value.slot,
    };
    if inner.state(from) != SlotState::Present {
        frame.set_state(give.slot, SlotState::Missing);
        return give.ty.optional.then_some(());
    }
    match Kind::of(give.ty.ty) {
        Kind::Whole => {
            let value = inner.whole(from);
            let value = match give.ty.ty {
                Ty::Enum(_) => i64::from(*give.labels.get(usize::try_from(value).ok()?)?),
                _ => value,
            };
            frame.set_whole(give.slot, value);
        }
        Kind::Exact => {
            let value = inner.exact(from);
            let value = give
                .ty
                .places
                .map_or(value, |places| value.round(places, asking.rounding));
            frame.set_exact(give.slot, value);
        }
        Kind::Text => {
            let text = inner.text_at(inner.text_range(from));
            return frame.set_text(give.slot, text).then_some(());
        }
    }
    Some(())
}

impl<A: Answers> Run<'_, '_, A> {
    /// Makes sure that another policy was asked, and its answers fill their slots.
    pub(super) fn need_policy(&mut self, id: SubpolicyId) -> Result<(), Stop> {
        match self.frame.policy(id) {
            PolicyState::Decided | PolicyState::Stated => return Ok(()),
            PolicyState::Fault(fault) => return Err(Stop::Fault(fault)),
            PolicyState::NotAsked => {}
        }
        if self.asks == Asks::NothingNew {
            return Err(Stop::New);
        }
        if self.stated_before(id) {
            return Ok(());
        }
        let program = self.program;
        let code = &program.subpolicies[id];
        if self.frame.failing_policies.contains(&id) {
            return self.policy_fails(id, PolicyFault::Stated, None);
        }
        for feed in &code.feeds {
            match self.compute(&feed.value) {
                Ok(()) => {}
                Err(Stop::Fault(fault)) => {
                    let fault = self.frame.faults().get(fault as usize).cloned();
                    let (kind, group) = match fault {
                        Some(fault) => (fault.kind, fault.group),
                        None => (FaultKind::Missing, None),
                    };
                    return self.policy_fails(id, PolicyFault::Feed(Box::new(kind)), group);
                }
                Err(stop) => return Err(stop),
            }
        }
        let call = PolicyCall {
            asking: program,
            frame: &mut *self.frame,
            id,
        };
        match self.answers.policy(call) {
            Ok(()) => {
                self.frame.set_policy(id, PolicyState::Decided);
                Ok(())
            }
            Err(fault) => self.policy_fails(id, fault, None),
        }
    }

    /// Keeps the failure of another policy; none of its answers holds.
    fn policy_fails(
        &mut self,
        id: SubpolicyId,
        fault: PolicyFault,
        group: Option<crate::GroupId>,
    ) -> Result<(), Stop> {
        let program = self.program;
        let code = &program.subpolicies[id];
        let kind = FaultKind::Policy {
            policy: program.policy.subpolicies[id].name.clone(),
            fault,
        };
        let fault = self.frame.add_fault(Fault {
            kind,
            span: code.span,
            model: None,
            group,
            policy: Some(id),
        });
        self.frame.set_policy(id, PolicyState::Fault(fault));
        for give in &code.gives {
            self.frame.set_fault(give.slot, fault);
        }
        Err(Stop::Fault(fault))
    }
}

impl Frame {
    /// Returns the state of another policy that is asked.
    #[must_use]
    pub fn policy(&self, id: SubpolicyId) -> PolicyState {
        let asked = self.policies.get(id.position());
        asked.map_or(PolicyState::NotAsked, |asked| asked.state)
    }

    pub(super) fn set_policy(&mut self, id: SubpolicyId, state: PolicyState) {
        if let Some(place) = self.policies.get_mut(id.position()) {
            place.state = state;
        }
    }

    /// Returns the frame that another policy was asked in, where it was decided.
    #[must_use]
    pub fn policy_frame(&self, id: SubpolicyId) -> Option<&Frame> {
        let asked = self.policies.get(id.position())?;
        let decided = asked.state == PolicyState::Decided;
        asked.frame.as_deref().filter(|_| decided)
    }
}

impl Program {
    /// Takes the answers or the failure of another policy from a test.
    pub(super) fn state_policy(&self, frame: &mut Frame, id: SubpolicyId, stub: &StubbedPolicy) {
        let StubbedPolicy::Answers(answers) = stub else {
            frame.failing_policies.push(id);
            return;
        };
        for (position, value) in answers {
            let Some(give) = self.subpolicies[id].gives.get(*position) else {
                continue;
            };
            match value {
                // What a policy writes has room
                Some(value) => {
                    let _ = frame.set_constant(give.slot, &constant(value, give.ty.ty));
                }
                None => frame.set_state(give.slot, SlotState::Missing),
            }
        }
        frame.set_policy(id, PolicyState::Stated);
    }

    /// Sets an input of another type than text or an exact one to what lies in a slot.
    fn set_whole_value(
        &self,
        frame: &mut Frame,
        id: InputId,
        value: i64,
    ) -> Result<(), InputError> {
        let input = &self.inputs[id];
        if input.ty == Ty::Integer {
            return self.set_integer(frame, id, value);
        }
        if matches!(input.missing_when, Some(Constant::Whole(missing)) if missing == value) {
            return self.set_missing(frame, id);
        }
        self.first(frame, id)?;
        let (low, high) = input.whole_range;
        if value < low || value > high {
            return Err(self.outside(id, &"the value"));
        }
        frame.set_whole(input.slot, value);
        Ok(())
    }
}
