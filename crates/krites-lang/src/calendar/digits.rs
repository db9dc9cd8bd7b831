//! Digits of a text, read and written.

use std::fmt;

/// What is still to be read
pub(super) struct Cursor<'t>(&'t [u8]);

/// What stands where a fraction of a second may stand
pub(super) enum Fraction {
    /// Nothing
    None,
    /// 1 to 6 digits, in microseconds
    Microseconds(i64),
    /// Digits finer than microseconds
    TooPrecise,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self(text.as_bytes())
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes the next byte.
    pub(super) fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Takes the byte where it comes next.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        match self.0.split_first() {
            Some((first, rest)) if *first == byte => {
                self.0 = rest;
                true
            }
            _ => false,
        }
    }

    /// Takes all digits that come next.
    pub(super) fn digits(&mut self) -> &'t [u8] {
        let len = self.0.iter().take_while(|byte| byte.is_ascii_digit());
        let (digits, rest) = self.0.split_at_checked(len.count()).unwrap_or_default();
        self.0 = rest;
        digits
    }

    /// Takes the next `N` bytes.
    pub(super) fn bytes<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*first)
    }

    /// Takes a number of two digits.
    pub(super) fn two_digits(&mut self) -> Option<i64> {
        number(self.bytes::<2>()?).map(i64::from)
    }

    /// Takes a point with 1 to 6 digits, where there is a point; `None` where no
    /// digit follows it.
    pub(super) fn fraction(&mut self) -> Option<Fraction> {
        if !self.eat(b'.') {
            return Some(Fraction::None);
        }
        let digits = self.digits();
        let missing = match digits.len() {
            0 => return None,
            len @ 1..=6 => 6 - len,
            _ => return Some(Fraction::TooPrecise),
        };
        let unit = (0..missing).fold(1, |unit, _| unit * 10);
        Some(Fraction::Microseconds(value(digits)? * unit))
    }
}

/// The number of up to four digits; `None` where another byte is among them.
pub(super) fn number<const N: usize>(digits: [u8; N]) -> Option<i16> {
    const { assert!(N <= 4) };
    let mut value = 0;
    for byte in digits {
        if !byte.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i16::from(byte - b'0');
    }
    Some(value)
}

/// The whole number that digits stand for; `None` beyond 64 bits.
pub(super) fn value(digits: &[u8]) -> Option<i64> {
    digits.iter().try_fold(0_i64, |value, digit| {
        value
            .checked_mul(10)?
            .checked_add(i64::from(digit.wrapping_sub(b'0')))
    })
}

/// Writes the point and the digits behind it, where there are any.
pub(super) fn write_fraction(f: &mut fmt::Formatter<'_>, microseconds: u64) -> fmt::Result {
    let (mut digits, mut width) = (microseconds, 6);
    if digits == 0 {
        return Ok(());
    }
    while digits % 10 == 0 {
        (digits, width) = (digits / 10, width - 1);
    }
    write!(f, ".{digits:0width$}")
}
