//! TreeEnsemble of ai.onnx.ml 5 against ONNX Runtime, over generated models.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod both;
#[path = "../../krites-model/tests/generated/mod.rs"]
mod generated;

use both::{One, Rows, close, compare, pick, runtime};
use generated::{Kind, MODES, Votes, positions, value};
use krites_model::ElementType;
use krites_model::testing::{Attribute, Numbers};
use ndarray::Array2;

use Attribute::Integer;

#[test]
fn ensembles_agree() {
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(5);
    for model in 0..800 {
        let n_targets = pick(numbers, &[1, 2, 3]);
        let some = numbers.below(MODES.len());
        let kind = Kind {
            width: 4,
            n_targets,
            votes: pick(numbers, &[Votes::For(n_targets - 1), Votes::One]),
            n_tests: 12,
            odd_weights: numbers.below(4) == 0,
            positive: numbers.below(3) == 0,
            modes: pick(numbers, &[&MODES[..], &MODES[some..=some], &MODES[6..]]),
        };
        let trees: Vec<_> = (0..1 + numbers.below(5))
            .map(|_| kind.tree(numbers))
            .collect();
        let is_double = numbers.below(2) == 0;
        let mut attributes = positions(&trees, is_double);
        if numbers.below(3) == 0 {
            attributes.retain(|(name, _)| name != "nodes_missing_value_tracks_true");
        }
        let aggregate = numbers.below(4) as i64;
        let transform = numbers.below(5) as i64;
        attributes.push(("n_targets".to_owned(), Integer(n_targets as i64)));
        // What is left out is the sum, and no transform.
        if aggregate != 1 || numbers.below(2) == 0 {
            attributes.push(("aggregate_function".to_owned(), Integer(aggregate)));
        }
        if transform != 0 || numbers.below(2) == 0 {
            attributes.push(("post_transform".to_owned(), Integer(transform)));
        }
        let dim = (pick(numbers, &[1, 2, 8, 13]), kind.width);
        // Members are looked up with fractions, and beyond the members.
        let rows = Array2::from_shape_fn(dim, |_| match numbers.below(12) {
            0 => numbers.below(40) as f32 * 0.5 - 3.5,
            1 => pick(numbers, &[1000.0, 1000.5, 999.0, 1e30, -1e30, 117.0, 63.0]),
            _ => value(numbers),
        });
        let (element, rows) = match is_double {
            true => (ElementType::Double, Rows::Doubles(rows.mapv(f64::from))),
            false => (ElementType::Float, Rows::Floats(rows)),
        };
        let bytes = One {
            operator: "TreeEnsemble",
            version: 5,
            attributes: &attributes,
            outputs: &[("y", element, n_targets)],
        };
        let bytes = bytes.bytes(&rows);
        let what = format!("model {model}: {kind:?}, aggregate {aggregate}, transform {transform}");
        // Probits near one half lose half of their digits in the formula.
        let close_probits =
            |a: f64, b: f64| close(a, b) || transform == 4 && (a * a - b * b).abs() <= 4e-6;
        compare(&runtime, &what, &bytes, &rows, &close_probits, &|_| false);
    }
    println!("800 ensembles agree");
}
