//! The seam between the engine and whatever scores: native, ONNX Runtime, the
//! host's own. Invariant: nothing here knows of rules.

use std::any::Any;
use std::time::Duration;

use ndarray::{Array2, ArrayView2};

use crate::{ElementType, Explained, Explainer, NotExplained, Signature};

/// A model that can score rows.
///
/// Hosts implement it for tests, remote scorers and other formats. The batch
/// call is the only call; a single case is a batch of one row.
pub trait Model: Send + Sync + std::fmt::Debug {
    /// Returns what the model takes and gives.
    fn signature(&self) -> &Signature;

    /// Names what evaluates the model, as it stands in records: `native`,
    /// `onnxruntime 1.31.0`, or the host's own name.
    fn backend(&self) -> &str;

    /// Tells whether a row's answer can differ in its bits with the rows that
    /// share its batch. The engine then calls row by row.
    fn batching_changes_bits(&self) -> bool;

    /// Scores the rows of `call`.
    ///
    /// Inputs stand in the order of [`Signature::inputs`], every one
    /// `n_rows × width`; outputs in the order of [`Signature::outputs`], sized
    /// by [`OutputTensor::for_spec`] to the same `n_rows`. On an error the
    /// outputs hold nothing of meaning.
    ///
    /// # Errors
    ///
    /// [`ModelError`] says which input, output or step failed.
    fn run(&self, call: &mut Call<'_>) -> Result<(), ModelError>;

    /// Makes what tells the contributions of the input columns to one column of an
    /// output; none by default.
    ///
    /// # Errors
    ///
    /// [`NotExplained`] where the backend, the graph or the background has none.
    fn explainer(&self, explained: &Explained<'_>) -> Result<Box<dyn Explainer>, NotExplained> {
        let _ = explained;
        Err(NotExplained::Backend {
            backend: self.backend().to_owned(),
        })
    }
}

/// One call of a model
#[derive(Debug)]
pub struct Call<'a> {
    /// Inputs in the order of the signature
    pub inputs: &'a [InputTensor<'a>],
    /// Outputs in the order of the signature, written by the model
    pub outputs: &'a mut [OutputTensor],
    /// How long the call may take. Native models are bounded by their size and
    /// read no clock: they ignore it.
    pub within: Option<Duration>,
    /// Memory that the model may keep between calls of one worker
    pub scratch: &'a mut Scratch,
}

/// One input of a call: a view of `n_rows × width` elements
#[derive(Clone, Copy, Debug)]
pub enum InputTensor<'a> {
    /// 32-bit floats
    Float(ArrayView2<'a, f32>),
    /// 64-bit floats
    Double(ArrayView2<'a, f64>),
    /// 64-bit integers
    Integer(ArrayView2<'a, i64>),
    /// Booleans
    Boolean(ArrayView2<'a, bool>),
    /// Texts
    Text(ArrayView2<'a, &'a str>),
}

impl InputTensor<'_> {
    /// Tells the type of the elements.
    #[must_use]
    pub fn element(&self) -> ElementType {
        match self {
            Self::Float(_) => ElementType::Float,
            Self::Double(_) => ElementType::Double,
            Self::Integer(_) => ElementType::Integer,
            Self::Boolean(_) => ElementType::Boolean,
            Self::Text(_) => ElementType::Text,
        }
    }

    /// Counts rows and columns.
    #[must_use]
    pub fn dim(&self) -> (usize, usize) {
        match self {
            Self::Float(array) => array.dim(),
            Self::Double(array) => array.dim(),
            Self::Integer(array) => array.dim(),
            Self::Boolean(array) => array.dim(),
            Self::Text(array) => array.dim(),
        }
    }
}

/// One output of a call: an owned matrix of `n_rows × width` elements
#[derive(Clone, Debug, PartialEq)]
pub enum OutputTensor {
    /// 32-bit floats
    Float(Array2<f32>),
    /// 64-bit floats
    Double(Array2<f64>),
    /// 64-bit integers
    Integer(Array2<i64>),
    /// Booleans
    Boolean(Array2<bool>),
    /// Texts
    Text(Array2<String>),
}

impl OutputTensor {
    /// Makes an output of `n_rows` rows for `spec`, filled with zero, false or
    /// the empty text.
    #[must_use]
    pub fn for_spec(spec: &crate::OutputSpec, n_rows: usize) -> Self {
        let shape = (n_rows, spec.width);
        match spec.element {
            ElementType::Float => Self::Float(Array2::zeros(shape)),
            ElementType::Double => Self::Double(Array2::zeros(shape)),
            ElementType::Integer => Self::Integer(Array2::zeros(shape)),
            ElementType::Boolean => Self::Boolean(Array2::default(shape)),
            ElementType::Text => Self::Text(Array2::default(shape)),
        }
    }

    /// Tells the type of the elements.
    #[must_use]
    pub fn element(&self) -> ElementType {
        match self {
            Self::Float(_) => ElementType::Float,
            Self::Double(_) => ElementType::Double,
            Self::Integer(_) => ElementType::Integer,
            Self::Boolean(_) => ElementType::Boolean,
            Self::Text(_) => ElementType::Text,
        }
    }

    /// Counts rows and columns.
    #[must_use]
    pub fn dim(&self) -> (usize, usize) {
        match self {
            Self::Float(array) => array.dim(),
            Self::Double(array) => array.dim(),
            Self::Integer(array) => array.dim(),
            Self::Boolean(array) => array.dim(),
            Self::Text(array) => array.dim(),
        }
    }
}

/// Memory that a model keeps between the calls of one worker.
///
/// Empty until the model puts something in; its content carries no meaning
/// from one call to the next, only its allocations.
#[derive(Default)]
pub struct Scratch(Option<Box<dyn Any + Send>>);

impl Scratch {
    /// Returns the scratch as a `T`, made by `make` where there is none yet.
    pub fn get_or_insert_with<T: Any + Send>(&mut self, make: impl FnOnce() -> T) -> &mut T {
        if !self.0.as_ref().is_some_and(|held| held.is::<T>()) {
            self.0 = None;
        }
        let held = self.0.get_or_insert_with(|| Box::new(make()));
        #[expect(
            clippy::expect_used,
            reason = "a content of another type was dropped above"
        )]
        held.downcast_mut::<T>().expect("scratch holds a T")
    }
}

impl std::fmt::Debug for Scratch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scratch")
            .field("in_use", &self.0.is_some())
            .finish()
    }
}

/// Why a model could not score
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The call does not fit the signature
    #[error("the call does not fit the model: {detail}")]
    Shape {
        /// Which input or output, what was expected, what came
        detail: String,
    },
    /// The model failed while it ran
    #[error("the model failed: {detail}")]
    Failed {
        /// What the backend said
        detail: String,
    },
    /// The call took longer than it may
    #[error("the model did not answer within {within_ms} ms")]
    Late {
        /// The bound of the call, in milliseconds
        within_ms: u64,
    },
    /// Every session of the pool is busy
    #[error("every session of the model is busy")]
    Busy,
}
