//! From the syntax tree to text, in one way of writing it: four blanks an indent,
//! one entry a line, names, types and cells under one another, comments where they
//! stood, brackets only where something else would be read without them.
//! Invariant: what was printed is read as the same tree, comments included, and
//! printed as the same text.

mod accept;
mod aggregate;
mod arithmetic;
mod choice;
mod condition;
mod decide;
mod expr;
mod fields;
mod forbid;
mod from_file;
mod grid;
mod group;
mod header;
mod items;
mod label;
mod library;
mod lines;
mod lookup;
mod model;
mod names;
mod output;
mod phrase;
mod scorecard;
mod shadow;
mod suffix;
mod table;
mod testing;
mod time;
mod types;
mod value_items;

use crate::ast::{Cell, Expr, File, Note};
pub(crate) use names::{number, row as row_name, text as quoted, used as name};

/// Why a file is not printed
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PrintError {
    /// A part of it could not be read
    #[error("a part of the file could not be read")]
    Unread,
    /// It would exceed a limit of what can be read: a line, an entry or the file
    #[error("the file would have too long a line or entry, or be too long itself")]
    TooLong,
}

/// Writes a file anew.
///
/// A comment stays at the item or entry it stands at (see [`crate::ast::Notes`]);
/// of blank lines between entries, one is kept. Items are set apart by a blank
/// line; reasons, enums and others on one line stand together where they did.
///
/// # Errors
///
/// [`PrintError::Unread`] where the file has a part that could not be read, and
/// [`PrintError::TooLong`] where its lines would be longer than may be read.
///
/// # Example
///
/// ```
/// use krites_lang::{Sources, parse, print};
///
/// let mut sources = Sources::default();
/// let source = sources.add("a.krites", "define { a=b+( c*10000 ) # sum\n}");
/// let file = parse(&sources, source, &mut Vec::new());
/// assert_eq!(print(&file).unwrap(), "define {\n    a = b + c * 10_000 # sum\n}\n");
/// ```
pub fn print(file: &File) -> Result<String, PrintError> {
    let mut writer = lines::Writer::new(&file.notes);
    for (item, place) in file.items.iter().zip(&file.places) {
        writer.item(item, place.start);
    }
    writer.close_file(Note::END);
    writer.finish()
}

/// Writes a cell of a table on one line; `None` where it could not be read.
pub(crate) fn cell(cell: &Cell) -> Option<String> {
    let written = table::cell(cell);
    (!written.is_broken()).then(|| written.flat().to_owned())
}

/// Writes an expression on one line.
pub(crate) fn expression(expression: &Expr) -> String {
    let mut written = phrase::Phrase::default();
    expr::whole(expression, &mut written);
    written.flat().to_owned()
}
