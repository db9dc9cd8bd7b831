//! Tables: distinct cells, and rows that name them.

use std::ops::Range;

use super::from_ir_expr::Compiler;
use super::{Code, Slot, Truth};
use crate::Span;
use crate::ids::TableId;
use crate::ir;

/// From so many tests in its rows on, a table notes what its cells came to
const MANY_TESTS: usize = 64;

/// A table
#[derive(Clone, Debug)]
pub(crate) struct TableCode {
    pub(crate) subjects: Box<[Slot]>,
    /// The distinct cells of tests, of all columns
    pub(crate) cells: Box<[Truth]>,
    /// What rows test, row after row, by position in `cells`
    pub(crate) tests: Box<[u32]>,
    /// Where the frame notes what each of the cells came to, in a table of many rows
    pub(crate) noted: Option<Range<usize>>,
    pub(crate) outputs: Box<[TableOutputCode]>,
    pub(crate) rows: Box<[RowCode]>,
    pub(crate) span: Span,
}

/// One output of a table
#[derive(Clone, Debug)]
pub(crate) struct TableOutputCode {
    pub(crate) slot: Slot,
    pub(crate) places: Option<u32>,
    /// The distinct cells of its column
    pub(crate) cells: Box<[Code]>,
}

/// One row
#[derive(Clone, Debug)]
pub(crate) struct RowCode {
    /// Where its tests stand in [`TableCode::tests`]
    pub(crate) tests: Range<u32>,
    /// By output: which of its cells; `None` is missing
    pub(crate) values: Box<[Option<u32>]>,
}

// INVARIANT: `table_code` made the positions that index the arrays below.
#[expect(
    clippy::indexing_slicing,
    reason = "positions are made with what they index"
)]
impl TableCode {
    /// The cells that a row tests, by position.
    #[inline]
    pub(crate) fn tests(&self, row: &RowCode) -> &[u32] {
        &self.tests[row.tests.start as usize..row.tests.end as usize]
    }

    /// A cell of tests by position.
    #[inline]
    pub(crate) fn test(&self, cell: u32) -> &Truth {
        &self.cells[cell as usize]
    }

    /// The cell of a row for an output; `None` is missing.
    pub(crate) fn cell(&self, row: u32, output: u32) -> Option<&Code> {
        let values = &self.rows.get(row as usize)?.values;
        let cell = (*values.get(output as usize)?)?;
        let output = self.outputs.get(output as usize)?;
        output.cells.get(cell as usize)
    }
}

/// Compiles a table. `noted` is how many cells the frame has room for; a table of
/// many rows adds its own.
pub(super) fn table_code(
    compiler: &Compiler,
    id: TableId,
    table: &ir::Table,
    noted: &mut usize,
) -> TableCode {
    let mut starts = Vec::with_capacity(table.columns.len());
    let mut cells = Vec::new();
    for column in &table.columns {
        starts.push(end(&cells));
        cells.extend(column.cells.iter().map(|cell| compiler.truth(cell)));
    }
    let mut tests = Vec::new();
    let rows: Box<[RowCode]> = table
        .rows
        .iter()
        .map(|row| {
            let first = end(&tests);
            let found = row.tests.iter().zip(&starts);
            tests.extend(found.filter_map(|(cell, start)| Some((*cell)? + start)));
            RowCode {
                tests: first..end(&tests),
                values: row.values.clone(),
            }
        })
        .collect();
    let slots = compiler.tables[id].iter().zip(&table.outputs);
    let outputs = slots.map(|(slot, output)| TableOutputCode {
        slot: *slot,
        places: output.ty.places,
        cells: output
            .cells
            .iter()
            .map(|cell| compiler.declared(cell, output.ty))
            .collect(),
    });
    let notes = tests.len() >= MANY_TESTS && tests.len() >= 2 * cells.len();
    let subjects = table.columns.iter();
    TableCode {
        subjects: subjects
            .map(|column| compiler.value_slot(column.subject))
            .collect(),
        noted: notes.then(|| {
            let first = *noted;
            *noted += cells.len();
            first..*noted
        }),
        cells: cells.into(),
        tests: tests.into(),
        outputs: outputs.collect(),
        rows,
        span: table.span,
    }
}

fn end<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}
