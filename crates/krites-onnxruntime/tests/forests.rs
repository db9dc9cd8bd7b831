//! Tree ensembles of ai.onnx.ml 1 to 4 against ONNX Runtime, over generated
//! models.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod both;
#[path = "../../krites-model/tests/generated/mod.rs"]
mod generated;

use both::{One, Rows, close, compare, native, pick, runtime};
use generated::{Kind, MODES, Votes, doubles, lists, value};
use krites_model::ElementType;
use krites_model::testing::{Attribute, Elements, Numbers};
use ndarray::Array2;

use Attribute::{Floats, Integer, Integers, Text, Texts};

const WIDTH: usize = 4;

const TRANSFORMS: [&str; 5] = ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT"];

/// Rows of floats, doubles or, where the operator has them, whole numbers.
fn rows(numbers: &mut Numbers, integers: bool) -> Rows {
    let dim = (pick(numbers, &[1, 2, 8, 13]), WIDTH);
    let floats = Array2::from_shape_fn(dim, |_| value(numbers));
    match numbers.below(if integers { 5 } else { 4 }) {
        0 | 1 => Rows::Floats(floats),
        2 | 3 => Rows::Doubles(floats.mapv(f64::from)),
        _ => Rows::Integers(floats.mapv(|x| x as i64)),
    }
}

/// What is generated for `n_targets`.
fn kind(numbers: &mut Numbers, n_targets: usize, votes: &[Votes]) -> Kind {
    let some = numbers.below(MODES.len());
    Kind {
        width: WIDTH,
        n_targets,
        votes: pick(numbers, votes),
        n_tests: 12,
        odd_weights: numbers.below(4) == 0,
        positive: numbers.below(3) == 0,
        modes: pick(numbers, &[&MODES[..], &MODES[some..=some]]),
    }
}

/// The lists of a few trees with base values: floats, or tensors of the rows'
/// type.
fn attributes(
    numbers: &mut Numbers,
    kind: &Kind,
    prefix: &str,
    n_base: usize,
    rows: &Rows,
) -> Vec<(String, Attribute)> {
    let shares = numbers.below(4) == 0;
    let trees: Vec<_> = (0..1 + numbers.below(5))
        .map(|_| match shares {
            true => kind.shared_tree(numbers),
            false => kind.tree(numbers),
        })
        .collect();
    let is_double = rows.element() == ElementType::Double;
    let tensor = (numbers.below(3) == 0).then_some(is_double);
    let mut attributes = lists(&trees, prefix, tensor);
    if numbers.below(3) == 0 {
        attributes.retain(|(name, _)| name != "nodes_missing_value_tracks_true");
    }
    let base: Vec<f32> = (0..n_base)
        .map(|_| numbers.below(9) as f32 / 8.0 - 0.5)
        .collect();
    match tensor {
        _ if n_base == 0 => {}
        None => attributes.push(("base_values".to_owned(), Floats(base))),
        Some(is_double) => attributes.push((
            "base_values_as_tensor".to_owned(),
            if is_double {
                doubles(base)
            } else {
                Attribute::Tensor(Elements::Floats(base))
            },
        )),
    }
    attributes
}

fn labels(numbers: &mut Numbers, n_classes: usize) -> ((String, Attribute), ElementType) {
    const TEXTS: [&str; 4] = ["no", "yes", "", "é"];
    if n_classes > 1 && numbers.below(2) == 0 {
        let labels = Texts(TEXTS[..n_classes].to_vec());
        (
            ("classlabels_strings".to_owned(), labels),
            ElementType::Text,
        )
    } else {
        let labels = Integers((0..n_classes as i64).map(|label| 10 - 3 * label).collect());
        (
            ("classlabels_int64s".to_owned(), labels),
            ElementType::Integer,
        )
    }
}

/// Probits near one half lose half of their digits in the formula.
fn close_probits(a: f64, b: f64) -> bool {
    close(a, b) || (a * a - b * b).abs() <= 4e-6
}

/// Compares so many classifiers and tells how many were refused.
fn classifiers(
    seed: u64,
    count: usize,
    n_classes: &[usize],
    votes: &dyn Fn(usize) -> Vec<Votes>,
) -> usize {
    let Some(runtime) = runtime() else { return 0 };
    let numbers = &mut Numbers(seed);
    let (mut compared, mut refused) = (0, 0);
    while compared < count {
        let n_classes = pick(numbers, n_classes);
        let n_base = pick(
            numbers,
            match n_classes {
                1 => &[0, 1],
                2 => &[0, 0, 1, 2],
                3 => &[0, 3],
                _ => &[0, 4],
            },
        );
        let mut votes = votes(n_classes);
        if n_classes > 2 && n_base == 0 {
            // ONNX Runtime names no class that wins without votes.
            votes.retain(|votes| !matches!(votes, Votes::Some));
        }
        let kind = kind(numbers, n_classes, &votes);
        let rows = rows(numbers, true);
        let mut attributes = attributes(numbers, &kind, "class", n_base, &rows);
        let (labels, label) = labels(numbers, n_classes);
        let transform = pick(numbers, &TRANSFORMS);
        attributes.extend([labels, ("post_transform".to_owned(), Text(transform))]);
        let model = One {
            operator: "TreeEnsembleClassifier",
            version: 3,
            attributes: &attributes,
            outputs: &[
                ("label", label, 0),
                ("scores", ElementType::Float, n_classes),
            ],
        };
        let bytes = model.bytes(&rows);
        if n_classes == 2 && n_base < 2 && native(&bytes).is_err() {
            refused += 1;
            continue;
        }
        let what = format!("model {compared}: {kind:?}, {n_base} base values, {transform}");
        let close: &dyn Fn(f64, f64) -> bool = if transform == "PROBIT" {
            &close_probits
        } else {
            &close
        };
        compare(&runtime, &what, &bytes, &rows, close, &|_| false);
        compared += 1;
    }
    println!("{compared} classifiers agree, {refused} were refused");
    refused
}

#[test]
fn classifiers_of_two_classes_agree() {
    let votes = |_| {
        vec![
            Votes::For(0),
            Votes::For(1),
            Votes::One,
            Votes::All,
            Votes::Some,
        ]
    };
    let refused = classifiers(7, 700, &[2], &votes);
    assert!(refused < 250, "{refused} were refused");
}

#[test]
fn classifiers_of_other_numbers_of_classes_agree() {
    let votes = |n_classes: usize| {
        vec![
            Votes::For(n_classes - 1),
            Votes::One,
            Votes::All,
            Votes::Some,
        ]
    };
    assert_eq!(classifiers(8, 600, &[1, 3, 3, 4, 4], &votes), 0);
}

#[test]
fn regressors_agree() {
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(9);
    for model in 0..600 {
        let n_targets = pick(numbers, &[1, 1, 2, 3]);
        let votes = [
            Votes::For(n_targets - 1),
            Votes::One,
            Votes::All,
            Votes::Some,
        ];
        let kind = kind(numbers, n_targets, &votes);
        let rows = rows(numbers, false);
        let n_base = pick(numbers, &[0, n_targets]);
        let mut attributes = attributes(numbers, &kind, "target", n_base, &rows);
        let aggregate = pick(numbers, &["SUM", "AVERAGE", "MIN", "MAX"]);
        let transform = pick(numbers, &TRANSFORMS);
        attributes.extend([
            ("n_targets".to_owned(), Integer(n_targets as i64)),
            ("aggregate_function".to_owned(), Text(aggregate)),
            ("post_transform".to_owned(), Text(transform)),
        ]);
        let bytes = One {
            operator: "TreeEnsembleRegressor",
            version: 3,
            attributes: &attributes,
            outputs: &[("y", ElementType::Float, n_targets)],
        };
        let bytes = bytes.bytes(&rows);
        let what =
            format!("model {model}: {kind:?}, {n_base} base values, {aggregate}, {transform}");
        let close: &dyn Fn(f64, f64) -> bool = if transform == "PROBIT" {
            &close_probits
        } else {
            &close
        };
        compare(&runtime, &what, &bytes, &rows, close, &|_| false);
    }
    println!("600 regressors agree");
}
