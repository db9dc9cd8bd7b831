//! A place in JSON text that moves on over what is ordinary, eight bytes at a time.
//! Invariant: it answers `None` for all else, and says no more about it.

/// Most digits that a number is read from here: its whole value fits 64 bits
const MOST_DIGITS: u32 = 18;

/// 10⁰ to 10⁸
const POWERS: [i64; 9] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    100_000_000,
];

/// Bytes of JSON text from a place on
#[derive(Clone, Copy)]
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

/// What a number's digits come to
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Digits {
    /// A whole number
    Whole(i64),
    /// `units × 10⁻ᵖˡᵃᶜᵉˢ`
    Decimal { units: i64, places: u32 },
    /// More digits than these hold
    Long,
}

/// All eight bytes of a word
const fn all(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    /// What is left
    #[inline]
    pub(super) fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    pub(super) fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    #[inline]
    pub(super) fn is_at_end(&self) -> bool {
        self.at >= self.text.len()
    }

    /// Takes the next byte, where it is this one.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Passes over spaces and ends of lines.
    #[inline]
    pub(super) fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    /// Takes these letters.
    #[inline]
    pub(super) fn word(&mut self, word: &str) -> Option<()> {
        let same = self.rest().starts_with(word.as_bytes());
        same.then(|| self.at += word.len())
    }

    /// The next eight bytes, zeros behind the end
    #[inline]
    fn eight(&self) -> u64 {
        let rest = self.rest();
        match rest.first_chunk::<8>() {
            Some(bytes) => u64::from_le_bytes(*bytes),
            None => rest
                .iter()
                .rev()
                .fold(0, |word, byte| word << 8 | u64::from(*byte)),
        }
    }

    /// Takes a text without escapes, between its quotes.
    #[inline]
    pub(super) fn string(&mut self) -> Option<&'t str> {
        self.take(b'"')?;
        let start = self.at;
        loop {
            let word = self.eight();
            // The lowest mark is right: what is borrowed goes to higher bytes only
            // (Mycroft's test for a zero byte).
            let (quote, escape) = (word ^ all(b'"'), word ^ all(b'\\'));
            let marks = (quote.wrapping_sub(all(1)) & !quote)
                | (escape.wrapping_sub(all(1)) & !escape)
                | (word.wrapping_sub(all(b' ')) & !word);
            let marks = marks & all(0x80);
            if marks == 0 {
                self.at += 8;
                continue;
            }
            self.at += marks.trailing_zeros() as usize / 8;
            let text = self.text.get(start..self.at)?;
            self.take(b'"')?;
            return Some(text);
        }
    }

    /// Takes up to eight digits: their value, and how many there are.
    #[inline]
    fn eight_digits(&mut self) -> (i64, u32) {
        let word = self.eight();
        // The lowest mark is right, as above.
        let marks = (word.wrapping_add(all(0x46)) | word.wrapping_sub(all(b'0'))) & all(0x80);
        let count = marks.trailing_zeros().min(64) / 8;
        self.at += count as usize;
        if count == 0 {
            return (0, 0);
        }
        // Zeros in front, and pairs, fours and eights of digits at once (Lemire, 2018)
        let digits = (word & all(0x0f)) << (64 - 8 * count);
        let pairs = digits.wrapping_mul(10).wrapping_add(digits >> 8);
        let high = (pairs & 0x0000_00ff_0000_00ff).wrapping_mul(100 + (1_000_000 << 32));
        let low = (pairs >> 16 & 0x0000_00ff_0000_00ff).wrapping_mul(1 + (10_000 << 32));
        let value = high.wrapping_add(low) >> 32;
        (i64::from(value as u32), count)
    }

    /// Goes on with a number's digits: its value so far, and how many there are.
    #[inline]
    fn digits(&mut self, (mut value, mut count): (i64, u32)) -> (i64, u32) {
        loop {
            let (more, found) = self.eight_digits();
            count += found;
            if count <= MOST_DIGITS {
                let power = POWERS.get(found as usize).copied().unwrap_or(0);
                value = value * power + more;
            }
            if found < 8 {
                return (value, count);
            }
        }
    }

    /// Takes a number without an exponent, as it is written and what it comes to.
    #[inline]
    pub(super) fn number(&mut self) -> Option<(&'t str, Digits)> {
        let start = self.at;
        let negative = self.take(b'-').is_some();
        let leading_zero = self.peek() == Some(b'0');
        let (whole, n_whole) = self.digits((0, 0));
        if n_whole == 0 || leading_zero && n_whole > 1 {
            return None;
        }
        let (mut units, mut count) = (whole, n_whole);
        if self.take(b'.').is_some() {
            (units, count) = self.digits((whole, n_whole));
            if count == n_whole {
                return None;
            }
        }
        if let Some(b'e' | b'E') = self.peek() {
            return None;
        }
        // A float tells zero from zero below nothing.
        let text = self.text.get(start..self.at)?;
        if count > MOST_DIGITS || negative && units == 0 {
            return Some((text, Digits::Long));
        }
        let units = if negative { -units } else { units };
        let digits = match count - n_whole {
            0 => Digits::Whole(units),
            places => Digits::Decimal { units, places },
        };
        Some((text, digits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_from_their_digits() {
        let whole = |text: &'static str| (text, Some(Digits::Whole(text.parse().unwrap())));
        let decimal = |text, units, places| (text, Some(Digits::Decimal { units, places }));
        let long = |text| (text, Some(Digits::Long));
        let cases = [
            whole("0"),
            whole("7"),
            whole("-10"),
            whole("1234567"),
            whole("12345678"),
            whole("123456789"),
            whole("-1234567890123456"),
            whole("999999999999999999"),
            long("1000000000000000000"),
            long("-0"),
            long("-0.00"),
            long("123456789012345678901234567890.1"),
            decimal("0.1", 1, 1),
            decimal("0.00", 0, 2),
            decimal("-12.50", -1_250, 2),
            decimal("12345678.12345678", 1_234_567_812_345_678, 8),
            decimal("1.23456789012345678", 123_456_789_012_345_678, 17),
            long("1.234567890123456789"),
            ("01", None),
            ("-", None),
            ("", None),
            ("1.", None),
            (".5", None),
            ("1e3", None),
            ("1.5E3", None),
        ];
        for (text, expected) in cases {
            for behind in ["", ",", "}", " ", ",\"further\":12345678"] {
                let whole = format!("{text}{behind}");
                let mut cursor = Cursor::new(&whole);
                let found = cursor.number();
                assert_eq!(found, expected.map(|digits| (text, digits)), "{whole}");
                if found.is_some() {
                    assert_eq!(cursor.rest(), behind.as_bytes(), "{whole}");
                }
            }
        }
    }

    #[test]
    fn texts_end_at_their_quote_and_hold_nothing_that_is_escaped() {
        for length in 0..40 {
            let inside: String = "aé/:{ ".chars().cycle().take(length).collect();
            let whole = format!("\"{inside}\",\"b\"");
            let mut cursor = Cursor::new(&whole);
            assert_eq!(cursor.string(), Some(&*inside));
            assert_eq!(cursor.rest(), b",\"b\"");
            for wrong in ["\\n", "\u{1}", "\n", "\u{1f}"] {
                let whole = format!("\"{inside}{wrong}\"");
                assert_eq!(Cursor::new(&whole).string(), None, "{whole:?}");
            }
            assert_eq!(Cursor::new(&format!("\"{inside}")).string(), None);
        }
        assert_eq!(Cursor::new("a\"").string(), None);
    }
}
