//! Findings that are accepted.

use std::sync::Arc;

use crate::{Code, Span};

/// Findings of a code that are meant to be so
#[derive(Clone, Debug)]
pub struct Accepted {
    /// The code
    pub code: Code,
    /// What they are about; `None` is the whole policy
    pub within: Option<Within>,
    /// Why
    pub reason: Arc<str>,
    /// Where it is said
    pub span: Span,
}

/// A part of the policy, or several whose names begin alike
#[derive(Clone, Debug)]
pub struct Within {
    /// The name
    pub name: Arc<str>,
    /// Where it stands
    pub places: Vec<Span>,
}
