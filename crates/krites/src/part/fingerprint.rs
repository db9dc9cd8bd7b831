//! The hash that a part has its name from.

use std::fmt;
use std::str::FromStr;

/// A BLAKE3 hash, shown as 64 hexadecimal digits
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(*blake3::hash(bytes).as_bytes())
    }

    /// Returns the bytes of the hash.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

/// Why a text is no hash
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FingerprintError {
    /// It is too short or too long
    #[error("a hash has 64 hexadecimal digits, and this has {found} signs")]
    Length {
        /// How many signs it has
        found: usize,
    },
    /// A sign is no digit
    #[error("a hash has hexadecimal digits alone, and `{}` stands at place {at}", found.escape_default())]
    Digit {
        /// The sign
        found: char,
        /// Its place, counted from 1
        at: usize,
    },
}

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    /// Reads 64 hexadecimal digits, as they are shown; capital letters will do.
    fn from_str(text: &str) -> Result<Self, FingerprintError> {
        let found = text.chars().count();
        if found != 64 {
            return Err(FingerprintError::Length { found });
        }
        let mut bytes = [0; 32];
        let digits = text.chars().enumerate();
        for ((idx, found), place) in digits.zip((0..64).map(|digit| digit / 2)) {
            let at = idx + 1;
            let digit = found
                .to_digit(16)
                .and_then(|digit| u8::try_from(digit).ok());
            let digit = digit.ok_or(FingerprintError::Digit { found, at })?;
            if let Some(byte) = bytes.get_mut(place) {
                *byte = (*byte << 4) | digit;
            }
        }
        Ok(Self(bytes))
    }
}

impl From<blake3::Hasher> for Fingerprint {
    fn from(hasher: blake3::Hasher) -> Self {
        Self(*hasher.finalize().as_bytes())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
