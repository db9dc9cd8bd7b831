//! Faults: what can go wrong in a checked policy. A fault is never "no match".

use std::sync::Arc;

use crate::ids::{GroupId, ModelId, SubpolicyId};
use crate::types::Currency;

use super::policy::PolicyFault;
use crate::{NumberFault, Span};

/// Something that could not be computed, and where
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What went wrong
    pub kind: FaultKind,
    /// The part of the policy that could not be computed
    pub span: Span,
    /// The model whose failure it is
    pub model: Option<ModelId>,
    /// The group of inputs that it comes from
    pub group: Option<GroupId>,
    /// The policy that was asked and whose failure it is
    pub policy: Option<SubpolicyId>,
}

/// What went wrong
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultKind {
    /// A number cannot be computed
    #[error("{0}")]
    Number(#[from] NumberFault),
    /// A value is missing where the policy says that this is a fault
    #[error("a value is missing")]
    Missing,
    /// No row of the table matches
    #[error("no row of `{table}` matches")]
    NoRow {
        /// The table
        table: Arc<str>,
    },
    /// More rows match than the one that may
    #[error("rows `{one}` and `{other}` of `{table}` both match")]
    RowsMatch {
        /// The table
        table: Arc<str>,
        /// The first row that matches
        one: Arc<str>,
        /// The next one
        other: Arc<str>,
    },
    /// Rows that match give different values
    #[error("rows `{one}` and `{other}` of `{table}` both match, and do not give the same")]
    RowsDiffer {
        /// The table
        table: Arc<str>,
        /// The first row that matches
        one: Arc<str>,
        /// The one that gives something else
        other: Arc<str>,
    },
    /// A lookup has no row for the key, or nothing in the column
    #[error("`{lookup}` has nothing for the key")]
    NoKey {
        /// The lookup
        lookup: Arc<str>,
    },
    /// What a lookup or list from a file holds was not handed in
    #[error("what `{name}` holds is not at hand")]
    NoData {
        /// The lookup or list
        name: Arc<str>,
    },
    /// A group of inputs on request was asked for, and not given
    #[error("`{group}` is not given")]
    NotGiven {
        /// The group
        group: Arc<str>,
    },
    /// A group of inputs on request is older than it may be, or of a day after the
    /// decision's
    #[error("`{group}` is stale")]
    Stale {
        /// The group
        group: Arc<str>,
    },
    /// Amounts of two currencies meet
    #[error("the amounts are in {0} and {1}", one.code(), other.code())]
    Currencies {
        /// One currency
        one: Currency,
        /// The other
        other: Currency,
    },
    /// A function's argument lies outside the range of its parameter
    #[error("`{parameter}` lies outside the range that `{function}` takes")]
    Argument {
        /// The function
        function: Arc<str>,
        /// Its parameter
        parameter: Arc<str>,
    },
    /// A date or datetime beyond the years 1 to 9999, a duration too long
    #[error("the date lies beyond the years 1 to 9999, or the duration is too long")]
    Calendar,
    /// A text longer than [`MAX_TEXT`](crate::MAX_TEXT) bytes
    #[error("the text is too long")]
    TextTooLong,
    /// More elements looked at than [`MAX_STEPS`](crate::MAX_STEPS)
    #[error("the case has too many elements to look at")]
    TooManySteps,
    /// Another policy failed that was asked
    #[error("`{policy}`: {fault}")]
    Policy {
        /// Its name in the policy that asks
        policy: Arc<str>,
        /// How it failed
        fault: PolicyFault,
    },
    /// A model failed
    #[error("`{model}`: {fault}")]
    Model {
        /// The model's name in the policy
        model: Arc<str>,
        /// How it failed
        fault: ModelFault,
    },
}

/// How a model failed
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelFault {
    /// It failed while it ran
    #[error("{0}")]
    Failed(String),
    /// It did not answer in time
    #[error("it did not answer in time")]
    Late,
    /// All its sessions are busy
    #[error("all its sessions are busy")]
    Busy,
    /// It answered NaN or infinity, or a number of more than 28 digits
    #[error("`{give}` is not a finite number")]
    NotFinite {
        /// The answer's name
        give: Arc<str>,
    },
    /// It answered outside the range that the policy promises
    #[error("`{give}` lies outside the promised range")]
    OutsideRange {
        /// The answer's name
        give: Arc<str>,
    },
    /// The probabilities of a distribution do not sum to one
    #[error("the probabilities of `{give}` do not sum to 1")]
    NotOne {
        /// The distribution's name
        give: Arc<str>,
    },
    /// It answered nothing, or a value of another type
    #[error("`{give}` was not answered")]
    NoAnswer {
        /// The answer's name
        give: Arc<str>,
    },
    /// It answered a text of more than [`MAX_TEXT`](crate::MAX_TEXT) bytes
    #[error("`{give}` is too long a text")]
    TextTooLong {
        /// The answer's name
        give: Arc<str>,
    },
    /// What it is fed could not be computed
    #[error("what it is fed could not be computed: {0}")]
    Feed(Box<FaultKind>),
    /// It is fed what its training did not hold, and did not run
    #[error("`{feed}` lies outside of what the model was trained on")]
    OutsideTraining {
        /// The first column that does, in the order in which the model is fed
        feed: Arc<str>,
    },
    /// A test says that it fails
    #[error("it fails by the test's word")]
    Stated,
}

/// Why a case has no decision; one word wide
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct EvalError(Box<EvalErrorKind>);

/// Why a case has no decision
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EvalErrorKind {
    /// A rule or a table could not be computed, and nothing says what that leads to
    #[error("`{speaker}` could not be computed and no `on fault` says what follows: {}", fault.kind)]
    Unhandled {
        /// Full name of the rule or table
        speaker: Arc<str>,
        /// What went wrong, and where
        fault: Fault,
    },
    /// An output could not be computed
    #[error("output `{output}` could not be computed: {}", fault.kind)]
    Output {
        /// The output
        output: Arc<str>,
        /// What went wrong, and where
        fault: Fault,
    },
    /// What must always hold does not, and is enforced
    #[error("`{always}` does not hold")]
    Broken {
        /// What must hold, in its own words
        always: Arc<str>,
    },
    /// What must always hold could not be computed, and is enforced
    #[error("`{always}` could not be computed: {}", fault.kind)]
    Always {
        /// What must hold, in its own words
        always: Arc<str>,
        /// What went wrong, and where
        fault: Fault,
    },
    /// Nothing spoke
    #[error("nothing spoke for any outcome")]
    NothingSpoke,
    /// The frame was made by another program
    #[error("the frame belongs to another policy")]
    ForeignFrame,
}

impl EvalError {
    pub(super) fn new(kind: EvalErrorKind) -> Self {
        Self(Box::new(kind))
    }

    /// Returns what went wrong.
    #[must_use]
    pub fn kind(&self) -> &EvalErrorKind {
        &self.0
    }
}
