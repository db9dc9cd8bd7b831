//! Models with expected answers from a folder beside the repository, shared by
//! the tests of several crates.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use krites_model::{
    Call, ElementType, InputTensor, Model, ModelError, OutputTensor, Scratch, Signature,
};
use ndarray::{Array2, Axis};

/// A model with rows and what they should give
pub(crate) struct Fixture {
    /// Name of the model
    pub(crate) name: String,
    /// The model file
    pub(crate) bytes: Vec<u8>,
    /// Columns of the rows, as text, in the file's order
    pub(crate) columns: Vec<(String, Vec<String>)>,
}

/// Reads the fixtures, `None` where the folder is not there.
pub(crate) fn fixtures() -> Option<Vec<Fixture>> {
    let folder = folder()?;
    let index = std::fs::read(folder.join("models/MODELS.json")).ok()?;
    let index: Vec<serde_json::Value> = serde_json::from_slice(&index).unwrap();
    let fixtures = index.iter().map(|entry| {
        let text = |key: &str| entry[key].as_str().unwrap();
        let bytes = std::fs::read(folder.join(text("file"))).unwrap();
        let columns = columns(&folder.join("models").join(text("fixture")));
        Fixture {
            name: text("name").to_owned(),
            bytes,
            columns,
        }
    });
    Some(fixtures.collect())
}

fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    let given = std::env::var_os("KRITES_DATA").map(PathBuf::from);
    given
        .into_iter()
        .chain([beside])
        .find(|folder| folder.join("models/MODELS.json").is_file())
}

fn columns(path: &Path) -> Vec<(String, Vec<String>)> {
    if path
        .extension()
        .is_some_and(|extension| extension == "jsonl")
    {
        let file = std::fs::read_to_string(path).unwrap();
        let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in file.lines() {
            let row: serde_json::Map<String, serde_json::Value> =
                serde_json::from_str(line).unwrap();
            for (name, value) in row {
                let text = value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned);
                columns.entry(name).or_default().push(text);
            }
        }
        return columns.into_iter().collect();
    }
    let mut reader = csv::Reader::from_path(path).unwrap();
    let names = reader.headers().unwrap().clone();
    let mut columns: Vec<_> = names
        .iter()
        .map(|name| (name.to_owned(), Vec::new()))
        .collect();
    for row in reader.records() {
        for ((_, column), field) in columns.iter_mut().zip(&row.unwrap()) {
            column.push(field.to_owned());
        }
    }
    columns
}

/// An input of a fixture, owned
pub(crate) enum Column {
    /// Floats
    Float(Array2<f32>),
    /// Texts
    Text(Array2<String>),
}

impl Fixture {
    /// Returns a column by name.
    pub(crate) fn column(&self, name: &str) -> Option<&[String]> {
        self.columns
            .iter()
            .find(|(column, _)| column == name)
            .map(|(_, values)| values.as_slice())
    }

    /// Counts the rows.
    pub(crate) fn n_rows(&self) -> usize {
        self.columns[0].1.len()
    }

    /// Makes the inputs: by name where the file has the column, the words of
    /// its texts for `tokens`, else the columns behind the row's number.
    pub(crate) fn inputs(&self, signature: &Signature) -> Vec<Column> {
        let inputs = signature.inputs.iter().map(|spec| {
            if let ("tokens", Some(texts)) = (spec.name.as_str(), self.column("text")) {
                return Column::Text(words(texts));
            }
            let named = self
                .columns
                .iter()
                .position(|(column, _)| *column == spec.name);
            let first = named.unwrap_or(1);
            let at = |(row, column): (usize, usize)| &self.columns[first + column].1[row];
            let shape = (self.n_rows(), spec.width);
            match spec.element {
                ElementType::Text => {
                    Column::Text(Array2::from_shape_fn(shape, |at_| at(at_).clone()))
                }
                _ => Column::Float(Array2::from_shape_fn(shape, |at_| at(at_).parse().unwrap())),
            }
        });
        inputs.collect()
    }
}

/// Splits texts as `banking77_tokens_lr` was trained: words in small letters,
/// short rows filled with empty texts.
fn words(texts: &[String]) -> Array2<String> {
    let split = |text: &String| -> Vec<String> {
        let text = text.to_lowercase();
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    };
    let rows: Vec<Vec<String>> = texts.iter().map(split).collect();
    let longest = rows.iter().map(Vec::len).max().unwrap();
    Array2::from_shape_fn((rows.len(), longest), |(row, column)| {
        rows[row].get(column).cloned().unwrap_or_default()
    })
}

/// Scores rows `from..to`.
pub(crate) fn score(
    model: &dyn Model,
    inputs: &[Column],
    from: usize,
    to: usize,
    scratch: &mut Scratch,
) -> Result<Vec<OutputTensor>, ModelError> {
    let texts: Vec<Option<Array2<&str>>> = inputs
        .iter()
        .map(|input| match input {
            Column::Float(_) => None,
            Column::Text(texts) => Some(texts.map(String::as_str)),
        })
        .collect();
    let inputs: Vec<InputTensor<'_>> = inputs
        .iter()
        .zip(&texts)
        .map(|(input, texts)| match (input, texts) {
            (Column::Text(_), Some(texts)) => {
                InputTensor::Text(texts.slice_axis(Axis(0), (from..to).into()))
            }
            (Column::Float(floats), _) => {
                InputTensor::Float(floats.slice_axis(Axis(0), (from..to).into()))
            }
            _ => unreachable!(),
        })
        .collect();
    let specs = &model.signature().outputs;
    let mut outputs: Vec<_> = specs
        .iter()
        .map(|spec| OutputTensor::for_spec(spec, to - from))
        .collect();
    let call = &mut Call {
        inputs: &inputs,
        outputs: &mut outputs,
        within: None,
        scratch,
    };
    model.run(call)?;
    Ok(outputs)
}

/// Compares an answer with the fixture and returns the largest distance.
pub(crate) fn compare(fixture: &Fixture, signature: &Signature, outputs: &[OutputTensor]) -> f64 {
    let output = |names: &[&str]| {
        let at = signature
            .outputs
            .iter()
            .position(|spec| names.contains(&spec.name.as_str()))?;
        Some(&outputs[at])
    };
    let mut worst = 0.0_f64;
    let scores = output(&["probabilities", "probability", "scores"]).unwrap();
    let OutputTensor::Float(scores) = scores else {
        panic!("scores are not floats")
    };
    for name in [
        "expected_probability",
        "onnxruntime_probability",
        "expected_score",
        "onnxruntime_score",
    ] {
        let Some(expected) = fixture.column(name) else {
            continue;
        };
        // The scorecards give whole points in an output of their own.
        let (given, slack) = match output(&["score"]) {
            Some(OutputTensor::Float(points)) if name == "expected_score" => (points, 0.5),
            _ => (scores, 0.0),
        };
        for (row, expected) in given.rows().into_iter().zip(expected) {
            let given = f64::from(match row.len() {
                1 => row[0],
                2 => row[1],
                _ => row.iter().copied().fold(0.0, f32::max),
            });
            let expected: f64 = expected.parse().unwrap();
            let distance = (given - expected).abs();
            let bound = 1e-6 + 1e-5 * expected.abs() + slack;
            assert!(
                distance <= bound,
                "{} {name}: {given} is not {expected}",
                fixture.name
            );
            if slack == 0.0 {
                worst = worst.max(distance);
            }
        }
    }
    if let (Some(expected), Some(label)) = (fixture.column("expected_label"), output(&["label"])) {
        let given: Vec<String> = match label {
            OutputTensor::Integer(labels) => labels.iter().map(i64::to_string).collect(),
            OutputTensor::Text(labels) => labels.iter().cloned().collect(),
            _ => panic!("labels are neither whole numbers nor texts"),
        };
        assert_eq!(given, expected, "{}", fixture.name);
    }
    worst
}
