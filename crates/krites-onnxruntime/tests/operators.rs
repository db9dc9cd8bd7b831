//! Single operators: native answers against those of ONNX Runtime.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::num::NonZeroUsize;

use krites_model::testing::{Attribute, ModelBuilder, say_skipped};
use krites_model::{
    Call, ElementType, InputTensor, Model, NativeModel, OnnxModel, OutputTensor, Scratch,
};
use krites_onnxruntime::{Hints, OnnxRuntime, OnnxRuntimeModel};
use ndarray::Array2;

use Attribute::{Float, Floats, Integer, Integers, Text, Texts};
use ElementType::{Boolean, Float as F, Integer as I};

/// The rows that every operator gets: two columns more than one
fn rows() -> Array2<f32> {
    let values = [
        0.5, -1.5, 3.0, 0.0, 2.0, -0.25, 7.5, 1.0, -3.0, 0.1, 0.1, 4.0,
    ];
    Array2::from_shape_vec((4, 3), values.to_vec()).unwrap()
}

fn run(model: &dyn Model) -> Vec<OutputTensor> {
    let rows = rows();
    let specs = &model.signature().outputs;
    let mut outputs: Vec<_> = specs
        .iter()
        .map(|spec| OutputTensor::for_spec(spec, rows.nrows()))
        .collect();
    let inputs = [InputTensor::Float(rows.view())];
    let scratch = &mut Scratch::default();
    model
        .run(&mut Call {
            inputs: &inputs,
            outputs: &mut outputs,
            within: None,
            scratch,
        })
        .unwrap();
    outputs
}

/// Runs a graph over `x`, [N, 3] floats, on both backends.
fn check(runtime: &OnnxRuntime, what: &str, model: ModelBuilder) {
    let bytes = model.input("x", F, &[-1, 3]).build();
    let onnx = OnnxModel::parse(&bytes).unwrap();
    let native = NativeModel::from_onnx(&onnx).unwrap_or_else(|error| panic!("{what}: {error}"));
    let signature = native.signature().clone();
    let one = NonZeroUsize::MIN;
    let other = OnnxRuntimeModel::load(runtime, &bytes, signature, one)
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    for (native, other) in run(&native).iter().zip(&run(&other)) {
        match (native, other) {
            (OutputTensor::Float(a), OutputTensor::Float(b)) => {
                for (a, b) in a.iter().zip(b) {
                    let close = f64::from((a - b).abs()) <= 1e-6 + 1e-5 * f64::from(b.abs());
                    assert!(
                        close || a == b || (a.is_nan() && b.is_nan()),
                        "{what}: {a} is not {b}"
                    );
                }
            }
            (a, b) => assert_eq!(a, b, "{what}"),
        }
    }
}

#[test]
fn operators_agree() {
    let runtime = match OnnxRuntime::locate(&Hints::default()) {
        Ok(runtime) => runtime,
        Err(error) => return say_skipped(&error),
    };
    let new = ModelBuilder::new;
    for operator in [
        "Abs", "Ceil", "Exp", "Floor", "Log", "Neg", "Relu", "Sigmoid", "Sqrt", "Tanh", "Softmax",
        "Identity",
    ] {
        check(
            &runtime,
            operator,
            new()
                .output("y", F, &[-1, 3])
                .node(operator, &["x"], &["y"], &[]),
        );
    }
    for operator in ["Add", "Div", "Max", "Min", "Mul", "Pow", "Sub", "Sum"] {
        for (dims, values) in [
            (&[][..], &[2.0][..]),
            (&[3], &[1.0, -2.0, 0.5]),
            (&[1, 3], &[1.0, 3.0, 0.5]),
            (&[1, 1], &[-2.0]),
        ] {
            for inputs in [["x", "c"], ["c", "x"]] {
                let model = new().output("y", F, &[-1, 3]).floats("c", dims, values);
                check(
                    &runtime,
                    operator,
                    model.node(operator, &inputs, &["y"], &[]),
                );
            }
        }
        let pair = new()
            .output("y", F, &[-1, 3])
            .node(operator, &["x", "x"], &["y"], &[]);
        check(&runtime, operator, pair);
    }
    for operator in ["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"] {
        let model = new()
            .output("y", Boolean, &[-1, 3])
            .floats("c", &[3], &[0.5, 0.0, 0.1]);
        check(
            &runtime,
            operator,
            model.node(operator, &["x", "c"], &["y"], &[]),
        );
        let model = new().output("y", I, &[-1, 3]).floats("c", &[], &[0.5]);
        let model = model
            .node(operator, &["x", "c"], &["b"], &[])
            .node("Not", &["b"], &["n"], &[]);
        let model =
            model
                .node("Or", &["n", "b"], &["o"], &[])
                .node("And", &["o", "b"], &["a"], &[]);
        check(
            &runtime,
            "logic",
            model.node("Cast", &["a"], &["y"], &[("to", Integer(7))]),
        );
    }
    for (operator, element) in [("ArgMax", I), ("ArgMin", I)] {
        let model = new().output("y", element, &[-1, 1]);
        check(
            &runtime,
            operator,
            model.node(operator, &["x"], &["y"], &[("axis", Integer(1))]),
        );
        let flat = [("axis", Integer(1)), ("keepdims", Integer(0))];
        check(
            &runtime,
            operator,
            new()
                .output("y", element, &[-1])
                .node(operator, &["x"], &["y"], &flat),
        );
    }
    for operator in ["ReduceL2", "ReduceMax", "ReduceMin"] {
        let model = new().output("y", F, &[-1, 1]);
        check(
            &runtime,
            operator,
            model.node(operator, &["x"], &["y"], &[("axes", Integers(vec![1]))]),
        );
    }
    let model = new().output("y", F, &[-1]).integers("axes", &[1], &[-1]);
    check(
        &runtime,
        "ReduceSum",
        model.node(
            "ReduceSum",
            &["x", "axes"],
            &["y"],
            &[("keepdims", Integer(0))],
        ),
    );
    linear(&runtime);
    selection(&runtime);
    features(&runtime);
}

fn linear(runtime: &OnnxRuntime) {
    let new = ModelBuilder::new;
    let weights = [0.1, -0.2, 0.3, 0.4, -0.5, 0.6];
    let model = new()
        .output("y", F, &[-1, 2])
        .floats("w", &[3, 2], &weights);
    check(
        runtime,
        "MatMul",
        model.node("MatMul", &["x", "w"], &["y"], &[]),
    );
    let gemm = [
        ("alpha", Float(0.5)),
        ("beta", Float(2.0)),
        ("transB", Integer(1)),
    ];
    let model = new()
        .output("y", F, &[-1, 2])
        .floats("w", &[2, 3], &weights)
        .floats("b", &[2], &[1.0, -1.0]);
    check(
        runtime,
        "Gemm",
        model.node("Gemm", &["x", "w", "b"], &["y"], &gemm),
    );
    let regressor = [
        ("coefficients", Floats(weights.to_vec())),
        ("intercepts", Floats(vec![0.5, -0.5])),
        ("targets", Integer(2)),
    ];
    let model = new().output("y", F, &[-1, 2]);
    check(
        runtime,
        "LinearRegressor",
        model.node("ai.onnx.ml.LinearRegressor", &["x"], &["y"], &regressor),
    );
    for transform in ["NONE", "LOGISTIC", "SOFTMAX"] {
        let classifier = [
            ("coefficients", Floats(weights.to_vec())),
            ("intercepts", Floats(vec![0.5, -0.5])),
            ("classlabels_strings", Texts(vec!["no", "yes"])),
            ("post_transform", Text(transform)),
        ];
        let model = new()
            .output("l", ElementType::Text, &[-1])
            .output("y", F, &[-1, 2]);
        let model = model.node(
            "ai.onnx.ml.LinearClassifier",
            &["x"],
            &["l", "y"],
            &classifier,
        );
        check(runtime, "LinearClassifier", model);
    }
}

fn selection(runtime: &OnnxRuntime) {
    let new = ModelBuilder::new;
    let model = new()
        .output("y", F, &[-1, 4])
        .integers("at", &[4], &[2, 0, 1, -1]);
    check(
        runtime,
        "Gather",
        model.node("Gather", &["x", "at"], &["y"], &[("axis", Integer(1))]),
    );
    let extract = "ai.onnx.ml.ArrayFeatureExtractor";
    let model = new().output("y", F, &[-1, 2]).integers("at", &[2], &[2, 1]);
    check(
        runtime,
        extract,
        model.node(extract, &["x", "at"], &["y"], &[]),
    );
    let labels = new()
        .output("y", I, &[-1])
        .integers("labels", &[3], &[10, 20, 30])
        .integers("flat", &[1], &[-1])
        .node("ArgMax", &["x"], &["best"], &[("axis", Integer(1))])
        .node(extract, &["labels", "best"], &["across"], &[])
        .node("Reshape", &["across", "flat"], &["y"], &[]);
    check(runtime, "labels", labels);
    let model = new().output("y", F, &[-1, 6]);
    check(
        runtime,
        "Concat",
        model.node("Concat", &["x", "x"], &["y"], &[("axis", Integer(1))]),
    );
    let model = new()
        .output("y", I, &[-1, 3])
        .node("Cast", &["x"], &["y"], &[("to", Integer(7))]);
    check(runtime, "Cast", model);
}

fn features(runtime: &OnnxRuntime) {
    let new = || ModelBuilder::new().output("y", F, &[-1, 3]);
    let scaler = [
        ("offset", Floats(vec![1.0, 2.0, 3.0])),
        ("scale", Floats(vec![0.5, 2.0, 1.0])),
    ];
    check(
        runtime,
        "Scaler",
        new().node("ai.onnx.ml.Scaler", &["x"], &["y"], &scaler),
    );
    let imputer = [
        ("imputed_value_floats", Floats(vec![9.0, 8.0, 7.0])),
        ("replaced_value_float", Float(0.1)),
    ];
    check(
        runtime,
        "Imputer",
        new().node("ai.onnx.ml.Imputer", &["x"], &["y"], &imputer),
    );
    for norm in ["MAX", "L1", "L2"] {
        check(
            runtime,
            norm,
            new().node(
                "ai.onnx.ml.Normalizer",
                &["x"],
                &["y"],
                &[("norm", Text(norm))],
            ),
        );
    }
    let encoder = [
        ("keys_int64s", Integers(vec![0, 2, 0])),
        ("values_floats", Floats(vec![1.5, 2.5, 3.5])),
        ("default_float", Float(-1.0)),
    ];
    let model = new().node("Cast", &["x"], &["i"], &[("to", Integer(7))]);
    check(
        runtime,
        "LabelEncoder",
        model.node("ai.onnx.ml.LabelEncoder", &["i"], &["y"], &encoder),
    );
    let one_hot = [
        ("cats_int64s", Integers(vec![0, 3, 7])),
        ("zeros", Integer(1)),
    ];
    let model = new()
        .integers("first", &[1], &[0])
        .integers("shape", &[2], &[-1, 3])
        .node(
            "Gather",
            &["x", "first"],
            &["column"],
            &[("axis", Integer(1))],
        )
        .node("Cast", &["column"], &["i"], &[("to", Integer(7))])
        .node("ai.onnx.ml.OneHotEncoder", &["i"], &["deep"], &one_hot)
        .node("Reshape", &["deep", "shape"], &["y"], &[]);
    check(runtime, "OneHotEncoder", model);
}
