//! The texts of sources. Those of a file's cells are kept deflated once a policy is made,
//! and inflated when somebody wants to see them: a finding that is shown, for one.

use std::io::{Read as _, Write as _};
use std::sync::OnceLock;

use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// A text of fewer bytes is kept as it is
const MIN_DEFLATED: usize = 1 << 16;

/// A text, deflated or not
#[derive(Clone, Debug)]
pub(super) enum Kept {
    Plain(String),
    Deflated {
        bytes: Box<[u8]>,
        /// What they are, once that was asked for
        text: OnceLock<String>,
    },
}

impl Kept {
    pub(super) fn text(&self) -> &str {
        match self {
            Kept::Plain(text) => text,
            Kept::Deflated { bytes, text } => text.get_or_init(|| {
                let mut text = String::new();
                // Reading from memory does not fail
                let _ = DeflateDecoder::new(&**bytes).read_to_string(&mut text);
                text
            }),
        }
    }

    /// Deflates a large text.
    pub(super) fn deflate(&mut self) {
        let Kept::Plain(plain) = self else {
            return;
        };
        if plain.len() < MIN_DEFLATED {
            return;
        }
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        // Writing to memory does not fail
        if encoder.write_all(plain.as_bytes()).is_ok()
            && let Ok(bytes) = encoder.finish()
        {
            let (bytes, text) = (bytes.into_boxed_slice(), OnceLock::new());
            *self = Kept::Deflated { bytes, text };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Kept, MIN_DEFLATED};

    #[test]
    fn a_text_is_what_it_was_before_it_was_deflated() {
        let line = "R1\n\"Straße 17\"\n18 to below 25\n";
        let long = line.repeat(MIN_DEFLATED / line.len() + 1);
        for text in ["", line, &long] {
            let mut kept = Kept::Plain(text.to_owned());
            kept.deflate();
            kept.deflate();
            assert_eq!(matches!(kept, Kept::Deflated { .. }), text == long);
            assert_eq!(kept.text(), text);
            assert_eq!(kept.clone().text(), text);
        }
    }
}
