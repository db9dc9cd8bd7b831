//! Dates, instants, lengths of time and time zones.
//!
//! A [`Date`] is a day of the calendar and has no zone. A [`DateTime`] is an
//! instant; which day it falls on is a matter of a [`Zone`]. A [`Duration`] is a
//! fixed length of time; months and years have none, so they are added to dates
//! and never stored. What has no result within years 1 to 9999 is `None`.
//!
//! Invariant: no clock and no time zone of the machine; the zones are the ones
//! compiled in, so that a decision taken again elsewhere is the same.

mod date;
mod datetime;
mod digits;
mod duration;
mod zone;

pub use date::Date;
pub use datetime::{DateTime, DateTimeProblem};
pub use duration::{Duration, DurationProblem};
pub use zone::{Zone, time_zone_data};

/// Microseconds in a second
const SECOND: i64 = 1_000_000;
/// Microseconds in a minute
const MINUTE: i64 = 60 * SECOND;
/// Microseconds in an hour
const HOUR: i64 = 60 * MINUTE;
/// Microseconds in 24 hours
const DAY: i64 = 24 * HOUR;
