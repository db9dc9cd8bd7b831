//! ONNX Runtime against native models, where the library is there.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../../krites-model/tests/support/mod.rs"]
mod support;

use std::num::NonZeroUsize;
use std::time::Duration;

use krites_model::testing::{ModelBuilder, say_skipped};
use krites_model::{
    Call, ElementType, InputTensor, Model, ModelError, NativeModel, OnnxModel, OutputTensor,
    Scratch,
};
use krites_onnxruntime::{Hints, LoadError, OnnxRuntime, OnnxRuntimeModel};
use ndarray::Array2;
use support::{compare, fixtures, score};

/// Returns the library, or says that the test is skipped.
fn runtime() -> Option<OnnxRuntime> {
    match OnnxRuntime::locate(&Hints::default()) {
        Ok(runtime) => Some(runtime),
        Err(error) => {
            say_skipped(&error);
            None
        }
    }
}

fn load(
    runtime: &OnnxRuntime,
    bytes: &[u8],
    workers: usize,
) -> Result<OnnxRuntimeModel, LoadError> {
    let signature = OnnxModel::parse(bytes).unwrap().signature().clone();
    OnnxRuntimeModel::load(
        runtime,
        bytes,
        signature,
        NonZeroUsize::new(workers).unwrap(),
    )
}

/// Scores rows of one float input, and tells the scores and the other outputs.
fn run(model: &dyn Model, rows: &Array2<f32>) -> Result<Vec<OutputTensor>, ModelError> {
    let specs = &model.signature().outputs;
    let mut outputs: Vec<_> = specs
        .iter()
        .map(|spec| OutputTensor::for_spec(spec, rows.nrows()))
        .collect();
    let call = &mut Call {
        inputs: &[InputTensor::Float(rows.view())],
        outputs: &mut outputs,
        within: None,
        scratch: &mut Scratch::default(),
    };
    model.run(call)?;
    Ok(outputs)
}

fn assert_close(native: &[OutputTensor], other: &[OutputTensor], what: &str) {
    for (native, other) in native.iter().zip(other) {
        if let (OutputTensor::Float(native), OutputTensor::Float(other)) = (native, other) {
            for (a, b) in native.iter().zip(other) {
                let same = a == b || (a.is_nan() && b.is_nan());
                let close = f64::from((a - b).abs()) <= 1e-6 + 1e-5 * f64::from(b.abs());
                assert!(same || close, "{what}: native {a}, onnxruntime {b}");
            }
        }
    }
}

#[test]
fn both_backends_answer_as_the_fixtures_say() {
    let Some(runtime) = runtime() else { return };
    let Some(fixtures) = fixtures() else {
        return say_skipped(&"no models at KRITES_DATA");
    };
    for fixture in fixtures {
        let onnx = OnnxModel::parse(&fixture.bytes).unwrap();
        let model = load(&runtime, &fixture.bytes, 1).unwrap();
        let inputs = fixture.inputs(model.signature());
        let scratch = &mut Scratch::default();
        let answer = score(&model, &inputs, 0, fixture.n_rows(), scratch).unwrap();
        let worst = compare(&fixture, model.signature(), &answer);
        println!(
            "{}: {}, at most {worst:.2e} away",
            fixture.name,
            model.backend()
        );
        if let Ok(native) = NativeModel::from_onnx(&onnx) {
            assert_eq!(native.signature(), model.signature());
            let native = score(&native, &inputs, 0, fixture.n_rows(), scratch).unwrap();
            assert_close(&native, &answer, &fixture.name);
        }
    }
}

fn identity(element: ElementType, dims: &[i64]) -> Vec<u8> {
    ModelBuilder::new()
        .input("x", element, dims)
        .output("y", element, dims)
        .node("Identity", &["x"], &["y"], &[])
        .build()
}

#[test]
fn texts_and_single_row_graphs_pass_through() {
    let Some(runtime) = runtime() else { return };
    let model = load(&runtime, &identity(ElementType::Text, &[-1, 2]), 2).unwrap();
    let texts = Array2::from_shape_vec((2, 2), vec!["a", "", "ä", "d e"]).unwrap();
    let mut outputs = [OutputTensor::for_spec(&model.signature().outputs[0], 2)];
    let scratch = &mut Scratch::default();
    let inputs = [InputTensor::Text(texts.view())];
    model
        .run(&mut Call {
            inputs: &inputs,
            outputs: &mut outputs,
            within: None,
            scratch,
        })
        .unwrap();
    assert_eq!(outputs, [OutputTensor::Text(texts.mapv(str::to_owned))]);

    let model = load(&runtime, &identity(ElementType::Float, &[1, 2]), 1).unwrap();
    let rows = Array2::from_shape_vec((3, 2), vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]).unwrap();
    assert_eq!(run(&model, &rows).unwrap(), [OutputTensor::Float(rows)]);
}

#[test]
fn a_late_answer_and_a_wrong_shape_are_errors() {
    let Some(runtime) = runtime() else { return };
    let model = load(&runtime, &identity(ElementType::Float, &[-1, 2]), 1).unwrap();
    let rows = Array2::zeros((1, 2));
    let mut outputs = [OutputTensor::for_spec(&model.signature().outputs[0], 1)];
    let scratch = &mut Scratch::default();
    let inputs = [InputTensor::Float(rows.view())];
    let within = Some(Duration::ZERO);
    let late = model.run(&mut Call {
        inputs: &inputs,
        outputs: &mut outputs,
        within,
        scratch,
    });
    assert_eq!(late, Err(ModelError::Late { within_ms: 0 }));
    assert!(matches!(
        run(&model, &Array2::zeros((1, 3))),
        Err(ModelError::Shape { .. })
    ));
    assert!(model.backend().starts_with("onnxruntime "));
}

#[test]
fn a_graph_that_it_refuses_is_an_error() {
    let Some(runtime) = runtime() else { return };
    let bytes = ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 2])
        .output("y", ElementType::Float, &[-1, 2])
        .node("NoSuchOperator", &["x"], &["y"], &[])
        .build();
    let refused = load(&runtime, &bytes, 1).unwrap_err();
    assert!(matches!(refused, LoadError::Refused { .. }), "{refused}");
}

#[test]
fn threads_share_the_pool() {
    let Some(runtime) = runtime() else { return };
    let model = load(&runtime, &identity(ElementType::Float, &[-1, 2]), 2).unwrap();
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let rows = Array2::from_elem((5, 2), 1.5);
                for _ in 0..200 {
                    assert_eq!(
                        run(&model, &rows).unwrap(),
                        [OutputTensor::Float(rows.clone())]
                    );
                }
            });
        }
    });
}
