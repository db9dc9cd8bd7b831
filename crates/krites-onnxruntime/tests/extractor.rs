//! ArrayFeatureExtractor: native answers against those of ONNX Runtime, over
//! generated models.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[allow(dead_code, reason = "other tests need more of it")]
mod cells;

use cells::{Cells, compare, pick, runtime, width};
use krites_model::ElementType::{Double as D, Float as F, Integer as I, Text as T};
use krites_model::testing::{Elements, ModelBuilder, Numbers};
use ndarray::Array2;

const EXTRACT: &str = "ai.onnx.ml.ArrayFeatureExtractor";

#[test]
fn columns_and_entries_of_lists_agree() {
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(41);
    for case in 0..600 {
        let element = pick(numbers, &[F, D, I, T]);
        let len = 1 + numbers.below(5);
        let what = format!("case {case}: {element} of {len}");
        if numbers.below(2) == 0 {
            // Columns by constant places
            let n_places = 1 + numbers.below(6);
            let places = (0..n_places).map(|_| width(numbers.below(len))).collect();
            let dims: &[i64] = match numbers.below(2) {
                0 => &[width(n_places)],
                _ => &[1, width(n_places)],
            };
            let model = ModelBuilder::new()
                .input("x", element, &[-1, width(len)])
                .output("y", element, &[-1, width(n_places)])
                .constant("at", dims, &Elements::Integers(places))
                .node(EXTRACT, &["x", "at"], &["y"], &[]);
            let rows = Cells::some(numbers, element, 4, len);
            compare(&runtime, &what, model, &[rows]);
        } else {
            // Entries of a list by the places that rows hold, some beyond its end
            let list = Cells::some(numbers, element, 1, len).elements();
            let dims: &[i64] = match numbers.below(2) {
                0 => &[width(len)],
                _ => &[1, width(len)],
            };
            let column: &[i64] = match numbers.below(2) {
                0 => &[-1],
                _ => &[-1, 1],
            };
            let model = ModelBuilder::new()
                .input("x", I, column)
                .output("y", element, &[-1])
                .constant("list", dims, &list)
                .integers("flat", &[1], &[-1])
                .node(EXTRACT, &["list", "x"], &["across"], &[])
                .node("Reshape", &["across", "flat"], &["y"], &[]);
            let most = len + numbers.below(2);
            let rows = Array2::from_shape_fn((4, 1), |_| width(numbers.below(most)));
            compare(&runtime, &what, model, &[Cells::Integer(rows)]);
        }
    }
    println!("600 models of ArrayFeatureExtractor compared");
}
