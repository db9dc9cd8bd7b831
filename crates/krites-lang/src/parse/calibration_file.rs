//! Calibrations whose points stand in a file.

use super::sheet::{ItemParts, SheetReader};
use crate::ast::{CalibrationDecl, ColumnPart, Knot};
use crate::{Diagnostic, Sources, Span};

/// What the columns of a calibration are
pub(super) const PARTS: ItemParts = ItemParts {
    item: "a calibration",
    needed: &[ColumnPart::At, ColumnPart::Value],
    spare: &[],
};

/// Fills a calibration from the cells of its file, which are among the sources;
/// `None` where they leave nothing to fill it with.
pub(crate) fn fill_calibration(
    sources: &Sources,
    decl: &mut CalibrationDecl,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<()> {
    let from = decl.from.as_ref()?;
    let mut sheet = SheetReader::of_parts(sources, from, PARTS, diagnostics)?;
    let sound = sheet.has_parts(from, PARTS);
    let columns = sheet
        .position(ColumnPart::At)
        .zip(sheet.position(ColumnPart::Value));
    if let Some((at, value)) = columns.filter(|_| sound) {
        for row in 0..sheet.n_rows() {
            let row = sheet.row(row);
            let (Some(at), Some(value)) = (row.cells.get(at), row.cells.get(value)) else {
                continue;
            };
            let reader = sheet.reader();
            let is_missing = reader.cell_text(at) == "missing";
            let place: Option<_> = (!is_missing).then(|| reader.value_cell(at));
            let value = reader.value_cell(value);
            match (place, &decl.missing) {
                (Some(at), _) => decl.knots.push(Knot {
                    at,
                    value,
                    span: row.span,
                }),
                (None, None) => decl.missing = Some((value, row.span)),
                (None, Some((_, first))) => {
                    let first: Span = *first;
                    reader.report_twice("`missing`", first, row.span);
                }
            }
        }
    }
    sheet.finish(diagnostics);
    sound.then_some(())
}
