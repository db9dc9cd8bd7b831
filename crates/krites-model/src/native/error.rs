//! Why a model is not for the native evaluator.

use crate::onnx::shown;

/// Why the native evaluator does not take a model
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotNative {
    /// The operator is not in the native table
    #[error("{node} uses the operator `{}`, which is not native", shown(operator))]
    Operator {
        /// Name or place of the node
        node: String,
        /// Operator with its domain
        operator: String,
    },
    /// The operator is in the table, this use of it is not
    #[error("{node} is not native: {reason}")]
    Use {
        /// Name or place of the node
        node: String,
        /// What of it is outside of the table
        reason: String,
    },
    /// An input or output is of a type or shape that native models lack
    #[error("`{}` is not native: {reason}", shown(name))]
    Port {
        /// Name of the input or output
        name: String,
        /// What of it is outside of the table
        reason: String,
    },
    /// The node contradicts itself; no backend should run it
    #[error("{node} is damaged: {problem}")]
    Malformed {
        /// Name or place of the node
        node: String,
        /// What contradicts what
        problem: String,
    },
}

impl NotNative {
    /// Tells whether the model is damaged, so that no other backend should be
    /// tried.
    #[must_use]
    pub fn is_malformed(&self) -> bool {
        matches!(self, Self::Malformed { .. })
    }
}
