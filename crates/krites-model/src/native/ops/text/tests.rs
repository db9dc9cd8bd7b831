//! Text operators with hostile attributes, and batches of texts.

use ndarray::Array2;

use super::pattern::Pattern;
use crate::testing::{Attribute, ModelBuilder};
use crate::{
    Call, ElementType, InputTensor, Model, NativeModel, NotNative, OnnxModel, OutputTensor, Scratch,
};

use Attribute::{Floats, Integer, Integers, Text, Texts};

type Attributes = Vec<(&'static str, Attribute)>;

/// Unigrams a, b, c and the bigram a b; `edit` changes them.
fn attributes(edit: impl FnOnce(&mut Attributes)) -> Attributes {
    let mut attributes = vec![
        ("mode", Text("TFIDF")),
        ("min_gram_length", Integer(1)),
        ("max_gram_length", Integer(2)),
        ("max_skip_count", Integer(1)),
        ("ngram_counts", Integers(vec![0, 3])),
        ("ngram_indexes", Integers(vec![0, 1, 2, 3])),
        ("pool_strings", Texts(vec!["a", "b", "c", "a", "b"])),
        ("weights", Floats(vec![1.0, 2.0, 4.0, 8.0])),
    ];
    edit(&mut attributes);
    attributes
}

fn set(name: &'static str, value: Attribute) -> Attributes {
    attributes(|attributes| {
        attributes.retain(|(attribute, _)| *attribute != name);
        attributes.push((name, value));
    })
}

fn native(model: ModelBuilder) -> Result<NativeModel, NotNative> {
    NativeModel::from_onnx(&OnnxModel::parse(&model.build()).unwrap())
}

fn vectorizer(attributes: &[(&str, Attribute)]) -> Result<NativeModel, NotNative> {
    native(
        ModelBuilder::new()
            .input("x", ElementType::Text, &[-1, -1])
            .output("y", ElementType::Float, &[-1, 4])
            .node("TfIdfVectorizer", &["x"], &["y"], attributes),
    )
}

fn tokenizer(
    attributes: &[(&str, Attribute)],
    made: &'static str,
) -> Result<NativeModel, NotNative> {
    let mut all = vec![
        ("mark", Integer(0)),
        ("mincharnum", Integer(1)),
        ("pad_value", Text("a")),
    ];
    all.retain(|(name, _)| attributes.iter().all(|(other, _)| other != name));
    all.extend(attributes.iter().cloned());
    native(
        ModelBuilder::new()
            .input("x", ElementType::Text, &[-1])
            .output("y", ElementType::Float, &[-1, 4])
            .node("com.microsoft.Tokenizer", &["x"], &["t"], &all)
            .node(
                "TfIdfVectorizer",
                &[made],
                &["y"],
                &self::attributes(|_| {}),
            ),
    )
}

fn run(model: &NativeModel, rows: &Array2<&str>) -> Array2<f32> {
    let specs = &model.signature().outputs;
    let mut outputs = [OutputTensor::for_spec(&specs[0], rows.nrows())];
    let call = &mut Call {
        inputs: &[InputTensor::Text(rows.view())],
        outputs: &mut outputs,
        within: None,
        scratch: &mut Scratch::default(),
    };
    model.run(call).unwrap();
    match outputs {
        [OutputTensor::Float(scores)] => scores,
        other => panic!("{other:?}"),
    }
}

#[test]
fn n_grams_are_weighed_with_tokens_between_them() {
    let model = vectorizer(&attributes(|_| {})).unwrap();
    let rows = Array2::from_shape_vec((2, 4), vec!["a", "x", "b", "b", "c", "c", "a", "b"]);
    let rows = rows.unwrap();
    let expected = [[1.0, 4.0, 0.0, 8.0], [1.0, 2.0, 8.0, 8.0]];
    assert_eq!(run(&model, &rows), Array2::from(expected.to_vec()));
    // Columns are free, and empty texts are no tokens.
    let rows = Array2::from_shape_vec((1, 1), vec![""]).unwrap();
    assert_eq!(run(&model, &rows), Array2::zeros((1, 4)));
}

#[test]
fn n_grams_that_contradict_themselves_are_damaged() {
    for (name, value) in [
        ("mode", Text("tf")),
        ("min_gram_length", Integer(-1)),
        ("min_gram_length", Integer(0)),
        ("min_gram_length", Integer(i64::MAX)),
        ("max_gram_length", Integer(i64::MIN)),
        ("max_gram_length", Integer(3)),
        ("max_skip_count", Integer(-1)),
        ("ngram_counts", Integers(vec![])),
        ("ngram_counts", Integers(vec![0, 9])),
        ("ngram_counts", Integers(vec![0, 2])),
        ("ngram_counts", Integers(vec![3, 0])),
        ("ngram_counts", Integers(vec![-1, 3])),
        ("ngram_counts", Integers(vec![i64::MIN, i64::MAX])),
        ("ngram_indexes", Integers(vec![0, 1, 2])),
        ("ngram_indexes", Integers(vec![0, 1, 2, -1])),
        ("ngram_indexes", Integers(vec![0, 1, 2, i64::MIN])),
        ("pool_strings", Texts(vec!["a", "b", "a", "a", "b"])),
        ("pool_strings", Texts(vec![])),
        ("weights", Floats(vec![1.0])),
    ] {
        let error = vectorizer(&set(name, value.clone())).unwrap_err();
        assert!(error.is_malformed(), "{name} {value:?}: {error}");
    }
}

#[test]
fn n_grams_beyond_the_table_are_refused() {
    for (name, value) in [
        ("max_skip_count", Integer(101)),
        ("max_skip_count", Integer(i64::MAX)),
        ("ngram_indexes", Integers(vec![0, 1, 2, 5 << 20])),
        ("ngram_indexes", Integers(vec![0, 1, 2, i64::MAX])),
        ("pool_int64s", Integers(vec![1; 10_000_000])),
        ("pool_int64s", Integers(vec![1])),
    ] {
        let error = vectorizer(&set(name, value)).unwrap_err();
        assert!(!error.is_malformed(), "{name}: {error}");
    }
    let long = [
        ("mode", Text("TF")),
        ("min_gram_length", Integer(101)),
        ("max_gram_length", Integer(101)),
        ("max_skip_count", Integer(0)),
        ("ngram_counts", Integers(vec![0; 101])),
        ("ngram_indexes", Integers(vec![0])),
        ("pool_strings", Texts(vec!["a"; 101])),
    ];
    let error = vectorizer(&long).unwrap_err().to_string();
    let expected = "node 0 (TfIdfVectorizer) is not native: it has n-grams of 101 tokens";
    assert_eq!(error, expected);
}

#[test]
fn a_row_does_not_depend_on_the_longest_row_beside_it() {
    let model = tokenizer(&[("tokenexp", Text("[a-z]+"))], "t").unwrap();
    let texts = vec!["a", "a b c c c", "", "b, a! b", "é a"];
    let all = Array2::from_shape_vec((5, 1), texts.clone()).unwrap();
    let batch = run(&model, &all);
    for (row_idx, text) in texts.into_iter().enumerate() {
        let one = run(&model, &Array2::from_elem((1, 1), text));
        assert_eq!(one.row(0), batch.row(row_idx), "{text}");
    }
}

#[test]
fn patterns_that_are_not_one_class_are_refused() {
    for pattern in [
        "",
        "(a+)+b",
        "(a|aa)+",
        "a|b",
        "^a",
        "a$",
        r"\ba\b",
        "(?i)a",
        "a**",
        "a+?",
        "a{1001}",
        "a{0}",
        "a{2,1}",
        "a{99999999999999999999}",
        "[",
        "[a",
        "[]",
        "[z-a]",
        "[a-",
        "[[:alpha:]]",
        r"\pL",
        r"\",
        r"[\",
        r"[a-\d]",
        r"[a\-",
        "ab",
        r"\x41",
        r"\_",
        "a{",
        "a{,2}",
        "a{1",
        "]",
    ] {
        assert_eq!(Pattern::parse(pattern), None, "{pattern}");
        if pattern.is_empty() {
            continue;
        }
        let error = tokenizer(&[("tokenexp", Text(pattern))], "t").unwrap_err();
        assert!(!error.is_malformed(), "{pattern}: {error}");
    }
    let error = tokenizer(&[("separators", Texts(vec![" ", ",*"]))], "t").unwrap_err();
    assert_eq!(
        error.to_string(),
        "node 0 (Tokenizer) is not native: it splits by the pattern \",*\""
    );
    for damaged in [
        &[("mincharnum", Integer(0)), ("tokenexp", Text("a"))][..],
        &[("mincharnum", Integer(-9)), ("tokenexp", Text("a"))],
        &[("mincharnum", Integer(2)), ("tokenexp", Text("."))],
        &[("mincharnum", Integer(1))],
    ] {
        assert!(tokenizer(damaged, "t").unwrap_err().is_malformed());
    }
    let most = &[("mincharnum", Integer(i64::MAX)), ("tokenexp", Text("a+"))];
    let model = tokenizer(most, "t").unwrap();
    assert_eq!(
        run(&model, &Array2::from_elem((1, 1), "a")),
        Array2::zeros((1, 4))
    );
}

#[test]
fn tokens_are_read_by_what_counts_them_only() {
    let model = |operator, attributes: &[(&str, Attribute)]| {
        native(
            ModelBuilder::new()
                .input("x", ElementType::Text, &[-1, -1])
                .output("y", ElementType::Text, &[-1, 1])
                .node(operator, &["x"], &["y"], attributes),
        )
    };
    let reason = |made: Result<NativeModel, NotNative>| made.unwrap_err().to_string();
    assert_eq!(
        reason(model("Identity", &[])),
        "`y` is not native: its number of columns is not known"
    );
    for operator in ["Concat", "Softmax", "com.microsoft.Tokenizer"] {
        let said = reason(model(operator, &[("axis", Integer(1))]));
        assert!(said.contains("is not known"), "{said}");
    }
    let lower = [
        ("case_change_action", Text("LOWER")),
        ("locale", Text("tr_TR")),
    ];
    let normalizer = |attributes: &[(&str, Attribute)], dims: &[i64]| {
        native(
            ModelBuilder::new()
                .input("x", ElementType::Text, dims)
                .output("y", ElementType::Text, dims)
                .node("StringNormalizer", &["x"], &["y"], attributes),
        )
    };
    for (attributes, dims) in [
        (&lower[..], &[-1][..]),
        (
            &[("stopwords", Texts(vec!["a"])), ("locale", Text("C"))],
            &[1, 2],
        ),
    ] {
        assert!(!normalizer(attributes, dims).unwrap_err().is_malformed());
    }
    for words in [vec!["a", ""], vec!["a", "b", "A"]] {
        let words = [("stopwords", Texts(words)), ("locale", Text("C"))];
        assert!(normalizer(&words, &[-1]).unwrap_err().is_malformed());
    }
    let title = [("case_change_action", Text("TITLE"))];
    assert!(normalizer(&title, &[-1]).unwrap_err().is_malformed());
}

#[test]
fn changed_bytes_never_panic() {
    let lower = [("case_change_action", Text("LOWER")), ("locale", Text("C"))];
    let tokenizer = [
        ("mark", Integer(1)),
        ("mincharnum", Integer(1)),
        ("pad_value", Text("a")),
        ("tokenexp", Text("[a-c_-]{1,9}")),
    ];
    let good = ModelBuilder::new()
        .input("x", ElementType::Text, &[-1])
        .output("y", ElementType::Float, &[-1, 4])
        .node("StringNormalizer", &["x"], &["n"], &lower)
        .node("com.microsoft.Tokenizer", &["n"], &["t"], &tokenizer)
        .node("TfIdfVectorizer", &["t"], &["y"], &attributes(|_| {}))
        .build();
    let rows = Array2::from_shape_vec((3, 1), vec!["A b é", "", "a-c b"]).unwrap();
    let mut loaded = 0;
    for at in 0..good.len() {
        for flip in [0x01, 0x02, 0x10, 0x80, 0xff] {
            let mut bytes = good.clone();
            bytes[at] ^= flip;
            let Ok(model) = OnnxModel::parse(&bytes) else {
                continue;
            };
            let Ok(model) = NativeModel::from_onnx(&model) else {
                continue;
            };
            let signature = model.signature();
            let fits = signature.inputs.len() == 1 && signature.outputs.len() == 1;
            if !fits || signature.outputs[0].element != ElementType::Float {
                continue;
            }
            let mut outputs = [OutputTensor::for_spec(&signature.outputs[0], 3)];
            let call = &mut Call {
                inputs: &[InputTensor::Text(rows.view())],
                outputs: &mut outputs,
                within: None,
                scratch: &mut Scratch::default(),
            };
            loaded += usize::from(model.run(call).is_ok());
        }
    }
    assert!(loaded > 100, "{loaded}");
}
