//! What the contributions of one decision cost: boosted trees of 100 × 31 leaves and
//! 300 of depth 6 over 15 columns, compared with backgrounds of several sizes, both
//! ways.
//!
//! `cargo bench --bench explain`. One thread; rows in a new order at each pass;
//! the median of rounds. Before anything is measured base and contributions are
//! checked to sum to what the model answers, and a warm explanation to allocate
//! nothing. What making the explainer takes is told beside it.

#[allow(dead_code, reason = "each bench uses what it needs")]
mod support;
#[path = "support/trees.rs"]
#[allow(dead_code, reason = "each bench uses what it needs")]
mod trees;

use std::hint::black_box;
use std::time::Instant;

use krites_model::{
    Attribution, Call, Explained, InputRows, InputTensor, Model, NativeModel, OnnxModel,
    OutputTensor, Scratch,
};
use ndarray::{Array2, Axis};
use support::{CASES, Random, Visits};

const COLUMNS: usize = 15;

/// Decisions that are explained in a round, and checked before
const EXPLAINED: usize = 200;

fn main() {
    // As a test, once is enough.
    let test = std::env::args().any(|argument| argument == "--test");
    let rounds = if test { 1 } else { 21 };
    let backgrounds: &[usize] = if test { &[10] } else { &[10, 100, 1_000] };
    let mut random = Random(11);
    let leaf_wise = (0..100).map(|_| trees::leaf_wise(&mut random, COLUMNS, 31));
    let leaf_wise: Vec<_> = leaf_wise.collect();
    let depth_wise = (0..300).map(|_| trees::depth_wise(&mut random, COLUMNS, 6));
    let depth_wise: Vec<_> = depth_wise.collect();
    let cases = rows(&mut random, CASES);
    println!("| trees | background | attribution | µs a decision | explainer made in |");
    println!("|---|---|---|---|---|");
    for (name, grown) in [
        ("100 × 31 leaves", leaf_wise),
        ("300 × depth 6", depth_wise),
    ] {
        let model = model(&grown);
        for &n_rows in backgrounds {
            let background = OutputTensor::Float(rows(&mut random, n_rows));
            let background = InputRows::new(model.signature(), vec![background]).unwrap();
            for attribution in [Attribution::Interventional, Attribution::PathDependent] {
                let explained = Explained {
                    output: 1,
                    column: 1,
                    background: &background,
                    attribution,
                };
                let (took, made) = measure(&model, &explained, &cases, rounds);
                println!("| {name} | {n_rows} rows | {attribution:?} | {took:.1} | {made:.1} ms |");
            }
        }
    }
}

/// Measures one explanation, in microseconds, and the making of the explainer,
/// in milliseconds.
fn measure(
    model: &NativeModel,
    explained: &Explained<'_>,
    cases: &Array2<f32>,
    rounds: usize,
) -> (f64, f64) {
    let start = Instant::now();
    let explainer = model.explainer(explained).unwrap();
    let made = start.elapsed().as_secs_f64() * 1e3;
    let mut scratch = Scratch::default();
    let mut contributions = [0.0; COLUMNS];
    for case in 0..EXPLAINED {
        let row = cases.index_axis(Axis(0), case).insert_axis(Axis(0));
        let row = [InputTensor::Float(row)];
        let margin = explainer
            .explain(&row, &mut contributions, &mut scratch)
            .unwrap();
        let sum = explainer.base() + contributions.iter().sum::<f64>();
        let answer = answer(model, &row);
        let linked = 1.0 / (1.0 + (-margin).exp());
        assert!((sum - margin).abs() < 1e-9 && (linked - answer).abs() < 1e-6);
    }
    let row = cases.index_axis(Axis(0), 0).insert_axis(Axis(0));
    let memory = allocation_counter::measure(|| {
        let row = [InputTensor::Float(row)];
        explainer
            .explain(&row, &mut contributions, &mut scratch)
            .unwrap();
    });
    assert_eq!(memory.count_total, 0);
    let mut visits = Visits::new();
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..EXPLAINED {
                let row = cases
                    .index_axis(Axis(0), visits.next())
                    .insert_axis(Axis(0));
                let row = [InputTensor::Float(row)];
                black_box(explainer.explain(&row, &mut contributions, &mut scratch)).unwrap();
            }
            start.elapsed().as_secs_f64() * 1e6 / EXPLAINED as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[rounds / 2], made)
}

fn answer(model: &NativeModel, row: &[InputTensor<'_>; 1]) -> f64 {
    let [InputTensor::Float(row)] = row else {
        unreachable!("rows are floats")
    };
    let mut outputs: Vec<_> = model
        .signature()
        .outputs
        .iter()
        .map(|spec| OutputTensor::for_spec(spec, 1))
        .collect();
    let call = &mut Call {
        inputs: &[InputTensor::Float(row.view())],
        outputs: &mut outputs,
        within: None,
        scratch: &mut Scratch::default(),
    };
    model.run(call).unwrap();
    match &outputs[1] {
        OutputTensor::Float(scores) => scores[(0, 1)].into(),
        other => unreachable!("scores are {other:?}"),
    }
}

fn rows(random: &mut Random, n_rows: usize) -> Array2<f32> {
    Array2::from_shape_simple_fn((n_rows, COLUMNS), || trees::unit(random))
}

/// Trees, made a probability.
fn model(grown: &[trees::Tree]) -> NativeModel {
    let bytes = trees::classifier(grown, COLUMNS as i64, "BRANCH_LEQ", true);
    NativeModel::from_onnx(&OnnxModel::parse(&bytes).unwrap()).unwrap()
}
