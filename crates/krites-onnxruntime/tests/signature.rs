//! Widths that only ONNX Runtime, or a run, tells.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[allow(dead_code, reason = "other tests need more of it")]
mod cells;

use std::num::NonZeroUsize;

use cells::{Cells, runtime, score};
use krites_model::testing::{Attribute, ModelBuilder, Numbers};
use krites_model::{ElementType, Model, NativeModel, OnnxModel, OutputTensor};
use krites_onnxruntime::OnnxRuntimeModel;

#[test]
fn widths_that_the_graph_leaves_open_are_found() {
    let Some(runtime) = runtime() else { return };
    let model = || {
        ModelBuilder::new()
            .input("x", ElementType::Float, &[-1, 3])
            .output("y", ElementType::Float, &[-1, -1])
    };
    let inferred = model().node("Asinh", &["x"], &["y"], &[]);
    // Nothing but a run tells how often the columns are repeated.
    let measured = model()
        .floats("times", &[2], &[1.0, 2.0])
        .node(
            "Cast",
            &["times"],
            &["repeats"],
            &[("to", Attribute::Integer(7))],
        )
        .node("Tile", &["x", "repeats"], &["y"], &[]);
    for (model, width) in [(inferred, 3), (measured, 6)] {
        let bytes = model.build();
        let onnx = OnnxModel::parse(&bytes).unwrap();
        assert_eq!(onnx.signature().outputs[0].width, 1);
        let workers = NonZeroUsize::MIN;
        let signature = onnx.signature().clone();
        let model = OnnxRuntimeModel::load(&runtime, &bytes, signature, workers).unwrap();
        assert_eq!(model.signature().outputs[0].width, width);
        let rows = Cells::some(&mut Numbers(1), ElementType::Float, 4, 3);
        let outputs = score(&model, &[rows], 0, 4).unwrap();
        let [OutputTensor::Float(y)] = outputs.as_slice() else {
            panic!("{outputs:?}");
        };
        assert_eq!(y.dim(), (4, width));
        // A model that both run has one signature.
        if let Ok(native) = NativeModel::from_onnx(&onnx) {
            assert_eq!(native.signature(), model.signature());
        }
    }
}
