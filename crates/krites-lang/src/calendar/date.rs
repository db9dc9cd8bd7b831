//! Days of the calendar.

use std::fmt;

use jiff::SignedDuration;
use jiff::civil;

use super::digits::number;

/// A date of the Gregorian calendar, years 1 to 9999
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Date(civil::Date);

/// Day 0 of [`Date::to_days`]
const EPOCH: civil::Date = civil::Date::constant(1970, 1, 1);
/// 0001-01-01 in days since 1970-01-01
const FIRST_DAY: i64 = -719_162;
/// 9999-12-31 in days since 1970-01-01
const LAST_DAY: i64 = 2_932_896;

impl Date {
    /// 0001-01-01
    pub(super) const FIRST: Date = Date(civil::Date::constant(1, 1, 1));

    /// Makes a date; `None` where the calendar has no such day.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Date> {
        // jiff knows years before 1, and allocates to say that there is none.
        if !(1..=9999).contains(&year) {
            return None;
        }
        civil::Date::new(year, month, day).ok().map(Date)
    }

    /// Reads `2026-11-02`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Date> {
        Date::written(text.as_bytes().try_into().ok()?)?
    }

    /// Reads the bytes of a date: `None` where they are not written as one,
    /// `Some(None)` where the calendar has no such day.
    pub(super) fn written(bytes: [u8; 10]) -> Option<Option<Date>> {
        let [a, b, c, d, b'-', e, f, b'-', g, h] = bytes else {
            return None;
        };
        let (year, month) = (number([a, b, c, d])?, number([e, f])?);
        let day = i8::try_from(number([g, h])?).ok()?;
        Some(Date::new(year, i8::try_from(month).ok()?, day))
    }

    /// Returns the year, 1 to 9999.
    #[must_use]
    pub fn year(self) -> i64 {
        i64::from(self.0.year())
    }

    /// Returns the month, 1 to 12.
    #[must_use]
    pub fn month(self) -> i64 {
        i64::from(self.0.month())
    }

    /// Returns the day of the month, 1 to 31.
    #[must_use]
    pub fn day(self) -> i64 {
        i64::from(self.0.day())
    }

    /// Returns the day of the week as in ISO 8601: Monday 1 to Sunday 7.
    #[must_use]
    pub fn weekday(self) -> i64 {
        i64::from(self.0.weekday().to_monday_one_offset())
    }

    /// Returns the day so many days later, earlier for negative ones; `None`
    /// outside of years 1 to 9999.
    #[must_use]
    pub fn add_days(self, days: i64) -> Option<Date> {
        Date::from_days(self.to_days().checked_add(days)?)
    }

    /// Returns the same day so many months later, earlier for negative ones, or
    /// the last day of a month that has no such day: 31 January and one month is
    /// the last of February. `None` outside of years 1 to 9999.
    #[must_use]
    pub fn add_months(self, months: i64) -> Option<Date> {
        let months = months.checked_add(self.months())?;
        let (year, month) = (months.div_euclid(12), months.rem_euclid(12) + 1);
        let last = from_parts(year, month, 1)?.0.days_in_month();
        from_parts(year, month, self.day().min(i64::from(last)))
    }

    /// Returns the same day so many years later, earlier for negative ones, and
    /// 28 February for 29 February where that year has none. `None` outside of
    /// years 1 to 9999.
    #[must_use]
    pub fn add_years(self, years: i64) -> Option<Date> {
        self.add_months(years.checked_mul(12)?)
    }

    /// Returns how many days `other` is later; negative where it is earlier.
    #[must_use]
    pub fn days_until(self, other: Date) -> i64 {
        self.0.duration_until(other.0).as_hours() / 24
    }

    /// Returns how many whole months pass until `other`: the most that
    /// [`add_months`](Date::add_months) can add without going beyond it.
    ///
    /// Until an earlier date, these are the months from there to here, negated.
    ///
    /// # Example: the end of a month
    ///
    /// ```
    /// use krites_lang::Date;
    ///
    /// let date = |text| Date::parse(text).unwrap();
    /// assert_eq!(date("2026-01-31").months_until(date("2026-02-28")), 1);
    /// assert_eq!(date("2026-01-30").months_until(date("2026-02-27")), 0);
    /// assert_eq!(date("2026-02-28").months_until(date("2026-01-31")), -1);
    /// ```
    #[must_use]
    pub fn months_until(self, other: Date) -> i64 {
        if other < self {
            return -other.months_until(self);
        }
        let months = other.months() - self.months();
        // The day of `self` in the month of `other`, which may be shorter
        let day = self.0.day().min(other.0.days_in_month());
        months - i64::from(day > other.0.day())
    }

    /// Returns how many whole years pass until `other`: the most that
    /// [`add_years`](Date::add_years) can add without going beyond it, so that a
    /// person born on 29 February is a year older on 28 February of a year
    /// without a leap day.
    ///
    /// Until an earlier date, these are the years from there to here, negated.
    #[must_use]
    pub fn years_until(self, other: Date) -> i64 {
        // Adding years is adding months, so whole years are 12 whole months.
        self.months_until(other) / 12
    }

    /// Months since January of the year 0
    fn months(self) -> i64 {
        self.year() * 12 + self.month() - 1
    }

    /// Days since 1970-01-01
    pub(super) fn to_days(self) -> i64 {
        Date(EPOCH).days_until(self)
    }

    /// The day so many days after 1970-01-01; `None` outside of years 1 to 9999.
    pub(super) fn from_days(days: i64) -> Option<Date> {
        if !(FIRST_DAY..=LAST_DAY).contains(&days) {
            return None;
        }
        let since_epoch = SignedDuration::from_hours(24 * days);
        Some(Date(EPOCH.checked_add(since_epoch).ok()?))
    }

    /// The day at a time of day, `None` where the day has no such time.
    pub(super) fn at(self, hour: i64, minute: i64, second: i64) -> Option<civil::DateTime> {
        let part = |value| i8::try_from(value).ok();
        let time = civil::Time::new(part(hour)?, part(minute)?, part(second)?, 0).ok()?;
        Some(self.0.to_datetime(time))
    }

    /// Packs the date into a whole number that keeps its order.
    pub(crate) fn to_ordinal(self) -> i64 {
        (self.year() << 16) | (self.month() << 8) | self.day()
    }

    /// Unpacks [`Date::to_ordinal`].
    pub(crate) fn from_ordinal(ordinal: i64) -> Option<Date> {
        from_parts(ordinal >> 16, (ordinal >> 8) & 0xff, ordinal & 0xff)
    }
}

/// The first of January of the year 1
impl Default for Date {
    fn default() -> Self {
        Self::FIRST
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.0.year(), self.0.month(), self.0.day());
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn from_parts(year: i64, month: i64, day: i64) -> Option<Date> {
    Date::new(
        i16::try_from(year).ok()?,
        i8::try_from(month).ok()?,
        i8::try_from(day).ok()?,
    )
}
