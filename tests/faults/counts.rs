//! Each fault counts once a case, however the case is decided.

use std::sync::Arc;

use krites::{Date, Engine, Envelope, FaultCounts, ModelFaultKind, Release, Step};
use krites_model::{Model, ModelError};
use serde_json::{Value, json};

use crate::hosted::hosted;

/// Words of a backend, which differ from machine to machine
const WORDS: &str = "/opt/lib.so: no memory at 0x7f3a";

fn day() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

/// A model that always fails
fn broken() -> Arc<dyn Model> {
    let failed = |_: &krites_model::Call<'_>| {
        Err(ModelError::Failed {
            detail: WORDS.to_owned(),
        })
    };
    hosted(failed).0
}

/// A model that answers, but never what is promised
fn promises() -> Arc<dyn Model> {
    hosted(|_| Ok(7.0)).0
}

fn built(text: &str, model: Arc<dyn Model>) -> Release {
    let release = Release::builder()
        .policy("loans.krites", text)
        .host_model("risk", model, b"risk")
        .build();
    match release {
        Ok(release) => release,
        Err(error) => panic!("{error}"),
    }
}

fn counts(release: &Release) -> FaultCounts {
    release.models()["risk"].fault_counts()
}

/// Faults by kind, without those that did not come up.
fn counted(release: &Release) -> Vec<(&'static str, u64)> {
    let counts = counts(release);
    let met = counts.iter().filter(|(_, count)| *count > 0);
    met.map(|(kind, count)| (kind.name(), count)).collect()
}

const HEAD: &str = r#"
reason M00 "The case could not be computed"
enum Outcome { approve < refer < decline }
input { age : integer in 0 to 120 }
"#;

const RISK: &str = r#"
model risk from "risk" {
    feed { x = age }
    give p : decimal in 0 to 1 = y
}
"#;

const DECIDE: &str = r#"
decide outcome : Outcome most severe {
    rule risky when risk.p > 8% then decline
    rule risky_too when risk.p > 9% then decline
    rule rest otherwise then approve
}
"#;

fn loans(more: &str) -> String {
    let header = "policy loans { version \"1\"; on fault refer because M00 }";
    [header, HEAD, RISK, DECIDE, more].concat()
}

#[test]
fn a_model_that_fails_counts_once_a_case_whoever_decides() {
    let engine = Engine::new(built(&loans(""), broken()));
    let release = engine.deployment().release().clone();
    assert_eq!(counts(&release).total(), 0);
    let facts = json!({ "age": 40 });
    let mut decider = engine.decider("loans").unwrap();
    for _ in 0..3 {
        assert_eq!(decider.decide(day(), &facts).unwrap().outcome(), "refer");
    }
    let with = |decision: krites::Decision<'_>| decision.outcome().to_owned();
    engine.decide_with("loans", day(), &facts, with).unwrap();
    assert_eq!(
        engine.decide("loans", day(), &facts).unwrap().outcome(),
        "refer"
    );
    assert_eq!(counted(&release), [("failed", 5)]);

    // A derived release shares the model, and what is counted of it.
    let text = loans("").replace("9%", "10%");
    let next = release
        .derive()
        .policy("loans.krites", text)
        .build()
        .unwrap();
    engine.publish(next).unwrap();
    decider.decide(day(), &facts).unwrap();
    assert_eq!(counted(engine.deployment().release()), [("failed", 6)]);

    // Another model begins anew.
    let next = release.derive().host_model("risk", promises(), b"other");
    engine.publish(next.build().unwrap()).unwrap();
    decider.decide(day(), &facts).unwrap();
    assert_eq!(
        counted(engine.deployment().release()),
        [("outside range", 1)]
    );
    assert_eq!(counted(&release), [("failed", 6)]);
}

#[test]
fn a_case_that_waits_counts_its_fault_once() {
    let text = loans("").replace("input {", "input { bureau on request { debt : integer; };");
    let text = text.replace(
        "rule rest otherwise",
        "rule deep when bureau.debt > 9 then refer\n    rule rest otherwise",
    );
    let engine = Engine::new(built(&text, broken()));
    let release = engine.deployment().release().clone();
    let mut case = engine
        .open("loans", day(), &json!({ "age": 40 }), &[])
        .unwrap();
    for _ in 0..3 {
        let Step::Needs(needs) = case.step().unwrap() else {
            panic!("it waits");
        };
        assert_eq!(needs.to_string(), "bureau");
    }
    case.give(&json!({ "bureau": { "debt": 1 } })).unwrap();
    for _ in 0..2 {
        assert!(matches!(case.step().unwrap(), Step::Decided(_)));
    }
    assert_eq!(counted(&release), [("failed", 1)]);
}

#[test]
fn a_policy_that_is_asked_counts_and_a_test_does_not() {
    let asked = loans("test \"fails\" {\n    given with age = 40\n    expect outcome = refer\n}\n");
    let asking = r#"
policy asking { version "1" }
enum Outcome { approve < refer < decline }
input { age : integer in 0 to 120 }
subpolicy loans from "loans" {
    feed { age }
    give outcome : Outcome = outcome
    on fault decline
}
decide outcome : Outcome most severe {
    evaluate loans.outcome
}
"#;
    let mut builder = Release::builder().policy("loans.krites", asked);
    builder = builder.policy("asking.krites", asking);
    let release = match builder.host_model("risk", broken(), b"risk").build() {
        Ok(release) => release,
        Err(error) => panic!("{error}"),
    };
    let engine = Engine::new(release);
    let release = engine.deployment().release().clone();
    assert_eq!(counts(&release).total(), 0, "tests are no decisions");
    let mut decider = engine.decider("asking").unwrap();
    let decision = decider.decide(day(), &json!({ "age": 40 })).unwrap();
    assert_eq!(decision.outcome(), "refer");
    assert_eq!(counted(&release), [("failed", 1)]);
}

#[test]
fn a_challenger_counts_and_what_is_decided_again_does_not() {
    let shadow = r#"
model challenger from "challenger" shadow { feed { x = age }; give p : decimal in 0 to 1 = y }
shadow again { with champion = challenger; compare outcome }
model champion from "champion" {
    feed { x = age }
    give p : decimal in 0 to 1 = y
}
"#;
    // Fed with the champion's answer, the model is asked anew where the case is decided
    // again, and fails there as well.
    let text = loans(shadow).replacen("feed { x = age }", "feed { x = champion.p }", 1);
    let of = |answer: f32| hosted(move |_| Ok(answer)).0;
    let built = |challenger: Arc<dyn Model>| {
        let builder = Release::builder()
            .policy("loans.krites", text.as_str())
            .host_model("risk", broken(), b"risk")
            .host_model("champion", of(0.5), b"champion");
        match builder.host_model("challenger", challenger, b"it").build() {
            Ok(release) => Engine::new(release),
            Err(error) => panic!("{error}"),
        }
    };
    let decided = |engine: &Engine| {
        let decision = engine
            .decide("loans", day(), &json!({ "age": 40 }))
            .unwrap();
        let (_, state) = decision.shadows()[0];
        let release = engine.deployment().release().clone();
        let of = |file: &str| release.models()[file].fault_counts().total();
        (state, [of("risk"), of("champion"), of("challenger")])
    };
    assert_eq!(
        decided(&built(of(0.25))),
        (krites::ShadowState::Same, [1, 0, 0])
    );
    let unknown = krites::ShadowState::NotKnown(krites::Unknown::Fault);
    assert_eq!(decided(&built(broken())), (unknown, [1, 0, 1]));
}

#[test]
fn the_record_names_a_fault_and_its_handling_and_the_result_has_no_words_of_a_machine() {
    let decided = |model: Arc<dyn Model>| {
        let engine = Engine::new(built(&loans(""), model));
        let mut decider = engine.decider("loans").unwrap();
        let decision = decider.decide(day(), &json!({ "age": 40 })).unwrap();
        let record = decision.record(Envelope::default());
        let record: Value = serde_json::to_value(&record).unwrap();
        (record["faults"][0].clone(), decision.canonical())
    };
    let (fault, canonical) = decided(broken());
    assert_eq!(fault["model"], "risk");
    assert_eq!(fault["kind"], ModelFaultKind::Failed.name());
    assert_eq!(fault["handled_by"], json!(["header"]));
    assert!(fault["fault"].as_str().unwrap().contains(WORDS), "{fault}");
    let text = String::from_utf8(canonical.clone()).unwrap();
    assert!(!text.contains("0x7f"), "{text}");
    let (fault, other) = decided(promises());
    assert_eq!(fault["kind"], "outside range");
    assert_eq!(other, canonical, "the same result, whatever failed");
}
