//! What runs in shadow: recorded beside the decision, and no part of it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "support/hosted.rs"]
mod hosted;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use krites::lang::ModelState;
use krites::{Date, Engine, Envelope, Release, ShadowState, Unknown};
use krites_model::{InputTensor, Model, ModelError};
use serde_json::{Value, json};

use hosted::hosted;

fn day() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

/// A model that answers what it is fed, times a factor, or fails where that is none;
/// and how often it is called
fn times(factor: Option<f32>) -> (Arc<dyn Model>, Arc<AtomicU64>) {
    hosted(move |call| {
        let factor = factor.ok_or_else(|| ModelError::Failed {
            detail: "the challenger is down".to_owned(),
        })?;
        match &call.inputs[0] {
            InputTensor::Float(fed) => Ok(fed[(0, 0)] * factor),
            _ => panic!("fed with something else"),
        }
    })
}

/// The policy, with what runs in shadow
fn policy(shadow: &str) -> String {
    format!(
        r#"
policy risk {{ version "1"; on fault refer because M00 }}
reason M00 "Could not be computed"
enum Outcome {{ approve < refer < decline }}
input {{ age : integer in 0 to 120 }}
model champion from "champion.onnx" {{
    feed {{ x = age }}
    give p : decimal = y
}}
{shadow}
decide outcome : Outcome most severe {{
    rule young when age < 18 then decline because M00
    stop once decline
    rule high when champion.p > 9 then refer because M00
    rule rest otherwise then approve
}}
output {{ record champion.p if asked }}
reasons {{ for refer, decline : rules that spoke }}
"#
    )
}

const CHALLENGER: &str = r#"
model challenger from "challenger.onnx" shadow {
    feed { x = age }
    give p : decimal = y
}
"#;

/// A release of the policy, and how often the challenger is called
fn released(shadow: &str, challenger: Option<f32>) -> (Release, Arc<AtomicU64>) {
    let (champion, _) = times(Some(0.25));
    let (challenger, calls) = times(challenger);
    let release = Release::builder()
        .policy("risk.krites", policy(shadow))
        .host_model("champion.onnx", champion, b"1")
        .host_model("challenger.onnx", challenger, b"2")
        .build();
    match release {
        Ok(release) => (release, calls),
        Err(error) => panic!("{error}"),
    }
}

/// The canonical bytes of a case: what is decided, and its part in shadow.
fn canonical(release: Release, age: i64) -> (Value, Option<Value>) {
    let mut decider = Engine::new(release).decider("risk").unwrap();
    let decision = decider.decide(day(), &json!({"age": age})).unwrap();
    let mut all: Value = serde_json::from_slice(&decision.canonical()).unwrap();
    let shadow = all.as_object_mut().unwrap().remove("shadow");
    (all, shadow)
}

#[test]
fn a_model_in_shadow_changes_nothing_but_its_own_part() {
    for age in [17, 30, 60] {
        let (plain, none) = canonical(released("", Some(0.5)).0, age);
        assert_eq!(none, None, "a policy without it pays nothing");
        for (factor, answer) in [
            (Some(0.5), json!((age as f64 * 0.5).to_string())),
            (None, json!(null)),
        ] {
            let (decided, shadow) = canonical(released(CHALLENGER, factor).0, age);
            assert_eq!(decided, plain, "{age}");
            assert_eq!(shadow.unwrap()["answers"], json!({"challenger.p": answer}));
        }
    }
}

#[test]
fn a_model_in_shadow_is_called_once_a_case_and_recorded_as_such() {
    let (release, calls) = released(CHALLENGER, None);
    let mut decider = Engine::new(release).decider("risk").unwrap();
    let decision = decider.decide(day(), &json!({"age": 17})).unwrap();
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    let states: Vec<_> = decision.models().collect();
    assert_eq!(states[0], ("champion", ModelState::NotRun));
    assert!(matches!(states[1], ("challenger", ModelState::Fault(_))));
    assert_eq!(decision.answers().count(), 1);
    assert_eq!(
        decision.shadow_answers().collect::<Vec<_>>(),
        [("challenger.p", None)]
    );
    let record = serde_json::to_value(decision.record(Envelope::default())).unwrap();
    assert_eq!(record["models"][0].get("shadow"), None);
    assert_eq!(record["models"][1]["shadow"], true);
    assert_eq!(record["models"][1]["state"], "fault");
    let (_, fault) = decision.faults().next().unwrap();
    assert!(fault.contains("the challenger is down"), "{fault}");
}

const AGAIN: &str = r#"
model challenger from "challenger.onnx" shadow {
    feed { x = age }
    give p : decimal = y
}
shadow with_challenger { with champion = challenger; compare outcome, champion.p }
"#;

#[test]
fn a_case_decided_again_is_recorded_beside_the_decision() {
    let same = json!({"is": "same"});
    let failed = json!({"is": "not known", "why": "fault"});
    let cases = [
        (17, Some(0.5), same.clone()),
        (17, None, same.clone()),
        (30, None, failed),
        (30, Some(0.25), same),
        (
            30,
            Some(0.5),
            json!({"is": "different", "differs": {
                "outcome": ["approve", "refer"],
                "champion.p": ["7.5", "15"],
            }}),
        ),
        (16, Some(0.5), json!({"is": "same"})),
        (
            32,
            Some(0.125),
            json!({"is": "different", "differs": {"champion.p": ["8", "4"]}}),
        ),
    ];
    for (age, factor, expected) in cases {
        let (plain, _) = canonical(released("", Some(0.5)).0, age);
        let (decided, shadow) = canonical(released(AGAIN, factor).0, age);
        assert_eq!(decided, plain, "{age} {factor:?}");
        assert_eq!(
            shadow.unwrap()["with_challenger"],
            expected,
            "{age} {factor:?}"
        );
    }
}

#[test]
fn a_case_decided_again_calls_no_model_that_was_fed_the_same() {
    let (release, calls) = released(AGAIN, Some(0.5));
    let mut decider = Engine::new(release).decider("risk").unwrap();
    let decision = decider.decide(day(), &json!({"age": 30})).unwrap();
    assert_eq!(
        calls.load(Ordering::SeqCst),
        1,
        "the challenger ran in shadow alone"
    );
    let shadows: Vec<_> = decision.shadows().collect();
    assert_eq!(shadows.len(), 1);
    assert_eq!(shadows[0].state, ShadowState::Different);
    let names: Vec<_> = shadows[0].differences.iter().map(|one| one.name).collect();
    assert_eq!(names, ["outcome", "champion.p"]);
    let owned = decision.to_owned();
    assert_eq!(
        owned.shadows(),
        [("with_challenger".to_owned(), ShadowState::Different)]
    );
    let record = serde_json::to_value(decision.record(Envelope::default())).unwrap();
    assert_eq!(record["shadows"]["with_challenger"]["is"], "different");
    // The next case finds nothing of it.
    let next = decider.decide(day(), &json!({"age": 17})).unwrap();
    assert_eq!(next.shadows().next().unwrap().state, ShadowState::Same);
    assert_eq!(next.outcome(), "decline");
}

#[test]
fn why_it_is_not_known_is_told() {
    let (release, _) = released(AGAIN, None);
    let mut decider = Engine::new(release).decider("risk").unwrap();
    let decision = decider.decide(day(), &json!({"age": 30})).unwrap();
    let shadow = decision.shadows().next().unwrap();
    assert_eq!(shadow.state, ShadowState::NotKnown(Unknown::Fault));
    assert!(shadow.fault.unwrap().contains("the challenger is down"));
}
