//! Tables, grids, bands, calibrations, scorecards, lookups and lists at random, each held against a few
//! lines that say what it comes to and know nothing of policies; the engine and the
//! reference must both come to the same. `KRITES_FORMS` says how many of each,
//! `KRITES_SEED` with which seed they begin; both have a default. Each is asked 100
//! cases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod cell;
mod data;
mod grids;
#[path = "../support/number.rs"]
mod number;
mod scores;
mod seen;
mod table;
mod tables;
#[path = "../support/told.rs"]
mod told;

use krites_lang::{Date, InputId, Program, Sources, check, parse};
use krites_reference::generate::{Choose, Models};
use krites_reference::{Both, Case, Ending, Given, Verdict};

use number::number;
use told::told;

/// Cases a form
const CASES: usize = 100;

/// Makes as many of a form as are asked for; each with choices of its own.
fn each_of_form(form: &str, mut one: impl FnMut(&mut Choose<'_>)) {
    let (count, seed) = (number("KRITES_FORMS", 30), number("KRITES_SEED", 1));
    for position in 0..count {
        let mut choose = Choose::seeded((seed + position) as u64);
        one(&mut choose);
    }
    println!("{form}: {count}, {CASES} cases each");
}

/// A policy that is known to be right, compiled.
fn compiled(text: &str) -> Program {
    let mut sources = Sources::default();
    let source = sources.add("form.krites", text);
    let mut diagnostics = Vec::new();
    let file = parse(&sources, source, &mut diagnostics);
    match check(&file, &Models::default(), &mut diagnostics) {
        Some(policy) => Program::compile(policy),
        None => panic!("{text}\n{}", told(&sources, &diagnostics)),
    }
}

/// Decides a case both ways.
fn decided(both: &mut Both<'_>, text: &str, case: &Case) -> Verdict {
    match both.compare(case) {
        Ok(verdict) => verdict,
        Err(difference) => panic!("{}", difference.with_text(text)),
    }
}

/// A case by the names of inputs.
fn case(program: &Program, day: &str, given: &[(&str, Given)]) -> Case {
    let inputs = &program.policy().inputs;
    let inputs = given.iter().map(|(name, value)| {
        let position = inputs.iter().position(|input| *input.name == **name);
        let id = <InputId as krites_lang::Id>::new(position.expect("an input of this name"));
        (id, value.clone())
    });
    Case {
        decision_date: Date::parse(day).unwrap(),
        inputs: inputs.collect(),
        ..Case::default()
    }
}

/// The outputs as texts, `-` for missing ones, or `fault`.
fn outputs(verdict: &Verdict) -> Vec<String> {
    match &verdict.ending {
        Ending::Decided { outputs, .. } => outputs
            .iter()
            .map(|(_, value)| match value {
                Some(value) => value.to_string(),
                None => "-".to_owned(),
            })
            .collect(),
        Ending::Unhandled { .. } | Ending::Output { .. } => vec!["fault".to_owned()],
        other => panic!("{other:?}"),
    }
}

/// An exact number in units of its last digit, as it is shown.
fn shown(units: i64, places: u32) -> String {
    let unit = 10_i64.pow(places);
    let (sign, size) = (if units < 0 { "-" } else { "" }, units.abs());
    let fraction = match places {
        0 => String::new(),
        _ => format!(".{:0width$}", size % unit, width = places as usize),
    };
    let text = format!("{sign}{}{fraction}", size / unit);
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}
