//! Inputs that are given on request.

use std::sync::Arc;

use super::Handling;
use crate::Span;
use crate::ast::Unit;
use crate::ids::{InputId, ListId};

/// Inputs that are given together or not at all, when they are asked for
#[derive(Clone, Debug)]
pub struct Group {
    /// Dotted name
    pub name: Arc<str>,
    /// Name on the wire
    pub wire: Arc<str>,
    /// Its inputs, one behind the other in the policy's
    pub inputs: Vec<InputId>,
    /// Its lists, without those within their elements
    pub lists: Vec<ListId>,
    /// The day, or the instant, that its values are of
    pub as_of: Option<InputId>,
    /// How old it may be
    pub stale_after: Option<Age>,
    /// What a fault of the group leads to
    pub on_fault: Option<Handling>,
    /// Description
    pub doc: Option<String>,
    /// Where it is declared
    pub span: Span,
}

/// A number of days, weeks, months or years
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    /// How many
    pub count: u32,
    /// Of what
    pub unit: Unit,
}
