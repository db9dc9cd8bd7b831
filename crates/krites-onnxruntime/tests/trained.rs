//! Models trained afresh by `tests/trained/train.py`: native answers, those of ONNX
//! Runtime and those of Python, side by side.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use krites_model::testing::say_skipped;
use krites_model::{
    Call, ElementType, InputSpec, InputTensor, Model, ModelError, NativeModel, OnnxModel,
    OutputTensor, Scratch, native_operators,
};
use krites_onnxruntime::{Hints, OnnxRuntime, OnnxRuntimeModel};
use ndarray::Array2;
use serde_json::Value;

/// Two answers may be so far apart, and this part of the second
const APART: (f64, f64) = (1e-6, 1e-5);

#[test]
fn trained_models_answer_as_python_does() {
    let Some(folder) = std::env::var_os("KRITES_TRAINED").map(PathBuf::from) else {
        return say_skipped(&"no trained models at KRITES_TRAINED");
    };
    let runtime = match OnnxRuntime::locate(&Hints::default()) {
        Ok(runtime) => runtime,
        Err(error) => return say_skipped(&error),
    };
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .filter_map(|entry| Some(entry.ok()?.file_name().to_str()?.to_owned()))
        .filter_map(|name| Some(name.strip_suffix(".onnx")?.to_owned()))
        .collect();
    names.sort();
    assert!(!names.is_empty(), "no models below {}", folder.display());
    let mut report = Report::default();
    for name in &names {
        report.compare(name, &folder, &runtime);
    }
    report.print();
    assert_eq!(report.wrong, Vec::<String>::new());
}

/// What is found of all models
#[derive(Default)]
struct Report {
    lines: Vec<String>,
    n_native: usize,
    /// For each reason against native evaluation, the models
    reasons: BTreeMap<String, Vec<String>>,
    /// For each operator that is not native, how many models have it
    operators: BTreeMap<String, usize>,
    wrong: Vec<String>,
}

impl Report {
    fn compare(&mut self, name: &str, folder: &Path, runtime: &OnnxRuntime) {
        let bytes = std::fs::read(folder.join(format!("{name}.onnx"))).unwrap();
        let fixture = std::fs::read(folder.join(format!("{name}.json"))).unwrap();
        let fixture: Value = serde_json::from_slice(&fixture).unwrap();
        let onnx = match OnnxModel::parse(&bytes) {
            Ok(onnx) => onnx,
            Err(error) => {
                self.line(name, "refused", [None; 3], &error.to_string());
                return self.because(name, &error.to_string());
            }
        };
        let native = NativeModel::from_onnx(&onnx);
        for operator in onnx.contents().operators.keys() {
            if native.is_err() && !native_operators().any(|native| native == operator) {
                *self.operators.entry(operator.clone()).or_default() += 1;
            }
        }
        let signature = match &native {
            Ok(native) => native.signature(),
            Err(_) => onnx.signature(),
        };
        let inputs: Vec<Column> = signature
            .inputs
            .iter()
            .map(|spec| Column::read(spec, &fixture))
            .collect();
        let python = &fixture["outputs"];
        let other = OnnxRuntimeModel::load(runtime, &bytes, signature.clone(), NonZeroUsize::MIN)
            .map_err(|error| error.to_string())
            .and_then(|model| run(&model, &inputs).map_err(|error| error.to_string()));
        let to_python = |answer: &[OutputTensor]| worst_to_python(answer, python);
        let of_other = other.as_ref().ok().map(|answer| to_python(answer));
        let native = match native {
            Ok(native) => run(&native, &inputs),
            Err(error) => {
                self.because(name, &error.to_string());
                let note = other.err().map_or_else(
                    || error.to_string(),
                    |other| format!("{error}; ONNX Runtime: {other}"),
                );
                return self.line(name, "onnxruntime", [None, of_other, None], &note);
            }
        };
        self.n_native += 1;
        let native = match native {
            Ok(native) => native,
            Err(error) => {
                // Both refuse these rows, or one of them is wrong.
                if other.is_ok() {
                    self.wrong.push(format!("{name}: {error}"));
                }
                return self.line(name, "native", [None, of_other, None], &error.to_string());
            }
        };
        let of_native = to_python(&native);
        let both = other.as_ref().ok().map(|other| apart(&native, other));
        let note = other.err().unwrap_or_default();
        self.line(name, "native", [Some(of_native), of_other, both], &note);
        // Sums of floats that nearly cancel out are far from Python's in either backend.
        let nearer = |both: &Distance| {
            both.within(100.0) && of_other.is_some_and(|other| of_native.part <= other.part + 1.0)
        };
        if let Some(both) = both.filter(|both| !both.fits() && !nearer(both)) {
            self.wrong
                .push(format!("{name}: native and ONNX Runtime: {both}"));
        }
        // Where the other backend answers as Python does, nothing but this one is wrong.
        // Where it cannot say, a model of the same name with the plain locale does.
        let plain = folder.join(format!("{name}_plain.onnx")).is_file();
        if of_other.map_or(!plain, |other| other.fits()) && !of_native.within(2.0) {
            self.wrong
                .push(format!("{name}: native and Python: {of_native}"));
        }
    }

    fn because(&mut self, name: &str, reason: &str) {
        let names = self.reasons.entry(reason.to_owned()).or_default();
        names.push(name.to_owned());
    }

    fn line(&mut self, name: &str, backend: &str, found: [Option<Distance>; 3], note: &str) {
        let mut line = format!("{name:<48} {backend:<11}");
        for distance in found {
            let shown = distance.map_or_else(|| "–".to_owned(), |distance| distance.to_string());
            write!(line, " {shown:>14}").unwrap();
        }
        self.lines.push(format!("{line}  {note}"));
    }

    fn print(&self) {
        println!(
            "{:<48} {:<11} {:>14} {:>14} {:>14}",
            "model", "backend", "native–Python", "ort–Python", "native–ort"
        );
        for line in &self.lines {
            println!("{}", line.trim_end());
        }
        println!("\n{} of {} are native\n", self.n_native, self.lines.len());
        println!("operators that are not native, and of how many models:");
        for (operator, count) in &self.operators {
            println!("{count:>5}  {operator}");
        }
        println!("\nwhat refuses each of the others first:");
        for (reason, names) in &self.reasons {
            println!("- {reason}: {}", names.join(", "));
        }
    }
}

/// An input, owned
enum Column {
    Float(Array2<f32>),
    Double(Array2<f64>),
    Integer(Array2<i64>),
    Boolean(Array2<bool>),
    Text(Array2<String>),
}

impl Column {
    fn read(spec: &InputSpec, fixture: &Value) -> Self {
        let inputs = fixture["inputs"].as_array().unwrap();
        let input = inputs
            .iter()
            .find(|input| input["name"] == spec.name.as_str());
        let rows = input.unwrap()["rows"].as_array().unwrap();
        let width = rows[0].as_array().unwrap().len();
        let shape = (rows.len(), width);
        let at = |(row, column): (usize, usize)| &rows[row][column];
        match spec.element {
            ElementType::Float => Self::Float(Array2::from_shape_fn(shape, |place| {
                at(place).as_f64().map_or(f32::NAN, |value| value as f32)
            })),
            ElementType::Double => Self::Double(Array2::from_shape_fn(shape, |place| {
                at(place).as_f64().unwrap_or(f64::NAN)
            })),
            ElementType::Integer => Self::Integer(Array2::from_shape_fn(shape, |place| {
                at(place).as_i64().unwrap()
            })),
            ElementType::Boolean => Self::Boolean(Array2::from_shape_fn(shape, |place| {
                at(place).as_i64().unwrap() != 0
            })),
            ElementType::Text => Self::Text(Array2::from_shape_fn(shape, |place| {
                at(place).as_str().unwrap().to_owned()
            })),
        }
    }
}

fn run(model: &dyn Model, inputs: &[Column]) -> Result<Vec<OutputTensor>, ModelError> {
    let texts: Vec<Array2<&str>> = inputs
        .iter()
        .map(|input| match input {
            Column::Text(texts) => texts.map(String::as_str),
            _ => Array2::default((0, 0)),
        })
        .collect();
    let views: Vec<InputTensor<'_>> = inputs
        .iter()
        .zip(&texts)
        .map(|(input, texts)| match input {
            Column::Float(array) => InputTensor::Float(array.view()),
            Column::Double(array) => InputTensor::Double(array.view()),
            Column::Integer(array) => InputTensor::Integer(array.view()),
            Column::Boolean(array) => InputTensor::Boolean(array.view()),
            Column::Text(_) => InputTensor::Text(texts.view()),
        })
        .collect();
    let n_rows = views[0].dim().0;
    let specs = &model.signature().outputs;
    let mut outputs: Vec<_> = specs
        .iter()
        .map(|spec| OutputTensor::for_spec(spec, n_rows))
        .collect();
    let call = &mut Call {
        inputs: &views,
        outputs: &mut outputs,
        within: None,
        scratch: &mut Scratch::default(),
    };
    model.run(call)?;
    Ok(outputs)
}

/// How far two answers are apart
#[derive(Clone, Copy, Debug, Default)]
struct Distance {
    /// The largest distance of two numbers
    worst: f64,
    /// The largest distance as a part of what it may be
    part: f64,
    /// Rows whose labels differ
    labels: usize,
    /// The sizes differ
    sizes: bool,
}

impl Distance {
    fn number(&mut self, a: f64, b: f64) {
        if a == b || (a.is_nan() && b.is_nan()) {
            return;
        }
        let apart = (a - b).abs();
        let apart = if apart.is_nan() { f64::INFINITY } else { apart };
        self.worst = self.worst.max(apart);
        self.part = self.part.max(apart / (APART.0 + APART.1 * b.abs()));
    }

    fn fits(&self) -> bool {
        self.within(1.0)
    }

    fn within(&self, times: f64) -> bool {
        self.part <= times && self.labels == 0 && !self.sizes
    }
}

impl std::fmt::Display for Distance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mark = if self.fits() { "" } else { "!" };
        let mut text = format!("{mark}{:.1e}", self.worst);
        if self.sizes {
            text.push_str(" sizes");
        }
        if self.labels > 0 {
            write!(text, " {} labels", self.labels)?;
        }
        f.pad(&text)
    }
}

fn texts(output: &OutputTensor) -> Vec<Vec<String>> {
    fn shown<T: ToString>(array: &Array2<T>) -> Vec<Vec<String>> {
        let rows = array.rows().into_iter();
        rows.map(|row| row.iter().map(T::to_string).collect())
            .collect()
    }
    match output {
        OutputTensor::Float(array) => shown(array),
        OutputTensor::Double(array) => shown(array),
        OutputTensor::Integer(array) => shown(array),
        OutputTensor::Boolean(array) => shown(array),
        OutputTensor::Text(array) => shown(array),
    }
}

fn numbers(output: &OutputTensor) -> Option<Array2<f64>> {
    match output {
        OutputTensor::Float(array) => Some(array.mapv(f64::from)),
        OutputTensor::Double(array) => Some(array.clone()),
        _ => None,
    }
}

/// Compares two backends.
fn apart(one: &[OutputTensor], other: &[OutputTensor]) -> Distance {
    let mut found = Distance::default();
    for (one, other) in one.iter().zip(other) {
        if let (Some(one), Some(other)) = (numbers(one), numbers(other)) {
            found.sizes |= one.dim() != other.dim();
            for (a, b) in one.iter().zip(&other) {
                found.number(*a, *b);
            }
        }
    }
    let near = |row| near(one, row);
    for (one, other) in one.iter().zip(other) {
        if numbers(one).is_none() {
            let rows = texts(one).into_iter().zip(texts(other)).enumerate();
            found.labels += rows.filter(|(row, (a, b))| a != b && !near(*row)).count();
        }
    }
    found
}

/// Whether the two highest scores of a row are nearly the same, so that either may win.
fn near(outputs: &[OutputTensor], row: usize) -> bool {
    outputs.iter().filter_map(numbers).any(|scores| {
        let mut scores = scores.row(row).to_vec();
        if let [score] = scores[..] {
            // One score decides by its sign, or at one half.
            return score.abs() < APART.1 || (score - 0.5).abs() < APART.1;
        }
        scores.sort_by(|a, b| b.total_cmp(a));
        scores[0] - scores[1] <= 2.0 * (APART.0 + APART.1 * scores[0].abs())
    })
}

/// Compares an answer with what Python predicts.
fn worst_to_python(answer: &[OutputTensor], python: &Value) -> Distance {
    let mut found = Distance::default();
    for (output, python) in answer.iter().zip(python.as_array().unwrap()) {
        let Some(rows) = python["rows"].as_array() else {
            continue;
        };
        let Some(values) = numbers(output) else {
            for (row, (given, expected)) in texts(output).iter().zip(rows).enumerate() {
                let expected = expected.as_array().unwrap().iter();
                let shown: Vec<String> = expected
                    .map(|value| {
                        value
                            .as_str()
                            .map_or_else(|| value.to_string(), str::to_owned)
                    })
                    .collect();
                found.labels += usize::from(*given != shown && !near(answer, row));
            }
            continue;
        };
        let width = rows[0].as_array().unwrap().len();
        let expected = Array2::from_shape_fn((rows.len(), width), |(row, column)| {
            rows[row][column].as_f64().unwrap_or(f64::NAN)
        });
        // A score that decides between two classes stands beside its negative in some
        // models, before or behind it.
        let columns: Vec<usize> = match (values.ncols(), width) {
            (2, 1) => vec![0, 1],
            _ => vec![0],
        };
        let from = columns.into_iter().map(|column| {
            let mut found = found;
            found.sizes |= values.ncols() < width || values.nrows() != rows.len();
            let given = values.columns().into_iter().skip(column);
            for (given, expected) in given.zip(expected.columns()) {
                for (a, b) in given.iter().zip(expected) {
                    found.number(*a, *b);
                }
            }
            found
        });
        found = from.min_by(|a, b| a.part.total_cmp(&b.part)).unwrap();
    }
    found
}
