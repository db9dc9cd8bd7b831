//! `forbid` against all cases of small policies at random: where it is proved, no two
//! cases that differ in the forbidden input alone come to different results.
//! `KRITES_FORBIDS` says how many policies.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod small;
mod support;

use std::collections::HashMap;

use krites_lang::ir::Value;
use krites_lang::{
    Answer, Answered, Answers, Cost, Diagnostic, Feed, Frame, ModelCall, ModelFault, Program,
    Severity, SlotState, analyse,
};
use small::{Choose, Dimension, Given, Policy, beginning, cases, give, some_dimensions};
use support::{checked, rendered};

/// A policy at random, the dimensions of its cases, and the inputs that it forbids.
fn generated(number: u64) -> (String, Vec<&'static Dimension>, Vec<&'static str>) {
    let mut choose = Choose(number);
    let dimensions = some_dimensions(&mut choose, 4);
    let header = choose.one(&[
        "; on fault refer because R1",
        "; on fault decline because R2",
    ]);
    let mut text = beginning(header, &dimensions);
    let forbidden = dimensions[choose.below(dimensions.len())];
    let name = forbidden.names[choose.below(forbidden.names.len())];
    let whole = forbidden.names.len() > 1 && choose.percent(50);
    let names = match whole {
        true => forbidden.names.to_vec(),
        false => vec![name],
    };
    let said = match whole {
        true => &name[..1],
        false => name,
    };
    text += &format!("forbid {said} in every result\n");
    // What is forbidden is rarer than the rest, so that some of it is proved.
    let mut truths = Vec::new();
    let mut numbers = Vec::new();
    for dimension in &dimensions {
        let rare = std::ptr::eq(*dimension, forbidden);
        let times = if rare { 1 } else { 3 };
        for _ in 0..times {
            truths.push(choose.one(dimension.truths).to_owned());
            numbers.push(choose.one(dimension.numbers).to_owned());
        }
    }
    let mut policy = Policy::new(choose, text, truths, numbers);
    policy.items_and_decide(4);
    policy.results();
    (policy.text, dimensions, names)
}

/// Models that answer by what they are fed
#[derive(Default)]
struct ByFeed {
    calls: u64,
}

impl Answers for ByFeed {
    fn answer(&mut self, call: ModelCall<'_>) -> Answered {
        self.calls += 1;
        let fed = |feed: &Feed| match feed {
            Feed::Float(values) => f64::from(values[0]),
            other => panic!("{other:?}"),
        };
        let sum: f64 = call
            .feeds
            .iter()
            .zip([1.0, 4.0])
            .map(|(feed, times)| fed(feed) * times)
            .sum();
        let answer = match (sum as i64).rem_euclid(5) {
            4 => return Answered::Fault(ModelFault::Failed("four".to_owned())),
            rest => rest as f32 / 4.0,
        };
        call.answers[0] = Answer::Float(answer);
        Answered::Given
    }
}

/// All that a decision comes to.
fn result(program: &Program, bound: &Cost, frame: &mut Frame, case: &Given) -> String {
    let policy = program.policy();
    give(program, frame, case);
    let mut models = ByFeed::default();
    let decided = program.decide(frame, &mut models);
    assert!(models.calls <= bound.model_calls, "{bound:?}");
    if let Err(error) = decided {
        return format!("error: {error}");
    }
    let mut found = format!(
        "{:?} reasons {:?} tags {:?} change {:?}",
        program.outcome(frame),
        frame.reasons(),
        frame.tags(),
        program
            .value(frame, Value::Decided(0))
            .map(|value| value.to_string()),
    );
    for (id, output) in policy.outputs.iter_ids() {
        let state = program.output_state(frame, id);
        let value = program.output(frame, id).map(|value| value.to_string());
        let value = value.filter(|_| state == SlotState::Present);
        found += &format!(" {} {state:?} {value:?}", output.name);
    }
    found
}

/// Two cases that differ in what is forbidden alone, and in what they come to.
fn differing_pair(
    program: &Program,
    dimensions: &[&'static Dimension],
    forbidden: &[&str],
) -> Option<String> {
    let mut frame = program.frame();
    let bound = Cost::of(program.policy());
    let mut seen: HashMap<Given, (Given, String)> = HashMap::new();
    for case in cases(dimensions) {
        let found = result(program, &bound, &mut frame, &case);
        let rest = case.iter().filter(|(name, _)| !forbidden.contains(name));
        let rest: Given = rest.copied().collect();
        let (first, before) = seen
            .entry(rest)
            .or_insert_with(|| (case.clone(), found.clone()));
        if *before != found {
            return Some(format!("{first:?}\n{before}\n{case:?}\n{found}"));
        }
    }
    None
}

#[test]
fn what_is_proved_holds_for_every_pair_of_cases() {
    let wanted = std::env::var("KRITES_FORBIDS").map_or(2_000, |text| text.parse().unwrap());
    let (mut proved, mut leaking, mut conservative) = (0, 0, 0);
    let mut refused: HashMap<String, usize> = HashMap::new();
    for number in 0..wanted {
        let (text, dimensions, forbidden) = generated(number);
        // `forbid` is an error of the analysis, which `checked` runs, too.
        let without = text.replace("\nforbid ", "\n# forbid ");
        let (sources, policy, diagnostics) = checked("generated.krites", &without);
        let Some(policy) = policy else {
            let code = diagnostics[0].code.to_string();
            if std::env::var("KRITES_SHOW").is_ok() {
                println!("{text}\n{}", rendered(&sources, &diagnostics));
            }
            *refused.entry(code).or_default() += 1;
            continue;
        };
        let (sources, _, diagnostics) = checked("generated.krites", &text);
        // What must always hold need not be so
        let known = |found: &Diagnostic| matches!(found.code.0, 950 | 951);
        assert!(diagnostics.iter().all(known), "{text}");
        let leaks = diagnostics.iter().any(|found| found.code.0 == 950);
        let program = Program::compile(policy);
        let pair = differing_pair(&program, &dimensions, &forbidden);
        match (!leaks, pair) {
            (true, Some(pair)) => panic!("policy {number}\n{text}\nproved, and yet\n{pair}"),
            (true, None) => proved += 1,
            (false, Some(_)) => leaking += 1,
            (false, None) => conservative += 1,
        }
        if std::env::var("KRITES_SHOW").is_ok() && !diagnostics.is_empty() {
            println!("{text}\n{}", rendered(&sources, &diagnostics));
        }
    }
    let n_refused: usize = refused.values().sum();
    println!(
        "{wanted} policies: {proved} proved, {leaking} leak, \
         {conservative} refused though no pair differs; {n_refused} do not check {refused:?}"
    );
    assert!(
        proved + leaking + conservative >= wanted as usize * 4 / 5,
        "{refused:?}"
    );
    assert!(proved * 10 > wanted as usize && leaking * 10 > wanted as usize);
}

#[test]
fn an_error_of_the_analysis_is_one() {
    let text = "policy p { version \"1\" }\nenum O { a < b }\ninput { x : boolean }\n\
        decide o : O most severe {\nrule r when x then b\nrule rest otherwise then a\n}\n";
    let (_, policy, _) = checked("p.krites", text);
    assert!(analyse(&policy.unwrap()).is_empty());
    let (_, policy, found) = checked("p.krites", &format!("{text}forbid x in every result\n"));
    assert!(policy.is_none());
    assert!(found.iter().all(|found| found.severity == Severity::Error) && found.len() == 1);
}
