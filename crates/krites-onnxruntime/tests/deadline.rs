//! Runs that do not end are cut at their deadlines, and leave nothing behind.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use std::num::NonZeroUsize;
use std::time::Duration;

use krites_model::testing::{endless, endless_above_zero};
use krites_model::{
    Call, InputRows, InputTensor, Model, ModelError, OnnxModel, OutputTensor, Scratch,
};
use krites_onnxruntime::{Batches, LoadError, OnnxRuntimeModel};
use ndarray::{Array2, array};
use support::{runtime, takes};

fn load(bytes: &[u8], first_run: Duration) -> Option<Result<OnnxRuntimeModel, LoadError>> {
    let runtime = runtime()?;
    let signature = OnnxModel::parse(bytes).unwrap().signature().clone();
    let workers = NonZeroUsize::MIN;
    Some(OnnxRuntimeModel::load_within(
        &runtime, bytes, signature, workers, first_run,
    ))
}

fn run(model: &OnnxRuntimeModel, x: f32, within: Option<Duration>) -> Result<f32, ModelError> {
    let x = array![[x]];
    let mut outputs = [OutputTensor::Float(Array2::zeros((1, 1)))];
    model.run(&mut Call {
        inputs: &[InputTensor::Float(x.view())],
        outputs: &mut outputs,
        within,
        scratch: &mut Scratch::default(),
    })?;
    match &outputs {
        [OutputTensor::Float(y)] => Ok(*y.first().unwrap()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_run_is_cut_and_the_session_answers_afterwards() {
    let Some(model) = load(&endless_above_zero(), Duration::from_secs(10)) else {
        return;
    };
    let model = model.unwrap();
    for _ in 0..20 {
        let cut = run(&model, 1.0, Some(Duration::from_millis(5)));
        assert_eq!(cut, Err(ModelError::Late { within_ms: 5 }));
        // With a deadline that is far, with none, and as before.
        assert_eq!(run(&model, -2.0, Some(Duration::from_secs(60))), Ok(-4.0));
        assert_eq!(run(&model, -3.0, None), Ok(-6.0));
        assert_eq!(run(&model, -4.0, Some(Duration::MAX)), Ok(-8.0));
    }
}

#[test]
fn a_deadline_that_has_passed_cuts_no_later_call() {
    let Some(model) = load(&endless_above_zero(), Duration::from_secs(10)) else {
        return;
    };
    let model = model.unwrap();
    let mut late = 0;
    // Deadlines about as long as a run takes, so that some come just as it ends.
    for nanos in (0..2_000_u64).map(|turn| 2_000 + turn * 40) {
        match run(&model, -1.0, Some(Duration::from_nanos(nanos))) {
            Ok(y) => assert_eq!(y, -2.0),
            Err(ModelError::Late { .. }) => late += 1,
            Err(other) => panic!("{other}"),
        }
        assert_eq!(run(&model, -5.0, None), Ok(-10.0));
    }
    println!("{late} of 2000 calls were late");
}

#[test]
fn a_model_whose_first_run_does_not_end_is_refused() {
    let Some(loaded) = load(&endless(), Duration::from_millis(200)) else {
        return;
    };
    let error = loaded.unwrap_err();
    assert_eq!(error, LoadError::Endless { within_ms: 200 });
}

/// Kilobytes that a thousand cut runs may leave behind
const SLOPE: u64 = 4_096;

#[test]
fn a_thousand_runs_that_are_cut_leave_no_thread_and_no_memory() {
    let Some(model) = load(&endless_above_zero(), Duration::from_secs(10)) else {
        return;
    };
    let model = model.unwrap();
    let cut = |count: usize| {
        for _ in 0..count {
            let cut = run(&model, 1.0, Some(Duration::from_millis(2)));
            assert_eq!(cut, Err(ModelError::Late { within_ms: 2 }));
        }
    };
    cut(100);
    let Some(before) = takes() else { return };
    cut(1_000);
    let after = takes().unwrap();
    let grown = after.1.saturating_sub(before.1);
    println!(
        "a thousand runs cut: {} threads before, {} after, {grown} kB more",
        before.0, after.0
    );
    // Other tests of this process come and go with their own.
    assert!(
        after.0 <= before.0 + 4,
        "{} and {} threads",
        before.0,
        after.0
    );
    assert!(grown <= SLOPE, "{grown} kB more");
}

#[test]
fn batches_are_taken_where_they_gave_the_bits_of_their_rows() {
    let Some(model) = load(&endless_above_zero(), Duration::from_millis(100)) else {
        return;
    };
    let model = model.unwrap();
    let rows = |values: &[f32]| {
        let column = Array2::from_shape_vec((values.len(), 1), values.to_vec()).unwrap();
        InputRows::new(model.signature(), vec![OutputTensor::Float(column)]).unwrap()
    };
    assert!(model.batching_changes_bits());
    let few = model.prove_batches(&rows(&[-1.0]));
    assert_eq!(few, Ok(Batches::TooFewRows));
    assert!(model.batching_changes_bits());
    let same = model.prove_batches(&rows(&[-1.0, -2.0, -3.0, 0.0, -5.0, -6.0, -7.0, -8.0]));
    assert_eq!(same, Ok(Batches::Same { rows: 8 }));
    assert!(!model.batching_changes_bits());
    // A row that alone does not end is an error, and changes nothing.
    let endless = model.prove_batches(&rows(&[-1.0, 1.0]));
    assert_eq!(endless, Err(ModelError::Late { within_ms: 100 }));
    assert!(!model.batching_changes_bits());
}
