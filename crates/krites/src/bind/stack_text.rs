//! A short text on the stack.

use std::fmt;

/// A text of at most 64 bytes
pub(crate) struct StackText {
    bytes: [u8; 64],
    len: usize,
}

impl StackText {
    /// Writes `value`; `None` where it is longer.
    pub(crate) fn of(value: &(impl fmt::Display + ?Sized)) -> Option<StackText> {
        let mut text = StackText {
            bytes: [0; 64],
            len: 0,
        };
        fmt::write(&mut text, format_args!("{value}")).ok()?;
        Some(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        let used = self.bytes.get(..self.len).unwrap_or_default();
        std::str::from_utf8(used).unwrap_or_default()
    }
}

impl fmt::Write for StackText {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let end = self.len + text.len();
        let room = self.bytes.get_mut(self.len..end).ok_or(fmt::Error)?;
        room.copy_from_slice(text.as_bytes());
        self.len = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_64_bytes_fits_and_no_longer_one() {
        assert_eq!(StackText::of(&-12.5).unwrap().as_str(), "-12.5");
        assert_eq!(
            StackText::of(&"é".repeat(32)).unwrap().as_str(),
            "é".repeat(32)
        );
        assert!(StackText::of(&"a".repeat(65)).is_none());
    }
}
