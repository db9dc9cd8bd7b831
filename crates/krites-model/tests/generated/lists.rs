//! Generated trees as the lists of each operator.

use krites_model::testing::{Attribute, Elements};

use super::{MODES, Node, Tree};

/// Numbers as a list of floats, or as a tensor of doubles or floats.
fn list(name: &str, values: Vec<f32>, tensor: Option<bool>) -> (String, Attribute) {
    let name_as_tensor = format!("{name}_as_tensor");
    match tensor {
        None => (name.to_owned(), Attribute::Floats(values)),
        Some(false) => (name_as_tensor, Attribute::Tensor(Elements::Floats(values))),
        Some(true) => (name_as_tensor, doubles(values)),
    }
}

pub(crate) fn doubles(values: Vec<f32>) -> Attribute {
    Attribute::Doubles(values.into_iter().map(f64::from).collect())
}

/// A node with its tree and number; a test of membership is a chain of tests for
/// equality that share their true child
struct Told<'t> {
    tree: usize,
    id: usize,
    mode: &'static str,
    threshold: f32,
    no: usize,
    node: &'t Node,
    weights: &'t [(usize, f32)],
}

fn told(trees: &[Tree]) -> Vec<Told<'_>> {
    let mut told = Vec::new();
    for (tree, nodes) in trees.iter().enumerate() {
        let mut next = nodes.len();
        for (id, node) in nodes.iter().enumerate() {
            let mut last = Told {
                tree,
                id,
                mode: node.mode,
                threshold: node.threshold,
                no: node.children[1],
                node,
                weights: &node.weights,
            };
            if node.mode == "BRANCH_MEMBER" {
                (last.mode, last.threshold) = ("BRANCH_EQ", node.members[0]);
                for &threshold in &node.members[1..] {
                    last.no = next;
                    let (id, no) = (next, node.children[1]);
                    next += 1;
                    told.push(last);
                    last = Told {
                        tree,
                        id,
                        mode: "BRANCH_EQ",
                        threshold,
                        no,
                        node,
                        weights: &[],
                    };
                }
            }
            told.push(last);
        }
    }
    told
}

/// The lists of versions 1 to 4; those of the leaves begin with `prefix`.
/// Numbers are tensors where `tensor` tells whether of doubles.
pub(crate) fn lists(
    trees: &[Tree],
    prefix: &str,
    tensor: Option<bool>,
) -> Vec<(String, Attribute)> {
    let nodes = told(trees);
    let integers = |name: &str, of: &dyn Fn(&Told<'_>) -> usize| {
        let values = nodes.iter().map(|node| of(node) as i64).collect();
        (format!("nodes_{name}"), Attribute::Integers(values))
    };
    let votes = |name: &str, of: &dyn Fn(&Told<'_>, usize) -> usize| {
        let votes = nodes.iter().flat_map(|node| {
            let targets = node.weights.iter();
            targets.map(move |&(target, _)| of(node, target) as i64)
        });
        let name = format!("{prefix}_{name}");
        (name, Attribute::Integers(votes.collect()))
    };
    let thresholds = nodes.iter().map(|node| node.threshold).collect();
    let weights = nodes.iter().flat_map(|node| node.weights);
    let weights = weights.map(|&(_, weight)| weight).collect();
    let modes = nodes.iter().map(|node| node.mode).collect();
    vec![
        integers("treeids", &|told| told.tree),
        integers("nodeids", &|told| told.id),
        integers("featureids", &|told| told.node.column),
        integers("truenodeids", &|told| told.node.children[0]),
        integers("falsenodeids", &|told| told.no),
        integers("missing_value_tracks_true", &|told| {
            usize::from(told.node.missing_is_true)
        }),
        ("nodes_modes".to_owned(), Attribute::Texts(modes)),
        list("nodes_values", thresholds, tensor),
        votes("treeids", &|told, _| told.tree),
        votes("nodeids", &|told, _| told.id),
        votes("ids", &|_, target| target),
        list(&format!("{prefix}_weights"), weights, tensor),
    ]
}

/// The lists of version 5, for leaves that have one weight each.
pub(crate) fn positions(trees: &[Tree], is_double: bool) -> Vec<(String, Attribute)> {
    let mut lists: [Vec<i64>; 8] = Default::default();
    let (mut modes, mut splits, mut members, mut weights) = (vec![], vec![], vec![], vec![]);
    let [
        roots,
        features,
        yes,
        no,
        yes_leafs,
        no_leafs,
        missing,
        targets,
    ] = &mut lists;
    let mut n_tests = 0;
    for tree in trees {
        roots.push(n_tests);
        // A lone leaf is a test with that leaf on both sides.
        let lone = Node {
            mode: "BRANCH_LEQ",
            column: 0,
            threshold: 0.0,
            members: Vec::new(),
            children: [0, 0],
            missing_is_true: false,
            weights: Vec::new(),
        };
        let tests = tree.iter().filter(|node| node.mode != "LEAF");
        let lone = (tree.len() == 1).then_some(&lone);
        let first_leaf = targets.len() as i64;
        let place = |at: usize| {
            let before = &tree[..at];
            let leaves = before.iter().filter(|node| node.mode == "LEAF").count();
            match tree[at].mode {
                "LEAF" => (first_leaf + leaves as i64, 1),
                _ => (n_tests + (at - leaves) as i64, 0),
            }
        };
        let mut made = 0;
        for node in tests.chain(lone) {
            let mode = MODES.iter().position(|&mode| mode == node.mode);
            modes.push(mode.map_or(0, |mode| mode as u8));
            features.push(node.column as i64);
            splits.push(node.threshold);
            missing.push(i64::from(node.missing_is_true));
            for (to, (list, leafs)) in node
                .children
                .into_iter()
                .zip([(&mut *yes, &mut *yes_leafs), (&mut *no, &mut *no_leafs)])
            {
                let (place, is_leaf) = place(to);
                list.push(place);
                leafs.push(is_leaf);
            }
            if node.mode == "BRANCH_MEMBER" {
                members.extend(node.members.iter().copied().chain([f32::NAN]));
            }
            made += 1;
        }
        n_tests += made;
        for node in tree.iter().filter(|node| node.mode == "LEAF") {
            targets.push(node.weights[0].0 as i64);
            weights.push(node.weights[0].1);
        }
    }
    let tensor = |values: Vec<f32>| match is_double {
        true => doubles(values),
        false => Attribute::Tensor(Elements::Floats(values)),
    };
    let names = [
        "tree_roots",
        "nodes_featureids",
        "nodes_truenodeids",
        "nodes_falsenodeids",
        "nodes_trueleafs",
        "nodes_falseleafs",
        "nodes_missing_value_tracks_true",
        "leaf_targetids",
    ];
    let mut attributes: Vec<(String, Attribute)> = names
        .into_iter()
        .zip(lists)
        .map(|(name, list)| (name.to_owned(), Attribute::Integers(list)))
        .collect();
    if !members.is_empty() {
        attributes.push(("membership_values".to_owned(), tensor(members)));
    }
    attributes.extend([
        (
            "nodes_modes".to_owned(),
            Attribute::Tensor(Elements::Bytes(modes)),
        ),
        ("nodes_splits".to_owned(), tensor(splits)),
        ("leaf_weights".to_owned(), tensor(weights)),
    ]);
    attributes
}
