//! Chains of tests for equality, whole and damaged.

use super::{List, build};
use crate::ElementType::Float;
use crate::testing::Attribute;

use Attribute::{Floats, Integers, Texts};

/// Tests for equality with 1, 2 and 3, in a chain, and two leaves
fn chain() -> Vec<List> {
    vec![
        ("nodes_treeids", Integers(vec![0; 5])),
        ("nodes_nodeids", Integers(vec![0, 1, 2, 3, 4])),
        ("nodes_featureids", Integers(vec![0; 5])),
        ("nodes_truenodeids", Integers(vec![3, 3, 3, 0, 0])),
        ("nodes_falsenodeids", Integers(vec![1, 2, 4, 0, 0])),
        ("nodes_values", Floats(vec![1.0, 2.0, 3.0, 0.0, 0.0])),
        (
            "nodes_modes",
            Texts(vec!["BRANCH_EQ", "BRANCH_EQ", "BRANCH_EQ", "LEAF", "LEAF"]),
        ),
        ("target_treeids", Integers(vec![0, 0])),
        ("target_nodeids", Integers(vec![3, 4])),
        ("target_ids", Integers(vec![0, 1])),
        ("target_weights", Floats(vec![0.5, 0.25])),
        ("n_targets", Attribute::Integer(2)),
    ]
}

#[test]
fn chains_and_what_looks_like_one_are_read() {
    for edit in [
        vec![],
        vec![("nodes_featureids", vec![0, 1, 0, 0, 0])],
        vec![("nodes_truenodeids", vec![3, 4, 3, 0, 0])],
        vec![("nodes_missing_value_tracks_true", vec![0, 1, 0, 0, 0])],
        // The third test is a child of both before it.
        vec![
            ("nodes_truenodeids", vec![2, 3, 3, 0, 0]),
            ("nodes_falsenodeids", vec![1, 2, 4, 0, 0]),
        ],
    ] {
        let edit: Vec<List> = edit
            .into_iter()
            .map(|(name, list)| (name, Integers(list)))
            .collect();
        let built = build("TreeEnsembleRegressor", Float, &chain(), &edit);
        assert!(built.is_ok(), "{edit:?}: {built:?}");
    }
}

#[test]
fn damaged_chains_are_refused() {
    for (name, list, problem) in [
        (
            "nodes_falsenodeids",
            vec![1, 2, 0, 0, 0],
            "node 0 is not reached from the root",
        ),
        (
            "nodes_falsenodeids",
            vec![1, 2, 1, 0, 0],
            "node 4 is not reached from the root",
        ),
        (
            "nodes_falsenodeids",
            vec![1, 2, 2, 0, 0],
            "node 4 is not reached from the root",
        ),
        (
            "nodes_falsenodeids",
            vec![1, 2, 9, 0, 0],
            "node 0 has the child 9, which is not there",
        ),
        (
            "nodes_falsenodeids",
            vec![1, 4, 4, 0, 0],
            "node 2 is not reached from the root",
        ),
        (
            "nodes_nodeids",
            vec![0, 1, 1, 3, 4],
            "two nodes have the number 1",
        ),
    ] {
        let edit = [(name, Integers(list))];
        let error = build("TreeEnsembleRegressor", Float, &chain(), &edit).unwrap_err();
        assert!(error.is_malformed());
        assert!(
            error.to_string().ends_with(problem),
            "{error} is not {problem}"
        );
    }
}
