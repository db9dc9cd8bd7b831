//! Which reasons are owed, and those that models have for what they answer.

use std::sync::Arc;

use crate::Span;
use crate::ids::{ModelId, ReasonId, ScorecardId};

pub use crate::ast::Adverse;

/// Which reasons are owed
#[derive(Clone, Debug, Default)]
pub struct OwedReasons {
    /// How many at most
    pub at_most: Option<u32>,
    /// For which outcomes; a policy without the item owes none
    pub outcomes: Vec<u32>,
    /// What follows the reasons of what spoke, in order
    pub then: Vec<OwedBehind>,
}

/// What is owed behind the reasons of what spoke
#[derive(Clone, Debug)]
pub struct OwedBehind {
    /// For which outcomes
    pub outcomes: Vec<u32>,
    /// Of what
    pub of: OwedOf,
    /// Whether only of what was asked before, which computes nothing
    pub if_asked: bool,
}

/// What gives reasons behind those of what spoke
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OwedOf {
    /// The features of a scorecard that fall short
    Shortfalls(ScorecardId),
    /// What a model was fed, by how much it moved the answer
    Contributions(ModelId),
}

/// Reasons for what a model answers
#[derive(Clone, Debug)]
pub struct ModelReasons {
    /// The answer that is explained, by position in [`Model::gives`](super::Model::gives)
    pub give: usize,
    /// Where it speaks against a case
    pub adverse: Adverse,
    /// Whether a reason counts only where the answer is better without it
    pub verified: bool,
    /// What is fed, each with its reason, as written
    pub features: Vec<ModelFeature>,
    /// Where they are declared
    pub span: Span,
}

/// Something that a model is fed, with the reason that it gives
#[derive(Clone, Debug)]
pub struct ModelFeature {
    /// Its name, of the column or of the input
    pub name: Arc<str>,
    /// The model's input, by position
    pub input: usize,
    /// The column of it, counted from zero
    pub column: usize,
    /// The reason
    pub because: ReasonId,
}
