//! The decider: what decides, one case after the other.

use std::sync::Arc;

use arc_swap::{ArcSwap, Cache};
use krites_lang::{Date, EvalError};
use serde::Serialize;

use crate::bind::{self, BindError, CsvBinding, Facts, UnknownField, UnknownFields};
use crate::decision::Decision;
use crate::engine::{Deployment, Engine};
use crate::outputs::OutputsError;
use crate::outputs::reading::{Outputs, OutputsReader};
use crate::part::ReleasedPolicy;
use crate::workspace::{Desk, Workspace, Workspaces};

/// Why a case has no decision
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecideError {
    /// The release has no such policy
    #[error("the release has no policy `{policy}`")]
    NoSuchPolicy {
        /// The policy
        policy: String,
    },
    /// The case's facts cannot be taken: nothing was decided
    #[error(transparent)]
    Facts(#[from] BindError),
    /// The host's type for outputs does not fit the policy
    #[error(transparent)]
    Outputs(#[from] OutputsError),
    /// A fault that the policy does not handle
    #[error(transparent)]
    Eval(#[from] EvalError),
    /// What was given to a case says nothing: all of it is missing, or it is empty
    #[error("nothing is given: what will not come is refused by its name")]
    NothingGiven,
    /// A case has no such group of inputs on request that it waits for
    #[error("the case does not wait for `{group}`")]
    NotAwaited {
        /// The group
        group: String,
    },
    /// An input was marked as pending, and the decision needs it
    #[error("the decision waits for `{0}`")]
    Waits(String),
}

impl DecideError {
    pub(crate) fn no_such_policy(policy: &str) -> DecideError {
        DecideError::NoSuchPolicy {
            policy: policy.to_owned(),
        }
    }
}

/// Decides the cases of one policy, one after the other.
///
/// It owns all memory that a decision needs, so that warm decisions allocate
/// nothing. It follows the engine: each decision is made by the release that is
/// current when it begins. Who published that made what the first decision needs, so
/// that it takes hardly longer than the others.
///
/// A decider keeps the release of its last decision alive until its next one;
/// [`Decider::release`] lets go of it.
pub struct Decider {
    swap: Arc<ArcSwap<Deployment>>,
    cache: Option<Cache<Arc<ArcSwap<Deployment>>, Arc<Deployment>>>,
    /// As the engine has it, which counts who decides with the policy
    policy: Arc<str>,
    /// What the host has chosen, if anything
    pub(crate) unknown: Option<UnknownFields>,
    bound: Option<Bound>,
}

/// A decider's policy in the deployment of its last decision
#[derive(Debug)]
pub(crate) struct Bound {
    pub(crate) deployment: Arc<Deployment>,
    pub(crate) policy: Arc<ReleasedPolicy>,
    pub(crate) workspace: Box<Workspace>,
}

impl Bound {
    #[inline]
    fn desk(&mut self) -> Desk<'_> {
        Desk {
            release: self.deployment.release(),
            policy: &self.policy,
            workspace: &mut self.workspace,
        }
    }

    /// Leaves the workspace to whoever decides with the policy next.
    fn give_back(self) {
        self.policy.workspaces.give_back(self.workspace);
    }
}

impl std::fmt::Debug for Decider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let bound = self.bound.as_ref();
        let sequence = bound.map(|bound| bound.deployment.sequence());
        f.debug_struct("Decider")
            .field("policy", &self.policy)
            .field("unknown", &self.unknown)
            .field("sequence", &sequence)
            .finish_non_exhaustive()
    }
}

impl Decider {
    pub(crate) fn new(engine: &Engine, policy: &str) -> Result<Self, DecideError> {
        let mut decider = Self {
            swap: engine.swap().clone(),
            cache: None,
            policy: engine.count_in(policy),
            unknown: engine.on_unknown_fields(),
            bound: None,
        };
        decider.follow()?;
        Ok(decider)
    }

    /// Sets what becomes of fields and columns that are no inputs. Where neither this
    /// nor the engine sets it, fields are refused, and columns are passed over:
    /// [`CsvBinding::unknown`] lists them.
    #[must_use]
    pub fn unknown_fields(mut self, unknown: UnknownFields) -> Self {
        self.unknown = Some(unknown);
        self
    }

    /// Decides a case whose facts are a value with fields named as the inputs.
    ///
    /// # Errors
    ///
    /// [`DecideError::Facts`] where the facts do not fit the inputs,
    /// [`DecideError::Eval`] for a fault that the policy does not handle.
    pub fn decide<T: Serialize + ?Sized>(
        &mut self,
        decision_date: Date,
        facts: &T,
    ) -> Result<Decision<'_>, DecideError> {
        let unknown = self.unknown.unwrap_or_default();
        self.desk()?.decide(decision_date, facts, unknown)
    }

    /// Decides a case whose facts are of a type that derives [`Facts`]: as
    /// [`Decider::decide`] decides it, in a fraction of the time that binding takes there.
    ///
    /// Where the fields go is found with the first case of a release, or by
    /// [`Decider::check_facts`].
    ///
    /// # Errors
    ///
    /// As [`Decider::decide`]; [`DecideError::Facts`] also where the type does not fit the
    /// policy, whatever its values are.
    #[inline]
    pub fn decide_facts<F: Facts>(
        &mut self,
        decision_date: Date,
        facts: &F,
    ) -> Result<Decision<'_>, DecideError> {
        let unknown = self.unknown.unwrap_or_default();
        self.desk()?.decide_facts(decision_date, facts, unknown)
    }

    /// Looks whether a type that derives [`Facts`] fits the policy of the current release:
    /// when a service starts, say.
    ///
    /// # Errors
    ///
    /// [`DecideError::Facts`] where a field is no input and such are refused, where the
    /// values of a field are none of its input, where a variant is no label, and where a
    /// required input has no field.
    pub fn check_facts<F: Facts>(&mut self) -> Result<(), DecideError> {
        let unknown = self.unknown.unwrap_or_default();
        let bound = self.follow()?;
        let names = &bound.policy.part.names;
        let program = bound.policy.program();
        let bindings = &mut bound.workspace.bindings;
        bindings.of::<F>(names, program, unknown)?;
        Ok(())
    }

    /// Makes what reads decisions of the policy into a type that derives [`Outputs`]; the
    /// type is held against the policy of the current release: when a service starts, say.
    ///
    /// # Errors
    ///
    /// [`DecideError::Outputs`] where a field is no output, or its type takes none of its
    /// values; [`DecideError::NoSuchPolicy`] where the policy is gone.
    pub fn outputs_reader<T: Outputs>(&mut self) -> Result<OutputsReader<T>, DecideError> {
        Ok(OutputsReader::of(&self.follow()?.policy)?)
    }

    /// Decides a case whose facts are a JSON object. Numbers are read from
    /// their text, never by way of a float.
    ///
    /// # Errors
    ///
    /// As [`Decider::decide`].
    pub fn decide_json(
        &mut self,
        decision_date: Date,
        json: &str,
    ) -> Result<Decision<'_>, DecideError> {
        let unknown = self.unknown.unwrap_or_default();
        self.desk()?.decide_json(decision_date, json, unknown)
    }

    /// Decides a case whose facts are the bytes of a JSON object.
    ///
    /// # Errors
    ///
    /// As [`Decider::decide`], and where the bytes are not UTF-8.
    pub fn decide_json_bytes(
        &mut self,
        decision_date: Date,
        json: &[u8],
    ) -> Result<Decision<'_>, DecideError> {
        self.decide_json(decision_date, bind::text_of(json)?)
    }

    /// Returns the fields of a JSON object that are no inputs, each with the input
    /// that was probably meant: what [`UnknownFields::Ignore`] passes over.
    ///
    /// # Errors
    ///
    /// As [`Decider::decide_json`], but for what is not given.
    pub fn unknown_in_json(&mut self, json: &str) -> Result<Vec<UnknownField>, DecideError> {
        let bound = self.follow()?;
        let names = &bound.policy.part.names;
        Ok(bind::unknown_json(names, bound.policy.program(), json)?)
    }

    /// Decides a case whose facts are a row of a table; `columns` comes from
    /// [`Decider::columns`].
    ///
    /// # Errors
    ///
    /// As [`Decider::decide`].
    pub fn decide_row(
        &mut self,
        decision_date: Date,
        columns: &CsvBinding,
        row: &csv::StringRecord,
    ) -> Result<Decision<'_>, DecideError> {
        self.desk()?.decide_row(decision_date, columns, row)
    }

    /// Resolves the names of a table's columns for [`Decider::decide_row`].
    ///
    /// # Errors
    ///
    /// [`DecideError::Facts`] where a required input has no column, two columns have
    /// one name, or a column is no input and such are refused.
    pub fn columns<'n>(
        &mut self,
        header: impl IntoIterator<Item = &'n str>,
    ) -> Result<CsvBinding, DecideError> {
        let unknown = self.unknown.unwrap_or(UnknownFields::Ignore);
        let bound = self.follow()?;
        Ok(CsvBinding::new(
            &bound.policy.part.names,
            bound.policy.program(),
            header,
            unknown,
        )?)
    }

    /// Lets go of the release of the last decision.
    pub fn release(&mut self) {
        self.cache = None;
        if let Some(bound) = self.bound.take() {
            bound.give_back();
        }
    }

    #[inline]
    fn desk(&mut self) -> Result<Desk<'_>, DecideError> {
        self.follow().map(Bound::desk)
    }

    /// Takes up the current deployment, where it is not the one of the last
    /// decision.
    #[inline]
    pub(crate) fn follow(&mut self) -> Result<&mut Bound, DecideError> {
        let swap = &self.swap;
        let deployment = self
            .cache
            .get_or_insert_with(|| Cache::new(swap.clone()))
            .load();
        let current = |bound: &Bound| Arc::ptr_eq(&bound.deployment, deployment);
        if !self.bound.as_ref().is_some_and(current) {
            self.bound = Some(move_on(self.bound.take(), deployment, &self.policy)?);
        }
        let bound = self.bound.as_mut();
        bound.ok_or_else(|| DecideError::no_such_policy(&self.policy))
    }
}

/// Leaves the workspace to whoever decides with the policy next.
impl Drop for Decider {
    fn drop(&mut self) {
        self.release();
    }
}

/// Moves on to another deployment.
#[cold]
fn move_on(
    before: Option<Bound>,
    deployment: &Arc<Deployment>,
    policy: &str,
) -> Result<Bound, DecideError> {
    let policy = match deployment.release().find(policy) {
        Ok(policy) => policy,
        Err(gone) => {
            if let Some(before) = before {
                before.give_back();
            }
            return Err(gone);
        }
    };
    let deployment = deployment.clone();
    match before {
        Some(before) if Arc::ptr_eq(&before.policy, policy) => Ok(Bound {
            deployment,
            ..before
        }),
        before => {
            let mut workspace = Workspaces::take(policy);
            if let Some(mut before) = before {
                workspace.go_on_from(&mut before.workspace);
                before.give_back();
            }
            Ok(Bound {
                deployment,
                policy: policy.clone(),
                workspace,
            })
        }
    }
}
