//! Sums over generated trees against a walk as the specification has it, to the
//! bit, in batches of all sizes.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use krites_model::testing::{Attribute, BRANCH_MODES, ModelBuilder, Numbers};
use krites_model::{
    Call, ElementType, InputTensor, Model, NativeModel, OnnxModel, OutputTensor, Scratch,
};
use ndarray::Array2;

/// A few numbers, so that rows meet thresholds; now and then none, or an end of
/// the numbers.
fn value(numbers: &mut Numbers) -> f32 {
    match numbers.below(20) {
        0 => f32::NAN,
        1 => f32::INFINITY,
        2 => f32::NEG_INFINITY,
        3 => -0.0,
        _ => numbers.below(9) as f32 - 4.0,
    }
}

/// A node as the file has it
struct Node {
    mode: &'static str,
    column: usize,
    threshold: f32,
    children: [usize; 2],
    missing_is_true: bool,
    /// Target and weight
    weights: Vec<(usize, f32)>,
}

/// What is generated
struct Kind {
    width: usize,
    n_targets: usize,
    /// Every leaf has one weight for the same target
    single: bool,
    /// A weight can be no number
    odd_weights: bool,
    modes: &'static [&'static str],
}

/// A tree of up to 40 tests; each splits a leaf at random.
fn tree(numbers: &mut Numbers, kind: &Kind) -> Vec<Node> {
    let leaf = |numbers: &mut Numbers| {
        let n_weights = if kind.single { 1 } else { numbers.below(3) };
        let weight = |numbers: &mut Numbers| {
            let target = if kind.single {
                kind.n_targets - 1
            } else {
                numbers.below(kind.n_targets)
            };
            let odd = kind.odd_weights && numbers.below(9) == 0;
            let weight = numbers.below(1000) as f32 / 7.0 - 70.0;
            (target, if odd { value(numbers) } else { weight })
        };
        Node {
            mode: "LEAF",
            column: 0,
            threshold: 0.0,
            children: [0, 0],
            missing_is_true: false,
            weights: (0..n_weights).map(|_| weight(numbers)).collect(),
        }
    };
    let mut tree = vec![leaf(numbers)];
    for _ in 0..numbers.below(40) {
        let leaves: Vec<usize> = (0..tree.len())
            .filter(|&at| tree[at].mode == "LEAF")
            .collect();
        let at = leaves[numbers.below(leaves.len())];
        tree[at] = Node {
            mode: kind.modes[numbers.below(kind.modes.len())],
            column: numbers.below(kind.width),
            threshold: value(numbers),
            children: [tree.len(), tree.len() + 1],
            missing_is_true: numbers.below(2) == 1,
            weights: Vec::new(),
        };
        tree.extend([leaf(numbers), leaf(numbers)]);
    }
    tree
}

/// The sums of a row as the specification has them.
fn by_hand(trees: &[Vec<Node>], n_targets: usize, row: &[f32]) -> Vec<f32> {
    let mut sums = vec![0.0; n_targets];
    for tree in trees {
        let mut node = &tree[0];
        while node.mode != "LEAF" {
            let (x, threshold) = (row[node.column], node.threshold);
            let holds = match node.mode {
                "BRANCH_LEQ" => x <= threshold,
                "BRANCH_LT" => x < threshold,
                "BRANCH_GTE" => x >= threshold,
                "BRANCH_GT" => x > threshold,
                "BRANCH_EQ" => x == threshold,
                _ => x != threshold,
            };
            let is_true = holds || (x.is_nan() && node.missing_is_true);
            node = &tree[node.children[usize::from(!is_true)]];
        }
        for &(target, weight) in &node.weights {
            sums[target] += weight;
        }
    }
    sums
}

/// The trees as a regressor over `element`.
fn model(trees: &[Vec<Node>], kind: &Kind, element: ElementType) -> NativeModel {
    let nodes = || {
        let all = trees.iter().enumerate();
        all.flat_map(|(tree, nodes)| {
            nodes
                .iter()
                .enumerate()
                .map(move |(id, node)| (tree, id, node))
        })
    };
    let list = |of: &dyn Fn((usize, usize, &Node)) -> usize| {
        Attribute::Integers(nodes().map(|node| of(node) as i64).collect())
    };
    let leaves = |of: &dyn Fn(usize, usize, usize) -> usize| {
        let votes = nodes().flat_map(|(tree, id, node)| {
            node.weights
                .iter()
                .map(move |&(target, _)| (tree, id, target))
        });
        Attribute::Integers(
            votes
                .map(|(tree, id, target)| of(tree, id, target) as i64)
                .collect(),
        )
    };
    let numbers = |values: Vec<f32>| {
        if element == ElementType::Double {
            (
                "_as_tensor",
                Attribute::Doubles(values.into_iter().map(f64::from).collect()),
            )
        } else {
            ("", Attribute::Floats(values))
        }
    };
    let (suffix, values) = numbers(nodes().map(|(_, _, node)| node.threshold).collect());
    let weights = nodes().flat_map(|(_, _, node)| node.weights.iter().map(|&(_, weight)| weight));
    let (_, weights) = numbers(weights.collect());
    let (values_name, weights_name) = (
        format!("nodes_values{suffix}"),
        format!("target_weights{suffix}"),
    );
    let attributes = [
        ("nodes_treeids", list(&|(tree, _, _)| tree)),
        ("nodes_nodeids", list(&|(_, id, _)| id)),
        ("nodes_featureids", list(&|(_, _, node)| node.column)),
        ("nodes_truenodeids", list(&|(_, _, node)| node.children[0])),
        ("nodes_falsenodeids", list(&|(_, _, node)| node.children[1])),
        (
            "nodes_missing_value_tracks_true",
            list(&|(_, _, node)| usize::from(node.missing_is_true)),
        ),
        (
            "nodes_modes",
            Attribute::Texts(nodes().map(|(_, _, node)| node.mode).collect()),
        ),
        (&values_name, values),
        ("target_treeids", leaves(&|tree, _, _| tree)),
        ("target_nodeids", leaves(&|_, id, _| id)),
        ("target_ids", leaves(&|_, _, target| target)),
        (&weights_name, weights),
        ("n_targets", Attribute::Integer(kind.n_targets as i64)),
    ];
    let bytes = ModelBuilder::new()
        .input("x", element, &[-1, kind.width as i64])
        .output("y", ElementType::Float, &[-1, kind.n_targets as i64])
        .node(
            "ai.onnx.ml.TreeEnsembleRegressor",
            &["x"],
            &["y"],
            &attributes,
        )
        .build();
    NativeModel::from_onnx(&OnnxModel::parse(&bytes).unwrap()).unwrap()
}

/// Compares the answers to `rows`, in batches of each size, with those by hand.
fn check(kind: &Kind, n_trees: usize, n_rows: usize, seed: u64) {
    let numbers = &mut Numbers(seed);
    let trees: Vec<_> = (0..n_trees).map(|_| tree(numbers, kind)).collect();
    check_trees(kind, &trees, n_rows, numbers);
}

fn check_trees(kind: &Kind, trees: &[Vec<Node>], n_rows: usize, numbers: &mut Numbers) {
    let rows = Array2::from_shape_fn((n_rows, kind.width), |_| value(numbers));
    let doubles = rows.mapv(f64::from);
    let by_hand: Vec<f32> = rows
        .rows()
        .into_iter()
        .flat_map(|row| by_hand(trees, kind.n_targets, &row.to_vec()))
        .collect();
    for element in [ElementType::Float, ElementType::Double] {
        let model = model(trees, kind, element);
        let mut scratch = Scratch::default();
        let mut first: Option<Vec<f32>> = None;
        for size in [1, 7, 64, 1024] {
            let mut answers = Vec::new();
            for from in (0..n_rows).step_by(size) {
                let range = from..n_rows.min(from + size);
                let mut outputs = [OutputTensor::for_spec(
                    &model.signature().outputs[0],
                    range.len(),
                )];
                let part = range.clone().collect::<Vec<_>>();
                let (rows, doubles) = (
                    rows.select(ndarray::Axis(0), &part),
                    doubles.select(ndarray::Axis(0), &part),
                );
                let input = match element {
                    ElementType::Double => InputTensor::Double(doubles.view()),
                    _ => InputTensor::Float(rows.view()),
                };
                let call = &mut Call {
                    inputs: &[input],
                    outputs: &mut outputs,
                    within: None,
                    scratch: &mut scratch,
                };
                model.run(call).unwrap();
                if let OutputTensor::Float(output) = &outputs[0] {
                    answers.extend(output.iter().copied());
                }
            }
            // Sums of doubles have bits of their own, by whatever batch.
            let expected = match element {
                ElementType::Double => first.get_or_insert_with(|| answers.clone()),
                _ => &by_hand,
            };
            for (at, (answer, expected)) in answers.iter().zip(expected).enumerate() {
                let same =
                    answer.to_bits() == expected.to_bits() || answer.is_nan() && expected.is_nan();
                assert!(
                    same,
                    "{element}, batches of {size}, answer {at}: {answer} and {expected}"
                );
            }
            for (answer, by_hand) in answers.iter().zip(&by_hand) {
                let same = answer == by_hand || answer.is_nan() && by_hand.is_nan();
                assert!(
                    same || (answer - by_hand).abs() <= 1e-2,
                    "{element}: {answer} and {by_hand}"
                );
            }
        }
    }
}

#[test]
fn sums_equal_those_by_hand_to_the_bit() {
    let kind = |single, odd_weights, modes| Kind {
        width: 5,
        n_targets: if single { 2 } else { 3 },
        single,
        odd_weights,
        modes,
    };
    for seed in 0..2 {
        for (single, odd) in [(true, false), (true, true), (false, false), (false, true)] {
            check(&kind(single, odd, &BRANCH_MODES), 21, 1031, seed);
        }
        for mode in BRANCH_MODES.chunks(1) {
            check(&kind(true, false, mode), 9, 70, seed);
        }
    }
}

#[test]
fn rows_of_many_columns_are_walked_alike() {
    let kind = Kind {
        width: 3_000,
        n_targets: 1,
        single: true,
        odd_weights: false,
        modes: &BRANCH_MODES,
    };
    check(&kind, 11, 19, 5);
}

#[test]
fn a_tree_too_wide_for_short_links_is_walked_alike() {
    let kind = Kind {
        width: 5,
        n_targets: 1,
        single: true,
        odd_weights: false,
        modes: &BRANCH_MODES,
    };
    let numbers = &mut Numbers(6);
    let tests = (1 << 17) - 1;
    let node = |at: usize| Node {
        mode: if at < tests { "BRANCH_LEQ" } else { "LEAF" },
        column: numbers.below(5),
        threshold: value(numbers),
        children: [2 * at + 1, 2 * at + 2],
        missing_is_true: numbers.below(2) == 1,
        weights: (at >= tests)
            .then_some((0, at as f32))
            .into_iter()
            .collect(),
    };
    let wide: Vec<Node> = (0..2 * tests + 1).map(node).collect();
    let small = tree(numbers, &kind);
    check_trees(&kind, &[wide, small], 70, numbers);
}
