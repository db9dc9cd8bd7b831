//! What decides with a policy works in, made before it is needed.
//!
//! Who publishes a release makes workspaces for all who will decide with it; a decider
//! takes one at its first decision, and leaves the one that it had with the policy that it
//! was made for. Invariant: none holds a release.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crossbeam_queue::ArrayQueue;
use krites_lang::{Date, EvalError, Frame, Progress};
use serde::Serialize;

use crate::batch::Block;
use crate::bind::facts::{self, Bindings, Facts, KnownTypes};
use crate::bind::{self, CsvBinding, Learned, UnknownFields};
use crate::calls::ModelCalls;
use crate::case::Needs;
use crate::decider::DecideError;
use crate::decision::Decision;
use crate::part::ReleasedPolicy;
use crate::release::Release;

/// Most workspaces that wait at a policy; a further one is dropped
const MOST: usize = 256;

/// What one decision after the other of a policy works in
#[derive(Debug)]
pub(crate) struct Workspace {
    pub(crate) frame: Frame,
    pub(crate) calls: ModelCalls,
    pub(crate) learned: Learned,
    pub(crate) bindings: Bindings,
    /// Where many rows are decided together
    pub(crate) block: Block,
}

impl Workspace {
    pub(crate) fn new(policy: &ReleasedPolicy) -> Workspace {
        Self::with(policy, policy.workspaces.bindings(policy))
    }

    fn with(policy: &ReleasedPolicy, bindings: Bindings) -> Workspace {
        Workspace {
            frame: policy.program().frame(),
            calls: ModelCalls::new(policy),
            learned: Learned::default(),
            bindings,
            block: Block::default(),
        }
    }

    /// Takes over what one has that goes on in this one: what was learned of facts, and
    /// room for cases as large.
    pub(crate) fn go_on_from(&mut self, other: &mut Workspace) {
        std::mem::swap(&mut self.learned, &mut other.learned);
        self.frame.take_room(&mut other.frame);
    }
}

/// The workspaces of a policy that wait for whoever decides next
#[derive(Debug)]
pub(crate) struct Workspaces {
    waiting: ArrayQueue<Box<Workspace>>,
    /// How many decisions without a decider there were at once, as far as is known
    at_once: AtomicUsize,
    known: KnownTypes,
}

impl Default for Workspaces {
    fn default() -> Self {
        Workspaces {
            waiting: ArrayQueue::new(MOST),
            at_once: AtomicUsize::new(0),
            known: KnownTypes::default(),
        }
    }
}

impl Workspaces {
    /// Takes a workspace for a decider, or makes one.
    pub(crate) fn take(policy: &ReleasedPolicy) -> Box<Workspace> {
        let waiting = policy.workspaces.waiting.pop();
        waiting.unwrap_or_else(|| Box::new(Workspace::new(policy)))
    }

    /// Takes a workspace for a decision without a decider, or makes one.
    pub(crate) fn take_for_one(policy: &ReleasedPolicy) -> Box<Workspace> {
        let own = &policy.workspaces;
        own.waiting.pop().unwrap_or_else(|| {
            // The next release is to have one more.
            own.at_once.fetch_add(1, Ordering::Relaxed);
            Box::new(Workspace::new(policy))
        })
    }

    /// Leaves a workspace with the policy that it was made for.
    pub(crate) fn give_back(&self, workspace: Box<Workspace>) {
        // Of too many it is one too many.
        drop(self.waiting.push(workspace));
    }

    /// Makes workspaces for all who will decide with a policy: so many deciders, and as
    /// many decisions without one at once as there were of the policy before it.
    pub(crate) fn prepare(
        policy: &ReleasedPolicy,
        deciders: usize,
        before: Option<&ReleasedPolicy>,
    ) {
        let own = &policy.workspaces;
        if let Some(before) = before {
            own.known.add_all(&before.workspaces.known);
            let at_once = before.workspaces.at_once.load(Ordering::Relaxed);
            own.at_once.fetch_max(at_once, Ordering::Relaxed);
        }
        let wanted = deciders.saturating_add(own.at_once.load(Ordering::Relaxed));
        let wanted = wanted.min(MOST);
        if own.waiting.len() >= wanted {
            return;
        }
        let bindings = own.bindings(policy);
        while own.waiting.len() < wanted {
            own.give_back(Box::new(Workspace::with(policy, bindings.clone())));
        }
    }

    fn bindings(&self, policy: &ReleasedPolicy) -> Bindings {
        Bindings::of_known(self.known.clone(), &policy.part.names, policy.program())
    }
}

/// A policy of a release, with a workspace for one decision
#[derive(Debug)]
pub(crate) struct Desk<'d> {
    pub(crate) release: &'d Arc<Release>,
    pub(crate) policy: &'d Arc<ReleasedPolicy>,
    pub(crate) workspace: &'d mut Workspace,
}

impl<'d> Desk<'d> {
    #[inline]
    pub(crate) fn decide<T: Serialize + ?Sized>(
        self,
        decision_date: Date,
        facts: &T,
        unknown: UnknownFields,
    ) -> Result<Decision<'d>, DecideError> {
        let (names, program) = (&self.policy.part.names, self.policy.program());
        let Workspace { frame, learned, .. } = &mut *self.workspace;
        program.begin(frame, decision_date);
        bind::bind_typed(names, learned, program, frame, facts, unknown)?;
        self.decided()
    }

    #[inline]
    pub(crate) fn decide_facts<F: Facts>(
        self,
        decision_date: Date,
        facts: &F,
        unknown: UnknownFields,
    ) -> Result<Decision<'d>, DecideError> {
        let (names, program) = (&self.policy.part.names, self.policy.program());
        let Workspace {
            frame, bindings, ..
        } = &mut *self.workspace;
        let binding = bindings.of::<F>(names, program, unknown)?;
        facts::bind_facts(names, program, frame, binding, (facts, decision_date))?;
        self.decided()
    }

    pub(crate) fn decide_json(
        self,
        decision_date: Date,
        json: &str,
        unknown: UnknownFields,
    ) -> Result<Decision<'d>, DecideError> {
        let (names, program) = (&self.policy.part.names, self.policy.program());
        let Workspace { frame, learned, .. } = &mut *self.workspace;
        program.begin(frame, decision_date);
        let text = (json, decision_date);
        bind::bind_json_learning(names, learned, program, frame, text, unknown)?;
        self.decided()
    }

    pub(crate) fn decide_row(
        self,
        decision_date: Date,
        columns: &CsvBinding,
        row: &csv::StringRecord,
    ) -> Result<Decision<'d>, DecideError> {
        let (names, program) = (&self.policy.part.names, self.policy.program());
        let frame = &mut self.workspace.frame;
        program.begin(frame, decision_date);
        columns.bind_record(names, program, frame, row)?;
        self.decided()
    }

    /// Decides the case that was bound.
    #[inline]
    fn decided(self) -> Result<Decision<'d>, DecideError> {
        match progress(self.policy, self.workspace)? {
            Progress::Decided => Ok(Decision {
                release: self.release,
                policy: self.policy,
                frame: &self.workspace.frame,
            }),
            Progress::Needs(needs) => {
                let needs = Needs::of(self.policy.program().policy(), needs);
                Err(DecideError::Waits(needs.to_string()))
            }
        }
    }
}

/// Goes on with the case in a workspace.
#[inline]
pub(crate) fn progress(
    policy: &ReleasedPolicy,
    workspace: &mut Workspace,
) -> Result<Progress, EvalError> {
    let Workspace { frame, calls, .. } = workspace;
    policy.program().decide(frame, calls)
}
