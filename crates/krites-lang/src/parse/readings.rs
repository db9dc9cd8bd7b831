//! Which productions of the grammar a text reaches, for tests that ask.

use std::cell::RefCell;
use std::ops::Range;

use pest::Parser as _;
use pest::error::{Error, ErrorVariant, InputLocation};

use super::grammar::{Grammar, Pair, Rule};
use super::reader::Reader;
use super::words::word_for;
use crate::scan::span;
use crate::{Diagnostic, Place, Span};

/// A production of the grammar and a place that it was read at, or should have been
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Its name in the grammar
    pub production: String,
    /// What was read by it, blanks behind aside; where it was expected
    pub place: Span,
    /// In how many others it stands
    pub depth: usize,
    /// How it was reached
    pub reached: Reached,
}

/// How a production was reached
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reached {
    /// It was read
    Read,
    /// An entry should have been read by it as a whole
    Failed,
    /// It could be read up to where an entry could not be read on
    Begun,
    /// The message says that it was expected where something else stands
    Expected,
}

thread_local! {
    static KEPT: RefCell<Option<Vec<Reading>>> = const { RefCell::new(None) };
}

/// Does some work and returns what was read on this thread meanwhile.
pub fn readings<T>(work: impl FnOnce() -> T) -> (T, Vec<Reading>) {
    KEPT.set(Some(Vec::new()));
    let done = work();
    (done, KEPT.take().unwrap_or_default())
}

/// Keeps what was read of an entry.
pub(super) fn keep(reader: &Reader<'_>, pair: Option<&Pair<'_>>) {
    add(|kept| {
        let mut open: Vec<(Pair<'_>, usize)> =
            pair.map(|pair| (pair.clone(), 0)).into_iter().collect();
        while let Some((pair, depth)) = open.pop() {
            kept.push(Reading {
                production: format!("{:?}", pair.as_rule()),
                place: reader.tight_span(&pair),
                depth,
                reached: Reached::Read,
            });
            open.extend(pair.into_inner().map(|inner| (inner, depth + 1)));
        }
    });
}

/// Keeps what could not be read of an entry, and what the message says was
/// expected there.
pub(super) fn keep_failed(
    reader: &Reader<'_>,
    rule: Rule,
    range: Range<usize>,
    error: &Error<Rule>,
    diagnostic: &Diagnostic,
) {
    let (ErrorVariant::ParsingError { positives, .. }, InputLocation::Pos(at), Place::Text(place)) =
        (&error.variant, &error.location, &diagnostic.primary.place)
    else {
        return;
    };
    let entry = span(reader.source, range.start, range.end);
    let reading = |rule: Rule, place, reached| Reading {
        production: format!("{rule:?}"),
        place,
        depth: 0,
        reached,
    };
    add(|kept| {
        kept.push(reading(rule, entry, Reached::Failed));
        let named = positives.iter().filter(|rule| {
            word_for(**rule, "").is_some_and(|word| diagnostic.headline.contains(&word))
        });
        kept.extend(named.map(|rule| reading(*rule, *place, Reached::Expected)));
        let begins = reader.tokens(range.clone()).map(|token| token.start);
        for start in begins.take_while(|start| *start < range.start + at) {
            let text = reader.text.get(start..range.end).unwrap_or("");
            let begun = Rule::all_rules().iter().filter(|rule| {
                let end = Grammar::parse(**rule, text).err().map(|error| error.location);
                matches!(end, Some(InputLocation::Pos(end)) if end > 0 && start + end == range.start + at)
            });
            let place = span(reader.source, start, range.start + at);
            kept.extend(begun.map(|rule| reading(*rule, place, Reached::Begun)));
        }
    });
}

/// Keeps more, where readings are kept.
fn add(more: impl FnOnce(&mut Vec<Reading>)) {
    KEPT.with_borrow_mut(|kept| {
        if let Some(kept) = kept {
            more(kept);
        }
    });
}
