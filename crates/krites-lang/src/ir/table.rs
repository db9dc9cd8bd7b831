//! Tables. Rows name their cells by position among the distinct cells of a column,
//! so that a table of many rows holds, compiles and asks each of these once.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Cells, Expr, HitPolicy, Model, Policy, Row, Rows, Validity, Value};
use crate::Span;
use crate::ids::{LocalId, ModelId, TableId};
use crate::types::DeclaredTy;

/// What of a policy a table is
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableForm {
    /// A table, its rows as written
    Rows,
    /// A grid, of whose cells each is a row
    Grid,
    /// A feature of a scorecard, whose bins are its rows
    Bins,
}

/// A table
#[derive(Clone, Debug)]
pub struct Table {
    /// Name
    pub name: Arc<str>,
    /// What it is in the policy
    pub form: TableForm,
    /// Which of the matching rows count, and how
    pub policy: HitPolicy,
    /// When it counts
    pub validity: Validity,
    /// Of a rank: its order, and which rows it keeps
    pub ranking: Option<Box<Ranking>>,
    /// What is tested, one a test column
    pub columns: Vec<TestColumn>,
    /// What a row gives
    pub outputs: Vec<TableOutput>,
    /// Rows in order
    pub rows: Rows,
    /// Where it is declared
    pub span: Span,
}

impl Table {
    /// Walks the distinct cells, those of tests before those of outputs, whole and exact
    /// constants among outputs left out; the floor of a rank comes last.
    pub fn each_cell(&self) -> impl Iterator<Item = &Expr> {
        let tests = self.columns.iter().flat_map(|column| &column.cells);
        let floor = self
            .ranking
            .iter()
            .filter_map(|ranking| ranking.at_least.as_ref());
        let outputs = self.outputs.iter();
        let outputs = outputs.flat_map(|output| output.cells.others());
        tests.chain(outputs).chain(floor)
    }

    /// Walks the conditions of a row, in the order of columns, without `any`.
    pub fn tests<'t>(&'t self, row: Row<'t>) -> impl Iterator<Item = &'t Expr> {
        let cells = row.tests.iter().zip(&self.columns);
        cells.filter_map(|(cell, column)| column.cells.get(cell? as usize))
    }

    /// The cell of a row for an output by its position; `None` is missing.
    #[must_use]
    pub fn cell(&self, row: Row<'_>, output: usize) -> Option<Cow<'_, Expr>> {
        let cell = row.values.get(output)?;
        self.outputs.get(output)?.cells.get(cell as usize)
    }
}

/// The order of a rank, and which rows it keeps
#[derive(Clone, Debug)]
pub struct Ranking {
    /// The output whose value orders the rows, the largest first; a row without it is
    /// closed
    pub by: u32,
    /// Rows below this are closed
    pub at_least: Option<Expr>,
    /// So many rows are kept
    pub at_most: Option<u32>,
}

/// What a model is asked for that is fed once a row of a rank
#[derive(Clone, Debug)]
pub struct EachRow {
    /// The rank
    pub table: TableId,
    /// What its cells read of the answers for the row at hand, one a `give`
    pub answers: Vec<LocalId>,
}

/// A column of tests
#[derive(Clone, Debug)]
pub struct TestColumn {
    /// Its header
    pub header: Arc<str>,
    /// The value that is tested; more than a name has a definition of its own. `None`
    /// where each cell is a condition by itself
    pub subject: Option<Value>,
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
    /// Of a rank: what cells and models read of the row at hand
    pub at_hand: Option<LocalId>,
    /// The distinct cells of its column, as values
    pub cells: Cells,
    /// What it is said to rise or fall with
    pub trends: Vec<Trend>,
}

/// That of two cases alike but for one value, the one with more of it has no less of an
/// output, or no more
#[derive(Clone, Copy, Debug)]
pub struct Trend {
    /// Whether it rises, else it falls
    pub rises: bool,
    /// The value, which a column tests
    pub with: Value,
    /// Where this is said
    pub span: Span,
}

/// What must be computed of a row before an output of it, or before a model is fed
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowNeeds {
    /// Outputs of the row, in the order in which they are computed
    pub outputs: Vec<u32>,
    /// Models whose answers for the row are read
    pub models: Vec<ModelId>,
}

impl Model {
    /// Tells whether the model is asked for each row of a table.
    #[must_use]
    pub fn is_for(&self, table: TableId) -> bool {
        self.each.as_ref().is_some_and(|each| each.table == table)
    }
}

impl Policy {
    /// What an output of a rank rests on in its row.
    #[must_use]
    pub fn needs_of_output(&self, table: TableId, output: u32) -> RowNeeds {
        let found = self.tables[table].outputs.get(output as usize);
        let cells = found.map_or(&[][..], |output| output.cells.others());
        self.needs_of(table, cells.iter())
    }

    /// What a model that is fed once a row rests on in its row.
    #[must_use]
    pub fn needs_of_feed(&self, model: ModelId) -> RowNeeds {
        let model = &self.models[model];
        let Some(each) = &model.each else {
            return RowNeeds::default();
        };
        let columns = model.inputs.iter().flat_map(|input| &input.columns);
        self.needs_of(each.table, columns.map(|column| &column.value))
    }

    /// An output reads those before it alone, so that what all rest on is found from
    /// the last one to the first.
    fn needs_of<'e>(&self, table: TableId, cells: impl Iterator<Item = &'e Expr>) -> RowNeeds {
        let outputs = &self.tables[table].outputs;
        let mut needed = vec![false; outputs.len()];
        let mut models: BTreeSet<ModelId> = BTreeSet::new();
        let mut see = |expr: &Expr, needed: &mut Vec<bool>| {
            expr.each_value(&mut |value| {
                let Value::Local(local) = value else {
                    return;
                };
                for (output, needed) in outputs.iter().zip(needed.iter_mut()) {
                    *needed |= output.at_hand == Some(local);
                }
                let of_rows = self.models.iter_ids();
                let read = of_rows.filter(|(_, model)| {
                    model.is_for(table)
                        && model.each.iter().any(|each| each.answers.contains(&local))
                });
                models.extend(read.map(|(id, _)| id));
            });
        };
        cells.for_each(|cell| see(cell, &mut needed));
        for position in (0..outputs.len()).rev() {
            if needed.get(position) == Some(&true)
                && let Some(output) = outputs.get(position)
            {
                let others = output.cells.others().iter();
                others.for_each(|cell| see(cell, &mut needed));
            }
        }
        let positions = (0_u32..).zip(&needed);
        RowNeeds {
            outputs: positions
                .filter(|(_, needed)| **needed)
                .map(|(position, _)| position)
                .collect(),
            models: models.into_iter().collect(),
        }
    }
}
