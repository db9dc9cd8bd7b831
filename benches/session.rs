//! What a model costs that ONNX Runtime runs: its session, the first runs, its memory, and
//! what a pool of sessions gives two threads.
//!
//! `cargo bench --bench session`. The model is the net of `examples/card_fraud_sequence`,
//! in sessions of one thread each. Answers of all
//! threads are compared with those of one before anything is measured. Of many rounds the
//! quickest counts, since what else the machine does only slows one down.

#[path = "support/bare.rs"]
#[allow(dead_code, reason = "each bench uses what it needs")]
mod bare;
#[path = "support/subject.rs"]
#[allow(dead_code, reason = "each bench uses what it needs")]
mod subject;
#[allow(dead_code, reason = "each bench uses what it needs")]
mod support;
#[path = "support/two_threads.rs"]
mod two_threads;

use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use bare::Bare;
use krites_model::OnnxModel;
use krites_onnxruntime::{OnnxRuntime, OnnxRuntimeModel};
use ndarray::Array2;
use ort::environment::Environment;
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::TensorRef;
use subject::{Rows, Subject};

/// Sessions that are held at a time where memory is measured
const HELD: usize = 20;

/// A model with its rows, which is one input of floats
struct Measured {
    name: &'static str,
    bytes: Vec<u8>,
    rows: Array2<f32>,
}

fn main() {
    let test = std::env::args().any(|argument| argument == "--test");
    let rounds = if test { 1 } else { 41 };
    let Some(library) = std::env::var_os("ORT_DYLIB_PATH") else {
        println!("skipped: ORT_DYLIB_PATH names no ONNX Runtime library");
        return;
    };
    // One environment for both: sessions made here, and those of the crate.
    let environment = ort::init_from(&library).unwrap();
    let environment = environment.with_telemetry(false).build().unwrap();
    let runtime = OnnxRuntime::adopt(environment.clone(), &library).unwrap();
    println!("ONNX Runtime {}", runtime.version());
    println!(
        "| model | read and screened | session made | first run | second | warm | bound once | a session keeps | two threads |"
    );
    measure(&runtime, &environment, &sequence(), rounds);
}

fn sequence() -> Measured {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/card_fraud_sequence");
    let mut reader = csv::Reader::from_path(format!("{folder}/sequence.golden.csv")).unwrap();
    let mut cells: Vec<f32> = Vec::new();
    for row in reader.records() {
        let row = row.unwrap();
        cells.extend(row.iter().take(24).map(|cell| cell.parse::<f32>().unwrap()));
    }
    Measured {
        name: "`card_fraud_sequence`",
        bytes: std::fs::read(format!("{folder}/sequence.onnx")).unwrap(),
        rows: Array2::from_shape_vec((cells.len() / 24, 24), cells).unwrap(),
    }
}

fn measure(runtime: &OnnxRuntime, environment: &Environment, measured: &Measured, rounds: usize) {
    let Measured { name, bytes, rows } = measured;
    // First, since what others gave back would be taken again.
    drop(load(runtime, bytes, 1));
    let before = resident();
    let held: Vec<_> = (0..HELD).map(|_| load(runtime, bytes, 1)).collect();
    let keeps = (resident() - before) / HELD as f64;
    drop(held);

    let screened = least(rounds, || {
        OnnxModel::parse(bytes).unwrap().check_hazards().unwrap();
    });
    let signature = OnnxModel::parse(bytes).unwrap().signature().clone();
    let input = &signature.inputs[0].name;
    let row = rows.row(0).to_vec();
    let (mut makes, mut first, mut second) = (Duration::MAX, Duration::MAX, Duration::MAX);
    for _ in 0..rounds {
        let begun = Instant::now();
        let mut made = session(environment, bytes);
        makes = makes.min(begun.elapsed());
        for least in [&mut first, &mut second] {
            let begun = Instant::now();
            let value = TensorRef::from_array_view(([1, row.len()], row.as_slice())).unwrap();
            drop(made.run(ort::inputs![input.as_str() => value]).unwrap());
            *least = begun.elapsed().min(*least);
        }
    }
    let pool = load(runtime, bytes, 2);
    let all = [Rows::Floats(rows.clone())];
    let mut subjects = [0, 1].map(|_| Subject::new(&pool, &all));
    let passes = (0..rounds).map(|_| subjects[0].pass(1));
    let warm = passes.fold(f64::INFINITY, f64::min);
    let mut bound = Bare::new(environment, bytes, &signature, &all, 1)
        .unwrap()
        .unwrap();
    let passes = (0..rounds).map(|_| bound.pass());
    let bound = passes.fold(f64::INFINITY, f64::min);
    agree(&pool, &all);
    let gain = two_threads::two_threads(&mut subjects, warm, rounds);
    println!(
        "| {name} | {screened:.1?} | {makes:.1?} | {first:.1?} | {second:.1?} | {:.2} µs | {:.2} µs | {keeps:.0} kB | {gain:.2} |",
        warm / 1e3,
        bound / 1e3,
    );
}

/// Holds what two threads are told at a time against what one is told.
fn agree(pool: &OnnxRuntimeModel, rows: &[Rows]) {
    let answers = || Subject::new(pool, rows).answers();
    let alone = answers();
    std::thread::scope(|scope| {
        let threads = [scope.spawn(answers), scope.spawn(answers)];
        for thread in threads {
            assert_eq!(thread.join().unwrap(), alone);
        }
    });
}

fn least(rounds: usize, mut measured: impl FnMut()) -> Duration {
    let times = (0..rounds).map(|_| {
        let begun = Instant::now();
        measured();
        begun.elapsed()
    });
    times.min().unwrap()
}

fn session(environment: &Environment, bytes: &[u8]) -> Session {
    let builder = Session::builder(environment).unwrap();
    let builder = builder.with_intra_threads(1).unwrap();
    let builder = builder.with_inter_threads(1).unwrap();
    let mut builder = builder
        .with_optimization_level(GraphOptimizationLevel::All)
        .unwrap();
    builder.commit_from_memory(bytes).unwrap()
}

fn load(runtime: &OnnxRuntime, bytes: &[u8], workers: usize) -> OnnxRuntimeModel {
    let signature = OnnxModel::parse(bytes).unwrap().signature().clone();
    let workers = NonZeroUsize::new(workers).unwrap();
    OnnxRuntimeModel::load(runtime, bytes, signature, workers).unwrap()
}

/// Returns the resident memory of this process in thousands of bytes, 0 where the system
/// does not tell it.
fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<f64>().ok());
    kilobytes.unwrap_or_default() * 1.024
}
