//! Constant texts that compare in a few instructions: by their first eight
//! bytes and their length.

use std::sync::Arc;

/// A constant text with its first eight bytes at hand
#[derive(Clone, Debug)]
pub(crate) struct PackedText {
    prefix: u64,
    text: Arc<str>,
}

impl PackedText {
    pub(crate) fn new(text: &Arc<str>) -> Self {
        Self {
            prefix: prefix(text),
            text: text.clone(),
        }
    }

    /// Tells whether this is `text`, whose [`prefix`] is `other`.
    #[inline]
    pub(crate) fn is(&self, other: u64, text: &str) -> bool {
        self.prefix == other
            && self.text.len() == text.len()
            && (text.len() <= 8 || *self.text == *text)
    }
}

/// The first eight bytes of a text, zeros where it is shorter.
#[inline]
pub(crate) fn prefix(text: &str) -> u64 {
    match text.as_bytes().first_chunk::<8>() {
        Some(first) => u64::from_le_bytes(*first),
        None => text
            .bytes()
            .rev()
            .fold(0, |prefix, byte| (prefix << 8) | u64::from(byte)),
    }
}

#[cfg(test)]
mod tests {
    use super::{PackedText, prefix};

    #[test]
    fn texts_are_equal_only_to_themselves() {
        let texts = [
            "",
            "a",
            "ab",
            "ab\0",
            "abcdefgh",
            "abcdefghi",
            "abcdefghj",
            "äöü",
            "abcdefg",
        ];
        for one in texts {
            let packed = PackedText::new(&one.into());
            for other in texts {
                assert_eq!(
                    packed.is(prefix(other), other),
                    one == other,
                    "{one:?} {other:?}"
                );
            }
        }
    }
}
