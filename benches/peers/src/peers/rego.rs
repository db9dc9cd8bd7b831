//! regorus: Rego compiled to a program of its virtual machine, which keeps program and
//! data; the input, made before the clock starts, is handed over by a counted reference.
//!
//! A table is data keyed by hand by both texts, as Rego's index is by keys of objects.

use std::hint::black_box;

use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{PolicyModule, Value, compile_policy_with_entrypoint};
use serde_json::{Map, json};

use super::condition::{infix, of_rule};
use crate::contest::{Both, Work, decides};
use crate::rules::Rule;
use crate::scorecard::{Feature, NAMES};
use crate::support::limits::{NO_ROW, Row};

const ANSWER: &str = "data.peers.answer";

fn machine(rules: &str, data: &Value) -> RegoVM {
    let module = PolicyModule {
        id: "peers.rego".into(),
        content: format!("package peers\nimport rego.v1\n{rules}").into(),
    };
    let compiled = compile_policy_with_entrypoint(data.clone(), &[module], ANSWER.into()).unwrap();
    let program = Compiler::compile_from_policy(&compiled, &[ANSWER]).unwrap();
    let mut machine = RegoVM::new_with_policy(compiled);
    machine.load_program(program);
    machine.set_data(data.clone()).unwrap();
    machine.set_max_instructions(usize::MAX);
    machine
}

fn both(rules: &str, data: &Value, work: &Work, told: fn(&Value) -> String) -> Both<'static> {
    let cases = work.json.iter().map(|json| Value::from_json_str(json));
    let cases: Vec<Value> = cases.map(Result::unwrap).collect();
    let json = work.json.clone();
    let mut vm = machine(rules, data);
    let native = decides(move |case, words| {
        vm.set_input(black_box(&cases[case]).clone());
        let answer = vm.execute().unwrap();
        if let Some(words) = words {
            *words = told(&answer);
        }
        black_box(answer);
    });
    let mut vm = machine(rules, data);
    let of_json = decides(move |case, words| {
        vm.set_input(Value::from_json_str(black_box(&json[case])).unwrap());
        let answer = vm.execute().unwrap();
        if let Some(words) = words {
            *words = told(&answer);
        }
        black_box(answer);
    });
    [native, of_json]
}

pub(super) fn eligibility(work: &Work) -> Both<'static> {
    let rules = r#"
        ratio := (input.debt + input.loan_amount * 12 / input.term) / input.income
        carries_not if input.employment == "UNEMPLOYED"
        carries_not if { input.employment == "STUDENT"; input.loan_amount > 5000 }
        looked_at if input.purpose == "GAMBLING"
        looked_at if { input.purpose == "BUSINESS"; input.employment != "SELF_EMPLOYED" }
        good if input.bureau_score == null
        good if input.bureau_score >= 620
        served := {"GB", "IE", "FR", "DE", "NL"}

        answer := "decline AGE_MIN" if input.age < 18
        else := "decline COUNTRY" if not input.country in served
        else := "decline DEFAULTS" if input.defaults_count > 2
        else := "refer NO_BUREAU" if { input.bureau_score == null; not input.existing_customer }
        else := "decline SCORE_LOW" if { input.bureau_score != null; input.bureau_score < 480 }
        else := "decline DTI_HIGH" if ratio > 0.55
        else := "decline EMPLOYMENT" if carries_not
        else := "refer ADDRESS" if { input.months_at_address < 6; input.loan_amount > 20000 }
        else := "refer PURPOSE" if looked_at
        else := "approve FAST_TRACK" if { input.existing_customer; good; ratio <= 0.4 }
        else := "approve STANDARD"
    "#;
    both(rules, &Value::new_object(), work, |answer| {
        answer.as_string().unwrap().to_string()
    })
}

pub(super) fn scorecard(card: &[Feature], work: &Work) -> Both<'static> {
    let mut rules = String::new();
    for (name, feature) in NAMES.iter().zip(card) {
        let points = feature.points;
        for (at, bound) in feature.bounds.iter().enumerate() {
            let (head, points) = (if at == 0 { name } else { "else" }, points[at]);
            rules += &format!("{head} := {points} if input.{name} < {bound}\n");
        }
        rules += &format!("else := {}\n", points[4]);
    }
    rules += &format!("answer := {}\n", NAMES.join(" + "));
    both(&rules, &Value::new_object(), work, number)
}

pub(super) fn rules(rules: &[Rule], work: &Work) -> Both<'static> {
    let mut text = String::new();
    for (place, rule) in rules.iter().enumerate() {
        let conditions = infix(&of_rule(rule), "; ", "input.");
        text += &format!("answer contains {place} if {{ {conditions} }}\n");
    }
    both(&text, &Value::new_object(), work, |answer| {
        // A set is in the order of its values.
        let places = answer.as_set().unwrap().iter().map(number);
        places.collect::<Vec<_>>().join(" ")
    })
}

pub(super) fn table(rows: &[Row], work: &Work) -> Both<'static> {
    let mut segments = Map::new();
    for row in rows {
        let products = segments.entry(&row.segment).or_insert_with(|| json!({}));
        let products = products.as_object_mut().unwrap();
        let rows = products.entry(&row.product).or_insert_with(|| json!([]));
        rows.as_array_mut().unwrap().push(json!({
            "age_from": row.age.0, "age_below": row.age.1,
            "amount_from": row.amount.0, "amount_below": row.amount.1, "id": row.id,
        }));
    }
    let data = Value::from_json_str(&json!({ "segments": segments }).to_string()).unwrap();
    // Rows of a key are in their order, and the first that matches counts.
    let rules = format!(
        "found := [row.id |
            some row in data.segments[input.segment][input.product]
            input.age >= row.age_from; input.age < row.age_below
            input.amount >= row.amount_from; input.amount < row.amount_below
        ]
        answer := found[0] if count(found) > 0
        else := {NO_ROW}"
    );
    both(&rules, &data, work, number)
}

fn number(answer: &Value) -> String {
    answer.as_i64().unwrap().to_string()
}
