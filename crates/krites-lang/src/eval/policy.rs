//! Other policies, seen from the evaluator: asked once, answering or failing.

use std::sync::Arc;

use crate::ids::{GroupId, Id as _, SubpolicyId};
use crate::ir::StubbedPolicy;
use crate::program::{Program, constant};

use super::fault::{EvalErrorKind, Fault, FaultKind};
use super::frame::Frame;
use super::model::Answers;
use super::policy_call::PolicyCall;
use super::run::{Asks, Run, Stop};
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
    pub(super) frame: Option<Box<Frame>>,
}

impl AskedPolicy {
    pub(super) fn clear(&mut self) {
        self.state = PolicyState::NotAsked;
    }
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
        if self.frame.rare.failing_policies.contains(&id) {
            return self.policy_fails(id, PolicyFault::Stated, None);
        }
        for feed in &code.feeds {
            match self.compute(&feed.value) {
                Ok(()) => {}
                Err(Stop::Fault(fault)) => {
                    let (kind, group) = self.frame.cause(fault);
                    return self.policy_fails(id, PolicyFault::Feed(Box::new(kind)), group);
                }
                Err(stop) => return Err(stop),
            }
        }
        let call = PolicyCall {
            asking: program,
            frame: &mut *self.frame,
            id,
            again: self.again.is_some(),
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
        group: Option<GroupId>,
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
        let asked = self.rare.policies.get(id.position());
        asked.map_or(PolicyState::NotAsked, |asked| asked.state)
    }

    pub(super) fn set_policy(&mut self, id: SubpolicyId, state: PolicyState) {
        if let Some(place) = self.rare.policies.get_mut(id.position()) {
            place.state = state;
        }
    }

    /// Returns the frame that another policy was asked in, where it was decided.
    #[must_use]
    pub fn policy_frame(&self, id: SubpolicyId) -> Option<&Frame> {
        let asked = self.rare.policies.get(id.position())?;
        let decided = asked.state == PolicyState::Decided;
        asked.frame.as_deref().filter(|_| decided)
    }
}

impl Program {
    /// Takes the answers or the failure of another policy from a test.
    pub(super) fn state_policy(&self, frame: &mut Frame, id: SubpolicyId, stub: &StubbedPolicy) {
        let StubbedPolicy::Answers(answers) = stub else {
            frame.rare.failing_policies.push(id);
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
}
