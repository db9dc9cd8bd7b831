//! Rules and a model in one decision: eligibility, and behind it 100 trees of 31 leaves
//! whose answer decides among cutoffs, beside the model alone.
//!
//! `cargo bench --bench hybrid`. Each answer is checked against the rules by hand and the
//! model asked alone, and warm decisions are checked to allocate nothing, before decision
//! and model are measured in turns. Every case that is measured comes to the model.

mod case;
mod policy;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each bench uses what it needs")]
mod support;
#[path = "../support/trees.rs"]
#[allow(dead_code, reason = "each bench uses what it needs")]
mod trees;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use krites::model::{Call, InputTensor, Model, OutputTensor, Scratch};
use krites::{Date, Decider, Engine};
use ndarray::{Array2, Axis};
use support::blocks::{BLOCK, Blocks};
use support::{CASES, Visits, applicants, by_hand};

use case::{Case, FEATURES};

fn main() {
    // As a test, once is enough.
    let test = std::env::args().any(|argument| argument == "--test");
    let rounds = if test { 1 } else { 41 };
    let release = policy::release();
    let model = release.models()["risk.onnx"].model().clone();
    assert_eq!(model.backend(), "native");
    let mut decider = Engine::new(release).decider("eligibility").unwrap();

    // All applicants, of whom rules decide most
    let all: Vec<Case<'_>> = case::with_bureau_data(&applicants());
    let mut alone = Alone::new(model.clone(), &all);
    check(&mut decider, &mut alone, &all);
    // Those for whom the model is asked
    let mut to_ask = applicants();
    to_ask.retain(|applicant| by_hand(applicant).0 == "approve");
    let to_ask: Vec<_> = to_ask.into_iter().cycle().take(CASES).collect();
    let asked = case::with_bureau_data(&to_ask);
    let mut alone = Alone::new(model, &asked);
    check(&mut decider, &mut alone, &asked);

    let json: Vec<String> = asked.iter().map(to_json).collect();
    let memory = allocation_counter::measure(|| {
        for (case, json) in asked.iter().zip(&json) {
            black_box(decider.decide_facts(date(), case).unwrap().outcome());
            black_box(decider.decide_json(date(), json).unwrap().outcome());
        }
    });
    assert_eq!(memory.count_total, 0, "a warm decision allocates");
    turns("derived", rounds, &mut alone, |at| {
        let decided = decider.decide_facts(date(), black_box(&asked[at]));
        black_box(decided.unwrap().outcome());
    });
    turns("JSON", rounds, &mut alone, |at| {
        let decided = decider.decide_json(date(), black_box(&json[at]));
        black_box(decided.unwrap().outcome());
    });
}

fn date() -> Date {
    Date::new(2026, 11, 23).unwrap()
}

fn to_json(case: &Case<'_>) -> String {
    serde_json::to_string(case).unwrap()
}

/// The model as a program would ask it: all that a call needs made before, one row a call
struct Alone {
    model: Arc<dyn Model>,
    rows: Array2<f32>,
    outputs: Vec<OutputTensor>,
    scratch: Scratch,
}

impl Alone {
    fn new(model: Arc<dyn Model>, cases: &[Case<'_>]) -> Self {
        let features: Vec<f32> = cases.iter().flat_map(Case::features).collect();
        let specs = model.signature().outputs.iter();
        Self {
            outputs: specs.map(|spec| OutputTensor::for_spec(spec, 1)).collect(),
            rows: Array2::from_shape_vec((cases.len(), FEATURES), features).unwrap(),
            model,
            scratch: Scratch::default(),
        }
    }

    fn ask(&mut self, at: usize) -> f32 {
        let row = self.rows.slice_axis(Axis(0), (at..at + 1).into());
        let inputs = [InputTensor::Float(row)];
        let call = &mut Call {
            inputs: &inputs,
            outputs: &mut self.outputs,
            within: None,
            scratch: &mut self.scratch,
        };
        self.model.run(call).unwrap();
        match &self.outputs[1] {
            OutputTensor::Float(scores) => scores[(0, 1)],
            other => unreachable!("the scores are {other:?}"),
        }
    }
}

/// Checks every decision from both kinds of facts: outcome and reason.
fn check(decider: &mut Decider, alone: &mut Alone, cases: &[Case<'_>]) {
    let mut outcomes: Vec<&str> = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        // What is compared is the shortest decimal that reads back to the float.
        let risk: f64 = alone.ask(at).to_string().parse().unwrap();
        let expected = match by_hand(&case.applicant()) {
            ("approve", _) if risk >= policy::DECLINE => ("decline", "RISK"),
            ("approve", _) if risk >= policy::REFER => ("refer", "RISK"),
            decided => decided,
        };
        let decision = decider.decide_facts(date(), case).unwrap();
        let reason = decision.reasons().next().map_or("", |reason| reason.code);
        assert_eq!((decision.outcome(), reason), expected, "{case:?}, {risk}");
        let json = to_json(case);
        let decision = decider.decide_json(date(), &json).unwrap();
        assert_eq!(decision.outcome(), expected.0, "{json}");
        outcomes.push(expected.0);
    }
    outcomes.sort_unstable();
    outcomes.dedup();
    assert_eq!(outcomes, ["approve", "decline", "refer"]);
}

/// Measures decisions and the model alone in turns, and prints the medians of both and of
/// the differences, and what blocks of 64 take.
fn turns(facts: &str, rounds: usize, alone: &mut Alone, mut decide: impl FnMut(usize)) {
    let mut visits = Visits::new();
    let (mut decision_blocks, mut model_blocks) = (Blocks::new(), Blocks::new());
    let mut ask = |at| {
        black_box(alone.ask(black_box(at)));
    };
    let mut taken = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..rounds {
        let decision = round(&mut visits, &mut decision_blocks, &mut decide);
        let model = round(&mut visits, &mut model_blocks, &mut ask);
        for (all, one) in taken.iter_mut().zip([decision, model, decision - model]) {
            all.push(one);
        }
    }
    let [decision, model, more] = taken.map(|mut all| {
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    });
    println!(
        "{facts}: a decision {decision:.0} ns, its model alone {model:.0} ns, more {more:.0} ns (medians of {rounds} rounds); \
         blocks of 64, median, 99 %, 99.9 %: {decision_blocks}, the model {model_blocks}"
    );
}

/// Nanoseconds a case
fn round(visits: &mut Visits, blocks: &mut Blocks, work: &mut impl FnMut(usize)) -> f64 {
    for _ in 0..CASES {
        work(visits.next());
    }
    let begun = Instant::now();
    for _ in 0..4 * CASES {
        work(visits.next());
    }
    let taken = begun.elapsed().as_secs_f64() * 1e9 / (4 * CASES) as f64;
    for _ in 0..4 * CASES / BLOCK {
        blocks.record(Blocks::time(|| work(visits.next())));
    }
    taken
}
