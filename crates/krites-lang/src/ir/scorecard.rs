//! Scorecards.

use std::sync::Arc;

use crate::ids::{DefinitionId, ReasonId, TableId};
use crate::{Exact, Span};

/// A scorecard
#[derive(Clone, Debug)]
pub struct Scorecard {
    /// Name
    pub name: Arc<str>,
    /// Points that every case has
    pub base: Exact,
    /// Features in order
    pub features: Vec<Feature>,
    /// The sum of all points
    pub points: DefinitionId,
    /// Where it is declared
    pub span: Span,
}

/// A feature of a scorecard
#[derive(Clone, Debug)]
pub struct Feature {
    /// Name within the scorecard
    pub name: Arc<str>,
    /// A table with one column, whose rows are the bins and whose one output are the
    /// points
    pub table: TableId,
    /// Reason of its shortfall
    pub because: Option<ReasonId>,
    /// The points that count as no shortfall: the best ones, where no others are
    /// stated
    pub baseline: Exact,
}
