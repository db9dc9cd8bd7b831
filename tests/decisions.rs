//! What is decided and recorded beside the outcome: values, tags, rules in shadow, and
//! what always holds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use krites::lang::{AlwaysState, RuleState};
use krites::{Date, DecideError, Decider, Engine, Envelope, Release};
use serde_json::{Value, json};

const CARDS: &str = r#"
policy cards { version "1"; on fault KEEP with change = 0% because F00 tag failed }

reason F00 "The case could not be computed"
reason F03 "Rarely used"

enum Action { KEEP, LOWER = "DECREASE", RAISE }

input { used : percent in 0% to 100%; misses : integer; step : percent(1) }

rules marks all {
    rule vip when misses is 0 then tag vip
    rule watched shadow when used > 90% then LOWER with change = -5%
}

decide action : Action first match with change : percent(1), note : text? {
    evaluate marks
    rule trim when misses >= 2 then LOWER with change = -10%, note = "trimmed" because F03 tag trimmed
    rule rest otherwise then (if step > 0% then RAISE else KEEP) with change = step
}

reasons { for LOWER : rules that spoke }

# Neither proved nor refuted: what breaks it is too rare to be found
always "nothing is raised on a mark": action is RAISE implies misses * misses is not 982_007_569
always "no large step": abs(action.change) <= 10% enforce

output { record used; record misses if asked }
"#;

fn decider() -> Decider {
    let release = Release::builder().policy("cards.krites", CARDS).build();
    Engine::new(release.unwrap()).decider("cards").unwrap()
}

fn day() -> Date {
    Date::new(2026, 3, 30).unwrap()
}

fn case(used: &str, misses: i64, step: &str) -> Value {
    json!({ "used": used, "misses": misses, "step": step })
}

#[test]
fn a_decision_tells_what_is_decided_beside_the_outcome() {
    let mut decider = decider();
    let decision = decider.decide(day(), &case("0.95", 2, "0.05")).unwrap();
    assert_eq!(decision.outcome(), "DECREASE");
    let decided: Vec<(String, Option<String>)> = decision
        .decided()
        .map(|(name, value)| (name.to_owned(), value.map(|value| value.to_string())))
        .collect();
    let wanted = [("action.change", "-0.1"), ("action.note", "trimmed")];
    let wanted = wanted.map(|(name, value)| (name.to_owned(), Some(value.to_owned())));
    assert_eq!(decided, wanted);
    assert_eq!(decision.tags().collect::<Vec<_>>(), ["trimmed"]);
    let shadows: Vec<(&str, RuleState)> = decision.shadow_rules().collect();
    assert_eq!(shadows, [("marks.watched", RuleState::Fired)]);
    let always: Vec<AlwaysState> = decision.always().map(|(_, state)| state).collect();
    assert_eq!(always, [AlwaysState::Holds, AlwaysState::Holds]);

    let owned = decision.to_owned();
    assert_eq!(owned.decided("action.change"), Some("-0.1"));
    assert_eq!(owned.decided("action.nothing"), None);
    assert_eq!(owned.tags(), ["trimmed"]);
    assert_eq!(owned.output("misses"), Some("2"));
}

#[test]
fn a_record_holds_it_and_its_canonical_bytes_what_is_the_result() {
    let mut decider = decider();
    let decision = decider.decide(day(), &case("0.95", 0, "0.05")).unwrap();
    let record = serde_json::to_value(decision.record(Envelope::default())).unwrap();
    assert_eq!(record["shadow_rules"], json!({ "marks.watched": "fired" }));
    assert_eq!(
        record["always"],
        json!({ "nothing is raised on a mark": "holds", "no large step": "holds" })
    );
    assert!(record["rules"].get("marks.watched").is_none());
    let result: Value = serde_json::from_slice(&decision.canonical()).unwrap();
    assert_eq!(
        result["decided"],
        json!({ "action.change": "0.05", "action.note": null })
    );
    assert_eq!(result["tags"], json!(["vip"]));
    assert_eq!(result["outputs"], json!({ "used": "0.95", "misses": "0" }));
    // What is in shadow is no part of the result.
    assert!(!result.to_string().contains("watched"));
}

#[test]
fn what_is_broken_is_told_and_what_is_enforced_gives_no_decision() {
    let mut decider = decider();
    let decision = decider
        .decide(day(), &case("0.5", -31_337, "0.05"))
        .unwrap();
    let broken = decision.always().next().unwrap();
    assert_eq!(broken, ("nothing is raised on a mark", AlwaysState::Broken));
    let error = decider.decide(day(), &case("0.5", 0, "0.25")).unwrap_err();
    assert!(matches!(error, DecideError::Eval(_)));
    assert_eq!(error.to_string(), "`no large step` does not hold");
}
