//! What people write by habit, from other languages, spreadsheets and everyday
//! writing, and how the language has it.

mod cell;
mod compare;
mod declare;
mod entry;
mod keyword;
mod number;
mod value;

use std::ops::Range;

pub(super) use declare::TYPES;
pub(crate) use number::day_of;

use super::grammar::Rule;
use super::words::{first_words, word_for};
use crate::scan::{Token, TokenKind, Tokens};

/// How many bytes of a source are searched for a name that was meant
const SEARCHED: usize = 128 * 1024;

/// Where an entry breaks off
pub(super) struct Break<'a> {
    /// What is read: an entry, a head or a cell
    pub(super) rule: Rule,
    /// What could stand here
    pub(super) positives: &'a [Rule],
    /// The source, up to the end of what is read
    pub(super) text: &'a str,
    /// All of the source
    pub(super) source: &'a str,
    /// Its tokens before the break, from the first word of its entry on
    pub(super) front: &'a [Token],
    /// The token that is found; at the end an empty one
    pub(super) token: Token,
    /// Whether a value could stand here
    pub(super) wants_value: bool,
}

/// What was meant
#[derive(Debug, Default)]
pub(super) struct Meant {
    /// What is wrong, where that is not just what could stand here
    pub(super) headline: Option<String>,
    /// Where, if not at the break
    pub(super) place: Option<Range<usize>>,
    /// What to write
    pub(super) words: String,
    /// The same as an edit, where nothing else can be meant
    pub(super) mend: Option<(Range<usize>, String)>,
}

impl Meant {
    /// Tells what to write.
    pub(super) fn help(words: impl Into<String>) -> Self {
        Self {
            words: words.into(),
            ..Self::default()
        }
    }

    /// Says what is wrong.
    pub(super) fn headline(mut self, headline: impl Into<String>) -> Self {
        self.headline = Some(headline.into());
        self
    }

    /// Says where it is wrong.
    pub(super) fn at(mut self, place: Range<usize>) -> Self {
        self.place = Some(place);
        self
    }

    /// Says what stands instead for certain.
    pub(super) fn mend(mut self, place: Range<usize>, text: impl Into<String>) -> Self {
        self.mend = Some((place, text.into()));
        self
    }
}

/// Tells how the language writes what was meant.
pub(super) fn habit(at: &Break<'_>) -> Option<Meant> {
    const HABITS: [fn(&Break<'_>) -> Option<Meant>; 7] = [
        keyword::meant,
        cell::meant,
        number::meant,
        compare::meant,
        entry::meant,
        declare::meant,
        value::meant,
    ];
    HABITS.iter().find_map(|habit| habit(at))
}

impl<'a> Break<'a> {
    /// The text of a token.
    pub(super) fn word(&self, token: Token) -> &'a str {
        self.text.get(token.start..token.end).unwrap_or("")
    }

    /// The text of what is found.
    pub(super) fn seen(&self) -> &'a str {
        self.word(self.token)
    }

    /// The bytes of what is found.
    pub(super) fn here(&self) -> Range<usize> {
        self.token.start..self.token.end
    }

    /// All behind what is found.
    pub(super) fn behind(&self) -> &'a str {
        self.text.get(self.token.end..).unwrap_or("")
    }

    /// The tokens behind what is found.
    pub(super) fn next(&self) -> Tokens<'a> {
        Tokens::at(self.text, self.token.end)
    }

    /// The `n`-th token before what is found, counted from one.
    pub(super) fn last(&self, n: usize) -> Option<Token> {
        let at = self.front.len().checked_sub(n)?;
        self.front.get(at).copied()
    }

    /// The text of the `n`-th token before what is found; empty where there is none.
    pub(super) fn before(&self, n: usize) -> &'a str {
        self.last(n).map_or("", |token| self.word(token))
    }

    /// Tells whether this could stand here.
    pub(super) fn expects(&self, wanted: &str) -> bool {
        let mut words = self.positives.iter().filter_map(|rule| word_for(*rule, ""));
        words.any(|word| word == wanted)
    }

    /// Tells whether an entry could go on with this word here.
    pub(super) fn takes(&self, wanted: &str) -> bool {
        let mut rules = self.positives.iter();
        rules.any(|rule| first_words(*rule).iter().any(|word| word == wanted))
    }

    /// Tells whether the source has this word elsewhere.
    pub(super) fn is_known(&self, word: &str) -> bool {
        has_word(self.source, word)
    }

    /// Tells whether nothing stands behind what is found.
    pub(super) fn is_last(&self) -> bool {
        self.next().next().is_none()
    }
}

/// Tells whether a token stands for a value by itself.
pub(super) fn is_value(token: Token) -> bool {
    matches!(
        token.kind,
        TokenKind::Word | TokenKind::Number | TokenKind::Text
    )
}

/// Tells whether a source has this word, in front at least.
pub(super) fn has_word(source: &str, word: &str) -> bool {
    let searched = source.len().min(SEARCHED);
    let near = (0..=searched).rev().find_map(|end| source.get(..end));
    let near = near.unwrap_or("");
    Tokens::at(near, 0).any(|token| near.get(token.start..token.end) == Some(word))
}
