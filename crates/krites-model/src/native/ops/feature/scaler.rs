//! Scaler: an offset and a factor for each column.

use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::{Arguments, InputElement};
use crate::native::explain::{Place, Sum, Traced};
use crate::native::node::NodeContext;
use crate::native::ops::cast::cast;
use crate::native::plan::{Kernel, Plan, Shape, Value};
use crate::{ElementType, ModelError};

/// Builds Scaler: (x - offset) × scale.
pub(crate) fn scaler(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let mut batch = node.rows(0)?;
    let (offset, scale) = (node.floats("offset"), node.floats("scale"));
    if offset.len() != scale.len() {
        return Err(node.malformed(format!(
            "it has {} offsets for {} factors",
            offset.len(),
            scale.len()
        )));
    }
    let width = batch.shape.width;
    let columns = match (offset, scale) {
        (&[offset], &[scale]) => vec![(offset, scale); width],
        _ if scale.len() == width => offset.iter().copied().zip(scale.iter().copied()).collect(),
        _ => {
            return Err(node.malformed(format!(
                "it has {} factors for {width} columns",
                scale.len()
            )));
        }
    };
    // Doubles keep their digits until they are shifted.
    let double = batch.shape.element == ElementType::Double;
    if !double {
        batch = cast(plan, node, batch, ElementType::Float)?;
    }
    let shape = Shape {
        element: ElementType::Float,
        ..batch.shape
    };
    let kernel = Scaler { columns, double };
    Ok(plan.step(kernel, &[batch.operand], &[shape]))
}

#[derive(Debug)]
struct Scaler {
    /// Offset and factor
    columns: Vec<(f32, f32)>,
    double: bool,
}

impl Kernel for Scaler {
    fn trace(&self, _: usize, at: usize) -> Traced {
        let (offset, scale) = self.columns.get(at).copied().unwrap_or_default();
        let (offset, scale) = (f64::from(offset), f64::from(scale));
        Traced::Sum(Sum::of(Place::first(at), scale, -offset * scale))
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        if self.double {
            return self.scale(arguments, output, |x: f64, offset, scale| {
                ((x - f64::from(offset)) * f64::from(scale)) as f32
            });
        }
        self.scale(arguments, output, |x: f32, offset, scale| {
            (x - offset) * scale
        })
    }
}

impl Scaler {
    fn scale<T: InputElement>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
        scaled: impl Fn(T, f32, f32) -> f32,
    ) -> Result<(), ModelError> {
        let from = arguments.array::<T>(0)?;
        let to = f32::resized(output, from.len());
        let width = self.columns.len();
        for (to, from) in to.chunks_exact_mut(width).zip(from.chunks_exact(width)) {
            for ((to, &x), &(offset, scale)) in to.iter_mut().zip(from).zip(&self.columns) {
                *to = scaled(x, offset, scale);
            }
        }
        Ok(())
    }
}
