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

use krites_model::testing::{Attribute, BRANCH_MODES, ModelBuilder, Numbers, say_skipped};
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

/// A few numbers, so that rows meet thresholds.
fn value(numbers: &mut Numbers) -> f32 {
    numbers.below(9) as f32 - 4.0
}

/// The lists that describe a forest of random full trees
#[derive(Default)]
struct Lists {
    integers: [Vec<i64>; 6],
    values: Vec<f32>,
    modes: Vec<&'static str>,
    leaves: [Vec<i64>; 3],
    weights: Vec<f32>,
}

impl Lists {
    fn forest(
        numbers: &mut Numbers,
        modes: &[&'static str],
        missing: bool,
        targets: &[i64],
        all_targets: bool,
        positive: bool,
    ) -> Self {
        let mut lists = Self::default();
        for tree in 0..11 {
            for id in 0..7 {
                let leaf = id >= 3;
                let mode = modes[numbers.below(modes.len())];
                let row = [
                    tree,
                    id,
                    numbers.below(4) as i64,
                    if leaf { 0 } else { 2 * id + 1 },
                    if leaf { 0 } else { 2 * id + 2 },
                    if missing { numbers.below(2) as i64 } else { 0 },
                ];
                for (list, value) in lists.integers.iter_mut().zip(row) {
                    list.push(value);
                }
                lists.modes.push(if leaf { "LEAF" } else { mode });
                lists.values.push(value(numbers));
                if leaf {
                    let one = targets[numbers.below(targets.len())];
                    let votes = if all_targets {
                        targets.to_vec()
                    } else {
                        vec![one]
                    };
                    for target in votes {
                        for (list, value) in lists.leaves.iter_mut().zip([tree, id, target]) {
                            list.push(value);
                        }
                        let weight = value(numbers) / 8.0;
                        lists
                            .weights
                            .push(if positive { weight.abs() / 8.0 } else { weight });
                    }
                }
            }
        }
        lists
    }

    fn attributes(self, prefix: &str) -> Vec<(String, Attribute)> {
        let names = [
            "treeids",
            "nodeids",
            "featureids",
            "truenodeids",
            "falsenodeids",
        ];
        let names = names.into_iter().chain(["missing_value_tracks_true"]);
        let mut attributes: Vec<_> = names
            .zip(self.integers)
            .map(|(name, list)| (format!("nodes_{name}"), Attribute::Integers(list)))
            .collect();
        attributes.push(("nodes_values".to_owned(), Attribute::Floats(self.values)));
        attributes.push(("nodes_modes".to_owned(), Attribute::Texts(self.modes)));
        for (name, list) in ["treeids", "nodeids", "ids"].into_iter().zip(self.leaves) {
            attributes.push((format!("{prefix}_{name}"), Attribute::Integers(list)));
        }
        attributes.push((format!("{prefix}_weights"), Attribute::Floats(self.weights)));
        attributes
    }
}

fn rows(numbers: &mut Numbers, missing: bool) -> Array2<f32> {
    Array2::from_shape_fn((37, 4), |_| match numbers.below(12) {
        0 if missing => f32::NAN,
        1 => f32::INFINITY,
        2 => f32::NEG_INFINITY,
        _ => value(numbers),
    })
}

fn ensemble(
    operator: &str,
    attributes: &[(String, Attribute)],
    outputs: &[(&str, ElementType, i64)],
) -> Vec<u8> {
    let attributes: Vec<_> = attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    let names: Vec<&str> = outputs.iter().map(|(name, ..)| *name).collect();
    let mut builder = ModelBuilder::new().input("x", ElementType::Float, &[-1, 4]);
    for &(name, element, width) in outputs {
        let dims = if width == 0 {
            vec![-1]
        } else {
            vec![-1, width]
        };
        builder = builder.output(name, element, &dims);
    }
    builder.node(operator, &["x"], &names, &attributes).build()
}

#[test]
fn random_classifiers_agree() {
    let Some(runtime) = runtime() else { return };
    let mut numbers = Numbers(7);
    let mut compared = 0;
    for n_classes in [2_i64, 3] {
        for targets in [vec![0], (0..n_classes).collect()] {
            for (all_targets, positive) in [(true, false), (true, true)] {
                for n_base in [0, 1, 3] {
                    for transform in ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO"] {
                        // Two classes have one column of votes in native models, more have all.
                        if (n_classes == 2) != (targets.len() == 1)
                            || !all_targets
                            || ![0, if n_classes == 2 { 1 } else { 3 }].contains(&n_base)
                        {
                            continue;
                        }
                        let missing = numbers.below(2) == 1;
                        let one = [BRANCH_MODES[numbers.below(6)]];
                        let modes = if numbers.below(2) == 1 {
                            &BRANCH_MODES[..]
                        } else {
                            &one[..]
                        };
                        let lists = Lists::forest(
                            &mut numbers,
                            modes,
                            missing,
                            &targets,
                            all_targets,
                            positive,
                        );
                        let mut attributes = lists.attributes("class");
                        let labels = Attribute::Integers((10..10 + n_classes).collect());
                        attributes.push(("classlabels_int64s".to_owned(), labels));
                        attributes.push(("post_transform".to_owned(), Attribute::Text(transform)));
                        let base =
                            Attribute::Floats((0..n_base).map(|_| value(&mut numbers)).collect());
                        attributes.push(("base_values".to_owned(), base));
                        let outputs = [
                            ("label", ElementType::Integer, 0),
                            ("scores", ElementType::Float, n_classes),
                        ];
                        let bytes =
                            ensemble("ai.onnx.ml.TreeEnsembleClassifier", &attributes, &outputs);
                        let what = format!(
                            "{n_classes} classes, targets {targets:?}, all {all_targets}, positive {positive}, \
                             {n_base} base values, {transform}, missing {missing}, {modes:?}"
                        );
                        let native =
                            NativeModel::from_onnx(&OnnxModel::parse(&bytes).unwrap()).unwrap();
                        let other = load(&runtime, &bytes, 1).unwrap();
                        let rows = rows(&mut numbers, true);
                        let (native, other) =
                            (run(&native, &rows).unwrap(), run(&other, &rows).unwrap());
                        assert_close(&native, &other, &what);
                        assert_eq!(native[0], other[0], "{what}");
                        compared += 1;
                    }
                }
            }
        }
    }
    println!("{compared} classifiers agree");
}

#[test]
fn random_regressors_agree() {
    let Some(runtime) = runtime() else { return };
    let mut numbers = Numbers(11);
    for n_targets in [1_i64, 3] {
        for aggregate in ["SUM", "AVERAGE", "MIN", "MAX"] {
            for with_base in [false, true] {
                for transform in ["NONE", "LOGISTIC", "SOFTMAX"] {
                    if n_targets == 1 && transform != "NONE" {
                        continue;
                    }
                    let targets: Vec<i64> = (0..n_targets).collect();
                    let lists = Lists::forest(
                        &mut numbers,
                        &BRANCH_MODES,
                        true,
                        &targets,
                        n_targets > 1,
                        false,
                    );
                    let mut attributes = lists.attributes("target");
                    attributes.push(("n_targets".to_owned(), Attribute::Integer(n_targets)));
                    attributes.push(("aggregate_function".to_owned(), Attribute::Text(aggregate)));
                    attributes.push(("post_transform".to_owned(), Attribute::Text(transform)));
                    if with_base {
                        let base = (0..n_targets).map(|_| value(&mut numbers)).collect();
                        attributes.push(("base_values".to_owned(), Attribute::Floats(base)));
                    }
                    let outputs = [("y", ElementType::Float, n_targets)];
                    let bytes = ensemble("ai.onnx.ml.TreeEnsembleRegressor", &attributes, &outputs);
                    let native =
                        NativeModel::from_onnx(&OnnxModel::parse(&bytes).unwrap()).unwrap();
                    let other = load(&runtime, &bytes, 1).unwrap();
                    let rows = rows(&mut numbers, true);
                    let (native, other) =
                        (run(&native, &rows).unwrap(), run(&other, &rows).unwrap());
                    let what =
                        format!("{n_targets} targets, {aggregate}, base {with_base}, {transform}");
                    assert_close(&native, &other, &what);
                }
            }
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

#[test]
fn random_forests_over_doubles_agree() {
    let Some(runtime) = runtime() else { return };
    let mut numbers = Numbers(13);
    for as_tensor in [false, true] {
        let lists = Lists::forest(&mut numbers, &BRANCH_MODES, true, &[0], true, false);
        let mut attributes = lists.attributes("target");
        attributes.push(("n_targets".to_owned(), Attribute::Integer(1)));
        for (name, values) in &mut attributes {
            if let (true, Attribute::Floats(floats)) = (as_tensor, &*values) {
                let doubles = floats.iter().map(|&x| f64::from(x) + 1e-12).collect();
                *values = Attribute::Doubles(doubles);
                name.push_str("_as_tensor");
            }
        }
        let attributes: Vec<_> = attributes
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        let bytes = ModelBuilder::new()
            .input("x", ElementType::Double, &[-1, 4])
            .output("y", ElementType::Float, &[-1, 1])
            .node(
                "ai.onnx.ml.TreeEnsembleRegressor",
                &["x"],
                &["y"],
                &attributes,
            )
            .build();
        let native = NativeModel::from_onnx(&OnnxModel::parse(&bytes).unwrap()).unwrap();
        let other = load(&runtime, &bytes, 1).unwrap();
        let rows = rows(&mut numbers, true).mapv(|x| f64::from(x) + 1e-12);
        let answers = [&native as &dyn Model, &other].map(|model| {
            let mut outputs = [OutputTensor::for_spec(
                &model.signature().outputs[0],
                rows.nrows(),
            )];
            let call = &mut Call {
                inputs: &[InputTensor::Double(rows.view())],
                outputs: &mut outputs,
                within: None,
                scratch: &mut Scratch::default(),
            };
            model.run(call).unwrap();
            outputs
        });
        assert_close(
            &answers[0],
            &answers[1],
            &format!("doubles, as tensor {as_tensor}"),
        );
    }
}
