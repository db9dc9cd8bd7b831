//! Tables as written.

use std::sync::Arc;

use super::{ColumnPart, Expr, FromFile, Grid, Name, Path, Range, TypeExpr, Validity};
use crate::Span;

/// `table name first match -> outputs { | … | }`, and what else is a table: a rank, a grid
#[derive(Clone, Debug)]
pub struct TableDecl {
    /// Name
    pub name: Name,
    /// Whether and when it holds
    pub validity: Validity,
    /// Which of the matching rows count, and how
    pub policy: HitPolicy,
    /// Where this is said
    pub policy_span: Span,
    /// Of a rank: its order, and which rows it keeps
    pub ranking: Option<Box<Ranking>>,
    /// Of a grid: how its rows stand in the text
    pub grid: Option<Box<Grid>>,
    /// What a row gives, as declared behind `->`
    pub outputs: Vec<TableOutput>,
    /// `because` among the outputs
    pub because: Option<Span>,
    /// The file that header and rows stand in
    pub from: Option<FromFile>,
    /// The header's cells
    pub columns: Vec<Column>,
    /// Where the header line stands
    pub header: Span,
    /// Rows in order; each has as many cells as the header has columns
    pub rows: Vec<TableRow>,
    /// The whole item
    pub span: Span,
}

impl TableDecl {
    /// Returns the word that begins it.
    #[must_use]
    pub fn keyword(&self) -> &'static str {
        match (&self.ranking, &self.grid) {
            (Some(_), _) => "rank",
            (_, Some(_)) => "grid",
            (None, None) => "table",
        }
    }

    /// Returns where its lines below the header stand.
    pub(crate) fn lines(&self) -> impl Iterator<Item = Span> {
        let lines = self.grid.iter().flat_map(|grid| &grid.lines);
        let rows = self.rows.iter().filter(|_| self.grid.is_none());
        let rows = rows.map(|row| row.span);
        lines.map(|line| line.span).chain(rows)
    }
}

/// Which of the matching rows count, and how
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitPolicy {
    /// `unique`: the one that matches
    Unique,
    /// `first match`: the first one
    First,
    /// `any`: one of them, as all give the same
    Any,
    /// `priority`: the one whose first output is most severe
    Priority,
    /// `rule order`: all, as written
    RuleOrder,
    /// `output order`: all, the one whose first output is most severe first
    OutputOrder,
    /// `collect …`
    Collect(Collect),
    /// `rank …`: all, the one of the largest value first
    Rank,
}

/// `by expected_value, at least 0, at most 3`
#[derive(Clone, Debug)]
pub struct Ranking {
    /// The output whose value orders the rows
    pub by: Name,
    /// `at least 0`: rows below it are closed
    pub at_least: Option<Expr>,
    /// `at most 3`: so many rows are kept
    pub at_most: Option<(u32, Span)>,
}

/// What is made of all rows that match
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collect {
    /// `list`: the list of them, as written
    List,
    /// `sum` of their cells
    Sum,
    /// `min`: the smallest of their cells
    Min,
    /// `max`: the largest of their cells
    Max,
    /// `count`: how many there are
    Count,
}

impl HitPolicy {
    pub(crate) const ALL: [HitPolicy; 11] = [
        HitPolicy::Unique,
        HitPolicy::First,
        HitPolicy::Any,
        HitPolicy::Priority,
        HitPolicy::RuleOrder,
        HitPolicy::OutputOrder,
        HitPolicy::Collect(Collect::List),
        HitPolicy::Collect(Collect::Sum),
        HitPolicy::Collect(Collect::Min),
        HitPolicy::Collect(Collect::Max),
        HitPolicy::Collect(Collect::Count),
    ];

    /// Finds one by its words.
    pub(crate) fn of_words(words: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|policy| policy.words() == words)
    }

    /// Tells whether its outputs are lists, with an element for each row.
    #[must_use]
    pub fn gives_lists(self) -> bool {
        matches!(
            self,
            HitPolicy::RuleOrder
                | HitPolicy::OutputOrder
                | HitPolicy::Collect(Collect::List)
                | HitPolicy::Rank
        )
    }

    /// Its words
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            HitPolicy::Unique => "unique",
            HitPolicy::First => "first match",
            HitPolicy::Any => "any",
            HitPolicy::Priority => "priority",
            HitPolicy::RuleOrder => "rule order",
            HitPolicy::OutputOrder => "output order",
            HitPolicy::Collect(Collect::List) => "collect list",
            HitPolicy::Collect(Collect::Sum) => "collect sum",
            HitPolicy::Collect(Collect::Min) => "collect min",
            HitPolicy::Collect(Collect::Max) => "collect max",
            HitPolicy::Collect(Collect::Count) => "collect count",
            HitPolicy::Rank => "rank",
        }
    }
}

/// `cap : money(GBP)?`
#[derive(Clone, Debug)]
pub struct TableOutput {
    /// Name
    pub name: Name,
    /// Declared type
    pub ty: TypeExpr,
    /// Of a rank: `= margin * 2`, the same for all rows, in place of a column
    pub value: Option<Expr>,
    /// What it is said to rise or fall with
    pub trends: Vec<Trend>,
}

/// `rises with default_risk.probability`
#[derive(Clone, Debug)]
pub struct Trend {
    /// Whether it rises, else it falls
    pub rises: bool,
    /// The value that a column tests
    pub with: Path,
    /// The whole of it
    pub span: Span,
}

/// One column of a table's header
#[derive(Clone, Debug)]
pub struct Column {
    /// What its cells are
    pub kind: ColumnKind,
    /// Where it stands
    pub span: Span,
}

/// What the cells of a column are
#[derive(Clone, Debug)]
pub enum ColumnKind {
    /// `id`: names of the rows
    Id,
    /// Tests of this value
    Test(Expr),
    /// Values of the output of this index in [`TableDecl::outputs`]
    Output(usize),
    /// Reason codes
    Because,
    /// `off`: whether the row is switched off
    Off,
    /// `from`: its first day
    From,
    /// `through`: its last day
    Through,
    /// `open when`: conditions of their own
    Open,
    /// A part of an item that is no table
    Part(ColumnPart),
    /// A header that could not be read
    Error,
}

/// One row
#[derive(Clone, Debug)]
pub struct TableRow {
    /// Cells in the header's order
    pub cells: Vec<Cell>,
    /// The whole row
    pub span: Span,
}

/// One cell
#[derive(Clone, Debug)]
pub struct Cell {
    /// What it says. Cells of the same text and use share it, with the places of
    /// the first of them.
    pub kind: Arc<CellKind>,
    /// Where it stands, blanks aside
    pub span: Span,
}

/// What a cell says
#[derive(Clone, Debug)]
pub enum CellKind {
    /// Name of the row
    Id(String),
    /// `any`
    Any,
    /// `missing` among tests
    Missing,
    /// `otherwise` among tests: no other row matches
    Otherwise,
    /// Tests of which one must hold, or none where `negated`
    Tests {
        /// `not` in front
        negated: bool,
        /// Alternatives
        tests: Vec<CellTest>,
    },
    /// `-` among outputs, and where a row has no such day
    Nothing,
    /// `off`
    Off,
    /// A day, its digits
    Day(String),
    /// A value or a reason code among outputs, a condition in a column `open when`
    Value(Expr),
    /// A cell that could not be read
    Error,
}

/// One alternative of a test cell
#[derive(Clone, Debug)]
pub enum CellTest {
    /// `below 2%`, `12 to 24`
    Range(Range),
    /// A value or label to equal
    Value(Expr),
}
