//! Tables: distinct cells, and rows that name them.

use std::ops::Range;

use super::from_ir_expr::Compiler;
use super::index::{Entries, Entry};
use super::rank::{RankCode, rank_code};
use super::{CellCode, CellCodes, Days, Index, Kind, Overflow, Producer, Slot, Truth};
use crate::Span;
use crate::ids::TableId;
use crate::ir::{self, ExprKind, HitPolicy, Literal};
use crate::positions::Positions;
use crate::types::Ty;

/// From so many tests in its rows on, a table notes what its cells came to
const MANY_TESTS: usize = 64;

/// A table
#[derive(Clone, Debug)]
pub(crate) struct TableCode {
    pub(crate) policy: HitPolicy,
    pub(crate) days: Option<Days>,
    pub(crate) subjects: Box<[Slot]>,
    /// The distinct cells of tests, of all columns
    pub(crate) cells: Box<[Truth]>,
    /// What rows test, row after row, by position in `cells`
    pub(crate) tests: Box<[u32]>,
    /// Where the frame notes what each of the cells came to, in a table of many rows
    /// without an index
    pub(crate) noted: Option<Range<usize>>,
    pub(crate) index: Option<Box<Index>>,
    pub(crate) outputs: Box<[TableOutputCode]>,
    pub(crate) rows: Box<[RowCode]>,
    /// By row: the days on which it holds; nothing where all hold on all days
    pub(crate) row_days: Box<[Option<Days>]>,
    /// The last row, where it counts if no other does
    pub(crate) rest: Option<u32>,
    /// By row: how severe its first output is, where the policy goes by it
    pub(crate) severity: Box<[u32]>,
    /// Of a rank
    pub(crate) rank: Option<Box<RankCode>>,
    pub(crate) span: Span,
}

/// One output of a table
#[derive(Clone, Debug)]
pub(crate) struct TableOutputCode {
    pub(crate) slot: Slot,
    /// Where the cell of a further row goes that must be the same
    pub(crate) other: Option<Slot>,
    pub(crate) kind: Kind,
    pub(crate) places: Option<u32>,
    pub(crate) optional: bool,
    /// Whether a sum of its cells goes on from a quotient, so that it rounds
    pub(crate) rounds: bool,
    /// What a sum of its cells is that 64 bits do not hold
    pub(crate) overflow: Overflow,
    /// The distinct cells of its column
    pub(crate) cells: CellCodes,
    /// By row: which of them; none is missing
    pub(crate) values: Positions,
}

/// One row
#[derive(Clone, Debug)]
pub(crate) struct RowCode {
    /// Where its tests stand in [`TableCode::tests`]
    pub(crate) tests: Range<u32>,
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

    /// The days on which a row holds, where these are not all.
    #[inline]
    pub(crate) fn days_of(&self, row: u32) -> Option<Days> {
        *self.row_days.get(row as usize)?
    }

    /// A cell of tests by position.
    #[inline]
    pub(crate) fn test(&self, cell: u32) -> &Truth {
        &self.cells[cell as usize]
    }

    /// The cell of a row for an output; `None` is missing.
    #[inline]
    pub(crate) fn cell(&self, row: u32, output: u32) -> Option<CellCode<'_>> {
        let output = self.outputs.get(output as usize)?;
        output.cells.get(output.values.get(row as usize)?)
    }
}

/// Compiles a table. `noted` and `codes` are how many cells, and codes of indexes, the
/// frame has room for; a table adds its own.
pub(super) fn table_code(
    compiler: &mut Compiler,
    policy: &ir::Policy,
    id: TableId,
    (noted, codes): (&mut usize, &mut usize),
) -> TableCode {
    let table = &policy.tables[id];
    let others: Vec<Option<Slot>> = table
        .outputs
        .iter()
        .map(|output| {
            let compares = table.policy == HitPolicy::Any;
            compares.then(|| compiler.slot(output.ty.ty, Producer::Given))
        })
        .collect();
    let compiler = &*compiler;
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
            tests.extend(found.filter_map(|(cell, start)| Some(cell? + start)));
            RowCode {
                tests: first..end(&tests),
            }
        })
        .collect();
    let slots = compiler.tables[id].iter().zip(others);
    let outputs = slots.zip(&table.outputs).enumerate();
    let outputs = outputs.map(|(at, ((slot, other), output))| TableOutputCode {
        slot: *slot,
        other,
        kind: Kind::of(output.ty.ty),
        places: output.ty.places,
        optional: output.ty.optional,
        rounds: !output.ty.has_digits()
            && output
                .cells
                .others()
                .iter()
                .any(|cell| compiler.quotients.rounds(cell)),
        overflow: match output.ty.ty {
            Ty::Duration => Overflow::Duration,
            _ => Overflow::Number,
        },
        cells: output
            .cells
            .iter()
            .map(|cell| compiler.declared(&cell, output.ty))
            .collect(),
        values: table.rows.values(at),
    });
    let subjects = table.columns.iter();
    let subjects: Box<[Slot]> = subjects
        .filter_map(|column| Some(compiler.value_slot(column.subject?)))
        .collect();
    let dated = table.rows.iter().any(|row| !row.validity.is_always());
    let days = table.rows.iter().filter(|_| dated);
    let row_days: Box<[Option<Days>]> = days.map(|row| Days::of(&row.validity)).collect();
    let rest = table.rows.iter().rfind(|row| row.otherwise);
    let cells: Box<[Truth]> = cells.into();
    let index = match table.policy {
        HitPolicy::Rank => None,
        _ => index(
            compiler,
            (&rows, &tests),
            (&cells, &row_days),
            &subjects,
            codes,
        ),
    };
    let many = tests.len() >= MANY_TESTS && tests.len() >= 2 * cells.len();
    let notes = many && index.is_none();
    TableCode {
        policy: table.policy,
        days: Days::of(&table.validity),
        row_days,
        rest: rest.map(|row| u32::try_from(row.at).unwrap_or(u32::MAX)),
        severity: severities(table),
        rank: rank_code(compiler, policy, id),
        subjects,
        index,
        noted: notes.then(|| {
            let first = *noted;
            *noted += cells.len();
            first..*noted
        }),
        cells,
        tests: tests.into(),
        outputs: outputs.collect(),
        rows,
        span: table.span,
    }
}

/// Makes the index over a table's rows, where it saves asking these.
fn index(
    compiler: &Compiler,
    (rows, tests): (&[RowCode], &[u32]),
    (cells, row_days): (&[Truth], &[Option<Days>]),
    subjects: &[Slot],
    room: &mut usize,
) -> Option<Box<Index>> {
    let decision_date = compiler.decision_date?;
    let on_days: Vec<Option<Truth>> = row_days
        .iter()
        .map(|days| Some((*days)?.condition(decision_date)))
        .collect();
    let mut entries = Entries {
        conditions: cells.iter().collect(),
        ..Entries::default()
    };
    for (position, row) in rows.iter().enumerate() {
        let days = on_days.get(position).and_then(Option::as_ref);
        let days = days.map(|days| entries.condition(days));
        let tests = tests.get(row.tests.start as usize..row.tests.end as usize);
        let conditions = days
            .into_iter()
            .chain(tests.unwrap_or_default().iter().copied());
        entries.entries.push(Entry {
            conditions: conditions.collect(),
            asked: false,
        });
    }
    compiler.index(&entries, subjects, room).map(Box::new)
}

/// How severe the rows' first outputs are, which are labels where the policy goes by
/// them.
fn severities(table: &ir::Table) -> Box<[u32]> {
    if !matches!(table.policy, HitPolicy::Priority | HitPolicy::OutputOrder) {
        return Box::default();
    }
    let cells = table.rows.iter().map(|row| table.cell(row, 0));
    let severities = cells.map(|cell| match cell.as_deref().map(|cell| &cell.kind) {
        Some(ExprKind::Literal(Literal::Label(label))) => *label,
        _ => 0,
    });
    severities.collect()
}

fn end<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}
