//! OneHotEncoder: a column for each category, one where the element is of it.

use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::explain::{Place, Traced};
use crate::native::node::NodeContext;
use crate::native::ops::encode::keys::{Keys, last_places};
use crate::native::plan::{Kernel, Plan, Shape, Value};
use crate::{ElementType, ModelError};

/// Builds OneHotEncoder. Of equal categories ONNX Runtime takes the last one.
///
/// The whole parts of floats are looked up. NaN and floats beyond whole numbers
/// are unknown categories; the C++ of ONNX Runtime leaves open what they are.
pub(crate) fn one_hot(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let batch = node.rows(0)?;
    let (texts, integers) = (node.texts("cats_strings")?, node.integers("cats_int64s"));
    if texts.is_empty() == integers.is_empty() {
        return Err(node.malformed("its categories are not of one type"));
    }
    let n_categories = texts.len().max(integers.len());
    let integers = last_places(integers.iter().copied());
    let keys = match batch.shape.element {
        ElementType::Text => Keys::Texts(last_places(texts)),
        ElementType::Integer => Keys::Integers(integers),
        ElementType::Float => Keys::PartsOfFloats(integers),
        ElementType::Double => Keys::PartsOfDoubles(integers),
        ElementType::Boolean => return Err(node.refuse("it encodes booleans")),
    };
    // The categories stand behind the dimensions of the input.
    let (mut dims, at) = batch.shape.row_dims();
    dims.push(n_categories);
    let shape = Shape::of_row(ElementType::Float, &dims, at)
        .ok_or_else(|| node.refuse("it encodes too many columns"))?;
    let kernel = OneHot {
        keys,
        width: shape.width,
        n_categories,
        zeros: node.integer("zeros", 1) != 0,
    };
    Ok(plan.step(kernel, &[batch.operand], &[shape]))
}

#[derive(Debug)]
struct OneHot {
    keys: Keys,
    /// Columns of a row of the result
    width: usize,
    n_categories: usize,
    /// An unknown category gives zeros, else it is an error
    zeros: bool,
}

impl Kernel for OneHot {
    fn trace(&self, _: usize, at: usize) -> Traced {
        Traced::Of(vec![Place::first(at / self.n_categories.max(1))])
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let to = f32::resized(output, arguments.n_rows * self.width);
        to.fill(0.0);
        let mut unknown = false;
        self.keys.look_up(arguments, |idx, place| match place {
            Some(place) => {
                if let Some(to) = to.get_mut(idx * self.n_categories + place) {
                    *to = 1.0;
                }
            }
            None => unknown = true,
        })?;
        if unknown && !self.zeros {
            let detail = "a category is not one that the encoder knows".to_owned();
            return Err(ModelError::Failed { detail });
        }
        Ok(())
    }
}
