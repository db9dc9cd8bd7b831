//! Items whose rows stand in files: asks for the cells, and fills the items.

use super::problem::{not_there, outside};
use super::{ModuleSource, SheetProblem};
use crate::ast::{self, FileCells, FromFile, Item};
use crate::parse::{fill_calibration, fill_inputs, fill_scorecard, fill_table, sheet_source};
use crate::sheet::SheetLimit;
use crate::{
    Code, Diagnostic, MAX_SHEET_BYTES, MAX_SHEET_COLUMNS, MAX_SHEET_ROWS, Sources, did_you_mean,
};

/// The code of a sheet that is not there, or not named
const NO_SUCH_SHEET: Code = Code(430);
/// The code of a file that is no table, or too large a one
const NOT_A_TABLE: Code = Code(431);

/// Reads all items of a policy that stand in files.
pub(super) fn read(
    sources: &mut Sources,
    file: &mut ast::File,
    given: &dyn ModuleSource,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for item in &mut file.items {
        let Some(from) = file_of(item) else {
            continue;
        };
        if !file.sheets.contains(&from.file.text) {
            file.sheets.push(from.file.text.clone());
        }
        let source = fetch(from, given, diagnostics)
            .and_then(|sheet| sheet_source(sources, &sheet, from, diagnostics));
        from.cells = source.map_or(FileCells::Refused, FileCells::Read);
        if source.is_some() && fill(sources, item, diagnostics).is_none() {
            refuse(item);
        }
    }
}

/// Returns the file that an item stands in.
fn file_of(item: &mut Item) -> Option<&mut FromFile> {
    match item {
        Item::Table(table) => table.from.as_mut(),
        Item::Input(decl) => decl.from.as_deref_mut(),
        Item::Calibration(decl) => decl.from.as_deref_mut(),
        Item::Scorecard(decl) => decl.from.as_deref_mut().map(|from| &mut from.file),
        _ => None,
    }
}

fn refuse(item: &mut Item) {
    if let Some(from) = file_of(item) {
        from.cells = FileCells::Refused;
    }
}

/// Fills an item from its cells, which are among the sources; `None` where they
/// leave nothing to fill it with.
fn fill(sources: &Sources, item: &mut Item, diagnostics: &mut Vec<Diagnostic>) -> Option<()> {
    match item {
        Item::Table(table) => fill_table(sources, table, diagnostics),
        Item::Input(decl) => fill_inputs(sources, decl, diagnostics),
        Item::Calibration(decl) => fill_calibration(sources, decl, diagnostics),
        Item::Scorecard(decl) => fill_scorecard(sources, decl, diagnostics),
        _ => None,
    }
}

fn fetch(
    from: &FromFile,
    given: &dyn ModuleSource,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<crate::Sheet> {
    if let Some(diagnostic) = outside(&from.file.text, from.file.span) {
        diagnostics.push(diagnostic);
        return None;
    }
    let name = from.sheet.as_ref().map(|sheet| sheet.text.as_str());
    let sheet = given.sheet(&from.file.text, name);
    let sheet = sheet.map_err(|problem| diagnostics.push(not_given(from, &problem)));
    sheet.ok()
}

fn not_given(from: &FromFile, problem: &SheetProblem) -> Diagnostic {
    let path = &from.file.text;
    let file = from.file.span;
    let sheet = from.sheet.as_ref().map_or(file, |sheet| sheet.span);
    match problem {
        SheetProblem::NotThere { known } => not_there(path, file, known),
        SheetProblem::NotATable => {
            Diagnostic::error(NOT_A_TABLE, format!("`{path}` is no table"), file)
                .help("name a file of comma-separated values (.csv) or a workbook (.xlsx)")
        }
        SheetProblem::Unreadable { why, help } => {
            let headline = format!("the file `{path}` cannot be read: {why}");
            Diagnostic::error(NOT_A_TABLE, headline, file).help(help)
        }
        SheetProblem::NoSuchSheet { known } => {
            let wanted = from.sheet.as_ref().map_or("", |sheet| &sheet.text);
            let headline = format!("`{path}` has no sheet `{wanted}`");
            let help = match did_you_mean(wanted, known.iter().map(String::as_str)) {
                Some(close) => format!("did you mean `sheet \"{close}\"`?"),
                None => format!("its sheets are {}", quoted(known)),
            };
            Diagnostic::error(NO_SUCH_SHEET, headline, sheet).help(help)
        }
        SheetProblem::SeveralSheets { known } => {
            let headline = format!("`{path}` has several sheets");
            let first = known.first().map_or("", String::as_str);
            Diagnostic::error(NO_SUCH_SHEET, headline, file)
                .label("which of them?")
                .help(format!(
                    "name one of {}: `from \"{path}\" sheet \"{first}\"`",
                    quoted(known)
                ))
        }
        SheetProblem::HasNoSheets => {
            let headline = format!("`{path}` is text, which has no sheets");
            Diagnostic::error(NO_SUCH_SHEET, headline, sheet)
                .help(format!("write `from \"{path}\"` alone"))
        }
        SheetProblem::Beyond(limit) => {
            let (what, most) = match limit {
                SheetLimit::Rows => ("rows", MAX_SHEET_ROWS),
                SheetLimit::Columns => ("columns", MAX_SHEET_COLUMNS),
                SheetLimit::Bytes => ("MiB", MAX_SHEET_BYTES / (1024 * 1024)),
            };
            let headline = format!("`{path}` has more than {most} {what}");
            Diagnostic::error(NOT_A_TABLE, headline, sheet)
                .help("keep in the file what the policy needs; split what stands for itself")
        }
    }
}

fn quoted(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    quoted.join(", ")
}
