//! The engine as a host sees it: the same facts give the same bytes however they
//! come in; private values stay inside; models, faults and waiting cases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "support/hosted.rs"]
mod hosted;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use krites::lang::{EvalErrorKind, InputProblem, ModelState};
use krites::{
    BindProblem, Case, Date, DecideError, Decider, Engine, Envelope, RECORD_FORMAT, Release, Step,
    UnknownFields,
};
use krites_model::testing::ModelBuilder;
use krites_model::{ElementType, ModelError};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use hosted::hosted;

fn day() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

fn build(text: &str) -> Release {
    match Release::builder().policy("sample.krites", text).build() {
        Ok(release) => release,
        Err(error) => panic!("{error}"),
    }
}

/// A policy that gives back what it is given
const ECHO: &str = r#"
policy echo { version "1" }

enum Outcome { accept < refuse }
enum Housing { rent = "RENT", own = "OWN" }

input {
    applicant.age     : integer in 0 to 120
    applicant.housing : Housing
    applicant.since   : date
    applicant.member  : boolean default false
    applicant.name    : text private
    loan.amount       : money(EUR) in 0 to 100_000
    loan.rate         : percent
    ratio             : decimal
    remark            : text?
}

decide outcome : Outcome most severe {
    rule young when applicant.age < 18 then refuse
    rule rest otherwise then accept
}

output {
    age     : integer = applicant.age
    housing : Housing = applicant.housing
    since   : date = applicant.since
    member  : boolean = applicant.member
    amount  : money(EUR) = loan.amount
    rate    : percent = loan.rate
    ratio_  : decimal = ratio
    remark_ : text? = remark
}
"#;

#[derive(Clone, Serialize)]
struct Facts {
    applicant: Applicant,
    loan: Loan,
    ratio: f64,
    remark: Option<String>,
}

#[derive(Clone, Serialize)]
struct Applicant {
    age: u8,
    housing: Housing,
    since: String,
    name: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
enum Housing {
    #[serde(rename = "RENT")]
    Rent,
    #[serde(rename = "OWN")]
    Own,
}

#[derive(Clone, Serialize)]
struct Loan {
    amount: Decimal,
    rate: f64,
}

fn facts() -> Facts {
    Facts {
        applicant: Applicant {
            age: 34,
            housing: Housing::Own,
            since: "2019-02-28".to_owned(),
            name: "Ada",
        },
        loan: Loan {
            amount: Decimal::new(123_450, 2),
            rate: 0.049,
        },
        ratio: 0.1,
        remark: None,
    }
}

const JSON: &str = r#"{
    "applicant": { "age": 34, "housing": "OWN", "since": "2019-02-28", "name": "Ada" },
    "loan": { "amount": 1234.5, "rate": 0.049 },
    "ratio": 0.1,
    "remark": null
}"#;

const HEADER: [&str; 8] = [
    "applicant.age",
    "applicant.housing",
    "applicant.since",
    "applicant.name",
    "loan.amount",
    "loan.rate",
    "ratio",
    "remark",
];

const ROW: [&str; 8] = [
    "34",
    "OWN",
    "2019-02-28",
    "Ada",
    "1234.50",
    "4.9%",
    "0.10",
    "",
];

fn decider(text: &str, policy: &str) -> Decider {
    Engine::new(build(text)).decider(policy).unwrap()
}

#[test]
fn the_same_facts_give_the_same_bytes_however_they_come_in() {
    let mut decider = decider(ECHO, "echo");
    let typed = decider.decide(day(), &facts()).unwrap().canonical();
    assert_eq!(
        std::str::from_utf8(&typed).unwrap(),
        "{\"format\":2,\"policy\":\"echo\",\"version\":\"1\",\"decision_date\":\"2026-11-22\",\
         \"outcome\":\"accept\",\"decided\":{},\"outputs\":{\"age\":\"34\",\"housing\":\"OWN\",\
         \"since\":\"2019-02-28\",\"member\":false,\"amount\":\"1234.5\",\"rate\":\"0.049\",\
         \"ratio_\":\"0.1\",\"remark_\":null},\"reasons\":[],\"tags\":[],\"spoken\":[{\"by\":\"outcome.rest\",\
         \"for\":\"accept\",\"because\":null}],\"answers\":{}}"
    );

    let text = decider.decide_json(day(), JSON).unwrap().canonical();
    assert_eq!(text, typed, "JSON text");

    let nested: BTreeMap<String, Value> = serde_json::from_str(JSON).unwrap();
    let map = decider.decide(day(), &nested).unwrap().canonical();
    assert_eq!(map, typed, "a map of maps");

    let dotted: BTreeMap<&str, Value> = BTreeMap::from([
        ("applicant.age", json!(34)),
        ("applicant.housing", json!("OWN")),
        ("applicant.since", json!("2019-02-28")),
        ("applicant.name", json!("Ada")),
        ("loan.amount", json!("1234.50")),
        ("loan.rate", json!("4.9%")),
        ("ratio", json!("0.1")),
    ]);
    let flat = decider.decide(day(), &dotted).unwrap().canonical();
    assert_eq!(flat, typed, "a map with dotted names");

    let columns = decider.columns(HEADER).unwrap();
    let row = csv::StringRecord::from(ROW.to_vec());
    let row = decider
        .decide_row(day(), &columns, &row)
        .unwrap()
        .canonical();
    assert_eq!(row, typed, "a row");
}

#[test]
fn numbers_enter_exactly() {
    const NUMBERS: &str = r#"
policy numbers { version "1" }
enum Outcome { accept < refuse }
input { x : decimal }
decide outcome : Outcome most severe { rule rest otherwise then accept }
output { y : decimal = x }
"#;
    #[derive(Serialize)]
    struct Of<T> {
        x: T,
    }
    fn typed<T: Serialize>(decider: &mut Decider, x: T) -> String {
        match decider.decide(day(), &Of { x }) {
            Ok(decision) => decision.output("y").unwrap().to_string(),
            Err(error) => error.to_string(),
        }
    }
    let mut decider = decider(NUMBERS, "numbers");
    for (given, expected) in [
        (0.1_f64, "0.1"),
        (1e-7, "0.0000001"),
        (1.0 / 3.0, "0.3333333333333333"),
        (123_456_789.123_456_79, "123456789.12345679"),
        (0.1 + 0.2, "0.30000000000000004"),
        (-0.0, "0"),
        (1e15, "1000000000000000"),
        (5e-324, "0"),
        (f64::NAN, "`x`: the number is not finite"),
        (f64::NEG_INFINITY, "`x`: the number is not finite"),
        (1e300, "`x`: the number is too large or has too many digits"),
    ] {
        assert_eq!(typed(&mut decider, given), expected, "f64 {given:e}");
    }
    assert_eq!(typed(&mut decider, 0.1_f32), "0.1");
    assert_eq!(typed(&mut decider, u64::MAX), "18446744073709551615");
    assert_eq!(typed(&mut decider, Decimal::new(10, 2)), "0.1");
    for (given, expected) in [
        ("0.1", "0.1"),
        ("0.10", "0.1"),
        ("1e-7", "0.0000001"),
        ("1E2", "100"),
        ("-0", "0"),
        (
            "0.1000000000000000055511151231",
            "0.1000000000000000055511151231",
        ),
        (
            "1234567890123456789012345678",
            "1234567890123456789012345678",
        ),
        (
            "12345678901234567890123456789",
            "`x`: the number is too large or has too many digits",
        ),
        (
            "1e400",
            "`x`: the number is too large or has too many digits",
        ),
    ] {
        let json = format!("{{\"x\":{given}}}");
        let found = match decider.decide_json(day(), &json) {
            Ok(decision) => decision.output("y").unwrap().to_string(),
            Err(error) => error.to_string(),
        };
        assert_eq!(found, expected, "JSON {given}");
    }
}

#[test]
fn repeated_decisions_give_the_same_bytes_on_every_thread() {
    let engine = Engine::new(build(ECHO));
    let first = engine
        .decider("echo")
        .unwrap()
        .decide(day(), &facts())
        .unwrap()
        .canonical();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut decider = engine.decider("echo").unwrap();
                for turn in 0..200 {
                    // Another case in between leaves nothing behind.
                    let mut other = facts();
                    other.applicant.age = turn % 120;
                    other.remark = Some("something".to_owned());
                    decider.decide(day(), &other).unwrap();
                    let _ = decider.decide_json(day(), "{\"applicant\":{\"age\":200}}");
                    let decision = decider.decide(day(), &facts()).unwrap();
                    assert_eq!(decision.canonical(), first);
                    let record = decision.record(Envelope::default());
                    assert_eq!(record.canonical(), first);
                }
            });
        }
    });
    // The pool says the same in its words.
    let mut decider = engine.decider("echo").unwrap();
    for _ in 0..3 {
        let owned = engine.decide("echo", day(), &facts()).unwrap();
        let decision = decider.decide(day(), &facts()).unwrap();
        let recorded = engine.decide_with("echo", day(), &facts(), |decision| {
            decision.record(Envelope::default()).canonical().to_vec()
        });
        assert_eq!(recorded.unwrap(), decision.canonical());
        assert_eq!(owned.outcome(), decision.outcome());
        assert_eq!(owned.policy(), decision.policy());
        assert_eq!(owned.models_run(), [""; 0]);
        for (name, value) in decision.outputs() {
            let value = value.map(|value| value.to_string());
            assert_eq!(owned.output(name), value.as_deref(), "{name}");
        }
    }
}

/// Every type of value, private
const PRIVATE: &str = r#"
policy secret { version "1" }
enum Outcome { accept < refuse }
enum Sex { female, male }
input {
    whole  : integer in 0 to 100 private
    amount : money(EUR) in 0 to 100 private
    share  : percent private
    sex    : Sex private
    name   : text private
    born   : date private
    yes    : boolean private
    open   : integer
}
define { product : integer = whole * 2 }
decide outcome : Outcome most severe {
    rule old when product > 100 then refuse
    rule ada when name is "Ada" then refuse
    rule rest otherwise then accept
}
"#;

fn private_facts() -> BTreeMap<&'static str, Value> {
    BTreeMap::from([
        ("whole", json!(77)),
        ("amount", json!("77.77")),
        ("share", json!("77%")),
        ("sex", json!("female")),
        ("name", json!("Rumpelstilzchen")),
        ("born", json!("1977-07-17")),
        ("yes", json!(true)),
        ("open", json!(5)),
    ])
}

#[test]
fn private_values_stand_in_no_record() {
    let mut decider = decider(PRIVATE, "secret");
    let decision = decider.decide(day(), &private_facts()).unwrap();
    let record = decision.record(Envelope::default());
    let json = serde_json::to_value(&record).unwrap();
    for secret in ["77", "female", "Rumpelstilzchen", "1977"] {
        let inputs = json["inputs"].to_string();
        assert!(!inputs.contains(secret), "`{secret}` is in {inputs}");
    }
    for secret in ["female", "Rumpelstilzchen", "1977-07-17", "77.77"] {
        let all = json.to_string();
        assert!(!all.contains(secret), "`{secret}` is in {all}");
        let debug = format!("{record:?}");
        assert!(!debug.contains(secret), "`{secret}` is in {debug}");
    }
    assert_eq!(
        json["inputs"]["name"],
        json!({"state": "given", "private": true})
    );
    assert_eq!(
        json["inputs"]["open"],
        json!({"state": "given", "private": false, "value": "5"})
    );
}

#[test]
fn private_values_stand_in_no_error() {
    // A secret that the type of the input refuses.
    let wrong = [
        ("whole", json!("S3CRET9")),
        ("whole", json!(987_654)),
        ("whole", json!(98.7654)),
        ("whole", json!("9876549876549876549876549876549876")),
        ("amount", json!("S3CRET9")),
        ("amount", json!(987_654)),
        ("amount", json!("9.87654")),
        ("share", json!("S3CRET9")),
        ("sex", json!("S3CRET9")),
        ("sex", json!(987_654)),
        ("name", json!(987_654)),
        ("name", json!({"S3CRET9": 1})),
        ("name", json!(["S3CRET9"])),
        ("born", json!("S3CRET9")),
        ("born", json!(987_654)),
        ("yes", json!("S3CRET9")),
        ("yes", json!(987_654)),
    ];
    let mut decider = decider(PRIVATE, "secret");
    for (field, value) in wrong {
        let mut facts = private_facts();
        facts.insert(field, value.clone());
        let typed = decider.decide(day(), &facts).err();
        let json = serde_json::to_string(&facts).unwrap();
        let text = decider.decide_json(day(), &json).err();
        let shown = match &value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let columns = decider.columns(facts.keys().copied()).unwrap();
        let row = facts.values().map(|value| match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        });
        let row: csv::StringRecord = row.collect();
        let row = decider.decide_row(day(), &columns, &row).err();
        for (way, error) in [("typed", typed), ("JSON", text), ("row", row)] {
            // A field of a row is text: any value is one.
            let Some(error) = error else {
                assert!(way == "row" && field == "name", "{way}: {field} = {shown}");
                continue;
            };
            for words in [error.to_string(), format!("{error:?}")] {
                for secret in ["S3CRET9", "987", "9.87"] {
                    assert!(!words.contains(secret), "{way}: {field} = {shown}: {words}");
                }
                assert!(words.contains(field), "{way}: {field} = {shown}: {words}");
            }
        }
    }
    // A text that is no JSON where the secret stands.
    for json in [
        r#"{"name": "S3CRET9"#,
        r#"{"name": "S3CRET9" "open": 1}"#,
        r#"{"name": S3CRET9}"#,
        r#""S3CRET9""#,
        r#"["S3CRET9"]"#,
        r#"{"name": "S3CRET9\uD800"}"#,
    ] {
        let error = decider.decide_json(day(), json).unwrap_err();
        for words in [error.to_string(), format!("{error:?}")] {
            assert!(!words.contains("S3CRET9"), "{json}: {words}");
        }
    }
}

#[test]
fn facts_that_do_not_fit_are_refused_in_the_policys_words() {
    let mut decider = decider(ECHO, "echo");
    let cases: &[(&str, &str, &str)] = &[
        (
            "\"age\": 34",
            "\"agee\": 34",
            "there is no input `applicant.agee`; did you mean `applicant.age`?",
        ),
        (
            "\"ratio\": 0.1",
            "\"ratio\": 0.1, \"zzz\": 1",
            "there is no input `zzz`",
        ),
        (
            "\"age\": 34",
            "\"age\": 134",
            "`applicant.age`: 134 lies outside the range 0 to 120",
        ),
        (
            "\"age\": 34",
            "\"age\": \"old\"",
            "`applicant.age`: expected a whole number, got \"old\"",
        ),
        (
            "\"age\": 34",
            "\"age\": 34, \"age\": 34",
            "`applicant.age`: it is given twice",
        ),
        (
            "\"age\": 34,",
            "",
            "`applicant.age`: it is required and was not given",
        ),
        (
            "\"age\": 34",
            "\"age\": null",
            "`applicant.age`: it may not be missing",
        ),
        (
            "\"OWN\"",
            "\"CASTLE\"",
            "`applicant.housing`: \"CASTLE\" is not one of RENT, OWN",
        ),
        (
            "1234.5,",
            "1234.567,",
            "`loan.amount`: 1234.567 has more than 2 digits behind the point",
        ),
        (
            "\"2019-02-28\"",
            "\"2019-02-29\"",
            "`applicant.since`: 2019-02-29 is no day of the calendar",
        ),
    ];
    for (from, to, expected) in cases {
        let json = JSON.replace(from, to);
        assert_ne!(json, JSON, "{from}");
        let error = decider.decide_json(day(), &json).unwrap_err();
        assert_eq!(error.to_string(), *expected, "{to}");
        assert!(matches!(error, DecideError::Facts(_)));
    }
    // The decider decides on after each refusal, and refuses as data.
    decider.decide_json(day(), JSON).unwrap();
    let error = decider
        .decide_json(day(), &JSON.replace("34", "134"))
        .unwrap_err();
    let DecideError::Facts(error) = error else {
        panic!("{error}");
    };
    let BindProblem::Input(input) = error.problem() else {
        panic!("{error}");
    };
    assert_eq!(input.field(), "applicant.age");
    assert!(matches!(input.problem(), InputProblem::OutsideRange { .. }));
    // Fields that nobody declares are passed over where the host says so.
    let mut lenient = decider.unknown_fields(UnknownFields::Ignore);
    let json = JSON.replace("\"ratio\"", "\"zzz\": [1, {}], \"ratio\"");
    lenient.decide_json(day(), &json).unwrap();
}

#[test]
fn a_policy_that_is_not_there_and_columns_of_another_are_refused() {
    let engine = Engine::new(build(ECHO));
    let error = engine.decide("ecco", day(), &facts()).unwrap_err();
    assert!(matches!(&error, DecideError::NoSuchPolicy { policy } if policy == "ecco"));
    assert_eq!(error.to_string(), "the release has no policy `ecco`");
    assert!(matches!(
        engine.open("ecco", day(), &facts(), &[]).err(),
        Some(DecideError::NoSuchPolicy { .. })
    ));
    let mut decider = engine.decider("echo").unwrap();
    let error = decider.columns(["ratio", "remark"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the header lacks the required columns `applicant.age`, `applicant.housing`, \
         `applicant.since`, `applicant.name`, `loan.amount`, `loan.rate`"
    );
    let error = decider.columns(["ratio", "ratio"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "column `ratio` stands twice in the header"
    );
    let columns = decider.columns(HEADER).unwrap();
    let short = csv::StringRecord::from(vec!["34"]);
    let error = decider.decide_row(day(), &columns, &short).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the header has 8 columns, the row has 1 fields"
    );
    // Another version of the policy reads its header anew.
    engine
        .publish(build(&ECHO.replace("version \"1\"", "version \"2\"")))
        .unwrap();
    let row = csv::StringRecord::from(ROW.to_vec());
    let error = decider.decide_row(day(), &columns, &row).unwrap_err();
    assert_eq!(error.to_string(), "the header was read for another policy");
    let columns = decider.columns(HEADER).unwrap();
    let decision = decider.decide_row(day(), &columns, &row).unwrap();
    assert_eq!(decision.policy().1, Some("2"));
}

#[test]
fn outputs_are_read_into_the_hosts_type() {
    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Outcome {
        Accept,
        Refuse,
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Outputs {
        outcome: Outcome,
        age: u8,
        housing: Housing,
        since: String,
        member: bool,
        amount: Decimal,
        rate: f64,
        ratio_: Decimal,
        remark_: Option<String>,
    }
    let mut decider = decider(ECHO, "echo");
    let decision = decider.decide(day(), &facts()).unwrap();
    let outputs: Outputs = decision.outputs_into().unwrap();
    let expected = Outputs {
        outcome: Outcome::Accept,
        age: 34,
        housing: Housing::Own,
        since: "2019-02-28".to_owned(),
        member: false,
        amount: Decimal::new(12_345, 1),
        rate: 0.049,
        ratio_: Decimal::new(1, 1),
        remark_: None,
    };
    assert_eq!(outputs, expected);

    #[derive(Debug, Deserialize)]
    struct Strict {
        #[expect(dead_code, reason = "it is never there")]
        remark_: String,
    }
    let error = decision.outputs_into::<Strict>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "output `remark_` is missing, and the field that takes it may not be"
    );
    #[derive(Debug, Deserialize)]
    struct Misspelt {
        #[expect(dead_code, reason = "it is never there")]
        amoumt: f64,
    }
    let error = decision.outputs_into::<Misspelt>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the policy gives no output `amoumt`; did you mean `amount`?"
    );
}

/// A policy in which rules decide first, and the model is read four times
const RISK: &str = r#"
policy risk { version "1" }
reason M01 "The model did not answer"
reason R01 "Too young"
enum Outcome { approve < refer < decline }
input {
    age   : integer in 0 to 120
    extra : integer?
    note  : text default "none"
}
model score from "score" {
    feed { x = age }
    give p : decimal in 0 to 1 = y
    within 20 ms
    on fault refer because M01
}
define { twice : decimal = score.p * 2 }
table terms first match -> verdict : Outcome {
    | score.p   | twice   | verdict |
    |-----------|---------|---------|
    | below 0.5 | below 1 | approve |
    | any       | any     | decline |
}
rules knock_outs all { rule young when age < 18 then decline because R01 }
decide outcome : Outcome most severe {
    evaluate knock_outs
    stop once decline
    rule high when score.p > 0.9 then decline
    evaluate terms.verdict
}
reasons at most 3 { for refer, decline : rules that spoke }
"#;

/// A release of it with a model of the host, and how often that is called.
fn released(
    answer: impl Fn() -> Result<f32, ModelError> + Send + Sync + 'static,
) -> (Release, Arc<AtomicU64>) {
    let (model, calls) = hosted(move |call| {
        assert_eq!(call.within, Some(Duration::from_millis(20)));
        answer()
    });
    let release = Release::builder()
        .policy("risk.krites", RISK)
        .host_model("score", model, b"1")
        .build();
    match release {
        Ok(release) => (release, calls),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_model_is_asked_once_and_only_where_rules_leave_it_the_case() {
    let (release, calls) = released(|| Ok(0.25));
    let mut decider = Engine::new(release).decider("risk").unwrap();
    let decision = decider.decide(day(), &json!({"age": 30})).unwrap();
    assert_eq!(decision.outcome(), "approve");
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    let states: Vec<_> = decision.models().collect();
    assert_eq!(states, [("score", ModelState::Answered)]);

    let decision = decider.decide(day(), &json!({"age": 17})).unwrap();
    assert_eq!(decision.outcome(), "decline");
    assert_eq!(calls.load(Ordering::SeqCst), 1, "the rules had decided");
    let states: Vec<_> = decision.models().collect();
    assert_eq!(states, [("score", ModelState::NotRun)]);
    assert_eq!(decision.answers().collect::<Vec<_>>(), [("score.p", None)]);
}

#[test]
fn a_model_that_fails_leads_to_the_declared_handling() {
    type Answers = fn() -> Result<f32, ModelError>;
    let cases: &[(Answers, &str)] = &[
        (
            || {
                Err(ModelError::Failed {
                    detail: "the scorer is down".to_owned(),
                })
            },
            "`score`: the model failed: the scorer is down",
        ),
        (
            || Err(ModelError::Late { within_ms: 20 }),
            "`score`: it did not answer in time",
        ),
        (
            || Err(ModelError::Busy),
            "`score`: all its sessions are busy",
        ),
        (|| Ok(f32::NAN), "`score`: `score.p` is not a finite number"),
        (
            || Ok(f32::INFINITY),
            "`score`: `score.p` is not a finite number",
        ),
        (
            || Ok(1.5),
            "`score`: `score.p` lies outside the promised range",
        ),
        (
            || Ok(-0.001),
            "`score`: `score.p` lies outside the promised range",
        ),
    ];
    for (answers, words) in cases {
        let (release, calls) = released(answers);
        let mut decider = Engine::new(release).decider("risk").unwrap();
        let decision = decider.decide(day(), &json!({"age": 30})).unwrap();
        assert_eq!(decision.outcome(), "refer", "{words}");
        let reasons: Vec<_> = decision.reasons().map(|reason| reason.code).collect();
        assert_eq!(reasons, ["M01"], "{words}");
        assert_eq!(calls.load(Ordering::SeqCst), 1, "{words}");
        let record = serde_json::to_value(decision.record(Envelope::default())).unwrap();
        assert_eq!(record["models"][0]["state"], "fault", "{words}");
        assert_eq!(record["models"][0]["backend"], "scorer 2.1");
        let faults = record["faults"].as_array().unwrap();
        assert!(
            faults.iter().any(|fault| fault["fault"] == *words),
            "{words}: {faults:?}"
        );
        let spoke: Vec<_> = decision.spoken().collect();
        assert!(
            spoke
                .iter()
                .any(|voice| voice.fault && voice.name == "score"),
            "{spoke:?}"
        );
        // The next case finds nothing of it.
        let next = decider.decide(day(), &json!({"age": 17})).unwrap();
        assert_eq!(next.faults().count(), 0);
    }
    // A hair outside of the bound is the bound.
    let (release, _) = released(|| Ok(1.000_000_5));
    let mut decider = Engine::new(release).decider("risk").unwrap();
    let decision = decider.decide(day(), &json!({"age": 30})).unwrap();
    let (_, answer) = decision.answers().next().unwrap();
    assert_eq!(answer.unwrap().to_string(), "1");
}

#[test]
fn a_fault_that_nothing_handles_names_its_rule() {
    const FAULT: &str = r#"
policy fault { version "1" }
enum Outcome { accept < refuse }
input {
    a : integer
    b : integer?
}
rules grade all {
    rule doubled when a * 2 > 10 then refuse
}
decide outcome : Outcome most severe {
    evaluate grade
    rule rest otherwise then accept
}
output {
    when outcome is accept { c : integer = b if missing fault }
}
"#;
    let mut decider = decider(FAULT, "fault");
    let error = decider
        .decide(day(), &json!({"a": i64::MAX, "b": 1}))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`grade.doubled` could not be computed and no `on fault` says what follows: \
         the result is too large or needs more than 28 digits"
    );
    let DecideError::Eval(error) = error else {
        panic!("{error}");
    };
    let EvalErrorKind::Unhandled { speaker, fault } = error.kind() else {
        panic!("{error}");
    };
    assert_eq!(&**speaker, "grade.doubled");
    let part = |release: &Release| release.policy("fault").unwrap().part().clone();
    let place = part(&build(FAULT)).sources().describe(&fault.span.into());
    assert!(place.starts_with("sample.krites:9"), "{place}");

    let error = decider.decide(day(), &json!({"a": 1})).unwrap_err();
    assert_eq!(
        error.to_string(),
        "output `c` could not be computed: a value is missing"
    );
    let decision = decider.decide(day(), &json!({"a": 1, "b": 2})).unwrap();
    assert_eq!(decision.output("c").unwrap().to_string(), "2");
}

#[test]
fn the_record_says_what_decided_and_from_what() {
    let onnx = ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 1])
        .output("y", ElementType::Float, &[-1, 1])
        .floats("hundredth", &[1], &[0.01])
        .node("Mul", &["x", "hundredth"], &["y"], &[])
        .build();
    let release = Release::builder()
        .policy("risk.krites", RISK)
        .model("score", onnx)
        .build()
        .unwrap();
    let (fingerprint, policy_hash, model_hash) = {
        let policy = release.policy("risk").unwrap();
        (
            release.fingerprint().to_string(),
            policy.part().hash().to_string(),
            policy.models()[0].hash().to_string(),
        )
    };
    assert_eq!(fingerprint.len(), 64);
    let mut decider = Engine::new(release).decider("risk").unwrap();
    let decision = decider.decide(day(), &json!({"age": 95})).unwrap();
    let envelope = Envelope {
        id: Some("case 7".to_owned()),
        decided_at: Some("2026-11-22T10:00:00Z".to_owned()),
        host: None,
        duration_ns: Some(840),
    };
    let record = decision.record(envelope);
    let canonical = String::from_utf8(record.canonical().to_vec()).unwrap();
    let json = serde_json::to_value(&record).unwrap();
    assert_eq!(
        json,
        json!({
            "format": RECORD_FORMAT,
            "envelope": {
                "id": "case 7",
                "decided_at": "2026-11-22T10:00:00Z",
                "host": null,
                "duration_ns": 840,
            },
            "release": fingerprint,
            "policy": { "name": "risk", "version": "1", "hash": policy_hash },
            "models": [{
                "name": "score",
                "file": "score",
                "hash": model_hash,
                "backend": "native",
                "state": "answered",
            }],
            "files": [],
            "inputs": {
                "age": { "state": "given", "private": false, "value": "95" },
                "extra": { "state": "missing", "private": false },
                "note": { "state": "defaulted", "private": false, "value": "none" },
            },
            "tables": { "terms": { "state": "asked", "rows": ["2"] } },
            "rules": {
                "knock_outs.young": "not fired",
                "outcome.high": "fired",
            },
            "shadow_rules": {},
            "always": {},
            "faults": [],
            "result": canonical,
        })
    );
    let result: Value = serde_json::from_str(&canonical).unwrap();
    assert_eq!(result["outcome"], "decline");
    assert_eq!(result["decision_date"], "2026-11-22");
    assert_eq!(result["answers"], json!({"score.p": "0.95"}));
    assert_eq!(
        result["spoken"],
        json!([
            {"by": "outcome.high", "for": "decline", "because": null},
            {"by": "terms", "row": "2", "for": "decline", "because": null},
        ])
    );
    // The envelope lies outside of what replay compares.
    let other = decision.record(Envelope::default());
    assert_eq!(other.canonical(), canonical.as_bytes());
    // A rule that was never reached is not one that did not fire.
    let decision = decider.decide(day(), &json!({"age": 3})).unwrap();
    let json = serde_json::to_value(decision.record(Envelope::default())).unwrap();
    assert_eq!(json["rules"]["outcome.high"], "not asked");
    assert_eq!(json["models"][0]["state"], "not run");
}

/// A policy that asks for more where it must
const STAGED: &str = r#"
policy staged { version "1" }
enum Outcome { approve < refer < decline }
input {
    age           : integer in 0 to 120
    bureau.score  : integer in 0 to 999
    bureau.debt   : money(EUR)?
}
decide outcome : Outcome most severe {
    rule young when age < 18 then decline
    stop once decline
    rule thin when bureau.score < 300 then refer
    rule deep when bureau.debt is present and bureau.debt > 10_000 then refer
    rule rest otherwise then approve
}
"#;

#[test]
fn a_case_that_rules_decide_needs_nothing_more() {
    let engine = Engine::new(build(STAGED));
    let pending = ["bureau.score", "bureau.debt"];
    let mut case = engine
        .open("staged", day(), &json!({"age": 17}), &pending)
        .unwrap();
    let Step::Decided(decision) = case.step().unwrap() else {
        panic!("it waits");
    };
    assert_eq!(decision.outcome(), "decline");
    let record = serde_json::to_value(decision.record(Envelope::default())).unwrap();
    assert_eq!(record["inputs"]["bureau.score"]["state"], "pending");
    assert_eq!(record["inputs"]["bureau.debt"]["state"], "pending");
    assert_eq!(record["inputs"]["age"]["state"], "given");
}

#[test]
fn a_case_set_aside_goes_on_with_its_release_on_another_thread() {
    fn crosses<T: Send + 'static>(_: &T) {}
    let second = STAGED
        .replace("version \"1\"", "version \"2\"")
        .replace("< 300", "< 900");
    let engine = Engine::new(build(STAGED));
    let all = json!({"age": 40, "bureau": {"score": 500, "debt": "200.00"}});
    let at_once = engine
        .decider("staged")
        .unwrap()
        .decide(day(), &all)
        .unwrap()
        .canonical();

    let pending = ["bureau.score", "bureau.debt"];
    let mut case: Case = engine
        .open("staged", day(), &json!({"age": 40}), &pending)
        .unwrap();
    crosses(&case);
    match case.step().unwrap() {
        Step::Needs(needs) => assert_eq!(needs.fields(), ["bureau.score"]),
        Step::Decided(_) => panic!("nobody knows the score"),
    }
    // Asked again it says the same.
    assert!(
        matches!(case.step().unwrap(), Step::Needs(needs) if needs.fields() == ["bureau.score"])
    );

    engine.publish(build(&second)).unwrap();

    let staged = thread::spawn(move || {
        case.give(&json!({"bureau": {"score": 500}})).unwrap();
        match case.step().unwrap() {
            Step::Needs(needs) => assert_eq!(needs.fields(), ["bureau.debt"]),
            Step::Decided(_) => panic!("nobody knows the debt"),
        }
        case.give(&json!({"bureau.debt": "200.00"})).unwrap();
        match case.step().unwrap() {
            Step::Decided(decision) => (decision.canonical(), decision.policy().1 == Some("1")),
            Step::Needs(needs) => panic!("it waits for {needs}"),
        }
    });
    let (canonical, pinned) = staged.join().unwrap();
    assert!(pinned, "the case changed its release");
    assert_eq!(canonical, at_once);

    // A new case takes the new release.
    let now = engine.decide("staged", day(), &all).unwrap();
    assert_eq!((now.policy().1, now.outcome()), (Some("2"), "refer"));
}

#[test]
fn what_a_case_is_given_is_refused_without_harm() {
    let engine = Engine::new(build(STAGED));
    let pending = ["bureau.score", "bureau.debt"];
    let mut case = engine
        .open("staged", day(), &json!({"age": 40}), &pending)
        .unwrap();
    let refused = |case: &mut Case, facts: Value| case.give(&facts).unwrap_err().to_string();
    assert_eq!(
        refused(&mut case, json!({"age": 41})),
        "`age`: it is given twice"
    );
    assert_eq!(
        refused(&mut case, json!({"bureau": {"score": 1_000}})),
        "`bureau.score`: 1000 lies outside the range 0 to 999"
    );
    assert_eq!(
        refused(&mut case, json!({"bureau": {"scores": 1}})),
        "there is no input `bureau.scores`; did you mean `bureau.score`?"
    );
    // What comes with something refused is not taken either.
    assert_eq!(
        refused(&mut case, json!({"bureau": {"score": 100, "debt": "x"}})),
        "`bureau.debt`: expected an amount in EUR, got \"x\""
    );
    // A second attempt is as good as a first.
    assert!(
        matches!(case.step().unwrap(), Step::Needs(needs) if needs.fields() == ["bureau.score"])
    );
    case.give(&json!({"bureau": {"score": 500, "debt": null}}))
        .unwrap();
    match case.step().unwrap() {
        Step::Decided(decision) => assert_eq!(decision.outcome(), "approve"),
        Step::Needs(needs) => panic!("it waits for {needs}"),
    }
    // Names that are no inputs cannot be waited for.
    let error = engine
        .open("staged", day(), &json!({"age": 40}), &["bureau.scores"])
        .unwrap_err();
    assert!(error.to_string().contains("bureau.scores"), "{error}");
}

#[test]
fn what_a_case_went_on_without_cannot_be_given_later() {
    let engine = Engine::new(build(STAGED));
    let mut case = engine
        .open("staged", day(), &json!({"age": 40}), &["bureau.score"])
        .unwrap();
    let error = case.give(&json!({"bureau.debt": 1})).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`bureau.debt`: the case went on without it: it was not marked as pending"
    );
    case.give(&json!({"bureau.score": 500})).unwrap();
    let error = case.give(&json!({"bureau.score": 500})).unwrap_err();
    assert_eq!(error.to_string(), "`bureau.score`: it is given twice");
    match case.step().unwrap() {
        Step::Decided(decision) => assert_eq!(decision.outcome(), "approve"),
        Step::Needs(needs) => panic!("it waits for {needs}"),
    }
}
