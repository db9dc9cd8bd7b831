//! Contributions of generated models against Shapley values by brute force: over
//! all sets of input columns, by what the model itself answers.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "explain/brute.rs"]
mod brute;
#[path = "generated/mod.rs"]
mod generated;

use brute::{check, explain};
use generated::{Kind, MODES, Tree, Votes, is_true, lists, positions, value};
use krites_model::testing::{Attribute, ModelBuilder, Numbers};
use krites_model::{
    Attribution, ElementType, Explained, InputRows, Model, NativeModel, NotExplained, OnnxModel,
    OutputTensor, Scratch, Unit,
};
use ndarray::Array2;

/// Of the bits of all that is told in one of the tests
const HASH: &str = "c5e1d2fa935ad7af";

fn native(model: ModelBuilder) -> NativeModel {
    NativeModel::from_onnx(&OnnxModel::parse(&model.build()).unwrap()).unwrap()
}

/// Rows of floats, some of them odd where `odd` is set.
fn floats(numbers: &mut Numbers, shape: (usize, usize), odd: bool) -> Array2<f32> {
    Array2::from_shape_fn(shape, |_| {
        if odd {
            value(numbers)
        } else {
            numbers.below(17) as f32 / 4.0 - 2.0
        }
    })
}

fn rows(model: &NativeModel, inputs: Vec<OutputTensor>) -> InputRows {
    InputRows::new(model.signature(), inputs).unwrap()
}

/// A node of trees, with the attributes that it has beside them.
fn forest(
    operator: &str,
    trees: &[Tree],
    width: usize,
    more: &[(&str, Attribute)],
    element: ElementType,
) -> ModelBuilder {
    let is_double = element == ElementType::Double;
    let classifier = operator.ends_with("Classifier");
    let prefix = if classifier { "class" } else { "target" };
    let mut attributes = match operator {
        "TreeEnsemble" => positions(trees, is_double),
        _ => lists(trees, prefix, is_double.then_some(true)),
    };
    attributes.extend(
        more.iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone())),
    );
    let attributes: Vec<_> = attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    let made: &[&str] = if classifier { &["label", "y"] } else { &["y"] };
    ModelBuilder::new()
        .opset("ai.onnx.ml", if operator == "TreeEnsemble" { 5 } else { 3 })
        .input("x", element, &[-1, width as i64])
        .node(&format!("ai.onnx.ml.{operator}"), &["z"], made, &attributes)
}

fn kind(numbers: &mut Numbers, n_targets: usize, votes: Votes) -> Kind {
    Kind {
        width: 1 + numbers.below(6),
        n_targets,
        votes,
        n_tests: 12,
        odd_weights: false,
        positive: false,
        modes: &MODES,
    }
}

fn trees(numbers: &mut Numbers, kind: &Kind) -> Vec<Tree> {
    let n_trees = 1 + numbers.below(4);
    let tree = |at: usize, numbers: &mut Numbers| match at % 3 {
        2 => kind.shared_tree(numbers),
        _ => kind.tree(numbers),
    };
    (0..n_trees).map(|at| tree(at, numbers)).collect()
}

fn wide(element: ElementType, rows: Array2<f32>) -> OutputTensor {
    match element {
        ElementType::Double => OutputTensor::Double(rows.mapv(f64::from)),
        _ => OutputTensor::Float(rows),
    }
}

#[test]
fn sums_of_trees_are_shared_as_brute_force_shares_them() {
    let numbers = &mut Numbers(71);
    for case in 0..150 {
        let n_targets = 1 + numbers.below(2);
        let votes = match case % 3 {
            0 => Votes::For(numbers.below(n_targets)),
            1 => Votes::Some,
            _ => Votes::All,
        };
        let kind = kind(numbers, n_targets, votes);
        let trees = trees(numbers, &kind);
        let element = [ElementType::Float, ElementType::Double][case % 2];
        let average = Attribute::Text(if case % 5 == 0 { "AVERAGE" } else { "SUM" });
        let mut more = vec![
            ("n_targets", Attribute::Integer(n_targets as i64)),
            ("aggregate_function", average),
        ];
        if case % 4 == 0 && n_targets == 1 {
            more.push(("base_values", Attribute::Floats(vec![0.25])));
        }
        // Version 5 has no nodes that are children of several.
        let five = case % 6 == 0 && n_targets == 1 && trees.len() < 3;
        let operator = if five {
            "TreeEnsemble"
        } else {
            "TreeEnsembleRegressor"
        };
        if five {
            more.truncate(1);
        }
        let given = if five { element } else { ElementType::Float };
        let model = native(
            forest(operator, &trees, kind.width, &more, element)
                .output("y", given, &[-1, n_targets as i64])
                .node("Identity", &["x"], &["z"], &[]),
        );
        let n_rows = 1 + numbers.below(9);
        let background = floats(numbers, (n_rows, kind.width), true);
        let background = rows(&model, vec![wide(element, background)]);
        let cases = floats(numbers, (3, kind.width), true);
        let cases = rows(&model, vec![wide(element, cases)]);
        for column in 0..n_targets {
            check(&model, (0, column), &background, &cases, Unit::Output);
        }
    }
}

#[test]
fn classes_of_trees_are_shared_as_brute_force_shares_them() {
    let numbers = &mut Numbers(72);
    for case in 0..120 {
        let n_classes = if case % 3 == 0 { 3 } else { 2 };
        let votes = match case % 4 {
            0 | 1 => Votes::For(case % 4 % n_classes),
            _ => Votes::All,
        };
        let mut kind = kind(numbers, n_classes, votes);
        kind.positive = case % 5 == 0;
        let trees = trees(numbers, &kind);
        let logistic = case % 2 == 0;
        let transform = if logistic { "LOGISTIC" } else { "NONE" };
        let labels = (0..n_classes as i64).collect();
        let more = [
            ("classlabels_int64s", Attribute::Integers(labels)),
            ("post_transform", Attribute::Text(transform)),
        ];
        let model = native(
            forest(
                "TreeEnsembleClassifier",
                &trees,
                kind.width,
                &more,
                ElementType::Float,
            )
            .output("scores", ElementType::Float, &[-1, n_classes as i64])
            .floats("one", &[1], &[1.0])
            .node("Identity", &["x"], &["z"], &[])
            .node("Mul", &["y", "one"], &["scores"], &[]),
        );
        let n_rows = 1 + numbers.below(9);
        let background = OutputTensor::Float(floats(numbers, (n_rows, kind.width), true));
        let background = rows(&model, vec![background]);
        let cases = OutputTensor::Float(floats(numbers, (2, kind.width), true));
        let cases = rows(&model, vec![cases]);
        let unit = if logistic {
            Unit::LogOdds
        } else {
            Unit::Output
        };
        for column in 0..n_classes {
            check(&model, (0, column), &background, &cases, unit);
        }
    }
}

#[test]
fn linear_models_are_shared_as_brute_force_shares_them() {
    let numbers = &mut Numbers(73);
    for case in 0..60 {
        let width = 1 + numbers.below(6);
        let n_out = 1 + numbers.below(3);
        let weights: Vec<f32> = floats(numbers, (width, n_out), false).into_iter().collect();
        let bias: Vec<f32> = floats(numbers, (1, n_out), false).into_iter().collect();
        let base = ModelBuilder::new().input("x", ElementType::Float, &[-1, width as i64]);
        let coefficients = ("coefficients", Attribute::Floats(weights.clone()));
        let intercepts = ("intercepts", Attribute::Floats(bias.clone()));
        let (model, unit) = match case % 3 {
            0 => {
                let targets = ("targets", Attribute::Integer(n_out as i64));
                let more = [coefficients, intercepts, targets];
                let linear = "ai.onnx.ml.LinearRegressor";
                (base.node(linear, &["x"], &["y"], &more), Unit::Output)
            }
            1 => {
                let n_labels = n_out.max(2) as i64;
                let labels = (0..n_labels).collect();
                let more = [
                    coefficients,
                    intercepts,
                    ("classlabels_ints", Attribute::Integers(labels)),
                    ("post_transform", Attribute::Text("LOGISTIC")),
                ];
                let linear = "ai.onnx.ml.LinearClassifier";
                (
                    base.node(linear, &["x"], &["label", "y"], &more),
                    Unit::LogOdds,
                )
            }
            _ => (
                base.floats("w", &[width as i64, n_out as i64], &weights)
                    .floats("b", &[n_out as i64], &bias)
                    .node("MatMul", &["x", "w"], &["product"], &[])
                    .node("Add", &["product", "b"], &["sum"], &[])
                    .node("Sigmoid", &["sum"], &["y"], &[]),
                Unit::LogOdds,
            ),
        };
        let n_columns = if case % 3 == 1 { n_out.max(2) } else { n_out };
        let model = native(model.output("y", ElementType::Float, &[-1, n_columns as i64]));
        let background = OutputTensor::Float(floats(numbers, (7, width), false));
        let background = rows(&model, vec![background]);
        let cases = OutputTensor::Float(floats(numbers, (2, width), false));
        let cases = rows(&model, vec![cases]);
        for column in 0..n_columns {
            check(&model, (0, column), &background, &cases, unit);
        }
    }
}

/// A pipeline: gaps filled and scaled, texts one-hot, trees or a sum over them.
fn pipeline(numbers: &mut Numbers, case: usize) -> (NativeModel, Unit, usize) {
    let width = 1 + numbers.below(3);
    let jobs = vec!["clerk", "cook", "pilot"];
    let base = ModelBuilder::new()
        .input("job", ElementType::Text, &[-1, 1])
        .input("numbers", ElementType::Float, &[-1, width as i64])
        .node(
            "ai.onnx.ml.Imputer",
            &["numbers"],
            &["filled"],
            &[
                ("imputed_value_floats", Attribute::Floats(vec![0.5])),
                ("replaced_value_float", Attribute::Float(f32::NAN)),
            ],
        )
        .node(
            "ai.onnx.ml.Scaler",
            &["filled"],
            &["scaled"],
            &[
                ("offset", Attribute::Floats(vec![0.25])),
                ("scale", Attribute::Floats(vec![0.5])),
            ],
        )
        .node(
            "ai.onnx.ml.OneHotEncoder",
            &["job"],
            &["jobs"],
            &[
                ("cats_strings", Attribute::Texts(jobs)),
                ("zeros", Attribute::Integer(1)),
            ],
        )
        .integers("flat", &[2], &[-1, 3])
        .node("Reshape", &["jobs", "flat"], &["flat_jobs"], &[])
        .node(
            "Concat",
            &["flat_jobs", "scaled"],
            &["z"],
            &[("axis", Attribute::Integer(1))],
        );
    let columns = width + 3;
    let one = base.clone().output("p", ElementType::Float, &[-1, 1]);
    match case % 3 {
        0 => {
            let weights: Vec<f32> = floats(numbers, (columns, 1), false).into_iter().collect();
            let model = one
                .floats("w", &[columns as i64, 1], &weights)
                .floats("b", &[1], &[0.5])
                .node("Gemm", &["z", "w", "b"], &["sum"], &[])
                .node("Sigmoid", &["sum"], &["p"], &[]);
            (native(model), Unit::LogOdds, width)
        }
        1 => {
            // A scorecard: a step for each bound that a value reaches, times points
            let picked: Vec<i64> = (0..6).map(|_| numbers.below(columns) as i64).collect();
            let edges: Vec<f32> = floats(numbers, (1, 6), false).into_iter().collect();
            let points: Vec<f32> = floats(numbers, (6, 1), false).into_iter().collect();
            let model = one
                .integers("picked", &[6], &picked)
                .floats("edges", &[6], &edges)
                .floats("points", &[6, 1], &points)
                .node(
                    "Gather",
                    &["z", "picked"],
                    &["x"],
                    &[("axis", Attribute::Integer(1))],
                )
                .node("GreaterOrEqual", &["x", "edges"], &["reached"], &[])
                .node(
                    "Cast",
                    &["reached"],
                    &["steps"],
                    &[("to", Attribute::Integer(1))],
                )
                .node("MatMul", &["steps", "points"], &["p"], &[]);
            (native(model), Unit::Output, width)
        }
        _ => {
            let mut kind = kind(numbers, 1, Votes::For(0));
            kind.width = columns;
            let trees = trees(numbers, &kind);
            let attributes = lists(&trees, "class", None);
            let labels = || ("classlabels_int64s", Attribute::Integers(vec![0, 1]));
            let mut attributes: Vec<_> = attributes
                .iter()
                .map(|(name, value)| (name.as_str(), value.clone()))
                .collect();
            attributes.extend([labels(), ("post_transform", Attribute::Text("LOGISTIC"))]);
            let model = base
                .node(
                    "ai.onnx.ml.TreeEnsembleClassifier",
                    &["z"],
                    &["label", "both"],
                    &attributes,
                )
                .integers("second", &[1], &[1])
                .node(
                    "ai.onnx.ml.ArrayFeatureExtractor",
                    &["both", "second"],
                    &["p"],
                    &[],
                )
                .output("p", ElementType::Float, &[-1, 1]);
            (native(model), Unit::LogOdds, width)
        }
    }
}

#[test]
fn pipelines_and_scorecards_are_shared_as_brute_force_shares_them() {
    let numbers = &mut Numbers(74);
    for case in 0..90 {
        let (model, unit, width) = pipeline(numbers, case);
        let mut some = |n_rows: usize| {
            let jobs = Array2::from_shape_fn((n_rows, 1), |_| {
                ["clerk", "cook", "pilot", "a boat"][numbers.below(4)].to_owned()
            });
            let mut floats = floats(numbers, (n_rows, width), false);
            floats.iter_mut().for_each(|x| {
                if numbers.below(6) == 0 {
                    *x = f32::NAN;
                }
            });
            rows(
                &model,
                vec![OutputTensor::Text(jobs), OutputTensor::Float(floats)],
            )
        };
        let (background, cases) = (some(6), some(3));
        check(&model, (0, 0), &background, &cases, unit);
    }
}

/// What a tree is worth where only `known` columns are, the others going both
/// ways by how many rows did.
fn worth(tree: &Tree, at: usize, known: u32, row: &[f32], background: &[Vec<f32>]) -> f64 {
    let node = &tree[at];
    if node.mode == "LEAF" {
        return node
            .weights
            .iter()
            .map(|&(_, weight)| f64::from(weight))
            .sum();
    }
    let [yes, no] = node.children;
    if known >> node.column & 1 == 1 {
        let to = if is_true(node, row) { yes } else { no };
        return worth(tree, to, known, row, background);
    }
    let came: Vec<&Vec<f32>> = background
        .iter()
        .filter(|row| comes(tree, at, row))
        .collect();
    let held = came.iter().filter(|row| is_true(node, row)).count();
    let share = match came.len() {
        0 => 0.5,
        n => held as f64 / n as f64,
    };
    share * worth(tree, yes, known, row, background)
        + (1.0 - share) * worth(tree, no, known, row, background)
}

/// Tells whether a row comes to a place.
fn comes(tree: &Tree, to: usize, row: &[f32]) -> bool {
    let mut at = 0;
    loop {
        if at == to {
            return true;
        }
        let node = &tree[at];
        if node.mode == "LEAF" {
            return false;
        }
        at = node.children[usize::from(!is_true(node, row))];
    }
}

#[test]
fn values_along_paths_are_those_of_their_definition() {
    let numbers = &mut Numbers(75);
    for _ in 0..60 {
        let mut kind = kind(numbers, 1, Votes::For(0));
        kind.modes = &["BRANCH_LEQ"];
        let n_trees = 1 + numbers.below(3);
        let trees: Vec<Tree> = (0..n_trees).map(|_| kind.tree(numbers)).collect();
        let more = [("n_targets", Attribute::Integer(1))];
        let model = native(
            forest(
                "TreeEnsembleRegressor",
                &trees,
                kind.width,
                &more,
                ElementType::Float,
            )
            .output("y", ElementType::Float, &[-1, 1])
            .node("Identity", &["x"], &["z"], &[]),
        );
        let compared = floats(numbers, (1 + numbers.0 as usize % 8, kind.width), true);
        let background: Vec<Vec<f32>> = compared
            .rows()
            .into_iter()
            .map(|row| row.to_vec())
            .collect();
        let cases = floats(numbers, (2, kind.width), true);
        let told = explain(
            &model,
            &Explained {
                output: 0,
                column: 0,
                background: &rows(&model, vec![OutputTensor::Float(compared)]),
                attribution: Attribution::PathDependent,
            },
            &rows(&model, vec![OutputTensor::Float(cases.clone())]),
        );
        for (row, told) in cases.rows().into_iter().zip(told) {
            let row = row.to_vec();
            let of = |known: u32| -> f64 {
                trees
                    .iter()
                    .map(|tree| worth(tree, 0, known, &row, &background))
                    .sum()
            };
            let shared = brute::shapley(kind.width, of);
            for (given, by_hand) in told.contributions.iter().zip(&shared) {
                // What depends on one column is told by what the model answers, a float.
                let slack = if kind.width == 1 { 1e-6 } else { 1e-9 };
                assert!((given - by_hand).abs() < slack, "{given} is not {by_hand}");
            }
            assert!((told.base - of(0)).abs() < 1e-6);
        }
    }
}

#[test]
fn bits_are_the_same_in_every_build() {
    let numbers = &mut Numbers(77);
    let mut hasher = blake3::Hasher::new();
    for case in 0..12 {
        let (model, _, width) = pipeline(numbers, case);
        let mut some = |n_rows: usize| {
            let jobs = Array2::from_shape_fn((n_rows, 1), |_| {
                ["clerk", "cook", "pilot"][numbers.below(3)].to_owned()
            });
            let floats = floats(numbers, (n_rows, width), false);
            rows(
                &model,
                vec![OutputTensor::Text(jobs), OutputTensor::Float(floats)],
            )
        };
        let (background, cases) = (some(7), some(5));
        for attribution in [Attribution::Interventional, Attribution::PathDependent] {
            let explained = Explained {
                output: 0,
                column: 0,
                background: &background,
                attribution,
            };
            for told in explain(&model, &explained, &cases) {
                for number in [told.base, told.margin].iter().chain(&told.contributions) {
                    hasher.update(&number.to_bits().to_le_bytes());
                }
            }
        }
    }
    let hash = hasher.finalize().to_hex();
    assert_eq!(&hash[..16], HASH);
}

/// The columns of `x` added one by one.
fn chain(n_columns: usize) -> (NativeModel, InputRows) {
    let mut model = ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, n_columns as i64])
        .output("y", ElementType::Float, &[-1, 1]);
    for at in 0..n_columns {
        let axis = [("axis", Attribute::Integer(1))];
        let (place, column) = (format!("place {at}"), format!("column {at}"));
        model = model.integers(&place, &[1], &[at as i64]);
        model = model.node("Gather", &["x", &place], &[&column], &axis);
        let before = format!("sum {}", at.saturating_sub(1));
        let sum = match at + 1 {
            last if last == n_columns => "y".to_owned(),
            _ => format!("sum {at}"),
        };
        model = match at {
            0 => model.node("Identity", &[&column], &[&sum], &[]),
            _ => model.node("Add", &[&before, &column], &[&sum], &[]),
        };
    }
    let model = native(model);
    let some = rows(
        &model,
        vec![OutputTensor::Float(Array2::ones((1, n_columns)))],
    );
    (model, some)
}

#[test]
fn long_sums_are_followed_and_longer_ones_are_refused() {
    let (model, background) = chain(400);
    let explained = Explained {
        output: 0,
        column: 0,
        background: &background,
        attribution: Attribution::Interventional,
    };
    let told = explain(&model, &explained, &background);
    assert_eq!((told[0].base, told[0].margin), (400.0, 400.0));
    let (model, background) = chain(700);
    let message = "following its graph takes more than 4194304 elements or 512 steps";
    check_refused(&model, 0, &background, message);
}

#[test]
fn a_warm_explanation_allocates_nothing() {
    let numbers = &mut Numbers(76);
    for case in 0..3 {
        let (model, _, width) = pipeline(numbers, case);
        let mut some = |n_rows: usize| {
            let jobs = Array2::from_elem((n_rows, 1), "cook".to_owned());
            let floats = floats(numbers, (n_rows, width), false);
            rows(
                &model,
                vec![OutputTensor::Text(jobs), OutputTensor::Float(floats)],
            )
        };
        let (background, row) = (some(6), some(1));
        for attribution in [Attribution::Interventional, Attribution::PathDependent] {
            let explained = Explained {
                output: 0,
                column: 0,
                background: &background,
                attribution,
            };
            let explainer = model.explainer(&explained).unwrap();
            let mut contributions = vec![0.0; 1 + width];
            let mut scratch = Scratch::default();
            row.view(0..1, |row| {
                let mut explain = || explainer.explain(row, &mut contributions, &mut scratch);
                explain().unwrap();
                let memory = allocation_counter::measure(|| {
                    explain().unwrap();
                });
                assert_eq!(memory.count_total, 0, "case {case}");
            });
        }
    }
}

/// Asserts why an output is not explained.
fn check_refused(model: &NativeModel, output: usize, background: &InputRows, message: &str) {
    let explained = Explained {
        output,
        column: 0,
        background,
        attribution: Attribution::Interventional,
    };
    let error = model.explainer(&explained).unwrap_err();
    assert_eq!(error.to_string(), message);
}

#[test]
fn what_has_no_exact_contributions_is_refused_by_name() {
    let two = || ModelBuilder::new().input("x", ElementType::Float, &[-1, 2]);
    let layers = native(
        two()
            .floats("w", &[2, 2], &[1.0, 2.0, -1.0, 0.5])
            .floats("v", &[2, 1], &[1.0, 1.0])
            .output("y", ElementType::Float, &[-1, 1])
            .output("place", ElementType::Integer, &[-1, 1])
            .node("MatMul", &["x", "w"], &["sums"], &[])
            .node("Relu", &["sums"], &["hidden"], &[])
            .node("MatMul", &["hidden", "v"], &["y"], &[])
            .node(
                "ArgMax",
                &["sums"],
                &["place"],
                &[("axis", Attribute::Integer(1))],
            ),
    );
    let some = |n_rows: usize| {
        rows(
            &layers,
            vec![OutputTensor::Float(Array2::zeros((n_rows, 2)))],
        )
    };
    check_refused(
        &layers,
        0,
        &some(1),
        "node 1 (Relu) has no contributions: it combines several input columns, and is neither \
         a sum nor a forest",
    );
    check_refused(
        &layers,
        1,
        &some(1),
        "`place` is of type integer, and no score",
    );
    check_refused(&layers, 2, &some(1), "the model has no such output");
    check_refused(
        &layers,
        0,
        &some(0),
        "the background cannot be used: it has 0 rows, where 1 to 10000 are needed",
    );
    let linear = native(
        two()
            .floats("w", &[2, 1], &[1.0, 2.0])
            .output("y", ElementType::Float, &[-1, 1])
            .node("MatMul", &["x", "w"], &["y"], &[]),
    );
    let nan = Array2::from_elem((1, 2), f32::NAN);
    let nan = rows(&linear, vec![OutputTensor::Float(nan)]);
    check_refused(
        &linear,
        0,
        &nan,
        "the background cannot be used: row 1 gives no finite number",
    );
    let product = native(
        two()
            .integers("first", &[1], &[0])
            .integers("second", &[1], &[1])
            .output("y", ElementType::Float, &[-1, 1])
            .node(
                "Gather",
                &["x", "first"],
                &["a"],
                &[("axis", Attribute::Integer(1))],
            )
            .node(
                "Gather",
                &["x", "second"],
                &["b"],
                &[("axis", Attribute::Integer(1))],
            )
            .node("Mul", &["a", "b"], &["y"], &[]),
    );
    let explained = Explained {
        output: 0,
        column: 0,
        background: &some(1),
        attribution: Attribution::Interventional,
    };
    let error = product.explainer(&explained).unwrap_err();
    assert!(matches!(error, NotExplained::Form { .. }), "{error}");
}
