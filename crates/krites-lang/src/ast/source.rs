//! Items whose rows stand in a file.

use super::{Column, ColumnKind, Text};
use crate::{SourceId, Span};

/// `from "limits.xlsx" sheet "Limits" { cap = "Limit"; ignore "Author" }`
#[derive(Clone, Debug)]
pub struct FromFile {
    /// The file, below the release's folder
    pub file: Text,
    /// The sheet, where the file has sheets
    pub sheet: Option<Text>,
    /// What the file's columns are; where none is named, their headers say it
    pub columns: Vec<ColumnMap>,
    /// `ignore "Comment", "Author"`: columns that say nothing
    pub ignored: Vec<Ignored>,
    /// `ignore bin "Special"`: rows of a scorecard that say nothing
    pub ignored_bins: Vec<Ignored>,
    /// Whether it is a scorecard, whose bins may be written as tools do
    pub card: bool,
    /// Whether a block stands behind it
    pub block: bool,
    /// `numbers "1.234,56"`: how the file writes numbers
    pub numbers: Option<Text>,
    /// From `from` to the end of the head
    pub span: Span,
    /// The file's cells
    pub cells: FileCells,
}

/// What became of the cells of a file
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileCells {
    /// Nobody asked for them
    NotRead,
    /// They are wrong, which was reported, and the item has none of them
    Refused,
    /// They are a source, and the item has them
    Read(SourceId),
}

/// `cap = "Limit" as fraction`
#[derive(Clone, Debug)]
pub struct ColumnMap {
    /// What the cells are
    pub column: Column,
    /// The header in the file
    pub header: Text,
    /// How the cells are written
    pub written: Option<(Written, Span)>,
    /// The whole of it
    pub span: Span,
}

/// What the cells of a column are where the item is no table
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnPart {
    /// `at`: where a point of a calibration stands
    At,
    /// `value`: what a calibration gives there
    Value,
    /// `name`: the name of an input
    Name,
    /// `type`: its type
    Type,
    /// `range`: the range that it lies in
    Range,
    /// `unit`: the currency of money, and what else is counted
    Unit,
    /// `meaning`: its description
    Meaning,
    /// `feature`: the feature of a scorecard that a row belongs to
    Feature,
    /// `bin`: what the row takes
    Bin,
    /// `points`: what it gives
    Points,
    /// `because`: the reason of the feature's shortfall
    Because,
    /// `baseline`: the feature's points that count as no shortfall
    Baseline,
}

/// One `ignore`
#[derive(Clone, Debug)]
pub struct Ignored {
    /// Headers or bins in the file
    pub headers: Vec<Text>,
    /// The whole entry
    pub span: Span,
}

/// How the cells of a column are written where the language would have them
/// otherwise
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// `as fraction`: 0.05 stands for 5%
    Fraction,
    /// `as percent`: 5 stands for 5%
    Percent,
    /// `as text`: a cell is a text without quotes
    Text,
}

impl ColumnPart {
    /// Its word, before `=` and in a header
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            ColumnPart::At => "at",
            ColumnPart::Value => "value",
            ColumnPart::Name => "name",
            ColumnPart::Type => "type",
            ColumnPart::Range => "range",
            ColumnPart::Unit => "unit",
            ColumnPart::Meaning => "meaning",
            ColumnPart::Feature => "feature",
            ColumnPart::Bin => "bin",
            ColumnPart::Points => "points",
            ColumnPart::Because => "because",
            ColumnPart::Baseline => "baseline",
        }
    }
}

impl FromFile {
    /// Tells whether what stands before a header could not be read.
    pub(crate) fn has_broken(&self) -> bool {
        let mut kinds = self.columns.iter().map(|map| &map.column.kind);
        kinds.any(|kind| matches!(kind, ColumnKind::Error))
    }

    /// Returns where the entries of its block stand.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Span> {
        let columns = self.columns.iter().map(|map| map.span);
        let ignored = self.ignored.iter().chain(&self.ignored_bins);
        let ignored = ignored.map(|ignored| ignored.span);
        columns
            .chain(ignored)
            .chain(self.numbers.as_ref().map(|numbers| numbers.span))
    }
}
