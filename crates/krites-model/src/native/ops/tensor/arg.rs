//! ArgMax and ArgMin: where the greatest or least element stands.

use super::give::{give, only};
use super::item::Item;
use super::reduce::{best, kept_or_ones, last};
use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::{Arguments, InputElement};
use crate::native::node::NodeContext;
use crate::native::plan::{Kernel, Plan, Value};
use crate::{ElementType, ModelError};

/// Builds ArgMax and ArgMin.
pub(crate) fn arg(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let at = item.axis(node, node.integer("axis", 0))?;
    if matches!(item.element, ElementType::Boolean | ElementType::Text) {
        return Err(node.refuse(format!("its elements are {}", item.element)));
    }
    let mut reduced = vec![false; item.dims.len()];
    if let Some(reduced) = reduced.get_mut(at) {
        *reduced = true;
    }
    let (item, [ones, kept], len) = last(plan, node, &item, &reduced)?;
    if len == 0 {
        return Err(node.malformed("it looks for a place among none"));
    }
    let (dims, batch) = kept_or_ones(node, &item, &reduced, [ones, kept]);
    let kernel = Arg {
        element: item.element,
        greatest: node.operator() == "ArgMax",
        from_behind: node.integer("select_last_index", 0) != 0,
        len,
    };
    let results = [(ElementType::Integer, dims)];
    let made = give(plan, node, kernel, &[&item], &results, len)?;
    Ok(vec![only(node, made)?.at(batch).into_value(node)?])
}

#[derive(Debug)]
struct Arg {
    element: ElementType,
    greatest: bool,
    from_behind: bool,
    len: usize,
}

impl Kernel for Arg {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match self.element {
            ElementType::Double => self.find::<f64>(arguments, output),
            ElementType::Integer => self.find::<i64>(arguments, output),
            _ => self.find::<f32>(arguments, output),
        }
    }
}

impl Arg {
    fn find<T: InputElement>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
    ) -> Result<(), ModelError> {
        let from = arguments.array::<T>(0)?;
        let to = i64::resized(output, from.len() / self.len.max(1));
        for (to, group) in to.iter_mut().zip(from.chunks_exact(self.len.max(1))) {
            *to = match (self.greatest, self.from_behind) {
                (true, false) => best(group, |a, b| a > b).0,
                (false, false) => best(group, |a, b| a < b).0,
                (true, true) => best(group, |a, b| a >= b).0,
                (false, true) => best(group, |a, b| a <= b).0,
            };
        }
        Ok(())
    }
}
