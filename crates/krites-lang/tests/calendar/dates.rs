//! Days of the calendar, every one of 1900 to 2100.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate};
use krites_lang::Date;

use crate::Numbers;
use crate::other::{add_days, add_months, add_years, day, ours, whole};

/// Every day of 1900 to 2100
fn days() -> impl Iterator<Item = NaiveDate> {
    day(1900, 1, 1)
        .iter_days()
        .take_while(|date| *date <= day(2100, 12, 31))
}

/// Checks all that is asked of two dates, both ways; returns how much that is.
fn check_pair(from: NaiveDate, to: NaiveDate) -> usize {
    let (one, two) = (ours(from), ours(to));
    let years = i64::from(to.year() - from.year());
    let months = years * 12 + i64::from(to.month()) - i64::from(from.month());
    let apart = (
        to.signed_duration_since(from).num_days(),
        whole(from, to, months, add_months),
        whole(from, to, years, add_years),
    );
    let until = |one: Date, two| (one.days_until(two), one.months_until(two));
    assert_eq!(until(one, two), (apart.0, apart.1), "{from} {to}");
    assert_eq!(until(two, one), (-apart.0, -apart.1), "{to} {from}");
    assert_eq!(one.years_until(two), apart.2, "{from} {to}");
    assert_eq!(two.years_until(one), -apart.2, "{to} {from}");
    assert_eq!(one < two, from < to);
    7
}

#[test]
fn every_day_has_its_parts_and_its_weekday() {
    let mut compared = 0;
    for date in days() {
        let mine = ours(date);
        let parts = (mine.year(), mine.month(), mine.day(), mine.weekday());
        let theirs = (
            i64::from(date.year()),
            i64::from(date.month()),
            i64::from(date.day()),
            i64::from(date.weekday().number_from_monday()),
        );
        assert_eq!(parts, theirs);
        assert_eq!(mine.to_string(), date.to_string());
        assert_eq!(Date::parse(&date.to_string()), Some(mine));
        compared += 6;
    }
    println!("{compared} comparisons of parts and texts of dates");
}

#[test]
fn adding_to_every_day_is_what_the_other_library_adds() {
    const SPREAD: [i64; 11] = [0, 1, -1, 12, 13, 29, 30, 31, 365, 366, 400 * 12];
    let mut numbers = Numbers(1);
    let mut compared = 0;
    for date in days() {
        let mine = ours(date);
        let random = numbers.between(-30_000, 30_000);
        for count in SPREAD.into_iter().chain([random, -(random % 500)]) {
            let days = add_days(date, count).map(ours);
            assert_eq!(mine.add_days(count), days, "{date} {count} days");
            let months = add_months(date, count).map(ours);
            assert_eq!(mine.add_months(count), months, "{date} {count} months");
            let years = add_years(date, count).map(ours);
            assert_eq!(mine.add_years(count), years, "{date} {count} years");
            compared += 3;
        }
    }
    println!("{compared} comparisons of sums of dates");
}

#[test]
fn the_time_between_two_dates_is_the_most_that_can_be_added() {
    // The first and the last two days of each month, and those around a leap day
    let ends: Vec<NaiveDate> = days()
        .filter(|date| {
            let next = |days| add_days(*date, days).unwrap().day();
            next(1) == 1 || next(2) == 1 || date.day() == 1 || (date.month(), date.day()) == (2, 27)
        })
        .collect();
    let leap: BTreeSet<NaiveDate> = days()
        .filter(|date| (date.month(), date.day()) == (2, 29))
        .collect();
    let mut compared = 0;
    for from in &leap {
        for to in ends.iter().filter(|to| to.month() <= 3) {
            compared += check_pair(*from, *to);
        }
    }
    let mut numbers = Numbers(2);
    for from in &ends {
        for _ in 0..12 {
            let at = usize::try_from(numbers.below(ends.len().try_into().unwrap()));
            compared += check_pair(*from, ends[at.unwrap()]);
        }
    }
    for date in days() {
        for apart in [numbers.between(-70, 70), numbers.between(-40_000, 40_000)] {
            compared += check_pair(date, add_days(date, apart).unwrap());
        }
    }
    println!("{compared} comparisons of dates apart");
}

#[test]
fn the_calendar_ends_with_the_years_1_and_9999() {
    let first = Date::new(1, 1, 1).unwrap();
    let last = Date::new(9999, 12, 31).unwrap();
    assert_eq!(first.add_days(-1), None);
    assert_eq!(first.add_months(-1), None);
    assert_eq!(first.add_years(-1), None);
    assert_eq!(last.add_days(1), None);
    assert_eq!(last.add_months(1), None);
    assert_eq!(last.add_years(1), None);
    assert_eq!(first.days_until(last), 3_652_058);
    assert_eq!(first.add_days(3_652_058), Some(last));
    assert_eq!(last.add_days(-3_652_058), Some(first));
    assert_eq!(first.months_until(last), 9999 * 12 - 1);
    assert_eq!(first.years_until(last), 9998);
    for far in [i64::MAX, i64::MIN, i64::MAX / 12, 1 << 40] {
        for date in [first, last] {
            assert_eq!(date.add_days(far), None);
            assert_eq!(date.add_months(far), None);
            assert_eq!(date.add_years(far), None);
        }
    }
    assert_eq!(Date::new(0, 12, 31), None);
    assert_eq!(Date::new(10_000, 1, 1), None);
    assert_eq!(Date::default(), first);
}

#[test]
fn what_is_not_a_date_is_refused() {
    let refused = "2025-02-29 2026-3-1 2026-13-01 2026-00-10 2026-04-31 0000-01-01 2026-04-00 \
                   20260401 2026-04-011 12026-04-01 -026-04-01 2026-04-1a 2026/04/01 2026-4--1 \
                   +026-04-01 2026-04-+1 ２026-04-01";
    for text in refused.split(' ').chain(["", " 2026-04-01", "2026-04-01 "]) {
        assert_eq!(Date::parse(text), None, "{text:?}");
    }
}
