//! Text operators: native answers against those of ONNX Runtime, over generated models.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::num::NonZeroUsize;

use krites_model::testing::{Attribute, ModelBuilder, Numbers, say_skipped};
use krites_model::{
    Call, ElementType, InputTensor, Model, NativeModel, OnnxModel, OutputTensor, Scratch,
};
use krites_onnxruntime::{Hints, OnnxRuntime, OnnxRuntimeModel};
use ndarray::{Array2, ArrayView2, Axis};

use Attribute::{Floats, Integer, Integers, Text, Texts};

fn pick<T: Copy>(numbers: &mut Numbers, of: &[T]) -> T {
    of[numbers.below(of.len())]
}

/// The rows of a case
enum Rows {
    Texts(Array2<&'static str>),
    Integers(Array2<i64>),
}

impl Rows {
    fn view(&self, from: usize, to: usize) -> InputTensor<'_> {
        fn rows<T>(array: &Array2<T>, from: usize, to: usize) -> ArrayView2<'_, T> {
            array.slice_axis(Axis(0), (from..to).into())
        }
        match self {
            Self::Texts(texts) => InputTensor::Text(rows(texts, from, to)),
            Self::Integers(integers) => InputTensor::Integer(rows(integers, from, to)),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Texts(texts) => texts.nrows(),
            Self::Integers(integers) => integers.nrows(),
        }
    }
}

fn runtime() -> Option<OnnxRuntime> {
    let runtime = OnnxRuntime::locate(&Hints::default());
    runtime.map_err(|error| say_skipped(&error)).ok()
}

fn score(model: &dyn Model, rows: &Rows, from: usize, to: usize) -> OutputTensor {
    let spec = &model.signature().outputs[0];
    let mut outputs = [OutputTensor::for_spec(spec, to - from)];
    let call = &mut Call {
        inputs: &[rows.view(from, to)],
        outputs: &mut outputs,
        within: None,
        scratch: &mut Scratch::default(),
    };
    model.run(call).unwrap();
    let [output] = outputs;
    output
}

/// Compares all rows in one native batch with ONNX Runtime, row by row.
fn compare(runtime: &OnnxRuntime, what: &str, model: ModelBuilder, rows: &Rows) {
    let bytes = model.build();
    let onnx = OnnxModel::parse(&bytes).unwrap();
    let native = NativeModel::from_onnx(&onnx).unwrap_or_else(|error| panic!("{what}: {error}"));
    let signature = native.signature().clone();
    let other = OnnxRuntimeModel::load(runtime, &bytes, signature, NonZeroUsize::MIN)
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    let batch = score(&native, rows, 0, rows.len());
    for row_idx in 0..rows.len() {
        let other = score(&other, rows, row_idx, row_idx + 1);
        match (&batch, &other) {
            (OutputTensor::Float(a), OutputTensor::Float(b)) => {
                let (a, b) = (a.row(row_idx), b.row(0));
                let close = |(a, b): (&f32, &f32)| {
                    f64::from((a - b).abs()) <= 1e-6 + 1e-5 * f64::from(b.abs())
                };
                assert!(
                    a.iter().zip(&b).all(close),
                    "{what}, row {row_idx}: {a} is not {b}"
                );
            }
            (OutputTensor::Text(a), OutputTensor::Text(b)) => {
                assert_eq!(a.row(row_idx), b.row(0), "{what}");
            }
            (a, b) => panic!("{what}: {a:?}, {b:?}"),
        }
    }
}

const TOKENS: [&str; 7] = ["a", "b", "c", "ab", "é", "B", ""];

/// Makes the attributes of a vectorizer of n-grams of `n_tokens` tokens, each
/// n-gram once; tells its width too.
fn vectorizer(
    numbers: &mut Numbers,
    n_tokens: usize,
) -> (Vec<usize>, Vec<(&'static str, Attribute)>, usize) {
    let sizes = 1 + numbers.below(4);
    let longest = 1 + numbers.below(sizes);
    let shortest = 1 + numbers.below(longest);
    let (mut pool, mut counts, mut n_grams) = (Vec::new(), Vec::new(), 0);
    for size in 1..=sizes {
        counts.push(i64::try_from(pool.len()).unwrap());
        let mut grams: Vec<Vec<usize>> = (0..numbers.below(6))
            .map(|_| (0..size).map(|_| numbers.below(n_tokens)).collect())
            .collect();
        if size == sizes {
            grams.push((0..size).map(|_| numbers.below(n_tokens)).collect());
        }
        grams.sort();
        grams.dedup();
        n_grams += grams.len();
        pool.extend(grams.into_iter().flatten());
    }
    let bound = n_grams + numbers.below(4);
    let mut indexes: Vec<i64> = (0..n_grams)
        .map(|_| i64::try_from(numbers.below(bound)).unwrap())
        .collect();
    if numbers.below(4) == 0 {
        indexes.push(3);
    }
    let width = usize::try_from(indexes.iter().max().unwrap() + 1).unwrap();
    let n_indexes = indexes.len();
    let mut attributes = vec![
        ("mode", Text(pick(numbers, &["TF", "IDF", "TFIDF"]))),
        ("min_gram_length", Integer(i64::try_from(shortest).unwrap())),
        ("max_gram_length", Integer(i64::try_from(longest).unwrap())),
        ("max_skip_count", Integer(pick(numbers, &[0, 0, 1, 2, 5]))),
        ("ngram_counts", Integers(counts)),
        ("ngram_indexes", Integers(indexes)),
    ];
    if numbers.below(3) > 0 {
        let weight = |numbers: &mut Numbers| numbers.below(9) as f32 * 0.3 - 0.7;
        let weights = (0..n_indexes).map(|_| weight(numbers)).collect();
        attributes.push(("weights", Floats(weights)));
    }
    (pool, attributes, width)
}

fn dims(numbers: &mut Numbers, columns: usize) -> Vec<i64> {
    vec![
        -1,
        if numbers.below(2) == 0 {
            -1
        } else {
            i64::try_from(columns).unwrap()
        },
    ]
}

#[test]
fn counts_of_n_grams_agree() {
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(7);
    for case in 0..700 {
        let (pool, mut attributes, width) = vectorizer(numbers, 5);
        let columns = 1 + numbers.below(9);
        let cells = (4, columns);
        let (rows, element) = if case % 3 > 0 {
            let pool = pool.iter().map(|&token| TOKENS[token]).collect();
            attributes.push(("pool_strings", Texts(pool)));
            let rows = Array2::from_shape_fn(cells, |_| pick(numbers, &TOKENS));
            (Rows::Texts(rows), ElementType::Text)
        } else {
            let number = |token: usize| i64::try_from(token).unwrap() * 1_000_000_007 - 2;
            let pool = pool.iter().map(|&token| number(token)).collect();
            attributes.push(("pool_int64s", Integers(pool)));
            let rows = Array2::from_shape_fn(cells, |_| number(numbers.below(6)));
            (Rows::Integers(rows), ElementType::Integer)
        };
        let model = ModelBuilder::new()
            .input("x", element, &dims(numbers, columns))
            .output(
                "y",
                ElementType::Float,
                &[-1, i64::try_from(width).unwrap()],
            )
            .node("TfIdfVectorizer", &["x"], &["y"], &attributes);
        let what = format!("case {case}: {attributes:?}");
        compare(&runtime, &what, model, &rows);
    }
}

/// Texts whose tokens the pools below have
const SENTENCES: &[&str] = &[
    "",
    " ",
    "a",
    "b a",
    "ab c-d,, é x_1",
    "a;b;;c d\ta\nb\r\nc",
    "A a B b 12 3ab",
    "éa ÀB ß\u{a0}x \u{2028}b",
    "日本 a b 😀c",
    "a.b.c,a.b (c) [a] {b} c? d! -a- 'b' \\c",
    "aaaaaaa bb ccccc",
    "\u{b}a\u{c}b",
    "#",
    "\u{1}a\u{2}b\u{3}",
];

/// What the n-grams of a tokenizer's models are made of
const PARTS: &[&str] = &[
    "a",
    "b",
    "c",
    "ab",
    "é",
    "x_1",
    "aa",
    "aaa",
    "bb",
    "1",
    "12",
    "d",
    "\u{2}",
    "\u{3}",
    " ",
    ",",
    "日",
    "3ab",
    "a.b.c,a.b",
    "\u{a0}",
    "😀c",
    "",
    "#",
    "x",
    "ccccc",
    "\n",
    "B",
];

const EXPRESSIONS: &[&str] = &[
    "[a-zA-Z0-9_]+",
    "[a-z]",
    "[a-z]*",
    "[a-z]?",
    "[a-c]{2}",
    "[a-c]{1,3}",
    "[a-c]{2,}",
    r"\w+",
    r"\w\w+",
    r"[^\s]+",
    r"\S+",
    r"\D+",
    r"\W+",
    r"\d+",
    ".",
    ".+",
    "a+",
    "[^a-z]+",
    "[à-ÿa-z]+",
    "[]a]+",
    "[a-]+",
    r"[\-a]+",
    "[a-c_.-]+",
    "日",
    r"[\w.,]+",
    r"\s",
    "é",
    r"\.",
    "[#a ]+",
    r"[\x]+",
    r"[.]+",
    "[^é]+",
    r"[a-c][a-c]*",
    r"[^\W\d]+",
    r"[!-/]+",
    r"[\[-\]]+",
    "#",
    "-",
    ",",
    "[a^]+",
];

const SEPARATORS: &[&[&str]] = &[
    &[""],
    &[" "],
    &[" ", ","],
    &[r"\s", "[.]", r"\?", ",", ";", ":", r"\!"],
    &[r"[\s,;]+", "-"],
    &["é"],
    &[r"\W"],
    &[" +", "a"],
    &["[^a-z]"],
    &["."],
    &[r"\(", r"\)"],
    &["[ ]{1,2}"],
];

#[test]
fn tokens_agree_row_by_row() {
    let Some(runtime) = runtime() else { return };
    let numbers = &mut Numbers(11);
    let column = Array2::from_shape_fn((SENTENCES.len(), 1), |(row, _)| SENTENCES[row]);
    let rows = Rows::Texts(column);
    let expressions = EXPRESSIONS.iter().map(|&it| ("tokenexp", Text(it)));
    let separators = SEPARATORS
        .iter()
        .map(|&it| ("separators", Texts(it.to_vec())));
    let mut refused = Vec::new();
    for (case, split) in expressions.chain(separators).enumerate() {
        for round in 0..4 {
            let characters = match &split.1 {
                Text(all) => *all == ".",
                Texts(all) => all == &[""],
                _ => false,
            };
            let shortest = if characters {
                1
            } else {
                pick(numbers, &[1, 1, 2, 3])
            };
            let tokenizer = [
                ("mark", Integer(round % 2)),
                ("mincharnum", Integer(shortest)),
                ("pad_value", Text(pick(numbers, &["#", "", "a"]))),
                split.clone(),
            ];
            // Unigrams of all that there is, and generated n-grams.
            let (pool, mut attributes, width) = if round < 2 {
                let all: Vec<usize> = (0..PARTS.len()).collect();
                let columns = (0..).take(PARTS.len()).collect();
                let attributes = vec![
                    ("mode", Text("TF")),
                    ("min_gram_length", Integer(1)),
                    ("max_gram_length", Integer(1)),
                    ("max_skip_count", Integer(0)),
                    ("ngram_counts", Integers(vec![0])),
                    ("ngram_indexes", Integers(columns)),
                ];
                (all, attributes, PARTS.len())
            } else {
                vectorizer(numbers, 4)
            };
            let pool = pool.iter().map(|&part| PARTS[part]).collect();
            attributes.push(("pool_strings", Texts(pool)));
            let deep = numbers.below(2) == 0;
            let model = ModelBuilder::new()
                .integers("keep", &[2], &[0, -1])
                .integers("one", &[1], &[1])
                .output(
                    "y",
                    ElementType::Float,
                    &[-1, i64::try_from(width).unwrap()],
                )
                .node("com.microsoft.Tokenizer", &["x"], &["t"], &tokenizer);
            let model = match (deep, numbers.below(3)) {
                (true, 0) => model.node("Reshape", &["t", "keep"], &["f"], &[]),
                (true, 1) => model.node("Squeeze", &["t", "one"], &["f"], &[]),
                (true, _) => model.node("Flatten", &["t"], &["f"], &[]),
                (false, 0) => model.node("Flatten", &["t"], &["f"], &[]),
                (false, _) => model.node("Identity", &["t"], &["f"], &[]),
            };
            let shape: &[i64] = if deep { &[-1, 1] } else { &[-1] };
            let model = model.input("x", ElementType::Text, shape).node(
                "TfIdfVectorizer",
                &["f"],
                &["y"],
                &attributes,
            );
            let what = format!("case {case}: {tokenizer:?}, {attributes:?}");
            if let Err(error) =
                NativeModel::from_onnx(&OnnxModel::parse(&model.clone().build()).unwrap())
            {
                refused.push(error.to_string());
                continue;
            }
            compare(&runtime, &what, model, &rows);
        }
    }
    refused.dedup();
    let only = r#"node 0 (Tokenizer) is not native: it splits by the pattern "[\\x]+""#;
    assert_eq!(refused, [only]);
}

#[test]
fn letters_of_one_case_agree() {
    let Some(runtime) = runtime() else { return };
    let latin = "AZaz ÀÉÿß İı Ǆ ǅ Σς ЖЯжя ﬁ K Å 10 _@[`{".to_owned();
    let all: String = latin.chars().chain('\u{20}'..'\u{600}').collect();
    let all: &'static str = all.leak();
    let texts = SENTENCES.iter().copied().chain([all]);
    let rows =
        Rows::Texts(Array2::from_shape_vec((SENTENCES.len() + 1, 1), texts.collect()).unwrap());
    for case in ["LOWER", "UPPER", "NONE"] {
        for locale in ["C", "POSIX"] {
            for sensitive in [0, 1] {
                let attributes = [
                    ("case_change_action", Text(case)),
                    ("is_case_sensitive", Integer(sensitive)),
                    ("locale", Text(locale)),
                ];
                let model = ModelBuilder::new()
                    .input("x", ElementType::Text, &[-1])
                    .output("y", ElementType::Text, &[-1])
                    .node("StringNormalizer", &["x"], &["y"], &attributes);
                compare(&runtime, case, model, &rows);
            }
        }
    }
}

#[test]
fn letters_of_the_locale_of_converters_agree() {
    let Some(runtime) = runtime() else { return };
    // Letters that Unicode has from version 16 on are not in all machines' tables.
    let is_young = |letter: &char| {
        matches!(letter, '\u{19b}' | '\u{264}' | '\u{1c89}'..='\u{1c8a}' | '\u{a7cb}'..='\u{a7dc}'
            | '\u{10d50}'..='\u{10d85}' | '\u{16ea0}'..='\u{16eff}')
    };
    let letters: String = ('\u{1}'..char::MAX).filter(|x| !is_young(x)).collect();
    let letters: &'static str = letters.leak();
    let rows = Rows::Texts(Array2::from_elem((1, 1), letters));
    for case in ["LOWER", "UPPER"] {
        let attributes = [
            ("case_change_action", Text(case)),
            ("locale", Text("en_US")),
        ];
        let model = ModelBuilder::new()
            .input("x", ElementType::Text, &[-1])
            .output("y", ElementType::Text, &[-1])
            .node("StringNormalizer", &["x"], &["y"], &attributes);
        let bytes = model.clone().build();
        let signature = OnnxModel::parse(&bytes).unwrap().signature().clone();
        if OnnxRuntimeModel::load(&runtime, &bytes, signature, NonZeroUsize::MIN).is_err() {
            return say_skipped(&"the machine has no locale en_US");
        }
        compare(&runtime, case, model, &rows);
    }
}
