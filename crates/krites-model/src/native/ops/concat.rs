//! Concat of columns.

use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::arguments::{Arguments, InputElement};
use crate::native::node::NodeContext;
use crate::native::plan::{Kernel, Layout, Plan, Shape, Value};
use crate::{ElementType, ModelError};

/// Builds Concat along the columns.
pub(crate) fn build(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let parts: Vec<_> = (0..node.n_inputs())
        .map(|idx| node.batch(idx))
        .collect::<Result<_, _>>()?;
    let Some(first) = parts.first() else {
        return Err(node.malformed("it has no inputs"));
    };
    let Shape {
        element, layout, ..
    } = first.shape;
    let last = match layout {
        Layout::Matrix => 1,
        Layout::Deep => 2,
        Layout::Column | Layout::Across => return Err(node.refuse("it joins rows")),
    };
    if node.integer("axis", 1) != last && node.integer("axis", 1) != -1 {
        return Err(node.refuse("it does not join columns"));
    }
    if parts
        .iter()
        .any(|part| part.shape.layout != layout || part.shape.element != element)
    {
        return Err(node.refuse("its inputs differ in type or shape"));
    }
    let widths: Vec<usize> = parts.iter().map(|part| part.shape.width).collect();
    let width = widths
        .iter()
        .fold(0_usize, |sum, &width| sum.saturating_add(width));
    let operands: Vec<_> = parts.iter().map(|part| part.operand).collect();
    let shape = Shape {
        element,
        layout,
        width,
    };
    Ok(plan.step(
        Concat {
            element,
            widths,
            width,
        },
        &operands,
        &[shape],
    ))
}

#[derive(Debug)]
struct Concat {
    element: ElementType,
    widths: Vec<usize>,
    width: usize,
}

impl Kernel for Concat {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match self.element {
            ElementType::Float => self.join::<f32>(arguments, output),
            ElementType::Double => self.join::<f64>(arguments, output),
            ElementType::Integer => self.join::<i64>(arguments, output),
            ElementType::Boolean => self.join::<bool>(arguments, output),
            ElementType::Text => self.join_texts(arguments, output),
        }
    }
}

impl Concat {
    fn join<T: InputElement>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
    ) -> Result<(), ModelError> {
        let to = T::resized(output, arguments.n_rows * self.width);
        let mut first = 0;
        for (idx, &width) in self.widths.iter().enumerate() {
            let from = arguments.array::<T>(idx)?;
            for (to, from) in to
                .chunks_exact_mut(self.width)
                .zip(from.chunks_exact(width))
            {
                if let Some(to) = to.get_mut(first..first + width) {
                    to.copy_from_slice(from);
                }
            }
            first += width;
        }
        Ok(())
    }

    fn join_texts(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
    ) -> Result<(), ModelError> {
        let to = output.texts_mut(arguments.n_rows * self.width);
        let mut first = 0;
        for (idx, &width) in self.widths.iter().enumerate() {
            let from = arguments.texts(idx)?;
            for (row_idx, to) in to.chunks_exact_mut(self.width).enumerate() {
                for (column, to) in to.iter_mut().skip(first).take(width).enumerate() {
                    to.clear();
                    to.push_str(from.get(row_idx * width + column));
                }
            }
            first += width;
        }
        Ok(())
    }
}
