//! Values of a graph while it is compiled.

use std::sync::Arc;

use crate::native::arguments::Operand;
use crate::native::ragged::Ragged;
use crate::native::shape::Shape;
use crate::onnx::tensor::Tensor;

/// A value that depends on the batch
#[derive(Clone, Copy, Debug)]
pub(crate) struct Batch {
    pub(crate) operand: Operand,
    pub(crate) shape: Shape,
}

/// A value of the graph while it is compiled
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Batch(Batch),
    Ragged(Ragged),
    Constant(Arc<Tensor>),
    /// Whole numbers that follow from the number of rows, with their dimensions
    Sizes(Vec<usize>, Vec<Size>),
}

/// A whole number that may follow from the number of rows
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Size {
    /// So many times the number of rows, once or more
    Rows(i64),
    /// A number
    Number(i64),
}
