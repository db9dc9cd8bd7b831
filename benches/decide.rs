//! One decision: rules only, beside the same rules by hand; rules and a model,
//! beside the model alone.
//!
//! `cargo bench --bench decide`. Every answer is checked against the hand-written
//! rules, and a warm decision is checked to allocate nothing, before anything
//! is measured. The ratios to the hand-written rules, of facts that are typed and of
//! JSON, are printed at the end, with what blocks of 64 decisions take, median, 99 % and
//! 99.9 %; by hand JSON is read by serde_json into a struct.

#[allow(dead_code, reason = "each bench uses what it needs")]
mod support;

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use criterion::{Criterion, Throughput};
use krites::model::{Call, InputTensor, OutputTensor, Scratch};
use krites::{Date, Decider, Engine, Release};
use ndarray::ArrayView2;
use support::blocks::{BLOCK, Blocks};
use support::{
    Applicant, CASES, ELIGIBILITY, Visits, applicants, by_hand, by_hand_in_one, policy_in_one,
};

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    rules_only(&mut criterion);
    rules_and_model(&mut criterion);
    criterion.final_summary();
    print_ratios("repayments typed as money", ELIGIBILITY, by_hand);
    print_ratios(
        "the ratio as one expression",
        &policy_in_one(),
        by_hand_in_one,
    );
}

fn date() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

/// Rules by hand: outcome and reason
type Rules = fn(&Applicant<'_>) -> (&'static str, &'static str);

fn eligibility(text: &str) -> Decider {
    let release = Release::builder()
        .policy("eligibility.krites", text)
        .build()
        .unwrap();
    Engine::new(release).decider("eligibility").unwrap()
}

/// Checks every answer, then that warm decisions allocate nothing.
fn checked(decider: &mut Decider, cases: &[Applicant<'_>], by_hand: Rules) {
    for case in cases {
        let decision = decider.decide(date(), case).unwrap();
        let reason = decision.reasons().next().map_or("", |reason| reason.code);
        assert_eq!((decision.outcome(), reason), by_hand(case), "{case:?}");
    }
    let json = cases.iter().map(serde_json::to_string);
    let json: Vec<String> = json.map(Result::unwrap).collect();
    for (case, json) in cases.iter().zip(&json) {
        let decision = decider.decide_json(date(), json).unwrap();
        assert_eq!(decision.outcome(), by_hand(case).0, "{json}");
        let decision = decider.decide_facts(date(), case).unwrap();
        assert_eq!(decision.outcome(), by_hand(case).0, "{json}");
    }
    let allocations = allocation_counter::measure(|| {
        for (case, json) in cases.iter().zip(&json) {
            black_box(decider.decide(date(), case).unwrap().outcome());
            black_box(decider.decide_facts(date(), case).unwrap().outcome());
            black_box(decider.decide_json(date(), json).unwrap().outcome());
        }
    });
    assert_eq!(allocations.count_total, 0, "a warm decision allocates");
}

fn rules_only(criterion: &mut Criterion) {
    let cases = applicants();
    let mut decider = eligibility(ELIGIBILITY);
    checked(&mut decider, &cases, by_hand);
    let json: Vec<String> = cases
        .iter()
        .map(|case| serde_json::to_string(case).unwrap())
        .collect();
    let mut group = criterion.benchmark_group("decide/rules_only");
    group.throughput(Throughput::Elements(1));
    let mut visits = Visits::new();
    group.bench_function("by_hand", |bench| {
        bench.iter(|| by_hand(black_box(&cases[visits.next()])));
    });
    let mut visits = Visits::new();
    group.bench_function("typed", |bench| {
        bench.iter(|| {
            let decision = decider
                .decide(date(), black_box(&cases[visits.next()]))
                .unwrap();
            black_box((decision.outcome(), decision.reasons().next()));
        });
    });
    let mut visits = Visits::new();
    group.bench_function("derived", |bench| {
        bench.iter(|| {
            let decision = decider.decide_facts(date(), black_box(&cases[visits.next()]));
            let decision = decision.unwrap();
            black_box((decision.outcome(), decision.reasons().next()));
        });
    });
    let mut visits = Visits::new();
    group.bench_function("json", |bench| {
        bench.iter(|| {
            let decision = decider
                .decide_json(date(), black_box(&json[visits.next()]))
                .unwrap();
            black_box((decision.outcome(), decision.reasons().next()));
        });
    });
    group.finish();
}

/// The loan example: 18 fields, 13 rules, a model of 90 trees, a table.
fn rules_and_model(criterion: &mut Criterion) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/loan");
    let release = Release::from_path(folder.join("v1")).unwrap();
    let model = release.policy("loan").unwrap().models()[0].model().clone();
    let engine = Engine::new(release);
    let mut decider = engine.decider("loan").unwrap();
    let mut reader = csv::Reader::from_path(folder.join("data/german_credit.csv")).unwrap();
    let columns = decider.columns(&reader.headers().unwrap().clone()).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut run = 0;
    for row in &rows {
        let decision = decider.decide_row(date(), &columns, row).unwrap();
        run += usize::from(decision.answers().any(|(_, answer)| answer.is_some()));
    }
    assert!(run > 800, "most applications need the model");

    let mut group = criterion.benchmark_group("decide/rules_and_model");
    group.throughput(Throughput::Elements(1));
    let mut visits = Visits::new();
    group.bench_function("row", |bench| {
        bench.iter(|| {
            let row = black_box(&rows[visits.next()]);
            black_box(decider.decide_row(date(), &columns, row).unwrap().outcome());
        });
    });
    let features: Vec<f32> = (0..18_u8).map(f32::from).collect();
    let specs = &model.signature().outputs;
    let mut outputs: Vec<OutputTensor> = specs
        .iter()
        .map(|spec| OutputTensor::for_spec(spec, 1))
        .collect();
    let mut scratch = Scratch::default();
    group.bench_function("model_alone", |bench| {
        bench.iter(|| {
            let view = ArrayView2::from_shape((1, 18), black_box(&features)).unwrap();
            let inputs = [InputTensor::Float(view)];
            let call = &mut Call {
                inputs: &inputs,
                outputs: &mut outputs,
                within: None,
                scratch: &mut scratch,
            };
            model.run(call).unwrap();
        });
    });
    group.finish();
}

/// Hand-written and engine in turns, in one run; the median of the ratios.
fn print_ratios(form: &str, policy: &str, by_hand: Rules) {
    let cases = applicants();
    let json: Vec<String> = cases
        .iter()
        .map(|case| serde_json::to_string(case).unwrap())
        .collect();
    let mut decider = eligibility(policy);
    checked(&mut decider, &cases, by_hand);
    print_ratio(
        &format!("derived, {form}"),
        |case| {
            black_box(by_hand(black_box(&cases[case])));
        },
        |case| {
            let decision = decider.decide_facts(date(), black_box(&cases[case]));
            let decision = decision.unwrap();
            black_box((decision.outcome(), decision.reasons().next()));
        },
    );
    print_ratio(
        &format!("typed, {form}"),
        |case| {
            black_box(by_hand(black_box(&cases[case])));
        },
        |case| {
            let decision = decider.decide(date(), black_box(&cases[case])).unwrap();
            black_box((decision.outcome(), decision.reasons().next()));
        },
    );
    print_ratio(
        &format!("JSON, {form}"),
        |case| {
            let case: Applicant<'_> = serde_json::from_str(black_box(&json[case])).unwrap();
            black_box(by_hand(&case));
        },
        |case| {
            let decision = decider.decide_json(date(), black_box(&json[case]));
            let decision = decision.unwrap();
            black_box((decision.outcome(), decision.reasons().next()));
        },
    );
}

fn print_ratio(form: &str, mut by_hand: impl FnMut(usize), mut engine: impl FnMut(usize)) {
    // As a test, once is enough.
    let rounds = if std::env::args().any(|argument| argument == "--test") {
        1
    } else {
        41
    };
    let mut visits = Visits::new();
    let (mut engine_blocks, mut hand_blocks) = (Blocks::new(), Blocks::new());
    let mut ratios: Vec<(f64, f64, f64)> = (0..rounds)
        .map(|_| {
            let by_hand_takes = round(&mut visits, &mut by_hand);
            blocks(&mut visits, &mut hand_blocks, &mut by_hand);
            let engine_takes = round(&mut visits, &mut engine);
            blocks(&mut visits, &mut engine_blocks, &mut engine);
            (engine_takes / by_hand_takes, engine_takes, by_hand_takes)
        })
        .collect();
    ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (ratio, engine, hand) = ratios[rounds / 2];
    println!(
        "rules only, {form}: {engine:.0} ns, by hand {hand:.1} ns, ratio {ratio:.2} (median of {rounds} rounds); \
         blocks of 64: {engine_blocks}, by hand {hand_blocks}"
    );
}

/// Nanoseconds a case
fn round(visits: &mut Visits, work: &mut impl FnMut(usize)) -> f64 {
    let begun = Instant::now();
    for _ in 0..20 * CASES {
        work(visits.next());
    }
    begun.elapsed().as_secs_f64() * 1e9 / (20 * CASES) as f64
}

/// Times blocks of cases one by one; caches are warm.
fn blocks(visits: &mut Visits, blocks: &mut Blocks, work: &mut impl FnMut(usize)) {
    for _ in 0..20 * CASES / BLOCK {
        blocks.record(Blocks::time(|| work(visits.next())));
    }
}
