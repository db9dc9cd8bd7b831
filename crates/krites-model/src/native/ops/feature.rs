//! Scaler and Imputer: one number a column.

use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::node::NodeContext;
use crate::native::ops::cast::cast;
use crate::native::plan::{Kernel, Plan, Shape, Value};
use crate::{ElementType, ModelError};

/// Builds Scaler: (x - offset) × scale.
pub(crate) fn scaler(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let batch = node.rows(0)?;
    let batch = cast(plan, node, batch, ElementType::Float)?;
    let width = batch.shape.width;
    let offset = column_values(node, "offset", width)?;
    let scale = column_values(node, "scale", width)?;
    let shape = Shape {
        element: ElementType::Float,
        ..batch.shape
    };
    Ok(plan.step(Scaler { offset, scale }, &[batch.operand], &[shape]))
}

/// Builds Imputer of floats.
pub(crate) fn imputer(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let batch = node.rows(0)?;
    if batch.shape.element != ElementType::Float {
        return Err(node.refuse("its elements are not floats"));
    }
    let values = column_values(node, "imputed_value_floats", batch.shape.width)?;
    let missing = node.float("replaced_value_float", 0.0);
    Ok(plan.step(
        Imputer { values, missing },
        &[batch.operand],
        &[batch.shape],
    ))
}

/// Reads one float a column, or one for all.
fn column_values(node: &NodeContext<'_>, name: &str, width: usize) -> Result<Vec<f32>, NotNative> {
    match node.floats(name) {
        [all] => Ok(vec![*all; width]),
        values if values.len() == width => Ok(values.to_vec()),
        values => Err(node.malformed(format!(
            "`{name}` has {} values for {width} columns",
            values.len()
        ))),
    }
}

#[derive(Debug)]
struct Scaler {
    offset: Vec<f32>,
    scale: Vec<f32>,
}

impl Kernel for Scaler {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let from = arguments.array::<f32>(0)?;
        let to = f32::resized(output, from.len());
        let width = self.offset.len();
        for (to, from) in to.chunks_exact_mut(width).zip(from.chunks_exact(width)) {
            for (((to, x), offset), scale) in
                to.iter_mut().zip(from).zip(&self.offset).zip(&self.scale)
            {
                *to = (x - offset) * scale;
            }
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Imputer {
    values: Vec<f32>,
    /// The float that stands for a missing one; NaN stands for every NaN
    missing: f32,
}

impl Kernel for Imputer {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let from = arguments.array::<f32>(0)?;
        let to = f32::resized(output, from.len());
        let width = self.values.len();
        for (to, from) in to.chunks_exact_mut(width).zip(from.chunks_exact(width)) {
            for ((to, &x), &value) in to.iter_mut().zip(from).zip(&self.values) {
                let missing = x == self.missing || (x.is_nan() && self.missing.is_nan());
                *to = if missing { value } else { x };
            }
        }
        Ok(())
    }
}
