//! Inputs that no result may rest on.

use std::sync::Arc;

use crate::Span;
use crate::ids::{InputId, ListId};

/// Inputs under one name that no result may rest on
#[derive(Clone, Debug)]
pub struct Forbidden {
    /// The name: of an input, or what several begin with
    pub name: Arc<str>,
    /// The inputs
    pub inputs: Vec<InputId>,
    /// The lists
    pub lists: Vec<ListId>,
    /// Where it is forbidden
    pub span: Span,
}
