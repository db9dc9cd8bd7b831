//! Patterns that whole texts are held against, in time linear in the text.

use std::ops::Range;
use std::sync::Arc;

use regex::{Regex, RegexBuilder};
use regex_syntax::ParserBuilder;

use crate::{MAX_PATTERN, MAX_PATTERN_SIZE};

/// How deep a pattern's parts may nest
const MAX_DEPTH: u32 = 100;

/// A compiled pattern: it exists only for one that can be read
#[derive(Clone, Debug)]
pub struct Pattern {
    text: Arc<str>,
    regex: Regex,
    size: usize,
}

/// Why there is no such pattern
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PatternProblem {
    /// More than [`MAX_PATTERN`] bytes
    TooLong,
    /// Not a pattern: what is wrong, and its bytes in the pattern
    Unreadable { what: String, at: Range<usize> },
    /// More than [`MAX_PATTERN_SIZE`] bytes when it is compiled
    TooLarge,
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Result<Self, PatternProblem> {
        if text.len() > MAX_PATTERN {
            return Err(PatternProblem::TooLong);
        }
        read(text)?;
        // The pattern may end within a comment of `(?x)`: the line's end closes the
        // comment and is, by a `(?x)` of its own, no part of the pattern.
        let whole = format!("\\A(?:{text}(?x)\n)\\z");
        // What a pattern takes cannot be asked, only bounded
        let sizes = [1 << 14, 1 << 16, 1 << 18, MAX_PATTERN_SIZE];
        for size in sizes {
            let compiled = RegexBuilder::new(&whole)
                .nest_limit(MAX_DEPTH + 8)
                .size_limit(size)
                .dfa_size_limit(size.max(1 << 16))
                .build();
            if let Ok(regex) = compiled {
                return Ok(Self {
                    text: Arc::from(text),
                    regex,
                    size,
                });
            }
        }
        Err(PatternProblem::TooLarge)
    }

    /// Returns the pattern as written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Tells whether the pattern matches the whole of a text.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// Returns a bound of what it takes, in bytes.
    pub(crate) fn size(&self) -> usize {
        self.size
    }
}

/// Reads a pattern by itself, so that what is wrong has its place in it.
fn read(text: &str) -> Result<(), PatternProblem> {
    let mut parser = ParserBuilder::new().nest_limit(MAX_DEPTH).build();
    let Err(error) = parser.parse(text) else {
        return Ok(());
    };
    let (what, span) = match &error {
        regex_syntax::Error::Parse(error) => (error.kind().to_string(), Some(error.span())),
        regex_syntax::Error::Translate(error) => (error.kind().to_string(), Some(error.span())),
        error => (error.to_string(), None),
    };
    let at = span.map_or(0..text.len(), |span| {
        // A part that is not there is shown by the character before which it lacks
        let (start, end) = (span.start.offset, span.end.offset);
        let next = text.get(start..).and_then(|rest| rest.chars().next());
        start..end.max(start + next.map_or(1, char::len_utf8))
    });
    Err(PatternProblem::Unreadable { what, at })
}

#[cfg(test)]
mod tests {
    use super::{Pattern, PatternProblem};

    fn matches(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).unwrap().matches(text)
    }

    #[test]
    fn a_pattern_is_held_against_the_whole_text() {
        assert!(matches("a|ab", "ab"));
        assert!(matches("(?s).*", "a\nb"));
        assert!(!matches("a", "a\n"));
        assert!(!matches("a", "ba"));
        assert!(!matches("(?m)^a$", "a\na"));
        assert!(matches("", ""));
        assert!(!matches("", "a"));
        assert!(matches("[A-Z]{2}[0-9]+", "DE12"));
        assert!(matches(r"\d{2}\p{Greek}+", "42λόγος"));
        assert!(matches("\\\"\\\\", "\"\\"));
    }

    #[test]
    fn what_a_pattern_ends_in_does_not_reach_its_anchors() {
        assert!(matches("(?x) a b # the end", "ab"));
        assert!(!matches("(?x) a b # the end", "abc"));
        assert!(matches("(?i)ß|(?-u:x)", "ẞ"));
        assert!(matches("a #", "a #"));
        assert!(matches(r"(?x)a[ \#]", "a#"));
        assert!(!matches("a|b|", "c"));
        assert!(matches("a|b|", ""));
    }

    #[test]
    fn what_is_wrong_has_its_place() {
        let problem = |pattern: &str| match Pattern::new(pattern).map(|_| ()) {
            Err(PatternProblem::Unreadable { what, at }) => format!("{at:?} {what}"),
            other => format!("{other:?}"),
        };
        assert_eq!(problem("(a"), "0..1 unclosed group");
        assert_eq!(problem("ä)"), "2..3 unopened group");
        assert_eq!(problem(r"a\q"), "1..3 unrecognized escape sequence");
        assert_eq!(
            problem("+49"),
            "0..1 repetition operator missing expression"
        );
        assert_eq!(
            problem("a(?=b)"),
            "1..4 look-around, including look-ahead and look-behind, is not supported"
        );
        assert_eq!(problem(r"(a)\1"), "3..5 backreferences are not supported");
        assert!(problem(&format!("{}a{}", "(".repeat(200), ")".repeat(200))).contains("nested"));
        assert_eq!(problem(&"a".repeat(1_001)), "Err(TooLong)");
        assert_eq!(problem(&"a".repeat(1_000)), "Ok(())");
        assert_eq!(problem(r"\w{500}"), "Err(TooLarge)");
        assert_eq!(problem("a{4294967295}"), "Err(TooLarge)");
        assert_eq!(problem("(?:){4294967295}"), "Ok(())");
        assert_eq!(problem("((a{100}){100}){100}"), "Err(TooLarge)");
    }
}
