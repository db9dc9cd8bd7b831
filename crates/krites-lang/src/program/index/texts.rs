//! The codes of texts: a hash table of those that conditions name.

use std::sync::Arc;

use crate::packed::prefix;

/// Texts with the codes one and on, all others with the code zero
#[derive(Clone, Debug)]
pub(crate) struct TextCodes {
    /// Codes by hash, zero where there is none; a power of two of them
    table: Box<[u32]>,
    texts: Box<[(u64, Arc<str>)]>,
}

impl TextCodes {
    /// Numbers distinct texts as they come.
    pub(super) fn new(texts: impl Iterator<Item = Arc<str>>) -> Self {
        let texts: Box<[_]> = texts.map(|text| (prefix(&text), text)).collect();
        // At most half of it is taken.
        let size = (texts.len() * 2).next_power_of_two().max(2);
        let mut codes = Self {
            table: vec![0; size].into(),
            texts,
        };
        for code in 1..=codes.texts.len() {
            let Some((prefix, text)) = codes.texts.get(code - 1) else {
                continue;
            };
            let mut at = codes.first_place(*prefix, text);
            while codes.table.get(at).is_some_and(|taken| *taken != 0) {
                at = (at + 1) & (size - 1);
            }
            if let Some(place) = codes.table.get_mut(at) {
                *place = u32::try_from(code).unwrap_or(u32::MAX);
            }
        }
        codes
    }

    /// The code of a text, whose [`prefix`] is `wanted`.
    #[inline]
    pub(crate) fn find(&self, wanted: u64, text: &str) -> u32 {
        let mut at = self.first_place(wanted, text);
        // Half of the table is free, so that this ends.
        while let Some(code) = self.table.get(at).copied() {
            let Some((prefix, known)) = self.texts.get((code as usize).wrapping_sub(1)) else {
                return 0;
            };
            if *prefix == wanted
                && known.len() == text.len()
                && (text.len() <= 8 || **known == *text)
            {
                return code;
            }
            at = (at + 1) & (self.table.len() - 1);
        }
        0
    }

    /// Where a text stands, unless others do.
    #[inline]
    fn first_place(&self, prefix: u64, text: &str) -> usize {
        /// 2⁶⁴ over the golden ratio (Knuth, The Art of Computer Programming 3, 6.4)
        const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut mixed = (prefix ^ text.len() as u64).wrapping_mul(GOLDEN);
        let behind = text.as_bytes().get(8..).unwrap_or_default();
        if !behind.is_empty() {
            let (chunks, rest) = behind.as_chunks::<8>();
            for chunk in chunks {
                mixed = (mixed ^ (mixed >> 32) ^ u64::from_le_bytes(*chunk)).wrapping_mul(GOLDEN);
            }
            if !rest.is_empty() {
                // The last eight bytes, of which some were mixed in before
                let last = text
                    .as_bytes()
                    .last_chunk::<8>()
                    .copied()
                    .unwrap_or_default();
                mixed = (mixed ^ (mixed >> 32) ^ u64::from_le_bytes(last)).wrapping_mul(GOLDEN);
            }
        }
        // The highest bits depend on all.
        let bits = self.table.len().trailing_zeros();
        (mixed >> (64 - bits)) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_their_codes_and_all_others_zero() {
        let texts: Vec<String> = (0..1_000)
            .map(|at| match at % 3 {
                0 => format!("{at}"),
                1 => format!("customer-{at:05}-of-the-north"),
                _ => format!("a text of some length, and then {at}"),
            })
            .chain([
                "".to_owned(),
                "a".repeat(8),
                "a".repeat(9),
                "a\0".to_owned(),
            ])
            .collect();
        let codes = TextCodes::new(texts.iter().map(|text| Arc::from(text.as_str())));
        for (code, text) in (1..).zip(&texts) {
            assert_eq!(codes.find(prefix(text), text), code, "{text}");
            let other = format!("{text}.");
            assert_eq!(codes.find(prefix(&other), &other), 0, "{other}");
        }
        let none = TextCodes::new(std::iter::empty());
        assert_eq!(none.find(prefix("a"), "a"), 0);
    }
}
