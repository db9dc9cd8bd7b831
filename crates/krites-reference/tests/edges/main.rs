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
mod elements;
mod evaluation;
mod functions;
mod inputs;
mod money;
mod rounding;
#[path = "../../../krites-lang/tests/support/mod.rs"]
mod support;
mod text;

use krites_lang::ir::{ListInput, Policy};
use krites_lang::{
    Date, DateTime, Duration, Exact, Id as _, InputId, ListId, ModelId, Program, Ty,
};
use krites_reference::{Both, Case, Element, Ending, Given, Stub, Verdict};
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
        let mut lists = policy.lists.iter_ids();
        let list = lists.find(|(_, list)| list.within.is_none() && *list.name == **name);
        if let Some((id, _)) = list {
            case.lists.insert(id, elements(policy, id, text));
            continue;
        }
        let mut inputs = policy.inputs.iter();
        let position = inputs.position(|input| *input.name == **name).unwrap();
        let id = InputId::new(position);
        case.inputs.insert(id, value(policy.inputs[id].ty.ty, text));
    }
    case
}

/// Elements apart by `;`: a value, or `name=value` apart by `,`, a list within in
/// brackets apart by blanks.
fn elements(policy: &Policy, id: ListId, text: &str) -> Vec<Element> {
    let list = &policy.lists[id];
    let element = |text: &str| {
        let mut element = Element {
            fields: vec![None; list.fields.len()],
            ..Element::default()
        };
        for part in text.split(',').map(str::trim) {
            let (name, text) = part.split_once('=').unwrap_or(("", part));
            match list.fields.iter().position(|field| *field.name == *name) {
                Some(at) => element.fields[at] = Some(value(list.fields[at].ty.ty, text)),
                None => {
                    let mut lists = policy.lists.iter_ids();
                    let within =
                        |inner: &&ListInput| inner.within == Some(id) && *inner.name == *name;
                    let inner = lists.find(|(_, inner)| within(inner)).unwrap().0;
                    let text = text.trim_matches(['(', ')']).replace(' ', ";");
                    element.lists.insert(inner, elements(policy, inner, &text));
                }
            }
        }
        element
    };
    text.split(';').map(|text| element(text.trim())).collect()
}

fn value(ty: Ty, text: &str) -> Given {
    match ty {
        _ if text.is_empty() => Given::Missing,
        Ty::Boolean => Given::Boolean(text.parse().unwrap()),
        Ty::Float => Given::Float(text.parse().unwrap()),
        Ty::Text => Given::Text(text.to_owned()),
        Ty::Date => Given::Date(Date::parse(text).unwrap()),
        Ty::DateTime => Given::DateTime(DateTime::parse(text, None).unwrap().microseconds()),
        Ty::Duration => Given::Duration(Duration::parse(text).unwrap().microseconds()),
        _ => Given::Exact(Exact::parse(text).unwrap()),
    }
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
