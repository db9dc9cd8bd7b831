//! Every production of the grammar is reached by the corpus: by a policy that is
//! accepted, and by one that is refused for it.
//!
//! A refused policy misuses what a diagnostic points at: the smallest reading that
//! holds the place, what that is made of and what it directly stands in, and the
//! words of these; entries as a whole where the place holds them; where an entry could not be read, that
//! entry, what begins with a word of its own and could not be read on at the place,
//! and words that the message says were expected there. With what begins with a
//! word of its own, this word is misused.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use krites_lang::testing::{Reached, Reading, readings};
use krites_lang::{Place, Span};
use support::checked;

const GRAMMAR: &str = include_str!("../src/grammar.pest");

/// Productions that words are made of: as parts of these they are read by no name
const WITHIN_WORDS: &[&str] = &["amount", "backtick", "day", "digits", "word"];

/// Productions that read what is well known to be wrong, so that a message can say
/// what to write instead
const READ_TO_BE_REFUSED: &[&str] = &["bare_list"];

/// Productions that no policy is refused for, each with the reason
const CANNOT_BE_MISUSED: &[(&str, &str)] = &[
    (
        "feed_head",
        "one word; a block that is left out is told before it is read",
    ),
    ("kw_feed", "the word of `feed_head`"),
    (
        "card_demand",
        "what a card does not state is told at the model; what is none ends `models_state`",
    ),
    ("card_field", "as `card_demand`"),
    ("metric_bound", "as `card_demand`"),
    (
        "reasons_of_model",
        "read where an entry begins with its word; what stands behind that is misused within",
    ),
];

/// A production of the grammar
struct Production {
    name: &'static str,
    /// Whether it is a word, made of no others
    word: bool,
    /// The productions that it names, in order
    names: Vec<&'static str>,
}

impl Production {
    /// Reads `name = @{ … }`, the beginning of a line.
    fn of(text: &'static str) -> Option<Self> {
        let (name, body) = text.split_once('=')?;
        let (name, body) = (name.trim(), body.trim_start());
        let signs = ['{', '@', '$', '_'];
        if !name.chars().all(is_inner) || !body.starts_with(signs) {
            return None;
        }
        let outside_quotes: Vec<&str> = body.split('"').step_by(2).collect();
        let words = outside_quotes
            .into_iter()
            .flat_map(|part| part.split(|sign| !is_inner(sign)));
        Some(Self {
            name,
            word: body.starts_with(['@', '$'])
                || body.trim_start_matches(['{', ' ']).starts_with('"'),
            names: words
                .filter(|word| word.chars().any(char::is_alphabetic) && *word != "SOI")
                .collect(),
        })
    }

    /// Whether it begins with a word of its own, by which it is told.
    fn begins_with_a_word(&self) -> bool {
        self.names
            .first()
            .is_some_and(|first| ["kw_", "verb_"].iter().any(|word| first.starts_with(word)))
    }
}

fn is_inner(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || sign == '_'
}

/// The productions that are not silent.
fn productions() -> Vec<Production> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in GRAMMAR.split_inclusive('\n') {
        if line.starts_with(|sign: char| sign.is_ascii_alphabetic()) {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([GRAMMAR.len()]);
    let texts = starts
        .iter()
        .zip(ends)
        .map(|(start, end)| &GRAMMAR[*start..end]);
    texts
        .filter(|text| {
            !text
                .split('=')
                .nth(1)
                .is_some_and(|body| body.trim_start().starts_with('_'))
        })
        .filter_map(Production::of)
        .filter(|production| !WITHIN_WORDS.contains(&production.name))
        .collect()
}

/// The policies of a folder of the corpus, by name.
fn policies(folder: &str) -> BTreeMap<String, String> {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus");
    std::fs::read_dir(corpus.join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == "krites"))
        .map(|path| {
            let name = path.file_name().unwrap().display().to_string();
            (name, std::fs::read_to_string(&path).unwrap())
        })
        .collect()
}

fn holds(outer: Span, inner: Span) -> bool {
    outer.source == inner.source && outer.start <= inner.start && inner.end <= outer.end
}

/// Whether a reading is one of the parts of another.
fn directly_in(part: &Reading, whole: &Reading) -> bool {
    part.depth == whole.depth + 1 && holds(whole.place, part.place)
}

fn length(span: Span) -> u32 {
    span.end - span.start
}

/// What a diagnostic at a place is about.
fn misused<'r>(
    place: Span,
    all: &'r [Reading],
    productions: &'r [Production],
) -> BTreeSet<&'r str> {
    let read = || {
        all.iter()
            .filter(|reading| reading.reached == Reached::Read)
    };
    let known = |reading: &Reading| {
        productions
            .iter()
            .find(|known| *known.name == reading.production)
    };
    let mut around: Vec<&Reading> = read()
        .filter(|reading| holds(reading.place, place))
        .collect();
    around.sort_by_key(|reading| (length(reading.place), std::cmp::Reverse(reading.depth)));
    let mut about: Vec<&Reading> = Vec::new();
    if let Some(smallest) = around.first() {
        let same = |reading: &&&Reading| length(reading.place) == length(smallest.place);
        about.extend(around.iter().filter(same));
        let top = about.last().map_or(0, |reading| reading.depth);
        about.extend(read().filter(|reading| directly_in(reading, smallest)));
        about.extend(around.iter().filter(|reading| reading.depth + 1 == top));
    } else {
        about.extend(read().filter(|reading| reading.depth == 0 && holds(place, reading.place)));
    }
    let words = read().filter(|reading| {
        known(reading).is_some_and(|known| known.word)
            && about.iter().any(|whole| directly_in(reading, whole))
    });
    let mut found: BTreeSet<&str> = about
        .iter()
        .copied()
        .chain(words)
        .map(|reading| &*reading.production)
        .collect();
    let failed = all.iter().filter(|reading| match reading.reached {
        Reached::Read => false,
        Reached::Failed => holds(reading.place, place),
        Reached::Begun => {
            reading.place.end == place.start
                && known(reading).is_some_and(Production::begins_with_a_word)
        }
        Reached::Expected => {
            reading.place == place && known(reading).is_some_and(|known| known.word)
        }
    });
    found.extend(failed.map(|reading| &*reading.production));
    let expected = all
        .iter()
        .filter(|reading| reading.reached == Reached::Expected && reading.place == place);
    let told: Vec<&Production> = productions
        .iter()
        .filter(|known| known.begins_with_a_word())
        .filter(|known| {
            found.contains(known.name)
                || expected
                    .clone()
                    .any(|reading| reading.production == known.name)
        })
        .collect();
    found.extend(told.iter().map(|known| known.names[0]));
    found
}

#[test]
fn every_production_is_reached_by_the_corpus() {
    let productions = productions();
    let mut accepted: BTreeMap<&str, usize> = BTreeMap::new();
    let mut refused: BTreeMap<&str, usize> = BTreeMap::new();
    for production in &productions {
        accepted.insert(production.name, 0);
        refused.insert(production.name, 0);
    }
    for folder in ["accept", "decide"] {
        for (name, text) in policies(folder) {
            let ((_, policy, _), all) = readings(|| checked(&name, &text));
            assert!(policy.is_some(), "{name} is refused");
            let reached: BTreeSet<&str> = all.iter().map(|reading| &*reading.production).collect();
            for name in reached.into_iter().filter(|name| *name != "EOI") {
                // A name that the test has not found is a fault of the test
                *accepted.get_mut(name).expect(name) += 1;
            }
        }
    }
    for (name, text) in policies("reject") {
        let ((_, _, diagnostics), all) = readings(|| checked(&name, &text));
        let mut reached = BTreeSet::new();
        for diagnostic in &diagnostics {
            if let Place::Text(place) = &diagnostic.primary.place {
                reached.extend(misused(*place, &all, &productions));
            }
        }
        for name in reached {
            if let Some(count) = refused.get_mut(name) {
                *count += 1;
            }
        }
    }
    println!("accepted refused production");
    for production in &productions {
        let name = production.name;
        println!("{:>8} {:>7} {name}", accepted[name], refused[name]);
    }
    let none = |counts: &BTreeMap<&'static str, usize>| -> BTreeSet<&'static str> {
        let none = counts.iter().filter(|(_, count)| **count == 0);
        none.map(|(name, _)| *name).collect()
    };
    let expected: BTreeSet<&str> = READ_TO_BE_REFUSED.iter().copied().collect();
    let excused: BTreeSet<&str> = CANNOT_BE_MISUSED.iter().map(|(name, _)| *name).collect();
    let (unread, unmisused) = (none(&accepted), none(&refused));
    println!(
        "{} productions; {} read by no accepted policy, {} misused by no refused one",
        productions.len(),
        unread.len(),
        unmisused.len()
    );
    for (name, reason) in CANNOT_BE_MISUSED {
        println!("{name}: {reason}");
    }
    assert_eq!(unread, expected, "read by no accepted policy; expected so");
    assert_eq!(unmisused, excused, "misused by no refused policy; excused");
}
