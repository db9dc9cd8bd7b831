//! The policy's header.

use super::{Expr, Name, OnFault, Text};
use crate::Span;

/// The policy's header
#[derive(Clone, Debug)]
pub struct PolicyHeader {
    /// Name of the policy
    pub name: Name,
    /// Title for people
    pub title: Option<Text>,
    /// `version "…"`
    pub version: Option<Text>,
    /// `owner "…"`
    pub owner: Option<Text>,
    /// `time zone "…"`
    pub time_zone: Option<Text>,
    /// `rounding half up`
    pub rounding: Option<(Rounding, Span)>,
    /// `on fault refer because M00`
    pub on_fault: Option<OnFault>,
    /// `budget 10_000 steps, 2 model calls`
    pub budget: Option<Budget>,
    /// `models state owner, auc at least 0.75`
    pub demands: Option<CardDemands>,
    /// The whole item
    pub span: Span,
}

/// What a decision may take at most
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Steps
    pub steps: Option<u64>,
    /// Calls of models
    pub model_calls: Option<u64>,
    /// Where it stands
    pub span: Span,
}

/// What the cards of models state
#[derive(Clone, Debug)]
pub struct CardDemands {
    /// As written
    pub all: Vec<CardDemand>,
    /// Where it stands
    pub span: Span,
}

/// Something that a card states
#[derive(Clone, Debug)]
pub enum CardDemand {
    /// A field, in words with one space between two
    Field(Name),
    /// `auc at least 0.75`
    Metric {
        /// Its name
        name: Name,
        /// Whether it is at least the bound, or at most
        at_least: bool,
        /// The bound
        bound: Expr,
    },
}

/// How typed definitions round
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rounding {
    /// Ties away from zero
    HalfUp,
    /// Ties to the even digit
    HalfEven,
    /// Ties toward zero
    HalfDown,
    /// Away from zero
    Up,
    /// Toward zero
    Down,
}
