//! Fixed lengths of time.

use std::fmt;

use super::digits::{Cursor, Fraction, value, write_fraction};
use super::{DAY, HOUR, MINUTE, SECOND};

/// A length of time in microseconds, negative ones included, up to some 292,000
/// years
///
/// A day is 24 hours and a week 168. Months and years have no fixed length: see
/// [`Date::add_months`](crate::Date::add_months).
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Duration(i64);

/// Why a text is not a length of time
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum DurationProblem {
    /// It is not written as ISO 8601 has it
    #[error("not a length of time as `P3DT4H30M` or `PT20M`")]
    Shape,
    /// It has years or months
    #[error("years and months have no fixed length; write days")]
    YearsOrMonths,
    /// It has more than 6 digits behind the point
    #[error("a length of time is whole microseconds, 6 digits behind the point")]
    TooPrecise,
    /// It needs more than 64 bits
    #[error("a length of time goes up to some 292,000 years")]
    TooLong,
}

impl Duration {
    /// Makes a length of microseconds.
    #[must_use]
    pub fn from_microseconds(microseconds: i64) -> Duration {
        Duration(microseconds)
    }

    /// Makes a length of seconds; `None` where it is too long.
    #[must_use]
    pub fn seconds(seconds: i64) -> Option<Duration> {
        seconds.checked_mul(SECOND).map(Duration)
    }

    /// Makes a length of minutes; `None` where it is too long.
    #[must_use]
    pub fn minutes(minutes: i64) -> Option<Duration> {
        minutes.checked_mul(MINUTE).map(Duration)
    }

    /// Makes a length of hours; `None` where it is too long.
    #[must_use]
    pub fn hours(hours: i64) -> Option<Duration> {
        hours.checked_mul(HOUR).map(Duration)
    }

    /// Makes a length of days of 24 hours; `None` where it is too long.
    #[must_use]
    pub fn days(days: i64) -> Option<Duration> {
        days.checked_mul(DAY).map(Duration)
    }

    /// Makes a length of weeks; `None` where it is too long.
    #[must_use]
    pub fn weeks(weeks: i64) -> Option<Duration> {
        weeks.checked_mul(7 * DAY).map(Duration)
    }

    /// Returns the length in microseconds.
    #[must_use]
    pub fn microseconds(self) -> i64 {
        self.0
    }

    /// Adds; `None` where the sum is too long.
    #[must_use]
    #[expect(
        clippy::should_implement_trait,
        reason = "a sum can be too long, which an operator cannot say"
    )]
    pub fn add(self, other: Duration) -> Option<Duration> {
        self.0.checked_add(other.0).map(Duration)
    }

    /// Subtracts; `None` where the difference is too long.
    #[must_use]
    pub fn subtract(self, other: Duration) -> Option<Duration> {
        self.0.checked_sub(other.0).map(Duration)
    }

    /// Turns the sign; `None` for the one length that has no opposite, −2⁶³
    /// microseconds.
    #[must_use]
    pub fn negate(self) -> Option<Duration> {
        self.0.checked_neg().map(Duration)
    }

    /// Multiplies; `None` where the product is too long.
    #[must_use]
    pub fn multiply(self, times: i64) -> Option<Duration> {
        self.0.checked_mul(times).map(Duration)
    }

    /// Reads a length as ISO 8601 has it: `P3DT4H30M5.5S`, `PT20M`, or weeks
    /// alone, `P2W`; with `-` in front it is negative.
    ///
    /// Each part comes at most once, the larger unit first, in capitals; any
    /// number of digits, and 1 to 6 behind the point of the seconds.
    ///
    /// # Errors
    ///
    /// [`DurationProblem`] where it is written otherwise or too long.
    ///
    /// # Example
    ///
    /// ```
    /// use krites_lang::{Duration, DurationProblem};
    ///
    /// assert_eq!(Duration::parse("PT36H")?.to_string(), "P1DT12H");
    /// assert_eq!(Duration::parse("P1M"), Err(DurationProblem::YearsOrMonths));
    /// # Ok::<(), DurationProblem>(())
    /// ```
    pub fn parse(text: &str) -> Result<Duration, DurationProblem> {
        let mut cursor = Cursor::new(text);
        let negative = cursor.eat(b'-');
        if !cursor.eat(b'P') {
            return Err(DurationProblem::Shape);
        }
        // Summed up below zero, where there is room for one more.
        let mut below = 0_i64;
        let mut of_day = false;
        // What the next unit must be smaller than
        let mut larger = i64::MAX;
        while !cursor.is_at_end() {
            if !of_day && cursor.eat(b'T') {
                (of_day, larger) = (true, DAY);
                if cursor.is_at_end() {
                    return Err(DurationProblem::Shape);
                }
            }
            let (unit, part) = read_part(&mut cursor, of_day)?;
            let alone = unit == 7 * DAY;
            if unit >= larger || (alone && !cursor.is_at_end()) {
                return Err(DurationProblem::Shape);
            }
            larger = unit;
            below = below.checked_add(part).ok_or(DurationProblem::TooLong)?;
        }
        if larger == i64::MAX {
            return Err(DurationProblem::Shape);
        }
        if negative {
            return Ok(Duration(below));
        }
        Duration(below).negate().ok_or(DurationProblem::TooLong)
    }
}

/// Reads a part with its letter; gives the unit and the part below zero, both in
/// microseconds.
fn read_part(cursor: &mut Cursor<'_>, of_day: bool) -> Result<(i64, i64), DurationProblem> {
    let digits = cursor.digits();
    if digits.is_empty() {
        return Err(DurationProblem::Shape);
    }
    let fraction = cursor.fraction().ok_or(DurationProblem::Shape)?;
    let unit = match (cursor.next(), of_day) {
        (Some(b'W'), false) => 7 * DAY,
        (Some(b'D'), false) => DAY,
        (Some(b'H'), true) => HOUR,
        (Some(b'M'), true) => MINUTE,
        (Some(b'S'), true) => SECOND,
        (Some(b'Y' | b'M'), false) => return Err(DurationProblem::YearsOrMonths),
        _ => return Err(DurationProblem::Shape),
    };
    let fraction = match fraction {
        Fraction::None => 0,
        _ if unit != SECOND => return Err(DurationProblem::Shape),
        Fraction::Microseconds(fraction) => fraction,
        Fraction::TooPrecise => return Err(DurationProblem::TooPrecise),
    };
    value(digits)
        .and_then(|count| count.checked_mul(-unit)?.checked_sub(fraction))
        .map(|part| (unit, part))
        .ok_or(DurationProblem::TooLong)
}

/// Writes the canonical form of ISO 8601: days, hours, minutes and seconds, none
/// that are zero, no zeros behind the last digit; `PT0S` for none at all.
impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let size = self.0.unsigned_abs();
        let unit = |unit: i64| unit.unsigned_abs();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        f.write_str("P")?;
        let days = size / unit(DAY);
        if days > 0 {
            write!(f, "{days}D")?;
        }
        let of_day = size % unit(DAY);
        if of_day == 0 && days > 0 {
            return Ok(());
        }
        f.write_str("T")?;
        let hours = of_day / unit(HOUR);
        if hours > 0 {
            write!(f, "{hours}H")?;
        }
        let minutes = of_day % unit(HOUR) / unit(MINUTE);
        if minutes > 0 {
            write!(f, "{minutes}M")?;
        }
        let of_minute = of_day % unit(MINUTE);
        if of_minute > 0 || size == 0 {
            write!(f, "{}", of_minute / unit(SECOND))?;
            write_fraction(f, of_minute % unit(SECOND))?;
            f.write_str("S")?;
        }
        Ok(())
    }
}

impl fmt::Debug for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
