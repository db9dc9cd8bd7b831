//! Dates, datetimes and durations, by chrono and its copy of the time zones.
//! Invariant: dates and datetimes lie in the years 1 to 9999.

use chrono::offset::LocalResult;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, Offset, TimeDelta, TimeZone};
use chrono::{Months, Timelike, Utc};
use chrono_tz::Tz;
use krites_lang::Date;
use krites_lang::ast::Unit;
use krites_lang::ir::DatePart;
use num_bigint::BigInt;

use crate::{Fault, Value};

/// Microseconds of 0001-01-01T00:00:00Z
const FIRST_INSTANT: i64 = -62_135_596_800_000_000;
/// Microseconds of 9999-12-31T23:59:59.999999Z
const LAST_INSTANT: i64 = 253_402_300_799_999_999;

/// Takes over a date by its text.
pub(crate) fn date(date: Date) -> NaiveDate {
    date.to_string().parse().unwrap_or(NaiveDate::MIN)
}

pub(crate) fn instant_text(micros: i64) -> String {
    match DateTime::from_timestamp_micros(micros) {
        Some(instant) => instant.format("%Y-%m-%dT%H:%M:%S%.6fZ").to_string(),
        None => format!("{micros} microseconds"),
    }
}

/// Writes a duration as on the wire, `-P1DT2.5S`.
pub(crate) fn duration_text(micros: i64) -> String {
    let sign = if micros < 0 { "-" } else { "" };
    let size = micros.unsigned_abs();
    let (seconds, rest) = (size / 1_000_000, size % 1_000_000);
    format!(
        "{sign}P{}DT{}.{rest:06}S",
        seconds / 86_400,
        seconds % 86_400
    )
}

/// How long a unit is, where it has a length of its own.
pub(crate) fn length(unit: Unit) -> Option<i64> {
    let seconds = match unit {
        Unit::Seconds => 1,
        Unit::Minutes => 60,
        Unit::Hours => 3_600,
        Unit::Days => 86_400,
        Unit::Weeks => 7 * 86_400,
        Unit::Months | Unit::Years => return None,
    };
    Some(seconds * 1_000_000)
}

/// Holds an instant against the years 1 to 9999.
pub(crate) fn instant(micros: &BigInt) -> Result<i64, Fault> {
    match i64::try_from(micros) {
        Ok(micros) if (FIRST_INSTANT..=LAST_INSTANT).contains(&micros) => Ok(micros),
        _ => Err(Fault::Calendar),
    }
}

fn day(date: NaiveDate) -> Result<NaiveDate, Fault> {
    if (1..=9999).contains(&date.year()) {
        Ok(date)
    } else {
        Err(Fault::Calendar)
    }
}

/// Moves a date or datetime by so many units.
pub(crate) fn moved(
    value: &Value,
    amount: i64,
    unit: Unit,
    zone: Option<Tz>,
) -> Result<Value, Fault> {
    match (value, unit) {
        (Value::Date(date), Unit::Days | Unit::Weeks | Unit::Months | Unit::Years) => {
            moved_date(*date, amount, unit).map(Value::Date)
        }
        (Value::DateTime(micros), Unit::Hours | Unit::Minutes | Unit::Seconds) => {
            let length = length(unit).ok_or_else(|| Fault::broken("a unit without length"))?;
            let moved = BigInt::from(*micros) + BigInt::from(amount) * length;
            instant(&moved).map(Value::DateTime)
        }
        // Of a local time that the clocks repeat, the second one stays itself.
        (Value::DateTime(_), _) if amount == 0 => Ok(value.clone()),
        (Value::DateTime(micros), _) => {
            let zone = zone.ok_or_else(|| Fault::broken("a policy without a time zone"))?;
            let local = local(*micros, zone)?;
            let date = moved_date(local.date(), amount, unit)?;
            let micros = from_local(date.and_time(local.time()), zone)?;
            instant(&BigInt::from(micros)).map(Value::DateTime)
        }
        _ => Err(Fault::broken("this cannot be moved")),
    }
}

fn moved_date(date: NaiveDate, amount: i64, unit: Unit) -> Result<NaiveDate, Fault> {
    let back = amount < 0;
    let size = amount.unsigned_abs();
    let by_days = |days: Option<u64>| {
        let days = Days::new(days?);
        if back {
            date.checked_sub_days(days)
        } else {
            date.checked_add_days(days)
        }
    };
    let by_months = |months: Option<u64>| {
        let months = Months::new(u32::try_from(months?).ok()?);
        if back {
            date.checked_sub_months(months)
        } else {
            date.checked_add_months(months)
        }
    };
    let moved = match unit {
        Unit::Days => by_days(Some(size)),
        Unit::Weeks => by_days(size.checked_mul(7)),
        Unit::Months => by_months(Some(size)),
        Unit::Years => by_months(size.checked_mul(12)),
        Unit::Hours | Unit::Minutes | Unit::Seconds => {
            return Err(Fault::broken("a date moved by a time"));
        }
    };
    day(moved.ok_or(Fault::Calendar)?)
}

/// The local date and time of an instant; beyond the calendar's years it is a fault.
fn local(micros: i64, zone: Tz) -> Result<NaiveDateTime, Fault> {
    let instant = DateTime::from_timestamp_micros(micros).ok_or(Fault::Calendar)?;
    let (known, away) = with_known_changes(instant.naive_utc())?;
    let local = zone.from_utc_datetime(&known).naive_local();
    let local = local.checked_add_signed(away).ok_or(Fault::Calendar)?;
    day(local.date())?;
    Ok(local)
}

/// The instant of a local time: of a repeated one the first, of a skipped one as
/// much later as was skipped.
fn from_local(local: NaiveDateTime, zone: Tz) -> Result<i64, Fault> {
    let (known, away) = with_known_changes(local)?;
    let instant = match zone.from_local_datetime(&known) {
        LocalResult::Single(found) | LocalResult::Ambiguous(found, _) => found.naive_utc(),
        LocalResult::None => {
            // The offset before the gap, whose clock goes on counting through it.
            let before = (1..=200)
                .filter_map(|steps| known.checked_sub_signed(TimeDelta::minutes(15 * steps)))
                .find_map(|earlier| zone.from_local_datetime(&earlier).latest())
                .ok_or_else(|| Fault::broken("no local time before a gap"))?;
            let offset = before.offset().fix().local_minus_utc();
            known
                .checked_sub_signed(TimeDelta::seconds(i64::from(offset)))
                .ok_or(Fault::Calendar)?
        }
    };
    let instant = instant.checked_add_signed(away).ok_or(Fault::Calendar)?;
    Ok(Utc.from_utc_datetime(&instant).timestamp_micros())
}

/// The same time of a year whose changes of clocks chrono has, and how far away it
/// is. Its tables end with 2100; from then on each year has the changes of any with
/// the same days of the week.
fn with_known_changes(time: NaiveDateTime) -> Result<(NaiveDateTime, TimeDelta), Fault> {
    const LAST_KNOWN: i32 = 2099;
    if time.year() <= LAST_KNOWN {
        return Ok((time, TimeDelta::zero()));
    }
    let (leap, first) = (time.date().leap_year(), first_weekday(time.year()));
    let known = (LAST_KNOWN - 27..=LAST_KNOWN)
        .filter(|year| first_weekday(*year) == first)
        .filter_map(|year| time.with_year(year))
        .find(|known| known.date().leap_year() == leap)
        .ok_or_else(|| Fault::broken("no year with the same days of the week"))?;
    Ok((known, time.signed_duration_since(known)))
}

fn first_weekday(year: i32) -> Option<chrono::Weekday> {
    NaiveDate::from_ymd_opt(year, 1, 1).map(|first| first.weekday())
}

/// Whole units that have passed from one date or datetime to another.
pub(crate) fn between(
    unit: Unit,
    from: &Value,
    to: &Value,
    zone: Option<Tz>,
) -> Result<i64, Fault> {
    if let (
        Value::DateTime(from),
        Value::DateTime(to),
        Unit::Hours | Unit::Minutes | Unit::Seconds,
    ) = (from, to, unit)
    {
        let length = length(unit).ok_or_else(|| Fault::broken("a unit without length"))?;
        // Toward zero, so that it is the same number the other way round.
        return Ok((to - from) / length);
    }
    if to.order(from) == Some(std::cmp::Ordering::Less) {
        return between(unit, to, from, zone).map(|passed| -passed);
    }
    let not_after = |units: i64| match moved(from, units, unit, zone) {
        Ok(moved) => Ok(matches!(
            moved.order(to),
            Some(std::cmp::Ordering::Less | std::cmp::Ordering::Equal)
        )),
        // What lies beyond the calendar lies behind every date.
        Err(Fault::Calendar) => Ok(false),
        Err(fault) => Err(fault),
    };
    let mut passed = guess(unit, from, to, zone)?;
    while passed > 0 && !not_after(passed)? {
        passed -= 1;
    }
    while not_after(passed + 1)? {
        passed += 1;
    }
    Ok(passed)
}

/// About how many units lie between, by the calendar's numbers alone.
fn guess(unit: Unit, from: &Value, to: &Value, zone: Option<Tz>) -> Result<i64, Fault> {
    let date = |value: &Value| match value {
        Value::Date(date) => Ok(*date),
        Value::DateTime(micros) => {
            let zone = zone.ok_or_else(|| Fault::broken("a policy without a time zone"))?;
            Ok(local(*micros, zone)?.date())
        }
        _ => Err(Fault::broken("time passes between dates")),
    };
    let (from, to) = (date(from)?, date(to)?);
    let days = to.signed_duration_since(from).num_days();
    let months =
        i64::from(to.year() - from.year()) * 12 + i64::from(to.month()) - i64::from(from.month());
    Ok(match unit {
        Unit::Weeks => days / 7,
        Unit::Months => months,
        Unit::Years => months / 12,
        _ => days,
    }
    .max(0))
}

/// A part of a date or datetime.
pub(crate) fn part(part: DatePart, value: &Value, zone: Option<Tz>) -> Result<Value, Fault> {
    let number = |value: u32| Ok(Value::Number(crate::number::whole(i64::from(value))));
    let (date, time) = match value {
        Value::Date(date) => (*date, None),
        Value::DateTime(micros) => {
            let zone = zone.ok_or_else(|| Fault::broken("a policy without a time zone"))?;
            let local = local(*micros, zone)?;
            (local.date(), Some(local.time()))
        }
        _ => return Err(Fault::broken("this has no parts")),
    };
    match (part, time) {
        (DatePart::Year, _) => number(date.year_ce().1),
        (DatePart::Month, _) => number(date.month()),
        (DatePart::Day, _) => number(date.day()),
        (DatePart::Weekday, _) => number(date.weekday().number_from_monday()),
        (DatePart::Hour, Some(time)) => number(time.hour()),
        (DatePart::Minute, Some(time)) => number(time.minute()),
        (DatePart::Date, Some(_)) => Ok(Value::Date(date)),
        _ => Err(Fault::broken("a date has no time")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Value {
        Value::Date(text.parse().unwrap())
    }

    fn instant(text: &str) -> Value {
        let instant: DateTime<Utc> = text.parse().unwrap();
        Value::DateTime(instant.timestamp_micros())
    }

    #[test]
    fn months_end_with_the_month() {
        for (from, amount, unit, expected) in [
            ("2024-02-29", 1, Unit::Years, "2025-02-28"),
            ("2024-01-31", 1, Unit::Months, "2024-02-29"),
            ("2026-11-02", -14, Unit::Days, "2026-10-19"),
            ("2026-11-02", -2, Unit::Weeks, "2026-10-19"),
        ] {
            assert_eq!(moved(&date(from), amount, unit, None), Ok(date(expected)));
        }
        for (amount, unit) in [(1, Unit::Days), (i64::MAX, Unit::Weeks), (1, Unit::Months)] {
            let beyond = moved(&date("9999-12-31"), amount, unit, None);
            assert_eq!(beyond, Err(Fault::Calendar));
        }
    }

    #[test]
    fn whole_units_pass_from_one_day_to_another() {
        for (unit, from, to, expected) in [
            (Unit::Years, "2024-02-29", "2026-11-02", 2),
            (Unit::Years, "2024-02-29", "2025-02-28", 1),
            (Unit::Months, "2026-01-31", "2026-02-28", 1),
            (Unit::Months, "2026-01-30", "2026-02-27", 0),
            (Unit::Months, "2026-02-28", "2026-01-31", -1),
            (Unit::Weeks, "2026-11-02", "2026-11-22", 2),
            (Unit::Days, "2024-03-29", "2024-04-01", 3),
            (Unit::Days, "0001-01-01", "9999-12-31", 3_652_058),
        ] {
            let found = between(unit, &date(from), &date(to), None);
            assert_eq!(found, Ok(expected), "{from} to {to}");
        }
    }

    #[test]
    fn clocks_change() {
        let (london, apia) = (Some(Tz::Europe__London), Some(Tz::Pacific__Apia));
        for (zone, from, amount, unit, expected) in [
            // 01:30 is skipped on 29 March, and repeated on 25 October.
            (
                london,
                "2026-03-28T01:30:00Z",
                1,
                Unit::Days,
                "2026-03-29T01:30:00Z",
            ),
            (
                london,
                "2026-03-28T12:00:00Z",
                1,
                Unit::Days,
                "2026-03-29T11:00:00Z",
            ),
            (
                london,
                "2026-10-24T00:30:00Z",
                1,
                Unit::Days,
                "2026-10-25T00:30:00Z",
            ),
            (
                london,
                "2026-10-25T01:30:00Z",
                0,
                Unit::Days,
                "2026-10-25T01:30:00Z",
            ),
            (
                london,
                "2026-10-25T00:30:00Z",
                1,
                Unit::Hours,
                "2026-10-25T01:30:00Z",
            ),
            // Samoa had no 30 December 2011.
            (
                apia,
                "2011-12-29T20:00:00Z",
                1,
                Unit::Days,
                "2011-12-30T20:00:00Z",
            ),
        ] {
            let found = moved(&instant(from), amount, unit, zone);
            assert_eq!(found, Ok(instant(expected)), "{from} and {amount} {unit:?}");
        }
        let (from, to) = ("2026-03-28T12:00:00Z", "2026-03-29T11:30:00Z");
        let passed = |unit| between(unit, &instant(from), &instant(to), london);
        assert_eq!(passed(Unit::Days), Ok(1));
        assert_eq!(passed(Unit::Hours), Ok(23));
        // Clocks go on changing where the tables of chrono end.
        let summer = part(DatePart::Hour, &instant("2111-07-01T12:00:00Z"), london);
        assert_eq!(summer, Ok(Value::Number(crate::number::whole(13))));
        let hour = part(DatePart::Hour, &instant(to), london);
        assert_eq!(hour, Ok(Value::Number(crate::number::whole(12))));
    }

    #[test]
    fn a_duration_is_written_as_on_the_wire() {
        assert_eq!(duration_text(-93_600_500_000), "-P1DT7200.500000S");
    }
}
