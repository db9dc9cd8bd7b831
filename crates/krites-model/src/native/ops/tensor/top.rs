//! TopK: the greatest or least elements, with their places.

use super::give::give;
use super::item::Item;
use super::moves::transposed;
use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::{Arguments, InputElement};
use crate::native::node::NodeContext;
use crate::native::plan::{Kernel, Plan, Value};
use crate::{ElementType, ModelError};

/// Builds TopK of a constant number of elements.
pub(crate) fn top(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let axis = item.axis(node, node.integer("axis", -1))?;
    let k = match (node.input(1), node.attribute("k")) {
        (None, Some(k)) => vec![k.i],
        _ => node.numbers(1, "")?.unwrap_or_default(),
    };
    let len = item.dims.get(axis).copied().unwrap_or(0);
    let k = match k.as_slice() {
        [k] => usize::try_from(*k).ok().filter(|k| *k <= len),
        _ => None,
    };
    let k = k.ok_or_else(|| node.malformed(format!("it wants more than {len} elements")))?;
    if node.integer("sorted", 1) == 0 && k > 1 {
        return Err(node.refuse("the order of what it gives is open"));
    }
    if matches!(item.element, ElementType::Boolean | ElementType::Text) {
        return Err(node.refuse(format!("its elements are {}", item.element)));
    }
    let rank = item.dims.len();
    let mut perm: Vec<usize> = (0..rank).filter(|&at| at != axis).collect();
    perm.push(axis);
    let moved = transposed(plan, node, &item, &perm)?;
    let mut dims = moved.dims.clone();
    if let Some(last) = dims.last_mut() {
        *last = k;
    }
    let kernel = Top {
        element: item.element,
        greatest: node.integer("largest", 1) != 0,
        len,
        k,
    };
    let results = [
        (item.element, dims.clone()),
        (ElementType::Integer, dims),
        // Where the places are sorted
        (ElementType::Integer, moved.dims.clone()),
    ];
    let made = give(plan, node, kernel, &[&moved], &results, 32)?;
    let mut back = vec![0; rank];
    for (at, &from) in perm.iter().enumerate() {
        if let Some(back) = back.get_mut(from) {
            *back = at;
        }
    }
    let mut values = Vec::with_capacity(2);
    for item in made.iter().take(2) {
        values.push(transposed(plan, node, item, &back)?.into_value(node)?);
    }
    Ok(values)
}

#[derive(Debug)]
struct Top {
    element: ElementType,
    greatest: bool,
    len: usize,
    k: usize,
}

impl Kernel for Top {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        match self.element {
            ElementType::Double => self.find::<f64>(arguments, outputs),
            ElementType::Integer => self.find::<i64>(arguments, outputs),
            _ => self.find::<f32>(arguments, outputs),
        }
    }
}

impl Top {
    fn find<T: InputElement>(
        &self,
        arguments: &Arguments<'_, '_>,
        outputs: &mut [Buffer],
    ) -> Result<(), ModelError> {
        let [values, places, order] = outputs else {
            return Ok(());
        };
        let from = arguments.array::<T>(0)?;
        let n_groups = from.len() / self.len.max(1);
        let values = T::resized(values, n_groups * self.k);
        let places = i64::resized(places, n_groups * self.k);
        let order = i64::resized(order, from.len());
        let k = self.k.max(1);
        let results = values.chunks_exact_mut(k).zip(places.chunks_exact_mut(k));
        let groups = from.chunks_exact(self.len.max(1));
        let orders = order.chunks_exact_mut(self.len.max(1));
        for ((group, order), (values, places)) in groups.zip(orders).zip(results) {
            for (at, to) in (0_i64..).zip(order.iter_mut()) {
                *to = at;
            }
            let value = |at: i64| {
                let at = usize::try_from(at).unwrap_or(0);
                group.get(at).copied().unwrap_or_default()
            };
            order.sort_unstable_by(|&a, &b| {
                let (x, y) = (value(a), value(b));
                // What is no number comes last, so that the order is total.
                let (x_is, y_is) = (x.partial_cmp(&x).is_some(), y.partial_cmp(&y).is_some());
                let by_value = match x.partial_cmp(&y) {
                    Some(order) if self.greatest => order.reverse(),
                    Some(order) => order,
                    None => y_is.cmp(&x_is),
                };
                by_value.then(a.cmp(&b))
            });
            for ((value_to, place_to), &at) in values.iter_mut().zip(places).zip(&*order) {
                (*value_to, *place_to) = (value(at), at);
            }
        }
        Ok(())
    }
}
