//! What is found of rules and conditions is so: policies at random are looked at over all
//! cases, and then decided, case by case. A rule that never fires fires in none, one that
//! fires in every case is never asked without; what is always true is; and a part of a
//! condition that always comes to the same can be that constant, and nothing changes.
//! `KRITES_FOUND` says how many cases, `KRITES_SEED` with which seed they begin.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests"
)]

#[path = "support/number.rs"]
mod number;

use std::collections::BTreeMap;

use krites_lang::ir::Policy;
use krites_lang::{Diagnostic, Place, Sources, analyse, check, parse};
use krites_reference::generate::{self, Choose, Models};
use krites_reference::{Case, Ending, Files, Reference, RuleState, Value, Verdict};

use number::number;

/// Cases a policy
const CASES: usize = 40;

fn checked(text: &str, models: &Models) -> Option<Policy> {
    let mut sources = Sources::default();
    let mut diagnostics = Vec::new();
    let source = sources.add("generated.krites", text);
    let file = parse(&sources, source, &mut diagnostics);
    check(&file, models, &mut diagnostics)
}

/// The name between the first two backticks.
fn name(found: &Diagnostic) -> Option<&str> {
    found.headline.split('`').nth(1)
}

/// Holds one decision against what is found; tells what is not so.
fn not_so(found: &Diagnostic, verdict: &Verdict) -> Option<String> {
    let name = name(found)?;
    let rule = || {
        let mut rules = verdict.rules.iter();
        rules
            .find(|(rule, _)| **rule == *name)
            .map(|(_, state)| state)
    };
    let is = |value: bool| {
        let mut definitions = verdict.definitions.iter();
        let computed = definitions.find(|(definition, _)| **definition == *name);
        computed.is_none_or(|(_, found)| *found != Some(Value::Boolean(!value)))
    };
    let so = match found.headline.split('`').nth(2)? {
        " never fires" => rule() != Some(&RuleState::Fired),
        " fires in every case" => rule() != Some(&RuleState::NotFired),
        " is always true" => is(true),
        " is always false" => is(false),
        " is never given" => match &verdict.ending {
            Ending::Decided { outputs, .. } => {
                let mut given = outputs.iter().filter(|(_, value)| value.is_some());
                given.all(|(output, _)| **output != *name)
            }
            _ => true,
        },
        _ => true,
    };
    (!so).then(|| format!("{} {}", found.code, found.headline))
}

/// What stands where something is found.
fn part<'t>(text: &'t str, found: &Diagnostic) -> Option<&'t str> {
    match found.primary.place {
        Place::Text(span) => text.get(span.start as usize..span.end as usize),
        _ => None,
    }
}

/// The policy with a constant in place of a part that always comes to it.
fn without(text: &str, found: &Diagnostic) -> Option<String> {
    let constant = match found.primary.text.as_str() {
        told if told.starts_with("this always holds") => "true",
        told if told.starts_with("this never holds") => "false",
        _ => return None,
    };
    let part = part(text, found)?;
    let at = part.as_ptr().addr() - text.as_ptr().addr();
    let (before, behind) = (text.get(..at)?, text.get(at + part.len()..)?);
    Some(format!("{before}{constant}{behind}"))
}

/// What is decided of a case, where nothing of it is a fault: without what is told only
/// where something was asked, as outputs and reasons may be.
fn ending(verdict: &Verdict) -> Option<impl PartialEq + std::fmt::Debug> {
    match &verdict.ending {
        Ending::Decided {
            outcome,
            tags,
            decided,
            ..
        } if verdict.faults.is_empty() => Some((outcome, tags, decided)),
        _ => None,
    }
}

fn reference<'p>(policy: &'p Policy, files: &Files, other: Option<&'p Policy>) -> Reference<'p> {
    let asked = other.map(|other| Reference::with_files(other, files));
    Reference::with_files(policy, files).asking(asked.into_iter().collect())
}

#[test]
fn what_is_found_of_rules_is_so() {
    let wanted = number("KRITES_FOUND", 8_000);
    let mut seed = number("KRITES_SEED", 1) as u64;
    let files = generate::files();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let (mut decided, mut policies, mut replaced) = (0, 0, 0);
    while decided < wanted {
        seed += 1;
        let mut choose = Choose::seeded(seed.wrapping_mul(0x0009_e377_9b97));
        let generated = generate::policy(&mut choose);
        let text = &generated.text;
        let Some(policy) = checked(text, &generated.models) else {
            continue;
        };
        policies += 1;
        let found: Vec<Diagnostic> = analyse(&policy)
            .into_iter()
            .filter(|found| (935..=949).contains(&found.code.0))
            .collect();
        for found in &found {
            *counts.entry(found.code.to_string()).or_default() += 1;
        }
        let other = generated.models.other();
        let other = other.as_ref().map(krites_lang::Program::policy);
        let decides = reference(&policy, &files, other);
        let constants: Vec<(&Diagnostic, Policy)> = found
            .iter()
            .filter_map(|found| {
                let text = without(text, found)?;
                Some((found, checked(&text, &generated.models)?))
            })
            .collect();
        replaced += constants.len();
        let constants: Vec<(&Diagnostic, Reference<'_>)> = constants
            .iter()
            .map(|(found, policy)| (*found, reference(policy, &files, other)))
            .collect();
        for _ in 0..CASES {
            let case: Case = generate::case(&mut choose, &policy);
            let verdict = decides.decide(&case);
            if verdict.is_broken() {
                continue;
            }
            decided += 1;
            for found in &found {
                if let Some(told) = not_so(found, &verdict) {
                    panic!("seed {seed}: {told}\n{verdict}\n{text}\n{case:?}");
                }
            }
            for (found, constant) in &constants {
                let (one, two) = (&verdict, &constant.decide(&case));
                if let (Some(one), Some(two)) = (ending(one), ending(two)) {
                    assert!(
                        one == two,
                        "seed {seed}: {} {}\n{one:?}\n{two:?}\n{text}\n{case:?}",
                        found.headline,
                        part(text, found).unwrap_or(""),
                    );
                }
            }
        }
    }
    println!("{decided} decisions, {policies} policies, {replaced} parts as constants");
    for (code, count) in &counts {
        println!("{count:>7} {code}");
    }
    assert!(replaced > 0 && counts.len() > 4, "too little is found");
}
