//! Linear models: native answers against those of ONNX Runtime, over generated
//! models.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]
#![allow(dead_code, reason = "each test uses what it needs of `cells`")]

mod cells;

use cells::{Cells, compare, compare_models, load, pick, runtime, width};
use krites_model::ElementType::{self, Boolean, Double, Float, Integer};
use krites_model::testing::{Attribute, ModelBuilder, Numbers};
use krites_model::{NativeModel, OnnxModel};
use ndarray::Array2;

/// Attributes of a node
type Attributes = Vec<(&'static str, Attribute)>;

const TRANSFORMS: [&str; 5] = ["NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO", "PROBIT"];

/// Any transform. A probit is steep at both ends, so what was rounded before it
/// is seen behind it.
fn transform(numbers: &mut Numbers, probit: bool) -> Attribute {
    let known = TRANSFORMS.len() - usize::from(!probit);
    Attribute::Text(pick(numbers, &TRANSFORMS[..known]))
}

/// Eighths, whose sums are exact, so that equal scores are equal for both; or
/// any numbers.
fn number(numbers: &mut Numbers, exact: bool) -> f32 {
    let eighths = (numbers.below(33) as f32 - 16.0) / 8.0;
    if exact || eighths == 0.0 {
        eighths
    } else {
        eighths + numbers.below(1000) as f32 / 7001.0
    }
}

fn many(numbers: &mut Numbers, len: usize, exact: bool) -> Vec<f32> {
    (0..len).map(|_| number(numbers, exact)).collect()
}

/// Rows of a type. At most one value of a row is odd, for what is left of two
/// that are large depends on the order of a sum.
fn rows(numbers: &mut Numbers, element: ElementType, shape: (usize, usize), exact: bool) -> Cells {
    let odd = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 1e30, -0.0, 3e9];
    let zeros = pick(numbers, &[0, 0, 3, 9]);
    let mut floats = Array2::from_shape_fn(shape, |_| {
        if numbers.below(10) < zeros {
            0.0
        } else {
            number(numbers, exact)
        }
    });
    for mut row in floats.rows_mut() {
        if numbers.below(4) == 0 {
            row[numbers.below(shape.1)] = pick(numbers, &odd);
        }
    }
    match element {
        Float => Cells::Float(floats),
        Double => Cells::Double(floats.mapv(f64::from)),
        Integer => Cells::Integer(floats.mapv(|x| x as i64)),
        _ => Cells::Boolean(floats.mapv(|x| x > 0.5)),
    }
}

/// How many inputs a model has: few, or so many that rows of zeros count.
fn columns(numbers: &mut Numbers) -> usize {
    match numbers.below(6) {
        0 => 60 + numbers.below(60),
        _ => 1 + numbers.below(12),
    }
}

/// Sums of few numbers may be of any, those of many cancel too much.
fn is_exact(numbers: &mut Numbers, n_columns: usize) -> bool {
    n_columns > 12 || numbers.below(3) > 0
}

fn n_rows(numbers: &mut Numbers) -> usize {
    pick(numbers, &[1, 2, 5, 8, 9, 21])
}

#[test]
fn linear_classifiers_agree() {
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(31);
    let mut by_scores = [0; 3];
    for case in 0..900 {
        let element = pick(numbers, &[Float, Float, Float, Double, Integer]);
        let n_columns = columns(numbers);
        let n_scores = pick(numbers, &[1, 1, 1, 2, 2, 3, 4, 5, 9, 20]);
        let exact = is_exact(numbers, n_columns);
        let mut attributes: Attributes = vec![
            (
                "coefficients",
                Attribute::Floats(many(numbers, n_columns * n_scores, exact)),
            ),
            (
                "intercepts",
                Attribute::Floats(many(numbers, n_scores, exact)),
            ),
        ];
        let n_labels = match n_scores {
            1 => pick(numbers, &[0, 2, 2, 2]),
            _ => n_scores + numbers.below(2),
        };
        let texts = n_labels > 0 && numbers.below(2) == 0;
        if texts {
            let names = ["no", "yes", "", "ä", "a b", "maybe"];
            let labels = (0..n_labels).map(|at| names[at % names.len()]).collect();
            attributes.push(("classlabels_strings", Attribute::Texts(labels)));
        }
        if n_labels > 0 && !texts {
            let labels = (0..width(n_labels)).map(|at| 10 - 3 * at).collect();
            attributes.push(("classlabels_ints", Attribute::Integers(labels)));
        }
        if numbers.below(4) > 0 {
            // A probit of one score with two labels is not native.
            let probit = exact && (n_scores > 1 || n_labels == 0);
            attributes.push(("post_transform", transform(numbers, probit)));
        }
        if numbers.below(2) == 0 {
            let multi_class = width(numbers.below(2));
            attributes.push(("multi_class", Attribute::Integer(multi_class)));
        }
        let scores = if n_scores == 1 && n_labels == 2 {
            2
        } else {
            n_scores
        };
        let label = if texts { ElementType::Text } else { Integer };
        let model = ModelBuilder::new()
            .input("x", element, &[-1, width(n_columns)])
            .output("label", label, &[-1])
            .output("scores", Float, &[-1, width(scores)])
            .node(
                "ai.onnx.ml.LinearClassifier",
                &["x"],
                &["label", "scores"],
                &attributes,
            );
        let shape = (n_rows(numbers), n_columns);
        let rows = rows(numbers, element, shape, exact);
        compare(
            &runtime,
            &format!("case {case}: {attributes:?}"),
            model,
            &[rows],
        );
        by_scores[n_scores.min(3) - 1] += 1;
    }
    println!("900 models of LinearClassifier compared, with 1, 2 and more scores: {by_scores:?}");
}

#[test]
fn linear_regressors_agree() {
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(37);
    for case in 0..600 {
        let element = pick(numbers, &[Float, Float, Float, Double, Integer, Boolean]);
        let n_columns = columns(numbers);
        let n_targets = pick(numbers, &[1, 1, 2, 3, 5, 8, 17]);
        let exact = is_exact(numbers, n_columns);
        let coefficients = many(numbers, n_columns * n_targets, exact);
        let mut attributes: Attributes = vec![("coefficients", Attribute::Floats(coefficients))];
        if n_targets > 1 || numbers.below(2) == 0 {
            attributes.push(("targets", Attribute::Integer(width(n_targets))));
        }
        if numbers.below(3) > 0 {
            let intercepts = many(numbers, n_targets, exact);
            attributes.push(("intercepts", Attribute::Floats(intercepts)));
        }
        if numbers.below(3) > 0 {
            attributes.push(("post_transform", transform(numbers, exact)));
        }
        let started = || {
            ModelBuilder::new()
                .input("x", element, &[-1, width(n_columns)])
                .output("y", Float, &[-1, width(n_targets)])
        };
        let operator = "ai.onnx.ml.LinearRegressor";
        let model = started().node(operator, &["x"], &["y"], &attributes);
        // ONNX Runtime has it for floats alone.
        let cast = started()
            .node(
                "Cast",
                &["x"],
                &["floats"],
                &[("to", Attribute::Integer(1))],
            )
            .node(operator, &["floats"], &["y"], &attributes);
        let what = format!("case {case}: {attributes:?}");
        let onnx = OnnxModel::parse(&model.build()).unwrap();
        let native = NativeModel::from_onnx(&onnx).unwrap_or_else(|e| panic!("{what}: {e}"));
        let other = load(&runtime, &what, &cast.build(), &native);
        let shape = (n_rows(numbers), n_columns);
        let rows = rows(numbers, element, shape, exact);
        compare_models(&what, &native, &other, &[rows]);
    }
    println!("600 models of LinearRegressor compared");
}

#[test]
fn matrix_products_agree() {
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(41);
    for case in 0..600 {
        let (n_columns, n_out) = (columns(numbers), pick(numbers, &[1, 2, 4, 5, 8, 9, 33, 70]));
        let exact = is_exact(numbers, n_columns);
        let (inputs, outputs) = (width(n_columns), width(n_out));
        let weights = many(numbers, n_columns * n_out, exact);
        let mut model =
            ModelBuilder::new()
                .input("x", Float, &[-1, inputs])
                .output("y", Float, &[-1, outputs]);
        let mut attributes: Attributes = Vec::new();
        if numbers.below(3) == 0 {
            model = model.floats("w", &[inputs, outputs], &weights).node(
                "MatMul",
                &["x", "w"],
                &["y"],
                &[],
            );
        } else {
            let turned = numbers.below(2);
            let dims = if turned == 1 {
                [outputs, inputs]
            } else {
                [inputs, outputs]
            };
            model = model.floats("w", &dims, &weights);
            attributes.push(("transB", Attribute::Integer(width(turned))));
            for name in ["alpha", "beta"] {
                if numbers.below(3) == 0 {
                    let factor = pick(numbers, &[0.5, 2.0, -1.0]);
                    attributes.push((name, Attribute::Float(factor)));
                }
            }
            let mut names = vec!["x", "w"];
            let shapes: [&[i64]; 4] = [&[outputs], &[1, outputs], &[1], &[]];
            if numbers.below(4) > 0 {
                let dims = pick(numbers, &shapes);
                let len: i64 = dims.iter().product();
                let bias = many(numbers, usize::try_from(len).unwrap(), exact);
                model = model.floats("c", dims, &bias);
                names.push("c");
            }
            model = model.node("Gemm", &names, &["y"], &attributes);
        }
        let shape = (n_rows(numbers), n_columns);
        let rows = rows(numbers, Float, shape, exact);
        compare(
            &runtime,
            &format!("case {case}: {attributes:?}"),
            model,
            &[rows],
        );
    }
    println!("600 models of MatMul and Gemm compared");
}
