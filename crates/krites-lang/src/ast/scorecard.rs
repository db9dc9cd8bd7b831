//! Scorecards as written.

use super::{Cell, CellKind, Expr, FromFile, Name, Path, Text, Written};
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
    /// The file that its features stand in
    pub from: Option<Box<CardFile>>,
    /// The whole item
    pub span: Span,
}

/// `from "scorecard.csv" { feature = "variable"; "age_years" = applicant.age }`
#[derive(Clone, Debug)]
pub struct CardFile {
    /// The file and its columns
    pub file: FromFile,
    /// `base "basepoints"`: the feature of the file whose points are the base
    pub base: Option<(Text, Span)>,
    /// What the file's features are
    pub features: Vec<FeatureMap>,
}

/// `"age_years" = applicant.age because R32 baseline 30`
#[derive(Clone, Debug)]
pub struct FeatureMap {
    /// The feature in the file
    pub feature: Text,
    /// What the bins are held against
    pub value: Expr,
    /// `as fraction`: how percentages are written in its bins
    pub written: Option<Written>,
    /// Reason of its shortfall
    pub because: Option<Name>,
    /// `baseline 30`
    pub baseline: Option<Expr>,
    /// The whole of it
    pub span: Span,
}

impl CardFile {
    /// Returns where the entries of its block stand.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Span> {
        let features = self.features.iter().map(|map| map.span);
        let base = self.base.as_ref().map(|(_, span)| *span);
        self.file.entries().chain(features).chain(base)
    }
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

impl Bin {
    /// Tells whether it takes what is missing.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        let test = self.test.as_ref();
        test.is_some_and(|cell| matches!(*cell.kind, CellKind::Missing))
    }
}
