//! Zones by name, and the data behind them.

use std::collections::BTreeSet;

use krites_lang::{Zone, time_zone_data};

use crate::Numbers;
use crate::datetimes::{at, check_shown};

/// 1976-01-01T00:00:00Z
const YEAR_1976: i64 = 189_302_400;
/// 2025-01-01T00:00:00Z
const YEAR_2025: i64 = 1_735_689_600;

#[test]
fn zones_are_found_by_their_exact_name() {
    for name in ["Europe/London", "UTC", "Etc/UTC", "Asia/Calcutta", "GMT"] {
        assert_eq!(Zone::named(name).unwrap().name(), name);
    }
    for name in [
        "europe/london",
        "Europe/Londn",
        "utc",
        "Etc/Unknown",
        "",
        "+01:00",
        "London",
        "Europe/London ",
        "../Europe/London",
    ] {
        assert_eq!(Zone::named(name), None, "{name:?}");
    }
}

#[test]
fn every_name_that_can_be_suggested_is_a_zone() {
    let names: BTreeSet<&str> = Zone::all_names().collect();
    assert!(names.len() > 500);
    for name in &names {
        assert_eq!(Zone::named(name).map(|zone| zone.name()), Some(*name));
    }
    assert!(names.contains("UTC") && names.contains("America/Sao_Paulo"));
}

#[test]
fn the_data_is_a_release_of_the_tz_database() {
    let (year, letter) = time_zone_data().split_at(4);
    assert!(year.parse::<u32>().unwrap() >= 2026);
    assert!(letter.bytes().all(|byte| byte.is_ascii_lowercase()));
}

#[test]
fn a_zone_is_shared_between_threads_and_shown_by_name() {
    fn shared<T: Send + Sync + Clone>(value: T) -> T {
        value
    }
    let zone = shared(Zone::named("Asia/Kolkata").unwrap());
    assert_eq!(format!("{zone:?}"), "Zone(\"Asia/Kolkata\")");
    assert_eq!(zone, zone.clone());
    assert_ne!(zone, Zone::named("Asia/Calcutta").unwrap());
}

/// Zones that the other library knows by release 2025b, and ours by a later one
/// that has better sources: since 2025c Baja California keeps the summer times of
/// California from 1961 to 1975.
const CORRECTED: [&str; 4] = [
    "America/Ensenada",
    "America/Santa_Isabel",
    "America/Tijuana",
    "Mexico/BajaNorte",
];

#[test]
fn all_zones_show_what_the_other_library_says() {
    let mut numbers = Numbers(3);
    let mut compared = 0;
    let mut unknown = Vec::new();
    for name in Zone::all_names() {
        let Ok(theirs) = name.parse::<chrono_tz::Tz>() else {
            unknown.push(name);
            continue;
        };
        let zone = Zone::named(name).unwrap();
        let corrected = CORRECTED.contains(&name);
        let mut seconds = if corrected { YEAR_1976 } else { 0 };
        while seconds < YEAR_2025 {
            compared += check_shown(&zone, theirs, at(seconds));
            seconds += numbers.between(1, 30 * 86_400);
        }
    }
    println!("{compared} comparisons of all zones");
    // The zone of a machine that has none set
    assert_eq!(unknown, ["Factory"]);
}
