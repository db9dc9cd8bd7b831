//! Imputer: a value for each column, where an element is missing.

use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::arguments::{Arguments, InputElement};
use crate::native::explain::{Place, Traced};
use crate::native::node::NodeContext;
use crate::native::plan::{Kernel, Plan, Value};
use crate::{ElementType, ModelError};

/// Builds Imputer.
///
/// ONNX Runtime has none of doubles: these are compared and filled in with what
/// the floats of the node are as doubles.
pub(crate) fn imputer(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let batch = node.rows(0)?;
    let floats = node.floats("imputed_value_floats");
    let integers = node.integers("imputed_value_int64s");
    if floats.is_empty() == integers.is_empty() {
        return Err(node.malformed("what it fills in is not of one type"));
    }
    let width = batch.shape.width;
    let missing = node.float("replaced_value_float", 0.0);
    let fill = match (batch.shape.element, integers.is_empty()) {
        (ElementType::Float, true) => Fill::Floats(columns(node, floats, width)?, missing),
        (ElementType::Double, true) => {
            let doubles: Vec<f64> = floats.iter().map(|&x| f64::from(x)).collect();
            Fill::Doubles(columns(node, &doubles, width)?, f64::from(missing))
        }
        (ElementType::Integer, false) => {
            let missing = node.integer("replaced_value_int64", 0);
            Fill::Integers(columns(node, integers, width)?, missing)
        }
        (element, _) => {
            return Err(node.refuse(format!("what it fills in is not {element}")));
        }
    };
    Ok(plan.step(fill, &[batch.operand], &[batch.shape]))
}

/// Returns one value a column, where there is one a column or one for all.
fn columns<T: Copy>(
    node: &NodeContext<'_>,
    values: &[T],
    width: usize,
) -> Result<Vec<T>, NotNative> {
    match values {
        [all] => Ok(vec![*all; width]),
        values if values.len() == width => Ok(values.to_vec()),
        values => Err(node.malformed(format!(
            "it fills {} values in for {width} columns",
            values.len()
        ))),
    }
}

/// What is filled in, and the element that stands for a missing one; NaN
/// stands for every NaN
#[derive(Debug)]
enum Fill {
    Floats(Vec<f32>, f32),
    Doubles(Vec<f64>, f64),
    Integers(Vec<i64>, i64),
}

impl Kernel for Fill {
    fn trace(&self, _: usize, at: usize) -> Traced {
        Traced::Of(vec![Place::first(at)])
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match self {
            Self::Floats(values, missing) => fill(arguments, output, values, *missing),
            Self::Doubles(values, missing) => fill(arguments, output, values, *missing),
            Self::Integers(values, missing) => fill(arguments, output, values, *missing),
        }
    }
}

fn fill<T: InputElement>(
    arguments: &Arguments<'_, '_>,
    output: &mut Buffer,
    values: &[T],
    missing: T,
) -> Result<(), ModelError> {
    // NaN alone is not equal to itself.
    let is_nan = |x: T| x.partial_cmp(&x).is_none();
    let nan = is_nan(missing);
    let from = arguments.array::<T>(0)?;
    let to = T::resized(output, from.len());
    let width = values.len();
    for (to, from) in to.chunks_exact_mut(width).zip(from.chunks_exact(width)) {
        for ((to, &x), &value) in to.iter_mut().zip(from).zip(values) {
            let missing = x == missing || (nan && is_nan(x));
            *to = if missing { value } else { x };
        }
    }
    Ok(())
}
