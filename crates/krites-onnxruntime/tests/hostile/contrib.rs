//! Operators of other domains, and trees that are deeper than stacks.

use krites_model::testing::{Attribute, ModelBuilder};

use super::Hostile;
use super::loops::model;
use super::wire::{field, number};

use Attribute::{Floats, Integer as Int, Integers, Texts};

/// A node of another domain that makes `y` of `x`
fn of(operator: &str, inputs: &[&str], attributes: &[(&str, Attribute)]) -> Vec<u8> {
    let domain = operator
        .rsplit_once('.')
        .map_or("", |found| found.0)
        .to_owned();
    let mut bytes = model()
        .integers("beyond", &[1], &[1 << 40])
        .node(operator, inputs, &["y"], attributes)
        .build();
    bytes.extend(field(
        8,
        &[field(1, domain.as_bytes()), number(2, 1)].concat(),
    ));
    bytes
}

/// A tree of tests, the first child of each a leaf and the second the next test, or both
/// of them
fn tree(depth: i64, both: bool) -> Vec<u8> {
    let nodes = 2 * depth + 1;
    let tests = |leaf: &dyn Fn(i64) -> i64| -> Vec<i64> {
        let ids = (0..depth).flat_map(|level| [leaf(level), 0]);
        ids.chain([0]).collect()
    };
    let modes = (0..depth)
        .flat_map(|_| ["BRANCH_LEQ", "LEAF"])
        .chain(["LEAF"]);
    let below = |level: i64| 2 * level + 2;
    let beside = |level: i64| if both { 2 * level + 2 } else { 2 * level + 1 };
    let zeros = || Integers(vec![0; nodes as usize]);
    ModelBuilder::new()
        .input("x", krites_model::ElementType::Float, &[-1, 3])
        .output("y", krites_model::ElementType::Float, &[-1, 1])
        .node(
            "ai.onnx.ml.TreeEnsembleRegressor",
            &["x"],
            &["y"],
            &[
                ("n_targets", Int(1)),
                ("nodes_treeids", zeros()),
                ("nodes_nodeids", Integers((0..nodes).collect())),
                ("nodes_featureids", zeros()),
                ("nodes_modes", Texts(modes.collect())),
                ("nodes_values", Floats(vec![0.5; nodes as usize])),
                ("nodes_truenodeids", Integers(tests(&beside))),
                ("nodes_falsenodeids", Integers(tests(&below))),
                ("nodes_missing_value_tracks_true", zeros()),
                ("target_treeids", Integers(vec![0])),
                ("target_nodeids", Integers(vec![nodes - 1])),
                ("target_ids", Integers(vec![0])),
                ("target_weights", Floats(vec![1.0])),
            ],
        )
        .build()
}

pub(crate) fn files() -> Vec<Hostile> {
    let files: Vec<(&str, Vec<u8>)> = vec![
        (
            "the inverse of what is no square",
            of("com.microsoft.Inverse", &["x"], &[]),
        ),
        ("n-grams of zero that repeat", {
            of(
                "com.microsoft.NGramRepeatBlock",
                &["beyond", "x"],
                &[("ngram_size", Int(0))],
            )
        }),
        (
            "a search among beams",
            of("com.microsoft.BeamSearch", &["x"; 5], &[]),
        ),
        (
            "experts",
            of("com.microsoft.MoE", &["x"; 5], &[("k", Int(99))]),
        ),
        ("a fused Gelu", of("com.microsoft.Gelu", &["x"], &[])),
        (
            "an operator that com.microsoft has not",
            of("com.microsoft.Nope", &["x"], &[]),
        ),
        (
            "an operator of inner layouts",
            of("com.microsoft.nchwc.ReorderOutput", &["x"], &[]),
        ),
        (
            "an operator for training",
            of("ai.onnx.preview.training.Adam", &["x"; 5], &[]),
        ),
        (
            "an operator of a library of the host",
            of("ai.onnx.contrib.Foo", &["x"], &[]),
        ),
        ("a tree of nine hundred levels", tree(900, false)),
        ("a tree of twenty thousand levels", tree(20_000, false)),
        (
            "a tree of two hundred thousand levels",
            tree(200_000, false),
        ),
        ("a tree of 2^60 ways", tree(60, true)),
    ];
    files
        .into_iter()
        .map(|(name, bytes)| (name.to_owned(), bytes))
        .collect()
}
