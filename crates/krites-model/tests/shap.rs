//! Contributions against those of the Python package shap, of models that
//! `tests/trained/contributions.py` trains: small ones that stand here, and those
//! of real data, made anew.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::path::{Path, PathBuf};

use krites_model::testing::say_skipped;
use krites_model::{
    Attribution, ElementType, Explained, InputRows, Model, NativeModel, OnnxModel, OutputTensor,
    Scratch,
};
use ndarray::Array2;
use serde_json::Value;

/// Two contributions may be so far apart, and this part of what shap says
const APART: (f64, f64) = (1e-6, 1e-5);

#[test]
fn contributions_are_those_of_shap() {
    compare_all(Path::new(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/shap"
    )));
}

#[test]
fn contributions_of_models_of_real_data_are_those_of_shap() {
    match std::env::var_os("KRITES_SHAP") {
        Some(folder) => compare_all(Path::new(&folder)),
        None => say_skipped(&"no contributions of shap at KRITES_SHAP"),
    }
}

/// Compares what each file of a folder tells.
fn compare_all(folder: &Path) {
    let files = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|kind| kind == "json"));
    files.sort();
    assert!(!files.is_empty(), "nothing below {}", folder.display());
    let (mut all, mut wrong) = (0, Vec::new());
    for file in &files {
        let found = compare(file);
        let name = file.file_stem().unwrap().to_string_lossy();
        println!(
            "{name:<45} {:>5} rows, at most {:.2e} away, {:.2} of what may be",
            found.n_vectors, found.most, found.part
        );
        all += found.n_vectors;
        if found.part > 1.0 {
            wrong.push(name.into_owned());
        }
    }
    println!("{all} rows of contributions compared");
    assert_eq!(wrong, Vec::<String>::new());
}

/// How far contributions are apart
#[derive(Default)]
struct Found {
    n_vectors: usize,
    most: f64,
    /// The greatest distance as a part of what it may be
    part: f64,
}

impl Found {
    fn add(&mut self, given: f64, expected: f64) {
        let distance = (given - expected).abs();
        self.most = self.most.max(distance);
        self.part = self
            .part
            .max(distance / (APART.0 + APART.1 * expected.abs()));
    }
}

fn compare(file: &Path) -> Found {
    let told: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let bytes = std::fs::read(file.with_extension("").with_extension("onnx")).unwrap();
    let model = NativeModel::from_onnx(&OnnxModel::parse(&bytes).unwrap()).unwrap();
    let signature = model.signature();
    let scores = |element| matches!(element, ElementType::Float | ElementType::Double);
    let outputs = &signature.outputs;
    let output = outputs
        .iter()
        .position(|output| scores(output.element))
        .unwrap();
    let (background, rows) = (
        read(&model, &told["background"]),
        read(&model, &told["rows"]),
    );
    let attribution = match told["attribution"].as_str().unwrap() {
        "interventional" => Attribution::Interventional,
        _ => Attribution::PathDependent,
    };
    let mut found = Found::default();
    for told in told["told"].as_array().unwrap() {
        let explained = Explained {
            output,
            column: told["column"].as_u64().unwrap() as usize,
            background: &background,
            attribution,
        };
        let explainer = model.explainer(&explained).unwrap();
        found.add(explainer.base(), told["base"].as_f64().unwrap());
        let mut scratch = Scratch::default();
        for (row_idx, expected) in told["contributions"].as_array().unwrap().iter().enumerate() {
            let expected = expected.as_array().unwrap();
            let mut contributions = vec![0.0; expected.len()];
            rows.view(row_idx..row_idx + 1, |row| {
                let explained = explainer.explain(row, &mut contributions, &mut scratch);
                explained.unwrap();
            });
            for (given, expected) in contributions.iter().zip(expected) {
                found.add(*given, expected.as_f64().unwrap());
            }
            found.n_vectors += 1;
        }
    }
    found
}

/// Reads rows of the one input of floats; null is NaN.
fn read(model: &NativeModel, rows: &Value) -> InputRows {
    let rows = rows.as_array().unwrap();
    let width = model.signature().inputs[0].width;
    let rows = Array2::from_shape_fn((rows.len(), width), |(row, column)| {
        rows[row][column]
            .as_f64()
            .map_or(f32::NAN, |value| value as f32)
    });
    InputRows::new(model.signature(), vec![OutputTensor::Float(rows)]).unwrap()
}
