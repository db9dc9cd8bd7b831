//! The codes of texts: a hash table of those that conditions name.

use std::sync::Arc;

use crate::packed::prefix;

/// Up to so many texts are compared one by one
const FEW: usize = 8;
/// Up to so many bytes, the first eight and the last eight are all of a text
const BOTH_ENDS: usize = 16;

/// Texts with the codes one and on, all others with the code zero
#[derive(Clone, Debug)]
pub(crate) struct TextCodes {
    /// Codes by hash, zero where there is none; a power of two of them
    table: Box<[u32]>,
    ends: Box<[Ends]>,
    /// Of longer texts all of them is compared
    texts: Box<[Arc<str>]>,
}

/// The ends of a text, and how long it is
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ends {
    /// As [`prefix`] has it
    first: u64,
    /// The last eight bytes, of a text of more than eight
    last: u64,
    length: usize,
}

impl Ends {
    #[inline]
    fn of(first: u64, text: &str) -> Self {
        let last = match text.as_bytes().last_chunk::<8>() {
            Some(last) if text.len() > 8 => u64::from_le_bytes(*last),
            _ => 0,
        };
        Self {
            first,
            last,
            length: text.len(),
        }
    }
}

impl TextCodes {
    /// Numbers distinct texts as they come.
    pub(super) fn new(texts: impl Iterator<Item = Arc<str>>) -> Self {
        let texts: Box<[Arc<str>]> = texts.collect();
        // At most half of it is taken.
        let size = (texts.len() * 2).next_power_of_two().max(2);
        let ends = texts.iter().map(|text| Ends::of(prefix(text), text));
        let mut codes = Self {
            table: vec![0; size].into(),
            ends: ends.collect(),
            texts,
        };
        for (code, (ends, text)) in (1..).zip(codes.ends.iter().zip(&codes.texts)) {
            let mut at = first_place(size, *ends, text);
            while codes.table.get(at).is_some_and(|taken| *taken != 0) {
                at = (at + 1) & (size - 1);
            }
            if let Some(place) = codes.table.get_mut(at) {
                *place = code;
            }
        }
        codes
    }

    /// The code of a text, whose [`prefix`] is `first`.
    #[inline]
    pub(crate) fn find(&self, first: u64, text: &str) -> u32 {
        let wanted = Ends::of(first, text);
        if self.ends.len() <= FEW && text.len() <= BOTH_ENDS {
            // Without a branch that depends on which one it is
            let mut code = 0;
            for (known, ends) in (1..).zip(&self.ends) {
                code = if *ends == wanted { known } else { code };
            }
            return code;
        }
        self.look_up(wanted, text)
    }

    fn look_up(&self, wanted: Ends, text: &str) -> u32 {
        let mut at = first_place(self.table.len(), wanted, text);
        // Half of the table is free, so that this ends.
        while let Some(code) = self.table.get(at).copied() {
            let known = (code as usize).wrapping_sub(1);
            let Some(ends) = self.ends.get(known) else {
                return 0;
            };
            let short = text.len() <= BOTH_ENDS;
            let same = || self.texts.get(known).is_some_and(|known| **known == *text);
            if *ends == wanted && (short || same()) {
                return code;
            }
            at = (at + 1) & (self.table.len() - 1);
        }
        0
    }
}

/// Where a text stands in a table of this size, unless others do.
#[inline]
fn first_place(size: usize, ends: Ends, text: &str) -> usize {
    /// 2⁶⁴ over the golden ratio (Knuth, The Art of Computer Programming 3, 6.4)
    const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut mixed = (ends.first ^ ends.length as u64).wrapping_mul(GOLDEN);
    mixed = (mixed ^ (mixed >> 32) ^ ends.last).wrapping_mul(GOLDEN);
    if text.len() > BOTH_ENDS {
        let behind = text.as_bytes().get(8..).unwrap_or_default();
        let (chunks, _) = behind.as_chunks::<8>();
        for chunk in chunks {
            mixed = (mixed ^ (mixed >> 32) ^ u64::from_le_bytes(*chunk)).wrapping_mul(GOLDEN);
        }
    }
    // The highest bits depend on all.
    (mixed >> (64 - size.trailing_zeros())) as usize
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
        let few = TextCodes::new(texts.iter().take(7).map(|text| Arc::from(text.as_str())));
        for (code, text) in (1..).zip(&texts) {
            let expected = if code <= 7 { code } else { 0 };
            assert_eq!(few.find(prefix(text), text), expected, "{text}");
        }
        let none = TextCodes::new(std::iter::empty());
        assert_eq!(none.find(prefix("a"), "a"), 0);
    }
}
