//! From text to syntax tree: every item, entry and table cell on its own, so
//! that one broken part hides no other.
//! Invariant: never panics, on any text; no I/O; nothing is resolved or typed.

mod accept;
mod aggregate;
mod always;
mod bytes;
mod calibration_file;
mod card_cells;
mod cells;
mod choice;
mod condition;
mod declare;
mod example;
mod expression;
mod forbid;
mod from_file;
mod function;
mod grammar;
mod grid;
mod group;
mod habit;
mod help;
mod input;
mod item;
mod later;
mod limits;
mod literal;
mod lookup;
mod lost;
mod marks;
mod minus;
mod model;
mod model_reasons;
mod notes;
mod output;
mod parts;
mod policy;
mod rank;
mod reader;
#[cfg(feature = "testing")]
mod readings;
mod rounding;
mod rules;
mod schema_file;
mod scorecard;
mod scorecard_file;
mod shadow;
mod sheet;
mod subpolicy;
mod table;
mod table_file;
mod text;
mod time;
mod tokens;
mod types;
mod use_decl;
mod validity;
mod value_items;
mod verdict;
mod wording;
mod words;
mod wrapped;

use crate::scan::scan;
use crate::{Code, Diagnostic, Place, SourceId, Sources, Span, ast};

pub use bytes::source_from_bytes;
pub(crate) use calibration_file::fill_calibration;
pub(crate) use cells::is_row_name;
pub(crate) use habit::day_of;
pub(crate) use item::is_shared;
pub(crate) use limits::{MAX_BYTES, MAX_LINE_BYTES};
pub(crate) use marks::is_unseen;
pub(crate) use reader::MAX_ENTRY_BYTES;
use reader::Reader;
#[cfg(feature = "testing")]
pub use readings::{Reached, Reading, readings};
pub(crate) use schema_file::fill_inputs;
pub(crate) use scorecard_file::fill_scorecard;
pub(crate) use sheet::{is_formula_error, sheet_source};
pub(crate) use table_file::fill_table;

/// Parses one policy file.
///
/// Whatever is wrong is added to `diagnostics` in source order; the file holds
/// what could be read. A broken part that would have declared a name leaves an
/// [`ast::Item::Error`] with that name:
///
/// - a broken entry of `input`, `define` or `rules` leaves one beside its item;
///   a rule's is `set.rule`;
/// - `policy`, `enum`, `record`, `columns`, `model`, `decide` and `example` stand for
///   one thing each: with a broken entry the whole item becomes one.
///
/// A file that is refused as a whole (too large, nested too deep) holds one
/// `Item::Error` without a keyword.
pub fn parse(sources: &Sources, source: SourceId, diagnostics: &mut Vec<Diagnostic>) -> ast::File {
    file(sources, source, FileKind::Policy, diagnostics)
}

/// What a file holds
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// A policy
    Policy,
    /// Names that policies bring in
    Module,
    /// Cells of a file that an item of a policy stands in
    Sheet,
}

/// Parses one file, as [`parse`] does.
pub(crate) fn file(
    sources: &Sources,
    source: SourceId,
    kind: FileKind,
    diagnostics: &mut Vec<Diagnostic>,
) -> ast::File {
    let text = sources.get(source).map_or("", |source| source.text());
    let mut found = limits::check(text, source);
    if found
        .iter()
        .any(|diagnostic| diagnostic.code == limits::TOO_LARGE)
    {
        diagnostics.append(&mut found);
        return refused(source, text.len());
    }
    found.extend(marks::check(text, source));
    let scanned = scan(text, source);
    let beyond_limits = scanned.refused || !found.is_empty();
    found.extend(scanned.diagnostics);
    let mut reader = Reader::new(text, source, kind);
    let file = if beyond_limits {
        refused(source, text.len())
    } else if let Some(policy) = reader.misplaced_policy(&scanned.items) {
        found = vec![policy];
        refused(source, text.len())
    } else {
        let (items, places) = reader.items(&scanned.items);
        found.append(&mut reader.diagnostics);
        if items.is_empty() && found.is_empty() && kind == FileKind::Policy {
            found.push(no_policy(source));
        }
        let mut file = ast::File {
            source,
            items,
            places,
            notes: ast::Notes::default(),
            modules: Vec::new(),
            sheets: Vec::new(),
            class_names: Vec::new(),
        };
        file.notes = notes::placed(&file, text, &scanned.items, &scanned.gaps);
        file
    };
    found.sort_by_key(|diagnostic| match &diagnostic.primary.place {
        Place::Text(span) => (span.start, span.end),
        _ => (0, 0),
    });
    crate::diagnostic::cut(&mut found);
    diagnostics.append(&mut found);
    file
}

/// Stands for a file that is refused as a whole.
pub(crate) fn refused(source: SourceId, length: usize) -> ast::File {
    let span = crate::scan::span(source, 0, length);
    let item = ast::Item::Error {
        keyword: String::new(),
        name: None,
        span,
    };
    ast::File {
        source,
        items: vec![item],
        places: vec![span],
        notes: ast::Notes::default(),
        modules: Vec::new(),
        sheets: Vec::new(),
        class_names: Vec::new(),
    }
}

fn no_policy(source: SourceId) -> Diagnostic {
    Diagnostic::error(
        Code(5),
        "the file holds no policy",
        Span {
            source,
            start: 0,
            end: 0,
        },
    )
    .label("nothing but blanks and comments")
    .help("begin with `policy name \"title\" { version \"1\" }`")
}
