//! The engine: what serves now, and how another release takes its place.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::ArcSwap;
use krites_lang::Date;
use serde::Serialize;

use crate::bind::{self, Facts, UnknownFields};
use crate::case::Case;
use crate::compatible::{self, SchemaChange};
use crate::decider::{DecideError, Decider};
use crate::decision::{Decision, OwnedDecision};
use crate::release::Release;
use crate::workspace::{Desk, Workspaces};

/// What decides at one moment: the champion release
#[derive(Debug)]
pub struct Deployment {
    release: Arc<Release>,
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
    /// The deployment before: it can be gone back to, and is freed by who publishes, not
    /// by who decides. Held by writers only
    previous: Mutex<Option<Arc<Deployment>>>,
    /// The policies that deciders were made for; each of these holds one
    counted: Mutex<Vec<Arc<str>>>,
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
            sequence: 1,
        };
        Engine {
            shared: Arc::new(Shared {
                deployment: Arc::new(ArcSwap::from_pointee(deployment)),
                previous: Mutex::new(None),
                counted: Mutex::new(Vec::new()),
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
        let unknown = self.unknown.unwrap_or_default();
        self.at_desk(policy, |desk| {
            desk.decide(decision_date, facts, unknown).map(read)
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
        let unknown = self.unknown.unwrap_or_default();
        self.at_desk(policy, |desk| {
            desk.decide_facts(decision_date, facts, unknown).map(read)
        })
    }

    /// Decides in a workspace of the policy.
    fn at_desk<R>(
        &self,
        policy: &str,
        decide: impl FnOnce(Desk<'_>) -> Result<R, DecideError>,
    ) -> Result<R, DecideError> {
        let deployment = self.shared.deployment.load();
        let policy = deployment.release.find(policy)?;
        let mut workspace = Workspaces::take_for_one(policy);
        let decided = decide(Desk {
            release: &deployment.release,
            policy,
            workspace: &mut workspace,
        });
        policy.workspaces.give_back(workspace);
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
    /// Decisions that run go on with the release they began with. What the first decisions
    /// with the new release need is made here, before it decides: a frame for each decider.
    ///
    /// # Errors
    ///
    /// [`PublishError::SchemaChange`] where the release drops or retypes an
    /// input or output of the current one, or newly requires an input; the
    /// current release goes on deciding.
    pub fn publish(&self, release: impl Into<Arc<Release>>) -> Result<Arc<Release>, PublishError> {
        let release = release.into();
        self.replace(|current, _| {
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
        self.replace(|_, _| Ok(replacement)).unwrap_or(release)
    }

    /// Goes back to the release before the current one; returns the current one.
    ///
    /// One earlier release is kept: rolling back again goes forward again.
    ///
    /// # Errors
    ///
    /// [`PublishError::NothingToRollBack`] before the first publication.
    pub fn rollback(&self) -> Result<Arc<Release>, PublishError> {
        self.replace(|_, previous| {
            let previous = previous.ok_or(PublishError::NothingToRollBack)?;
            Ok(previous.release.clone())
        })
    }

    fn replace(
        &self,
        next: impl FnOnce(&Deployment, Option<&Deployment>) -> Result<Arc<Release>, PublishError>,
    ) -> Result<Arc<Release>, PublishError> {
        let mut previous = lock(&self.shared.previous);
        let current = self.shared.deployment.load_full();
        let release = next(&current, previous.as_deref())?;
        self.prepare(&current.release, &release);
        let replaced = current.release.clone();
        let deployment = Deployment {
            release,
            sequence: current.sequence + 1,
        };
        self.shared.deployment.store(Arc::new(deployment));
        let old = previous.replace(current);
        drop(previous);
        // Nobody else waits while it is freed.
        drop(old);
        Ok(replaced)
    }

    /// Makes what the first decisions with a release need.
    fn prepare(&self, current: &Release, next: &Release) {
        let counted = lock(&self.shared.counted).clone();
        for (name, policy) in next.policies() {
            let before = current.policy(name);
            if before.is_some_and(|before| Arc::ptr_eq(before, policy)) {
                continue;
            }
            let known = counted.iter().find(|counted| ***counted == **name);
            // Once here, and once with the engine
            let deciders = known.map_or(0, |known| Arc::strong_count(known).saturating_sub(2));
            Workspaces::prepare(policy, deciders, before.map(|before| &**before));
        }
    }

    /// Returns the name of a policy for a decider, which counts as long as it holds it.
    pub(crate) fn count_in(&self, policy: &str) -> Arc<str> {
        let mut counted = lock(&self.shared.counted);
        if let Some(known) = counted.iter().find(|known| ***known == *policy) {
            return known.clone();
        }
        counted.retain(|known| Arc::strong_count(known) > 1);
        let new: Arc<str> = policy.into();
        counted.push(new.clone());
        new
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
