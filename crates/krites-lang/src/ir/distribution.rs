//! Distributions: one answer of a model for each label of an enum.

use std::sync::Arc;

use super::{Expr, Value};
use crate::ids::{EnumId, ModelId};

/// A distribution that a model gives
#[derive(Clone, Debug)]
pub struct Distribution {
    /// Full name, such as `topic.intent`
    pub name: Arc<str>,
    /// The enum whose labels it is over
    pub ty: EnumId,
    /// The answers of its labels, in the order of the enum
    pub labels: Labels,
}

/// Answers of a model that belong to the labels of an enum, in its order
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labels {
    /// The model
    pub model: ModelId,
    /// The answer of the first label
    pub first: u32,
    /// How many labels there are; two or more
    pub count: u32,
}

impl Labels {
    /// The answer of its first label, which is there where those of all others are.
    #[must_use]
    pub fn value(&self) -> Value {
        Value::Model(self.model, self.first)
    }

    /// The answer of a label.
    #[must_use]
    pub fn of(&self, label: u32) -> Value {
        Value::Model(self.model, self.first + label)
    }
}

/// What is read of a distribution
#[derive(Clone, Debug)]
pub struct DistributionUse {
    /// Its answers
    pub labels: Labels,
    /// What is read
    pub query: DistributionQuery,
}

/// What is read of a distribution; of labels of one probability, the first counts as
/// the more probable
#[derive(Clone, Debug)]
pub enum DistributionQuery {
    /// The most probable label
    Top,
    /// The most probable one but for the top
    Second,
    /// The probability of the top
    TopProbability,
    /// The probability of the second
    SecondProbability,
    /// The probability of this label
    Probability(Expr),
}
