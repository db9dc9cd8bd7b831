//! What it takes to feed a model.

use super::{Counter, sum};
use crate::ids::ModelId;
use crate::ir::Model;

impl Counter<'_> {
    /// For how many rows a model is asked at most.
    pub(super) fn rows_of(&self, model: &Model) -> u64 {
        let each = model.each.as_ref();
        each.map_or(1, |each| self.policy.tables[each.table].rows.len() as u64)
    }

    /// What is computed to feed a model once.
    pub(super) fn feed(&mut self, id: ModelId, model: &Model) -> u64 {
        let columns = model.inputs.iter().flat_map(|input| &input.columns);
        let fed = sum(columns.map(|column| self.expr(&column.value, 1))).saturating_add(1);
        let Some(each) = &model.each else {
            return fed;
        };
        let table = &self.policy.tables[each.table];
        let needs = self.policy.needs_of_feed(id).outputs;
        let needs = needs.into_iter().map(|output| {
            let rows = self.cells(table, output as usize);
            rows.into_iter().max().unwrap_or(0)
        });
        sum(needs).saturating_add(fed)
    }
}
