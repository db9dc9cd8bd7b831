//! Sums over generated trees against a walk as the specification has it, to the
//! bit, in batches of all sizes.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "generated/mod.rs"]
mod generated;

use generated::{Kind, MODES, Node, Tree, Votes, by_hand, lists, positions, value};
use krites_model::testing::{Attribute, BRANCH_MODES, ModelBuilder, Numbers};
use krites_model::{
    Call, ElementType, InputTensor, Model, NativeModel, OnnxModel, OutputTensor, Scratch,
};
use ndarray::Array2;

/// The trees as a regressor over `element`, in the lists of versions 1 to 4 or,
/// where leaves have one weight each, in those of version 5.
fn model(trees: &[Tree], kind: &Kind, element: ElementType, version: i64) -> NativeModel {
    let is_double = element == ElementType::Double;
    let (operator, mut attributes, output) = if version == 5 {
        ("TreeEnsemble", positions(trees, is_double), element)
    } else {
        let lists = lists(trees, "target", is_double.then_some(true));
        ("TreeEnsembleRegressor", lists, ElementType::Float)
    };
    let n_targets = Attribute::Integer(kind.n_targets as i64);
    attributes.push(("n_targets".to_owned(), n_targets));
    let attributes: Vec<_> = attributes
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    let bytes = ModelBuilder::new()
        .opset("ai.onnx.ml", version)
        .input("x", element, &[-1, kind.width as i64])
        .output("y", output, &[-1, kind.n_targets as i64])
        .node(
            &format!("ai.onnx.ml.{operator}"),
            &["x"],
            &["y"],
            &attributes,
        )
        .build();
    NativeModel::from_onnx(&OnnxModel::parse(&bytes).unwrap()).unwrap()
}

/// Compares the answers to `rows`, in batches of each size, with those by hand.
fn check(kind: &Kind, version: i64, n_trees: usize, n_rows: usize, seed: u64) {
    let numbers = &mut Numbers(seed);
    let trees: Vec<_> = (0..n_trees).map(|_| kind.tree(numbers)).collect();
    check_trees(kind, version, &trees, n_rows, numbers);
}

fn check_trees(kind: &Kind, version: i64, trees: &[Tree], n_rows: usize, numbers: &mut Numbers) {
    let rows = Array2::from_shape_fn((n_rows, kind.width), |_| value(numbers));
    let doubles = rows.mapv(f64::from);
    let by_hand: Vec<f32> = rows
        .rows()
        .into_iter()
        .flat_map(|row| by_hand(trees, kind.n_targets, &row.to_vec()))
        .collect();
    for element in [ElementType::Float, ElementType::Double] {
        let model = model(trees, kind, element, version);
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
                match &outputs[0] {
                    OutputTensor::Float(output) => answers.extend(output),
                    OutputTensor::Double(output) => {
                        answers.extend(output.iter().map(|&x| x as f32));
                    }
                    _ => {}
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

fn kind(n_targets: usize, votes: Votes) -> Kind {
    Kind {
        width: 5,
        n_targets,
        votes,
        n_tests: 40,
        odd_weights: false,
        positive: false,
        modes: &BRANCH_MODES,
    }
}

#[test]
fn sums_equal_those_by_hand_to_the_bit() {
    for seed in 0..2 {
        for votes in [Votes::For(1), Votes::Some] {
            for odd_weights in [false, true] {
                let kind = Kind {
                    odd_weights,
                    ..kind(3, votes.clone())
                };
                check(&kind, 3, 21, 1031, seed);
            }
        }
        for modes in MODES.chunks(1).chain([&MODES[..]]) {
            let kind = Kind {
                modes,
                ..kind(2, Votes::For(1))
            };
            check(&kind, 3, 9, 70, seed);
        }
    }
}

#[test]
fn sums_of_trees_that_share_nodes_equal_those_by_hand_to_the_bit() {
    for seed in 0..20 {
        for modes in [&BRANCH_MODES[..], &BRANCH_MODES[..1], &BRANCH_MODES[4..]] {
            let kind = Kind {
                modes,
                ..kind(2, Votes::For(1))
            };
            let numbers = &mut Numbers(seed);
            let trees: Vec<_> = (0..9).map(|_| kind.shared_tree(numbers)).collect();
            check_trees(&kind, 3, &trees, 70, numbers);
        }
    }
}

#[test]
fn sums_of_trees_told_by_positions_equal_those_by_hand_to_the_bit() {
    for seed in 0..2 {
        for (n_targets, votes) in [(1, Votes::For(0)), (3, Votes::For(1)), (3, Votes::One)] {
            for (modes, odd_weights) in [
                (&MODES[..], false),
                (&MODES[..], true),
                (&MODES[6..], false),
            ] {
                let kind = Kind {
                    odd_weights,
                    modes,
                    ..kind(n_targets, votes.clone())
                };
                check(&kind, 5, 21, 331, seed);
            }
        }
    }
}

#[test]
fn rows_of_many_columns_are_walked_alike() {
    let kind = Kind {
        width: 3_000,
        ..kind(1, Votes::For(0))
    };
    check(&kind, 3, 11, 19, 5);
    let kind = Kind {
        modes: &MODES,
        ..kind
    };
    check(&kind, 5, 11, 19, 5);
}

#[test]
fn a_tree_too_wide_for_short_links_is_walked_alike() {
    let kind = kind(1, Votes::For(0));
    let numbers = &mut Numbers(6);
    let tests = (1 << 17) - 1;
    let node = |at: usize| Node {
        mode: if at < tests { "BRANCH_LEQ" } else { "LEAF" },
        column: numbers.below(5),
        threshold: value(numbers),
        members: Vec::new(),
        children: [2 * at + 1, 2 * at + 2],
        missing_is_true: numbers.below(2) == 1,
        weights: (at >= tests)
            .then_some((0, at as f32))
            .into_iter()
            .collect(),
    };
    let wide: Vec<Node> = (0..2 * tests + 1).map(node).collect();
    let small = kind.tree(numbers);
    check_trees(&kind, 3, &[wide, small], 70, numbers);
}
