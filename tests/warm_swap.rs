//! What the first decision after a publication costs: nothing is allocated or freed by who
//! decides, and what waits for deciders is bounded.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::sync::{Arc, Weak};

use allocation_counter::{AllocationInfo, measure};
use krites::{Date, Decider, Engine, Facts, Release, UnknownFields};
use serde::Serialize;

/// Text goes into the arena, and a product that is too large is a fault.
const POLICY: &str = r#"
policy warm { version "VERSION"; on fault refuse because FAULT }
reason FAULT "It could not be computed"
reason LOW   "The product is low"
enum Outcome { accept < refuse }
input {
    name   : text
    town   : text?
    amount : integer
    months : integer
}
define { product : integer = amount * months }
decide outcome : Outcome most severe {
    rule low when product < VERSION then refuse because LOW
    rule named when name is "VERSION" then accept
    rule rest otherwise then accept
}
output { version : integer = VERSION }
"#;

/// Another policy, which stays the same
const OTHER: &str = r#"
policy other { version "1"; on fault refuse }
enum Outcome { accept < refuse }
input { name : text }
decide outcome : Outcome most severe {
    rule named when name is "1" then refuse
    rule rest otherwise then accept
}
"#;

#[derive(Clone, Facts, Serialize)]
struct Applicant {
    name: String,
    town: Option<String>,
    amount: i64,
    months: i64,
}

#[derive(Facts, Serialize)]
struct Other {
    name: String,
}

fn day() -> Date {
    Date::new(2026, 11, 23).unwrap()
}

fn release(version: u32) -> Arc<Release> {
    let text = POLICY.replace("VERSION", &version.to_string());
    let builder = Release::builder()
        .policy("warm.krites", text)
        .policy("other.krites", OTHER);
    Arc::new(builder.build().unwrap())
}

/// Some that are computed, one that fails
fn applicants() -> Vec<Applicant> {
    let applicant = |months| Applicant {
        name: "Ada Lovelace, of 12 Saint James's Square".to_owned(),
        town: Some("London".to_owned()),
        amount: 4_200,
        months,
    };
    [12, 36, i64::MAX, 0].map(applicant).into()
}

/// Decides all applicants in one of the ways that there are, and checks what decided.
#[derive(Clone, Copy, Debug)]
enum Way {
    Derived,
    Typed,
    Json,
}

const WAYS: [Way; 3] = [Way::Derived, Way::Typed, Way::Json];

fn decide(decider: &mut Decider, way: Way, cases: &[(Applicant, String)], version: &str) {
    for (applicant, json) in cases {
        let decision = match way {
            Way::Derived => decider.decide_facts(day(), applicant),
            Way::Typed => decider.decide(day(), applicant),
            Way::Json => decider.decide_json(day(), json),
        };
        let decision = decision.unwrap();
        assert_eq!(decision.policy().1, Some(version));
        let product = applicant.amount.checked_mul(applicant.months);
        let refused = product.is_none_or(|product| product == 0);
        let outcome = if refused { "refuse" } else { "accept" };
        assert_eq!(decision.outcome(), outcome);
    }
}

fn cases() -> Vec<(Applicant, String)> {
    let cases = applicants().into_iter();
    let with_json = cases.map(|applicant| {
        let json = serde_json::to_string(&applicant).unwrap();
        (applicant, json)
    });
    with_json.collect()
}

/// Nothing was allocated, and nothing freed.
fn is_nothing(info: &AllocationInfo) -> bool {
    info.count_total == 0 && info.count_current == 0
}

#[test]
fn the_first_decisions_after_a_publication_allocate_and_free_nothing() {
    let cases = cases();
    for way in WAYS {
        let engine = Engine::new(release(1));
        let mut deciders = [(); 3].map(|()| engine.decider("warm").unwrap());
        for decider in &mut deciders {
            decide(decider, way, &cases, "1");
        }
        let releases: Vec<Arc<Release>> = (2..8).map(release).collect();
        for (version, release) in (2..8).zip(releases) {
            let version = version.to_string();
            // Nobody but the engine and the deciders keeps it.
            drop(engine.publish(release).unwrap());
            for decider in &mut deciders {
                let info = measure(|| decide(decider, way, &cases, &version));
                assert!(is_nothing(&info), "{way:?}, version {version}: {info:?}");
            }
        }
    }
}

#[test]
fn going_back_and_the_same_release_again_allocate_nothing_either() {
    let cases = cases();
    let releases: Vec<Arc<Release>> = (1..=3).map(release).collect();
    let engine = Engine::new(releases[0].clone());
    let mut decider = engine.decider("warm").unwrap();
    decide(&mut decider, Way::Derived, &cases, "1");
    let mut step = |publish: &dyn Fn(), version: &str| {
        publish();
        let info = measure(|| decide(&mut decider, Way::Derived, &cases, version));
        assert!(is_nothing(&info), "version {version}: {info:?}");
    };
    let publish = |at: usize| drop(engine.publish(releases[at].clone()).unwrap());
    step(&|| publish(1), "2");
    step(&|| drop(engine.rollback().unwrap()), "1");
    step(&|| drop(engine.rollback().unwrap()), "2");
    step(&|| publish(1), "2");
    step(&|| publish(1), "2");
    step(&|| publish(2), "3");
    step(&|| publish(0), "1");
}

#[test]
fn a_decision_without_a_decider_finds_what_it_needs() {
    let cases = cases();
    let engine = Engine::new(release(1));
    let decide = |version: &str| {
        for (applicant, _) in &cases {
            let read = engine.decide_facts_with("warm", day(), applicant, |decision| {
                assert_eq!(decision.policy().1, Some(version));
                decision.outcome().len()
            });
            assert_eq!(read.unwrap(), "refuse".len());
        }
    };
    decide("1");
    for version in 2..5 {
        drop(engine.publish(release(version)).unwrap());
        // The buffers that grow with the cases begin small: texts, and what is at fault.
        let version = version.to_string();
        let first = measure(|| decide(&version));
        assert!(first.count_total < 8, "{first:?}");
        let second = measure(|| decide(&version));
        assert!(is_nothing(&second), "{second:?}");
    }
}

#[test]
fn a_policy_that_stays_the_same_goes_on_in_the_same_memory() {
    let base = release(1);
    let engine = Engine::new(base.clone());
    let mut decider = engine.decider("other").unwrap();
    let other = Other { name: "1".into() };
    assert_eq!(
        decider.decide_facts(day(), &other).unwrap().outcome(),
        "refuse"
    );
    let text = POLICY.replace("VERSION", "2");
    let next = base.derive().policy("warm.krites", text).build().unwrap();
    let next = Arc::new(next);
    assert!(Arc::ptr_eq(
        base.policy("other").unwrap(),
        next.policy("other").unwrap()
    ));
    drop(engine.publish(next.clone()).unwrap());
    let info = measure(|| {
        let decision = decider.decide_facts(day(), &other).unwrap();
        assert!(Arc::ptr_eq(decision.release(), &next));
        assert_eq!(decision.outcome(), "refuse");
    });
    assert!(is_nothing(&info), "{info:?}");
}

#[test]
fn what_waits_for_deciders_that_never_come_is_bounded() {
    let releases: Vec<Arc<Release>> = (1..=4).map(release).collect();
    let engine = Engine::new(releases[0].clone());
    let _idle: Vec<Decider> = (0..8).map(|_| engine.decider("warm").unwrap()).collect();
    let publish_all = || {
        for release in &releases {
            drop(engine.publish(release.clone()).unwrap());
        }
    };
    // Of the release that decided first, too
    publish_all();
    publish_all();
    let further = measure(|| (0..100).for_each(|_| publish_all()));
    // What the engine keeps changes place, and does not grow.
    assert!(further.bytes_current.abs() < 256, "{further:?}");
}

#[test]
fn deciders_that_go_away_leave_their_memory_to_those_that_come() {
    let cases = cases();
    let engine = Engine::new(release(1));
    let mut decider = engine.decider("warm").unwrap();
    decide(&mut decider, Way::Derived, &cases, "1");
    drop(decider);
    let grown = measure(|| {
        for _ in 0..1_000 {
            let mut decider = engine.decider("warm").unwrap();
            decide(&mut decider, Way::Derived, &cases, "1");
        }
    });
    assert_eq!(grown.bytes_current, 0, "{grown:?}");
    // A decider is its policy's name and what follows the engine, and no frame.
    assert!(grown.bytes_total < 1_000 * 512, "{grown:?}");
}

#[test]
fn a_decider_that_lags_lets_go_of_what_it_held() {
    let cases = cases();
    let engine = Engine::new(release(1));
    let mut decider = engine.decider("warm").unwrap();
    decide(&mut decider, Way::Json, &cases, "1");
    let mut old: Vec<Weak<Release>> = vec![Arc::downgrade(engine.deployment().release())];
    for version in 2..7 {
        let next = release(version);
        old.push(Arc::downgrade(&next));
        drop(engine.publish(next).unwrap());
    }
    let alive = |old: &[Weak<Release>]| -> Vec<bool> {
        let alive = old.iter().map(|release| release.upgrade().is_some());
        alive.collect()
    };
    // The decider's, the one that can be gone back to, the current one
    let (yes, no) = (true, false);
    assert_eq!(alive(&old), [yes, no, no, no, yes, yes]);
    decide(&mut decider, Way::Json, &cases, "6");
    assert_eq!(alive(&old), [no, no, no, no, yes, yes]);
    decider.release();
    drop(engine);
    // Nothing can be gone back to any more; the decider knows what is current.
    assert_eq!(alive(&old), [no, no, no, no, no, yes]);
    decide(&mut decider, Way::Json, &cases, "6");
    drop(decider);
    assert_eq!(alive(&old), [no; 6]);
}

#[test]
fn fields_that_the_next_release_knows_otherwise_are_found_anew() {
    #[derive(Facts, Serialize)]
    struct Named {
        name: String,
        town: Option<String>,
        amount: i64,
        months: i64,
        further: i64,
    }
    let text = |inputs: &str| {
        POLICY
            .replace("VERSION", "1")
            .replace("months : integer", inputs)
    };
    let build = |text: String| {
        let built = Release::builder().policy("warm.krites", text).build();
        Arc::new(built.unwrap_or_else(|error| panic!("{error}")))
    };
    let engine = Engine::new(build(text("months : integer")));
    let ignoring = engine.clone().unknown_fields(UnknownFields::Ignore);
    let mut decider = ignoring.decider("warm").unwrap();
    let facts = |further| Named {
        name: "Ada".into(),
        town: None,
        amount: 100,
        months: 10,
        further,
    };
    let mut outcomes = |further| {
        let facts = facts(further);
        let json = serde_json::to_string(&facts).unwrap();
        let derived = decider
            .decide_facts(day(), &facts)
            .unwrap()
            .outcome()
            .to_owned();
        let typed = decider.decide(day(), &facts).unwrap().outcome().to_owned();
        let json = decider
            .decide_json(day(), &json)
            .unwrap()
            .outcome()
            .to_owned();
        assert_eq!((&derived, &typed), (&json, &json));
        json
    };
    assert_eq!(outcomes(0), "accept");
    // What was no input is one now, and counts.
    let divided = text("months : integer\n    further : integer default 1")
        .replace("amount * months", "amount * further");
    engine.publish(build(divided)).unwrap();
    assert_eq!(outcomes(5), "accept");
    assert_eq!(outcomes(0), "refuse");
    engine.rollback().unwrap();
    assert_eq!(outcomes(0), "accept");
    // The same names in another order
    let other = text("months : integer").replace("    town   : text?\n", "");
    let other = other.replace("input {\n", "input {\n    town : text?\n");
    engine.publish(build(other)).unwrap();
    assert_eq!(outcomes(0), "accept");
}
