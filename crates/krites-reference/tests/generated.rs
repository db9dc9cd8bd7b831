//! Policies and cases at random: the engine decides each case as the reference
//! does. `KRITES_DECISIONS` says how many cases, `KRITES_SEED` with which seed they
//! begin; both have a default.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests"
)]

use std::collections::BTreeMap;

use krites_lang::{Program, Sources, check, parse};
use krites_reference::generate::{self, Choose, Generated};
use krites_reference::{Both, Ending};

/// Cases a policy
const CASES: usize = 40;

fn number(name: &str, default: usize) -> usize {
    match std::env::var(name) {
        Ok(text) => text.parse().expect("a number"),
        Err(_) => default,
    }
}

fn compiled(generated: &Generated) -> Result<Program, Vec<String>> {
    let mut sources = Sources::default();
    let source = sources.add("generated.krites", &generated.text);
    let mut diagnostics = Vec::new();
    let file = parse(&sources, source, &mut diagnostics);
    let policy = check(&file, &generated.models, &mut diagnostics);
    policy.map(Program::compile).ok_or_else(|| {
        diagnostics
            .iter()
            .map(|found| {
                let place = sources.describe(&found.primary.place);
                format!("{} {place} {}", found.code, found.headline)
            })
            .collect()
    })
}

#[test]
fn the_engine_decides_as_the_reference() {
    let wanted = number("KRITES_DECISIONS", 20_000);
    let seed = number("KRITES_SEED", 1);
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let (mut decided, mut refused_policies, mut policies) = (0, 0, 0);
    let mut number = seed as u64;
    while decided < wanted {
        number += 1;
        let mut choose = Choose::seeded(number.wrapping_mul(0x0009_e377_9b97));
        let generated = generate::policy(&mut choose);
        policies += 1;
        let program = match compiled(&generated) {
            Ok(program) => program,
            Err(diagnostics) => {
                refused_policies += 1;
                if std::env::var("KRITES_SHOW").is_ok() {
                    println!("--- refused {number}\n{}\n{diagnostics:#?}", generated.text);
                }
                for diagnostic in diagnostics.iter().take(1) {
                    let code = diagnostic.split(' ').next().unwrap();
                    *counts.entry(format!("refused {code}")).or_default() += 1;
                }
                continue;
            }
        };
        let mut both = Both::new(&program);
        for _ in 0..CASES {
            let case = generate::case(&mut choose, program.policy());
            match both.compare(&case) {
                Ok(verdict) => {
                    decided += 1;
                    let ending = match &verdict.ending {
                        Ending::Refused => "refused".to_owned(),
                        Ending::Decided { outcome, .. } => format!("outcome {outcome}"),
                        Ending::Unhandled { .. } => "unhandled fault".to_owned(),
                        Ending::Output { .. } => "output with a fault".to_owned(),
                        Ending::NothingSpoke => "nothing spoke".to_owned(),
                    };
                    *counts.entry(ending).or_default() += 1;
                    for fault in &verdict.faults {
                        *counts.entry(format!("fault {fault:?}")).or_default() += 1;
                    }
                }
                Err(difference) => {
                    panic!("seed {number}\n{}", difference.with_text(&generated.text))
                }
            }
        }
    }
    println!("{decided} decisions, {policies} policies, {refused_policies} refused by the checker");
    for (name, count) in &counts {
        println!("{count:>9} {name}");
    }
    assert!(refused_policies * 20 < policies, "too many are refused");
}
