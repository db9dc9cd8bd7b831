//! Policies of one release that ask each other: made in order, shared, recorded.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::sync::Arc;

use krites::lang::PolicyState;
use krites::{Date, Engine, Envelope, LoadErrorKind, Release, ReleaseBuilder};
use serde_json::{Value, json};

const CALLER: &str = r#"
policy loan { version "1" }
reason R01 "Cannot bear it"
reason M02 "Not known"
enum Outcome { approve < refer < decline }
enum Verdict { poor, fine }
input { age : integer; income : money(GBP); debt : money(GBP) }
subpolicy bears from "affordability" {
    feed { income; debt }
    give verdict : Verdict = verdict
    give limit : money(GBP)? = limit
    on fault refer because M02
}
rules checks all {
    rule young when age < 18 then decline
}
decide outcome : Outcome most severe {
    evaluate checks
    stop once decline
    rule poor when bears.verdict is poor then decline because R01
    rule rest otherwise then approve
}
output { record bears.limit if asked }
reasons { for decline, refer : rules that spoke }
test "set" {
    given  with age = 30, income = 5, debt = 1, bears.verdict = poor, bears.limit = missing
    expect outcome = decline
}
"#;

const CALLEE: &str = r#"
policy affordability { version "3" }
reason A01 "Debts"
enum Verdict { fine < poor }
input { income : money(GBP) in 0 and above; debt : money(GBP) private }
rules debts all {
    rule indebted when debt > income / 2 then poor because A01
}
decide verdict : Verdict most severe {
    evaluate debts
    rule rest otherwise then fine
}
output { when verdict is fine { limit : money(GBP) = income - debt } }
reasons { for poor : rules that spoke }
test "a test of its own" { given with income = 10, debt = 1; expect verdict = fine, limit = 9 }
"#;

fn day() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

fn both() -> ReleaseBuilder {
    Release::builder()
        .policy("loan.krites", CALLER)
        .policy("affordability.krites", CALLEE)
}

fn decided(release: Release, facts: &Value) -> (Value, Value) {
    let mut decider = Engine::new(release).decider("loan").unwrap();
    let decision = decider.decide(day(), facts).unwrap();
    (
        serde_json::from_slice(&decision.canonical()).unwrap(),
        serde_json::to_value(decision.record(Envelope::default())).unwrap(),
    )
}

/// What is wrong with a release, code by code.
fn mistakes(builder: ReleaseBuilder) -> Vec<String> {
    let error = builder.build().unwrap_err();
    let LoadErrorKind::Policies { errors } = error.kind() else {
        panic!("{error}");
    };
    let found = errors.iter().flat_map(|errors| {
        let of = errors.diagnostics.iter();
        of.map(|found| format!("{} {}", found.code, found.headline))
    });
    found.collect()
}

#[test]
fn its_record_stands_within_that_of_the_policy_that_asks() {
    let facts = json!({"age": 30, "income": "10", "debt": "9"});
    let (result, record) = decided(both().build().unwrap(), &facts);
    assert_eq!(result["outcome"], "decline");
    assert_eq!(result["reasons"], json!(["R01"]));
    let within = &result["policies"]["bears"];
    assert_eq!(within["policy"], "affordability");
    assert_eq!(within["version"], "3");
    assert_eq!(within["outcome"], "poor");
    assert_eq!(within["reasons"], json!(["A01"]));
    assert_eq!(within["decision_date"], "2026-11-22");
    let own = &record["policies"]["bears"];
    assert_eq!(own["state"], "decided");
    assert_eq!(own["decided"]["policy"]["version"], "3");
    assert_eq!(own["decided"]["rules"]["debts.indebted"], "fired");
    assert_eq!(
        own["decided"].get("inputs"),
        None,
        "they follow from the case"
    );
    assert_eq!(own["decided"].get("envelope"), None);

    let (result, record) = decided(
        both().build().unwrap(),
        &json!({"age": 17, "income": "10", "debt": "9"}),
    );
    assert_eq!(result["policies"], json!({"bears": "not asked"}));
    assert_eq!(record["policies"], json!({"bears": {"state": "not asked"}}));

    let refused = json!({"age": 30, "income": "-5123", "debt": "9"});
    let (result, record) = decided(both().build().unwrap(), &refused);
    assert_eq!(result["outcome"], "refer");
    assert_eq!(result["spoken"][0]["by"], "bears");
    assert_eq!(result["policies"], json!({"bears": "fault"}));
    let fault = record["faults"][0]["fault"].as_str().unwrap();
    assert!(
        fault.contains("`income`") && !fault.contains("5123"),
        "{fault}"
    );
}

#[test]
fn a_decision_leads_to_that_of_the_policy_that_was_asked() {
    let mut decider = Engine::new(both().build().unwrap())
        .decider("loan")
        .unwrap();
    let facts = json!({"age": 30, "income": "10", "debt": "1"});
    for _ in 0..2 {
        let decision = decider.decide(day(), &facts).unwrap();
        assert_eq!(decision.output("bears.limit").unwrap().to_string(), "9");
        let asked = decision.asked().next().unwrap();
        assert_eq!((asked.name, asked.state), ("bears", PolicyState::Decided));
        let inner = asked.decision.unwrap();
        assert_eq!(inner.policy(), ("affordability", Some("3")));
        assert_eq!(inner.outcome(), "fine");
        assert!(Arc::ptr_eq(inner.release(), decision.release()));
    }
    // The next case finds nothing of it.
    let decision = decider
        .decide(day(), &json!({"age": 1, "income": "10", "debt": "1"}))
        .unwrap();
    let asked = decision.asked().next().unwrap();
    assert_eq!(asked.state, PolicyState::NotAsked);
    assert!(asked.decision.is_none());
}

#[test]
fn policies_that_ask_each_other_are_refused_by_both_names() {
    let asks = |name: &str, other: &str| {
        format!(
            "policy {name} {{ version \"1\"; on fault a }}\nenum O {{ a < b }}\ninput {{ n : integer }}\n\
             subpolicy next from \"{other}\" {{ feed {{ n }}\n give o : O = o }}\n\
             decide o : O most severe {{ rule one when next.o is b then b\n rule rest otherwise then a }}\n"
        )
    };
    let circle = Release::builder()
        .policy("a", asks("one", "two"))
        .policy("b", asks("two", "three"))
        .policy("c", asks("three", "one"));
    let found = mistakes(circle);
    assert_eq!(
        found,
        ["K0771 `one` asks `two`, which asks it again: `two`, then `three`, then `one`"]
    );
    let itself = Release::builder().policy("a", asks("one", "one"));
    let found = mistakes(itself);
    assert_eq!(
        found,
        ["K0771 `one` asks `one`, which asks it again: `one`"]
    );
    let none = Release::builder()
        .policy("a", asks("one", "twoo"))
        .policy("b", CALLEE);
    let found = mistakes(none);
    assert_eq!(found, ["K0770 there is no policy `twoo` for `one` to ask"]);
}

#[test]
fn a_mistake_there_is_told_there_alone() {
    let broken = CALLEE.replace(
        "limit : money(GBP) = income - debt",
        "limit : money(GBP) = incom",
    );
    let found = mistakes(both().policy("affordability.krites", broken));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains("`incom`"), "{found:?}");
}

#[test]
fn what_reads_it_is_checked_anew_where_it_changed_and_shared_where_not() {
    let base = both().build().unwrap();
    let part = |release: &Release, name: &str| release.policy(name).unwrap().part().clone();
    // Another rule, of the same inputs and answers: the caller is shared, and tested anew.
    let text = CALLEE
        .replace("income / 2", "income / 4")
        .replace("\"3\"", "\"4\"");
    let next = base
        .derive()
        .policy("affordability.krites", text.clone())
        .build()
        .unwrap();
    assert!(Arc::ptr_eq(&part(&base, "loan"), &part(&next, "loan")));
    assert!(!Arc::ptr_eq(
        &part(&base, "affordability"),
        &part(&next, "affordability")
    ));
    let tested: Vec<_> = next
        .test_reports()
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(tested, ["affordability", "loan"]);
    let asked = &next.policy("loan").unwrap().asked()[0];
    assert!(
        Arc::ptr_eq(asked, next.policy("affordability").unwrap()),
        "no other version"
    );
    assert_ne!(base.fingerprint(), next.fingerprint());
    let facts = json!({"age": 30, "income": "10", "debt": "4"});
    assert_eq!(decided(next, &facts).0["outcome"], "decline");
    let again = base.derive().build().unwrap();
    assert_eq!(again.test_reports().len(), 0, "nothing changed");
    assert_eq!(decided(again, &facts).0["outcome"], "approve");

    // An input more that must be given: the caller does not load any more.
    let text = CALLEE
        .replace("input { income", "input { months : integer; income")
        .replace("given with income", "given with months = 1, income");
    let found = mistakes(base.derive().policy("affordability.krites", text));
    assert_eq!(
        found,
        ["K0773 nothing feeds `months`, which `affordability` needs"]
    );
    // One that need not be: it is checked anew, and loads.
    let text = CALLEE.replace("input { income", "input { months : integer?; income");
    let next = base
        .derive()
        .policy("affordability.krites", text)
        .build()
        .unwrap();
    assert!(!Arc::ptr_eq(&part(&base, "loan"), &part(&next, "loan")));
    assert_eq!(decided(next, &facts).0["outcome"], "approve");
    // An answer that is gone.
    let text = CALLEE.replace("limit : money(GBP) = income", "cap : money(GBP) = income");
    let text = text.replace("limit = 9", "cap = 9");
    let found = mistakes(base.derive().policy("affordability.krites", text));
    assert_eq!(found, ["K0774 the policy `affordability` gives no `limit`"]);
}

#[test]
fn warm_decisions_that_ask_a_policy_allocate_nothing() {
    #[derive(serde::Serialize)]
    struct Facts {
        age: i64,
        income: i64,
        debt: i64,
    }
    let engine = Engine::new(both().build().unwrap());
    let mut decider = engine.decider("loan").unwrap();
    let facts = [(30, 10, 1), (30, 10, 9), (17, 10, 9)];
    let facts = facts.map(|(age, income, debt)| Facts { age, income, debt });
    let mut decide = || {
        facts.each_ref().map(|facts| {
            let decision = decider.decide(day(), facts).unwrap();
            decision.outcome().len()
        })
    };
    let expected = ["approve", "decline", "decline"].map(str::len);
    assert_eq!(decide(), expected);
    let mut found = [0; 3];
    let allocations = allocation_counter::measure(|| found = decide());
    assert_eq!(found, expected);
    assert_eq!(allocations.count_total, 0, "a warm decision allocates");
}
