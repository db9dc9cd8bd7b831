//! What a kernel reads: inputs of the call, results of earlier steps, constants.

use std::sync::Arc;

use ndarray::ArrayView2;

use crate::buffer::{Buffer, Element, Texts};
use crate::onnx::tensor::Tensor;
use crate::{InputTensor, ModelError};

/// Where a value lies
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operand {
    /// An input of the call
    Input(usize),
    /// The result of a step
    Slot(usize),
    /// A constant
    Constant(usize),
}

/// The values a kernel reads, for the rows of one chunk
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arguments<'a, 'v> {
    pub(crate) operands: &'a [Operand],
    pub(crate) inputs: &'a [InputTensor<'v>],
    /// Copies of inputs that do not lie row by row
    pub(crate) staged: &'a [Buffer],
    pub(crate) slots: &'a [Buffer],
    pub(crate) constants: &'a [Arc<Tensor>],
    /// First row of the chunk
    pub(crate) start: usize,
    /// Rows of the chunk
    pub(crate) n_rows: usize,
}

/// An element type that inputs carry as a plain array
pub(crate) trait InputElement: Element {
    /// Returns the view of an input of this type.
    fn view<'a>(input: &InputTensor<'a>) -> Option<ArrayView2<'a, Self>>;
}

macro_rules! input_element {
    ($element:ty, $variant:ident) => {
        impl InputElement for $element {
            fn view<'a>(input: &InputTensor<'a>) -> Option<ArrayView2<'a, Self>> {
                match input {
                    InputTensor::$variant(view) => Some(*view),
                    _ => None,
                }
            }
        }
    };
}

input_element!(f32, Float);
input_element!(f64, Double);
input_element!(i64, Integer);
input_element!(bool, Boolean);

impl<'a, 'v: 'a> Arguments<'a, 'v> {
    /// Returns the elements of argument `idx`, row-major.
    ///
    /// # Errors
    ///
    /// [`ModelError::Failed`] when the argument has another type.
    pub(crate) fn array<T: InputElement>(&self, idx: usize) -> Result<&'a [T], ModelError> {
        self.find(idx).ok_or_else(|| mismatch(idx))
    }

    /// Returns the texts of argument `idx`, row-major.
    ///
    /// # Errors
    ///
    /// [`ModelError::Failed`] when the argument has another type.
    pub(crate) fn texts(&self, idx: usize) -> Result<Texts<'a>, ModelError> {
        self.find_texts(idx).ok_or_else(|| mismatch(idx))
    }

    fn find<T: InputElement>(&self, idx: usize) -> Option<&'a [T]> {
        match *self.operands.get(idx)? {
            Operand::Input(input) => {
                let view = T::view(self.inputs.get(input)?)?;
                let width = view.ncols();
                match view.to_slice() {
                    Some(all) => all.get(self.start * width..(self.start + self.n_rows) * width),
                    None => T::of(self.staged.get(input)?),
                }
            }
            Operand::Slot(slot) => T::of(self.slots.get(slot)?),
            Operand::Constant(constant) => T::of(&self.constants.get(constant)?.data),
        }
    }

    fn find_texts(&self, idx: usize) -> Option<Texts<'a>> {
        let owned = |buffer: Option<&'a Buffer>| match buffer? {
            Buffer::Text(texts) => Some(Texts::Owned(texts)),
            _ => None,
        };
        match *self.operands.get(idx)? {
            Operand::Input(input) => {
                let InputTensor::Text(view) = self.inputs.get(input)? else {
                    return None;
                };
                let width = view.ncols();
                match view.to_slice() {
                    Some(all) => {
                        let rows = self.start * width..(self.start + self.n_rows) * width;
                        all.get(rows).map(Texts::Borrowed)
                    }
                    None => owned(self.staged.get(input)),
                }
            }
            Operand::Slot(slot) => owned(self.slots.get(slot)),
            Operand::Constant(constant) => {
                owned(self.constants.get(constant).map(|tensor| &tensor.data))
            }
        }
    }
}

#[cold]
fn mismatch(idx: usize) -> ModelError {
    ModelError::Failed {
        detail: format!("argument {idx} of a step has another type"),
    }
}
