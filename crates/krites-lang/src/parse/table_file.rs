//! Tables whose rows stand in a file.

use super::cells::CellCache;
use super::sheet::SheetReader;
use crate::ast::{TableDecl, TableRow};
use crate::{Diagnostic, Sources};

/// Fills a table from the cells of its file, which are among the sources; `None`
/// where they leave nothing to fill it with.
pub(crate) fn fill_table(
    sources: &Sources,
    table: &mut TableDecl,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<()> {
    let from = table.from.as_ref()?;
    let (outputs, policy) = (&table.outputs, table.policy);
    let mut sheet = SheetReader::new(sources, from, diagnostics, |reader, cell| {
        reader.column(cell, outputs, policy)
    })?;
    table.columns = sheet.columns().cloned().collect();
    table.header = sheet.header();
    let mut cache = CellCache::default();
    for row in 0..sheet.n_rows() {
        let row = sheet.row(row);
        let cells = row.cells.iter().zip(&table.columns);
        let cells = cells.map(|(cell, column)| sheet.reader().cell(cell, &column.kind, &mut cache));
        table.rows.push(TableRow {
            cells: cells.collect(),
            span: row.span,
        });
    }
    sheet.finish(diagnostics);
    Some(())
}
