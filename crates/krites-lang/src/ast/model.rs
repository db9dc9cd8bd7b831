//! Models, and what feeds them.

use super::{Expr, Give, Name, OnFault, StandIn, Text};
use crate::Span;

/// `columns name { limit = card.limit, age = customer.age, card.paid }`
#[derive(Clone, Debug)]
pub struct ColumnsDecl {
    /// Name of the matrix
    pub name: Name,
    /// Its columns in order
    pub columns: Vec<Feed>,
    /// The whole item
    pub span: Span,
}

/// `name = expression`, or a path alone, which feeds itself under its own name
#[derive(Clone, Debug)]
pub struct Feed {
    /// The model's name for it; a quoted name is unquoted
    pub target: Name,
    /// The value; a path alone stands here as well
    pub value: Expr,
    /// The whole entry
    pub span: Span,
}

/// `model name from "file" { … }`
#[derive(Clone, Debug)]
pub struct ModelDecl {
    /// Name in the policy
    pub name: Name,
    /// File within the release
    pub file: Text,
    /// `for each of offers`: the rank whose rows it is asked for
    pub each: Option<Name>,
    /// `shadow` behind its file: run behind the decision, and never acting
    pub shadow: Option<Span>,
    /// Where the first `feed { … }` stands
    pub feed: Option<Span>,
    /// What stands in it, and in further ones
    pub feeds: Vec<Feed>,
    /// `give …`
    pub gives: Vec<Give>,
    /// `reasons … { … }`
    pub reasons: Option<ModelReasons>,
    /// `outside training range fault`, and where it stands
    pub outside_training: Option<(OutsideTraining, Span)>,
    /// `within 20 ms`
    pub within_ms: Option<(u64, Span)>,
    /// `on fault …`
    pub on_fault: Option<OnFault>,
    /// `on fault use …`
    pub stand_in: Option<StandIn>,
    /// The whole item
    pub span: Span,
}

/// What follows where a model is fed what its training did not hold
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutsideTraining {
    /// The model fails, and does not run
    Fault,
    /// It runs, and the record says so
    Record,
}

/// `reasons for high probability verified { income : R32 }`
#[derive(Clone, Debug)]
pub struct ModelReasons {
    /// `for high probability`: which answer is explained, and where it is adverse
    pub of: Option<(Adverse, Name)>,
    /// `verified`
    pub verified: Option<Span>,
    /// What is fed, each with its reason
    pub features: Vec<FeatureReason>,
    /// The whole entry
    pub span: Span,
}

/// Where an answer speaks against a case
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adverse {
    /// Where it is high
    High,
    /// Where it is low
    Low,
}

/// `income : R32`
#[derive(Clone, Debug)]
pub struct FeatureReason {
    /// The model's name for what is fed; a quoted name is unquoted
    pub feature: Name,
    /// The reason
    pub because: Name,
    /// The whole entry
    pub span: Span,
}
