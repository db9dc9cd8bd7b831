//! Tables. Rows name their cells by position among the distinct cells of a column,
//! so that a table of many rows holds, compiles and asks each of these once.

use std::sync::Arc;

use super::{Expr, HitPolicy, Validity, Value};
use crate::Span;
use crate::ids::ReasonId;
use crate::types::DeclaredTy;

/// A table
#[derive(Clone, Debug)]
pub struct Table {
    /// Name
    pub name: Arc<str>,
    /// Which of the matching rows count, and how
    pub policy: HitPolicy,
    /// When it counts
    pub validity: Validity,
    /// What is tested, one a test column
    pub columns: Vec<TestColumn>,
    /// What a row gives
    pub outputs: Vec<TableOutput>,
    /// Rows in order
    pub rows: Vec<Row>,
    /// Where it is declared
    pub span: Span,
}

impl Table {
    /// Walks the distinct cells, those of tests before those of outputs.
    pub fn each_cell(&self) -> impl Iterator<Item = &Expr> {
        let tests = self.columns.iter().flat_map(|column| &column.cells);
        tests.chain(self.outputs.iter().flat_map(|output| &output.cells))
    }

    /// Walks the conditions of a row, in the order of columns, without `any`.
    pub fn tests<'t>(&'t self, row: &'t Row) -> impl Iterator<Item = &'t Expr> {
        let cells = row.tests.iter().zip(&self.columns);
        cells.filter_map(|(cell, column)| column.cells.get((*cell)? as usize))
    }

    /// The cell of a row for an output by its position; `None` is missing.
    #[must_use]
    pub fn cell(&self, row: &Row, output: usize) -> Option<&Expr> {
        let cell = (*row.values.get(output)?)?;
        self.outputs.get(output)?.cells.get(cell as usize)
    }
}

/// A column of tests
#[derive(Clone, Debug)]
pub struct TestColumn {
    /// The value that is tested; more than a name has a definition of its own
    pub subject: Value,
    /// Its distinct cells, as conditions
    pub cells: Vec<Expr>,
}

/// One output of a table
#[derive(Clone, Debug)]
pub struct TableOutput {
    /// Full name, such as `terms.margin`
    pub name: Arc<str>,
    /// Declared type
    pub ty: DeclaredTy,
    /// The distinct cells of its column, as values
    pub cells: Vec<Expr>,
}

/// One row
#[derive(Clone, Debug)]
pub struct Row {
    /// Its id, or its number from 1
    pub id: Arc<str>,
    /// One cell a column, by position in [`TestColumn::cells`]; `None` is `any`
    pub tests: Box<[Option<u32>]>,
    /// Whether it counts where no other row does
    pub otherwise: bool,
    /// One cell an output, by position in [`TableOutput::cells`]; `None` is missing
    pub values: Box<[Option<u32>]>,
    /// Reason of the row
    pub because: Option<ReasonId>,
    /// When it counts
    pub validity: Validity,
    /// Where it stands
    pub span: Span,
}
