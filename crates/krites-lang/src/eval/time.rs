//! Computations with dates, datetimes and durations.

use crate::ast::{DatePart, Unit};
use crate::calendar::{Date, DateTime, Duration, Zone};
use crate::program::{TimeCode, TimeForm, Whole};

use super::fault::FaultKind;
use super::model::Answers;
use super::run::{Run, Stop};

impl<A: Answers> Run<'_, '_, A> {
    /// Computes with time; what lies beyond the calendar is a fault.
    #[inline(never)]
    pub(super) fn time(&mut self, code: &TimeCode) -> Result<i64, Stop> {
        let zone = self.program.zone.as_ref();
        let found = match &code.form {
            TimeForm::MoveDate(of, amount, unit) => {
                let (of, amount) = self.both(of, amount)?;
                moved_date(of, amount, *unit)
            }
            TimeForm::MoveDateTime(of, amount, unit) => {
                let (of, amount) = self.both(of, amount)?;
                moved_datetime(of, amount, *unit, zone)
            }
            TimeForm::Shift(of, by, back) => {
                let (of, by) = self.both(of, by)?;
                shifted(of, by, *back)
            }
            TimeForm::Elapsed(from, to) => {
                let (from, to) = self.both(from, to)?;
                to.checked_sub(from)
            }
            TimeForm::BetweenDates(from, to, unit) => {
                let (from, to) = self.both(from, to)?;
                between_dates(from, to, *unit)
            }
            TimeForm::BetweenDateTimes(from, to, unit) => {
                let (from, to) = self.both(from, to)?;
                between_datetimes(from, to, *unit, zone)
            }
            TimeForm::PartOfDate(of, part) => {
                let of = self.whole(of)?;
                Date::from_ordinal(of).and_then(|date| part_of_date(date, *part))
            }
            TimeForm::PartOfDateTime(of, part) => {
                let of = self.whole(of)?;
                part_of_datetime(of, *part, zone)
            }
            TimeForm::Length(amount, unit) => {
                let amount = self.whole(amount)?;
                length(amount, *unit)
            }
        };
        found.ok_or_else(|| self.fault(FaultKind::Calendar, code.span))
    }

    fn both(&mut self, one: &Whole, other: &Whole) -> Result<(i64, i64), Stop> {
        Ok((self.whole(one)?, self.whole(other)?))
    }
}

// What has no result within the calendar is `None`. Dates come as ordinals, as
// they lie in a frame, datetimes and durations in microseconds.

fn length(amount: i64, unit: Unit) -> Option<i64> {
    amount.checked_mul(unit.length()?)
}

pub(super) fn moved_date(of: i64, amount: i64, unit: Unit) -> Option<i64> {
    let date = Date::from_ordinal(of)?;
    let moved = match unit {
        Unit::Days => date.add_days(amount),
        Unit::Weeks => date.add_days(amount.checked_mul(7)?),
        Unit::Months => date.add_months(amount),
        Unit::Years => date.add_years(amount),
        Unit::Seconds | Unit::Minutes | Unit::Hours => None,
    };
    moved.map(Date::to_ordinal)
}

fn moved_datetime(of: i64, amount: i64, unit: Unit, zone: Option<&Zone>) -> Option<i64> {
    let instant = DateTime::from_microseconds(of)?;
    let moved = match unit {
        Unit::Days => instant.add_days(amount, zone?),
        Unit::Weeks => instant.add_days(amount.checked_mul(7)?, zone?),
        Unit::Months => instant.add_months(amount, zone?),
        Unit::Years => instant.add_years(amount, zone?),
        Unit::Seconds | Unit::Minutes | Unit::Hours => {
            instant.add(Duration::from_microseconds(length(amount, unit)?))
        }
    };
    moved.map(DateTime::microseconds)
}

fn shifted(of: i64, by: i64, back: bool) -> Option<i64> {
    let to = match back {
        true => of.checked_sub(by),
        false => of.checked_add(by),
    };
    DateTime::from_microseconds(to?).map(DateTime::microseconds)
}

fn between_dates(from: i64, to: i64, unit: Unit) -> Option<i64> {
    let (from, to) = (Date::from_ordinal(from)?, Date::from_ordinal(to)?);
    match unit {
        Unit::Days => Some(from.days_until(to)),
        Unit::Weeks => Some(from.days_until(to) / 7),
        Unit::Months => Some(from.months_until(to)),
        Unit::Years => Some(from.years_until(to)),
        Unit::Seconds | Unit::Minutes | Unit::Hours => None,
    }
}

fn between_datetimes(from: i64, to: i64, unit: Unit, zone: Option<&Zone>) -> Option<i64> {
    let (from, to) = (
        DateTime::from_microseconds(from)?,
        DateTime::from_microseconds(to)?,
    );
    match unit {
        Unit::Days => from.days_until(to, zone?),
        Unit::Weeks => from.days_until(to, zone?).map(|days| days / 7),
        Unit::Months => from.months_until(to, zone?),
        Unit::Years => from.months_until(to, zone?).map(|months| months / 12),
        Unit::Seconds | Unit::Minutes | Unit::Hours => {
            Some(from.until(to).microseconds() / unit.length()?)
        }
    }
}

fn part_of_date(date: Date, part: DatePart) -> Option<i64> {
    match part {
        DatePart::Year => Some(date.year()),
        DatePart::Month => Some(date.month()),
        DatePart::Day => Some(date.day()),
        DatePart::Weekday => Some(date.weekday()),
        DatePart::Date => Some(date.to_ordinal()),
        DatePart::Hour | DatePart::Minute => None,
    }
}

fn part_of_datetime(of: i64, part: DatePart, zone: Option<&Zone>) -> Option<i64> {
    let (instant, zone) = (DateTime::from_microseconds(of)?, zone?);
    let date = instant.date(zone)?;
    match part {
        DatePart::Hour => Some(instant.hour(zone)),
        DatePart::Minute => Some(instant.minute(zone)),
        part => part_of_date(date, part),
    }
}
