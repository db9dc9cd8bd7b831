//! Grids as written: tables that test two values.

use super::Cell;
use crate::Span;

/// `grid price by band, size -> … { | band \ size | S | M | … }`: how the rows of a
/// table stand in the text
#[derive(Clone, Debug)]
pub struct Grid {
    /// Whether the corner names both values
    pub corner: bool,
    /// Heads of the columns, which test the second value
    pub across: Vec<Cell>,
    /// Lines below the heads
    pub lines: Vec<GridLine>,
}

/// `| A | approve, 5_000 | refer |`
#[derive(Clone, Debug)]
pub struct GridLine {
    /// Its head, which tests the first value
    pub head: Cell,
    /// One cell a column
    pub cells: Vec<GridCell>,
    /// The whole line
    pub span: Span,
}

/// `approve, 5_000`
#[derive(Clone, Debug)]
pub struct GridCell {
    /// What it gives, in the order behind `->`; those at the end may be left out
    pub values: Vec<Cell>,
    /// Where it stands, blanks aside
    pub span: Span,
}
