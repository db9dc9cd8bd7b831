//! Patterns, held against a whole text by what they mean: from the places where a
//! part may begin to those where it may end. The parser alone is shared with the
//! regex crate.

use std::collections::BTreeSet;

use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};
use regex_syntax::{Parser, try_is_word_character};

/// A pattern
pub(crate) struct Pattern(Hir);

impl Pattern {
    pub(crate) fn parse(pattern: &str) -> Option<Pattern> {
        Parser::new().parse(pattern).ok().map(Pattern)
    }

    /// Tells whether the pattern matches the whole text.
    pub(crate) fn matches(&self, text: &str) -> bool {
        ends(&self.0, text, &BTreeSet::from([0])).contains(&text.len())
    }
}

/// The places where a part may end that begins at one of `starts`.
fn ends(part: &Hir, text: &str, starts: &BTreeSet<usize>) -> BTreeSet<usize> {
    let bytes = |start: usize| text.as_bytes().get(start..).unwrap_or_default();
    match part.kind() {
        HirKind::Empty => starts.clone(),
        HirKind::Literal(literal) => starts
            .iter()
            .filter(|start| bytes(**start).starts_with(&literal.0))
            .map(|start| start + literal.0.len())
            .collect(),
        HirKind::Class(Class::Unicode(class)) => starts
            .iter()
            .filter_map(|start| {
                let letter = text.get(*start..)?.chars().next()?;
                let mut ranges = class.ranges().iter();
                let found = ranges.any(|range| (range.start()..=range.end()).contains(&letter));
                found.then(|| start + letter.len_utf8())
            })
            .collect(),
        HirKind::Class(Class::Bytes(class)) => starts
            .iter()
            .filter_map(|start| {
                let byte = bytes(*start).first()?;
                let mut ranges = class.ranges().iter();
                let found = ranges.any(|range| (range.start()..=range.end()).contains(byte));
                found.then(|| start + 1)
            })
            .collect(),
        HirKind::Look(look) => {
            let holds = |start: &&usize| looks(*look, text, **start);
            starts.iter().filter(holds).copied().collect()
        }
        HirKind::Repetition(repetition) => repeated(repetition, text, starts),
        HirKind::Capture(capture) => ends(&capture.sub, text, starts),
        HirKind::Concat(parts) => parts
            .iter()
            .fold(starts.clone(), |starts, part| ends(part, text, &starts)),
        HirKind::Alternation(parts) => parts
            .iter()
            .flat_map(|part| ends(part, text, starts))
            .collect(),
    }
}

fn repeated(repetition: &Repetition, text: &str, starts: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut reached = starts.clone();
    for _ in 0..repetition.min {
        reached = ends(&repetition.sub, text, &reached);
    }
    let mut newest = reached.clone();
    let mut more = repetition.max.map(|max| max.saturating_sub(repetition.min));
    while more != Some(0) && !newest.is_empty() {
        let next = ends(&repetition.sub, text, &newest);
        newest = next.difference(&reached).copied().collect();
        reached.extend(&newest);
        more = more.map(|more| more - 1);
    }
    reached
}

fn looks(look: Look, text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    let behind = text.get(at..).and_then(|behind| behind.chars().next());
    let ascii = |letter: Option<char>| {
        letter.is_some_and(|letter| letter.is_ascii_alphanumeric() || letter == '_')
    };
    let unicode = |letter: Option<char>| {
        letter.is_some_and(|letter| try_is_word_character(letter).unwrap_or(false))
    };
    match look {
        Look::Start => before.is_none(),
        Look::End => behind.is_none(),
        Look::StartLF => before.is_none_or(|letter| letter == '\n'),
        Look::EndLF => behind.is_none_or(|letter| letter == '\n'),
        Look::StartCRLF => match before {
            Some('\r') => behind != Some('\n'),
            before => before.is_none_or(|letter| letter == '\n'),
        },
        Look::EndCRLF => match behind {
            Some('\n') => before != Some('\r'),
            behind => behind.is_none_or(|letter| letter == '\r'),
        },
        Look::WordAscii => ascii(before) != ascii(behind),
        Look::WordAsciiNegate => ascii(before) == ascii(behind),
        Look::WordUnicode => unicode(before) != unicode(behind),
        Look::WordUnicodeNegate => unicode(before) == unicode(behind),
        Look::WordStartAscii => !ascii(before) && ascii(behind),
        Look::WordEndAscii => ascii(before) && !ascii(behind),
        Look::WordStartUnicode => !unicode(before) && unicode(behind),
        Look::WordEndUnicode => unicode(before) && !unicode(behind),
        Look::WordStartHalfAscii => !ascii(before),
        Look::WordEndHalfAscii => !ascii(behind),
        Look::WordStartHalfUnicode => !unicode(before),
        Look::WordEndHalfUnicode => !unicode(behind),
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_pattern_matches_the_whole_text_or_not() {
        let cases = [
            ("[A-Z]{2}[0-9]+", "AB12", true),
            ("[A-Z]{2}[0-9]+", "xAB12", false),
            ("a|ab", "ab", true),
            ("(a*)*b", "aaab", true),
            ("a{2,3}", "aaaa", false),
            ("", "", true),
            (r"\d+", "\u{661}2", true),
            (r"(?i)straße", "STRAßE", true),
            (r"^\bfoo\b.*$", "foo bar", true),
            (r".", "é", true),
        ];
        for (pattern, text, expected) in cases {
            let found = Pattern::parse(pattern).unwrap().matches(text);
            assert_eq!(found, expected, "{pattern} {text}");
        }
    }
}
