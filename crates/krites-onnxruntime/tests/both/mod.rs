//! Native answers beside those of ONNX Runtime, for generated models.

#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "each test file uses a part; a test fails by panicking"
)]

use std::num::NonZeroUsize;

use krites_model::testing::{Attribute, ModelBuilder, Numbers, say_skipped};
use krites_model::{
    Call, ElementType, InputTensor, Model, ModelError, NativeModel, OnnxModel, OutputTensor,
    Scratch,
};
use krites_onnxruntime::{Hints, OnnxRuntime, OnnxRuntimeModel};
use ndarray::{Array2, ArrayView2, Axis};

/// Returns the library, or says that the test is skipped.
pub(crate) fn runtime() -> Option<OnnxRuntime> {
    let runtime = OnnxRuntime::locate(&Hints::default());
    runtime.map_err(|error| say_skipped(&error)).ok()
}

/// Picks one of several.
pub(crate) fn pick<T: Clone>(numbers: &mut Numbers, of: &[T]) -> T {
    of[numbers.below(of.len())].clone()
}

/// The rows of a model with one input
pub(crate) enum Rows {
    Floats(Array2<f32>),
    Doubles(Array2<f64>),
    Integers(Array2<i64>),
}

impl Rows {
    pub(crate) fn element(&self) -> ElementType {
        match self {
            Self::Floats(_) => ElementType::Float,
            Self::Doubles(_) => ElementType::Double,
            Self::Integers(_) => ElementType::Integer,
        }
    }

    pub(crate) fn dim(&self) -> (usize, usize) {
        match self {
            Self::Floats(rows) => rows.dim(),
            Self::Doubles(rows) => rows.dim(),
            Self::Integers(rows) => rows.dim(),
        }
    }

    fn view(&self, from: usize, to: usize) -> InputTensor<'_> {
        fn part<T>(rows: &Array2<T>, from: usize, to: usize) -> ArrayView2<'_, T> {
            rows.slice_axis(Axis(0), (from..to).into())
        }
        match self {
            Self::Floats(rows) => InputTensor::Float(part(rows, from, to)),
            Self::Doubles(rows) => InputTensor::Double(part(rows, from, to)),
            Self::Integers(rows) => InputTensor::Integer(part(rows, from, to)),
        }
    }
}

/// A model of one node over one input `x`
pub(crate) struct One<'a> {
    pub(crate) operator: &'a str,
    pub(crate) version: i64,
    pub(crate) attributes: &'a [(String, Attribute)],
    /// Names, elements and columns, 0 for none
    pub(crate) outputs: &'a [(&'a str, ElementType, usize)],
}

impl One<'_> {
    /// Returns the bytes of the model over rows such as `rows`.
    pub(crate) fn bytes(&self, rows: &Rows) -> Vec<u8> {
        let attributes: Vec<_> = self
            .attributes
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        let names: Vec<&str> = self.outputs.iter().map(|(name, ..)| *name).collect();
        let mut builder = ModelBuilder::new().opset("ai.onnx.ml", self.version).input(
            "x",
            rows.element(),
            &[-1, i64::try_from(rows.dim().1).unwrap()],
        );
        for &(name, element, width) in self.outputs {
            let dims = [-1, i64::try_from(width).unwrap()];
            builder = builder.output(name, element, &dims[..if width == 0 { 1 } else { 2 }]);
        }
        let operator = format!("ai.onnx.ml.{}", self.operator);
        builder.node(&operator, &["x"], &names, &attributes).build()
    }
}

/// Returns the native model of a file.
pub(crate) fn native(bytes: &[u8]) -> Result<NativeModel, krites_model::NotNative> {
    NativeModel::from_onnx(&OnnxModel::parse(bytes).unwrap())
}

fn run(model: &dyn Model, rows: &Rows, from: usize, to: usize) -> Vec<OutputTensor> {
    try_run(model, rows, from, to).unwrap()
}

fn try_run(
    model: &dyn Model,
    rows: &Rows,
    from: usize,
    to: usize,
) -> Result<Vec<OutputTensor>, ModelError> {
    let specs = model.signature().outputs.iter();
    let mut outputs: Vec<_> = specs
        .map(|spec| OutputTensor::for_spec(spec, to - from))
        .collect();
    let call = &mut Call {
        inputs: &[rows.view(from, to)],
        outputs: &mut outputs,
        within: None,
        scratch: &mut Scratch::default(),
    };
    model.run(call)?;
    Ok(outputs)
}

/// Numbers of an output, as doubles
fn numbers(output: &OutputTensor) -> Option<Array2<f64>> {
    match output {
        OutputTensor::Float(output) => Some(output.mapv(f64::from)),
        OutputTensor::Double(output) => Some(output.clone()),
        _ => None,
    }
}

fn same(a: f64, b: f64) -> bool {
    a == b || (a.is_nan() && b.is_nan())
}

/// Tells whether two scores are the same but for rounding.
pub(crate) fn close(a: f64, b: f64) -> bool {
    same(a, b) || (a - b).abs() <= 1e-6 + 1e-5 * b.abs()
}

/// Compares a native model with ONNX Runtime, and its rows alone with those of
/// a batch. Labels may differ where `tie` says that scores leave it open.
pub(crate) fn compare(
    runtime: &OnnxRuntime,
    what: &str,
    bytes: &[u8],
    rows: &Rows,
    close: &dyn Fn(f64, f64) -> bool,
    tie: &dyn Fn(&[f64]) -> bool,
) {
    let native = native(bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    let signature = native.signature().clone();
    let other = OnnxRuntimeModel::load(runtime, bytes, signature, NonZeroUsize::MIN)
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    let n_rows = rows.dim().0;
    let ours = run(&native, rows, 0, n_rows);
    let theirs = run(&other, rows, 0, n_rows);
    let scores = ours.iter().find_map(numbers).unwrap();
    for (ours, theirs) in ours.iter().zip(&theirs) {
        for row_idx in 0..n_rows {
            let agree = match (numbers(ours), numbers(theirs)) {
                (Some(a), Some(b)) => {
                    let (a, b) = (a.row(row_idx), b.row(row_idx));
                    a.iter().zip(b).all(|(a, b)| close(*a, *b))
                }
                _ => {
                    label(ours, row_idx) == label(theirs, row_idx)
                        || tie(&scores.row(row_idx).to_vec())
                }
            };
            assert!(
                agree,
                "{what}, row {row_idx}: native {ours:?}, onnxruntime {theirs:?}"
            );
        }
    }
    for row_idx in 0..n_rows {
        for (alone, batch) in run(&native, rows, row_idx, row_idx + 1).iter().zip(&ours) {
            let equal = match (numbers(alone), numbers(batch)) {
                (Some(a), Some(b)) => a
                    .row(0)
                    .iter()
                    .zip(b.row(row_idx))
                    .all(|(a, b)| a.to_bits() == b.to_bits() || same(*a, *b)),
                _ => label(alone, 0) == label(batch, row_idx),
            };
            assert!(equal, "{what}, row {row_idx} alone: {alone:?}, {batch:?}");
        }
    }
}

fn label(output: &OutputTensor, row_idx: usize) -> String {
    match output {
        OutputTensor::Integer(output) => output[(row_idx, 0)].to_string(),
        OutputTensor::Text(output) => output[(row_idx, 0)].clone(),
        other => panic!("{other:?} is no label"),
    }
}
