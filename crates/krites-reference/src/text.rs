//! Texts, by the standard library.

use krites_lang::MAX_TEXT;

use crate::{Fault, Value};

/// Holds a text that was made against the limit.
pub(crate) fn made(text: String) -> Result<String, Fault> {
    if text.len() <= MAX_TEXT {
        Ok(text)
    } else {
        Err(Fault::TextTooLong)
    }
}

pub(crate) fn left(text: &str, count: i64) -> String {
    let count = usize::try_from(count).unwrap_or(0);
    text.chars().take(count).collect()
}

pub(crate) fn right(text: &str, count: i64) -> String {
    let count = usize::try_from(count).unwrap_or(0);
    let all: Vec<char> = text.chars().collect();
    let skipped = all.len().saturating_sub(count);
    all.into_iter().skip(skipped).collect()
}

/// Tells whether the words of one entry follow each other in the text.
pub(crate) fn contains_word_in(text: &str, entries: &[Value]) -> bool {
    let text = words(text);
    entries.iter().any(|entry| match entry {
        Value::Text(entry) => {
            let entry = words(entry);
            !entry.is_empty() && text.windows(entry.len()).any(|some| some == entry)
        }
        _ => false,
    })
}

/// The runs of letters and digits, each in small letters.
fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_a_run_of_letters_and_digits() {
        let entries = ["wire transfer", "scam"].map(|entry| Value::Text(entry.into()));
        for (text, expected) in [
            ("a WIRE-transfer!", true),
            ("wire a transfer", false),
            ("scams", false),
            ("it is a Scam.", true),
            ("", false),
        ] {
            assert_eq!(contains_word_in(text, &entries), expected, "{text}");
        }
        assert_eq!(
            (left("añb", 2), right("añb", 2)),
            ("añ".into(), "ñb".into())
        );
        assert_eq!(
            (left("ab", -1), right("ab", 5)),
            (String::new(), "ab".into())
        );
    }
}
