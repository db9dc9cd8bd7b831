//! rhai: a script parsed once with full optimisation, evaluated in a scope that is made
//! before the clock starts and stays, with a variable a field. Of JSON, the map that its
//! serde support reads becomes such a scope.

use std::hint::black_box;

use rhai::{AST, Dynamic, Engine, Map, OptimizationLevel, Scope};

use super::condition::{infix, of_row, of_rule};
use crate::contest::{Both, Work, decides};
use crate::rules::Rule;
use crate::scorecard::{Feature, NAMES};
use crate::support::limits::{NO_ROW, Row};

fn parsed(source: &str) -> (Engine, AST) {
    let mut engine = Engine::new();
    engine.set_optimization_level(OptimizationLevel::Full);
    // A long sum is a deep expression.
    engine.set_max_expr_depths(0, 0);
    let ast = engine.compile(source).unwrap();
    (engine, ast)
}

fn both(source: &str, work: &Work, told: fn(Dynamic) -> String) -> Both<'static> {
    let cases = work.json.iter().map(|json| scope(json));
    let mut cases: Vec<Scope<'static>> = cases.collect();
    let json = work.json.clone();
    let (engine, ast) = parsed(source);
    let native = decides(move |case, words| {
        let scope = black_box(&mut cases[case]);
        let fields = scope.len();
        let answer: Dynamic = engine.eval_ast_with_scope(scope, &ast).unwrap();
        scope.rewind(fields);
        if let Some(words) = words {
            *words = told(answer.clone());
        }
        let _ = black_box(answer);
    });
    let (engine, ast) = parsed(source);
    let of_json = decides(move |case, words| {
        let mut scope = scope(black_box(&json[case]));
        let answer: Dynamic = engine.eval_ast_with_scope(&mut scope, &ast).unwrap();
        if let Some(words) = words {
            *words = told(answer.clone());
        }
        let _ = black_box(answer);
    });
    [native, of_json]
}

fn scope(json: &str) -> Scope<'static> {
    let fields: Dynamic = serde_json::from_str(json).unwrap();
    let fields: Map = fields.cast();
    let mut scope = Scope::with_capacity(fields.len());
    for (name, value) in fields {
        scope.push_dynamic(name, value);
    }
    scope
}

pub(super) fn eligibility(work: &Work) -> Both<'static> {
    let source = r#"
        if age < 18 { return "decline AGE_MIN"; }
        if !(country in ["GB", "IE", "FR", "DE", "NL"]) { return "decline COUNTRY"; }
        if defaults_count > 2 { return "decline DEFAULTS"; }
        if bureau_score == () && !existing_customer { return "refer NO_BUREAU"; }
        if bureau_score != () && bureau_score < 480 { return "decline SCORE_LOW"; }
        let ratio = (debt + loan_amount * 12.0 / term) / income;
        if ratio > 0.55 { return "decline DTI_HIGH"; }
        if employment == "UNEMPLOYED" || (employment == "STUDENT" && loan_amount > 5000) { return "decline EMPLOYMENT"; }
        if months_at_address < 6 && loan_amount > 20000 { return "refer ADDRESS"; }
        if purpose == "GAMBLING" || (purpose == "BUSINESS" && employment != "SELF_EMPLOYED") { return "refer PURPOSE"; }
        if existing_customer && (bureau_score == () || bureau_score >= 620) && ratio <= 0.4 { return "approve FAST_TRACK"; }
        "approve STANDARD"
    "#;
    both(source, work, |answer| answer.into_string().unwrap())
}

pub(super) fn scorecard(card: &[Feature], work: &Work) -> Both<'static> {
    let features = NAMES.iter().zip(card).map(|(name, feature)| {
        let ([a, b, c, d], [v, w, x, y, z]) = (feature.bounds, feature.points);
        format!(
            "(if {name} < {a} {{ {v} }} else if {name} < {b} {{ {w} }} else if {name} < {c} \
             {{ {x} }} else if {name} < {d} {{ {y} }} else {{ {z} }})"
        )
    });
    both(&features.collect::<Vec<_>>().join(" + "), work, number)
}

pub(super) fn rules(rules: &[Rule], work: &Work) -> Both<'static> {
    let mut source = String::from("let places = [];\n");
    for (place, rule) in rules.iter().enumerate() {
        let conditions = infix(&of_rule(rule), " && ", "");
        source += &format!("if {conditions} {{ places.push({place}); }}\n");
    }
    source += "places";
    both(&source, work, |answer| {
        let places = answer.into_array().unwrap().into_iter().map(number);
        places.collect::<Vec<_>>().join(" ")
    })
}

pub(super) fn table(rows: &[Row], work: &Work) -> Both<'static> {
    let mut source = String::new();
    for row in rows {
        let conditions = infix(&of_row(row), " && ", "");
        source += &format!("if {conditions} {{ return {}; }}\n", row.id);
    }
    source += &NO_ROW.to_string();
    both(&source, work, number)
}

fn number(answer: Dynamic) -> String {
    answer.as_int().unwrap().to_string()
}
