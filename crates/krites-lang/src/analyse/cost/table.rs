//! What the tests, outputs and order of a table take.

use super::{Counter, sum};
use crate::ids::TableId;
use crate::ir::{HitPolicy, Table};

impl Counter<'_> {
    /// All cells of tests, row by row.
    pub(super) fn tests(&mut self, table: &Table) -> u64 {
        let of_cells: Vec<Vec<u64>> = table
            .columns
            .iter()
            .map(|column| column.cells.iter().map(|cell| self.expr(cell, 1)).collect())
            .collect();
        let rows = table.rows.iter().map(|row| {
            let cells = row.tests.iter().zip(&of_cells);
            let cells = cells.map(|(cell, costs)| {
                cell.and_then(|cell| costs.get(cell as usize))
                    .map_or(1, |cost| cost.saturating_add(1))
            });
            sum(cells).saturating_add(1)
        });
        sum(rows)
    }

    /// What an output takes in each row, by its cells.
    pub(super) fn cells(&mut self, table: &Table, at: usize) -> Vec<u64> {
        let cells = table.outputs.get(at).into_iter();
        let cells = cells.flat_map(|output| output.cells.iter());
        let costs: Vec<u64> = cells.map(|cell| self.expr(&cell, 1)).collect();
        let rows = table.rows.iter().map(|row| {
            let cell = row.values.get(at);
            cell.and_then(|cell| costs.get(cell as usize))
                .map_or(1, |cost| cost.saturating_add(1))
        });
        rows.collect()
    }

    /// Of one row, or of all where all that match count or are compared.
    pub(super) fn output(&mut self, id: TableId, table: &Table, at: u32) -> u64 {
        let mut rows = self.cells(table, at as usize);
        if table.ranking.is_some() {
            let needs = self.policy.needs_of_output(id, at);
            for output in needs.outputs {
                let more = self.cells(table, output as usize);
                for (row, more) in rows.iter_mut().zip(more) {
                    *row = row.saturating_add(more);
                }
            }
        }
        match table.policy {
            HitPolicy::Unique | HitPolicy::First | HitPolicy::Priority => {
                rows.into_iter().max().unwrap_or(0)
            }
            _ => sum(rows.into_iter()),
        }
    }

    /// What orders the rows of a rank.
    pub(super) fn order(&mut self, id: TableId, table: &Table) -> u64 {
        let Some(ranking) = &table.ranking else {
            return 0;
        };
        let floor = ranking.at_least.as_ref();
        let floor = floor.map_or(0, |floor| self.expr(floor, 1));
        self.output(id, table, ranking.by).saturating_add(floor)
    }
}
