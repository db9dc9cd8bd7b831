//! Instants and what local clocks show at them, 1970 to 2037.

use chrono::{NaiveDate, NaiveDateTime, TimeDelta, Timelike};
use chrono_tz::Tz;
use krites_lang::{Date, DateTime, DateTimeProblem, Duration, Zone};

use crate::other::{
    add_days, add_months, add_years, changes, day, instant, offset, ours, showing, shown, start,
};

/// Whole hours, halves and quarters apart from UTC; changes at night, at midnight
/// and a minute after it, by an hour, by half of one and by a day left out. The
/// two libraries agree on all of these zones from 1970 to 2037; where they do not
/// is in `zones::CORRECTED`.
const ZONES: [&str; 16] = [
    "UTC",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Havana",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "Asia/Tokyo",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Pacific/Kwajalein",
];

/// 2038-01-01T00:00:00Z
const END: i64 = 2_145_916_800;

fn zones() -> impl Iterator<Item = (Zone, Tz)> {
    ZONES
        .map(|name| (named(name), name.parse().unwrap()))
        .into_iter()
}

fn named(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

pub(crate) fn at(seconds: i64) -> DateTime {
    DateTime::from_microseconds(seconds * 1_000_000).unwrap()
}

fn utc(text: &str) -> DateTime {
    DateTime::parse(text, None).unwrap()
}

/// Checks what clocks show at an instant; returns how much that is.
pub(crate) fn check_shown(zone: &Zone, theirs: Tz, instant: DateTime) -> usize {
    let local = shown(theirs, instant.microseconds().div_euclid(1_000_000));
    let date = ours(local.date());
    assert_eq!(instant.date(zone), Some(date), "{zone:?} {instant}");
    let clock = (instant.hour(zone), instant.minute(zone));
    let expected = (i64::from(local.hour()), i64::from(local.minute()));
    assert_eq!(clock, expected, "{zone:?} {instant}");
    3
}

#[test]
fn local_clocks_show_what_the_other_library_says() {
    let last_of_second = Duration::from_microseconds(999_999);
    let mut compared = 0;
    for (zone, theirs) in zones() {
        for seconds in (0..END).step_by(5 * 3_600) {
            compared += check_shown(&zone, theirs, at(seconds));
        }
        for change in changes(theirs) {
            let near = (-3 * 3_600..=3 * 3_600).step_by(7 * 60);
            for apart in near.chain([-1, 0, 1, 1_800, 3_599, 3_600]) {
                let second = at(change + apart);
                compared += check_shown(&zone, theirs, second);
                let end = second.add(last_of_second).unwrap();
                compared += check_shown(&zone, theirs, end);
            }
        }
    }
    println!("{compared} comparisons of what clocks show");
}

/// Local times near the changes of a zone's clocks: every half hour, and the
/// seconds at the ends of what is skipped or shown twice
fn near_changes(zone: Tz) -> impl Iterator<Item = NaiveDateTime> {
    changes(zone).into_iter().flat_map(move |change| {
        let ends = [change - 1, change].map(|instant| shown(zone, instant));
        let second = TimeDelta::seconds(1);
        (-8..=8)
            .map(move |halves| ends[0] + TimeDelta::minutes(30) * halves)
            .chain([ends[0], ends[0] + second, ends[1], ends[1] - second])
    })
}

#[test]
fn a_local_time_is_read_where_clocks_show_it_once() {
    let mut compared = [0, 0, 0];
    for (zone, theirs) in zones() {
        for local in near_changes(theirs) {
            let text = local.format("%Y-%m-%dT%H:%M:%S").to_string();
            let read = DateTime::parse(&text, Some(&zone));
            let seconds = local.and_utc().timestamp();
            let expected = match showing(theirs, local)[..] {
                [] => Err(DateTimeProblem::Skipped {
                    earlier: at(seconds - offset(theirs, seconds + 30 * 3_600)),
                    later: at(seconds - offset(theirs, seconds - 30 * 3_600)),
                }),
                [once] => Ok(at(once)),
                [first, second] => Err(DateTimeProblem::Twice {
                    earlier: at(first),
                    later: at(second),
                }),
                _ => panic!("{zone:?} {text} is shown three times"),
            };
            assert_eq!(read, expected, "{zone:?} {text}");
            let how_often = match read {
                Err(DateTimeProblem::Skipped { .. }) => 0,
                Err(_) => 2,
                Ok(_) => 1,
            };
            compared[how_often] += 1;
        }
    }
    let [never, once, twice] = compared;
    println!("{once} comparisons of local times, {never} of skipped, {twice} of repeated ones");
    assert!(never > 1_000 && twice > 1_000);
}

type Add = fn(NaiveDate, i64) -> Option<NaiveDate>;
type AddOurs = fn(DateTime, i64, &Zone) -> Option<DateTime>;

#[test]
fn calendar_sums_keep_the_time_of_day_where_there_is_one() {
    const SUMS: [(Add, AddOurs, &[i64]); 3] = [
        (add_days, DateTime::add_days, &[1, -1, 7, -30, 365]),
        (add_months, DateTime::add_months, &[1, -1, 13]),
        (add_years, DateTime::add_years, &[1, -4]),
    ];
    let mut compared = 0;
    for (zone, theirs) in zones() {
        for target in near_changes(theirs) {
            for (add, add_ours, counts) in SUMS {
                for count in counts {
                    let from = add(target.date(), -count).unwrap().and_time(target.time());
                    for from in showing(theirs, from) {
                        let to = add(shown(theirs, from).date(), *count).unwrap();
                        let to = instant(theirs, to.and_time(target.time()));
                        let sum = add_ours(at(from), *count, &zone);
                        assert_eq!(sum, Some(at(to)), "{zone:?} {} {count}", at(from));
                        compared += 1;
                    }
                }
            }
        }
    }
    println!("{compared} comparisons of calendar sums");
}

type UntilOurs = fn(DateTime, DateTime, &Zone) -> Option<i64>;

#[test]
fn so_many_units_pass_as_can_be_added_without_going_beyond() {
    const UNITS: [(UntilOurs, AddOurs, &[i64]); 2] = [
        (DateTime::days_until, DateTime::add_days, &[0, 1, 31]),
        (DateTime::months_until, DateTime::add_months, &[1, 12]),
    ];
    const HALF_HOUR: i64 = 1_800_000_000;
    let mut compared = 0;
    for (zone, theirs) in zones() {
        for target in near_changes(theirs) {
            for from in showing(theirs, target).into_iter().map(at) {
                for (until, add, counts) in UNITS {
                    for (count, halves) in counts
                        .iter()
                        .flat_map(|count| [-3, -1, 0, 1].map(|halves| (*count, halves)))
                    {
                        let to = add(from, count, &zone).unwrap();
                        let later = Duration::from_microseconds(halves * HALF_HOUR);
                        let to = to.add(later).unwrap();
                        let (from, to) = (from.min(to), from.max(to));
                        let passed = until(from, to, &zone).unwrap();
                        let reached = |count| add(from, count, &zone).unwrap();
                        assert!(reached(passed) <= to, "{zone:?} {from} {to} {passed}");
                        assert!(to < reached(passed + 1), "{zone:?} {from} {to} {passed}");
                        assert_eq!(until(to, from, &zone), Some(-passed));
                        compared += 1;
                    }
                }
            }
        }
    }
    println!("{compared} comparisons of what has passed");
}

#[test]
fn adding_nothing_leaves_the_second_of_two_like_times() {
    let london = named("Europe/London");
    let second = utc("2026-10-25T01:30:00.25Z");
    assert_eq!(second.add_days(0, &london), Some(second));
    assert_eq!(second.add_months(0, &london), Some(second));
    assert_eq!(second.add_years(0, &london), Some(second));
    let week = second.add_days(7, &london).unwrap();
    assert_eq!(week, utc("2026-11-01T01:30:00.25Z"));
    let first = utc("2026-10-25T00:30:00.25Z");
    assert_eq!(week.add_days(-7, &london), Some(first));
}

#[test]
fn a_day_starts_with_its_first_instant() {
    let mut compared = 0;
    for (zone, theirs) in zones() {
        for date in day(1970, 1, 2)
            .iter_days()
            .take_while(|date| *date < day(2038, 1, 1))
        {
            // One midnight and the same offset a day before and after it leave no
            // doubt; else the instant is looked for.
            let midnight = date.and_hms_opt(0, 0, 0).unwrap();
            let seconds = midnight.and_utc().timestamp();
            let offsets = [-30, 0, 30].map(|hours| offset(theirs, seconds + hours * 3_600));
            let expected = if offsets == [offsets[0]; 3] {
                seconds - offsets[0]
            } else {
                start(theirs, date)
            };
            let start = DateTime::start_of(ours(date), &zone).unwrap();
            assert_eq!(start, at(expected), "{zone:?} {date}");
            compared += 1;
        }
    }
    println!("{compared} comparisons of starts of days");
}

#[test]
fn days_that_clocks_leave_out_or_start_late_have_a_first_instant() {
    let start = |date: &str, zone: &str| {
        DateTime::start_of(Date::parse(date).unwrap(), &named(zone)).unwrap()
    };
    assert_eq!(
        start("2026-03-29", "Europe/London"),
        utc("2026-03-29T00:00Z")
    );
    assert_eq!(
        start("2018-11-04", "America/Sao_Paulo"),
        utc("2018-11-04T03:00Z")
    );
    assert_eq!(
        start("2011-12-30", "Pacific/Apia"),
        utc("2011-12-30T10:00Z")
    );
    assert_eq!(
        start("2011-12-31", "Pacific/Apia"),
        utc("2011-12-30T10:00Z")
    );
    // 23:30 was followed by 00:30, so midnight and an hour would be too late.
    assert_eq!(
        start("1919-03-31", "America/Toronto"),
        utc("1919-03-31T04:30Z")
    );
}

#[test]
fn instants_whose_local_year_is_beyond_the_calendar_have_no_local_date() {
    let (sydney, new_york) = (named("Australia/Sydney"), named("America/New_York"));
    let (first, last) = (utc("0001-01-01T00:00Z"), utc("9999-12-31T23:59:59.999999Z"));
    assert_eq!(last.date(&new_york), Date::new(9999, 12, 31));
    assert_eq!((last.hour(&new_york), last.minute(&new_york)), (18, 59));
    assert_eq!(last.date(&sydney), None);
    assert_eq!((last.hour(&sydney), last.minute(&sydney)), (10, 59));
    assert_eq!(first.date(&new_york), None);
    assert_eq!(first.hour(&new_york), 19);

    assert_eq!(last.add_days(-1, &sydney), None);
    assert_eq!(
        last.add_days(-1, &named("UTC")),
        Some(utc("9999-12-30T23:59:59.999999Z"))
    );
    assert_eq!(first.add_years(1, &new_york), None);
    let day = first.date(&sydney).unwrap();
    assert_eq!(DateTime::start_of(day, &sydney), None);
    assert_eq!(last.days_until(first, &sydney), None);
    assert_eq!(first.months_until(last, &named("UTC")), Some(12 * 9999 - 1));

    let microsecond = Duration::from_microseconds(1);
    assert_eq!(last.add(microsecond), None);
    assert_eq!(first.add(microsecond.negate().unwrap()), None);
    assert_eq!(first.add(Duration::from_microseconds(i64::MIN)), None);
    assert_eq!(first.add(first.until(last)), Some(last));
    assert_eq!(last.until(first).negate(), Some(first.until(last)));
    assert_eq!(DateTime::from_microseconds(last.microseconds()), Some(last));
    assert_eq!(DateTime::from_microseconds(last.microseconds() + 1), None);
    assert_eq!(DateTime::from_microseconds(i64::MIN), None);
    for far in [i64::MAX, i64::MIN] {
        assert_eq!(first.add_days(far, &sydney), None);
        assert_eq!(last.add_months(far, &sydney), None);
        assert_eq!(last.add_years(far, &sydney), None);
    }
}
