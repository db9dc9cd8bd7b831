//! `shadow name { … }`: the case decided again behind the decision.

use super::{Name, Path};
use crate::Span;

/// `shadow with_challenger { with default_risk = challenger; compare outcome, apr }`
#[derive(Clone, Debug)]
pub struct ShadowDecl {
    /// Name
    pub name: Name,
    /// `with default_risk = challenger`: which model stands for which
    pub with: Vec<Replaced>,
    /// Where that stands
    pub with_span: Option<Span>,
    /// `compare outcome, apr`
    pub compare: Vec<Path>,
    /// Where that stands
    pub compare_span: Option<Span>,
    /// The whole item
    pub span: Span,
}

/// `default_risk = challenger`
#[derive(Clone, Debug)]
pub struct Replaced {
    /// The model that decides
    pub model: Name,
    /// The model in shadow that stands for it
    pub by: Name,
}
