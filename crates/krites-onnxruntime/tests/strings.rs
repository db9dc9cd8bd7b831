//! StringNormalizer: native answers against those of ONNX Runtime, over generated
//! models.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[allow(dead_code, reason = "other tests need more of it")]
mod cells;

use cells::{Cells, compare, pick, runtime, width};
use krites_model::ElementType::Text as T;
use krites_model::testing::{Attribute, ModelBuilder, Numbers};
use ndarray::Array2;

use Attribute::{Integer, Text, Texts};

const WORDS: [&str; 12] = [
    "the", "The", "THE", "a", "A", "über", "ÜBER", "Über", "the end", "é", "ǅ", "x1",
];

#[test]
fn normalised_texts_agree() {
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(31);
    let (mut n_compared, mut n_with_words) = (0, 0);
    for case in 0..900 {
        let action = pick(numbers, &["NONE", "LOWER", "UPPER"]);
        let sensitive = numbers.below(2) == 0;
        let mut words: Vec<&str> = Vec::new();
        for _ in 0..numbers.below(5) {
            let word = pick(numbers, &WORDS);
            let same = |other: &&str| match sensitive {
                true => *other == word,
                false => other.eq_ignore_ascii_case(word),
            };
            if !words.iter().any(same) {
                words.push(word);
            }
        }
        let mut attributes = vec![("locale", Text(pick(numbers, &["C", "POSIX"])))];
        if action != "NONE" || numbers.below(2) == 0 {
            attributes.push(("case_change_action", Text(action)));
        }
        if sensitive || numbers.below(2) == 0 {
            attributes.push(("is_case_sensitive", Integer(sensitive.into())));
        }
        if !words.is_empty() || numbers.below(4) == 0 {
            attributes.push(("stopwords", Texts(words.clone())));
        }
        let columns = match words.is_empty() {
            true => 1 + numbers.below(3),
            false => 1,
        };
        let texts = ["", " the", "THE END", "B b", "ÉÀ é", "日本 a"];
        let rows = Array2::from_shape_fn((6, columns), |_| match numbers.below(3) {
            0 => pick(numbers, &texts),
            _ => pick(numbers, &WORDS),
        });
        // One row of columns is all that it takes beside [N].
        let dims = match columns {
            1 if numbers.below(2) == 0 => vec![-1],
            columns => vec![1, width(columns)],
        };
        let model = ModelBuilder::new()
            .input("x", T, &dims)
            .output("y", T, &dims)
            .node("StringNormalizer", &["x"], &["y"], &attributes);
        let what = format!("case {case}: {attributes:?}");
        compare(&runtime, &what, model, &[Cells::Text(rows)]);
        n_compared += 1;
        n_with_words += usize::from(!words.is_empty());
    }
    println!("{n_compared} models of StringNormalizer compared, {n_with_words} with stop words");
}
