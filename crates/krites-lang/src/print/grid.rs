//! Grids: the values that the heads test, and the cells as they stand.

use super::expr::{self, Level, separate};
use super::phrase::Phrase;
use super::table::cell;
use crate::ast::{ColumnKind, Expr, Grid, TableDecl};

/// Writes ` by band, size`.
pub(super) fn by(table: &TableDecl, head: &mut Phrase) {
    head.push(" by ");
    for (at, value) in tested(table).enumerate() {
        separate(at, head);
        expr::part(value, Level::Sum, head);
    }
}

/// Writes the heads of the columns, behind the corner, and the lines below.
pub(super) fn cells(table: &TableDecl, grid: &Grid) -> (Vec<Phrase>, Vec<Vec<Phrase>>) {
    let mut corner = Phrase::default();
    for (at, value) in tested(table).filter(|_| grid.corner).enumerate() {
        corner.push(if at > 0 { " \\ " } else { "" });
        expr::part(value, Level::Sum, &mut corner);
    }
    let heads = std::iter::once(corner).chain(grid.across.iter().map(cell));
    let lines = grid.lines.iter().map(|line| {
        let inner = line.cells.iter().map(|inner| {
            let mut out = Phrase::default();
            for (at, value) in inner.values.iter().enumerate() {
                separate(at, &mut out);
                out.append(cell(value));
            }
            out
        });
        std::iter::once(cell(&line.head)).chain(inner).collect()
    });
    (heads.collect(), lines.collect())
}

/// The values that the heads of rows and columns test.
fn tested(table: &TableDecl) -> impl Iterator<Item = &Expr> {
    table
        .columns
        .iter()
        .filter_map(|column| match &column.kind {
            ColumnKind::Test(value) => Some(value),
            _ => None,
        })
}
