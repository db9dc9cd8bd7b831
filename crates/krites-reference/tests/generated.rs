//! Policies and cases at random: the engine decides each case as the reference
//! does. `KRITES_DECISIONS` says how many cases, `KRITES_SEED` with which seed they
//! begin; both have a default.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests"
)]

#[path = "support/number.rs"]
mod number;
#[path = "support/told.rs"]
mod told;

use std::collections::{BTreeMap, BTreeSet};

use krites_lang::{Cost, Program, Sources, check, parse};
use krites_reference::generate::{self, Choose, Generated};
use krites_reference::{Asks, Both, CONSTRUCTS, Ending, Fault, ModelState, Verdict, census};

use number::number;
use told::told;

/// Cases a policy
const CASES: usize = 40;

/// How cases end, and what goes wrong in them, each in one of a hundred at the
/// least. Beside these there is `TooManySteps`, a fault after a million elements,
/// which `tests/lists.rs` of krites-lang tries at the limit and beyond; a checked
/// policy never comes to what else [`Fault`] and [`Ending`] name.
const OFTEN: &[&str] = &[
    "fault Argument",
    "fault Calendar",
    "fault Currencies",
    "fault Missing",
    "fault NoKey",
    "fault NoRow",
    "fault NotGiven",
    "fault RowsDiffer",
    "fault RowsMatch",
    "fault Stale",
    "fault TextTooLong",
    "fault TooLarge",
    "fault of a model: Fed",
    "fault of a model: NoAnswer",
    "fault of a model: NotFinite",
    "fault of a model: NotOne",
    "fault of a model: OutsideRange",
    "fault of a model: Stated",
    "fault of a model: TextTooLong",
    "outcome approve",
    "outcome decline",
    "outcome refer",
    "output with a fault",
    "refused",
    "unhandled fault",
    "what must hold does not",
];

/// The policy compiled, and what it is made of; or what the checker says of it.
fn compiled(generated: &Generated) -> Result<(Program, BTreeSet<&'static str>), String> {
    let mut sources = Sources::default();
    let source = sources.add("generated.krites", &generated.text);
    let mut diagnostics = Vec::new();
    let file = parse(&sources, source, &mut diagnostics);
    let policy = check(&file, &generated.models, &mut diagnostics);
    let made_of = census(&file);
    let program = policy.map(|policy| (Program::compile(policy), made_of));
    program.ok_or_else(|| told(&sources, &diagnostics))
}

/// The kind of a fault, without what it carries.
fn kind(fault: &Fault) -> String {
    let name = |debug: String| debug.split('(').next().unwrap().to_owned();
    match fault {
        Fault::Model(_, fault) => format!("fault of a model: {}", name(format!("{fault:?}"))),
        fault => format!("fault {}", name(format!("{fault:?}"))),
    }
}

/// Parts of a hundred
fn share(part: u64, whole: u64) -> u64 {
    part * 100 / whole.max(1)
}

fn ending(verdict: &Verdict) -> String {
    match &verdict.ending {
        Ending::Refused => "refused".to_owned(),
        Ending::Decided { outcome, .. } => format!("outcome {outcome}"),
        Ending::Unhandled { .. } => "unhandled fault".to_owned(),
        Ending::Output { .. } => "output with a fault".to_owned(),
        Ending::NothingSpoke => "nothing spoke".to_owned(),
        Ending::NotHeld { .. } => "what must hold does not".to_owned(),
    }
}

#[test]
fn the_engine_decides_as_the_reference() {
    let wanted = number("KRITES_DECISIONS", 20_000);
    let seed = number("KRITES_SEED", 1);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut constructs: BTreeMap<&str, usize> =
        CONSTRUCTS.iter().map(|construct| (*construct, 0)).collect();
    let (mut decided, mut refused_policies, mut policies) = (0, 0, 0);
    let mut on_whole_numbers = 0;
    let (mut most_taken, mut most_asked) = (0, 0);
    let mut number = seed as u64;
    while decided < wanted {
        number += 1;
        let mut choose = Choose::seeded(number.wrapping_mul(0x0009_e377_9b97));
        let generated = generate::policy(&mut choose);
        policies += 1;
        let (program, made_of) = match compiled(&generated) {
            Ok(compiled) => compiled,
            Err(told) => {
                refused_policies += 1;
                if std::env::var("KRITES_SHOW").is_ok() {
                    println!("--- refused {number}\n{}\n{told}", generated.text);
                }
                let code = told.split(' ').next().unwrap();
                *counts.entry(format!("refused {code}")).or_default() += 1;
                continue;
            }
        };
        on_whole_numbers += krites_lang::testing::on_whole_numbers(&program);
        let other = generated.models.other();
        let asked = other.iter().map(|program| Asks {
            program,
            asked: Vec::new(),
        });
        let files = generate::files();
        let mut both = Both::with_files(&program, &files).asking(asked.collect());
        let most = Cost::of(program.policy());
        for _ in 0..CASES {
            let case = generate::case(&mut choose, program.policy());
            let before = both.computed();
            match both.compare(&case) {
                Ok(verdict) => {
                    let taken = both.computed() - before;
                    let asked = verdict.models.iter();
                    let asked = asked.filter(|(_, state)| *state != ModelState::NotAsked);
                    let asked = asked.count() as u64;
                    assert!(
                        taken <= most.steps && asked <= most.model_calls,
                        "seed {number}: {taken} steps, {asked} models of {}\n{}",
                        most.counted(),
                        generated.text
                    );
                    (most_taken, most_asked) = (
                        most_taken.max(share(taken, most.steps)),
                        most_asked + u64::from(asked > 0 && asked == most.model_calls),
                    );
                    decided += 1;
                    *counts.entry(ending(&verdict)).or_default() += 1;
                    for kind in verdict.faults.iter().map(kind).collect::<BTreeSet<_>>() {
                        *counts.entry(kind).or_default() += 1;
                    }
                    if verdict.ending != Ending::Refused {
                        for construct in &made_of {
                            *constructs.entry(construct).or_default() += 1;
                        }
                    }
                }
                Err(difference) => {
                    panic!("seed {number}\n{}", difference.with_text(&generated.text))
                }
            }
        }
    }
    println!("{decided} decisions, {policies} policies, {refused_policies} refused by the checker");
    println!(
        "at most {most_taken} of 100 steps of the bound, all model calls of it {most_asked} times"
    );
    println!("{on_whole_numbers} values and comparisons on whole numbers of 64 bits");
    for (name, count) in &counts {
        println!("{count:>9} {name}");
    }
    println!("decisions, refused cases aside, by policies with each construct:");
    let mut rare = Vec::new();
    for (name, count) in &constructs {
        println!("{count:>9} {name}");
        if *count * 100 < decided {
            rare.push(*name);
        }
    }
    rare.extend(OFTEN.iter().filter(|name| {
        let count = counts.get(**name).copied().unwrap_or(0);
        count * 100 < decided
    }));
    assert!(rare.is_empty(), "under one in a hundred: {rare:?}");
    assert!(on_whole_numbers * 2 > policies, "few are on whole numbers");
    assert!(refused_policies * 20 < policies, "too many are refused");
}
