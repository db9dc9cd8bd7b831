//! What lies outside of a model's training: told alike whatever follows of it, and looked
//! at where the policy says so.

use krites::{Date, Engine, Envelope, LoadErrorKind, ModelFaultKind, Release, ReleaseBuilder};
use serde_json::{Value, json};

use crate::hosted::hosted;

const CARD: &str = r#"{ "training": { "ranges": { "x": [18, 75] } } }"#;

fn builder(said: &str, shadow: &str) -> ReleaseBuilder {
    let text = format!(
        r#"
policy loans {{ version "1"; on fault refer }}
enum Outcome {{ approve < refer < decline }}
input {{ age : integer in 0 to 120 }}
model risk from "risk" {{ feed {{ x = age }}; give p : decimal in 0 to 1 = y{said} }}
model challenger from "risk" shadow {{ feed {{ x = age + 1 }}; give p : decimal = y{shadow} }}
decide outcome : Outcome most severe {{
    rule risky when risk.p > 8% then decline
    rule rest otherwise then approve
}}
"#
    );
    Release::builder().policy("loans.krites", text).host_model(
        "risk",
        hosted(|_| Ok(0.5)).0,
        b"risk",
    )
}

fn refused(builder: ReleaseBuilder) -> Vec<String> {
    let Err(error) = builder.build() else {
        panic!("it is taken");
    };
    match error.kind() {
        LoadErrorKind::Policies { errors } => {
            let found = errors.iter().flat_map(|policy| &policy.diagnostics);
            found.map(|found| found.code.to_string()).collect()
        }
        other => panic!("{other}"),
    }
}

/// What a case comes to
#[derive(Debug, PartialEq)]
struct Came {
    outcome: String,
    told: Vec<(String, Vec<String>)>,
    /// Of the record: what each model has outside, and the kinds of faults
    recorded: Vec<Value>,
    kinds: Vec<Value>,
    counted: u64,
}

fn came(said: &str, shadow: &str, age: u32) -> Came {
    let builder = builder(said, shadow).file("risk.card.json", CARD);
    let engine = Engine::new(builder.build().unwrap_or_else(|error| panic!("{error}")));
    let today = Date::new(2026, 11, 22).unwrap();
    let mut decider = engine.decider("loans").unwrap();
    // What a case before it left is no part of it.
    decider.decide(today, &json!({ "age": 120 })).unwrap();
    let before = counted(&engine);
    let decision = decider.decide(today, &json!({ "age": age })).unwrap();
    let record = serde_json::to_value(decision.record(Envelope::default())).unwrap();
    let all = |list: &str, field: &str| -> Vec<Value> {
        let found = record[list].as_array().unwrap().iter();
        found.map(|one| one[field].clone()).collect()
    };
    let told = decision.outside_training().map(|(model, columns)| {
        let columns = columns.into_iter().map(str::to_owned);
        (model.to_owned(), columns.collect())
    });
    Came {
        outcome: decision.outcome().to_owned(),
        told: told.collect(),
        recorded: all("models", "outside_training"),
        kinds: all("faults", "kind"),
        counted: counted(&engine) - before,
    }
}

fn counted(engine: &Engine) -> u64 {
    let release = engine.deployment().release().clone();
    let counts = release.models()["risk"].fault_counts();
    assert_eq!(counts.total(), counts.of(ModelFaultKind::OutsideTraining));
    counts.total()
}

const FAULT: &str = "; outside training range fault";
const RECORD: &str = "; outside training range record";

#[test]
fn a_fault_and_a_record_tell_the_same_columns() {
    let x = || vec!["x".to_owned()];
    let none = || Value::Null;
    let kind = || json!(ModelFaultKind::OutsideTraining.name());
    let expected = |outcome: &str, outside: [bool; 2], faults: u64| {
        let models = ["risk", "challenger"].into_iter().zip(outside);
        Came {
            outcome: outcome.to_owned(),
            told: models
                .clone()
                .filter(|(_, is)| *is)
                .map(|(model, _)| (model.to_owned(), x()))
                .collect(),
            recorded: models
                .map(|(_, is)| if is { json!(["x"]) } else { none() })
                .collect(),
            kinds: (0..faults).map(|_| kind()).collect(),
            counted: faults,
        }
    };
    // The bounds are inside.
    assert_eq!(came(FAULT, FAULT, 18), expected("decline", [false; 2], 0));
    assert_eq!(came(FAULT, FAULT, 74), expected("decline", [false; 2], 0));
    // The challenger is fed one more, and leads to nothing.
    let alone = [false, true];
    assert_eq!(came(FAULT, FAULT, 75), expected("decline", alone, 1));
    assert_eq!(came(FAULT, RECORD, 75), expected("decline", alone, 0));
    assert_eq!(came(FAULT, "", 75), expected("decline", [false; 2], 0));
    assert_eq!(came(FAULT, FAULT, 76), expected("refer", [true; 2], 2));
    assert_eq!(came(RECORD, FAULT, 76), expected("decline", [true; 2], 1));
    assert_eq!(came(RECORD, RECORD, 5), expected("decline", [true; 2], 0));
    assert_eq!(came(FAULT, RECORD, 17), expected("refer", [true, false], 1));
}

#[test]
fn a_card_with_ranges_wants_a_word_and_a_word_wants_ranges() {
    let card = |said| builder(said, "").file("risk.card.json", CARD);
    assert_eq!(refused(card("")), ["K0660"]);
    assert_eq!(refused(builder(FAULT, "")), ["K0661"]);
    let bare = r#"{ "owner": "Risk" }"#;
    assert_eq!(
        refused(builder(FAULT, RECORD).file("risk.card.json", bare)),
        ["K0661"; 2]
    );
    // A card that comes, goes or changes is looked at anew.
    let with = card(FAULT).build().unwrap();
    let other = with
        .derive()
        .host_model("risk", hosted(|_| Ok(0.5)).0, b"other");
    assert_eq!(refused(other), ["K0661"]);
    let narrow = CARD.replace("75", "40");
    let derived = with
        .derive()
        .file("risk.card.json", narrow)
        .build()
        .unwrap();
    let today = Date::new(2026, 11, 22).unwrap();
    let mut outcomes = Vec::new();
    for release in [with, derived] {
        let engine = Engine::new(release);
        let decision = engine
            .decide("loans", today, &json!({ "age": 41 }))
            .unwrap();
        outcomes.push(decision.outcome().to_owned());
    }
    assert_eq!(outcomes, ["decline", "refer"]);
}

#[test]
fn what_is_recorded_allocates_no_more_than_what_lies_inside() {
    let builder = builder(RECORD, RECORD).file("risk.card.json", CARD);
    let engine = Engine::new(builder.build().unwrap_or_else(|error| panic!("{error}")));
    let today = Date::new(2026, 11, 22).unwrap();
    let mut decider = engine.decider("loans").unwrap();
    let cases = [json!({ "age": 40 }), json!({ "age": 90 })];
    let mut outside = Vec::new();
    for case in &cases {
        let decision = decider.decide(today, case).unwrap();
        outside.push(decision.outside_training().count());
    }
    assert_eq!(outside, [0, 2]);
    let mut allocated = cases.iter().map(|case| {
        let counted = allocation_counter::measure(|| {
            decider.decide(today, case).unwrap();
        });
        counted.count_total
    });
    let (inside, outside) = (allocated.next(), allocated.next());
    assert_eq!(inside, outside);
}
