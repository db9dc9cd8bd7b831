//! How long a model takes: native, and by ONNX Runtime at its best, in one run.
//!
//! `cargo bench --bench model`. One thread each; inputs and outputs are made
//! before; ONNX Runtime reads the rows where they lie. It is asked through
//! `krites-onnxruntime`, as an engine asks it, and, in a process of its own,
//! bare: a session whose input and outputs are bound once, for models of one
//! input of floats. Rows come in a new order at each pass. Every answer of the
//! one is compared with the other's, and a warm native call is checked to
//! allocate nothing, before anything is measured. Where the library is not
//! there, native models are measured alone; trained models are measured where
//! `KRITES_DATA` names their folder. Then follow what two threads give, and what
//! loading costs. Words behind `--` choose models by parts of their names.

#[path = "support/bare.rs"]
mod bare;
#[path = "../crates/krites-model/tests/support/mod.rs"]
#[allow(dead_code, reason = "tests use more of it")]
mod fixtures;
#[path = "support/given.rs"]
mod given;
#[path = "support/made.rs"]
mod made;
#[path = "support/subject.rs"]
mod subject;
#[allow(dead_code, reason = "each bench uses what it needs")]
mod support;
#[path = "support/trees.rs"]
mod trees;
#[path = "support/two_threads.rs"]
mod two_threads;
#[path = "support/words.rs"]
mod words;
#[path = "support/worth.rs"]
mod worth;

use std::num::NonZeroUsize;
use std::process::Command;
use std::time::Instant;

use bare::Bare;
use krites_model::{Model, NativeModel, OnnxModel};
use krites_onnxruntime::{Hints, LocateError, OnnxRuntime, OnnxRuntimeModel};
use made::Made;
use ort::environment::Environment;
use subject::{Nanoseconds, Subject};
use support::CASES;

/// Native, and ONNX Runtime where it is there
type Figures = (Nanoseconds, Option<Nanoseconds>);

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let models: Vec<Made> = made::models().into_iter().chain(given::models()).collect();
    // As a test, once is enough.
    let test = arguments.iter().any(|argument| argument == "--test");
    let rounds = if test { 1 } else { 41 };
    let words: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|argument| !argument.starts_with("--"))
        .collect();
    match words.as_slice() {
        ["load", backend, idx] => {
            let runtime = (*backend == "onnxruntime").then(|| locate().unwrap());
            let idx: usize = idx.parse().unwrap();
            return worth::load(&models[idx], &models[0], runtime.as_ref(), test);
        }
        ["bare", library, names @ ..] => {
            let environment = ort::init_from(library).unwrap();
            let environment = environment.with_telemetry(false).build().unwrap();
            for made in chosen(&models, names) {
                measure_bare(made, &environment, rounds);
            }
            return;
        }
        _ => {}
    }
    let runtime = locate();
    match &runtime {
        Ok(runtime) => println!(
            "native and ONNX Runtime {} in turns, median of {rounds} rounds",
            runtime.version()
        ),
        Err(error) => println!("native alone, median of {rounds} rounds: {error}"),
    }
    println!("| model | rows | native | ONNX Runtime | ratio |\n|---|---|---|---|---|");
    for made in chosen(&models, &words) {
        measure(made, runtime.as_ref().ok(), rounds);
    }
    if let Ok(runtime) = &runtime {
        println!("\n| model | rows | native | ONNX Runtime, bare | ratio |\n|---|---|---|---|---|");
        let library = runtime.path().to_str().unwrap();
        let mut again = Command::new(std::env::current_exe().unwrap());
        again.args(["bare", library]).args(&words);
        again.args(test.then_some("--test"));
        assert!(again.status().unwrap().success());
    }
    println!(
        "\n| model | tests a row meets | a test, one row | of a thousand | two threads |\n\
         |---|---|---|---|---|"
    );
    for made in chosen(&models, &words) {
        threads(made, rounds);
    }
    worth::loads(&models, runtime.is_ok(), test);
}

fn locate() -> Result<OnnxRuntime, LocateError> {
    OnnxRuntime::locate(&Hints::default())
}

/// Returns the models whose names hold one of some words, all where there are
/// no words.
fn chosen<'m>(models: &'m [Made], words: &[&str]) -> impl Iterator<Item = &'m Made> {
    let named =
        |made: &&Made| words.is_empty() || words.iter().any(|word| made.name.contains(word));
    models.iter().filter(named)
}

fn native(made: &Made) -> NativeModel {
    NativeModel::from_onnx(&OnnxModel::parse(&made.bytes).unwrap()).unwrap()
}

/// Compares the answers to all rows, then measures in turns and prints two
/// lines of the table.
fn measure(made: &Made, runtime: Option<&OnnxRuntime>, rounds: usize) {
    let native = native(made);
    let other = runtime.map(|runtime| {
        let signature = native.signature().clone();
        OnnxRuntimeModel::load(runtime, &made.bytes, signature, NonZeroUsize::MIN).unwrap()
    });
    let mut native = Subject::new(&native, &made.rows);
    let mut other = other.as_ref().map(|other| Subject::new(other, &made.rows));
    if let Some(other) = &mut other {
        native.agrees_with(other, made.name);
    }
    native.allocates_nothing();
    for at_once in [1, CASES] {
        line(made.name, at_once, rounds, || {
            let native = native.pass(at_once);
            (native, other.as_mut().map(|other| other.pass(at_once)))
        });
    }
}

/// The same beside a session whose input and outputs are bound once, where the
/// model can be bound.
fn measure_bare(made: &Made, environment: &Environment, rounds: usize) {
    let native = native(made);
    let mut subject = Subject::new(&native, &made.rows);
    for at_once in [1, CASES] {
        let signature = native.signature();
        let bare = Bare::new(environment, &made.bytes, signature, &made.rows, at_once).unwrap();
        let Some(mut bare) = bare else { return };
        subject.gives(&bare.answer(), at_once, made.name);
        line(made.name, at_once, rounds, || {
            (subject.pass(at_once), Some(bare.pass()))
        });
    }
}

/// Measures in rounds, fewer where one takes long, and prints the medians of
/// both and of their ratio.
fn line(name: &str, at_once: usize, rounds: usize, mut round: impl FnMut() -> Figures) {
    let begun = Instant::now();
    let mut figures = Vec::new();
    while figures.len() < rounds && (figures.len() < 5 || begun.elapsed().as_secs() < 5) {
        figures.push(round());
    }
    let native = median(figures.iter().map(|(native, _)| *native));
    print!("| {name} | {at_once} | {:.0} ns |", native.unwrap());
    let other = median(figures.iter().filter_map(|(_, other)| *other));
    let ratio = median(
        figures
            .iter()
            .filter_map(|(native, other)| Some((*other)? / native)),
    );
    match other.zip(ratio) {
        Some((other, ratio)) => println!(" {other:.0} ns | {ratio:.2} |"),
        None => println!(" – | – |"),
    }
}

fn median(figures: impl Iterator<Item = f64>) -> Option<f64> {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied()
}

/// Prints what a test in a tree takes, and what two threads give.
fn threads(made: &Made, rounds: usize) {
    let model = native(made);
    let mut subjects = [0, 1].map(|_| Subject::new(&model, &made.rows));
    print!("| {} |", made.name);
    let [one, all] = [1, CASES].map(|at_once| {
        let passes = (0..rounds).map(|_| subjects[0].pass(at_once));
        passes.fold(f64::INFINITY, f64::min)
    });
    match made.visits {
        Some(visits) => print!(
            " {visits:.0} | {:.2} ns | {:.2} ns |",
            one / visits,
            all / visits
        ),
        None => print!(" – | – | – |"),
    }
    let gain = two_threads::two_threads(&mut subjects, one, rounds);
    println!(" {gain:.2} |");
}
