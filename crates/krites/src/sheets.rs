//! The cells of files that tables stand in: comma-separated values, workbooks.
//! Invariant: no I/O; a file that is damaged, or made to exhaust, is a
//! [`SheetProblem`].

mod quotes;
#[cfg(test)]
mod tests;
mod text;
#[cfg(feature = "workbook")]
mod workbook;

pub(crate) use text::{line, separated};

use krites_lang::{Sheet, SheetProblem};

/// Reads the cells of a file from its bytes: of the sheet `name`, where one is named.
/// What the file is, its name says.
pub(crate) fn read(
    path: &str,
    shown: &str,
    bytes: &[u8],
    name: Option<&str>,
) -> Result<Sheet, SheetProblem> {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension.to_ascii_lowercase().as_str() {
        "csv" | "tsv" if name.is_some() => Err(SheetProblem::HasNoSheets),
        "csv" | "tsv" => text::read(shown, bytes),
        "xlsx" | "xlsm" => read_workbook(shown, bytes, name),
        "xls" | "xlsb" | "ods" => Err(SheetProblem::Unreadable {
            why: "it is a workbook of another kind".to_owned(),
            help: "save it as .xlsx, or the sheet as .csv".to_owned(),
        }),
        _ => Err(SheetProblem::NotATable),
    }
}

#[cfg(feature = "workbook")]
fn read_workbook(shown: &str, bytes: &[u8], name: Option<&str>) -> Result<Sheet, SheetProblem> {
    workbook::read(shown, bytes, name)
}

#[cfg(not(feature = "workbook"))]
fn read_workbook(_: &str, _: &[u8], _: Option<&str>) -> Result<Sheet, SheetProblem> {
    Err(SheetProblem::Unreadable {
        why: "workbooks are left out of this program".to_owned(),
        help: "build it with the feature `workbook`, or save the sheet as .csv".to_owned(),
    })
}
