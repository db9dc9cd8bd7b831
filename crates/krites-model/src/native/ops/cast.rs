//! Cast between numbers and truth values.

use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::{Arguments, InputElement};
use crate::native::join_trees::Part;
use crate::native::node::NodeContext;
use crate::native::plan::{Batch, Kernel, Plan, Shape, Value};
use crate::onnx::proto::data_type;
use crate::{ElementType, ModelError};

/// Builds Cast. Floats become integers toward zero, those out of range the
/// nearest one, NaN becomes 0.
pub(crate) fn build(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let to = i32::try_from(node.integer("to", 0)).unwrap_or(0);
    let to = match to {
        data_type::FLOAT => ElementType::Float,
        data_type::DOUBLE => ElementType::Double,
        data_type::INT64 => ElementType::Integer,
        data_type::BOOL => ElementType::Boolean,
        data_type::STRING => ElementType::Text,
        other => return Err(node.refuse(format!("it casts to {}", data_type::name(other)))),
    };
    let batch = node.batch(0)?;
    Ok(vec![Value::Batch(cast(plan, node, batch, to)?)])
}

/// Adds a cast to a plan, where the value has not the type already.
pub(crate) fn cast(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    batch: Batch,
    to: ElementType,
) -> Result<Batch, NotNative> {
    let from = batch.shape.element;
    if from == to {
        return Ok(batch);
    }
    if from == ElementType::Text || to == ElementType::Text {
        return Err(node.refuse(format!("it casts {from} to {to}")));
    }
    let shape = Shape {
        element: to,
        ..batch.shape
    };
    let made = plan.step(Cast { from, to }, &[batch.operand], &[shape]);
    match made.first() {
        Some(Value::Batch(batch)) => Ok(*batch),
        _ => Err(node.refuse("it has no result")),
    }
}

#[derive(Debug)]
struct Cast {
    from: ElementType,
    to: ElementType,
}

impl Kernel for Cast {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        use ElementType::{Boolean, Double, Float, Integer};
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match (self.from, self.to) {
            (Float, Double) => each(arguments, output, |x: f32| f64::from(x)),
            (Float, Integer) => each(arguments, output, |x: f32| x as i64),
            (Float, Boolean) => each(arguments, output, |x: f32| x != 0.0),
            (Double, Float) => each(arguments, output, |x: f64| x as f32),
            (Double, Integer) => each(arguments, output, |x: f64| x as i64),
            (Double, Boolean) => each(arguments, output, |x: f64| x != 0.0),
            (Integer, Float) => each(arguments, output, |x: i64| x as f32),
            (Integer, Double) => each(arguments, output, |x: i64| x as f64),
            (Integer, Boolean) => each(arguments, output, |x: i64| x != 0),
            (Boolean, Float) => each(arguments, output, |x: bool| f32::from(u8::from(x))),
            (Boolean, Double) => each(arguments, output, |x: bool| f64::from(u8::from(x))),
            (Boolean, Integer) => each(arguments, output, |x: bool| i64::from(x)),
            _ => Ok(()),
        }
    }

    fn part(&self) -> Part<'_> {
        Part::Elementwise
    }
}

/// Writes `f` of each element of the first argument.
pub(crate) fn each<T: InputElement, U: Element>(
    arguments: &Arguments<'_, '_>,
    output: &mut Buffer,
    f: impl Fn(T) -> U,
) -> Result<(), ModelError> {
    let from = arguments.array::<T>(0)?;
    let to = U::resized(output, from.len());
    for (to, &from) in to.iter_mut().zip(from) {
        *to = f(from);
    }
    Ok(())
}
