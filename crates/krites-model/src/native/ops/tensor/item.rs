//! A value as the tensor operators see it: one row of a batch, or a constant.
//!
//! An operator over the elements of a row does to each row what it does to a
//! constant of the row's shape. So its kernel is written once, for a tensor
//! without the batch dimension, and runs over rows or, when the model is
//! loaded, once over constants.

use std::sync::Arc;

use super::give::beyond;
use super::sizes::MOST_DIMS;
use crate::ElementType;
use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::arguments::Operand;
use crate::native::fold::elements;
use crate::native::node::NodeContext;
use crate::native::plan::{Batch, Plan, Shape, Size, Value};
use crate::onnx::tensor::Tensor;

/// One row of a batch, or a constant
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) source: Source,
    pub(crate) element: ElementType,
    /// The dimensions of one row, of a constant all
    pub(crate) dims: Vec<usize>,
    /// How many of them stand in front of the batch
    pub(crate) batch: usize,
}

/// Where an item comes from
#[derive(Clone, Debug)]
pub(crate) enum Source {
    Rows(Operand),
    Constant(Arc<Tensor>),
    Sizes(Vec<Size>),
}

impl Item {
    /// Reads an input that must be there.
    pub(crate) fn of(node: &NodeContext<'_>, idx: usize) -> Result<Self, NotNative> {
        Self::new(node, node.required(idx)?)
    }

    /// Reads an input that may be left out.
    pub(crate) fn optional(node: &NodeContext<'_>, idx: usize) -> Result<Option<Self>, NotNative> {
        node.input(idx)
            .map(|value| Self::new(node, value))
            .transpose()
    }

    /// Reads all inputs, none of which may be left out.
    pub(crate) fn all(node: &NodeContext<'_>) -> Result<Vec<Self>, NotNative> {
        (0..node.n_inputs())
            .map(|idx| Self::of(node, idx))
            .collect()
    }

    /// Takes a value of the graph.
    pub(crate) fn new(node: &NodeContext<'_>, value: &Value) -> Result<Self, NotNative> {
        Ok(match value {
            Value::Batch(batch) => Self::rows(*batch),
            Value::Constant(tensor) if tensor.dims.len() > MOST_DIMS => {
                return Err(node.refuse("it reads a constant of too many dimensions"));
            }
            Value::Constant(tensor) => Self::constant(Arc::clone(tensor)),
            Value::Sizes(dims, sizes) => Self {
                source: Source::Sizes(sizes.clone()),
                element: ElementType::Integer,
                dims: dims.clone(),
                batch: 0,
            },
            Value::Ragged(_) => {
                return Err(node.refuse("the number of columns of an input is not known"));
            }
        })
    }

    /// Takes a value that depends on the batch.
    pub(crate) fn rows(value: Batch) -> Self {
        let (dims, batch) = value.shape.row_dims();
        Self {
            source: Source::Rows(value.operand),
            element: value.shape.element,
            dims,
            batch,
        }
    }

    /// Takes a constant.
    pub(crate) fn constant(tensor: Arc<Tensor>) -> Self {
        Self {
            element: tensor.data.element(),
            dims: tensor.dims.clone(),
            source: Source::Constant(tensor),
            batch: 0,
        }
    }

    /// Makes a constant of one element.
    pub(crate) fn scalar(data: Buffer) -> Self {
        let dims = Vec::new();
        Self::constant(Arc::new(Tensor { dims, data }))
    }

    /// Returns the value for the graph.
    pub(crate) fn into_value(self, node: &NodeContext<'_>) -> Result<Value, NotNative> {
        let (operand, shape) = match self.source {
            Source::Constant(tensor) => return Ok(Value::Constant(tensor)),
            Source::Sizes(sizes) => return Ok(sizes_value(self.dims, sizes)),
            Source::Rows(operand) => {
                let shape = Shape::of_row(self.element, &self.dims, self.batch);
                (operand, shape)
            }
        };
        let shape = shape.ok_or_else(|| node.refuse(beyond(&self.dims)))?;
        Ok(Value::Batch(Batch { operand, shape }))
    }

    /// Tells whether an axis of the graph is the batch.
    pub(crate) fn is_batch(&self, axis: i64) -> bool {
        self.is_rows() && place(axis, self.rank()) == Some(self.batch)
    }

    /// Puts the batch behind the first `batch` dimensions.
    pub(crate) fn at(self, batch: usize) -> Self {
        Self { batch, ..self }
    }

    /// Tells whether there is a row for each case.
    pub(crate) fn is_rows(&self) -> bool {
        matches!(self.source, Source::Rows(_))
    }

    /// Returns the tensor of a constant.
    pub(crate) fn tensor(&self) -> Option<&Arc<Tensor>> {
        match &self.source {
            Source::Constant(tensor) => Some(tensor),
            _ => None,
        }
    }

    /// Counts the elements of a row or of a constant.
    pub(crate) fn len(&self) -> usize {
        elements(&self.dims).unwrap_or(usize::MAX)
    }

    /// Counts the elements from row to row: none for a constant.
    pub(crate) fn stride(&self) -> usize {
        match self.source {
            Source::Constant(_) => 0,
            _ => self.len(),
        }
    }

    /// Counts the dimensions, the batch counted in.
    pub(crate) fn rank(&self) -> usize {
        match self.source {
            Source::Rows(_) => self.dims.len() + 1,
            Source::Constant(_) | Source::Sizes(_) => self.dims.len(),
        }
    }

    /// Finds the place of an axis of the graph in the dimensions of a row; the
    /// batch has none.
    pub(crate) fn axis(&self, node: &NodeContext<'_>, axis: i64) -> Result<usize, NotNative> {
        let rank = self.rank();
        let at = place(axis, rank)
            .ok_or_else(|| node.malformed(format!("the axis {axis} of {rank} dimensions")))?;
        match self.source {
            Source::Rows(_) if at == self.batch => {
                Err(node.refuse("it goes over the rows of the batch"))
            }
            Source::Rows(_) => Ok(at - usize::from(at > self.batch)),
            Source::Constant(_) | Source::Sizes(_) => Ok(at),
        }
    }

    /// Gives the same elements other dimensions.
    pub(crate) fn relaid(
        self,
        plan: &mut Plan,
        node: &NodeContext<'_>,
        dims: Vec<usize>,
    ) -> Result<Self, NotNative> {
        if elements(&dims) != Some(self.len()) {
            return Err(node.malformed(format!("{:?} has not the elements of {dims:?}", self.dims)));
        }
        if self.dims == dims {
            return Ok(self);
        }
        if let Source::Constant(tensor) = self.source {
            plan.count_bytes(node, self.element, tensor.data.len(), 0)?;
            let data = tensor.data.clone();
            return Ok(Self::constant(Arc::new(Tensor { dims, data })));
        }
        Ok(Self { dims, ..self })
    }
}

/// Makes a value of sizes, a constant where none follows from the batch.
pub(crate) fn sizes_value(dims: Vec<usize>, sizes: Vec<Size>) -> Value {
    let numbers = sizes.iter().map(|size| match size {
        Size::Number(number) => Some(*number),
        Size::Rows(_) => None,
    });
    match numbers.collect::<Option<Vec<i64>>>() {
        Some(numbers) => Value::Constant(Arc::new(Tensor {
            dims,
            data: Buffer::Integer(numbers),
        })),
        None => Value::Sizes(dims, sizes),
    }
}

/// Finds a place, a negative one from the end.
pub(crate) fn place(place: i64, len: usize) -> Option<usize> {
    let place = if place < 0 {
        place.checked_add(i64::try_from(len).ok()?)?
    } else {
        place
    };
    usize::try_from(place).ok().filter(|&place| place < len)
}
