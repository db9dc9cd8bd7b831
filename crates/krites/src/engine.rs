//! The engine: what serves now, and how another release takes its place.

use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwap;
use crossbeam_queue::ArrayQueue;
use krites_lang::Date;
use serde::Serialize;

use crate::bind::{self, Facts, UnknownFields};
use crate::case::Case;
use crate::compatible::{self, SchemaChange};
use crate::decider::{DecideError, Decider};
use crate::decision::{Decision, OwnedDecision};
use crate::release::Release;

/// How many idle deciders [`Engine::decide`] keeps
const POOL: usize = 64;

/// What decides at one moment: the champion release
#[derive(Debug)]
pub struct Deployment {
    release: Arc<Release>,
    previous: Option<Arc<Release>>,
    sequence: u64,
}

impl Deployment {
    /// Returns the release that decides.
    #[must_use]
    pub fn release(&self) -> &Arc<Release> {
        &self.release
    }

    /// Returns the number of the publication, from 1.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.sequence
    }
}

/// Decides with one release until another is published. Clones share it.
///
/// Publishing never blocks a decision, and no decision takes a lock: each uses
/// one deployment from its first read to its record.
#[derive(Clone, Debug)]
pub struct Engine {
    shared: Arc<Shared>,
    /// What the host has chosen for unknown fields, if anything
    unknown: Option<UnknownFields>,
}

#[derive(Debug)]
struct Shared {
    deployment: Arc<ArcSwap<Deployment>>,
    /// Held by writers only
    publishing: Mutex<()>,
    idle: ArrayQueue<Decider>,
}

/// Why a release was not published; what served before serves on
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// Callers of the current release would break
    #[error("the release changes what callers see: {}", words(changes))]
    SchemaChange {
        /// What would break them
        changes: Vec<SchemaChange>,
    },
    /// There is no release to go back to
    #[error("there is no earlier release to roll back to")]
    NothingToRollBack,
}

fn words(changes: &[SchemaChange]) -> String {
    let words: Vec<String> = changes.iter().map(ToString::to_string).collect();
    words.join("; ")
}

impl Engine {
    /// Starts to decide with a release.
    #[must_use]
    pub fn new(release: impl Into<Arc<Release>>) -> Engine {
        let deployment = Deployment {
            release: release.into(),
            previous: None,
            sequence: 1,
        };
        Engine {
            shared: Arc::new(Shared {
                deployment: Arc::new(ArcSwap::from_pointee(deployment)),
                publishing: Mutex::new(()),
                idle: ArrayQueue::new(POOL),
            }),
            unknown: None,
        }
    }

    /// Sets what becomes of fields that are no inputs, in what this engine decides and
    /// in the deciders it makes; see [`Decider::unknown_fields`]. It shares all else
    /// with the engine that it was made of.
    #[must_use]
    pub fn unknown_fields(self, unknown: UnknownFields) -> Engine {
        let unknown = Some(unknown);
        Engine { unknown, ..self }
    }

    pub(crate) fn on_unknown_fields(&self) -> Option<UnknownFields> {
        self.unknown
    }

    /// Returns what decides now.
    #[must_use]
    pub fn deployment(&self) -> Arc<Deployment> {
        self.shared.deployment.load_full()
    }

    pub(crate) fn swap(&self) -> &Arc<ArcSwap<Deployment>> {
        &self.shared.deployment
    }

    /// Makes a decider for a policy. A service keeps one a worker.
    ///
    /// # Errors
    ///
    /// [`DecideError::NoSuchPolicy`] where the current release lacks it.
    pub fn decider(&self, policy: &str) -> Result<Decider, DecideError> {
        Decider::new(self, policy)
    }

    /// Decides one case, with a decider from the engine's pool, and takes the
    /// decision along.
    ///
    /// # Errors
    ///
    /// As [`Decider::decide`].
    pub fn decide<T: Serialize + ?Sized>(
        &self,
        policy: &str,
        decision_date: Date,
        facts: &T,
    ) -> Result<OwnedDecision, DecideError> {
        self.decide_with(policy, decision_date, facts, |decision| decision.to_owned())
    }

    /// Decides one case, with a decider from the engine's pool, and returns what
    /// `read` makes of the decision: its outputs as a type of the host, its
    /// record, or both.
    ///
    /// # Errors
    ///
    /// As [`Decider::decide`].
    pub fn decide_with<T: Serialize + ?Sized, R>(
        &self,
        policy: &str,
        decision_date: Date,
        facts: &T,
        read: impl FnOnce(Decision<'_>) -> R,
    ) -> Result<R, DecideError> {
        self.with_decider(policy, |decider| {
            decider.decide(decision_date, facts).map(read)
        })
    }

    /// Decides one case whose facts are of a type that derives [`Facts`], as
    /// [`Engine::decide_with`] does.
    ///
    /// # Errors
    ///
    /// As [`Decider::decide_facts`].
    pub fn decide_facts_with<F: Facts, R>(
        &self,
        policy: &str,
        decision_date: Date,
        facts: &F,
        read: impl FnOnce(Decision<'_>) -> R,
    ) -> Result<R, DecideError> {
        self.with_decider(policy, |decider| {
            decider.decide_facts(decision_date, facts).map(read)
        })
    }

    /// Decides with a decider from the pool.
    fn with_decider<R>(
        &self,
        policy: &str,
        decide: impl FnOnce(&mut Decider) -> Result<R, DecideError>,
    ) -> Result<R, DecideError> {
        let begun = self.shared.deployment.load().sequence();
        let mut decider = match self.shared.idle.pop() {
            Some(mut idle) => {
                idle.switch_to(policy, self.unknown);
                idle
            }
            None => self.decider(policy)?,
        };
        let decided = decide(&mut decider);
        // A full pool lets the decider go.
        let _ = self.shared.idle.push(decider);
        // What was published meanwhile emptied the pool before this decider was in.
        if self.shared.deployment.load().sequence() != begun {
            self.empty_pool();
        }
        decided
    }

    /// Opens a case that can be set aside while it waits for inputs.
    ///
    /// A group of inputs on request may come later, and so may the inputs that
    /// `pending` names; the others are missing, or take their default, where `facts`
    /// lacks them.
    ///
    /// # Errors
    ///
    /// As [`Decider::decide`], for the inputs that are given; also where
    /// `pending` names something that is no input.
    pub fn open<T: Serialize + ?Sized>(
        &self,
        policy: &str,
        decision_date: Date,
        facts: &T,
        pending: &[&str],
    ) -> Result<Case, DecideError> {
        let (release, unknown) = (
            self.deployment().release.clone(),
            self.unknown.unwrap_or_default(),
        );
        let way = (pending, unknown);
        Case::open(
            &release,
            policy,
            decision_date,
            way,
            &mut |names, learned, program, frame| {
                bind::bind_typed(names, learned, program, frame, facts, unknown)
            },
        )
    }

    /// Opens a case as [`Engine::open`] does, with facts that are a JSON object.
    ///
    /// # Errors
    ///
    /// As [`Engine::open`].
    pub fn open_json(
        &self,
        policy: &str,
        decision_date: Date,
        json: &str,
        pending: &[&str],
    ) -> Result<Case, DecideError> {
        let (release, unknown) = (
            self.deployment().release.clone(),
            self.unknown.unwrap_or_default(),
        );
        let way = (pending, unknown);
        Case::open(
            &release,
            policy,
            decision_date,
            way,
            &mut |names, _, program, frame| bind::bind_json(names, program, frame, json, unknown),
        )
    }

    /// Publishes a release; returns the one it replaced.
    ///
    /// Decisions that run go on with the release they began with.
    ///
    /// # Errors
    ///
    /// [`PublishError::SchemaChange`] where the release drops or retypes an
    /// input or output of the current one, or newly requires an input; the
    /// current release goes on deciding.
    pub fn publish(&self, release: impl Into<Arc<Release>>) -> Result<Arc<Release>, PublishError> {
        let release = release.into();
        self.replace(|current| {
            let changes = compatible::changes(&current.release, &release);
            if changes.is_empty() {
                Ok(release)
            } else {
                Err(PublishError::SchemaChange { changes })
            }
        })
    }

    /// Publishes a release whatever it changes of inputs and outputs; returns
    /// the one it replaced.
    pub fn publish_with_schema_change(&self, release: impl Into<Arc<Release>>) -> Arc<Release> {
        let release = release.into();
        let replacement = release.clone();
        // Nothing refuses it.
        self.replace(|_| Ok(replacement)).unwrap_or(release)
    }

    /// Goes back to the release before the current one; returns the current one.
    ///
    /// One earlier release is kept: rolling back again goes forward again.
    ///
    /// # Errors
    ///
    /// [`PublishError::NothingToRollBack`] before the first publication.
    pub fn rollback(&self) -> Result<Arc<Release>, PublishError> {
        self.replace(|current| {
            current
                .previous
                .clone()
                .ok_or(PublishError::NothingToRollBack)
        })
    }

    fn replace(
        &self,
        next: impl FnOnce(&Deployment) -> Result<Arc<Release>, PublishError>,
    ) -> Result<Arc<Release>, PublishError> {
        let _writer = self
            .shared
            .publishing
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let current = self.shared.deployment.load_full();
        let release = next(&current)?;
        let replaced = current.release.clone();
        let deployment = Deployment {
            release,
            previous: Some(replaced.clone()),
            sequence: current.sequence + 1,
        };
        self.shared.deployment.store(Arc::new(deployment));
        self.empty_pool();
        Ok(replaced)
    }

    /// Idle deciders would keep an old release alive until they decide again.
    fn empty_pool(&self) {
        while let Some(idle) = self.shared.idle.pop() {
            drop(idle);
        }
    }
}
