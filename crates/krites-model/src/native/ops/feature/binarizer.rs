//! Binarizer: one above a threshold, else zero.

use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::arguments::{Arguments, InputElement};
use crate::native::explain::{Place, Traced};
use crate::native::node::NodeContext;
use crate::native::ops::cast::each;
use crate::native::plan::{Kernel, Plan, Value};
use crate::{ElementType, ModelError};

/// Builds Binarizer. NaN is an error, as ONNX Runtime has it; it has none of
/// doubles and whole numbers, which are compared as doubles.
pub(crate) fn binarizer(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let batch = node.rows(0)?;
    let element = batch.shape.element;
    if matches!(element, ElementType::Boolean | ElementType::Text) {
        return Err(node.refuse(format!("its elements are {element}")));
    }
    let threshold = node.float("threshold", 0.0);
    let kernel = Binarizer { element, threshold };
    Ok(plan.step(kernel, &[batch.operand], &[batch.shape]))
}

#[derive(Debug)]
struct Binarizer {
    element: ElementType,
    threshold: f32,
}

impl Kernel for Binarizer {
    fn trace(&self, _: usize, at: usize) -> Traced {
        Traced::Of(vec![Place::first(at)])
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let threshold = f64::from(self.threshold);
        match self.element {
            ElementType::Double => {
                no_nan::<f64>(arguments)?;
                each(arguments, output, |x: f64| {
                    f64::from(u8::from(x > threshold))
                })
            }
            ElementType::Integer => {
                each(arguments, output, |x: i64| i64::from(x as f64 > threshold))
            }
            _ => {
                no_nan::<f32>(arguments)?;
                each(arguments, output, |x: f32| {
                    f32::from(u8::from(x > self.threshold))
                })
            }
        }
    }
}

fn no_nan<T: InputElement>(arguments: &Arguments<'_, '_>) -> Result<(), ModelError> {
    let elements = arguments.array::<T>(0)?;
    if elements.iter().any(|x| x.partial_cmp(x).is_none()) {
        let detail = "an element that is compared with a threshold is NaN".to_owned();
        return Err(ModelError::Failed { detail });
    }
    Ok(())
}
