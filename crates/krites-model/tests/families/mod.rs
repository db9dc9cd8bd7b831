//! Small models of every family, made in code, and rows to run them with.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "each user takes a part; a test fails by panicking"
)]

pub(crate) mod operators;
pub(crate) mod rows;
pub(crate) mod wire;

use krites_model::ElementType::{Double, Float, Integer, Text as Texts_};
use krites_model::testing::Attribute::{Floats, Integer as Int, Integers, Text, Texts};
use krites_model::testing::{Attribute, BRANCH_MODES, ModelBuilder, Numbers};

/// A family's model by name
pub(crate) type Named = (&'static str, Vec<u8>);

/// Models as banks have them, one a family
pub(crate) fn families() -> Vec<Named> {
    vec![
        ("boosted classifier", boosted()),
        ("forest of three classes", forest()),
        ("isolation forest", isolation()),
        ("forest over doubles", doubles()),
        ("logistic regression", logistic()),
        ("linear regression", linear()),
        ("scorecard", scorecard()),
        ("net of tanh", net("Tanh")),
        ("net of sigmoid", net("Sigmoid")),
        ("net of relu", net("Relu")),
        ("one-hot pipeline", one_hot()),
        ("bag of words", bag_of_words()),
    ]
}

/// All of them with the small models of single operators
pub(crate) fn all() -> Vec<(String, Vec<u8>)> {
    let families = families().into_iter();
    let mut all: Vec<_> = families
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect();
    all.extend(operators::operators());
    all
}

/// A number between -4 and 4 with three binary places.
fn number(numbers: &mut Numbers) -> f32 {
    numbers.below(65) as f32 / 8.0 - 4.0
}

fn many(numbers: &mut Numbers, count: usize) -> Vec<f32> {
    (0..count).map(|_| number(numbers) / 7.0).collect()
}

/// The lists of a forest of full trees of three levels, each leaf with weights for
/// `targets`.
pub(crate) fn trees(
    prefix: &'static str,
    numbers: &mut Numbers,
    n_trees: i64,
    n_columns: usize,
    targets: &[i64],
) -> Vec<(String, Attribute)> {
    let (mut ids, mut nodes, mut columns, mut yes, mut no) =
        (vec![], vec![], vec![], vec![], vec![]);
    let (mut missing, mut values, mut modes) = (vec![], vec![], vec![]);
    let (mut leaf_trees, mut leaf_nodes, mut leaf_targets, mut weights) =
        (vec![], vec![], vec![], vec![]);
    for tree in 0..n_trees {
        for node in 0..15 {
            let leaf = node >= 7;
            ids.push(tree);
            nodes.push(node);
            columns.push(if leaf {
                0
            } else {
                numbers.below(n_columns) as i64
            });
            yes.push(if leaf { 0 } else { 2 * node + 1 });
            no.push(if leaf { 0 } else { 2 * node + 2 });
            missing.push(if leaf { 0 } else { numbers.below(2) as i64 });
            values.push(if leaf { 0.0 } else { number(numbers) });
            let mode = if numbers.below(4) == 0 {
                numbers.below(6)
            } else {
                0
            };
            modes.push(if leaf { "LEAF" } else { BRANCH_MODES[mode] });
            for &target in targets.iter().filter(|_| leaf) {
                leaf_trees.push(tree);
                leaf_nodes.push(node);
                leaf_targets.push(target);
                weights.push(number(numbers) / 9.0);
            }
        }
    }
    let named = |name: &str| format!("{prefix}_{name}");
    vec![
        ("nodes_treeids".to_owned(), Integers(ids)),
        ("nodes_nodeids".to_owned(), Integers(nodes)),
        ("nodes_featureids".to_owned(), Integers(columns)),
        ("nodes_truenodeids".to_owned(), Integers(yes)),
        ("nodes_falsenodeids".to_owned(), Integers(no)),
        (
            "nodes_missing_value_tracks_true".to_owned(),
            Integers(missing),
        ),
        ("nodes_values".to_owned(), Floats(values)),
        ("nodes_modes".to_owned(), Texts(modes)),
        (named("treeids"), Integers(leaf_trees)),
        (named("nodeids"), Integers(leaf_nodes)),
        (named("ids"), Integers(leaf_targets)),
        (named("weights"), Floats(weights)),
    ]
}

/// Borrows the names of attributes.
pub(crate) fn borrowed(attributes: &[(String, Attribute)]) -> Vec<(&str, Attribute)> {
    attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect()
}

fn boosted() -> Vec<u8> {
    let mut attributes = trees("class", &mut Numbers(1), 40, 6, &[0]);
    attributes.push(("classlabels_int64s".to_owned(), Integers(vec![0, 1])));
    attributes.push(("post_transform".to_owned(), Text("LOGISTIC")));
    attributes.push(("base_values".to_owned(), Floats(vec![-0.3])));
    classifier(
        "ai.onnx.ml.TreeEnsembleClassifier",
        &borrowed(&attributes),
        6,
        2,
    )
}

fn forest() -> Vec<u8> {
    let mut attributes = trees("class", &mut Numbers(2), 20, 6, &[0, 1, 2]);
    attributes.push(("classlabels_int64s".to_owned(), Integers(vec![4, 5, 9])));
    attributes.push(("post_transform".to_owned(), Text("SOFTMAX")));
    classifier(
        "ai.onnx.ml.TreeEnsembleClassifier",
        &borrowed(&attributes),
        6,
        3,
    )
}

fn classifier(
    operator: &str,
    attributes: &[(&str, Attribute)],
    n_columns: i64,
    n_classes: i64,
) -> Vec<u8> {
    ModelBuilder::new()
        .input("x", Float, &[-1, n_columns])
        .output("label", Integer, &[-1])
        .output("probabilities", Float, &[-1, n_classes])
        .node(operator, &["x"], &["label", "probabilities"], attributes)
        .build()
}

/// Averaged depths, made a score as converters do it.
fn isolation() -> Vec<u8> {
    let mut attributes = trees("target", &mut Numbers(3), 25, 5, &[0]);
    attributes.push(("n_targets".to_owned(), Int(1)));
    attributes.push(("aggregate_function".to_owned(), Text("AVERAGE")));
    ModelBuilder::new()
        .input("x", Float, &[-1, 5])
        .output("label", Integer, &[-1, 1])
        .output("scores", Float, &[-1, 1])
        .floats("scale", &[1], &[-0.125])
        .floats("two", &[1], &[2.0])
        .floats("offset", &[1], &[0.9])
        .floats("zero", &[1], &[0.0])
        .integers("both", &[2], &[-1, 1])
        .node(
            "ai.onnx.ml.TreeEnsembleRegressor",
            &["x"],
            &["depth"],
            &borrowed(&attributes),
        )
        .node("Mul", &["depth", "scale"], &["power"], &[])
        .node("Pow", &["two", "power"], &["anomaly"], &[])
        .node("Sub", &["offset", "anomaly"], &["scores"], &[])
        .node("Less", &["scores", "zero"], &["outside"], &[])
        .node("Cast", &["outside"], &["negative"], &[("to", Int(7))])
        .node("Neg", &["negative"], &["label"], &[])
        .build()
}

fn doubles() -> Vec<u8> {
    let mut attributes = trees("target", &mut Numbers(4), 15, 4, &[0, 1]);
    attributes.push(("n_targets".to_owned(), Int(2)));
    ModelBuilder::new()
        .input("x", Double, &[-1, 4])
        .output("y", Float, &[-1, 2])
        .node(
            "ai.onnx.ml.TreeEnsembleRegressor",
            &["x"],
            &["y"],
            &borrowed(&attributes),
        )
        .build()
}

fn logistic() -> Vec<u8> {
    let mut numbers = Numbers(5);
    let positive = many(&mut numbers, 8);
    let both: Vec<f32> = positive
        .iter()
        .map(|x| -x)
        .chain(positive.clone())
        .collect();
    ModelBuilder::new()
        .input("x", Float, &[-1, 8])
        .output("label", Integer, &[-1])
        .output("probabilities", Float, &[-1, 2])
        .node(
            "ai.onnx.ml.Scaler",
            &["x"],
            &["scaled"],
            &[
                ("offset", Floats(many(&mut numbers, 8))),
                ("scale", Floats(many(&mut numbers, 8))),
            ],
        )
        .node(
            "ai.onnx.ml.LinearClassifier",
            &["scaled"],
            &["label", "raw"],
            &[
                ("coefficients", Floats(both)),
                ("intercepts", Floats(vec![0.2, -0.2])),
                ("classlabels_ints", Integers(vec![0, 1])),
                ("post_transform", Text("LOGISTIC")),
            ],
        )
        .node(
            "ai.onnx.ml.Normalizer",
            &["raw"],
            &["probabilities"],
            &[("norm", Text("L1"))],
        )
        .build()
}

fn linear() -> Vec<u8> {
    let mut numbers = Numbers(6);
    ModelBuilder::new()
        .input("x", Float, &[-1, 8])
        .output("y", Float, &[-1, 1])
        .node(
            "ai.onnx.ml.Imputer",
            &["x"],
            &["whole"],
            &[
                ("imputed_value_floats", Floats(many(&mut numbers, 8))),
                ("replaced_value_float", Attribute::Float(f32::NAN)),
            ],
        )
        .node(
            "ai.onnx.ml.LinearRegressor",
            &["whole"],
            &["y"],
            &[
                ("coefficients", Floats(many(&mut numbers, 8))),
                ("intercepts", Floats(vec![600.5])),
            ],
        )
        .build()
}

/// Points for bins, in core operators.
fn scorecard() -> Vec<u8> {
    ModelBuilder::new()
        .input("x", Float, &[-1, 3])
        .output("points", Float, &[-1, 1])
        .output("probability", Float, &[-1, 1])
        .integers("places", &[4], &[0, 0, 1, 2])
        .floats("bounds", &[4], &[-1.5, 0.75, 0.0, 2.0])
        .floats("weights", &[4, 1], &[17.0, -9.5, 31.25, 4.0])
        .floats("odds", &[1], &[0.034_657])
        .floats("base", &[1], &[20.0])
        .node(
            "Gather",
            &["x", "places"],
            &["columns"],
            &[("axis", Int(1))],
        )
        .node("Greater", &["columns", "bounds"], &["above"], &[])
        .node("Cast", &["above"], &["bins"], &[("to", Int(1))])
        .node("MatMul", &["bins", "weights"], &["points"], &[])
        .node("Sub", &["points", "base"], &["centred"], &[])
        .node("Mul", &["centred", "odds"], &["logit"], &[])
        .node("Sigmoid", &["logit"], &["probability"], &[])
        .build()
}

fn net(activation: &str) -> Vec<u8> {
    let mut numbers = Numbers(7);
    ModelBuilder::new()
        .input("x", Float, &[-1, 10])
        .output("probabilities", Float, &[-1, 3])
        .output("class", Integer, &[-1, 1])
        .floats("w1", &[16, 10], &many(&mut numbers, 160))
        .floats("b1", &[16], &many(&mut numbers, 16))
        .floats("w2", &[16, 3], &many(&mut numbers, 48))
        .floats("b2", &[3], &many(&mut numbers, 3))
        .node(
            "Gemm",
            &["x", "w1", "b1"],
            &["first"],
            &[("transB", Int(1))],
        )
        .node(activation, &["first"], &["active"], &[])
        .node("MatMul", &["active", "w2"], &["second"], &[])
        .node("Add", &["second", "b2"], &["logits"], &[])
        .node(
            "Softmax",
            &["logits"],
            &["probabilities"],
            &[("axis", Int(1))],
        )
        .node(
            "ArgMax",
            &["probabilities"],
            &["class"],
            &[("axis", Int(1))],
        )
        .build()
}

fn one_hot() -> Vec<u8> {
    let mut numbers = Numbers(8);
    let colours = Texts(vec!["red", "green", "blue", ""]);
    ModelBuilder::new()
        .input("colour", Texts_, &[-1, 1])
        .input("amount", Float, &[-1, 2])
        .output("label", Texts_, &[-1])
        .output("probabilities", Float, &[-1, 2])
        .integers("flat", &[2], &[-1, 4])
        .node(
            "ai.onnx.ml.OneHotEncoder",
            &["colour"],
            &["deep"],
            &[("cats_strings", colours), ("zeros", Int(1))],
        )
        .node("Reshape", &["deep", "flat"], &["hot"], &[])
        .node("Concat", &["hot", "amount"], &["all"], &[("axis", Int(1))])
        .node(
            "ai.onnx.ml.LinearClassifier",
            &["all"],
            &["label", "raw"],
            &[
                ("coefficients", Floats(many(&mut numbers, 12))),
                ("intercepts", Floats(vec![0.25, -0.5])),
                ("classlabels_strings", Texts(vec!["good", "bad"])),
                ("post_transform", Text("SOFTMAX")),
            ],
        )
        .node("Identity", &["raw"], &["probabilities"], &[])
        .build()
}

fn bag_of_words() -> Vec<u8> {
    let mut numbers = Numbers(9);
    let words = vec!["the", "cat", "sat", "x1", "y2", "the", "cat"];
    ModelBuilder::new()
        .input("text", Texts_, &[-1])
        .output("label", Integer, &[-1])
        .output("probabilities", Float, &[-1, 3])
        .node(
            "StringNormalizer",
            &["text"],
            &["small"],
            &[("case_change_action", Text("LOWER")), ("locale", Text("C"))],
        )
        .node(
            "com.microsoft.Tokenizer",
            &["small"],
            &["tokens"],
            &[
                ("mark", Int(0)),
                ("mincharnum", Int(1)),
                ("pad_value", Text("#")),
                ("tokenexp", Text("[a-z0-9]+")),
            ],
        )
        .node(
            "TfIdfVectorizer",
            &["tokens"],
            &["counts"],
            &[
                ("mode", Text("TFIDF")),
                ("min_gram_length", Int(1)),
                ("max_gram_length", Int(2)),
                ("max_skip_count", Int(0)),
                ("ngram_counts", Integers(vec![0, 5])),
                ("ngram_indexes", Integers(vec![0, 1, 2, 3, 4, 5])),
                ("pool_strings", Texts(words)),
                ("weights", Floats(vec![1.5, 0.25, 2.0, 1.0, 0.5, 3.0])),
            ],
        )
        .node(
            "ai.onnx.ml.Normalizer",
            &["counts"],
            &["unit"],
            &[("norm", Text("L2"))],
        )
        .node(
            "ai.onnx.ml.LinearClassifier",
            &["unit"],
            &["label", "probabilities"],
            &[
                ("coefficients", Floats(many(&mut numbers, 18))),
                ("intercepts", Floats(vec![0.1, 0.0, -0.1])),
                ("classlabels_ints", Integers(vec![0, 1, 2])),
                ("post_transform", Text("SOFTMAX")),
            ],
        )
        .build()
}
