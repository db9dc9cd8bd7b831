//! What is wrong with a file of data, cell by cell.

use super::csv::BrokenRow;
use crate::module::meant;
use crate::{Code, Diagnostic, Place, Span};

pub(super) const NOT_THERE: Code = Code(489);
pub(super) const NOT_TEXT: Code = Code(490);
pub(super) const QUOTES: Code = Code(491);
pub(super) const HEADER: Code = Code(492);
pub(super) const RAGGED: Code = Code(493);
pub(super) const FIELD: Code = Code(494);
pub(super) const KEY_TWICE: Code = Code(495);
pub(super) const LABEL_WITHOUT_ROW: Code = Code(497);
pub(super) const TOO_LARGE: Code = Code(498);
pub(super) const WITHOUT_WORD: Code = Code(499);

/// How many mistakes of one file are told
pub(super) const MAX_TOLD: usize = 20;
/// How much of a field is shown
const SHOWN: usize = 40;

/// What is wrong with one file
#[derive(Debug)]
pub(super) struct Problems {
    path: String,
    found: Vec<Diagnostic>,
}

impl Problems {
    pub(super) fn new(path: &str) -> Self {
        Self {
            path: path.to_owned(),
            found: Vec::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// Whether no more are told.
    pub(super) fn is_full(&self) -> bool {
        self.found.len() >= MAX_TOLD
    }

    pub(super) fn into_found(self) -> Vec<Diagnostic> {
        self.found
    }

    pub(super) fn place(&self, row: u32, column: usize) -> Place {
        Place::Cell {
            file: self.path.clone(),
            sheet: None,
            row,
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }

    /// Adds a mistake, of which the last one that is told says that no more are.
    pub(super) fn add(&mut self, diagnostic: Diagnostic) {
        let last = self.found.len() + 1 == MAX_TOLD;
        self.found.push(match last {
            true => diagnostic.label("what else is wrong with the file is not told"),
            false => diagnostic,
        });
    }

    pub(super) fn broken_row(&mut self, row: u32, broken: BrokenRow) {
        let (column, headline, help) = match broken {
            BrokenRow::QuoteWithin { column } => (
                column,
                "a quote stands within a field",
                "put the whole field in quotes, and write the quote within it twice",
            ),
            BrokenRow::BehindQuotes { column } => (
                column,
                "something stands behind the closing quote of a field",
                "write a quote within quotes twice: `\"a \"\"b\"\" c\"`",
            ),
            BrokenRow::NotClosed { column } => (
                column,
                "a quote is not closed: all that follows would belong to this field",
                "close the quote, or write a quote within quotes twice",
            ),
            BrokenRow::LoneReturn { column } => (
                column,
                "a carriage return stands here without a line's end",
                "save the file with lines that end in LF or CR LF",
            ),
        };
        let place = self.place(row, column);
        self.add(Diagnostic::error(QUOTES, headline, place).help(help));
    }
}

/// Returns a field as a message shows it.
pub(super) fn shown(field: &str) -> String {
    let line: String = field
        .chars()
        .map(|sign| {
            if crate::parse::is_unseen(sign) || sign == '\n' {
                ' '
            } else {
                sign
            }
        })
        .take(SHOWN)
        .collect();
    match field.chars().nth(SHOWN) {
        Some(_) => format!("`{line}…`"),
        None => format!("`{line}`"),
    }
}

/// Makes the diagnostic for a file that there is not, at its declaration; `known` are
/// the paths of those there are.
#[must_use]
pub fn file_not_there(path: &str, known: &[String], declared: Span) -> Diagnostic {
    let help = match meant(path, known) {
        Some(close) => format!("did you mean `{close}`?"),
        None => "put the file beside the policy, under this name".to_owned(),
    };
    Diagnostic::error(NOT_THERE, format!("there is no file `{path}`"), declared).help(help)
}

/// Makes the diagnostic for a file that cannot be read, at its declaration.
#[must_use]
pub fn file_unreadable(path: &str, why: &str, declared: Span) -> Diagnostic {
    Diagnostic::error(
        NOT_THERE,
        format!("the file `{path}` cannot be read: {why}"),
        declared,
    )
    .help("put the file beside the policy, under the name that the policy gives")
}
