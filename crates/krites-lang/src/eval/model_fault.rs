//! The kinds of a model's faults, each with one name for whoever counts or records them.

use crate::ids::ModelId;

use super::fault::ModelFault;

/// The kind of a model's fault: what is counted, and what a record calls it
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ModelFaultKind {
    /// It failed while it ran
    Failed,
    /// It did not answer in time
    Late,
    /// All its sessions are busy
    Busy,
    /// It answered NaN, infinity, or a number of more than 28 digits
    NotFinite,
    /// It answered outside the range that the policy promises
    OutsideRange,
    /// The probabilities of a distribution do not sum to one
    NotOne,
    /// It answered nothing, or a value of another type
    NoAnswer,
    /// It answered too long a text
    TextTooLong,
    /// What it is fed could not be computed
    Feed,
    /// It is fed what its training did not hold
    OutsideTraining,
    /// A test says that it fails
    Stated,
}

impl ModelFaultKind {
    /// All kinds, in the order in which they are declared.
    pub const ALL: &[ModelFaultKind] = &[
        ModelFaultKind::Failed,
        ModelFaultKind::Late,
        ModelFaultKind::Busy,
        ModelFaultKind::NotFinite,
        ModelFaultKind::OutsideRange,
        ModelFaultKind::NotOne,
        ModelFaultKind::NoAnswer,
        ModelFaultKind::TextTooLong,
        ModelFaultKind::Feed,
        ModelFaultKind::OutsideTraining,
        ModelFaultKind::Stated,
    ];

    /// Returns the name that records have for it: lower case, the same on every machine
    /// and for every backend.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            ModelFaultKind::Failed => "failed",
            ModelFaultKind::Late => "late",
            ModelFaultKind::Busy => "busy",
            ModelFaultKind::NotFinite => "not finite",
            ModelFaultKind::OutsideRange => "outside range",
            ModelFaultKind::NotOne => "not one",
            ModelFaultKind::NoAnswer => "no answer",
            ModelFaultKind::TextTooLong => "text too long",
            ModelFaultKind::Feed => "feed",
            ModelFaultKind::OutsideTraining => "outside training",
            ModelFaultKind::Stated => "stated",
        }
    }
}

impl ModelFault {
    /// Returns its kind.
    #[must_use]
    pub fn kind(&self) -> ModelFaultKind {
        match self {
            ModelFault::Failed(_) => ModelFaultKind::Failed,
            ModelFault::Late => ModelFaultKind::Late,
            ModelFault::Busy => ModelFaultKind::Busy,
            ModelFault::NotFinite { .. } => ModelFaultKind::NotFinite,
            ModelFault::OutsideRange { .. } => ModelFaultKind::OutsideRange,
            ModelFault::NotOne { .. } => ModelFaultKind::NotOne,
            ModelFault::NoAnswer { .. } => ModelFaultKind::NoAnswer,
            ModelFault::TextTooLong { .. } => ModelFaultKind::TextTooLong,
            ModelFault::Feed(_) => ModelFaultKind::Feed,
            ModelFault::OutsideTraining { .. } => ModelFaultKind::OutsideTraining,
            ModelFault::Stated => ModelFaultKind::Stated,
        }
    }
}

/// A model that failed for a case, told to whoever answers for it
#[derive(Clone, Copy, Debug)]
pub struct ModelFailure<'a> {
    /// Which model
    pub model: ModelId,
    /// How it failed
    pub fault: &'a ModelFault,
    /// Whether the case is decided again in shadow: the decision itself has not met it
    pub again: bool,
}
