//! Hostile lists of support vector machines, and scores by hand.

use ndarray::Array2;

use crate::ElementType::{Float, Integer};
use crate::native::{NativeModel, NotNative};
use crate::onnx::OnnxModel;
use crate::testing::{Attribute, ModelBuilder, Numbers};
use crate::{Call, InputTensor, Model, OutputTensor, Scratch};

use Attribute::{Floats, Integers, Text};

type List = (&'static str, Attribute);

/// Builds a model of one node with `lists`, of which `edits` replace some and
/// add others.
fn build(operator: &str, lists: &[List], edits: &[List]) -> Result<NativeModel, NotNative> {
    let kept = lists
        .iter()
        .filter(|(name, _)| edits.iter().all(|(edited, _)| name != edited));
    let lists: Vec<List> = kept.chain(edits).cloned().collect();
    let model = ModelBuilder::new().input("x", Float, &[-1, 2]);
    let operator = format!("ai.onnx.ml.{operator}");
    let model = match operator.ends_with("Classifier") {
        true => model
            .output("l", Integer, &[-1])
            .output("y", Float, &[-1, 2])
            .node(&operator, &["x"], &["l", "y"], &lists),
        false => model
            .output("y", Float, &[-1, 1])
            .node(&operator, &["x"], &["y"], &lists),
    };
    NativeModel::from_onnx(&OnnxModel::parse(&model.build()).unwrap())
}

fn check(operator: &str, lists: &[List], cases: Vec<(List, bool, &str)>) {
    assert!(build(operator, lists, &[]).is_ok());
    for (edit, damaged, reason) in cases {
        let error = build(operator, lists, &[edit]).unwrap_err();
        assert_eq!(error.is_malformed(), damaged, "{error}");
        assert!(
            error.to_string().contains(reason),
            "{error} is not {reason}"
        );
    }
}

/// Two classes with two and one support vectors
fn two_classes() -> Vec<List> {
    vec![
        ("kernel_type", Text("RBF")),
        ("kernel_params", Floats(vec![0.5, 0.0, 3.0])),
        ("vectors_per_class", Integers(vec![2, 1])),
        (
            "support_vectors",
            Floats(vec![1.0, 0.0, 0.0, 1.0, -1.0, 0.5]),
        ),
        ("coefficients", Floats(vec![0.5, -0.25, 1.5])),
        ("rho", Floats(vec![0.125])),
        ("classlabels_ints", Integers(vec![7, 9])),
    ]
}

#[test]
fn damaged_classifiers_are_refused() {
    let ints = |name, list: &[i64]| (name, Integers(list.to_vec()));
    let floats = |name, count| (name, Floats(vec![1.0; count]));
    check(
        "SVMClassifier",
        &two_classes(),
        vec![
            (
                ints("vectors_per_class", &[2]),
                true,
                "numbers of vectors for 1 of 2 classes",
            ),
            (
                ints("vectors_per_class", &[3, -1]),
                true,
                "a negative number of vectors",
            ),
            (
                ints("vectors_per_class", &[i64::MAX, i64::MAX]),
                true,
                "support vectors",
            ),
            (
                ints("vectors_per_class", &[i64::MAX, i64::MAX, 2]),
                true,
                "numbers of vectors for 3 of 2",
            ),
            (
                ints("vectors_per_class", &[2, 2]),
                true,
                "6 values for 4 support vectors of 2 columns",
            ),
            (
                ints("vectors_per_class", &[0, 0]),
                true,
                "3 coefficients for 2 classes and 2 columns",
            ),
            (
                floats("support_vectors", 5),
                true,
                "5 values for 3 support vectors of 2 columns",
            ),
            (
                floats("support_vectors", 0),
                true,
                "0 values for 3 support vectors of 2 columns",
            ),
            (
                floats("coefficients", 2),
                true,
                "`coefficients` has 2 values where 3 are needed",
            ),
            (
                floats("rho", 0),
                true,
                "`rho` has 0 values where 1 are needed",
            ),
            (
                floats("prob_a", 1),
                true,
                "prob_a and prob_b of different lengths",
            ),
            (
                floats("kernel_params", 2),
                true,
                "`kernel_params` has 2 values where 3 are needed",
            ),
            (("kernel_type", Text("CUBE")), true, "the kernel `CUBE`"),
            (ints("classlabels_ints", &[]), true, "it has no classes"),
            (
                ints("classlabels_ints", &[7]),
                true,
                "numbers of vectors for 2 of 1 classes",
            ),
            (
                ints("classlabels_ints", &[0; 3000]),
                true,
                "numbers of vectors for 2 of 3000 classes",
            ),
            (
                ("post_transform", Text("CUBE")),
                false,
                "the transform `CUBE`",
            ),
            (
                ("post_transform", Text("PROBIT")),
                false,
                "probits of two classes that have one score",
            ),
        ],
    );
    let one = [
        ints("vectors_per_class", &[3]),
        ints("classlabels_ints", &[7]),
    ];
    let error = build("SVMClassifier", &two_classes(), &one).unwrap_err();
    assert!(!error.is_malformed() && error.to_string().contains("fewer than two classes"));
    let short = [floats("prob_a", 0), floats("prob_b", 0)];
    assert!(build("SVMClassifier", &two_classes(), &short).is_ok());
}

#[test]
fn damaged_regressors_are_refused() {
    let lists = vec![
        ("n_supports", Attribute::Integer(2)),
        ("support_vectors", Floats(vec![1.0, 0.0, 0.0, 1.0])),
        ("coefficients", Floats(vec![0.5, -0.25])),
        ("rho", Floats(vec![0.125])),
    ];
    let floats = |name, count| (name, Floats(vec![1.0; count]));
    let n_supports = |count| ("n_supports", Attribute::Integer(count));
    check(
        "SVMRegressor",
        &lists,
        vec![
            (n_supports(-1), true, "it has -1 support vectors"),
            (n_supports(i64::MAX), true, "support vectors of 2 columns"),
            (
                n_supports(3),
                true,
                "4 values for 3 support vectors of 2 columns",
            ),
            (
                floats("support_vectors", 3),
                true,
                "3 values for 2 support vectors of 2 columns",
            ),
            (
                floats("coefficients", 1),
                true,
                "`coefficients` has 1 values where 2 are needed",
            ),
            (
                floats("rho", 0),
                true,
                "`rho` has 0 values where 1 are needed",
            ),
        ],
    );
    let linear = [n_supports(0), floats("coefficients", 3)];
    let error = build("SVMRegressor", &lists, &linear).unwrap_err();
    assert!(error.is_malformed() && error.to_string().contains("3 coefficients for 2 columns"));
}

/// The score of [`two_classes`] for the first class.
fn by_hand(row: &[f32]) -> f64 {
    let vectors = [[1.0, 0.0], [0.0, 1.0], [-1.0, 0.5]];
    let terms = vectors.iter().zip([0.5, -0.25, 1.5]);
    let terms = terms.map(|(vector, coefficient)| {
        let squares = vector
            .iter()
            .zip(row)
            .map(|(v, x)| (f64::from(*x) - v).powi(2));
        coefficient * (-0.5 * squares.sum::<f64>()).exp()
    });
    terms.sum::<f64>() + 0.125
}

#[test]
fn scores_are_those_by_hand() {
    let model = build("SVMClassifier", &two_classes(), &[]).unwrap();
    let mut numbers = Numbers(3);
    let rows = Array2::from_shape_fn((300, 2), |_| numbers.below(600) as f32 / 100.0 - 3.0);
    let specs = model.signature().outputs.iter();
    let mut outputs: Vec<_> = specs
        .map(|spec| OutputTensor::for_spec(spec, 300))
        .collect();
    model
        .run(&mut Call {
            inputs: &[InputTensor::Float(rows.view())],
            outputs: &mut outputs,
            within: None,
            scratch: &mut Scratch::default(),
        })
        .unwrap();
    let [OutputTensor::Integer(labels), OutputTensor::Float(scores)] = outputs.as_slice() else {
        panic!()
    };
    for ((row, label), scores) in rows.rows().into_iter().zip(labels).zip(scores.rows()) {
        let expected = by_hand(&row.to_vec());
        assert!((f64::from(scores[1]) - expected).abs() < 1e-6);
        assert_eq!(scores[0], -scores[1]);
        assert_eq!(*label, if expected > 0.0 { 7 } else { 9 });
    }
}
