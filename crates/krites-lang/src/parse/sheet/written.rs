//! Lays the cells of a file out as a source: numbers, percentages and texts that the
//! file has otherwise become what the language has for them.

use std::borrow::Cow;

use super::super::wording::one_line;
use super::bins::{Untold, translated};
use super::numbers::{NumberFormat, rewritten};
use crate::ast::{ColumnKind, ColumnPart, FromFile, Written};
use crate::place::CellMap;
use crate::scan::span;
use crate::sheet::Sheet;
use crate::{Code, Diagnostic, SourceId};

/// The code of a formula that gives an error
const FORMULA: Code = Code(438);
/// The code of a number that the file writes in another way than it says
const NUMBER: Code = Code(439);
/// The code of a bin that nobody can tell the values of
const BIN: Code = Code(443);
/// The code of a row that is shorter or longer than the header
const CELLS_OF_ROW: Code = Code(112);

/// What the cells of formulas show that have no value
const FORMULA_ERRORS: &[&str] = &[
    "#N/A",
    "#REF!",
    "#DIV/0!",
    "#VALUE!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
];
/// What a cell says that is no text, in a column of texts without quotes
const NO_TEXTS: &[&str] = &["", "-", "any", "missing", "otherwise"];

/// Tells whether a cell shows that a formula has no value.
pub(crate) fn is_formula_error(text: &str) -> bool {
    FORMULA_ERRORS.contains(&text)
}

/// The cells of a file as the text of a source
pub(super) struct Laid {
    pub(super) text: String,
    pub(super) cells: CellMap,
    pub(super) mistakes: Vec<Diagnostic>,
}

/// How the cells of a column are read
#[derive(Clone, Copy)]
enum Column {
    /// Nothing looks at them
    Ignored,
    Read(Option<Written>),
    /// They are bins of a scorecard
    Bins(Option<Written>),
}

pub(super) fn lay_out(sheet: &Sheet, from: &FromFile, source: SourceId) -> Laid {
    let header = sheet.rows().next();
    let width = match sheet.name() {
        // The cells of a workbook have columns of their own, with a header or without
        Some(_) => sheet.rows().map(|(_, row)| row.filled()).max(),
        None => header.map(|(_, row)| row.filled()),
    };
    let width = width.unwrap_or(0);
    let columns: Vec<Column> = (0..width)
        .map(|at| column(header.map_or("", |(_, row)| row.cell(at).0.trim()), from))
        .collect();
    let format = from
        .numbers
        .as_ref()
        .and_then(|numbers| NumberFormat::of(&numbers.text));
    let mut laid = Laid {
        text: String::new(),
        cells: CellMap::new(sheet.name().map(str::to_owned), width),
        mistakes: Vec::new(),
    };
    for (at, (number, row)) in sheet.rows().enumerate() {
        let begun = laid.text.len();
        laid.cells.begin_row(number, begun);
        for (position, column) in columns.iter().enumerate() {
            let (text, is_text) = row.cell(position);
            let start = laid.text.len();
            // Of lines within a cell, the language knows one kind of end
            let text = match text.trim() {
                text if text.contains('\r') => Cow::Owned(text.replace('\r', "")),
                text => Cow::Borrowed(text),
            };
            let problem = match column {
                Column::Read(written) if at > 0 => {
                    let format = format.filter(|_| is_text);
                    write(&mut laid.text, &text, *written, format)
                }
                Column::Bins(written) if at > 0 && !is_ignored_bin(from, &text) => {
                    let format = format.filter(|_| is_text);
                    write_bin(&mut laid.text, &text, *written, format)
                }
                _ => {
                    laid.text.push_str(&text);
                    None
                }
            };
            let end = laid.text.len();
            laid.cells.push(end);
            laid.text.push('\n');
            if let Some(problem) = problem {
                let sample = from.numbers.as_ref().map_or("", |numbers| &numbers.text);
                laid.mistakes
                    .push(problem.at(span(source, start, end), sample));
            }
        }
        let cells = row.len().min(width).max(row.filled());
        if sheet.name().is_none() && cells != width {
            let end = laid.text.len().saturating_sub(1);
            let place = span(source, begun, end.max(begun));
            laid.mistakes.push(ragged(cells, width, place));
        }
    }
    laid.cells.shrink();
    laid
}

fn column(header: &str, from: &FromFile) -> Column {
    let mut ignored = from.ignored.iter().flat_map(|ignored| &ignored.headers);
    if ignored.any(|ignored| ignored.text == header) {
        return Column::Ignored;
    }
    let map = from.columns.iter().find(|map| map.header.text == header);
    let written = map.and_then(|map| map.written).map(|(written, _)| written);
    let are_bins = match map {
        Some(map) => matches!(map.column.kind, ColumnKind::Part(ColumnPart::Bin)),
        None => from.card && header == ColumnPart::Bin.word(),
    };
    match are_bins {
        true => Column::Bins(written),
        false => Column::Read(written),
    }
}

fn is_ignored_bin(from: &FromFile, text: &str) -> bool {
    let mut bins = from
        .ignored_bins
        .iter()
        .flat_map(|ignored| &ignored.headers);
    bins.any(|bin| bin.text == text)
}

/// What is wrong with the cells of a file before anybody reads them
enum Problem {
    Formula(String),
    Number(String),
    Bin(Untold),
}

/// Writes a cell as the language has it.
fn write(
    out: &mut String,
    text: &str,
    written: Option<Written>,
    format: Option<NumberFormat>,
) -> Option<Problem> {
    if is_formula_error(text) {
        out.push_str(text);
        return Some(Problem::Formula(text.to_owned()));
    }
    match (written, format) {
        (Some(Written::Text), _) if !NO_TEXTS.contains(&text) => {
            out.push_str(&crate::print::quoted(text));
        }
        (Some(Written::Text), _) | (None, None) => out.push_str(text),
        (written, format) => match rewritten(text, format, written) {
            Ok(text) => out.push_str(&text),
            Err(number) => {
                out.push_str(text);
                return Some(Problem::Number(number.to_owned()));
            }
        },
    }
    None
}

/// Writes a bin as the language has it.
fn write_bin(
    out: &mut String,
    text: &str,
    written: Option<Written>,
    format: Option<NumberFormat>,
) -> Option<Problem> {
    if text.is_empty() || matches!(written, Some(Written::Text)) || is_formula_error(text) {
        return write(out, text, written, format);
    }
    let numbers = match (written, format) {
        (None, None) => Ok(text.to_owned()),
        _ => rewritten(text, format, written),
    };
    match (translated(text, numbers.as_deref().ok()), numbers) {
        // A category that is quoted keeps its numbers as they are
        (Ok(bin), Err(number)) if !bin.starts_with('"') => {
            out.push_str(text);
            Some(Problem::Number(number.to_owned()))
        }
        (Ok(bin), _) => {
            out.push_str(&bin);
            None
        }
        (Err(untold), _) => {
            out.push_str(text);
            Some(Problem::Bin(untold))
        }
    }
}

impl Problem {
    fn at(self, place: crate::Span, sample: &str) -> Diagnostic {
        match self {
            Problem::Formula(text) => Diagnostic::error(
                FORMULA,
                format!("a formula gives no value: `{text}`"),
                place,
            )
            .help("mend the formula in the file, and save it"),
            Problem::Number(number) => {
                let headline = format!(
                    "`{}` is not written as `{}` is",
                    one_line(&number),
                    one_line(sample)
                );
                Diagnostic::error(NUMBER, headline, place)
                    .help("write it as the other numbers of the file, or correct `numbers`")
            }
            Problem::Bin(untold) => {
                Diagnostic::error(BIN, untold.headline, place).help(untold.help)
            }
        }
    }
}

fn ragged(found: usize, wanted: usize, place: crate::Span) -> Diagnostic {
    let few = if found < wanted { "few" } else { "many" };
    let headline = format!("the row has too {few} cells: {found} instead of {wanted}");
    let help = if found < wanted {
        "give the row one cell for each header; what a cell says stands between two separators"
    } else if wanted == 1 {
        "the first line has one cell alone; commas, semicolons or tabs stand between cells"
    } else {
        "put a cell that has the separator in it between quotes: `\"1, 2\"`"
    };
    Diagnostic::error(CELLS_OF_ROW, headline, place).help(help)
}
