//! Constant texts that a text is looked up among in a few instructions: by its
//! first eight bytes, without a branch that depends on which one it is.

use std::sync::Arc;

/// Constant texts with their first eight bytes at hand
#[derive(Clone, Debug)]
pub(crate) struct PackedTexts {
    prefixes: Box<[u64]>,
    texts: Box<[Arc<str>]>,
    /// Whether no two texts share their first eight bytes
    told_apart: bool,
}

impl PackedTexts {
    pub(crate) fn new(texts: impl IntoIterator<Item = Arc<str>>) -> Self {
        let texts: Box<[Arc<str>]> = texts.into_iter().collect();
        let prefixes: Box<[u64]> = texts.iter().map(|text| prefix(text)).collect();
        let mut sorted = prefixes.to_vec();
        sorted.sort_unstable();
        sorted.dedup();
        let told_apart = sorted.len() == prefixes.len();
        Self {
            prefixes,
            texts,
            told_apart,
        }
    }

    /// Walks the texts.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &Arc<str>> {
        self.texts.iter()
    }

    /// Finds `text`, whose [`prefix`] is `wanted`.
    #[inline]
    pub(crate) fn position(&self, wanted: u64, text: &str) -> Option<usize> {
        if !self.told_apart {
            return self.texts.iter().position(|known| **known == *text);
        }
        let mut found = usize::MAX;
        for (position, prefix) in self.prefixes.iter().enumerate() {
            found = if *prefix == wanted { position } else { found };
        }
        let known = self.texts.get(found)?;
        let same = known.len() == text.len() && (text.len() <= 8 || **known == *text);
        same.then_some(found)
    }
}

/// The first eight bytes of a text, zeros where it is shorter.
#[inline]
pub(crate) fn prefix(text: &str) -> u64 {
    let bytes = text.as_bytes();
    // A shorter text is read from both ends, which overlap: no loop of its length.
    if let Some(first) = bytes.first_chunk::<8>() {
        return u64::from_le_bytes(*first);
    }
    if let (Some(first), Some(last)) = (bytes.first_chunk::<4>(), bytes.last_chunk::<4>()) {
        let (first, last) = (u32::from_le_bytes(*first), u32::from_le_bytes(*last));
        return u64::from(first) | u64::from(last) << (8 * (bytes.len() - 4));
    }
    match bytes {
        [first, second, rest @ ..] => {
            let third = rest.first().copied().unwrap_or(0);
            u64::from(*first) | u64::from(*second) << 8 | u64::from(third) << 16
        }
        [first] => u64::from(*first),
        [] => 0,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{PackedTexts, prefix};

    #[test]
    fn a_prefix_is_the_first_bytes() {
        for length in 0..12 {
            let text = "abcdefghijkl".get(..length).unwrap();
            let mut bytes = [0; 8];
            bytes
                .iter_mut()
                .zip(text.bytes())
                .for_each(|(slot, byte)| *slot = byte);
            assert_eq!(prefix(text), u64::from_le_bytes(bytes), "{text}");
        }
    }

    #[test]
    fn a_text_is_found_at_its_place_only() {
        let apart = ["", "a", "ab", "abcdefgh", "abcdefgi1", "äöü", "abcdefg"];
        let alike = ["abcdefgh", "abcdefghi", "abcdefghj", "ab", "ab\0", ""];
        for texts in [apart.as_slice(), alike.as_slice()] {
            let packed = PackedTexts::new(texts.iter().map(|text| Arc::from(*text)));
            for wanted in apart
                .iter()
                .chain(&alike)
                .chain(&["b", "abcdefghk", "ab\0\0"])
            {
                let expected = texts.iter().position(|text| text == wanted);
                assert_eq!(
                    packed.position(prefix(wanted), wanted),
                    expected,
                    "{wanted:?} in {texts:?}"
                );
            }
        }
    }
}
