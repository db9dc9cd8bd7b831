//! cel (formerly cel-interpreter): an expression compiled once, executed in a context that
//! is made before the clock starts and stays, with a variable a field.
//!
//! Contexts share the environment of standard functions (`Context::with_env`). CEL has no
//! definitions, so what is needed twice is written twice. Its parser refuses expressions of
//! a hundred levels: rules of which all count, and rows, are a program each, asked by the caller.

use std::hint::black_box;
use std::sync::Arc;

use cel::{Context, Env, Program, Value};

use super::condition::{infix, of_row, of_rule};
use crate::contest::{Both, Work, decides};
use crate::rules::Rule;
use crate::scorecard::{Feature, NAMES};
use crate::support::limits::{NO_ROW, Row};

fn both(source: &str, work: &Work, told: fn(&Value) -> String) -> Both<'static> {
    let env = Arc::new(Env::stdlib());
    let [native, of_json] = [(); 2].map(|()| Program::compile(source).unwrap());
    let cases = work.values.iter().map(|case| context(&env, case));
    let cases: Vec<Context<'_, '_>> = cases.collect();
    let json = work.json.clone();
    [
        decides(move |case, words| {
            let answer = native.execute(black_box(&cases[case])).unwrap();
            if let Some(words) = words {
                *words = told(&answer);
            }
            black_box(answer);
        }),
        decides(move |case, words| {
            let case: serde_json::Value = serde_json::from_str(black_box(&json[case])).unwrap();
            let answer = of_json.execute(&context(&env, &case)).unwrap();
            if let Some(words) = words {
                *words = told(&answer);
            }
            black_box(answer);
        }),
    ]
}

fn context<'v>(env: &Arc<Env>, case: &serde_json::Value) -> Context<'v, 'v> {
    let mut context = Context::with_env(Arc::clone(env));
    for (name, value) in case.as_object().unwrap() {
        let value = match value {
            serde_json::Value::Bool(value) => Value::Bool(*value),
            serde_json::Value::Number(number) => Value::Int(number.as_i64().unwrap()),
            serde_json::Value::String(text) => Value::from(text.as_str()),
            _ => Value::Null,
        };
        context.add_variable_from_value(name.as_str(), value);
    }
    context
}

pub(super) fn eligibility(work: &Work) -> Both<'static> {
    let ratio = "(double(debt) + double(loan_amount) * 12.0 / double(term)) / double(income)";
    let source = format!(
        r#"age < 18 ? "decline AGE_MIN"
        : !(country in ["GB", "IE", "FR", "DE", "NL"]) ? "decline COUNTRY"
        : defaults_count > 2 ? "decline DEFAULTS"
        : bureau_score == null && !existing_customer ? "refer NO_BUREAU"
        : bureau_score != null && bureau_score < 480 ? "decline SCORE_LOW"
        : {ratio} > 0.55 ? "decline DTI_HIGH"
        : employment == "UNEMPLOYED" || (employment == "STUDENT" && loan_amount > 5000) ? "decline EMPLOYMENT"
        : months_at_address < 6 && loan_amount > 20000 ? "refer ADDRESS"
        : purpose == "GAMBLING" || (purpose == "BUSINESS" && employment != "SELF_EMPLOYED") ? "refer PURPOSE"
        : existing_customer && (bureau_score == null || bureau_score >= 620) && {ratio} <= 0.4 ? "approve FAST_TRACK"
        : "approve STANDARD""#
    );
    both(&source, work, |answer| match answer {
        Value::String(text) => text.to_string(),
        other => panic!("{other:?}"),
    })
}

pub(super) fn scorecard(card: &[Feature], work: &Work) -> Both<'static> {
    let features = NAMES.iter().zip(card).map(|(name, feature)| {
        let ([a, b, c, d], [v, w, x, y, z]) = (feature.bounds, feature.points);
        format!("({name} < {a} ? {v} : {name} < {b} ? {w} : {name} < {c} ? {x} : {name} < {d} ? {y} : {z})")
    });
    both(&features.collect::<Vec<_>>().join(" + "), work, number)
}

/// Programs that are true or false, asked one by one
fn of_programs<A: 'static>(
    sources: impl Iterator<Item = String>,
    work: &Work,
    read: fn(&[Program], &Context<'_, '_>) -> A,
    told: impl Fn(A) -> String + Clone + 'static,
) -> Both<'static> {
    let env = Arc::new(Env::stdlib());
    let programs = sources.map(|source| Program::compile(&source).unwrap());
    let programs: Arc<[Program]> = programs.collect();
    let of_json = Arc::clone(&programs);
    let cases = work.values.iter().map(|case| context(&env, case));
    let cases: Vec<Context<'_, '_>> = cases.collect();
    let json = work.json.clone();
    let told_of_json = told.clone();
    [
        decides(move |case, words| {
            let answer = read(&programs, black_box(&cases[case]));
            match words {
                Some(words) => *words = told(answer),
                None => drop(black_box(answer)),
            }
        }),
        decides(move |case, words| {
            let case: serde_json::Value = serde_json::from_str(black_box(&json[case])).unwrap();
            let answer = read(&of_json, &context(&env, &case));
            match words {
                Some(words) => *words = told_of_json(answer),
                None => drop(black_box(answer)),
            }
        }),
    ]
}

fn holds(program: &Program, context: &Context<'_, '_>) -> bool {
    match program.execute(context).unwrap() {
        Value::Bool(holds) => holds,
        other => panic!("{other:?}"),
    }
}

fn all(programs: &[Program], context: &Context<'_, '_>) -> Vec<usize> {
    let places = programs.iter().enumerate();
    let matching = places.filter(|(_, program)| holds(program, context));
    matching.map(|(place, _)| place).collect()
}

fn first(programs: &[Program], context: &Context<'_, '_>) -> Option<usize> {
    programs.iter().position(|program| holds(program, context))
}

pub(super) fn rules(rules: &[Rule], work: &Work) -> Both<'static> {
    let sources = rules.iter().map(|rule| infix(&of_rule(rule), " && ", ""));
    of_programs(sources, work, all, |places: Vec<usize>| {
        let places: Vec<String> = places.iter().map(usize::to_string).collect();
        places.join(" ")
    })
}

pub(super) fn table(rows: &[Row], work: &Work) -> Both<'static> {
    let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
    let sources = rows.iter().map(|row| infix(&of_row(row), " && ", ""));
    of_programs(sources, work, first, move |place: Option<usize>| {
        place.map_or(NO_ROW, |place| ids[place]).to_string()
    })
}

fn number(answer: &Value) -> String {
    match answer {
        Value::Int(number) => number.to_string(),
        other => panic!("{other:?}"),
    }
}
