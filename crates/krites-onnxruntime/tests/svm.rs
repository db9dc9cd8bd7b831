//! Support vector machines against ONNX Runtime, over generated models.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod both;

use both::{One, Rows, close, compare, native, pick, runtime};
use krites_model::ElementType;
use krites_model::testing::{Attribute, Numbers};
use ndarray::Array2;

use Attribute::{Floats, Integer, Integers, Text, Texts};

const TRANSFORMS: [&str; 5] = ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT"];

fn eighths(numbers: &mut Numbers) -> f32 {
    numbers.below(17) as f32 / 8.0 - 1.0
}

fn floats(numbers: &mut Numbers, count: usize) -> Vec<f32> {
    (0..count).map(|_| eighths(numbers)).collect()
}

/// Rows of floats, doubles or whole numbers, odd ones among them.
fn rows(numbers: &mut Numbers, width: usize, floats_only: bool) -> Rows {
    let dim = (pick(numbers, &[1, 2, 8, 13]), width);
    let odd = numbers.below(3) == 0;
    let floats = Array2::from_shape_fn(dim, |_| match numbers.below(20) {
        0 if odd => f32::NAN,
        1 if odd => f32::INFINITY,
        2 if odd => f32::NEG_INFINITY,
        3 => numbers.below(9) as f32 - 4.0,
        _ => eighths(numbers),
    });
    match numbers.below(if floats_only { 1 } else { 4 }) {
        0 | 1 => Rows::Floats(floats),
        2 => Rows::Doubles(floats.mapv(f64::from)),
        _ => Rows::Integers(floats.mapv(|x| (x * 4.0) as i64)),
    }
}

/// The attributes of the kernel; tells them in words, too.
fn kernel(numbers: &mut Numbers) -> (Vec<(String, Attribute)>, String) {
    let kernel = pick(numbers, &["LINEAR", "POLY", "RBF", "SIGMOID"]);
    let parameters = vec![
        pick(numbers, &[0.25, 0.5, 1.0, 0.1]),
        pick(numbers, &[0.0, 0.5, -0.25, 1.0]),
        pick(numbers, &[2.0, 3.0, 1.0, 4.0, 0.5]),
    ];
    let what = format!("{kernel} {parameters:?}");
    let mut attributes = vec![("kernel_params".to_owned(), Floats(parameters))];
    if kernel != "LINEAR" || numbers.below(2) == 0 {
        attributes.push(("kernel_type".to_owned(), Text(kernel)));
    }
    (attributes, what)
}

#[test]
fn regressors_agree() {
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(3);
    for model in 0..700 {
        let width = 1 + numbers.below(6);
        let rows = rows(numbers, width, true);
        let (mut attributes, kernel) = kernel(numbers);
        let n_supports = pick(numbers, &[0, 1, 3, 16, 20]);
        let n_coefficients = if n_supports == 0 { width } else { n_supports };
        let transform = pick(numbers, &TRANSFORMS);
        let one_class = numbers.below(3) as i64;
        attributes.extend([
            ("n_supports".to_owned(), Integer(n_supports as i64)),
            (
                "coefficients".to_owned(),
                Floats(floats(numbers, n_coefficients)),
            ),
            ("rho".to_owned(), Floats(floats(numbers, 1))),
            ("post_transform".to_owned(), Text(transform)),
        ]);
        if n_supports > 0 {
            let vectors = floats(numbers, n_supports * width);
            attributes.push(("support_vectors".to_owned(), Floats(vectors)));
        }
        if one_class > 0 {
            attributes.push(("one_class".to_owned(), Integer(one_class - 1)));
        }
        let bytes = One {
            operator: "SVMRegressor",
            version: 1,
            attributes: &attributes,
            outputs: &[("y", ElementType::Float, 1)],
        };
        let bytes = bytes.bytes(&rows);
        let what = format!(
            "model {model}: {kernel}, {n_supports} vectors, {transform}, one class {one_class}"
        );
        compare(&runtime, &what, &bytes, &rows, &close, &|_| false);
    }
    println!("700 regressors agree");
}

#[test]
fn classifiers_agree() {
    const TEXTS: [&str; 5] = ["no", "yes", "", "é", "e"];
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(4);
    let (mut compared, mut refused) = (0, 0);
    while compared < 900 {
        let width = 1 + numbers.below(5);
        let rows = rows(numbers, width, false);
        let (mut attributes, kernel) = kernel(numbers);
        let is_linear = numbers.below(4) == 0;
        let n_classes = pick(
            numbers,
            if is_linear {
                &[1, 2, 2, 3]
            } else {
                &[2, 2, 3, 4, 5]
            },
        );
        let n_pairs = n_classes * (n_classes - 1) / 2;
        let counts: Vec<usize> = (0..n_classes)
            .map(|_| if is_linear { 0 } else { numbers.below(5) })
            .collect();
        let n_vectors: usize = counts.iter().sum();
        if n_vectors == 0 && !is_linear {
            continue;
        }
        let (n_coefficients, n_rho) = if is_linear {
            (n_classes * width, 1)
        } else {
            ((n_classes - 1) * n_vectors, n_pairs)
        };
        let positive = numbers.below(3) == 0;
        let mut coefficients = floats(numbers, n_coefficients);
        if positive {
            coefficients.iter_mut().for_each(|x| *x = x.abs());
        }
        let transform = pick(numbers, &TRANSFORMS);
        attributes.extend([
            ("coefficients".to_owned(), Floats(coefficients)),
            ("rho".to_owned(), Floats(floats(numbers, n_rho))),
            ("post_transform".to_owned(), Text(transform)),
        ]);
        if !is_linear || numbers.below(2) == 0 {
            let counts = counts.iter().map(|&count| count as i64).collect();
            attributes.push(("vectors_per_class".to_owned(), Integers(counts)));
        }
        if !is_linear {
            let vectors = floats(numbers, n_vectors * width);
            attributes.push(("support_vectors".to_owned(), Floats(vectors)));
        }
        let has_probabilities = numbers.below(2) == 0 && n_pairs > 0;
        if has_probabilities {
            let a = floats(numbers, n_pairs);
            let a = a.into_iter().map(|a| 2.0 * a - 1.5).collect();
            attributes.push(("prob_a".to_owned(), Floats(a)));
            attributes.push(("prob_b".to_owned(), Floats(floats(numbers, n_pairs))));
        }
        let (labels, label) = if numbers.below(2) == 0 {
            let labels = Texts(TEXTS[..n_classes].to_vec());
            (
                ("classlabels_strings".to_owned(), labels),
                ElementType::Text,
            )
        } else {
            let labels = Integers((0..n_classes as i64).map(|label| 10 - 3 * label).collect());
            (
                ("classlabels_ints".to_owned(), labels),
                ElementType::Integer,
            )
        };
        attributes.push(labels);
        let n_scores = if is_linear || has_probabilities || n_classes == 2 {
            n_classes
        } else {
            n_pairs
        };
        let bytes = One {
            operator: "SVMClassifier",
            version: 1,
            attributes: &attributes,
            outputs: &[
                ("label", label, 0),
                ("scores", ElementType::Float, n_scores),
            ],
        };
        let bytes = bytes.bytes(&rows);
        if n_classes == 2 && transform == "PROBIT" && native(&bytes).is_err() {
            refused += 1;
            continue;
        }
        let what = format!(
            "model {compared}: {kernel}, vectors {counts:?}, {n_classes} classes, {transform}, positive {positive}, \
             probabilities {has_probabilities}"
        );
        compare(&runtime, &what, &bytes, &rows, &close, &|_| false);
        compared += 1;
    }
    println!("{compared} classifiers agree, {refused} were refused");
}
