//! Trees with a fixed seed, in the shapes that training makes, and the lists
//! by which ONNX describes them.

use krites_model::ElementType::{Float, Integer};
use krites_model::testing::Attribute::{self, Integers, Text};
use krites_model::testing::ModelBuilder;
use ndarray::Array2;

use super::support::Random;

/// A test `feature <= threshold`, or a leaf
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) feature: usize,
    pub(crate) threshold: f32,
    /// True and false child, none for leaves
    children: Option<[usize; 2]>,
    weight: f32,
    depth: usize,
    /// What of each column comes here
    cell: Vec<[f32; 2]>,
    /// What splitting it promises
    gain: f32,
}

/// The nodes of a tree, the root first
pub(crate) type Tree = Vec<Node>;

/// From 0 to below 1
pub(crate) fn unit(random: &mut Random) -> f32 {
    random.whole(0, 1 << 24) as f32 / (1 << 24) as f32
}

fn root(columns: usize) -> Tree {
    vec![Node {
        feature: 0,
        threshold: 0.0,
        children: None,
        weight: 0.0,
        depth: 0,
        cell: vec![[0.0, 1.0]; columns],
        gain: 1.0,
    }]
}

/// Splits a leaf within its cell, so that rows take both sides.
fn split(random: &mut Random, tree: &mut Tree, at: usize) {
    let columns = tree[at].cell.len();
    let feature = usize::try_from(random.whole(0, columns as i64)).unwrap();
    let [low, high] = tree[at].cell[feature];
    let threshold = low + (high - low) * (0.1 + 0.8 * unit(random));
    let yes = tree.len();
    for side in 0..2 {
        let mut child = tree[at].clone();
        child.cell[feature][1 - side] = threshold;
        child.depth += 1;
        child.weight = unit(random) - 0.5;
        let mass: f32 = child.cell.iter().map(|[low, high]| high - low).product();
        child.gain = mass * unit(random);
        tree.push(child);
    }
    let node = &mut tree[at];
    (node.feature, node.threshold, node.children) = (feature, threshold, Some([yes, yes + 1]));
}

/// As LightGBM grows a tree: the leaf that promises most is split next.
pub(crate) fn leaf_wise(random: &mut Random, columns: usize, n_leaves: usize) -> Tree {
    let mut tree = root(columns);
    for _ in 1..n_leaves {
        let leaves = (0..tree.len()).filter(|&at| tree[at].children.is_none());
        let most = leaves.max_by(|&a, &b| tree[a].gain.total_cmp(&tree[b].gain));
        split(random, &mut tree, most.unwrap());
    }
    tree
}

/// As XGBoost grows a tree: level by level.
pub(crate) fn depth_wise(random: &mut Random, columns: usize, depth: usize) -> Tree {
    let mut tree = root(columns);
    for at in 0..(1 << depth) - 1 {
        split(random, &mut tree, at);
    }
    tree
}

/// As an isolation forest grows a tree: any leaf that holds enough and is not
/// too deep.
pub(crate) fn isolating(random: &mut Random, columns: usize, depth: usize) -> Tree {
    let mut tree = root(columns);
    let mut at = 0;
    while at < tree.len() {
        if tree[at].depth < depth && (at == 0 || unit(random) < 0.85) {
            split(random, &mut tree, at);
        }
        at += 1;
    }
    tree
}

/// Counts the tests that a row meets in all trees, on average.
pub(crate) fn visits(trees: &[Tree], rows: &Array2<f32>) -> f64 {
    let mut visits = 0_usize;
    for row in rows.rows() {
        for tree in trees {
            let mut at = 0;
            while let Some(children) = tree[at].children {
                visits += 1;
                at = children[usize::from(row[tree[at].feature] > tree[at].threshold)];
            }
        }
    }
    visits as f64 / rows.nrows() as f64
}

/// The places of leaves with their depths.
pub(crate) fn leaves(tree: &Tree) -> impl Iterator<Item = (i64, f32)> + '_ {
    let nodes = tree.iter().enumerate();
    nodes
        .filter(|(_, node)| node.children.is_none())
        .map(|(at, node)| (at as i64, node.depth as f32))
}

/// Attributes of an ensemble whose leaf lists begin with `prefix`; NaN goes to
/// the true child where `missing`, and leaves give their place where `places`.
pub(crate) fn attributes(
    trees: &[Tree],
    prefix: &'static str,
    mode: &'static str,
    missing: bool,
    places: bool,
) -> Vec<(String, Attribute)> {
    let mut lists: [Vec<i64>; 6] = Default::default();
    let mut leaves: [Vec<i64>; 3] = Default::default();
    let (mut modes, mut values, mut weights) = (Vec::new(), Vec::new(), Vec::new());
    for (tree_idx, tree) in trees.iter().enumerate() {
        for (at, node) in tree.iter().enumerate() {
            let [yes, no] = node.children.unwrap_or_default();
            let place = [tree_idx, at, node.feature, yes, no, usize::from(missing)];
            for (list, value) in lists.iter_mut().zip(place) {
                list.push(value as i64);
            }
            values.push(node.threshold);
            modes.push(if node.children.is_some() {
                mode
            } else {
                "LEAF"
            });
            if node.children.is_none() {
                for (list, value) in leaves.iter_mut().zip([tree_idx, at, 0]) {
                    list.push(value as i64);
                }
                weights.push(if places { at as f32 } else { node.weight });
            }
        }
    }
    let names = [
        "treeids",
        "nodeids",
        "featureids",
        "truenodeids",
        "falsenodeids",
        "missing_value_tracks_true",
    ];
    let mut attributes: Vec<_> = names
        .iter()
        .zip(lists)
        .map(|(name, list)| (format!("nodes_{name}"), Attribute::Integers(list)))
        .collect();
    attributes.push(("nodes_values".to_owned(), Attribute::Floats(values)));
    attributes.push(("nodes_modes".to_owned(), Attribute::Texts(modes)));
    for (name, list) in ["treeids", "nodeids", "ids"].iter().zip(leaves) {
        attributes.push((format!("{prefix}_{name}"), Attribute::Integers(list)));
    }
    attributes.push((format!("{prefix}_weights"), Attribute::Floats(weights)));
    attributes
}

/// A model of two classes as onnxmltools writes it, over so many columns: `x` to `label` and
/// `scores`.
pub(crate) fn classifier(
    trees: &[Tree],
    columns: i64,
    mode: &'static str,
    missing: bool,
) -> Vec<u8> {
    let mut attributes = attributes(trees, "class", mode, missing, false);
    attributes.push(("classlabels_int64s".to_owned(), Integers(vec![0, 1])));
    attributes.push(("post_transform".to_owned(), Text("LOGISTIC")));
    let attributes: Vec<_> = borrowed(&attributes).collect();
    ModelBuilder::new()
        .input("x", Float, &[-1, columns])
        .output("label", Integer, &[-1])
        .output("scores", Float, &[-1, 2])
        .node(
            "ai.onnx.ml.TreeEnsembleClassifier",
            &["x"],
            &["label", "scores"],
            &attributes,
        )
        .build()
}

pub(crate) fn borrowed(
    attributes: &[(String, Attribute)],
) -> impl Iterator<Item = (&str, Attribute)> {
    attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
}
