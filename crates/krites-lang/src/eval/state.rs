//! What a frame knows of slots, rules, tables, models, and of what spoke.

use crate::ids::{GroupId, ModelId, ReasonId, RuleId, SubpolicyId, TableId};
use crate::ir::Value;

/// The state of a slot
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum SlotState {
    /// Not filled, not asked for
    #[default]
    Unset,
    /// Filled with a value
    Present,
    /// Known to be missing
    Missing,
    /// Could not be computed
    Fault,
    /// Asked of the host, not there yet
    Pending,
}

/// How an input came by its state
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[repr(u8)]
pub enum Given {
    /// Not given
    #[default]
    No,
    /// Given by the caller
    Given,
    /// Given by the policy's default
    Defaulted,
}

/// The state of a rule
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum RuleState {
    /// Never reached
    #[default]
    NotAsked,
    /// Asked, and its condition did not hold
    NotFired,
    /// Asked, and its condition held
    Fired,
    /// Could not be computed; the index of the fault in [`Frame::faults`](super::Frame::faults)
    Fault(u32),
}

/// The state of a table
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TableState {
    /// Never needed
    #[default]
    NotAsked,
    /// It does not hold on the day of the decision
    Off,
    /// The one row that counts
    Row(u32),
    /// Those of [`Frame::rows`](super::Frame::rows) count
    Rows,
    /// Failed; the index of the fault in [`Frame::faults`](super::Frame::faults)
    Fault(u32),
}

/// The state of a model
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum ModelState {
    /// Never needed
    #[default]
    NotRun,
    /// Called; the answer is not there yet
    Pending,
    /// Called, and answered
    Answered,
    /// Failed; the index of the fault in [`Frame::faults`](super::Frame::faults)
    Fault(u32),
    /// A test gave its answers
    Stated,
    /// Failed, and the policy's answers stand in; the index of the fault in
    /// [`Frame::faults`](super::Frame::faults)
    StoodIn(u32),
}

/// The state of what must hold behind each decision
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum AlwaysState {
    /// Not known: nothing was asked for to find out
    #[default]
    NotKnown,
    /// It holds
    Holds,
    /// It does not hold
    Broken,
    /// Could not be computed; the index of the fault in [`Frame::faults`](super::Frame::faults)
    Fault(u32),
}

/// Something that spoke for an outcome
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// What spoke
    pub speaker: Speaker,
    /// Position of the outcome's label
    pub outcome: u32,
    /// Its reason
    pub because: Option<ReasonId>,
    /// What says what is decided with the outcome
    pub(super) source: Source,
}

impl Spoken {
    /// A rule that speaks for a label.
    #[inline]
    pub(super) fn by(rule: RuleId, outcome: u32, because: Option<ReasonId>) -> Self {
        Self {
            speaker: Speaker::Rule(rule),
            outcome,
            because,
            source: Source::Rule(rule),
        }
    }
}

/// What says what is decided with an outcome that was spoken for
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Rule(RuleId),
    /// A value, by the position of its step
    Step(u32),
    Handling(Handler),
    /// What spoke could not: the handling of its fault, where nothing else says
    Failed(Handler),
}

impl Source {
    /// Tells whether constants of a handling say it.
    pub(super) fn handles(self) -> bool {
        matches!(self, Source::Handling(_) | Source::Failed(_))
    }
}

/// What handles a fault
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handler {
    Rule(RuleId),
    Model(ModelId),
    Group(GroupId),
    /// Another policy that was asked
    Asked(SubpolicyId),
    Policy,
}

/// Whose `on fault` handled a fault that spoke
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HandledBy {
    /// That of the rule that met it
    Rule(RuleId),
    /// That of the model that failed
    Model(ModelId),
    /// That of the group of inputs that is not there
    Group(GroupId),
    /// That of the other policy that was asked
    Asked(SubpolicyId),
    /// That of the policy's header
    Header,
}

impl Spoken {
    /// Returns whose `on fault` says it, where a fault spoke.
    #[must_use]
    pub fn handled_by(&self) -> Option<HandledBy> {
        let (Speaker::Fault(_), Source::Handling(handler) | Source::Failed(handler)) =
            (self.speaker, self.source)
        else {
            return None;
        };
        Some(match handler {
            Handler::Rule(id) => HandledBy::Rule(id),
            Handler::Model(id) => HandledBy::Model(id),
            Handler::Group(id) => HandledBy::Group(id),
            Handler::Asked(id) => HandledBy::Asked(id),
            Handler::Policy => HandledBy::Header,
        })
    }
}

/// What can speak
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speaker {
    /// A rule
    Rule(RuleId),
    /// A row of a table, by position
    Row(TableId, u32),
    /// A value
    Value(Value),
    /// A handled fault, by position in [`Frame::faults`](super::Frame::faults)
    Fault(u32),
}

/// One input tensor of a model, for one row
#[derive(Clone, Debug, PartialEq)]
pub enum Feed {
    /// 32-bit floats
    Float(Vec<f32>),
    /// 64-bit floats
    Double(Vec<f64>),
    /// 64-bit integers
    Integer(Vec<i64>),
    /// Booleans
    Boolean(Vec<bool>),
    /// Texts
    Text(Vec<String>),
}
