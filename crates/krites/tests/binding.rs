//! Facts that are taken and facts that are refused, whatever they come as.
//!
//! `bind_corpus/*.cases` hold facts for the policy of the same name, as JSON; each case
//! is bound as JSON text, as bytes, as a value of serde_json, as maps, and as a row where
//! it is flat. `*.expected` tells what comes of it; ways that agree stand on one line.
//! `KRITES_BLESS=1` writes it anew.
//!
//! In a case `...` stands for the facts behind `base`, `<deep 65>` for so many lists
//! within each other, and `\xff` in a line `bytes …` for a byte.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use krites::{Date, DecideError, Decider, Decision, Engine, Envelope, Release, UnknownFields};
use serde_json::Value;

#[path = "binding/lists.rs"]
mod lists;

/// Facts of a case
struct Case {
    title: String,
    /// As JSON; not text where a case says so
    facts: Vec<u8>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bind_corpus")
}

fn cases(text: &str) -> Vec<Case> {
    let mut base = String::new();
    let mut all: Vec<Case> = Vec::new();
    for line in text.lines() {
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(facts) = line.strip_prefix("base ") {
            facts.clone_into(&mut base);
        } else if let Some(title) = line.strip_prefix("case ") {
            let (title, facts) = (title.to_owned(), Vec::new());
            all.push(Case { title, facts });
        } else {
            let case = all.last_mut().expect("a file begins with `case`");
            case.facts.extend(facts(line, &base));
        }
    }
    all
}

fn facts(line: &str, base: &str) -> Vec<u8> {
    let mut text = line.replace("...", base);
    if let Some((before, rest)) = text.clone().split_once("<deep ") {
        let (depth, after) = rest.split_once('>').unwrap();
        let depth: usize = depth.parse().unwrap();
        text = format!("{before}{}{}{after}", "[".repeat(depth), "]".repeat(depth));
    }
    let Some(bytes) = text.strip_prefix("bytes ") else {
        return text.into_bytes();
    };
    let mut parts = bytes.split("\\x");
    let mut found = parts.next().unwrap().as_bytes().to_vec();
    for part in parts {
        found.push(u8::from_str_radix(&part[..2], 16).unwrap());
        found.extend(&part.as_bytes()[2..]);
    }
    found
}

/// What came of a decision: the inputs that were given, or why there is none.
fn told(decided: Result<Decision<'_>, DecideError>) -> String {
    let decision = match decided {
        Ok(decision) => decision,
        Err(error) => return format!("refused: {error}"),
    };
    let record = serde_json::to_value(decision.record(Envelope::default())).unwrap();
    let mut words = Vec::new();
    for (name, input) in record["inputs"].as_object().unwrap() {
        match (input["state"].as_str().unwrap(), input["value"].as_str()) {
            ("missing", _) => {}
            (state, Some(value)) => words.push(format!("{name} = {value} ({state})")),
            (state, None) => words.push(format!("{name} = … ({state})")),
        }
    }
    let words = words.join(", ").replace(" (given)", "");
    format!("taken: {}", words.replace("(defaulted)", "by default"))
}

/// The facts as a row, where they are flat.
fn row(facts: &Value) -> Option<(Vec<String>, csv::StringRecord)> {
    let mut header = Vec::new();
    let mut fields = csv::StringRecord::new();
    for (name, value) in facts.as_object()? {
        header.push(name.clone());
        fields.push_field(&match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            Value::Bool(_) | Value::Number(_) => value.to_string(),
            Value::Array(_) | Value::Object(_) => return None,
        });
    }
    Some((header, fields))
}

/// What comes of a case in each way, unknown fields refused and passed over.
fn ways(engine: &Engine, policy: &str, case: &Case) -> Vec<(&'static str, String)> {
    let mut found = Vec::new();
    let day = Date::new(2026, 11, 22).unwrap();
    let decider = |unknown| {
        let decider = engine.decider(policy).unwrap();
        decider.unknown_fields(unknown)
    };
    let mut strict = decider(UnknownFields::Refuse);
    let mut lenient = decider(UnknownFields::Ignore);
    let bytes = told(strict.decide_json_bytes(day, &case.facts));
    found.push(("bytes", bytes));
    let Ok(text) = std::str::from_utf8(&case.facts) else {
        return found;
    };
    found.push(("json", told(strict.decide_json(day, text))));
    found.push(("json, lenient", told(lenient.decide_json(day, text))));
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return found;
    };
    let twice = |decider: &mut Decider, facts: &dyn erased::Facts| {
        let first = facts.decide(decider, day);
        assert_eq!(facts.decide(decider, day), first, "{}", case.title);
        first
    };
    found.push(("value", twice(&mut strict, &value)));
    found.push(("value, lenient", twice(&mut lenient, &value)));
    if let Value::Object(fields) = &value {
        let sorted: BTreeMap<String, Value> = fields.clone().into_iter().collect();
        found.push(("sorted map", twice(&mut strict, &sorted)));
        let hashed: HashMap<String, Value> = fields.clone().into_iter().collect();
        found.push(("hashed map, lenient", twice(&mut lenient, &hashed)));
    }
    if let Some((header, fields)) = row(&value) {
        for (way, decider) in [("row", &mut strict), ("row, lenient", &mut lenient)] {
            let words = match decider.columns(header.iter().map(String::as_str)) {
                Ok(columns) => told(decider.decide_row(day, &columns, &fields)),
                Err(error) => format!("refused: {error}"),
            };
            found.push((way, words));
        }
    }
    found
}

/// Facts of any type
mod erased {
    use krites::{Date, Decider};
    use serde::Serialize;

    pub(crate) trait Facts {
        fn decide(&self, decider: &mut Decider, day: Date) -> String;
    }

    impl<T: Serialize> Facts for T {
        fn decide(&self, decider: &mut Decider, day: Date) -> String {
            super::told(decider.decide(day, self))
        }
    }
}

#[test]
fn facts_are_taken_and_refused_alike_whatever_they_come_as() {
    let mut failures = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|found| found != "krites") {
            continue;
        }
        let name = path.file_stem().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&path).unwrap();
        let release = Release::builder().policy(name, text).build();
        let engine = Engine::new(release.unwrap_or_else(|error| panic!("{name}: {error}")));
        let mut out = String::new();
        let all = std::fs::read_to_string(path.with_extension("cases")).unwrap();
        for case in cases(&all) {
            count += 1;
            writeln!(out, "case {}", case.title).unwrap();
            let ways = ways(&engine, name, &case);
            let mut lines: Vec<(&String, Vec<&str>)> = Vec::new();
            for (way, words) in &ways {
                match lines.iter_mut().find(|(known, _)| *known == words) {
                    Some((_, ways)) => ways.push(way),
                    None => lines.push((words, vec![way])),
                }
            }
            for (words, agreeing) in &lines {
                if agreeing.len() == ways.len() {
                    writeln!(out, "    {words}").unwrap();
                } else {
                    writeln!(out, "    {}: {words}", agreeing.join("; ")).unwrap();
                }
            }
        }
        let expected = path.with_extension("expected");
        if std::env::var_os("KRITES_BLESS").is_some() {
            std::fs::write(&expected, &out).unwrap();
        } else if std::fs::read_to_string(&expected).unwrap_or_default() != out {
            failures.push(format!("{name}:\n{out}"));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert!(count > 50, "{count} cases");
}

fn engine(policy: &str) -> Engine {
    let text = std::fs::read_to_string(folder().join(policy).with_extension("krites")).unwrap();
    Engine::new(Release::builder().policy(policy, text).build().unwrap())
}

fn series() -> Engine {
    engine("series")
}

fn day() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

/// Facts as a host has them
#[derive(serde::Serialize)]
struct Facts {
    card: Card,
    asked: (Option<i64>, u8),
    v: Vec<f64>,
    #[serde(rename = "months[1]")]
    first_month: u32,
    id: u64,
}

#[derive(serde::Serialize)]
struct Card {
    paid: [f32; 3],
}

fn typed() -> Facts {
    Facts {
        card: Card {
            paid: [0.1, 2.0, 3.25],
        },
        asked: (None, 99),
        v: vec![f64::NAN, 0.1 + 0.2],
        first_month: 3,
        id: 4711,
    }
}

#[test]
fn lists_of_the_hosts_own_types_are_series() {
    let mut decider = series()
        .decider("series")
        .unwrap()
        .unknown_fields(UnknownFields::Ignore);
    for _ in 0..2 {
        assert_eq!(
            told(decider.decide(day(), &typed())),
            "taken: card.paid[1] = 0.1, card.paid[2] = 2, card.paid[3] = 3.25, \
             months[1] = …, months[2] = … by default, v[1] = nan, v[2] = 0.30000000000000004"
        );
    }
    let infinite = Facts {
        v: vec![f64::INFINITY, 0.0],
        ..typed()
    };
    assert_eq!(
        told(decider.decide(day(), &infinite)),
        "refused: `v[1]`: the number is not finite"
    );
    let short = Facts {
        v: vec![],
        ..typed()
    };
    assert_eq!(
        told(decider.decide(day(), &short)),
        "refused: `v`: expected a list of 2 values, got 0"
    );
}

#[test]
fn what_becomes_of_unknown_fields_is_said_to_the_engine_or_to_a_decider() {
    let engine = series();
    let words = "refused: there is no input `id`";
    let strict = engine.decide("series", day(), &typed()).unwrap_err();
    assert_eq!(format!("refused: {strict}"), words);
    let lenient = engine.clone().unknown_fields(UnknownFields::Ignore);
    assert!(lenient.decide("series", day(), &typed()).is_ok());
    // A decider of the pool that both share does as its engine says.
    assert!(engine.decide("series", day(), &typed()).is_err());
    let mut decider = lenient.decider("series").unwrap();
    assert!(decider.decide(day(), &typed()).is_ok());
    let mut decider = decider.unknown_fields(UnknownFields::Refuse);
    assert_eq!(told(decider.decide(day(), &typed())), words);
    // A case is given its inputs later under the same orders.
    let facts = serde_json::json!({"PAY_AMT1": 1, "PAY_AMT2": 2, "id": 1});
    assert!(engine.open("series", day(), &facts, &["PAY_AMT3"]).is_err());
    let mut case = lenient
        .open("series", day(), &facts, &["PAY_AMT3", "v"])
        .unwrap();
    case.give(&serde_json::json!({"PAY_AMT3": 3, "v": [1, 2], "id": 1}))
        .unwrap();
    assert!(matches!(case.step(), Ok(krites::Step::Decided(_))));
}

#[test]
fn unknown_fields_of_a_text_are_listed() {
    let mut decider = series().decider("series").unwrap();
    let found = decider.unknown_in_json(r#"{"PAY_AMT1": 1, "PAYAMT2": 2, "x": {"y": 1}}"#);
    let found: Vec<(String, Option<String>)> = found
        .unwrap()
        .into_iter()
        .map(|field| (field.name, field.near))
        .collect();
    let near = Some("PAY_AMT2".to_owned());
    assert_eq!(
        found,
        [("PAYAMT2".to_owned(), near), ("x".to_owned(), None)]
    );
    let header = ["PAY_AMT1", "PAY_AMT2", "PAY_AMT3", "remark"];
    assert_eq!(decider.columns(header).unwrap().unknown()[0].name, "remark");
    let mut decider = decider.unknown_fields(UnknownFields::Refuse);
    let error = decider.columns(header).unwrap_err();
    assert_eq!(error.to_string(), "there is no input `remark`");
}

#[test]
fn a_release_with_other_names_on_the_wire_would_break_its_callers() {
    let text = std::fs::read_to_string(folder().join("series.krites")).unwrap();
    let other = text.replace("\"PAY_AMT", "\"PAID");
    let other = Release::builder().policy("series", other).build().unwrap();
    let error = series().publish(other).unwrap_err().to_string();
    assert!(
        error.contains("input `PAY_AMT1` of `series` is gone"),
        "{error}"
    );
    assert!(
        error.contains("input `PAID3` of `series` is new and required"),
        "{error}"
    );
}
