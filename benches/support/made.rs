//! The models that the bench `model` measures, made by a seed.

use krites_model::ElementType::{Float as F, Integer as I};
use krites_model::testing::Attribute::{Float, Floats, Integer, Integers, Text};
use krites_model::testing::{Attribute, ModelBuilder};

use ndarray::Array2;

use super::subject::Rows;
use super::support::{CASES, Random};
use super::trees::{
    Tree, attributes, borrowed, classifier, depth_wise, isolating, leaf_wise, leaves, unit, visits,
};
use super::words;

/// A model with rows for it
pub(crate) struct Made {
    pub(crate) name: &'static str,
    pub(crate) rows: Vec<Rows>,
    pub(crate) bytes: Vec<u8>,
    /// Tests that a row meets in all trees, on average
    pub(crate) visits: Option<f64>,
}

/// Makes all models.
pub(crate) fn models() -> Vec<Made> {
    let mut random = Random(1);
    let boosted = (0..100)
        .map(|_| leaf_wise(&mut random, 15, 31))
        .collect::<Vec<_>>();
    let deep = (0..300)
        .map(|_| depth_wise(&mut random, 29, 6))
        .collect::<Vec<_>>();
    let isolation = (0..60)
        .map(|_| isolating(&mut random, 29, 8))
        .collect::<Vec<_>>();
    let made = |name, columns, bytes, trees: Option<&[Tree]>| {
        let rows = rows(columns, false);
        Made {
            name,
            visits: trees.map(|trees| visits(trees, &rows)),
            rows: vec![Rows::Floats(rows)],
            bytes,
        }
    };
    let nothing = ModelBuilder::new()
        .input("x", F, &[-1, 20])
        .output("y", F, &[-1, 20])
        .node("Identity", &["x"], &["y"], &[])
        .build();
    let leq = classifier(&boosted, 15, "BRANCH_LEQ", false);
    let lt = classifier(&deep, 29, "BRANCH_LT", true);
    let mut models = vec![
        made("nothing: 20 columns copied", 20, nothing, None),
        made("boosted, 100 × 31 leaves", 15, leq, Some(&boosted)),
        made("boosted, 300 × depth 6", 29, lt.clone(), Some(&deep)),
        made("the same, each 20th value missing", 29, lt, None),
        made(
            "isolation forest, 60 trees",
            29,
            isolation_forest(&isolation, 29),
            Some(&isolation),
        ),
        made(
            "logistic regression",
            20,
            logistic_regression(&mut random),
            None,
        ),
        made("scorecard, 20 × 5 bins", 20, scorecard(&mut random), None),
        words::model(&mut random),
    ];
    models[3].rows = vec![Rows::Floats(rows(29, true))];
    models
}

fn rows(columns: usize, missing: bool) -> Array2<f32> {
    let mut random = Random(3);
    Array2::from_shape_fn((CASES, columns), |_| {
        if missing && random.whole(0, 20) == 0 {
            f32::NAN
        } else {
            unit(&mut random)
        }
    })
}

/// As skl2onnx writes an isolation forest: for each tree the leaf, its depth
/// and its number of samples, and from them how soon a row is alone.
fn isolation_forest(trees: &[Tree], columns: i64) -> Vec<u8> {
    let all: Vec<i64> = (0..columns).collect();
    let mut model = ModelBuilder::new()
        .input("x", F, &[-1, columns])
        .output("label", I, &[-1, 1])
        .output("scores", F, &[-1, 1])
        .integers("all", &[columns], &all)
        .integers("column", &[2], &[-1, 1])
        .integers("minus_2i", &[1], &[-2])
        .integers("one_i", &[1], &[1]);
    let few = 0.577_215_7;
    for (name, value) in [
        ("zero", 0.0),
        ("one", 1.0),
        ("minus_1", -1.0),
        ("two", 2.0),
        ("minus_2", -2.0),
        ("gamma", few),
        ("offset", 0.548),
    ] {
        model = model.floats(name, &[1], &[value]);
    }
    model = model.floats("longest", &[1, 1], &[614.7]);
    let mut depths = Vec::new();
    for (idx, tree) in trees.iter().enumerate() {
        let name = |what: &str| format!("{what}{idx}");
        let mut node =
            |operator: &str, inputs: &[&str], output: &str, attributes: &[(&str, Attribute)]| {
                let shared = |input: &&str| input.chars().next().is_some_and(char::is_uppercase);
                let named: Vec<String> = inputs
                    .iter()
                    .map(|input| {
                        if shared(input) {
                            name(input)
                        } else {
                            (*input).to_owned()
                        }
                    })
                    .collect();
                let named: Vec<&str> = named.iter().map(String::as_str).collect();
                model = model
                    .clone()
                    .node(operator, &named, &[&name(output)], attributes);
            };
        let mut lists = attributes(
            std::slice::from_ref(tree),
            "target",
            "BRANCH_LEQ",
            false,
            true,
        );
        lists.push(("n_targets".to_owned(), Integer(1)));
        let lists: Vec<_> = borrowed(&lists).collect();
        let encoder = |of: fn(i64, f32) -> f32| {
            let (keys, values) = leaves(tree).map(|(at, depth)| (at, of(at, depth))).unzip();
            [
                ("keys_int64s", Integers(keys)),
                ("values_floats", Floats(values)),
                ("default_float", Float(0.0)),
            ]
        };
        node("Gather", &["x", "all"], "X", &[("axis", Integer(1))]);
        node("ai.onnx.ml.TreeEnsembleRegressor", &["X"], "Leaf", &lists);
        node("Cast", &["Leaf"], "Place", &[("to", Integer(7))]);
        node(
            "ai.onnx.ml.LabelEncoder",
            &["Place"],
            "Path",
            &encoder(|_, depth| depth + 1.0),
        );
        node("Reshape", &["Path", "column"], "Length", &[]);
        node("Cast", &["Leaf"], "Again", &[("to", Integer(7))]);
        node(
            "ai.onnx.ml.LabelEncoder",
            &["Again"],
            "Held",
            &encoder(|at, _| (1 + at % 5) as f32),
        );
        node("Reshape", &["Held", "column"], "Samples", &[]);
        node("Equal", &["Samples", "two"], "Two", &[]);
        node("Cast", &["Two"], "IsTwo", &[("to", Integer(1))]);
        node("Greater", &["Samples", "two"], "More", &[]);
        node("Cast", &["More"], "IsMore", &[("to", Integer(1))]);
        node("Mul", &["IsMore", "Samples"], "Count", &[]);
        node("Add", &["Count", "minus_1"], "Less", &[]);
        node("Max", &["Less", "one"], "LessOne", &[]);
        node("Log", &["LessOne"], "Log", &[]);
        node("Add", &["Log", "gamma"], "Harmonic", &[]);
        node("Mul", &["Harmonic", "two"], "Twice", &[]);
        node("Max", &["Less", "zero"], "LessZero", &[]);
        node("Max", &["Count", "one"], "CountOne", &[]);
        node("Div", &["LessZero", "CountOne"], "Share", &[]);
        node("Mul", &["Share", "minus_2"], "Off", &[]);
        node("Add", &["Twice", "Off"], "Mean", &[]);
        node("Mul", &["Mean", "IsMore"], "MeanMore", &[]);
        node("Add", &["IsTwo", "MeanMore"], "Expected", &[]);
        node("Add", &["Length", "Expected"], "Long", &[]);
        node("Add", &["Long", "minus_1"], "Depth", &[]);
        depths.push(name("Depth"));
    }
    let depths: Vec<&str> = depths.iter().map(String::as_str).collect();
    model
        .node("Sum", &depths, &["sum"], &[])
        .node("Div", &["sum", "longest"], &["mean"], &[])
        .node("Neg", &["mean"], &["minus"], &[])
        .node("Pow", &["two", "minus"], &["power"], &[])
        .node("Neg", &["power"], &["down"], &[])
        .node("Add", &["down", "offset"], &["scores"], &[])
        .node("Less", &["scores", "zero"], &["alone"], &[])
        .node("Cast", &["alone"], &["flag"], &[("to", Integer(7))])
        .node("Mul", &["flag", "minus_2i"], &["twice"], &[])
        .node("Add", &["twice", "one_i"], &["label"], &[])
        .build()
}

/// As skl2onnx writes it: scaled columns, one row of coefficients a class.
fn logistic_regression(random: &mut Random) -> Vec<u8> {
    let mut some = |low: f32, high: f32| -> Vec<f32> {
        (0..20).map(|_| low + (high - low) * unit(random)).collect()
    };
    let (offset, scale, coefficients) = (some(0.3, 0.7), some(1.0, 4.0), some(-1.0, 1.0));
    let both = coefficients
        .iter()
        .map(|x| -x)
        .chain(coefficients.iter().copied())
        .collect();
    ModelBuilder::new()
        .input("x", F, &[-1, 20])
        .output("label", I, &[-1])
        .output("scores", F, &[-1, 2])
        .node(
            "ai.onnx.ml.Scaler",
            &["x"],
            &["scaled"],
            &[("offset", Floats(offset)), ("scale", Floats(scale))],
        )
        .node(
            "ai.onnx.ml.LinearClassifier",
            &["scaled"],
            &["label", "scores"],
            &[
                ("classlabels_ints", Integers(vec![0, 1])),
                ("coefficients", Floats(both)),
                ("intercepts", Floats(vec![-0.1, 0.1])),
                ("multi_class", Integer(1)),
                ("post_transform", Text("LOGISTIC")),
            ],
        )
        .build()
}

/// Points by the bins of each column, in core operators.
fn scorecard(random: &mut Random) -> Vec<u8> {
    let columns: Vec<i64> = (0..80).map(|at| at / 4).collect();
    let edges: Vec<f32> = (0..80_u8).map(|at| f32::from(at % 4 + 1) / 5.0).collect();
    let points: Vec<f32> = (0..80)
        .map(|_| (40.0 * unit(random)).floor() - 20.0)
        .collect();
    ModelBuilder::new()
        .input("x", F, &[-1, 20])
        .output("points", F, &[-1, 1])
        .integers("columns", &[80], &columns)
        .floats("edges", &[80], &edges)
        .floats("weights", &[80, 1], &points)
        .floats("base", &[1], &[600.0])
        .node(
            "Gather",
            &["x", "columns"],
            &["gathered"],
            &[("axis", Integer(1))],
        )
        .node("GreaterOrEqual", &["gathered", "edges"], &["above"], &[])
        .node("Cast", &["above"], &["flags"], &[("to", Integer(1))])
        .node("MatMul", &["flags", "weights"], &["sum"], &[])
        .node("Add", &["sum", "base"], &["points"], &[])
        .build()
}
