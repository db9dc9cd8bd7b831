//! Files in which one operator is used against its meaning.

use krites_model::ElementType::{self, Float, Integer, Text as Texts_};
use krites_model::testing::Attribute::{self, Floats, Integer as Int, Integers, Text, Texts};
use krites_model::testing::{ModelBuilder, Numbers};

use super::Hostile;
use super::families::{borrowed, trees};

/// A classifier of two small trees, one of its lists changed.
fn tree(edit: impl Fn(&str, &mut Attribute)) -> Vec<u8> {
    let mut attributes = trees("class", &mut Numbers(1), 2, 3, &[0]);
    attributes.push(("classlabels_int64s".to_owned(), Integers(vec![0, 1])));
    attributes.push(("post_transform".to_owned(), Text("LOGISTIC")));
    for (name, value) in &mut attributes {
        edit(name.as_str(), value);
    }
    ModelBuilder::new()
        .input("x", Float, &[-1, 3])
        .output("label", Integer, &[-1])
        .output("probabilities", Float, &[-1, 2])
        .node(
            "ai.onnx.ml.TreeEnsembleClassifier",
            &["x"],
            &["label", "probabilities"],
            &borrowed(&attributes),
        )
        .build()
}

/// Sets one number of a list of a tree.
fn set(list: &'static str, at: usize, to: i64) -> Vec<u8> {
    tree(|name, value| {
        if let (true, Integers(values)) = (name == list, value) {
            values[at] = to;
        }
    })
}

/// A model of one operator over three floats.
fn one(operator: &str, attributes: &[(&str, Attribute)]) -> Vec<u8> {
    over(Float, operator, attributes)
}

fn over(element: ElementType, operator: &str, attributes: &[(&str, Attribute)]) -> Vec<u8> {
    ModelBuilder::new()
        .input("x", element, &[-1, 3])
        .output("y", Float, &[-1, -1])
        .node(operator, &["x"], &["y"], attributes)
        .build()
}

/// A model of one operator over three floats and a list of whole numbers.
fn with_list(operator: &str, list: &[i64], attributes: &[(&str, Attribute)]) -> Vec<u8> {
    ModelBuilder::new()
        .input("x", Float, &[-1, 3])
        .output("y", Float, &[-1, -1])
        .integers("list", &[list.len() as i64], list)
        .node(operator, &["x", "list"], &["y"], attributes)
        .build()
}

fn words(edit: impl Fn(&str, &mut Attribute)) -> Vec<u8> {
    let mut attributes = vec![
        ("mode", Text("TF")),
        ("min_gram_length", Int(1)),
        ("max_gram_length", Int(2)),
        ("max_skip_count", Int(0)),
        ("ngram_counts", Integers(vec![0, 2])),
        ("ngram_indexes", Integers(vec![0, 1, 2])),
        ("pool_strings", Texts(vec!["a", "b", "a", "b"])),
    ];
    for (name, value) in &mut attributes {
        edit(name, value);
    }
    ModelBuilder::new()
        .input("x", Texts_, &[-1, 3])
        .output("y", Float, &[-1, -1])
        .node("TfIdfVectorizer", &["x"], &["y"], &attributes)
        .build()
}

fn replace(list: &'static str, by: Attribute) -> Vec<u8> {
    words(|name, value| {
        if name == list {
            *value = by.clone();
        }
    })
}

/// Texts cut by an expression, and counted.
fn cut(expression: &'static str) -> Vec<u8> {
    let tokenizer = [
        ("mark", Int(0)),
        ("mincharnum", Int(1)),
        ("pad_value", Text("#")),
        ("tokenexp", Text(expression)),
    ];
    let counts = [
        ("mode", Text("TF")),
        ("min_gram_length", Int(1)),
        ("max_gram_length", Int(1)),
        ("max_skip_count", Int(0)),
        ("ngram_counts", Integers(vec![0])),
        ("ngram_indexes", Integers(vec![0])),
        ("pool_strings", Texts(vec!["a"])),
    ];
    ModelBuilder::new()
        .input("x", Texts_, &[-1])
        .output("y", Float, &[-1, -1])
        .node("com.microsoft.Tokenizer", &["x"], &["tokens"], &tokenizer)
        .node("TfIdfVectorizer", &["tokens"], &["y"], &counts)
        .build()
}

/// A constant made by a node, then added to the input.
fn made(operator: &str, list: &[i64], attributes: &[(&str, Attribute)]) -> Vec<u8> {
    ModelBuilder::new()
        .input("x", Float, &[-1, 3])
        .output("y", Float, &[-1, -1])
        .floats("one", &[1], &[1.0])
        .integers("list", &[list.len() as i64], list)
        .node(
            operator,
            if operator == "ConstantOfShape" {
                &["list"]
            } else {
                &["one", "list"]
            },
            &["made"],
            attributes,
        )
        .node("Add", &["x", "made"], &["y"], &[])
        .build()
}

pub(crate) fn files() -> Vec<Hostile> {
    let shorter = |list: &'static str| {
        tree(|name, value| match value {
            Integers(values) if name == list => drop(values.pop()),
            Floats(values) if name == list => drop(values.pop()),
            Texts(values) if name == list => drop(values.pop()),
            _ => {}
        })
    };
    let depth = |depth: i64| {
        ModelBuilder::new()
            .input("x", Integer, &[-1])
            .output("y", Float, &[-1, -1])
            .integers("depth", &[], &[depth])
            .floats("values", &[2], &[0.0, 1.0])
            .node("OneHot", &["x", "depth", "values"], &["y"], &[])
            .build()
    };
    let classifier = |attributes: &[(&str, Attribute)]| {
        let mut attributes = attributes.to_vec();
        // Of two attributes of one name the first counts.
        attributes.push(("intercepts", Floats(vec![0.0; 2])));
        ModelBuilder::new()
            .input("x", Float, &[-1, 3])
            .output("l", Integer, &[-1])
            .output("p", Float, &[-1, 2])
            .node(
                "ai.onnx.ml.LinearClassifier",
                &["x"],
                &["l", "p"],
                &attributes,
            )
            .build()
    };
    let huge = i64::MAX;
    let files: Vec<(&str, Vec<u8>)> = vec![
        (
            "a tree whose root is its own child",
            set("nodes_truenodeids", 0, 0),
        ),
        (
            "a tree whose leaf's parent leads back",
            set("nodes_falsenodeids", 1, 0),
        ),
        (
            "a tree with a child out of range",
            set("nodes_truenodeids", 2, 99),
        ),
        (
            "a tree with a child at i64::MAX",
            set("nodes_truenodeids", 2, huge),
        ),
        (
            "a tree with a child at -1",
            set("nodes_falsenodeids", 2, -1),
        ),
        (
            "a tree with two nodes of one number",
            set("nodes_nodeids", 3, 4),
        ),
        (
            "a tree that tests column 3 of 3",
            set("nodes_featureids", 0, 3),
        ),
        (
            "a tree that tests column i64::MAX",
            set("nodes_featureids", 0, huge),
        ),
        (
            "a tree that tests column -1",
            set("nodes_featureids", 0, -1),
        ),
        (
            "a leaf of a tree that is not there",
            set("class_treeids", 0, 77),
        ),
        (
            "a weight for a class that is not there",
            set("class_ids", 0, 9),
        ),
        ("a weight for class i64::MAX", set("class_ids", 0, huge)),
        ("a weight for class -1", set("class_ids", 0, -1)),
        ("a weight at a node that tests", set("class_nodeids", 0, 0)),
        ("a list of nodes that is too short", shorter("nodes_values")),
        ("a list of modes that is too short", shorter("nodes_modes")),
        (
            "a list of weights that is too short",
            shorter("class_weights"),
        ),
        (
            "a list of children that is too short",
            shorter("nodes_truenodeids"),
        ),
        (
            "a mode that nobody knows",
            tree(|_, value| {
                if let Texts(modes) = value {
                    modes[0] = "BRANCH_MAYBE"
                }
            }),
        ),
        (
            "thresholds that are NaN",
            tree(|name, value| {
                if let (true, Floats(values)) = (name == "nodes_values", value) {
                    values.fill(f32::NAN)
                }
            }),
        ),
        (
            "thresholds and weights that are infinite",
            tree(|_, value| {
                if let Floats(values) = value {
                    values.fill(f32::INFINITY)
                }
            }),
        ),
        (
            "a tree of texts where numbers belong",
            tree(|name, value| {
                if name == "nodes_treeids" {
                    *value = Texts(vec!["0"; 30])
                }
            }),
        ),
        (
            "a tree with lists of nothing",
            tree(|_, value| match value {
                Integers(values) => values.clear(),
                Floats(values) => values.clear(),
                Texts(values) => values.clear(),
                _ => {}
            }),
        ),
        (
            "i64::MAX targets",
            one(
                "ai.onnx.ml.TreeEnsembleRegressor",
                &[
                    ("n_targets", Int(huge)),
                    ("nodes_treeids", Integers(vec![0])),
                ],
            ),
        ),
        (
            "targets for a regressor of -1",
            one(
                "ai.onnx.ml.TreeEnsembleRegressor",
                &[("n_targets", Int(-1))],
            ),
        ),
        (
            "i64::MAX linear targets",
            one(
                "ai.onnx.ml.LinearRegressor",
                &[
                    ("targets", Int(huge)),
                    ("coefficients", Floats(vec![1.0; 3])),
                ],
            ),
        ),
        (
            "coefficients for too many columns",
            classifier(&[
                ("coefficients", Floats(vec![1.0; 7])),
                ("classlabels_ints", Integers(vec![0, 1])),
            ]),
        ),
        (
            "coefficients of nothing",
            classifier(&[("classlabels_ints", Integers(vec![0, 1]))]),
        ),
        (
            "coefficients that are NaN",
            classifier(&[
                ("coefficients", Floats(vec![f32::NAN; 6])),
                ("classlabels_ints", Integers(vec![0, 1])),
            ]),
        ),
        (
            "intercepts for too many classes",
            classifier(&[
                ("coefficients", Floats(vec![1.0; 6])),
                ("intercepts", Floats(vec![1.0; 9])),
                ("classlabels_ints", Integers(vec![0, 1])),
            ]),
        ),
        (
            "a transform that nobody knows",
            classifier(&[
                ("coefficients", Floats(vec![1.0; 6])),
                ("post_transform", Text("MAGIC")),
                ("classlabels_ints", Integers(vec![0, 1])),
            ]),
        ),
        (
            "a scale of zero and NaN",
            one(
                "ai.onnx.ml.Scaler",
                &[
                    ("scale", Floats(vec![0.0, f32::NAN, f32::INFINITY])),
                    ("offset", Floats(vec![f32::NAN; 3])),
                ],
            ),
        ),
        (
            "a scaler for too many columns",
            one(
                "ai.onnx.ml.Scaler",
                &[
                    ("scale", Floats(vec![1.0; 9])),
                    ("offset", Floats(vec![1.0; 2])),
                ],
            ),
        ),
        ("an imputer of nothing", one("ai.onnx.ml.Imputer", &[])),
        (
            "categories of two kinds",
            over(
                Texts_,
                "ai.onnx.ml.OneHotEncoder",
                &[
                    ("cats_strings", Texts(vec!["a"])),
                    ("cats_int64s", Integers(vec![1])),
                ],
            ),
        ),
        (
            "categories twice",
            over(
                Texts_,
                "ai.onnx.ml.OneHotEncoder",
                &[("cats_strings", Texts(vec!["a", "a"]))],
            ),
        ),
        (
            "categories of nothing",
            over(
                Texts_,
                "ai.onnx.ml.OneHotEncoder",
                &[("cats_strings", Texts(vec![]))],
            ),
        ),
        (
            "keys without values",
            over(
                Texts_,
                "ai.onnx.ml.LabelEncoder",
                &[
                    ("keys_strings", Texts(vec!["a", "b"])),
                    ("values_floats", Floats(vec![1.0])),
                ],
            ),
        ),
        (
            "a place at column i64::MIN",
            with_list("Gather", &[i64::MIN], &[("axis", Int(1))]),
        ),
        (
            "a place beyond the columns",
            with_list("ai.onnx.ml.ArrayFeatureExtractor", &[3], &[]),
        ),
        (
            "a place before the columns",
            with_list("ai.onnx.ml.ArrayFeatureExtractor", &[-1], &[]),
        ),
        ("no places", with_list("Gather", &[], &[("axis", Int(1))])),
        ("axis i64::MIN", one("ArgMax", &[("axis", Int(i64::MIN))])),
        ("axis i64::MAX", one("Softmax", &[("axis", Int(huge))])),
        (
            "axes that overflow",
            one("ReduceL2", &[("axes", Integers(vec![i64::MIN, huge]))]),
        ),
        (
            "a shape that overflows",
            with_list("Reshape", &[huge, huge], &[]),
        ),
        (
            "a shape of two unknowns",
            with_list("Reshape", &[-1, -1], &[]),
        ),
        (
            "a shape of i64::MIN",
            with_list("Reshape", &[-1, i64::MIN], &[]),
        ),
        ("a shape of nothing", with_list("Reshape", &[], &[])),
        (
            "a cast to a type that nobody knows",
            one("Cast", &[("to", Int(huge))]),
        ),
        ("a cast to nothing", one("Cast", &[])),
        (
            "Expand to a billion billions",
            made("Expand", &[1 << 30, 1 << 30], &[]),
        ),
        (
            "Expand to a hundred million",
            made("Expand", &[100_000_000], &[]),
        ),
        ("Tile a billion times", made("Tile", &[1 << 30], &[])),
        ("Tile -1 times", made("Tile", &[-1], &[])),
        (
            "ConstantOfShape of i64::MAX",
            made("ConstantOfShape", &[huge, 2], &[]),
        ),
        (
            "ConstantOfShape of a hundred million",
            made("ConstantOfShape", &[100_000_000], &[]),
        ),
        ("OneHot of depth i64::MAX", depth(huge)),
        ("OneHot of depth a hundred million", depth(100_000_000)),
        ("OneHot of depth -1", depth(-1)),
        ("TopK of i64::MAX", with_list("TopK", &[huge], &[])),
        (
            "Pad by i64::MAX",
            with_list("Pad", &[0, huge, 0, huge], &[]),
        ),
        (
            "weights for other columns",
            ModelBuilder::new()
                .input("x", Float, &[-1, 3])
                .output("y", Float, &[-1, 2])
                .floats("w", &[5, 2], &[1.0; 10])
                .node("MatMul", &["x", "w"], &["y"], &[])
                .build(),
        ),
        (
            "weights of no columns",
            ModelBuilder::new()
                .input("x", Float, &[-1, 3])
                .output("y", Float, &[-1, -1])
                .floats("w", &[3, 0], &[])
                .node("MatMul", &["x", "w"], &["y"], &[])
                .build(),
        ),
        (
            "weights of no rows, turned",
            ModelBuilder::new()
                .input("x", Float, &[-1, 3])
                .output("y", Float, &[-1, -1])
                .floats("w", &[0, 3], &[])
                .node("Gemm", &["x", "w"], &["y"], &[("transB", Int(1))])
                .build(),
        ),
        (
            "a node without inputs",
            ModelBuilder::new()
                .input("x", Float, &[-1, 3])
                .output("y", Float, &[-1, 3])
                .node("Add", &[], &["y"], &[])
                .build(),
        ),
        (
            "a node with an input left out",
            ModelBuilder::new()
                .input("x", Float, &[-1, 3])
                .output("y", Float, &[-1, 3])
                .node("Add", &["x", ""], &["y"], &[])
                .build(),
        ),
        (
            "a node with too many outputs",
            ModelBuilder::new()
                .input("x", Float, &[-1, 3])
                .output("y", Float, &[-1, 3])
                .output("z", Float, &[-1, 3])
                .node("Neg", &["x"], &["y", "z"], &[])
                .build(),
        ),
        (
            "an n-gram of a word that is not there",
            replace("ngram_counts", Integers(vec![0, 99])),
        ),
        (
            "an n-gram that begins at -1",
            replace("ngram_counts", Integers(vec![-1, 2])),
        ),
        (
            "n-grams that begin at i64::MAX",
            replace("ngram_counts", Integers(vec![0, huge])),
        ),
        (
            "an n-gram counted in column i64::MAX",
            replace("ngram_indexes", Integers(vec![0, 1, huge])),
        ),
        (
            "an n-gram counted in column -1",
            replace("ngram_indexes", Integers(vec![0, 1, -1])),
        ),
        (
            "an n-gram counted in column three billion",
            replace("ngram_indexes", Integers(vec![0, 1, 3_000_000_000])),
        ),
        (
            "n-grams of i64::MAX words",
            replace("max_gram_length", Int(huge)),
        ),
        (
            "i64::MAX words skipped",
            replace("max_skip_count", Int(huge)),
        ),
        (
            "n-grams shorter than none",
            replace("min_gram_length", Int(i64::MIN)),
        ),
        (
            "a vocabulary of a million words for one n-gram",
            replace("pool_strings", Texts(vec!["a"; 1_000_000])),
        ),
        ("an expression that explodes", cut("(a+)+$")),
        ("an expression of many turns", cut("((a?){1000}){1000}")),
        ("an expression of a million times", cut("a{1000000}")),
        ("an expression that is not one", cut("[")),
        (
            "an expression of an empty class",
            cut("[^\\x00-\\x{10ffff}]+"),
        ),
        ("an expression that looks back", cut("(a)\\1")),
        ("an expression of nothing", cut("")),
    ];
    files
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect()
}
