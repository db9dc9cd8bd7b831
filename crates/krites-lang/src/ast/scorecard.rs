//! Scorecards as written.

use super::{Cell, Expr, Name, Path};
use crate::Span;

/// `scorecard behaviour base 300 { applicant.age because R32 { below 25 : 10; … } }`
#[derive(Clone, Debug)]
pub struct ScorecardDecl {
    /// Name
    pub name: Name,
    /// `base 300`
    pub base: Option<Expr>,
    /// Features in order
    pub features: Vec<FeatureDecl>,
    /// The whole item
    pub span: Span,
}

/// `ratio = debt / income because R33 baseline 30 { … }`
#[derive(Clone, Debug)]
pub struct FeatureDecl {
    /// Its name; a value that is a name alone gives it its own
    pub name: Option<Path>,
    /// What the bins are held against
    pub value: Expr,
    /// Reason of its shortfall
    pub because: Option<Name>,
    /// `baseline 30`: the points that count as no shortfall
    pub baseline: Option<Expr>,
    /// Bins in order
    pub bins: Vec<Bin>,
    /// The whole feature
    pub span: Span,
}

/// `25 to below 40 : 25`
#[derive(Clone, Debug)]
pub struct Bin {
    /// What it takes, as a cell of a table; `None` stands for `otherwise`
    pub test: Option<Cell>,
    /// Its points
    pub points: Expr,
    /// The whole bin
    pub span: Span,
}

/// `, then behaviour.shortfalls if asked`
#[derive(Clone, Debug)]
pub struct OwedShortfalls {
    /// The scorecard, `.shortfalls` behind it
    pub path: Path,
    /// `if asked`
    pub if_asked: Option<Span>,
}
