//! A bag of words with a linear model behind it, as skl2onnx writes it, and
//! texts for it.

use krites_model::ElementType::{Float as F, Integer as I, Text as T};
use krites_model::testing::Attribute::{Floats, Integer, Integers, Text, Texts};
use krites_model::testing::ModelBuilder;
use ndarray::Array2;

use super::made::Made;
use super::subject::Rows;
use super::support::{CASES, Random};
use super::trees::unit;

/// Words that are known, and classes
const WORDS: usize = 2_000;
const CLASSES: usize = 40;

/// Makes the model and texts of 5 to 20 words, of which four in five are known.
pub(crate) fn model(random: &mut Random) -> Made {
    let texts = Array2::from_shape_fn((CASES, 1), |_| {
        let count = random.whole(5, 21);
        let words = (0..count).map(|_| word(random.whole(0, WORDS as i64 * 5 / 4)));
        words.collect::<Vec<_>>().join(" ")
    });
    let pool: Vec<&'static str> = (0..WORDS)
        .map(|at| &*Box::leak(word(at as i64).into_boxed_str()))
        .collect();
    let mut some = |count: usize, low: f32, high: f32| -> Vec<f32> {
        (0..count)
            .map(|_| low + (high - low) * unit(random))
            .collect()
    };
    let (weights, coefficients, intercepts) = (
        some(WORDS, 3.0, 8.0),
        some(WORDS * CLASSES, -1.0, 1.0),
        some(CLASSES, -1.0, 1.0),
    );
    let one = |name, value| (name, Integer(value));
    let classes = CLASSES as i64;
    let bytes = ModelBuilder::new()
        .input("text", T, &[-1, 1])
        .output("label", I, &[-1])
        .output("scores", F, &[-1, classes])
        .integers("list", &[1], &[-1])
        .floats("idf", &[WORDS as i64], &weights)
        .node("Reshape", &["text", "list"], &["flat"], &[])
        .node(
            "StringNormalizer",
            &["flat"],
            &["small"],
            &[
                ("case_change_action", Text("LOWER")),
                one("is_case_sensitive", 0),
                ("locale", Text("C")),
            ],
        )
        .node(
            "com.microsoft.Tokenizer",
            &["small"],
            &["tokens"],
            &[
                one("mark", 0),
                one("mincharnum", 1),
                ("pad_value", Text("#")),
                ("tokenexp", Text("[a-zA-Z0-9]+")),
            ],
        )
        .node("Flatten", &["tokens"], &["row"], &[])
        .node(
            "TfIdfVectorizer",
            &["row"],
            &["counts"],
            &[
                ("mode", Text("TF")),
                one("min_gram_length", 1),
                one("max_gram_length", 1),
                one("max_skip_count", 0),
                ("ngram_counts", Integers(vec![0])),
                ("ngram_indexes", Integers((0..WORDS as i64).collect())),
                ("pool_strings", Texts(pool)),
            ],
        )
        .node("Mul", &["counts", "idf"], &["weighed"], &[])
        .node(
            "ai.onnx.ml.Normalizer",
            &["weighed"],
            &["normal"],
            &[("norm", Text("L2"))],
        )
        .node(
            "ai.onnx.ml.LinearClassifier",
            &["normal"],
            &["label", "raw"],
            &[
                ("classlabels_ints", Integers((0..classes).collect())),
                ("coefficients", Floats(coefficients)),
                ("intercepts", Floats(intercepts)),
                ("post_transform", Text("LOGISTIC")),
            ],
        )
        .node(
            "ai.onnx.ml.Normalizer",
            &["raw"],
            &["scores"],
            &[("norm", Text("L1"))],
        )
        .build();
    Made {
        name: "bag of 2,000 words, 40 classes",
        rows: vec![Rows::Texts(texts)],
        bytes,
        visits: None,
    }
}

/// A word of its own for each number
fn word(at: i64) -> String {
    let letters = ["ba", "ke", "lo", "mi", "nu", "pa", "re", "so", "ti", "vu"];
    let digits = [at / 1000, at / 100 % 10, at / 10 % 10, at % 10];
    digits
        .iter()
        .map(|&digit| letters[usize::try_from(digit).unwrap()])
        .collect()
}
