//! Operators that move elements within a row: Transpose, Expand, Tile, Pad,
//! Concat, Compress, Trilu.

use super::broadcast::{Met, row_dims, side};
use super::give::{give_rows, only, room};
use super::item::Item;
use super::pick::{Axis, Place, axes, pick, pick_axes, spread_kernel, strides};
use super::sizes::sizes;
use super::views::places;
use crate::ElementType;
use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::plan::{Plan, Size, Value};

/// Builds Transpose, where rows stay rows.
pub(crate) fn transpose(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let rank = item.rank();
    let perm: Vec<usize> = match node.attribute("perm") {
        Some(perm) => places(node, &perm.ints, rank)?,
        None => (0..rank).rev().collect(),
    };
    let mut sorted = perm.clone();
    sorted.sort_unstable();
    if !sorted.into_iter().eq(0..rank) {
        return Err(node.malformed("its axes are not all, each once"));
    }
    // The batch is moved by saying so; what else moves, moves within a row.
    let batch = perm
        .iter()
        .position(|&at| item.is_rows() && at == item.batch);
    let perm: Vec<usize> = if batch.is_some() {
        let own = perm.iter().filter(|&&at| at != item.batch);
        own.map(|&at| at - usize::from(at > item.batch)).collect()
    } else {
        perm
    };
    let item = transposed(plan, node, &item, &perm)?;
    let item = item.at(batch.unwrap_or(0));
    Ok(vec![item.into_value(node)?])
}

/// Reorders the dimensions of a row.
pub(super) fn transposed(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    item: &Item,
    perm: &[usize],
) -> Result<Item, NotNative> {
    if perm.iter().copied().eq(0..item.dims.len()) {
        return Ok(item.clone());
    }
    let axes = axes(&item.dims);
    let axes: Vec<Axis> = perm
        .iter()
        .filter_map(|&at| axes.get(at).cloned())
        .collect();
    pick_axes(plan, node, item, None, &axes)
}

/// Builds Expand.
pub(crate) fn expand(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let target = sizes(node, &Item::of(node, 1)?)?;
    let outside = || node.refuse("it expands to another number of rows");
    // Where the batch stands, counted from behind: in the item, or in the shape
    let behind = |at: usize| target.len() - 1 - at;
    let after = if item.is_rows() {
        Some(item.dims.len() - item.batch)
    } else {
        let rows = target.iter().position(|size| *size == Size::Rows(1));
        rows.map(behind)
    };
    let mut own = target.clone();
    if let Some(at) = after.and_then(|after| target.len().checked_sub(after + 1))
        && !matches!(own.remove(at), Size::Number(1) | Size::Rows(1))
    {
        return Err(outside());
    }
    let number = |size: &Size| match size {
        Size::Number(number) => usize::try_from(*number).ok(),
        Size::Rows(_) => None,
    };
    let own: Option<Vec<usize>> = own.iter().map(number).collect();
    let own = own.ok_or_else(outside)?;
    let given = row_dims(&item, after).ok_or_else(outside)?;
    let met = Met::with(expanded(node, &given, &own)?, after);
    let made = if after.is_some() && !item.is_rows() {
        spread(plan, node, &item, &met)?
    } else {
        let len = room(plan, node, item.is_rows(), &met.dims)?;
        let own = side(&item, &met);
        let places: Vec<Place> = (0..len).map(|at| Place::new(0, own.at(at))).collect();
        pick(plan, node, &[&item], &places, met.dims)?.at(met.batch)
    };
    Ok(vec![made.into_value(node)?])
}

/// Broadcasts dimensions against others.
fn expanded(
    node: &NodeContext<'_>,
    own: &[usize],
    target: &[usize],
) -> Result<Vec<usize>, NotNative> {
    let mut dims = vec![1; own.len().max(target.len())];
    for side in [own, target] {
        for (to, &dim) in dims.iter_mut().rev().zip(side.iter().rev()) {
            if *to == 1 {
                *to = dim;
            } else if dim != 1 && dim != *to {
                return Err(node.malformed(format!("{dim} elements meet {to}")));
            }
        }
    }
    Ok(dims)
}

/// Gives every row the same elements, broadcast.
pub(super) fn spread(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    item: &Item,
    met: &Met,
) -> Result<Item, NotNative> {
    let Some(tensor) = item.tensor() else {
        return Err(node.refuse("it computes with the number of rows"));
    };
    let len = room(plan, node, true, &met.dims)?;
    let own = side(item, met);
    let places: Vec<Place> = (0..len).map(|at| Place::new(0, own.at(at))).collect();
    let kernel = spread_kernel(item, &places);
    let operand = plan.constant(tensor);
    let results = [(item.element, met.dims.clone())];
    only(
        node,
        give_rows(plan, kernel, &[operand], &results, met.batch),
    )
}

/// Builds Tile.
pub(crate) fn tile(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let repeats = node.numbers(1, "repeats")?.unwrap_or_default();
    if repeats.len() != item.rank() {
        return Err(node.malformed("its repeats are not one a dimension"));
    }
    let mut repeats = repeats;
    if item.is_rows() && repeats.remove(item.batch) != 1 {
        return Err(node.refuse("it repeats the rows of the batch"));
    }
    let dims = item.dims.iter().zip(&repeats).map(|(&dim, &times)| {
        let times = usize::try_from(times).ok()?;
        dim.checked_mul(times)
    });
    let dims: Option<Vec<usize>> = dims.collect();
    let dims = dims.ok_or_else(|| node.malformed("its repeats are out of range"))?;
    room(plan, node, item.is_rows(), &dims)?;
    let strides = strides(&item.dims).into_iter();
    let axes = strides
        .zip(item.dims.iter().zip(&dims))
        .map(|(stride, (&own, &dim))| Axis {
            stride,
            list: (0..dim).map(|at| at.checked_rem(own)).collect(),
        });
    let axes: Vec<Axis> = axes.collect();
    let item = pick_axes(plan, node, &item, None, &axes)?;
    Ok(vec![item.into_value(node)?])
}

/// Builds Concat along any dimension but the batch.
pub(crate) fn concat(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let items = Item::all(node)?;
    let Some(first) = items.first() else {
        return Err(node.malformed("it has no inputs"));
    };
    if items.iter().any(|item| {
        (item.is_rows(), item.rank(), item.batch) != (first.is_rows(), first.rank(), first.batch)
    }) {
        return Err(node.refuse("its inputs differ in type or shape"));
    }
    let axis = first.axis(node, node.integer("axis", 1))?;
    let mut dims = first.dims.clone();
    let along = items.iter().filter_map(|item| item.dims.get(axis));
    let along = along.fold(0_usize, |sum, &dim| sum.saturating_add(dim));
    if let Some(dim) = dims.get_mut(axis) {
        *dim = along;
    }
    let alike = |item: &Item| {
        let mut own = item.dims.clone();
        if let Some(dim) = own.get_mut(axis) {
            *dim = along;
        }
        own == dims
    };
    if !items.iter().all(alike) {
        return Err(node.malformed("its inputs differ beside the dimension that it joins"));
    }
    room(plan, node, first.is_rows(), &dims)?;
    let outer: usize = dims.iter().take(axis).product();
    let inner: Vec<usize> = items
        .iter()
        .map(|item| item.dims.iter().skip(axis).product())
        .collect();
    let runs = (0..outer).flat_map(|row| {
        let inner = inner.iter().enumerate();
        inner.flat_map(move |(source, &len)| {
            (0..len).map(move |at| Place::new(source, row * len + at))
        })
    });
    let places: Vec<Place> = runs.collect();
    let items: Vec<&Item> = items.iter().collect();
    let item = pick(plan, node, &items, &places, dims)?;
    Ok(vec![item.into_value(node)?])
}

/// Builds Compress by a constant condition.
pub(crate) fn compress(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let mut item = Item::of(node, 0)?;
    let Buffer::Boolean(condition) = &node.constant(1)?.data else {
        return Err(node.malformed("its condition is not of truth values"));
    };
    let axis = match node.attribute("axis") {
        Some(axis) => item.axis(node, axis.i)?,
        None if item.is_rows() => return Err(node.refuse("it goes over the rows of the batch")),
        None => {
            let len = item.len();
            item = item.relaid(plan, node, vec![len])?;
            0
        }
    };
    let mut axes = axes(&item.dims);
    if let Some(axis) = axes.get_mut(axis) {
        if condition.len() > axis.list.len() {
            return Err(node.malformed("its condition is longer than what it chooses from"));
        }
        let mut holds = condition.iter();
        axis.list.retain(|_| holds.next() == Some(&true));
    }
    let item = pick_axes(plan, node, &item, None, &axes)?;
    Ok(vec![item.into_value(node)?])
}

/// Builds Trilu of the two last dimensions.
pub(crate) fn trilu(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let above = node
        .numbers(1, "k")?
        .and_then(|k| k.first().copied())
        .unwrap_or(0);
    let (&[.., rows, columns], true) = (
        item.dims.as_slice(),
        !item.is_rows() || item.batch + 2 <= item.dims.len(),
    ) else {
        return Err(node.refuse("it goes over the rows of the batch"));
    };
    let upper = node.integer("upper", 1) != 0;
    let zero = zero(item.element);
    let number = |at: usize| i64::try_from(at).unwrap_or(i64::MAX);
    let places = (0..item.len()).map(|at| {
        let (row, column) = ((at / columns.max(1)) % rows.max(1), at % columns.max(1));
        let edge = number(column).saturating_sub(number(row));
        let kept = if upper { edge >= above } else { edge <= above };
        if kept {
            Place::new(0, at)
        } else {
            Place::new(1, 0)
        }
    });
    let places: Vec<Place> = places.collect();
    let made = pick(plan, node, &[&item, &zero], &places, item.dims.clone())?;
    Ok(vec![made.into_value(node)?])
}

/// Makes a constant of one zero, false or empty text.
pub(super) fn zero(element: ElementType) -> Item {
    Item::scalar(match element {
        ElementType::Float => Buffer::Float(vec![0.0]),
        ElementType::Double => Buffer::Double(vec![0.0]),
        ElementType::Integer => Buffer::Integer(vec![0]),
        ElementType::Boolean => Buffer::Boolean(vec![false]),
        ElementType::Text => Buffer::Text(vec![String::new()]),
    })
}
