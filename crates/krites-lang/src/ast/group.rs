//! Inputs that are given on request, as written.

use super::{InputField, OnFault, Path, Text, Unit};
use crate::Span;

/// An entry of `input`
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all entries are fields, the larger ones"
)]
pub enum InputEntry {
    /// An input
    Field(InputField),
    /// Inputs that are given together, when they are asked for
    Group(GroupDecl),
}

/// `bureau on request { score : integer … stale after 30 days }`
#[derive(Clone, Debug)]
pub struct GroupDecl {
    /// Dotted name
    pub path: Path,
    /// `private`
    pub private: Option<Span>,
    /// `from "creditReport"`: the name on the wire
    pub wire: Option<Text>,
    /// Description
    pub doc: Option<Text>,
    /// Its inputs, by their names within it
    pub fields: Vec<InputField>,
    /// `stale after 30 days`
    pub stale_after: Option<StaleAfter>,
    /// `on fault refer because M02`
    pub on_fault: Option<OnFault>,
    /// The whole entry
    pub span: Span,
}

/// `stale after 30 days`
#[derive(Clone, Copy, Debug)]
pub struct StaleAfter {
    /// How many units
    pub count: u32,
    /// Of time
    pub unit: Unit,
    /// The whole entry
    pub span: Span,
}
