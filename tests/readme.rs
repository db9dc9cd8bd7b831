//! The README's policy is what it says: it checks, and it decides.

use krites::{Date, Engine, Release};
use serde::Serialize;

#[derive(Serialize)]
struct Applicant {
    age: u8,
    income: f64,
    debt: Option<f64>,
}

#[test]
fn the_policy_of_the_readme_decides() {
    let readme = include_str!("../README.md");
    let policy = readme
        .split("```krites\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .unwrap();
    let release = Release::builder()
        .policy("card_limit.krites", policy)
        .build()
        .unwrap();
    let engine = Engine::new(release);
    let mut decider = engine.decider("card_limit").unwrap();
    let today = Date::parse("2026-11-22").unwrap();
    let mut decide = |age, income, debt| {
        let decision = decider
            .decide(today, &Applicant { age, income, debt })
            .unwrap();
        let limit = decision.output("limit").map(|limit| limit.to_string());
        let reasons: Vec<&str> = decision.reasons().map(|reason| reason.code).collect();
        (decision.outcome().to_owned(), limit, reasons.join(" "))
    };
    let said = |outcome: &str, limit: Option<&str>, reasons: &str| {
        (
            outcome.to_owned(),
            limit.map(str::to_owned),
            reasons.to_owned(),
        )
    };
    assert_eq!(
        decide(34, 41_000.0, None),
        said("approve", Some("8200"), "")
    );
    assert_eq!(
        decide(34, 80_000.0, Some(0.1)),
        said("approve", Some("10000"), "")
    );
    assert_eq!(
        decide(17, 41_000.0, Some(20_000.0)),
        said("decline", None, "R01")
    );
    assert_eq!(decide(34, 0.0, Some(1.0)), said("refer", None, "R02"));
}
