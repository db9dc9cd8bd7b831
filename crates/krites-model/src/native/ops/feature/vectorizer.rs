//! FeatureVectorizer: inputs side by side, each cut or filled up to its number
//! of columns.

use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::explain::{Place, Traced};
use crate::native::node::NodeContext;
use crate::native::ops::cast::cast;
use crate::native::plan::{Kernel, Plan, Shape, Value};
use crate::{ElementType, ModelError};

/// Builds FeatureVectorizer. Columns beyond those of an input are zeros, as
/// ONNX Runtime has them; [N] is one row to it, and outside of the table.
pub(crate) fn feature_vectorizer(
    plan: &mut Plan,
    node: &NodeContext<'_>,
) -> Result<Vec<Value>, NotNative> {
    let dimensions = node.integers("inputdimensions");
    if dimensions.len() != node.n_inputs() || dimensions.is_empty() {
        return Err(node.malformed(format!(
            "it has {} inputs and the number of columns for {}",
            node.n_inputs(),
            dimensions.len()
        )));
    }
    let (mut parts, mut operands) = (Vec::new(), Vec::new());
    for (idx, &columns) in dimensions.iter().enumerate() {
        let columns = usize::try_from(columns)
            .map_err(|_| node.malformed(format!("input {idx} gets {columns} columns")))?;
        let batch = node.matrix(idx)?;
        if matches!(
            batch.shape.element,
            ElementType::Boolean | ElementType::Text
        ) {
            return Err(node.refuse(format!("input {idx} is {}", batch.shape.element)));
        }
        let given = batch.shape.width;
        operands.push(cast(plan, node, batch, ElementType::Float)?.operand);
        parts.push(Part { given, columns });
    }
    let width = parts
        .iter()
        .fold(0_usize, |width, part| width.saturating_add(part.columns));
    let shape = Shape::matrix(ElementType::Float, width);
    Ok(plan.step(SideBySide { parts, width }, &operands, &[shape]))
}

/// One input
#[derive(Clone, Copy, Debug)]
struct Part {
    /// Columns that it has
    given: usize,
    /// Columns that it gets
    columns: usize,
}

#[derive(Debug)]
struct SideBySide {
    parts: Vec<Part>,
    width: usize,
}

impl Kernel for SideBySide {
    fn trace(&self, _: usize, at: usize) -> Traced {
        let mut first = 0;
        for (operand, part) in self.parts.iter().enumerate() {
            let at = at - first;
            if at < part.columns {
                return if at < part.given {
                    Traced::Same(Place { operand, at })
                } else {
                    Traced::Of(Vec::new())
                };
            }
            first += part.columns;
        }
        Traced::Anything
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let to = f32::resized(output, arguments.n_rows * self.width);
        to.fill(0.0);
        let mut first = 0;
        for (idx, part) in self.parts.iter().enumerate() {
            let from = arguments.array::<f32>(idx)?.chunks_exact(part.given);
            for (to, from) in to.chunks_exact_mut(self.width).zip(from) {
                let columns = to.iter_mut().skip(first).take(part.columns);
                for (to, &x) in columns.zip(from) {
                    *to = x;
                }
            }
            first += part.columns;
        }
        Ok(())
    }
}
