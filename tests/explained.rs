//! What a decision and its record say of tables, scorecards and ranks.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use krites::lang::{CandidateState, TableState};
use krites::{Date, Decider, Engine, Envelope, Exact, Release};
use serde_json::{Value, json};

const POLICY: &str = r#"
policy p { version "1"; on fault refer because M00 }

reason M00 "Not computed"
reason R1  "Age"
reason R2  "Debt"

enum Outcome { approve < refer < decline }
enum Offer { mortgage, card, savings, loan, none }

input {
    age    : integer in 0 to 120
    income : money(EUR)? private
    debt   : money(EUR)
    late   : boolean
    floor  : decimal?
    worth  : decimal
    scored : boolean
    ranked : boolean
}

scorecard behaviour base 100 {
    age because R1 {
        below 30     : 5
        30 and above : 20
    }
    income {
        missing         : 0
        below 1_000     : 10
        1_000 and above : 30
    }
    ratio = debt * 2 because R2 baseline 20.5 {
        up to 100 : 25
        otherwise : 0
    }
}

table fees rule order -> fee : money(EUR) {
    | id | age      | debt      | fee |
    |----|----------|-----------|-----|
    | A  | any      | above 0   | 10  |
    | B  | below 18 | any       | 20  |
    | C  | any      | above 100 | 30  |
}

table never first match -> x : integer {
    | age | x |
    | any | 1 |
}

table closed off first match -> x : integer? {
    | age | x |
    | any | 1 |
}

rank offers by value, at least floor if missing fault, at most 2 -> offer : Offer, value : decimal? {
    | id | open when | age      | debt * 2  | off | offer    | value |
    |----|-----------|----------|-----------|-----|----------|-------|
    | M  | not late  | 21 to 60 | any       | -   | mortgage | 7     |
    | C  | any       | any      | any       | -   | card     | 9.50  |
    | S  | any       | any      | below 300 | -   | savings  | worth |
    | T  | any       | any      | any       | off | savings  | 1     |
    | L  | any       | any      | any       | -   | loan     | 8     |
    | Z  | any       | any      | any       | -   | loan     | 1     |
    | X  | any       | any      | any       | -   | none     | -     |
}

decide outcome : Outcome most severe {
    rule points when scored and behaviour.points < 120 then refer
    rule rest otherwise then approve
}

output {
    fees : list of money(EUR) = fees.fee
    shut : integer?           = closed.x
    when ranked {
        offers : list of Offer = offers.offer
    }
}

reasons { for refer : rules that spoke, then behaviour.shortfalls if asked }
"#;

fn decider() -> Decider {
    let release = Release::builder().policy("p.krites", POLICY);
    Engine::new(release.build().unwrap()).decider("p").unwrap()
}

fn day() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

fn case() -> Value {
    json!({
        "age": 40, "income": "5000", "debt": "500", "late": false, "floor": "5", "worth": "6",
        "scored": false, "ranked": false
    })
}

fn with(changed: &[(&str, Value)]) -> Value {
    let mut case = case();
    for (name, value) in changed {
        case[*name] = value.clone();
    }
    case
}

fn record(decider: &mut Decider, case: &Value) -> Value {
    let decision = decider.decide(day(), case).unwrap();
    serde_json::to_value(decision.record(Envelope::default())).unwrap()
}

#[test]
fn tables_tell_the_rows_that_count() {
    let mut decider = decider();
    let json = record(&mut decider, &case());
    assert_eq!(
        json["tables"],
        json!({
            "fees": { "state": "asked", "rows": ["A", "C"] },
            "never": { "state": "not asked", "rows": [] },
            "closed": { "state": "off", "rows": [] },
        })
    );
    assert_eq!(json.get("scores"), None, "nothing was asked of it");
    assert_eq!(
        json["ranks"],
        json!({ "offers": { "state": "not asked", "candidates": [] } })
    );
    let decision = decider.decide(day(), &case()).unwrap().to_owned();
    assert_eq!(decision.rows("fees"), ["A", "C"]);
    assert!(decision.rows("offers").is_empty());
    assert_eq!(decision.score("behaviour"), None);
}

#[test]
fn a_scorecard_tells_points_and_bins_by_feature() {
    let mut decider = decider();
    let case = with(&[("scored", json!(true)), ("age", json!(20))]);
    let json = record(&mut decider, &case);
    assert_eq!(
        json["scores"]["behaviour"],
        json!({
            "base": "100",
            "points": "135",
            "features": [
                { "feature": "age", "bin": "below 30", "points": "5" },
                // The bin of what is private says something of it
                { "feature": "income", "points": "30" },
                { "feature": "ratio", "bin": "otherwise", "points": "0" },
            ],
            "shortfalls": [
                { "feature": "ratio", "points": "20.5", "because": "R2" },
                { "feature": "age", "points": "15", "because": "R1" },
            ],
        })
    );
    let decision = decider.decide(day(), &case).unwrap();
    let score = decision.scores().next().unwrap();
    assert_eq!(score.points(), Some(Exact::from_integer(135)));
    let income = score.features().nth(1).unwrap();
    assert_eq!((income.bin, income.private), (Some("1000 and above"), true));
    let owned = decision.to_owned();
    assert_eq!(owned.score("behaviour"), Some(Exact::from_integer(135)));
    assert_eq!(owned.rows("behaviour.age"), ["below 30"]);
}

#[test]
fn a_rank_tells_what_became_of_each_row() {
    let mut decider = decider();
    let case = with(&[
        ("late", json!(true)),
        ("debt", json!("100")),
        ("ranked", json!(true)),
    ]);
    let json = record(&mut decider, &case);
    assert_eq!(
        json["ranks"]["offers"],
        json!({
            "state": "asked",
            "candidates": [
                { "row": "C", "state": "kept", "value": "9.5" },
                { "row": "L", "state": "kept", "value": "8" },
                { "row": "S", "state": "beyond the most that are kept", "value": "6" },
                { "row": "Z", "state": "below the floor", "value": "1" },
                { "row": "M", "state": "closed", "closed_by": ["open when", "not late"] },
                { "row": "T", "state": "off" },
                { "row": "X", "state": "without a value" },
            ],
        })
    );
    let decision = decider.decide(day(), &case).unwrap();
    let rank = decision.ranks().next().unwrap();
    assert_eq!((rank.name, rank.state), ("offers", TableState::Rows));
    assert_eq!(rank.candidates[1].state, CandidateState::Kept(2));
    assert_eq!(decision.to_owned().rows("offers"), ["C", "L"]);

    // The cells of an expression, the first that does not hold, and a missing value
    let case = with(&[
        ("age", json!(70)),
        ("ranked", json!(true)),
        ("floor", json!("100")),
    ]);
    let json = record(&mut decider, &case);
    let candidates = json["ranks"]["offers"]["candidates"].as_array().unwrap();
    let of = |row: &str| candidates.iter().find(|one| one["row"] == row).unwrap();
    assert_eq!(of("M")["closed_by"], json!(["age", "21 to 60"]));
    assert_eq!(of("S")["closed_by"], json!(["debt * 2", "below 300"]));
    assert_eq!(of("C")["state"], "below the floor");
}
