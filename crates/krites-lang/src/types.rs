//! The types of values.

use std::fmt;

use crate::ids::EnumId;

/// An ISO 4217 code of three capitals
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Currency([u8; 3]);

impl Currency {
    /// Reads a code of three capitals.
    #[must_use]
    pub fn parse(code: &str) -> Option<Currency> {
        let letters: [u8; 3] = code.as_bytes().try_into().ok()?;
        letters
            .iter()
            .all(u8::is_ascii_uppercase)
            .then_some(Currency(letters))
    }

    /// Returns the code.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("")
    }

    /// Returns the digits of the minor unit (ISO 4217, list one): 2 but for the
    /// currencies that have none or three.
    #[must_use]
    pub fn minor_digits(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }
}

/// The type of a value that is there
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Ty {
    /// Whole number of 64 bits
    Integer,
    /// Exact decimal
    Decimal,
    /// Exact fraction, written in percent
    Percent,
    /// Exact amount in major units
    Money(Currency),
    /// Yes or no
    Boolean,
    /// UTF-8 text
    Text,
    /// Calendar date
    Date,
    /// One of an enum's labels
    Enum(EnumId),
}

impl Ty {
    /// Tells whether values are [`Exact`](crate::Exact) numbers.
    #[must_use]
    pub fn is_exact(self) -> bool {
        matches!(self, Ty::Decimal | Ty::Percent | Ty::Money(_))
    }

    /// Tells whether values can be computed with.
    #[must_use]
    pub fn is_number(self) -> bool {
        self.is_exact() || self == Ty::Integer
    }

    /// Tells whether values have an order.
    #[must_use]
    pub fn is_ordered(self) -> bool {
        self.is_number() || self == Ty::Date
    }
}

/// A type as declared: with `?` and with the digits it rounds to
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DeclaredTy {
    /// The type of a value that is there
    pub ty: Ty,
    /// Whether it may be missing
    pub optional: bool,
    /// Digits behind the point that a value of this type is rounded to, of the
    /// fraction for percent: `percent(2)` has 4
    pub places: Option<u32>,
}

/// A date of the Gregorian calendar, years 1 to 9999
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// Makes a date; `None` where the calendar has no such day.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Date> {
        let date = jiff::civil::Date::new(year, month, day).ok()?;
        (year >= 1).then_some(Date(date))
    }

    /// Reads `2026-11-02`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Date> {
        let shape = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        if !shape {
            return None;
        }
        let part = |range: std::ops::Range<usize>| text.get(range);
        Date::new(
            part(0..4)?.parse().ok()?,
            part(5..7)?.parse().ok()?,
            part(8..10)?.parse().ok()?,
        )
    }

    /// Packs the date into a whole number that keeps its order.
    pub(crate) fn to_ordinal(self) -> i64 {
        (i64::from(self.0.year()) << 16)
            | (i64::from(self.0.month()) << 8)
            | i64::from(self.0.day())
    }

    /// Unpacks [`Date::to_ordinal`].
    pub(crate) fn from_ordinal(ordinal: i64) -> Option<Date> {
        let year = i16::try_from(ordinal >> 16).ok()?;
        let month = i8::try_from((ordinal >> 8) & 0xff).ok()?;
        let day = i8::try_from(ordinal & 0xff).ok()?;
        Date::new(year, month, day)
    }
}

/// The first of January of the year 1
impl Default for Date {
    fn default() -> Self {
        Self(jiff::civil::Date::constant(1, 1, 1))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:04}-{:02}-{:02}",
            self.0.year(),
            self.0.month(),
            self.0.day()
        )
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
