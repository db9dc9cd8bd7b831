//! Rules of which the first that matches counts, each for a key of its own:
//! `when key is "K17" and amount > 480`.
//!
//! By hand: a hash of each key to its rule, and a comparison.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::hint::black_box;

use krites::lang::RuleState;
use krites::{Decision, Facts, Release};
use serde::{Deserialize, Serialize};

use super::measure::Work;
use super::support::{CASES, Random};

#[derive(Debug, Deserialize, Facts, Serialize)]
struct Typed<'a> {
    key: &'a str,
    amount: i64,
}

/// By place: the key that a rule wants, and the amount that is to be exceeded
struct Rule {
    key: String,
    above: i64,
}

/// Measures, and returns what a decision from derived facts takes in nanoseconds.
pub(crate) fn measure(n_rules: usize, rounds: usize) -> f64 {
    let rules = rules(n_rules);
    let cases = cases(&rules);
    let places = rules.iter().zip(0_u32..);
    let by_key: HashMap<&str, (i64, u32)> = places
        .map(|(rule, place)| (rule.key.as_str(), (rule.above, place)))
        .collect();
    let builder = Release::builder().policy("firsts.krites", policy(&rules));
    let name = format!("{n_rules} rules of a key each, the first that matches");
    let mut work = Work::new(name, builder, "firsts", &cases);
    let told = |decision: &Decision<'_>| fired(decision, n_rules);
    work.check(|case| scan(&rules, case), told);
    work.check(|case| by_hand(&by_key, case), told);
    work.measure(
        rounds,
        |decision| {
            (
                decision.outcome().len(),
                decision.reasons().next().is_some(),
            )
        },
        |case| {
            black_box(by_hand(&by_key, case));
        },
        |json| {
            let case: Typed<'_> = serde_json::from_str(json).unwrap();
            black_box(by_hand(&by_key, &case));
        },
    )
}

/// The place of the rule that fired, but for the one for the rest, which comes last
fn fired(decision: &Decision<'_>, n_rules: usize) -> Option<u32> {
    let mut states = (0..).zip(decision.rules().take(n_rules));
    let fired = states.find(|(_, (_, state))| *state == RuleState::Fired);
    fired.map(|(place, _)| place)
}

fn rules(n_rules: usize) -> Vec<Rule> {
    let mut random = Random(8);
    (0..n_rules)
        .map(|place| Rule {
            key: format!("K{place}"),
            above: random.whole(100, 900),
        })
        .collect()
}

/// Keys of all rules alike, one case in ten of none; about half of the rules match.
fn cases(rules: &[Rule]) -> Vec<Typed<'_>> {
    let mut random = Random(9);
    (0..CASES)
        .map(|_| Typed {
            key: match random.whole(0, 10) {
                0 => "NONE",
                _ => &rules[random.whole(0, rules.len() as i64) as usize].key,
            },
            amount: random.whole(0, 1_000),
        })
        .collect()
}

fn policy(rules: &[Rule]) -> String {
    let mut text = String::from(
        "policy firsts { version \"1\"; on fault refer because FAULT }\n\
         reason FAULT \"The case could not be computed\"\n\
         reason LARGE \"A large amount for the key\"\n\
         enum Outcome { quiet < alert < refer }\n\
         input {\n    key : text\n    amount : integer in 0 to 1_000_000\n}\n\
         rules firsts first {\n",
    );
    for (place, Rule { key, above }) in rules.iter().enumerate() {
        writeln!(
            text,
            "    rule r{place} when key is \"{key}\" and amount > {above} then alert because LARGE"
        )
        .unwrap();
    }
    text += "    rule rest otherwise then quiet\n}\n\
             decide outcome : Outcome most severe { evaluate firsts }\n";
    text
}

/// Rule by rule, which everything else is held against
fn scan(rules: &[Rule], case: &Typed<'_>) -> Option<u32> {
    let matches = |rule: &Rule| rule.key == case.key && case.amount > rule.above;
    let place = rules.iter().position(matches);
    place.map(|place| place as u32)
}

#[inline(never)]
fn by_hand(by_key: &HashMap<&str, (i64, u32)>, case: &Typed<'_>) -> Option<u32> {
    let (above, place) = by_key.get(case.key)?;
    (case.amount > *above).then_some(*place)
}
