//! The bytes of a file. Those of a table are kept deflated once a release is made, and
//! inflated where a policy is made anew of them.

use std::borrow::Cow;
use std::io::{Read as _, Write as _};
use std::sync::OnceLock;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// A file of fewer bytes is kept as it is
const MIN_DEFLATED: usize = 1 << 16;

/// The bytes of a file, deflated or not
#[derive(Clone, Debug)]
pub(crate) enum Content {
    Plain(Vec<u8>),
    Deflated {
        bytes: Box<[u8]>,
        /// How many bytes they are when they are inflated
        len: usize,
        /// What they are, once somebody had to hold on to it
        inflated: OnceLock<Vec<u8>>,
    },
}

impl Content {
    /// Returns how many bytes the file has.
    pub(crate) fn len(&self) -> usize {
        match self {
            Content::Plain(bytes) => bytes.len(),
            Content::Deflated { len, .. } => *len,
        }
    }

    /// Returns the bytes, for as long as they are looked at.
    pub(crate) fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Content::Plain(bytes) => Cow::Borrowed(bytes),
            Content::Deflated {
                bytes,
                len,
                inflated,
            } => match inflated.get() {
                Some(inflated) => Cow::Borrowed(inflated),
                None => Cow::Owned(inflate(bytes, *len)),
            },
        }
    }

    /// Returns the bytes, and holds on to them.
    pub(crate) fn held(&self) -> &[u8] {
        match self {
            Content::Plain(bytes) => bytes,
            Content::Deflated {
                bytes,
                len,
                inflated,
            } => inflated.get_or_init(|| inflate(bytes, *len)),
        }
    }

    /// Returns the same content in fewer bytes, where that is worth it.
    pub(crate) fn deflated(&self) -> Option<Content> {
        let Content::Plain(plain) = self else {
            return None;
        };
        if plain.len() < MIN_DEFLATED {
            return None;
        }
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        // Writing to memory does not fail
        encoder.write_all(plain).ok()?;
        let bytes = encoder.finish().ok()?;
        // Workbooks are deflated as they are
        (bytes.len() < plain.len() / 2).then(|| Content::Deflated {
            bytes: bytes.into_boxed_slice(),
            len: plain.len(),
            inflated: OnceLock::new(),
        })
    }
}

fn inflate(bytes: &[u8], len: usize) -> Vec<u8> {
    let mut inflated = Vec::with_capacity(len);
    // Reading from memory does not fail
    let _ = DeflateDecoder::new(bytes).read_to_end(&mut inflated);
    inflated
}

#[cfg(test)]
mod tests {
    use super::{Content, MIN_DEFLATED};

    #[test]
    fn content_is_what_it_was_before_it_was_deflated() {
        let line = b"R1,\"\"\"Stra\xC3\x9Fe\"\"\",18 to below 25\r\n";
        let long = line.repeat(MIN_DEFLATED / line.len() + 1);
        let content = Content::Plain(long.clone());
        let deflated = content.deflated().unwrap();
        assert!(deflated.deflated().is_none());
        assert_eq!(deflated.len(), long.len());
        assert_eq!(*deflated.bytes(), *long);
        assert_eq!(deflated.held(), long);
        assert_eq!(*deflated.bytes(), *long);
        assert!(Content::Plain(line.to_vec()).deflated().is_none());
    }

    #[test]
    fn what_hardly_shrinks_is_kept_as_it_is() {
        let mut state = 1_u64;
        let noise = (0..MIN_DEFLATED).map(|_| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (state >> 56) as u8
        });
        assert!(Content::Plain(noise.collect()).deflated().is_none());
    }
}
