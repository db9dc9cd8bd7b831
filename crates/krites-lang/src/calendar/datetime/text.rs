//! Instants as text: RFC 3339, with or without an offset.

use std::fmt;

use super::super::digits::{Cursor, Fraction, write_fraction};
use super::super::zone::Shown;
use super::super::{DAY, Date, HOUR, MINUTE, SECOND, Zone};
use super::DateTime;

/// Why a text is not an instant
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum DateTimeProblem {
    /// It is not written as `2026-11-02T14:30`
    #[error("not a date and time as `2026-11-02T14:30`")]
    Shape,
    /// The calendar has no such day
    #[error("the calendar has no such day")]
    NoSuchDay,
    /// A day has no such time
    #[error("hours go from 00 to 23, minutes and seconds from 00 to 59")]
    NoSuchTime,
    /// There is no such offset
    #[error("offsets go from `-23:59` to `+23:59`")]
    NoSuchOffset,
    /// It has more than 6 digits behind the point
    #[error("seconds have up to 6 digits behind the point")]
    TooPrecise,
    /// It has no offset and there is no zone to read it in
    #[error("without a time zone it needs an offset, `Z` or as `+02:00`")]
    NeedsOffset,
    /// Local clocks go forward past it
    #[error("local clocks skip this time; with an offset it is `{earlier}` or `{later}`")]
    Skipped {
        /// What it is by the offset after the change of clocks
        earlier: DateTime,
        /// What it is by the offset before the change of clocks
        later: DateTime,
    },
    /// Local clocks go back and show it twice
    #[error("local clocks show this time twice; with an offset it is `{earlier}` or `{later}`")]
    Twice {
        /// The first time they show it
        earlier: DateTime,
        /// The second time they show it
        later: DateTime,
    },
    /// The instant lies outside of years 1 to 9999 of UTC
    #[error("the instant lies outside of years 1 to 9999 of UTC")]
    OutOfRange,
}

impl DateTime {
    /// Reads an instant: `2026-11-02T14:30`, with `:45` or `:45.123456` for the
    /// seconds and `Z` or an offset as `+02:00` behind. Without one it is the
    /// local time of `zone`.
    ///
    /// # Errors
    ///
    /// [`DateTimeProblem`] where it is written otherwise, where there is no such
    /// time, and where it has no offset and there is no zone or the zone's clocks
    /// show that time twice or never.
    ///
    /// # Example: an hour that clocks show twice
    ///
    /// ```
    /// use krites_lang::{DateTime, DateTimeProblem, Zone};
    ///
    /// let london = Zone::named("Europe/London");
    /// let twice = DateTime::parse("2026-10-25T01:30", london.as_ref());
    /// assert!(matches!(twice, Err(DateTimeProblem::Twice { .. })));
    /// let second = DateTime::parse("2026-10-25T01:30+00:00", london.as_ref())?;
    /// assert_eq!(second.to_string(), "2026-10-25T01:30:00Z");
    /// # Ok::<(), DateTimeProblem>(())
    /// ```
    pub fn parse(text: &str, zone: Option<&Zone>) -> Result<DateTime, DateTimeProblem> {
        let written = Written::read(text).ok_or(DateTimeProblem::Shape)?;
        let date = written.date.ok_or(DateTimeProblem::NoSuchDay)?;
        let (hour, minute, second) = written.time;
        let clock = date.at(hour, minute, second);
        let clock = clock.ok_or(DateTimeProblem::NoSuchTime)?;
        let fraction = match written.fraction {
            Fraction::None => 0,
            Fraction::Microseconds(fraction) => fraction,
            Fraction::TooPrecise => return Err(DateTimeProblem::TooPrecise),
        };
        let of_day = hour * HOUR + minute * MINUTE + second * SECOND + fraction;
        let local = date.to_days() * DAY + of_day;
        let instant =
            |offset| DateTime::from_microseconds(local - offset).ok_or(DateTimeProblem::OutOfRange);
        match (written.offset, zone) {
            (Some((_, hours, minutes)), _) if hours > 23 || minutes > 59 => {
                Err(DateTimeProblem::NoSuchOffset)
            }
            (Some((sign, hours, minutes)), _) => instant(sign * (hours * HOUR + minutes * MINUTE)),
            (None, None) => Err(DateTimeProblem::NeedsOffset),
            (None, Some(zone)) => match zone.shown(clock) {
                Shown::Once(offset) => instant(offset),
                Shown::Never { before, after } => Err(DateTimeProblem::Skipped {
                    earlier: instant(after)?,
                    later: instant(before)?,
                }),
                Shown::Twice { before, after } => Err(DateTimeProblem::Twice {
                    earlier: instant(before)?,
                    later: instant(after)?,
                }),
            },
        }
    }
}

/// The parts of a text in the right shape, each as it is written
struct Written {
    /// `None` where the calendar has no such day
    date: Option<Date>,
    /// Hour, minute and second
    time: (i64, i64, i64),
    fraction: Fraction,
    /// Sign, hours and minutes
    offset: Option<(i64, i64, i64)>,
}

impl Written {
    fn read(text: &str) -> Option<Written> {
        let mut cursor = Cursor::new(text);
        let date = Date::written(cursor.bytes()?)?;
        let hour = cursor.eat(b'T').then(|| cursor.two_digits())??;
        let minute = cursor.eat(b':').then(|| cursor.two_digits())??;
        let (second, fraction) = if cursor.eat(b':') {
            (cursor.two_digits()?, cursor.fraction()?)
        } else {
            (0, Fraction::None)
        };
        let offset = match cursor.next() {
            None => None,
            Some(b'Z') => Some((1, 0, 0)),
            Some(sign @ (b'+' | b'-')) => {
                let hours = cursor.two_digits()?;
                let minutes = cursor.eat(b':').then(|| cursor.two_digits())??;
                Some((if sign == b'+' { 1 } else { -1 }, hours, minutes))
            }
            Some(_) => return None,
        };
        cursor.is_at_end().then_some(Written {
            date,
            time: (hour, minute, second),
            fraction,
            offset,
        })
    }
}

/// Writes RFC 3339 in UTC, `2026-11-02T14:30:00Z`; digits behind the point only
/// as far as they are not zero.
impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = Date::from_days(self.0.div_euclid(DAY)).unwrap_or_default();
        let of_day = self.0.rem_euclid(DAY);
        let (hour, minute) = (of_day / HOUR, of_day % HOUR / MINUTE);
        let second = of_day % MINUTE / SECOND;
        write!(f, "{date}T{hour:02}:{minute:02}:{second:02}")?;
        write_fraction(f, (of_day % SECOND).unsigned_abs())?;
        f.write_str("Z")
    }
}
