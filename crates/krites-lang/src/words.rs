//! The words of a text, and whether a text has some of given ones.

use aho_corasick::AhoCorasick;

/// Returns the runs of letters and digits in a text, in order.
pub(crate) fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|sign: char| !sign.is_alphanumeric())
        .filter(|word| !word.is_empty())
}

/// Finds entries of one or more words in a text, in one pass over it
#[derive(Debug)]
pub(crate) struct WordMatcher {
    /// Each entry as [`spread`] writes it
    entries: Box<[String]>,
    /// Over the entries; `None` where they are too many for one
    automaton: Option<AhoCorasick>,
}

impl WordMatcher {
    /// Takes entries, each with a word in it.
    pub(crate) fn new<'t>(entries: impl Iterator<Item = &'t str>) -> Self {
        let entries: Box<[String]> = entries
            .map(|entry| {
                let mut spread_out = String::new();
                spread(entry, &mut spread_out);
                spread_out
            })
            .collect();
        let automaton = AhoCorasick::new(&entries).ok();
        Self { entries, automaton }
    }

    /// Tells whether the words of an entry follow each other in the text, capitals
    /// or not. `buffer` is empty, and written to.
    pub(crate) fn finds(&self, text: &str, buffer: &mut String) -> bool {
        spread(text, buffer);
        match &self.automaton {
            Some(automaton) => automaton.is_match(buffer.as_str()),
            None => self
                .entries
                .iter()
                .any(|entry| buffer.contains(entry.as_str())),
        }
    }
}

/// Writes the words of a text in small letters, with one blank before each and one
/// behind the last: what follows each other there is whole words.
pub(crate) fn spread(text: &str, into: &mut String) {
    into.push(' ');
    for word in words(text) {
        push_lower(word, into);
        into.push(' ');
    }
}

/// Appends a text in small letters.
pub(crate) fn push_lower(text: &str, into: &mut String) {
    if text.is_ascii() {
        let start = into.len();
        into.push_str(text);
        if let Some(added) = into.get_mut(start..) {
            added.make_ascii_lowercase();
        }
    } else {
        into.push_str(&text.to_lowercase());
    }
}

/// Appends a text in capitals.
pub(crate) fn push_upper(text: &str, into: &mut String) {
    if text.is_ascii() {
        let start = into.len();
        into.push_str(text);
        if let Some(added) = into.get_mut(start..) {
            added.make_ascii_uppercase();
        }
    } else {
        into.push_str(&text.to_uppercase());
    }
}

#[cfg(test)]
mod tests {
    use super::WordMatcher;

    fn finds(entries: &[&str], text: &str) -> bool {
        let matcher = WordMatcher::new(entries.iter().copied());
        let without = WordMatcher {
            automaton: None,
            entries: matcher.entries.clone(),
        };
        let found = matcher.finds(text, &mut String::new());
        assert_eq!(found, without.finds(text, &mut String::new()), "{text}");
        found
    }

    #[test]
    fn whole_words_are_found_capitals_or_not() {
        let entries = ["scam", "wire transfer", "R2-D2"];
        for text in [
            "scam",
            "a SCAM!",
            "(scam)",
            "Wire  transfer",
            "wire-transfer now",
            "by wire,\ttransfer",
            "r2 d2",
        ] {
            assert!(finds(&entries, text), "{text}");
        }
        for text in [
            "",
            "scams",
            "scam1",
            "wire",
            "transfer wire",
            "wire the transfer",
            "wiretransfer",
            "r2d2",
        ] {
            assert!(!finds(&entries, text), "{text}");
        }
    }

    #[test]
    fn an_entry_is_found_behind_the_beginning_of_another() {
        assert!(finds(&["a b c", "b d"], "a b d"));
        assert!(finds(&["a a b"], "a a a b"));
        assert!(!finds(&["a a b"], "a b a"));
    }

    #[test]
    fn letters_of_any_script_make_words() {
        assert!(finds(&["straße"], "in der STRASSE oder Straße"));
        assert!(!finds(&["straße"], "in der STRASSE"));
        assert!(finds(&["ΛΌΓΟΣ"], "λόγος"));
        assert!(finds(&["istanbul"], "ISTANBUL"));
        assert!(!finds(&["istanbul"], "İSTANBUL"));
        assert!(finds(&["İstanbul"], "İSTANBUL"));
        assert!(finds(&["重要"], "これは 重要 です"));
        assert!(!finds(&["重要"], "重要事項"));
        assert!(finds(&["ok"], "👍ok👍"));
    }
}
