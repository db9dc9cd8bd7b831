//! Hostile lists of tree ensembles.

use crate::ElementType::{self, Double, Float, Integer, Text};
use crate::native::{NativeModel, NotNative};
use crate::onnx::OnnxModel;
use crate::testing::{Attribute, Elements, ModelBuilder};

use Attribute::{Doubles, Floats, Integers, Texts};

mod chains;

fn floats(values: Vec<f32>) -> Attribute {
    Attribute::Tensor(Elements::Floats(values))
}

fn bytes(values: Vec<u8>) -> Attribute {
    Attribute::Tensor(Elements::Bytes(values))
}

type List = (&'static str, Attribute);

/// Builds a model of one node with `lists`, of which `edits` replace some and
/// add others.
fn build(
    operator: &str,
    element: ElementType,
    lists: &[List],
    edits: &[List],
) -> Result<NativeModel, NotNative> {
    let kept = lists
        .iter()
        .filter(|(name, _)| edits.iter().all(|(edited, _)| name != edited));
    let lists: Vec<List> = kept.chain(edits).cloned().collect();
    let model = ModelBuilder::new().input("x", element, &[-1, 2]);
    let model = if operator == "TreeEnsembleClassifier" {
        let is_text = lists.iter().any(|(name, _)| *name == "classlabels_strings");
        model
            .output("l", if is_text { Text } else { Integer }, &[-1])
            .output("y", Float, &[-1, 2])
    } else {
        model.output("l", element, &[-1, 2])
    };
    let operator = format!("ai.onnx.ml.{operator}");
    let bytes = model.node(&operator, &["x"], &["l", "y"], &lists).build();
    NativeModel::from_onnx(&OnnxModel::parse(&bytes).unwrap())
}

/// Two tests and three leaves, told by positions
fn positions() -> Vec<List> {
    vec![
        ("tree_roots", Integers(vec![0])),
        ("nodes_featureids", Integers(vec![0, 1])),
        ("nodes_modes", bytes(vec![0, 6])),
        ("nodes_splits", floats(vec![0.5, 0.0])),
        ("nodes_truenodeids", Integers(vec![1, 0])),
        ("nodes_trueleafs", Integers(vec![0, 1])),
        ("nodes_falsenodeids", Integers(vec![0, 1])),
        ("nodes_falseleafs", Integers(vec![1, 1])),
        ("membership_values", floats(vec![1.0, 3.0])),
        ("leaf_targetids", Integers(vec![0, 1])),
        ("leaf_weights", floats(vec![0.5, 0.25])),
        ("n_targets", Attribute::Integer(2)),
    ]
}

#[test]
fn damaged_positions_are_refused() {
    const NAN: f32 = f32::NAN;
    assert!(build("TreeEnsemble", Float, &positions(), &[]).is_ok());
    let ints = |name: &'static str, list: &[i64]| (name, Integers(list.to_vec()));
    let one = |name: &'static str, x: i64| (name, Attribute::Integer(x));
    let twice = "has two parents or is its own ancestor";
    for (edit, problem) in [
        (ints("tree_roots", &[]), "it has no trees"),
        (ints("tree_roots", &[-1]), "tree 0: it has the node -1 of 2"),
        (ints("tree_roots", &[2]), "tree 0: it has the node 2 of 2"),
        (
            ints("tree_roots", &[0, 0]),
            &format!("tree 1: node 0 {twice}"),
        ),
        (
            ints("tree_roots", &[0, 1]),
            &format!("tree 1: node 1 {twice}"),
        ),
        (
            ints("nodes_truenodeids", &[0, 0]),
            &format!("tree 0: node 0 {twice}"),
        ),
        (
            ints("nodes_truenodeids", &[9, 0]),
            "tree 0: it has the node 9 of 2",
        ),
        (
            ints("nodes_truenodeids", &[1, 2]),
            "tree 0: node 1 has the leaf 2, which is not there",
        ),
        (
            ints("nodes_falsenodeids", &[-1, 1]),
            "tree 0: node 0 has the leaf -1, which is not there",
        ),
        (
            ints("nodes_falseleafs", &[0, 0]),
            &format!("tree 0: node 1 {twice}"),
        ),
        (
            ints("nodes_featureids", &[0, 2]),
            "tree 0: node 1 reads the column 2 of 2",
        ),
        (
            ints("nodes_featureids", &[0]),
            "`nodes_featureids` has 1 values where 2 are needed",
        ),
        (
            ints("nodes_trueleafs", &[0]),
            "`nodes_trueleafs` has 1 values where 2 are needed",
        ),
        (
            ints("nodes_missing_value_tracks_true", &[1]),
            "`nodes_missing_value_tracks_true` has 1 values where 2 are needed",
        ),
        (
            ("nodes_splits", floats(vec![0.5])),
            "`nodes_splits` has 1 values where 2 are needed",
        ),
        (("nodes_modes", bytes(vec![7, 6])), "node 0 has the mode 7"),
        (
            ("nodes_modes", floats(vec![0.0, 0.0])),
            "`nodes_modes` is no tensor of bytes",
        ),
        (
            ("nodes_modes", bytes(vec![6, 6])),
            "it has 1 sets for 2 tests of membership",
        ),
        (
            ("membership_values", floats(vec![1.0, NAN, 2.0])),
            "it has 2 sets for 1 tests of membership",
        ),
        (
            ("membership_values", floats(vec![NAN, NAN])),
            "it has 2 sets for 1 tests of membership",
        ),
        (
            ints("leaf_targetids", &[0]),
            "`leaf_targetids` has 1 values where 2 are needed",
        ),
        (
            ints("leaf_targetids", &[0, 2]),
            "leaf 1 votes for a target that is not there",
        ),
        (
            ints("leaf_targetids", &[0, -1]),
            "leaf 1 votes for a target that is not there",
        ),
        (
            one("n_targets", 1),
            "leaf 1 votes for a target that is not there",
        ),
        (one("aggregate_function", 4), "the aggregate function 4"),
        (one("post_transform", 5), "the transform 5 of its scores"),
    ] {
        let error = build("TreeEnsemble", Float, &positions(), &[edit]).unwrap_err();
        assert!(error.is_malformed(), "{problem}");
        assert_eq!(
            error.to_string(),
            format!("node 0 (TreeEnsemble) is damaged: {problem}")
        );
    }
    let none = [one("n_targets", -5), ints("leaf_targetids", &[0, 0])];
    let error = build("TreeEnsemble", Float, &positions(), &none).unwrap_err();
    assert!(error.is_malformed() && error.to_string().ends_with("it has -5 targets"));
    let empty_set = [
        ("nodes_modes", bytes(vec![6, 6])),
        ("membership_values", floats(vec![1.0, NAN, NAN])),
    ];
    let error = build("TreeEnsemble", Float, &positions(), &empty_set).unwrap_err();
    assert!(
        error.is_malformed()
            && error
                .to_string()
                .ends_with("the set 1 of its tests is empty")
    );
}

#[test]
fn tensors_have_the_type_of_the_rows() {
    let doubles = [("leaf_weights", Doubles(vec![0.5, 0.25]))];
    let error = build("TreeEnsemble", Float, &positions(), &doubles).unwrap_err();
    assert!(!error.is_malformed());
    assert!(
        error.to_string().contains("the type of `leaf_weights`"),
        "{error}"
    );
    assert!(build("TreeEnsemble", Double, &positions(), &doubles).is_ok());
    let error = build("TreeEnsemble", Integer, &positions(), &[]).unwrap_err();
    assert!(!error.is_malformed());
}

#[test]
fn a_limit_on_columns_holds_for_targets() {
    let many = [("n_targets", Attribute::Integer(i64::MAX))];
    let error = build("TreeEnsemble", Float, &positions(), &many).unwrap_err();
    assert!(!error.is_malformed());
    assert!(
        error
            .to_string()
            .contains("it gives no columns or too many"),
        "{error}"
    );
}

/// One test of two leaves that vote
fn votes(ids: [i64; 2], weights: [f32; 2]) -> Vec<List> {
    vec![
        ("nodes_treeids", Integers(vec![0; 3])),
        ("nodes_nodeids", Integers(vec![0, 1, 2])),
        ("nodes_featureids", Integers(vec![0; 3])),
        ("nodes_truenodeids", Integers(vec![1, 0, 0])),
        ("nodes_falsenodeids", Integers(vec![2, 0, 0])),
        ("nodes_values", Floats(vec![0.0; 3])),
        ("nodes_modes", Texts(vec!["BRANCH_LEQ", "LEAF", "LEAF"])),
        ("class_treeids", Integers(vec![0, 0])),
        ("class_nodeids", Integers(vec![1, 2])),
        ("class_ids", Integers(ids.to_vec())),
        ("class_weights", Floats(weights.to_vec())),
        ("classlabels_int64s", Integers(vec![7, 9])),
    ]
}

#[test]
fn what_contradicts_itself_is_damaged_and_what_is_left_open_is_refused() {
    let probit = ("post_transform", Attribute::Text("PROBIT"));
    let one_base = ("base_values", Floats(vec![0.5]));
    for (ids, edits, damaged, reason) in [
        (
            [0, 1],
            vec![one_base],
            false,
            "have one base value and votes on both",
        ),
        (
            [0, 0],
            vec![probit.clone()],
            false,
            "two classes that have one column of votes",
        ),
        (
            [0, 0],
            vec![("base_values", Floats(vec![0.5; 3]))],
            true,
            "3 base values for 2 classes",
        ),
        (
            [0, 0],
            vec![("classlabels_strings", Texts(vec!["a"]))],
            false,
            "its one class has a text as label",
        ),
        (
            [0, 0],
            vec![
                ("classlabels_int64s", Integers(vec![1])),
                ("base_values", Floats(vec![0.5; 2])),
            ],
            true,
            "2 base values for 1 classes",
        ),
        (
            [0, 0],
            vec![("nodes_values_as_tensor", floats(vec![0.0; 3]))],
            true,
            "it has `nodes_values` and `nodes_values_as_tensor`",
        ),
        (
            [0, 2],
            vec![],
            true,
            "leaf 2 votes for the class or target 2",
        ),
    ] {
        let lists = votes(ids, [0.5, -0.5]);
        let error = build("TreeEnsembleClassifier", Float, &lists, &edits).unwrap_err();
        assert_eq!(error.is_malformed(), damaged, "{reason}");
        assert!(error.to_string().contains(reason), "{error}");
    }
    // A tree that always votes for the second class leaves nothing open.
    assert!(
        build(
            "TreeEnsembleClassifier",
            Float,
            &votes([1, 1], [0.5, -0.5]),
            &[probit]
        )
        .is_ok()
    );
}

#[test]
fn a_node_may_be_the_child_of_several_but_not_of_one_below_it() {
    let lists = votes([0, 0], [0.5, -0.5]);
    let edits = |no: i64| {
        [
            (
                "nodes_modes",
                Texts(vec!["BRANCH_LEQ", "BRANCH_LEQ", "LEAF"]),
            ),
            ("nodes_truenodeids", Integers(vec![1, 2, 0])),
            ("nodes_falsenodeids", Integers(vec![2, no, 0])),
        ]
    };
    let of = |no| build("TreeEnsembleClassifier", Float, &lists, &edits(no));
    assert!(of(2).is_ok());
    let error = of(1).unwrap_err();
    assert!(error.is_malformed());
    assert!(
        error
            .to_string()
            .ends_with("tree 0: its nodes go in a circle"),
        "{error}"
    );
}
