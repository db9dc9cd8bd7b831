//! The first line of a file: which column is which, and what parts them.

use super::csv::{Field, Rows, SEPARATORS};
use super::problems::{HEADER, Problems, shown};
use crate::ir::FileTable;
use crate::{Diagnostic, did_you_mean};

/// How many columns a message lists at most
const MAX_LISTED: usize = 12;

/// The columns of a file, read from its first line
#[derive(Debug)]
pub(super) struct Header {
    /// How many columns the file has
    pub(super) width: usize,
    /// The positions of the declared columns in a row, the key first
    pub(super) columns: Vec<usize>,
}

/// Reads the first line: by the first separator that all declared columns are found
/// by; the rows behind it stay in the reader.
pub(super) fn header<'t>(
    text: &'t str,
    declared: &FileTable,
    problems: &mut Problems,
) -> Option<(Rows<'t>, Header)> {
    let names: Vec<&str> = std::iter::once(&declared.key)
        .chain(&declared.columns)
        .map(|column| &*column.name)
        .collect();
    let mut best: Option<(usize, Rows<'t>, Vec<Field<'t>>)> = None;
    // By commas, quotes may stand wrong that are right by another separator
    let mut by_commas = None;
    for separator in SEPARATORS {
        let mut rows = Rows::new(text, separator);
        let mut fields = Vec::new();
        match rows.next(&mut fields) {
            Ok(true) => {}
            Ok(false) => {
                let place = problems.place(1, 1);
                problems.add(
                    Diagnostic::error(HEADER, "the file is empty", place).help(format!(
                        "its first line names its columns: `{}`",
                        names.join(",")
                    )),
                );
                return None;
            }
            Err(broken) => {
                if separator == b',' {
                    by_commas = Some((rows.row(), broken));
                }
                continue;
            }
        }
        let found = names
            .iter()
            .filter(|name| position(&fields, name).is_some());
        let found = found.count();
        if best.as_ref().is_none_or(|(most, ..)| found > *most) {
            best = Some((found, rows, fields));
        }
    }
    if let Some((row, broken)) = by_commas
        && best.as_ref().is_none_or(|(found, ..)| *found == 0)
    {
        problems.broken_row(row, broken);
        return None;
    }
    let (_, rows, fields) = best?;
    let mut columns = Vec::with_capacity(names.len());
    for name in names {
        match position(&fields, name) {
            Some(at) => columns.push(at),
            None => lacks(name, &fields, rows.row(), problems),
        }
        let twice = fields.iter().filter(|field| field.text == name).count() > 1;
        if twice {
            let second = fields.iter().rposition(|field| field.text == name);
            let place = problems.place(rows.row(), second.unwrap_or(0) + 1);
            problems.add(
                Diagnostic::error(
                    HEADER,
                    format!("two columns are called {}", shown(name)),
                    place,
                )
                .help("give each column of the file a name of its own"),
            );
        }
    }
    let width = fields.len();
    problems
        .is_empty()
        .then_some((rows, Header { width, columns }))
}

fn position(fields: &[Field<'_>], name: &str) -> Option<usize> {
    fields.iter().position(|field| field.text == name)
}

fn lacks(name: &str, fields: &[Field<'_>], row: u32, problems: &mut Problems) {
    let known = || fields.iter().map(|field| &*field.text);
    let help = match did_you_mean(name, known()) {
        Some(close) => format!("the file has {}; declare it by this name", shown(close)),
        None => {
            let listed: Vec<String> = known().take(MAX_LISTED).map(shown).collect();
            let more = if fields.len() > MAX_LISTED {
                ", …"
            } else {
                ""
            };
            format!("its first line names {}{more}", listed.join(", "))
        }
    };
    let place = problems.place(row, 1);
    problems.add(
        Diagnostic::error(
            HEADER,
            format!("the file has no column {}", shown(name)),
            place,
        )
        .help(help),
    );
}
