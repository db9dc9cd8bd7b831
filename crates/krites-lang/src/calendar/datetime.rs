//! Instants, and what local clocks show at them.

mod text;

use std::fmt;

use super::zone::Shown;
use super::{DAY, Date, Duration, HOUR, MINUTE, SECOND, Zone};

pub use text::DateTimeProblem;

/// An instant to the microsecond, years 1 to 9999 of UTC
///
/// It has no zone of its own: what a clock or a calendar shows at it is asked
/// with a [`Zone`]. Leap seconds are not counted, as in POSIX time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateTime(i64);

/// 0001-01-01T00:00:00Z in microseconds since 1970
const FIRST: i64 = -62_135_596_800 * SECOND;
/// 9999-12-31T23:59:59.999999Z in microseconds since 1970
const LAST: i64 = 253_402_300_800 * SECOND - 1;

impl DateTime {
    /// Makes the instant so many microseconds after 1970-01-01T00:00:00Z; `None`
    /// outside of years 1 to 9999.
    #[must_use]
    pub fn from_microseconds(microseconds: i64) -> Option<DateTime> {
        (FIRST..=LAST)
            .contains(&microseconds)
            .then_some(DateTime(microseconds))
    }

    /// Returns the microseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn microseconds(self) -> i64 {
        self.0
    }

    /// Returns the first instant of a day; `None` outside of years 1 to 9999 of
    /// UTC.
    ///
    /// That is midnight, the first of two. Where clocks skip midnight it is the
    /// instant at which they do, so that a day which a zone left out, as Samoa
    /// did with 2011-12-30, starts when the day after it does.
    #[must_use]
    pub fn start_of(date: Date, zone: &Zone) -> Option<DateTime> {
        let midnight = date.to_days() * DAY;
        match zone.shown(date.at(0, 0, 0)?) {
            Shown::Once(offset) => DateTime::from_microseconds(midnight - offset),
            Shown::Twice { before, .. } => DateTime::from_microseconds(midnight - before),
            Shown::Never { after, .. } => {
                let earlier = DateTime::from_microseconds(midnight - after)?;
                zone.change_to(after, earlier)
            }
        }
    }

    /// Returns the local date; `None` where the zone is in the year 0 or 10000
    /// already.
    #[must_use]
    pub fn date(self, zone: &Zone) -> Option<Date> {
        Date::from_days(self.local(zone).div_euclid(DAY))
    }

    /// Returns the hour that local clocks show, 0 to 23.
    #[must_use]
    pub fn hour(self, zone: &Zone) -> i64 {
        self.local(zone).rem_euclid(DAY) / HOUR
    }

    /// Returns the minute that local clocks show, 0 to 59.
    #[must_use]
    pub fn minute(self, zone: &Zone) -> i64 {
        self.local(zone).rem_euclid(HOUR) / MINUTE
    }

    /// Returns the instant so much later, earlier for a negative length; `None`
    /// outside of years 1 to 9999.
    #[must_use]
    #[expect(
        clippy::should_implement_trait,
        reason = "an instant can lie out of range, which an operator cannot say"
    )]
    pub fn add(self, duration: Duration) -> Option<DateTime> {
        DateTime::from_microseconds(self.0.checked_add(duration.microseconds())?)
    }

    /// Returns the instant so many local days later, at the same time of day.
    ///
    /// Where clocks skip that time it is later by as much as they skip; where
    /// they show it twice it is the first of the two (RFC 5545, section 3.3.5).
    /// Zero days change nothing. `None` outside of years 1 to 9999.
    ///
    /// # Example: a day of 23 hours
    ///
    /// ```
    /// use krites_lang::{DateTime, Zone};
    ///
    /// let london = Zone::named("Europe/London").unwrap();
    /// let saturday = DateTime::parse("2026-03-28T12:00", Some(&london))?;
    /// let sunday = saturday.add_days(1, &london).unwrap();
    /// assert_eq!(saturday.until(sunday).to_string(), "PT23H");
    /// # Ok::<(), krites_lang::DateTimeProblem>(())
    /// ```
    #[must_use]
    pub fn add_days(self, days: i64, zone: &Zone) -> Option<DateTime> {
        self.on_date(days, zone, Date::add_days)
    }

    /// Returns the instant so many months later by [`Date::add_months`], at the
    /// same time of day as [`DateTime::add_days`] has it.
    #[must_use]
    pub fn add_months(self, months: i64, zone: &Zone) -> Option<DateTime> {
        self.on_date(months, zone, Date::add_months)
    }

    /// Returns the instant so many years later by [`Date::add_years`], at the
    /// same time of day as [`DateTime::add_days`] has it.
    #[must_use]
    pub fn add_years(self, years: i64, zone: &Zone) -> Option<DateTime> {
        self.on_date(years, zone, Date::add_years)
    }

    /// Returns how much later `other` is; negative where it is earlier.
    #[must_use]
    pub fn until(self, other: DateTime) -> Duration {
        Duration::from_microseconds(other.0 - self.0)
    }

    /// Returns how many whole days pass until `other` by local clocks: the most that
    /// [`add_days`](DateTime::add_days) can add without going beyond it, be they of
    /// 23, 24 or 25 hours. `None` where the zone is in the year 0 or 10000 already.
    ///
    /// Until an earlier instant, these are the days from there to here, negated.
    #[must_use]
    pub fn days_until(self, other: DateTime, zone: &Zone) -> Option<i64> {
        self.whole_until(other, zone, Date::days_until, DateTime::add_days)
    }

    /// Returns how many whole months pass until `other` by local clocks: the most
    /// that [`add_months`](DateTime::add_months) can add without going beyond it.
    /// 12 of them are a year. `None` where the zone is in the year 0 or 10000 already.
    ///
    /// Until an earlier instant, these are the months from there to here, negated.
    #[must_use]
    pub fn months_until(self, other: DateTime, zone: &Zone) -> Option<i64> {
        self.whole_until(other, zone, Date::months_until, DateTime::add_months)
    }

    /// The most units that can be added without going beyond `other`.
    fn whole_until(
        self,
        other: DateTime,
        zone: &Zone,
        of_dates: fn(Date, Date) -> i64,
        add: fn(DateTime, i64, &Zone) -> Option<DateTime>,
    ) -> Option<i64> {
        if other < self {
            return Some(-other.whole_until(self, zone, of_dates, add)?);
        }
        let passed =
            |count| count == 0 || add(self, count, zone).is_some_and(|reached| reached <= other);
        // The dates tell it but for the time of day, and for clocks that go back
        // over midnight, which show a date again.
        let mut count = of_dates(self.date(zone)?, other.date(zone)?).max(0);
        while !passed(count) {
            count -= 1;
        }
        while passed(count + 1) {
            count += 1;
        }
        Some(count)
    }

    /// Moves the local date and keeps the time of day.
    fn on_date(
        self,
        count: i64,
        zone: &Zone,
        moved: fn(Date, i64) -> Option<Date>,
    ) -> Option<DateTime> {
        // The second of two like times must not turn into the first.
        if count == 0 {
            return Some(self);
        }
        let local = self.local(zone);
        let date = moved(self.date(zone)?, count)?;
        DateTime::at(date, local.rem_euclid(DAY), zone)
    }

    /// The instant of a local time, in microseconds since midnight
    fn at(date: Date, of_day: i64, zone: &Zone) -> Option<DateTime> {
        let (hour, minute, second) = (of_day / HOUR, of_day % HOUR / MINUTE, of_day % MINUTE);
        let offset = match zone.shown(date.at(hour, minute, second / SECOND)?) {
            Shown::Once(offset) => offset,
            Shown::Never { before, .. } | Shown::Twice { before, .. } => before,
        };
        DateTime::from_microseconds(date.to_days() * DAY + of_day - offset)
    }

    /// What local clocks show, as microseconds since they showed 1970-01-01T00:00
    fn local(self, zone: &Zone) -> i64 {
        self.0 + zone.offset(self)
    }
}

impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
