//! ZipMap and DictVectorizer: matrices here, maps to ONNX Runtime, the same
//! answers, over generated models.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[allow(dead_code, reason = "other tests need more of it")]
mod cells;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use cells::{Cells, pick, score, some, width};
use krites_model::testing::{Attribute, ModelBuilder, Numbers, say_skipped};
use krites_model::{ClassLabels, ElementType, Model, NativeModel, OnnxModel, OutputTensor};
use ort::environment::Environment;
use ort::session::{Session, SessionInputValue};
use ort::value::{Map, MapValueType, Tensor};

use Attribute::{Floats, Integers, Text, Texts};
use ElementType::{Double as D, Float as F, Integer as I, Text as T};

fn native(what: &str, model: ModelBuilder) -> (Vec<u8>, NativeModel) {
    let bytes = model.build();
    let onnx = OnnxModel::parse(&bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    let native = NativeModel::from_onnx(&onnx).unwrap_or_else(|error| panic!("{what}: {error}"));
    (bytes, native)
}

/// Returns the library, or says that the test is skipped. It is loaded past
/// `OnnxRuntime`, which takes tensors only.
fn environment() -> Option<&'static Environment> {
    static LOADED: OnceLock<Option<Environment>> = OnceLock::new();
    let loaded = LOADED.get_or_init(|| {
        let library = std::env::var_os("ORT_DYLIB_PATH").filter(|path| !path.is_empty())?;
        ort::init_from(library).ok()?.build().ok()
    });
    if loaded.is_none() {
        say_skipped(&"no ONNX Runtime library at ORT_DYLIB_PATH");
    }
    loaded.as_ref()
}

fn session(environment: &Environment, bytes: &[u8]) -> Session {
    let mut builder = Session::builder(environment).unwrap();
    builder.commit_from_memory(bytes).unwrap()
}

const NAMES: [&str; 8] = ["b", "a", "", "é", "yes", "no", "10", "9"];
const NUMBERS: [i64; 8] = [3, -1, 0, 7, i64::MAX, i64::MIN, 10, 9];

/// Picks different ones, in an order at random.
fn distinct<T: Copy>(numbers: &mut Numbers, len: usize, of: &[T]) -> Vec<T> {
    let mut left = of.to_vec();
    (0..len)
        .map(|_| left.swap_remove(numbers.below(left.len())))
        .collect()
}

#[test]
fn scores_behind_maps_agree() {
    let Some(environment) = environment() else {
        return;
    };
    let numbers = &mut Numbers(21);
    for case in 0..500 {
        let (columns, n_classes) = (1 + numbers.below(4), 2 + numbers.below(4));
        let as_texts = numbers.below(2) == 0;
        let texts = distinct(numbers, n_classes, &NAMES);
        let integers = distinct(numbers, n_classes, &NUMBERS);
        let labels = |name: &'static str| {
            if as_texts {
                ("classlabels_strings", Texts(texts.clone()))
            } else {
                (name, Integers(integers.clone()))
            }
        };
        let coefficients = some(numbers, n_classes * columns, &[0.5, -0.3, 0.0, 1.7]);
        let transform = pick(numbers, &["NONE", "SOFTMAX", "LOGISTIC"]);
        let classifier = [
            ("coefficients", Floats(coefficients)),
            (
                "intercepts",
                Floats(some(numbers, n_classes, &[0.1, -0.2, 0.0])),
            ),
            ("post_transform", Text(transform)),
            labels("classlabels_ints"),
        ];
        let key = if as_texts { T } else { I };
        let scores = if numbers.below(2) == 0 { "p" } else { "q" };
        let wide = width(n_classes);
        let plain = ModelBuilder::new()
            .input("x", F, &[-1, width(columns)])
            .node(
                "ai.onnx.ml.LinearClassifier",
                &["x"],
                &["label", "p"],
                &classifier,
            )
            .node("ai.onnx.ml.Normalizer", &["p"], &["q"], &[])
            .output("label", key, &[-1]);
        let zipped = plain
            .clone()
            .node(
                "ai.onnx.ml.ZipMap",
                &[scores],
                &["maps"],
                &[labels("classlabels_int64s")],
            )
            .maps_output("maps", key);
        let plain = plain.output(scores, F, &[-1, wide]);
        let what = format!("case {case}: {classifier:?}");
        let (bytes, zipped) = native(&what, zipped);
        let spec = &zipped.signature().outputs[1];
        let classes = match key {
            T => ClassLabels::Texts(texts.iter().map(ToString::to_string).collect()),
            _ => ClassLabels::Integers(integers.clone()),
        };
        assert_eq!((spec.element, spec.width), (F, n_classes));
        assert_eq!(spec.classes, Some(classes));

        let rows = [Cells::some(numbers, F, 4, columns)];
        let Cells::Float(all) = &rows[0] else {
            unreachable!()
        };
        let given = score(&zipped, &rows, 0, all.nrows()).unwrap();
        let OutputTensor::Float(given) = &given[1] else {
            panic!("{what}: no floats");
        };
        let shape = [all.nrows(), columns];
        let input = || {
            let elements: Vec<f32> = all.iter().copied().collect();
            ort::inputs!["x" => Tensor::from_array((shape, elements)).unwrap()]
        };
        let near = |a: f32, b: f32| {
            a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-6 + 1e-5 * b.abs()
        };
        let mut plain = session(environment, &plain.build());
        let answers = plain.run(input()).unwrap();
        let (_, others) = answers[scores].try_extract_tensor::<f32>().unwrap();
        let mut pairs = given.iter().zip(others);
        assert!(
            pairs.all(|(a, b)| near(*a, *b)),
            "{what}: {given}, {others:?}"
        );

        let mut session = session(environment, &bytes);
        let answers = session.run(input()).unwrap();
        if as_texts {
            let maps = answers["maps"].try_extract_sequence::<MapValueType<String, f32>>();
            for (row, map) in given.rows().into_iter().zip(maps.unwrap()) {
                let map: BTreeMap<String, f32> = map.extract_key_values().into_iter().collect();
                for (label, score) in texts.iter().zip(row) {
                    assert!(near(*score, map[*label]), "{what}");
                }
            }
        } else {
            let maps = answers["maps"].try_extract_sequence::<MapValueType<i64, f32>>();
            for (row, map) in given.rows().into_iter().zip(maps.unwrap()) {
                let map: BTreeMap<i64, f32> = map.extract_key_values().into_iter().collect();
                for (label, score) in integers.iter().zip(row) {
                    assert!(near(*score, map[label]), "{what}");
                }
            }
        }
    }
    println!("500 models of ZipMap compared");
}

/// The entries of a map
type Entries<K, V> = Vec<(K, V)>;

/// Makes a map to texts.
fn texts_map(entries: Entries<i64, &str>) -> SessionInputValue<'static> {
    let (keys, values): (Vec<i64>, Vec<String>) = entries
        .into_iter()
        .map(|(key, value)| (key, value.to_owned()))
        .unzip();
    let keys = Tensor::from_array(([keys.len()], keys)).unwrap();
    let values = Tensor::from_string_array(([values.len()], values.as_slice())).unwrap();
    Map::new_kv(keys, values).unwrap().into()
}

#[test]
fn rows_in_front_of_a_vocabulary_agree() {
    let Some(environment) = environment() else {
        return;
    };
    let numbers = &mut Numbers(22);
    let kinds = [(T, I), (I, T), (I, F), (I, D), (T, F), (T, D)];
    let mut n_rows = 0;
    for case in 0..600 {
        let (key, value) = pick(numbers, &kinds);
        let len = 1 + numbers.below(5);
        let names = distinct(numbers, len, &NAMES);
        let integers = distinct(numbers, len, &NUMBERS);
        let vocabulary = match key {
            T => ("string_vocabulary", Texts(names.clone())),
            _ => ("int64_vocabulary", Integers(integers.clone())),
        };
        let wide = width(len);
        let model = ModelBuilder::new()
            .map_input("x", key, value)
            .output("y", value, &[-1, wide])
            .node("ai.onnx.ml.DictVectorizer", &["x"], &["v"], &[vocabulary]);
        let model = match value {
            F => model.node("Neg", &["v"], &["y"], &[]),
            _ => model.node("Identity", &["v"], &["y"], &[]),
        };
        let what = format!("case {case}: {key} to {value}, {names:?}, {integers:?}");
        let (bytes, native) = native(&what, model);
        let spec = &native.signature().inputs[0];
        let columns: Vec<String> = match key {
            T => names.iter().map(ToString::to_string).collect(),
            _ => integers.iter().map(ToString::to_string).collect(),
        };
        assert_eq!((spec.element, spec.width), (value, len));
        assert_eq!(spec.columns, columns);

        let mut session = session(environment, &bytes);
        let rows = Cells::some(numbers, value, 3, len);
        let given = score(&native, std::slice::from_ref(&rows), 0, 3).unwrap();
        for row_idx in 0..3 {
            // What is zero may be left out, and unknown keys are passed over.
            let leave = numbers.below(2) == 0;
            macro_rules! map {
                ($rows:expr, $zero:expr, $names:expr, $more:expr) => {{
                    let values = $names.iter().copied().zip($rows.row(row_idx));
                    let values = values.map(|(name, value)| (name.to_owned(), *value));
                    let values = values.filter(|(_, value)| !leave || *value != $zero);
                    values.chain([$more]).collect::<Vec<_>>()
                }};
            }
            let input: SessionInputValue<'_> = match (&rows, key) {
                (Cells::Integer(rows), _) => {
                    let entries = map!(rows, 0, names, ("unknown".to_owned(), 5));
                    Map::<String, i64>::new(entries).unwrap().into()
                }
                (Cells::Float(rows), T) => {
                    let entries = map!(rows, 0.0, names, ("unknown".to_owned(), 5.0));
                    Map::<String, f32>::new(entries).unwrap().into()
                }
                (Cells::Double(rows), T) => {
                    let entries = map!(rows, 0.0, names, ("unknown".to_owned(), 5.0));
                    Map::<String, f64>::new(entries).unwrap().into()
                }
                (Cells::Float(rows), _) => {
                    let entries = map!(rows, 0.0, integers, (-77, 5.0));
                    Map::<i64, f32>::new(entries).unwrap().into()
                }
                (Cells::Double(rows), _) => {
                    let entries = map!(rows, 0.0, integers, (-77, 5.0));
                    Map::<i64, f64>::new(entries).unwrap().into()
                }
                (Cells::Text(rows), _) => texts_map(map!(rows, "", integers, (-77, "z"))),
                (Cells::Boolean(_), _) => unreachable!(),
            };
            let answers = session.run(vec![("x", input)]).unwrap();
            let answer = &answers["y"];
            let equal = match &given[0] {
                OutputTensor::Integer(given) => {
                    let (_, other) = answer.try_extract_tensor::<i64>().unwrap();
                    given.row(row_idx).iter().eq(other)
                }
                // A zero that is left out is a positive one.
                OutputTensor::Float(given) => {
                    let (_, other) = answer.try_extract_tensor::<f32>().unwrap();
                    let mut pairs = given.row(row_idx).into_iter().zip(other);
                    pairs.all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
                }
                OutputTensor::Double(given) => {
                    let (_, other) = answer.try_extract_tensor::<f64>().unwrap();
                    let mut pairs = given.row(row_idx).into_iter().zip(other);
                    pairs.all(|(a, b)| a == b || (a.is_nan() && b.is_nan()))
                }
                OutputTensor::Text(given) => {
                    let (_, other) = answer.try_extract_strings().unwrap();
                    given.row(row_idx).iter().eq(&other)
                }
                OutputTensor::Boolean(_) => false,
            };
            assert!(equal, "{what}, row {row_idx} of {rows:?}: {given:?}");
            n_rows += 1;
        }
    }
    println!("600 models of DictVectorizer compared, {n_rows} rows");
}
