//! Instants and lengths of time as text.

use chrono::DateTime as Instant;
use krites_lang::{DateTime, DateTimeProblem, Duration, DurationProblem, Zone};

use crate::Numbers;

#[test]
fn instants_are_read_and_written_as_the_other_library_does() {
    let mut numbers = Numbers(4);
    for round in 0..100_000 {
        let (year, month) = (numbers.between(2, 9998), numbers.between(1, 12));
        let (day, hour) = (numbers.between(1, 28), numbers.between(0, 23));
        let (minute, second) = (numbers.between(0, 59), numbers.between(0, 59));
        let width = usize::try_from(numbers.between(1, 6)).unwrap();
        let digits = numbers.below(10_i64.pow(width.try_into().unwrap()));
        let fraction = match round % 3 {
            0 => String::new(),
            _ => format!(".{digits:0width$}"),
        };
        let offset = match round % 4 {
            0 => "Z".to_owned(),
            1 => format!(
                "-{:02}:{:02}",
                numbers.between(0, 23),
                numbers.between(0, 59)
            ),
            _ => format!(
                "+{:02}:{:02}",
                numbers.between(0, 23),
                numbers.between(0, 59)
            ),
        };
        let text = format!(
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{offset}"
        );
        let read = DateTime::parse(&text, None).unwrap();
        let theirs = Instant::parse_from_rfc3339(&text).unwrap();
        assert_eq!(read.microseconds(), theirs.timestamp_micros(), "{text}");

        let written = read.to_string();
        let theirs = Instant::parse_from_rfc3339(&written).unwrap();
        assert_eq!(read.microseconds(), theirs.timestamp_micros(), "{text}");
        assert_eq!(DateTime::parse(&written, None), Ok(read));
        let shortest = written.trim_end_matches('Z');
        assert!(
            !shortest.contains('.') || !shortest.ends_with(['0', '.']),
            "{written}"
        );
    }
    println!("300000 comparisons of texts of instants");
}

#[test]
fn an_instant_is_written_in_utc_with_as_few_digits_as_it_has() {
    for (text, written) in [
        ("2026-11-02T14:30Z", "2026-11-02T14:30:00Z"),
        ("2026-11-02T14:30:45Z", "2026-11-02T14:30:45Z"),
        ("2026-11-02T14:30:45.500Z", "2026-11-02T14:30:45.5Z"),
        ("2026-11-02T14:30:45.000001Z", "2026-11-02T14:30:45.000001Z"),
        ("2026-11-02T14:30:45.000000Z", "2026-11-02T14:30:45Z"),
        ("2026-11-02T14:30+02:00", "2026-11-02T12:30:00Z"),
        ("2026-11-02T23:30-05:45", "2026-11-03T05:15:00Z"),
        ("1969-12-31T23:59:59.75Z", "1969-12-31T23:59:59.75Z"),
        ("0001-01-01T00:00-00:00", "0001-01-01T00:00:00Z"),
        ("2024-02-29T00:00Z", "2024-02-29T00:00:00Z"),
    ] {
        let read = DateTime::parse(text, None).unwrap();
        assert_eq!(read.to_string(), written);
    }
}

#[test]
fn what_is_not_an_instant_is_refused_for_its_reason() {
    use DateTimeProblem::*;
    let london = Zone::named("Europe/London").unwrap();
    for (texts, problem) in [
        (
            "2025-02-29T10:00Z 2026-04-31T10:00Z 2026-13-01T10:00Z 0000-01-01T10:00Z",
            NoSuchDay,
        ),
        (
            "2026-11-02T24:00Z 2026-11-02T24:00:00Z 2026-11-02T14:60Z 2026-11-02T23:59:60Z \
             2026-11-02T99:00Z",
            NoSuchTime,
        ),
        (
            "2026-11-02T14:30+25:00 2026-11-02T14:30+24:00 2026-11-02T14:30-01:60",
            NoSuchOffset,
        ),
        (
            "2026-11-02T14:30:45.1234567Z 2026-11-02T14:30:45.1234567890123Z \
             2026-11-02T14:30:45.0000000",
            TooPrecise,
        ),
        ("0001-01-01T00:00+00:01 9999-12-31T23:59-00:01", OutOfRange),
        (
            "2026-3-1T10:00Z 2026-11-02 2026-11-02T 2026-11-02T14 2026-11-02T14:3Z \
             2026-11-02T14:30z 2026-11-02t14:30Z 2026-11-02_14:30Z 2026-11-02T14:30:4Z \
             2026-11-02T14:30:Z 2026-11-02T14:30:45.Z 2026-11-02T14:30:45,5Z \
             2026-11-02T14:30.5Z 2026-11-02T14:30+02 2026-11-02T14:30+0200 \
             2026-11-02T14:30+2:00 2026-11-02T14:30+02:00:00 2026-11-02T14:30ZZ \
             2026-11-02T14:30Z[UTC] 2026-11-02T14:30[Europe/London] 20261102T143000Z \
             2026-11-02T1430Z +2026-11-02T14:30Z 2026-W45-1T14:30Z 1793629800 \
             2026-11-02T14:30:45.12345a 2026-11-02T14:30−02:00 12026-11-02T14:30Z",
            Shape,
        ),
    ] {
        for text in texts.split_whitespace() {
            for zone in [None, Some(&london)] {
                assert_eq!(DateTime::parse(text, zone), Err(problem), "{text}");
            }
        }
    }
    for text in [
        "",
        " 2026-11-02T14:30Z",
        "2026-11-02T14:30Z ",
        "2026-11-02 14:30Z",
        "2026-11-02T14:30Z\n",
    ] {
        assert_eq!(DateTime::parse(text, None), Err(Shape), "{text:?}");
    }
    let local = "2026-11-02T14:30";
    assert_eq!(DateTime::parse(local, None), Err(NeedsOffset));
    assert!(DateTime::parse(local, Some(&london)).is_ok());
}

#[test]
fn a_skipped_time_is_refused_with_both_instants_in_the_message() {
    let london = Zone::named("Europe/London").unwrap();
    let said = |text| {
        DateTime::parse(text, Some(&london))
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        said("2026-03-29T01:30"),
        "local clocks skip this time; with an offset it is `2026-03-29T00:30:00Z` or \
         `2026-03-29T01:30:00Z`"
    );
    assert_eq!(
        said("2026-10-25T01:30"),
        "local clocks show this time twice; with an offset it is `2026-10-25T00:30:00Z` or \
         `2026-10-25T01:30:00Z`"
    );
}

#[test]
fn a_length_of_time_is_read_and_written_in_its_canonical_form() {
    for (text, written, microseconds) in [
        ("P3DT4H30M5.5S", "P3DT4H30M5.5S", 275_405_500_000),
        ("PT20M", "PT20M", 1_200_000_000),
        ("P2W", "P14D", 1_209_600_000_000),
        ("-PT5S", "-PT5S", -5_000_000),
        ("PT0S", "PT0S", 0),
        ("-P0D", "PT0S", 0),
        ("P0W", "PT0S", 0),
        ("PT90M", "PT1H30M", 5_400_000_000),
        ("PT86400S", "P1D", 86_400_000_000),
        ("P1DT0.000001S", "P1DT0.000001S", 86_400_000_001),
        ("PT0.120S", "PT0.12S", 120_000),
        ("PT007H", "PT7H", 25_200_000_000),
        ("-P1DT12H", "-P1DT12H", -129_600_000_000),
        (
            "PT9223372036854.775807S",
            "P106751991DT4H54.775807S",
            i64::MAX,
        ),
        (
            "-PT9223372036854.775808S",
            "-P106751991DT4H54.775808S",
            i64::MIN,
        ),
    ] {
        let read = Duration::parse(text).unwrap();
        assert_eq!(read.microseconds(), microseconds, "{text}");
        assert_eq!(read.to_string(), written, "{text}");
    }
}

#[test]
fn a_length_of_time_is_the_sum_of_its_parts() {
    let mut numbers = Numbers(5);
    for _ in 0..100_000 {
        let part = |limit: i64, numbers: &mut Numbers| match numbers.below(2) {
            0 => 0,
            _ => numbers.between(1, limit - 1),
        };
        let days = part(4_000_000, &mut numbers);
        let (hours, minutes) = (part(24, &mut numbers), part(60, &mut numbers));
        let (seconds, rest) = (part(60, &mut numbers), part(1_000_000, &mut numbers));
        let sign = numbers.below(2) * 2 - 1;
        let mut text = if sign < 0 { "-P" } else { "P" }.to_owned();
        if days > 0 {
            text += &format!("{days}D");
        }
        if hours + minutes + seconds + rest > 0 {
            text += "T";
        }
        for (count, letter) in [(hours, 'H'), (minutes, 'M')] {
            if count > 0 {
                text += &format!("{count}{letter}");
            }
        }
        if rest > 0 {
            text += format!("{seconds}.{rest:06}").trim_end_matches('0');
            text += "S";
        } else if seconds > 0 {
            text += &format!("{seconds}S");
        }
        let size = (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1_000_000 + rest;
        if size == 0 {
            continue;
        }
        let length = Duration::from_microseconds(sign * size);
        assert_eq!(length.to_string(), text);
        assert_eq!(Duration::parse(&text), Ok(length), "{text}");
    }
    println!("200000 comparisons of texts of lengths of time");
}

#[test]
fn what_is_not_a_length_of_time_is_refused_for_its_reason() {
    use DurationProblem::*;
    for (texts, problem) in [
        (
            "P PT -P P3DT 3D P-3D +P3D P3D4H PT3D PT4H3D PT5M4H PT5S6S P3D2W P2W3D P2WT5H P1D1D \
             PT5 PT.5S PT5.S PT1.5H PT1.0H P1.0D PT0.5M P1.1234567D p3d PT5s PTT5S P3DTT5S --PT5S \
             PT5,5S PT1Y PT5S- PT5SZ T5S P٣D",
            Shape,
        ),
        ("P1Y P6M P1Y2M3D P1.5Y -P3M", YearsOrMonths),
        ("PT1.1234567S PT0.0000000S PT1.1234567890123S", TooPrecise),
        (
            "P106751992D PT9223372036854.775808S -PT9223372036854.775809S \
             P99999999999999999999D P9999999999999W P106751991DT23H",
            TooLong,
        ),
    ] {
        for text in texts.split_whitespace() {
            assert_eq!(Duration::parse(text), Err(problem), "{text}");
        }
    }
    for text in ["", " PT5S", "PT5S ", "PT 5S"] {
        assert_eq!(Duration::parse(text), Err(Shape), "{text:?}");
    }
}

#[test]
fn lengths_of_time_are_ordered_and_computed_or_too_long() {
    let day = Duration::days(1).unwrap();
    assert_eq!(Duration::hours(24), Some(day));
    assert_eq!(Duration::minutes(24 * 60), Some(day));
    assert_eq!(Duration::seconds(86_400), Some(day));
    assert_eq!(Duration::weeks(-1), day.multiply(-7));
    assert_eq!(day.add(day), Duration::days(2));
    assert_eq!(day.subtract(day), Some(Duration::default()));
    assert_eq!(day.negate(), Duration::days(-1));
    assert!(day.negate() < Some(Duration::default()) && Duration::hours(25) > Some(day));

    let (least, most) = (
        Duration::from_microseconds(i64::MIN),
        Duration::from_microseconds(i64::MAX),
    );
    assert_eq!(most.add(Duration::from_microseconds(1)), None);
    assert_eq!(least.subtract(Duration::from_microseconds(1)), None);
    assert_eq!(least.negate(), None);
    assert_eq!(most.multiply(2), None);
    for far in [i64::MAX, i64::MIN] {
        let made = [
            Duration::weeks,
            Duration::days,
            Duration::hours,
            Duration::minutes,
            Duration::seconds,
        ];
        assert_eq!(made.map(|make| make(far)), [None; 5]);
    }
}
