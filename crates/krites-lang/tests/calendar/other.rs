//! What the other library says, and by which steps.

use chrono::{DateTime as Instant, Datelike, Days, Months, NaiveDate, NaiveDateTime, TimeDelta};
use chrono::{NaiveTime, Offset, TimeZone};
use chrono_tz::Tz;
use krites_lang::Date;

pub(crate) fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

pub(crate) fn ours(date: NaiveDate) -> Date {
    let (month, day) = (date.month().try_into(), date.day().try_into());
    Date::new(
        date.year().try_into().unwrap(),
        month.unwrap(),
        day.unwrap(),
    )
    .unwrap()
}

/// Whether a date is one that we have.
fn in_calendar(date: &NaiveDate) -> bool {
    (1..=9999).contains(&date.year())
}

pub(crate) fn add_days(date: NaiveDate, days: i64) -> Option<NaiveDate> {
    let size = Days::new(days.unsigned_abs());
    let sum = if days < 0 {
        date.checked_sub_days(size)
    } else {
        date.checked_add_days(size)
    };
    sum.filter(in_calendar)
}

pub(crate) fn add_months(date: NaiveDate, months: i64) -> Option<NaiveDate> {
    let size = Months::new(months.unsigned_abs().try_into().ok()?);
    let sum = if months < 0 {
        date.checked_sub_months(size)
    } else {
        date.checked_add_months(size)
    };
    sum.filter(in_calendar)
}

/// By the year alone and not by months, which is how ours does it.
pub(crate) fn add_years(date: NaiveDate, years: i64) -> Option<NaiveDate> {
    let year = i32::try_from(i64::from(date.year()) + years).ok()?;
    let sum = date.with_year(year);
    sum.or_else(|| date.with_day(28)?.with_year(year))
        .filter(in_calendar)
}

/// The most that `add` can add to `from` without going beyond `to`, searched
/// from one below the guess.
pub(crate) fn whole(
    from: NaiveDate,
    to: NaiveDate,
    guess: i64,
    add: fn(NaiveDate, i64) -> Option<NaiveDate>,
) -> i64 {
    if to < from {
        return -whole(to, from, -guess, add);
    }
    let goes = |count| add(from, count).is_some_and(|sum| sum <= to);
    let mut count = guess - 2;
    assert!(goes(count) || count < 0, "{from} {to}");
    while goes(count + 1) {
        count += 1;
    }
    count
}

/// What clocks of the zone are ahead of UTC at an instant, in seconds
pub(crate) fn offset(zone: Tz, seconds: i64) -> i64 {
    let utc = Instant::from_timestamp(seconds, 0).unwrap().naive_utc();
    zone.offset_from_utc_datetime(&utc)
        .fix()
        .local_minus_utc()
        .into()
}

/// What clocks of the zone show at an instant.
pub(crate) fn shown(zone: Tz, seconds: i64) -> NaiveDateTime {
    Instant::from_timestamp(seconds + offset(zone, seconds), 0)
        .unwrap()
        .naive_utc()
}

/// The instants at which clocks of the zone show a time: none, one or two.
///
/// Found by what clocks show at instants alone, not by the other library's own
/// reading of local times.
pub(crate) fn showing(zone: Tz, local: NaiveDateTime) -> Vec<i64> {
    let seconds = local.and_utc().timestamp();
    let around = [-30, -3, 0, 3, 30].map(|hours| offset(zone, seconds + hours * 3_600));
    let mut found: Vec<i64> = around.iter().map(|offset| seconds - offset).collect();
    found.retain(|instant| shown(zone, *instant) == local);
    found.sort_unstable();
    found.dedup();
    found
}

/// The instant of a local time: the first of two, and for none the time by the
/// offset before clocks went forward.
pub(crate) fn instant(zone: Tz, local: NaiveDateTime) -> i64 {
    match showing(zone, local).first() {
        Some(first) => *first,
        None => {
            let seconds = local.and_utc().timestamp();
            seconds - offset(zone, seconds - 30 * 3_600)
        }
    }
}

/// The first instant, to the minute, at which the zone's date is not before
/// `date`, looked for minute by minute.
pub(crate) fn start(zone: Tz, date: NaiveDate) -> i64 {
    let midnight = date.and_time(NaiveTime::MIN).and_utc().timestamp();
    let minutes = -27 * 60..27 * 60;
    minutes
        .map(|minute| midnight + minute * 60)
        .find(|instant| shown(zone, *instant).date() >= date)
        .unwrap()
}

/// The instants of 1970 to 2037 at which clocks of the zone change.
pub(crate) fn changes(zone: Tz) -> Vec<i64> {
    let (first, last) = (0, day(2038, 1, 1).and_time(NaiveTime::MIN));
    let step = TimeDelta::hours(20).num_seconds();
    let mut found = Vec::new();
    let mut from = first;
    while from < last.and_utc().timestamp() {
        let (mut low, mut high) = (from, from + step);
        if offset(zone, low) != offset(zone, high) {
            while high - low > 1 {
                let middle = (low + high) / 2;
                if offset(zone, middle) == offset(zone, low) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            found.push(high);
        }
        from += step;
    }
    found
}
