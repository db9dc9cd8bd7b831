//! datalogic-rs: JSONLogic compiled once, evaluated against parsed data that stay, into an
//! arena that is reset behind each decision. That is its README's "Tier 3", the way
//! without a copy; a range of whole numbers is one comparison of three operands.

use std::hint::black_box;

use datalogic_rs::bumpalo::Bump;
use datalogic_rs::{DataValue, Engine, ParsedData};
use serde_json::{Value, json};

use super::condition::{Condition, of_rule};
use crate::contest::{Both, Work, decides};
use crate::rules::Rule;
use crate::scorecard::{Feature, NAMES};
use crate::support::limits::{NO_ROW, Row};

fn both(logic: &Value, work: &Work, told: fn(&DataValue<'_>) -> String) -> Both<'static> {
    let engines = [Engine::new(), Engine::new()];
    let [one, other] = engines.map(|engine| {
        let logic = engine.compile(logic.to_string().as_str()).unwrap();
        (engine, logic, Bump::new())
    });
    let parsed = work.json.iter().map(|json| ParsedData::from_json(json));
    let parsed: Vec<ParsedData> = parsed.map(Result::unwrap).collect();
    let json = work.json.clone();
    let (engine, logic, mut arena) = one;
    let native = decides(move |case, words| {
        let data = black_box(&parsed[case]);
        let answer = engine.evaluate(&logic, data, &arena).unwrap();
        black_box(answer);
        if let Some(words) = words {
            *words = told(answer);
        }
        arena.reset();
    });
    let (engine, logic, mut arena) = other;
    let of_json = decides(move |case, words| {
        let json = black_box(json[case].as_str());
        let answer = engine.evaluate(&logic, json, &arena).unwrap();
        black_box(answer);
        if let Some(words) = words {
            *words = told(answer);
        }
        arena.reset();
    });
    [native, of_json]
}

fn var(name: &str) -> Value {
    json!({ "var": name })
}

pub(super) fn eligibility(work: &Work) -> Both<'static> {
    let present = json!({ "!==": [var("bureau_score"), null] });
    let missing = json!({ "===": [var("bureau_score"), null] });
    let ratio = json!({ "/": [
        { "+": [var("debt"), { "/": [{ "*": [var("loan_amount"), 12] }, var("term")] }] },
        var("income"),
    ] });
    let is = |field: &str, word: &str| json!({ "===": [var(field), word] });
    let logic = json!({ "if": [
        { "<": [var("age"), 18] }, "decline AGE_MIN",
        { "!": { "in": [var("country"), ["GB", "IE", "FR", "DE", "NL"]] } }, "decline COUNTRY",
        { ">": [var("defaults_count"), 2] }, "decline DEFAULTS",
        { "and": [missing, { "!": var("existing_customer") }] }, "refer NO_BUREAU",
        { "and": [present, { "<": [var("bureau_score"), 480] }] }, "decline SCORE_LOW",
        { ">": [ratio, 0.55] }, "decline DTI_HIGH",
        { "or": [
            is("employment", "UNEMPLOYED"),
            { "and": [is("employment", "STUDENT"), { ">": [var("loan_amount"), 5_000] }] },
        ] }, "decline EMPLOYMENT",
        { "and": [
            { "<": [var("months_at_address"), 6] }, { ">": [var("loan_amount"), 20_000] },
        ] }, "refer ADDRESS",
        { "or": [
            is("purpose", "GAMBLING"),
            { "and": [is("purpose", "BUSINESS"), { "!": is("employment", "SELF_EMPLOYED") }] },
        ] }, "refer PURPOSE",
        { "and": [
            var("existing_customer"),
            { "or": [missing, { ">=": [var("bureau_score"), 620] }] },
            { "<=": [ratio, 0.4] },
        ] }, "approve FAST_TRACK",
        "approve STANDARD",
    ] });
    both(&logic, work, |answer| answer.as_str().unwrap().to_owned())
}

pub(super) fn scorecard(card: &[Feature], work: &Work) -> Both<'static> {
    let features = NAMES.iter().zip(card).map(|(name, feature)| {
        let mut bins = Vec::new();
        for (bound, points) in feature.bounds.iter().zip(&feature.points) {
            bins.extend([json!({ "<": [var(name), bound] }), json!(points)]);
        }
        bins.push(json!(feature.points[4]));
        json!({ "if": bins })
    });
    let logic = json!({ "+": features.collect::<Vec<_>>() });
    both(&logic, work, number)
}

pub(super) fn rules(rules: &[Rule], work: &Work) -> Both<'static> {
    let places = rules.iter().enumerate().map(|(place, rule)| {
        let conditions: Vec<Value> = of_rule(rule).iter().map(condition).collect();
        json!({ "if": [{ "and": conditions }, place, []] })
    });
    let logic = json!({ "merge": places.collect::<Vec<_>>() });
    both(&logic, work, |answer| {
        let places = answer.as_array().unwrap().iter().map(number);
        places.collect::<Vec<_>>().join(" ")
    })
}

fn condition(condition: &Condition<'_>) -> Value {
    match condition {
        Condition::Is(field, word) => json!({ "===": [var(field), word] }),
        Condition::AtLeast(field, bound) => json!({ ">=": [var(field), bound] }),
        Condition::Below(field, bound) => json!({ "<": [var(field), bound] }),
        Condition::Above(field, bound) => json!({ ">": [var(field), bound] }),
        Condition::Holds(field) => var(field),
    }
}

pub(super) fn table(rows: &[Row], work: &Work) -> Both<'static> {
    let mut branches = Vec::new();
    for row in rows {
        branches.push(json!({ "and": [
            { "===": [var("segment"), row.segment] },
            { "===": [var("product"), row.product] },
            { "<=": [row.age.0, var("age"), row.age.1 - 1] },
            { "<=": [row.amount.0, var("amount"), row.amount.1 - 1] },
        ] }));
        branches.push(json!(row.id));
    }
    branches.push(json!(NO_ROW));
    both(&json!({ "if": branches }), work, number)
}

fn number(answer: &DataValue<'_>) -> String {
    answer.as_i64().unwrap().to_string()
}
