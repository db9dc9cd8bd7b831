//! OneHot: places become columns.

use super::give::{give, only, room};
use super::item::{Item, place};
use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::arguments::{Arguments, InputElement};
use crate::native::node::NodeContext;
use crate::native::ops::cast::cast_item;
use crate::native::plan::{Kernel, Plan, Value};
use crate::{ElementType, ModelError};

/// Builds OneHot of constant depth and values.
pub(crate) fn one_hot(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let places = Item::of(node, 0)?;
    let depth = Item::of(node, 1)?;
    let depth = cast_item(plan, node, &depth, ElementType::Integer)?;
    let depth = match depth.tensor().map(|depth| &depth.data) {
        Some(Buffer::Integer(depth)) => match depth.as_slice() {
            [depth] => usize::try_from(*depth).ok().filter(|depth| *depth > 0),
            _ => None,
        },
        _ => return Err(node.refuse("input 1 is not a constant")),
    };
    let depth = depth.ok_or_else(|| node.malformed("its depth is not a positive number"))?;
    let values = Item::of(node, 2)?;
    if values.dims != [2] || values.tensor().is_none() {
        return Err(node.refuse("its values are not two constants"));
    }
    let axis = node.integer("axis", -1);
    let at =
        place(axis, places.rank() + 1).ok_or_else(|| node.malformed(format!("the axis {axis}")))?;
    // The new dimension stands in front of the batch or behind it.
    let behind = places.is_rows() && at > places.batch;
    let batch = places.batch + usize::from(places.is_rows() && !behind);
    let at = at - usize::from(behind);
    let places = cast_item(plan, node, &places, ElementType::Integer)?;
    let mut dims = places.dims.clone();
    dims.insert(at.min(dims.len()), depth);
    let width = room(plan, node, places.is_rows(), &dims)?;
    let kernel = OneHot {
        element: values.element,
        depth,
        inner: places.dims.iter().skip(at).product(),
        n_places: places.len(),
        width,
    };
    let results = [(values.element, dims)];
    let made = give(plan, node, kernel, &[&places, &values], &results, 1)?;
    Ok(vec![only(node, made)?.at(batch).into_value(node)?])
}

#[derive(Debug)]
struct OneHot {
    element: ElementType,
    depth: usize,
    /// Places behind the axis
    inner: usize,
    n_places: usize,
    width: usize,
}

impl Kernel for OneHot {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match self.element {
            ElementType::Float => self.write::<f32>(arguments, output),
            ElementType::Double => self.write::<f64>(arguments, output),
            ElementType::Integer => self.write::<i64>(arguments, output),
            ElementType::Boolean => self.write::<bool>(arguments, output),
            ElementType::Text => {
                let values = arguments.texts(1)?;
                let to = output.texts_mut(arguments.n_rows * self.width);
                to.iter_mut().for_each(|to| {
                    to.clear();
                    to.push_str(values.get(0));
                });
                self.each(arguments, |at| {
                    if let Some(to) = to.get_mut(at) {
                        to.clear();
                        to.push_str(values.get(1));
                    }
                })
            }
        }
    }
}

impl OneHot {
    fn write<T: InputElement>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
    ) -> Result<(), ModelError> {
        let &[off, on] = arguments.array::<T>(1)? else {
            return Ok(());
        };
        let to = T::resized(output, arguments.n_rows * self.width);
        to.fill(off);
        self.each(arguments, |at| {
            if let Some(to) = to.get_mut(at) {
                *to = on;
            }
        })
    }

    /// Calls `on` with each place of the result that is on.
    fn each(
        &self,
        arguments: &Arguments<'_, '_>,
        mut on: impl FnMut(usize),
    ) -> Result<(), ModelError> {
        let places = arguments.array::<i64>(0)?;
        for (row_idx, row) in places.chunks_exact(self.n_places.max(1)).enumerate() {
            for (at, &number) in row.iter().enumerate() {
                if let Some(found) = place(number, self.depth) {
                    let (outer, inner) = (at / self.inner.max(1), at % self.inner.max(1));
                    on(row_idx * self.width + (outer * self.depth + found) * self.inner + inner);
                }
            }
        }
        Ok(())
    }
}
