//! Tables as written.

use std::sync::Arc;

use super::{Expr, FromFile, Name, Range, TypeExpr};
use crate::Span;

/// `table name first match -> outputs { | … | }`
#[derive(Clone, Debug)]
pub struct TableDecl {
    /// Name
    pub name: Name,
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

/// `cap : money(GBP)?`
#[derive(Clone, Debug)]
pub struct TableOutput {
    /// Name
    pub name: Name,
    /// Declared type
    pub ty: TypeExpr,
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
    /// Tests of which one must hold, or none where `negated`
    Tests {
        /// `not` in front
        negated: bool,
        /// Alternatives
        tests: Vec<CellTest>,
    },
    /// `-` among outputs
    Nothing,
    /// A value or a reason code among outputs
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
