//! The words of a list in a file: entries of one or more words, found in a text by
//! looking up each run of its words.

use super::index::{Entries, Index, Refused};
use crate::words::{spread, words};

/// Entries of words
#[derive(Debug)]
pub(super) struct WordIndex {
    index: Index,
    /// Of the longest entry
    most_words: usize,
}

/// Entries of words on their way into an index
#[derive(Debug)]
pub(super) struct WordEntries {
    entries: Entries,
    most_words: usize,
}

impl WordEntries {
    pub(super) fn at_most(most: usize) -> Self {
        Self {
            entries: Entries::at_most(most),
            most_words: 0,
        }
    }

    /// Adds an entry; tells whether there was room for it.
    pub(super) fn add(&mut self, entry: &str, buffer: &mut String) -> bool {
        buffer.clear();
        spread(entry, buffer);
        self.most_words = self.most_words.max(words(entry).count());
        // Entries may have the same words
        self.entries.add(buffer.trim_matches(' ').as_bytes(), &[]) != Err(Refused::Full)
    }

    pub(super) fn into_index(self) -> Option<WordIndex> {
        Some(WordIndex {
            index: self.entries.into_index()?,
            most_words: self.most_words,
        })
    }
}

impl WordIndex {
    pub(super) fn size(&self) -> usize {
        self.index.size()
    }

    /// Tells whether the words of an entry follow each other in the text, capitals
    /// or not. `buffer` is empty, and written to.
    pub(super) fn finds(&self, text: &str, buffer: &mut String) -> bool {
        spread(text, buffer);
        // One blank before each word, and one behind the last
        let mut rest = buffer.get(1..).unwrap_or("");
        while !rest.is_empty() {
            let ends = rest.match_indices(' ').map(|(end, _)| end);
            let mut runs = ends.take(self.most_words).filter_map(|end| rest.get(..end));
            if runs.any(|run| self.index.find(run.as_bytes()).is_some()) {
                return true;
            }
            rest = rest.split_once(' ').map_or("", |(_, behind)| behind);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::WordEntries;
    use crate::words::WordMatcher;

    #[test]
    fn words_are_found_as_those_of_lists_in_policies() {
        let entries = [
            "scam",
            "wire transfer",
            "R2-D2",
            "a b c",
            "b d",
            "Straße",
            "ΛΌΓΟΣ",
            "scam",
        ];
        let mut index = WordEntries::at_most(entries.len());
        for entry in entries {
            assert!(index.add(entry, &mut String::new()));
        }
        let index = index.into_index().unwrap();
        let matcher = WordMatcher::new(entries.iter().copied());
        let mut found = 0;
        for text in [
            "",
            "!",
            "a SCAM!",
            "scams",
            "wire",
            "by wire,\ttransfer",
            "transfer wire",
            "a b d",
            "a b",
            "b c",
            "r2 d2",
            "r2d2",
            "in der STRASSE",
            "eine straße",
            "λόγος",
            "scam wire",
            "wire the transfer",
            "x a b c",
            "scam transfer",
        ] {
            let expected = matcher.finds(text, &mut String::new());
            assert_eq!(index.finds(text, &mut String::new()), expected, "{text:?}");
            found += usize::from(expected);
        }
        assert_eq!(found, 9);
    }
}
