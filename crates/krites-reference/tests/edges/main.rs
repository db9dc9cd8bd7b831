//! What the specification says of the edges of evaluation, decided both ways: which
//! part is asked before which, what is a fault and what is rounded.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod dates;
mod evaluation;
mod functions;
mod inputs;
mod money;
mod rounding;
#[path = "../../../krites-lang/tests/support/mod.rs"]
mod support;
mod text;

use krites_lang::ir::Policy;
use krites_lang::{Date, DateTime, Duration, Exact, Id as _, InputId, ModelId, Program, Ty};
use krites_reference::{Both, Case, Ending, Given, Stub, Verdict};
use support::{checked, rendered};

const PRELUDE: &str = r#"
# model m.onnx: x double -> y double, n integer
policy edges { version "1"; on fault refer because M00 }
reason M00 "Could not be computed"
reason R01 "One"
enum Outcome { approve < refer < decline }
input {
    a : integer default 0
    b : integer default 0
    c : integer?
    x : decimal default 0
    y : decimal default 0
    z : decimal?
    p : percent default 0%
    s : money(GBP) default 0
    t : money(GBP)?
    on : boolean default true
}
reasons { for refer, decline : rules that spoke }
"#;

/// The largest whole number
const LARGE: &str = "9223372036854775807";
/// The largest exact number
const BIG: &str = "9999999999999999999999999999";
/// The smallest one above zero
const TINY: &str = "0.0000000000000000000000000001";

/// Decides one case of a policy both ways.
fn decided(items: &str, given: &[(&str, &str)]) -> Result<Verdict, String> {
    with_model(items, given, None)
}

fn with_model(items: &str, given: &[(&str, &str)], stub: Option<Stub>) -> Result<Verdict, String> {
    let rest = if items.contains("decide ") {
        ""
    } else {
        "decide outcome : Outcome most severe { rule rest otherwise then approve }\n"
    };
    // A day, a time zone and the like are given where the items speak of them.
    let mut prelude = PRELUDE.to_owned();
    if items.contains("input {") {
        prelude = prelude.replace(
            "version \"1\"",
            "version \"1\"; time zone \"Europe/London\"",
        );
    }
    let text = format!("{prelude}{items}\n{rest}");
    let (sources, policy, diagnostics) = checked("edges.krites", &text);
    let Some(policy) = policy else {
        return Err(rendered(&sources, &diagnostics));
    };
    let program = Program::compile(policy);
    let mut case = case(program.policy(), given);
    if let Some(stub) = stub {
        case.models.insert(ModelId::new(0), stub);
    }
    let compared = Both::new(&program).compare(&case);
    compared.map_err(|difference| difference.with_text(items))
}

fn case(policy: &Policy, given: &[(&str, &str)]) -> Case {
    let mut case = Case {
        decision_date: Date::parse("2026-11-02").unwrap(),
        ..Case::default()
    };
    for (name, text) in given {
        let mut inputs = policy.inputs.iter();
        let position = inputs.position(|input| *input.name == **name).unwrap();
        let id = InputId::new(position);
        let value = match policy.inputs[id].ty.ty {
            Ty::Boolean => Given::Boolean(text.parse().unwrap()),
            _ if text.is_empty() => Given::Missing,
            Ty::Float => Given::Float(text.parse().unwrap()),
            Ty::Text => Given::Text((*text).to_owned()),
            Ty::Date => Given::Date(Date::parse(text).unwrap()),
            Ty::DateTime => {
                let instant = DateTime::parse(text, None).unwrap();
                Given::DateTime(instant.microseconds())
            }
            Ty::Duration => Given::Duration(Duration::parse(text).unwrap().microseconds()),
            _ => Given::Exact(Exact::parse(text).unwrap()),
        };
        case.inputs.insert(id, value);
    }
    case
}

/// An output's type and value, what is given, and what the output comes to
type Row<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)], &'a str);

fn outputs(rows: &[Row<'_>]) {
    outputs_with("", rows);
}

/// Holds what outputs come to, in a policy with `items`, against what is expected.
fn outputs_with(items: &str, rows: &[Row<'_>]) {
    let mut failures = Vec::new();
    for (ty, value, given, expected) in rows {
        let items = format!("{items}\noutput {{ o : {ty} = {value} }}");
        match decided(&items, given) {
            Ok(verdict) if shown(&verdict) == *expected => {}
            Ok(verdict) => {
                let found = shown(&verdict);
                failures.push(format!("{value}: expected {expected}, found {found}"));
            }
            Err(difference) => failures.push(format!("{value}: {difference}")),
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n\n"));
}

/// The first output, or the fault that it is.
fn shown(verdict: &Verdict) -> String {
    match &verdict.ending {
        Ending::Decided { outputs, .. } => match outputs.first() {
            Some((_, Some(value))) => value.to_string(),
            Some((_, None)) => "missing".to_owned(),
            None => "no output".to_owned(),
        },
        Ending::Output { fault, .. } => format!("fault: {fault}"),
        other => format!("{other:?}"),
    }
}
