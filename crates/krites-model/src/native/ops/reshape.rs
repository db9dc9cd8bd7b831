//! Operators that only rename or reshape a value: no step at run time.

use std::sync::Arc;

use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::plan::{Batch, Layout, Plan, Shape, Value};
use crate::native::ragged::Ragged;
use crate::onnx::tensor;

/// Builds Identity.
pub(crate) fn identity(_: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    Ok(vec![node.required(0)?.clone()])
}

/// Builds Constant.
pub(crate) fn constant(_: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let Some(proto) = node
        .attribute("value")
        .and_then(|attribute| attribute.t.as_ref())
    else {
        return Err(node.refuse("its value is not a tensor"));
    };
    match tensor::decode(proto) {
        Ok(Some(tensor)) => Ok(vec![Value::Constant(Arc::new(tensor))]),
        Ok(None) => Err(node.refuse("the type of its value")),
        Err(problem) => Err(node.malformed(problem)),
    }
}

/// Builds Reshape, to one row a case.
pub(crate) fn reshape(_: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let target = node.constant(1)?;
    let Buffer::Integer(target) = &target.data else {
        return Err(node.malformed("its shape is not of whole numbers"));
    };
    if let Value::Ragged(ragged) = node.required(0)?
        && node.integer("allowzero", 0) == 0
        && target.as_slice() == [0, -1]
    {
        return Ok(flat(ragged));
    }
    let batch = node.batch(0)?;
    let width = batch.shape.width;
    let columns = i64::try_from(width).unwrap_or(i64::MAX);
    // 0 keeps a dimension, and the first one of these layouts is the batch.
    let keeps = node.integer("allowzero", 0) == 0
        && matches!(
            batch.shape.layout,
            Layout::Column | Layout::Matrix | Layout::Deep
        );
    let layout = match *target.as_slice() {
        [-1] if width == 1 => Layout::Column,
        [0] if keeps && width == 1 => Layout::Column,
        [-1, to] if to == columns => Layout::Matrix,
        [-1, 0] if keeps && batch.shape.layout == Layout::Matrix => Layout::Matrix,
        [0, -1] if keeps => Layout::Matrix,
        [0, to] if keeps && to == columns => Layout::Matrix,
        [1, -1] if width == 1 => Layout::Across,
        _ => return Err(node.refuse(format!("it reshapes {width} columns to {target:?}"))),
    };
    Ok(relaid(batch, layout))
}

/// Builds Flatten at the first axis.
pub(crate) fn flatten(_: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    if let (Value::Ragged(ragged), 1) = (node.required(0)?, node.integer("axis", 1)) {
        return Ok(flat(ragged));
    }
    let batch = node.batch(0)?;
    if node.integer("axis", 1) != 1 || batch.shape.layout == Layout::Across {
        return Err(node.refuse("it does not flatten to one row a case"));
    }
    Ok(relaid(batch, Layout::Matrix))
}

/// Builds Squeeze of the axis that one-hot encoders add, or of a single column.
pub(crate) fn squeeze(_: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let axes = match node.input(1) {
        Some(_) => match &node.constant(1)?.data {
            Buffer::Integer(axes) => axes.clone(),
            _ => return Err(node.malformed("its axes are not whole numbers")),
        },
        None => node.integers("axes").to_vec(),
    };
    if let Value::Ragged(ragged) = node.required(0)?
        && ragged.layout == Layout::Deep
        && axes == [1]
    {
        return Ok(flat(ragged));
    }
    let batch = node.batch(0)?;
    let layout = match (batch.shape.layout, axes.as_slice()) {
        (Layout::Deep, [1]) => Layout::Matrix,
        (Layout::Matrix, [1 | -1]) if batch.shape.width == 1 => Layout::Column,
        (Layout::Across, [0]) => Layout::Column,
        _ => return Err(node.refuse(format!("it squeezes the axes {axes:?}"))),
    };
    Ok(relaid(batch, layout))
}

/// Lays the elements of each row side by side.
fn flat(ragged: &Ragged) -> Vec<Value> {
    vec![Value::Ragged(Ragged {
        layout: Layout::Matrix,
        ..ragged.clone()
    })]
}

fn relaid(batch: Batch, layout: Layout) -> Vec<Value> {
    vec![Value::Batch(Batch {
        shape: Shape {
            layout,
            ..batch.shape
        },
        ..batch
    })]
}
