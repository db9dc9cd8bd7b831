//! Inputs of any type for generated models, and both backends run over them.

use std::num::NonZeroUsize;

use krites_model::testing::{Elements, ModelBuilder, Numbers, say_skipped};
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

pub(crate) fn pick<T: Copy>(numbers: &mut Numbers, of: &[T]) -> T {
    of[numbers.below(of.len())]
}

pub(crate) fn some<T: Copy>(numbers: &mut Numbers, len: usize, of: &[T]) -> Vec<T> {
    (0..len).map(|_| pick(numbers, of)).collect()
}

pub(crate) fn width(columns: usize) -> i64 {
    i64::try_from(columns).unwrap()
}

const FLOATS: [f32; 16] = [
    0.0,
    -0.0,
    1.0,
    1.0,
    -1.0,
    2.0,
    0.5,
    -1.5,
    3.0,
    7.25,
    0.1,
    f32::NAN,
    f32::INFINITY,
    f32::NEG_INFINITY,
    1e30,
    1e-30,
];

const DOUBLES: [f64; 14] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    2.0,
    0.1,
    -1.5,
    3.0,
    1_000_000_000.3,
    f64::NAN,
    f64::INFINITY,
    f64::NEG_INFINITY,
    1e300,
    -9.3e18,
];

const INTEGERS: [i64; 10] = [0, 1, 1, 2, 3, -1, 7, i64::MAX, i64::MIN, 1 << 40];

const TEXTS: [&str; 9] = ["", "a", "b", "c", "é", "A", " a", "0", "a b"];

pub(crate) fn floats(numbers: &mut Numbers, len: usize) -> Vec<f32> {
    some(numbers, len, &FLOATS)
}

pub(crate) fn texts(numbers: &mut Numbers, len: usize) -> Vec<&'static str> {
    some(numbers, len, &TEXTS)
}

/// The rows of one input
#[derive(Debug)]
pub(crate) enum Cells {
    Float(Array2<f32>),
    Double(Array2<f64>),
    Integer(Array2<i64>),
    Boolean(Array2<bool>),
    Text(Array2<&'static str>),
}

impl Cells {
    /// Makes rows of a type, odd values among them.
    pub(crate) fn some(
        numbers: &mut Numbers,
        element: ElementType,
        rows: usize,
        columns: usize,
    ) -> Self {
        fn fill<T: Copy>(numbers: &mut Numbers, shape: (usize, usize), of: &[T]) -> Array2<T> {
            Array2::from_shape_fn(shape, |_| pick(numbers, of))
        }
        let shape = (rows, columns);
        match element {
            ElementType::Float => Self::Float(fill(numbers, shape, &FLOATS)),
            ElementType::Double => Self::Double(fill(numbers, shape, &DOUBLES)),
            ElementType::Integer => Self::Integer(fill(numbers, shape, &INTEGERS)),
            ElementType::Boolean => Self::Boolean(fill(numbers, shape, &[false, true])),
            ElementType::Text => Self::Text(fill(numbers, shape, &TEXTS)),
        }
    }

    /// Returns all elements as those of a tensor.
    pub(crate) fn elements(&self) -> Elements {
        match self {
            Self::Float(all) => Elements::Floats(all.iter().copied().collect()),
            Self::Double(all) => Elements::Doubles(all.iter().copied().collect()),
            Self::Integer(all) => Elements::Integers(all.iter().copied().collect()),
            Self::Boolean(all) => Elements::Booleans(all.iter().copied().collect()),
            Self::Text(all) => Elements::Texts(all.iter().copied().collect()),
        }
    }

    fn dim(&self) -> (usize, usize) {
        self.view(0, usize::MAX).dim()
    }

    /// Declares the shape; one column may be [N] too.
    pub(crate) fn dims(&self, numbers: &mut Numbers) -> Vec<i64> {
        match self.dim().1 {
            1 if numbers.below(3) == 0 => vec![-1],
            columns => vec![-1, width(columns)],
        }
    }

    fn view(&self, from: usize, to: usize) -> InputTensor<'_> {
        fn rows<T>(array: &Array2<T>, from: usize, to: usize) -> ArrayView2<'_, T> {
            array.slice_axis(Axis(0), (from..to.min(array.nrows())).into())
        }
        match self {
            Self::Float(all) => InputTensor::Float(rows(all, from, to)),
            Self::Double(all) => InputTensor::Double(rows(all, from, to)),
            Self::Integer(all) => InputTensor::Integer(rows(all, from, to)),
            Self::Boolean(all) => InputTensor::Boolean(rows(all, from, to)),
            Self::Text(all) => InputTensor::Text(rows(all, from, to)),
        }
    }
}

/// Scores the rows from `from` up to `to`.
pub(crate) fn score(
    model: &dyn Model,
    rows: &[Cells],
    from: usize,
    to: usize,
) -> Result<Vec<OutputTensor>, ModelError> {
    let inputs: Vec<_> = rows.iter().map(|cells| cells.view(from, to)).collect();
    let specs = model.signature().outputs.iter();
    let mut outputs: Vec<_> = specs
        .map(|spec| OutputTensor::for_spec(spec, to - from))
        .collect();
    model.run(&mut Call {
        inputs: &inputs,
        outputs: &mut outputs,
        within: None,
        scratch: &mut Scratch::default(),
    })?;
    Ok(outputs)
}

/// Compares a model's native answers with those of ONNX Runtime.
pub(crate) fn compare(runtime: &OnnxRuntime, what: &str, model: ModelBuilder, rows: &[Cells]) {
    let bytes = model.build();
    let onnx = OnnxModel::parse(&bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    let native = NativeModel::from_onnx(&onnx).unwrap_or_else(|error| panic!("{what}: {error}"));
    let other = load(runtime, what, &bytes, &native);
    compare_models(what, &native, &other, rows);
}

/// Loads a model into ONNX Runtime, with the signature of the native one.
pub(crate) fn load(
    runtime: &OnnxRuntime,
    what: &str,
    bytes: &[u8],
    native: &NativeModel,
) -> OnnxRuntimeModel {
    let signature = native.signature().clone();
    OnnxRuntimeModel::load(runtime, bytes, signature, NonZeroUsize::MIN)
        .unwrap_or_else(|error| panic!("{what}: {error}"))
}

/// Compares the answers of two models row by row, errors too, and those of the
/// native one with its answers to all rows at once.
pub(crate) fn compare_models(what: &str, native: &NativeModel, other: &dyn Model, rows: &[Cells]) {
    let n_rows = rows[0].dim().0;
    let batch = score(native, rows, 0, n_rows);
    let mut failed = false;
    for row_idx in 0..n_rows {
        let one = score(native, rows, row_idx, row_idx + 1);
        let other = score(other, rows, row_idx, row_idx + 1);
        match (one, other) {
            (Ok(one), Ok(other)) => {
                for (one, other) in one.iter().zip(&other) {
                    assert!(
                        close(one, other),
                        "{what}, row {row_idx} of {rows:?}: {one:?} is not {other:?}"
                    );
                }
                if let Ok(batch) = &batch {
                    for (one, batch) in one.iter().zip(batch) {
                        assert!(
                            same_bits(one, batch, row_idx),
                            "{what}: row {row_idx} differs in the batch"
                        );
                    }
                }
            }
            (Err(_), Err(_)) => failed = true,
            (one, other) => panic!("{what}, row {row_idx} of {rows:?}: {one:?}, {other:?}"),
        }
    }
    assert_eq!(batch.is_err(), failed, "{what}");
}

/// Tells whether the answers to one row are as close as backends agree.
fn close(a: &OutputTensor, b: &OutputTensor) -> bool {
    fn near(a: f64, b: f64) -> bool {
        a == b || (a.is_nan() && b.is_nan()) || (a - b).abs() <= 1e-6 + 1e-5 * b.abs()
    }
    match (a, b) {
        (OutputTensor::Float(a), OutputTensor::Float(b)) => {
            let mut pairs = a.iter().zip(b);
            a.dim() == b.dim() && pairs.all(|(&a, &b)| near(a.into(), b.into()))
        }
        (OutputTensor::Double(a), OutputTensor::Double(b)) => {
            a.dim() == b.dim() && a.iter().zip(b).all(|(&a, &b)| near(a, b))
        }
        (a, b) => a == b,
    }
}

/// Tells whether a row of a batch has the bits that the row has alone.
fn same_bits(one: &OutputTensor, batch: &OutputTensor, row_idx: usize) -> bool {
    fn bits<T: Copy, U: PartialEq>(
        one: &Array2<T>,
        batch: &Array2<T>,
        row_idx: usize,
        bits: impl Fn(T) -> U,
    ) -> bool {
        let mut pairs = one.row(0).into_iter().zip(batch.row(row_idx));
        pairs.all(|(&a, &b)| bits(a) == bits(b))
    }
    match (one, batch) {
        (OutputTensor::Float(one), OutputTensor::Float(batch)) => {
            bits(one, batch, row_idx, f32::to_bits)
        }
        (OutputTensor::Double(one), OutputTensor::Double(batch)) => {
            bits(one, batch, row_idx, f64::to_bits)
        }
        (OutputTensor::Integer(one), OutputTensor::Integer(batch)) => {
            one.row(0) == batch.row(row_idx)
        }
        (OutputTensor::Boolean(one), OutputTensor::Boolean(batch)) => {
            one.row(0) == batch.row(row_idx)
        }
        (OutputTensor::Text(one), OutputTensor::Text(batch)) => one.row(0) == batch.row(row_idx),
        _ => false,
    }
}
