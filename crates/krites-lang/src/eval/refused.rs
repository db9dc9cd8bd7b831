//! Why an input cannot be taken.

use std::sync::Arc;

/// An input that cannot be taken; one word wide
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InputError(Box<Refused>);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`: {problem}")]
struct Refused {
    field: Arc<str>,
    problem: InputProblem,
}

impl InputError {
    pub(super) fn new(field: &Arc<str>, problem: InputProblem) -> Self {
        Self(Box::new(Refused {
            field: field.clone(),
            problem,
        }))
    }

    /// Returns the input's dotted name.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.0.field
    }

    /// Returns why it cannot be taken.
    #[must_use]
    pub fn problem(&self) -> &InputProblem {
        &self.0.problem
    }
}

/// Why an input cannot be taken
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InputProblem {
    /// Neither given nor optional nor with a default
    #[error("it is required and was not given")]
    NotGiven,
    /// Given twice
    #[error("it is given twice")]
    Twice,
    /// Missing where it may not be
    #[error("it may not be missing")]
    Missing,
    /// Of another type
    #[error("expected {expected}, got {got}")]
    WrongType {
        /// What the policy declares, in words
        expected: String,
        /// What was given
        got: String,
    },
    /// Outside the declared range
    #[error("{got} lies outside the range {range}")]
    OutsideRange {
        /// What was given
        got: String,
        /// The declared range, in the policy's words
        range: String,
    },
    /// Not a label's text on the wire
    #[error("{got} is not one of {known}")]
    UnknownLabel {
        /// What was given
        got: String,
        /// The labels' texts on the wire
        known: String,
    },
    /// More digits behind the point than declared
    #[error("{got} has more than {places} digits behind the point")]
    TooManyDigits {
        /// What was given
        got: String,
        /// Digits that the type allows
        places: u32,
    },
    /// More than 28 digits, or beyond the whole numbers of 64 bits
    #[error("the number is too large or has too many digits")]
    NumberTooLarge,
    /// NaN or infinity
    #[error("the number is not finite")]
    NotFinite,
    /// A group of inputs where a value was expected, or the reverse
    #[error("{detail}")]
    Shape {
        /// What was expected and what came
        detail: String,
    },
}
