//! Contributions: by how much each input column moved what a model said.

use crate::{ElementType, InputRows, InputTensor, ModelError, Scratch};

/// What is explained, and against what
#[derive(Clone, Copy, Debug)]
pub struct Explained<'a> {
    /// The output, by position in the signature
    pub output: usize,
    /// Its column, counted from zero
    pub column: usize,
    /// The cases that a case is compared with
    pub background: &'a InputRows,
    /// How what several columns do together is shared among them
    pub attribution: Attribution,
}

/// How what several columns do together is shared among them
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Attribution {
    /// Interventional Shapley values: a column that is not known takes the value of
    /// each background row in turn, whatever the others are
    #[default]
    Interventional,
    /// Shapley values along the paths of trees: a column that is not known goes
    /// both ways, by how many cases did
    PathDependent,
}

/// What contributions are counted in
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Natural logarithm of the odds: what a logistic function turns into a
    /// probability
    LogOdds,
    /// What a softmax turns into a probability
    Logit,
    /// What the output itself is counted in: points, a sum of money, votes
    Output,
}

impl std::fmt::Display for Unit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::LogOdds => "log-odds",
            Self::Logit => "logit",
            Self::Output => "units of the output",
        })
    }
}

/// Tells the contributions of a model's input columns to one column of an output.
///
/// The base value and the contributions of a row sum to its raw margin: what the
/// model computes before it is made a probability.
pub trait Explainer: Send + Sync + std::fmt::Debug {
    /// Returns the mean of the raw margin over the background.
    fn base(&self) -> f64;

    /// Tells what base and contributions are counted in.
    fn unit(&self) -> Unit;

    /// Fills a contribution for each input column of one row, the columns of the
    /// first input first, and returns the row's raw margin.
    ///
    /// # Errors
    ///
    /// [`ModelError`] where the row does not fit the model or cannot be computed.
    fn explain(
        &self,
        row: &[InputTensor<'_>],
        contributions: &mut [f64],
        scratch: &mut Scratch,
    ) -> Result<f64, ModelError>;
}

/// Why a model's output cannot be explained
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotExplained {
    /// What evaluates the model tells no contributions
    #[error("{backend} tells no contributions")]
    Backend {
        /// What evaluates it
        backend: String,
    },
    /// There is no such column of an output
    #[error("the model has no such output")]
    NoOutput,
    /// The output is no score
    #[error("`{output}` is of type {element}, and no score")]
    NotAScore {
        /// The output
        output: String,
        /// Its type
        element: ElementType,
    },
    /// The graph is none of those that have exact contributions
    #[error("{reason}")]
    Form {
        /// What of it is not
        reason: String,
    },
    /// The background does not fit the model, or holds no row or too many
    #[error("the background cannot be used: {detail}")]
    Background {
        /// What is wrong with it
        detail: String,
    },
}
