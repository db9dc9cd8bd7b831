//! Gather and ArrayFeatureExtractor: columns of a row, or entries of a list.

use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::arguments::{Arguments, InputElement, Operand};
use crate::native::join_trees::Part;
use crate::native::node::NodeContext;
use crate::native::plan::{Kernel, Layout, Plan, Shape, Value};
use crate::onnx::tensor::Tensor;
use crate::{ElementType, ModelError};

/// Builds Gather: of columns by constant places, or of a constant list by the
/// places that rows hold.
pub(crate) fn gather(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let axis = node.integer("axis", 0);
    match (node.required(0)?, node.required(1)?) {
        (Value::Batch(_), Value::Constant(places)) if matches!(axis, 1 | -1) => {
            let layout = match places.dims.len() {
                0 => Layout::Column,
                1 => Layout::Matrix,
                _ => return Err(node.refuse("its places are not a list")),
            };
            columns(plan, node, places, layout)
        }
        (Value::Constant(list), Value::Batch(_)) if axis == 0 && list.dims.len() == 1 => {
            let layout = node.batch(1)?.shape.layout;
            entries(plan, node, list.data.len(), layout)
        }
        _ => Err(node.refuse("it gathers neither columns nor entries of a list")),
    }
}

/// Builds ArrayFeatureExtractor, in the same two ways.
pub(crate) fn array_feature_extractor(
    plan: &mut Plan,
    node: &NodeContext<'_>,
) -> Result<Vec<Value>, NotNative> {
    match (node.required(0)?, node.required(1)?) {
        (Value::Batch(_), Value::Constant(places)) => {
            // ONNX Runtime reads such a place from outside of the row.
            if let Buffer::Integer(places) = &places.data
                && let Some(place) = places.iter().find(|&&place| place < 0)
            {
                return Err(node.malformed(format!("it reads the column {place}")));
            }
            columns(plan, node, places, Layout::Matrix)
        }
        (Value::Constant(list), Value::Batch(_))
            if matches!(list.dims.as_slice(), [_] | [1, _]) =>
        {
            if node.batch(1)?.shape.width != 1 {
                return Err(node.refuse("it reads more than one place a row"));
            }
            entries(plan, node, list.data.len(), Layout::Across)
        }
        _ => Err(node.refuse("it extracts neither columns nor entries of a list")),
    }
}

fn columns(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    places: &Tensor,
    layout: Layout,
) -> Result<Vec<Value>, NotNative> {
    let batch = node.matrix(0)?;
    let Buffer::Integer(places) = &places.data else {
        return Err(node.malformed("its places are not whole numbers"));
    };
    let Shape {
        element,
        width: n_in,
        ..
    } = batch.shape;
    let columns: Option<Vec<usize>> = places.iter().map(|&place| place_in(place, n_in)).collect();
    let columns = columns
        .ok_or_else(|| node.malformed(format!("it reads a column beyond {n_in} columns")))?;
    if element == ElementType::Text && columns.is_empty() {
        return Err(node.malformed("it reads no columns"));
    }
    let shape = Shape {
        element,
        layout,
        width: columns.len(),
    };
    if columns.iter().copied().eq(0..n_in) && layout == Layout::Matrix {
        return Ok(vec![Value::Batch(batch)]);
    }
    Ok(plan.step(
        Columns {
            element,
            columns,
            n_in,
        },
        &[batch.operand],
        &[shape],
    ))
}

/// Finds a place, a negative one from the end.
fn place_in(place: i64, len: usize) -> Option<usize> {
    let place = if place < 0 {
        place.checked_add(i64::try_from(len).ok()?)?
    } else {
        place
    };
    usize::try_from(place).ok().filter(|&place| place < len)
}

fn entries(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    len: usize,
    layout: Layout,
) -> Result<Vec<Value>, NotNative> {
    let (list, places) = (node.constant(0)?, node.batch(1)?);
    if places.shape.element != ElementType::Integer {
        return Err(node.malformed("its places are not whole numbers"));
    }
    let element = list.data.element();
    let list: Operand = plan.constant(list);
    let shape = Shape {
        element,
        layout,
        width: places.shape.width,
    };
    let kernel = Entries {
        element,
        len,
        width: places.shape.width,
    };
    Ok(plan.step(kernel, &[list, places.operand], &[shape]))
}

#[derive(Debug)]
struct Columns {
    element: ElementType,
    columns: Vec<usize>,
    n_in: usize,
}

impl Kernel for Columns {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match self.element {
            ElementType::Float => self.pick::<f32>(arguments, output),
            ElementType::Double => self.pick::<f64>(arguments, output),
            ElementType::Integer => self.pick::<i64>(arguments, output),
            ElementType::Boolean => self.pick::<bool>(arguments, output),
            ElementType::Text => {
                let from = arguments.texts(0)?;
                let width = self.columns.len();
                let to = output.texts_mut(arguments.n_rows * width);
                for (row_idx, to) in to.chunks_exact_mut(width).enumerate() {
                    for (to, column) in to.iter_mut().zip(&self.columns) {
                        to.clear();
                        to.push_str(from.get(row_idx * self.n_in + column));
                    }
                }
                Ok(())
            }
        }
    }

    fn part(&self) -> Part<'_> {
        Part::Columns {
            columns: &self.columns,
            width: self.n_in,
        }
    }
}

impl Columns {
    fn pick<T: InputElement>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
    ) -> Result<(), ModelError> {
        let from = arguments.array::<T>(0)?;
        let to = T::resized(output, arguments.n_rows * self.columns.len());
        let rows = from.chunks_exact(self.n_in);
        let picked = rows.flat_map(|row| self.columns.iter().filter_map(|&column| row.get(column)));
        for (to, &from) in to.iter_mut().zip(picked) {
            *to = from;
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Entries {
    element: ElementType,
    len: usize,
    width: usize,
}

impl Kernel for Entries {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match self.element {
            ElementType::Float => self.pick::<f32>(arguments, output),
            ElementType::Double => self.pick::<f64>(arguments, output),
            ElementType::Integer => self.pick::<i64>(arguments, output),
            ElementType::Boolean => self.pick::<bool>(arguments, output),
            ElementType::Text => {
                let list = arguments.texts(0)?;
                let places = arguments.array::<i64>(1)?;
                let to = output.texts_mut(arguments.n_rows * self.width);
                for (to, &place) in to.iter_mut().zip(places) {
                    let place = place_in(place, self.len).ok_or_else(|| self.beyond(place))?;
                    to.clear();
                    to.push_str(list.get(place));
                }
                Ok(())
            }
        }
    }
}

impl Entries {
    fn pick<T: InputElement>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
    ) -> Result<(), ModelError> {
        let list = arguments.array::<T>(0)?;
        let places = arguments.array::<i64>(1)?;
        let to = T::resized(output, arguments.n_rows * self.width);
        for (to, &place) in to.iter_mut().zip(places) {
            let found = place_in(place, self.len).and_then(|place| list.get(place));
            *to = *found.ok_or_else(|| self.beyond(place))?;
        }
        Ok(())
    }

    #[cold]
    fn beyond(&self, place: i64) -> ModelError {
        ModelError::Failed {
            detail: format!("the place {place} is beyond a list of {}", self.len),
        }
    }
}
