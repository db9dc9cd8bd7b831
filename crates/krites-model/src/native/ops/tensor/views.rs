//! Operators that only rename or reshape a value: no step at run time.

use super::item::Item;
use super::sizes::{MOST_DIMS, sizes};
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::plan::{Layout, Plan, Size, Value};
use crate::native::ragged::Ragged;

/// Builds Identity.
pub(crate) fn identity(_: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    Ok(vec![node.required(0)?.clone()])
}

/// Builds Reshape, to one row a case.
pub(crate) fn reshape(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let target = match node.input(1) {
        Some(_) => sizes(node, &Item::of(node, 1)?)?,
        // As before operator set 5
        None => node
            .integers("shape")
            .iter()
            .map(|&dim| Size::Number(dim))
            .collect(),
    };
    let allow_zero = node.integer("allowzero", 0) != 0;
    if let Value::Ragged(ragged) = node.required(0)?
        && !allow_zero
        && target == [Size::Number(0), Size::Number(-1)]
    {
        return Ok(flat(ragged));
    }
    let item = Item::of(node, 0)?;
    let own = full(&item);
    let mut dims = Vec::with_capacity(target.len());
    for (at, &size) in target.iter().enumerate() {
        dims.push(match size {
            Size::Number(0) if !allow_zero => *own
                .get(at)
                .ok_or_else(|| node.malformed("it keeps a dimension that is not there"))?,
            other => other,
        });
    }
    let outside = || node.refuse(format!("it reshapes {:?} to {}", item.dims, show(&target)));
    let mut open = dims.iter().enumerate();
    let mut open = open.by_ref().filter(|(_, dim)| **dim == Size::Number(-1));
    if let Some((at, _)) = open.next() {
        if open.next().is_some() {
            return Err(node.malformed("it leaves two dimensions open"));
        }
        let others = dims.iter().enumerate().filter(|&(idx, _)| idx != at);
        let known = product(others.map(|(_, dim)| *dim)).ok_or_else(outside)?;
        let rest = product(own.iter().copied()).and_then(|all| quotient(all, known));
        if let Some(dim) = dims.get_mut(at) {
            *dim = rest.ok_or_else(outside)?;
        }
    }
    view(plan, node, item, &dims)
}

/// Builds Flatten.
pub(crate) fn flatten(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let axis = node.integer("axis", 1);
    if let (Value::Ragged(ragged), 1) = (node.required(0)?, axis) {
        return Ok(flat(ragged));
    }
    let item = Item::of(node, 0)?;
    let own = full(&item);
    let rank = i64::try_from(own.len()).unwrap_or(i64::MAX);
    let at = if axis < 0 {
        axis.saturating_add(rank)
    } else {
        axis
    };
    let split = usize::try_from(at)
        .ok()
        .and_then(|at| own.split_at_checked(at));
    let (outer, inner) =
        split.ok_or_else(|| node.malformed(format!("the axis {axis} of {rank} dimensions")))?;
    let dims = [outer, inner].map(|dims| product(dims.iter().copied()));
    match dims {
        [Some(outer), Some(inner)] => view(plan, node, item, &[outer, inner]),
        _ => Err(node.refuse("it does not flatten to one row a case")),
    }
}

/// Builds Squeeze.
pub(crate) fn squeeze(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let axes = node.numbers(1, "axes")?;
    if let (Value::Ragged(ragged), Some(axes)) = (node.required(0)?, &axes)
        && matches!(ragged.layout, Layout::Deep(_))
        && axes == &[1]
    {
        return Ok(flat(ragged));
    }
    let item = Item::of(node, 0)?;
    let own = full(&item);
    let axes = match axes {
        Some(axes) => places(node, &axes, own.len())?,
        None if item.is_rows() => {
            return Err(node.refuse("it squeezes the batch where it is one row"));
        }
        None => (0..own.len())
            .filter(|&at| own.get(at) == Some(&Size::Number(1)))
            .collect(),
    };
    if axes.iter().any(|&at| own.get(at) != Some(&Size::Number(1))) {
        return Err(node.refuse(format!("it squeezes the axes {axes:?}")));
    }
    let kept = own.iter().enumerate().filter(|(at, _)| !axes.contains(at));
    let dims: Vec<Size> = kept.map(|(_, dim)| *dim).collect();
    view(plan, node, item, &dims)
}

/// Builds Unsqueeze.
pub(crate) fn unsqueeze(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let axes = node.numbers(1, "axes")?;
    let axes = axes.ok_or_else(|| node.malformed("it has no axes"))?;
    let rank = item.rank().saturating_add(axes.len());
    let mut axes = places(node, &axes, rank)?;
    axes.sort_unstable();
    if axes.is_sorted_by(|a, b| a < b) {
        let mut dims = full(&item);
        for at in axes {
            dims.insert(at.min(dims.len()), Size::Number(1));
        }
        return view(plan, node, item, &dims);
    }
    Err(node.malformed("it names an axis twice"))
}

/// Lists all dimensions, the batch among them.
pub(super) fn full(item: &Item) -> Vec<Size> {
    let number = |&dim: &usize| Size::Number(i64::try_from(dim).unwrap_or(i64::MAX));
    let mut dims: Vec<Size> = item.dims.iter().map(number).collect();
    if item.is_rows() {
        dims.insert(item.batch.min(dims.len()), Size::Rows(1));
    }
    dims
}

/// Lays an item out with the dimensions `full`.
pub(super) fn view(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    item: Item,
    full: &[Size],
) -> Result<Vec<Value>, NotNative> {
    let refuse = || node.refuse(format!("it lays {:?} out as {}", item.dims, show(full)));
    let numbers = |sizes: &[Size]| {
        let number = |size: &Size| match size {
            Size::Number(number) => usize::try_from(*number).ok(),
            Size::Rows(_) => None,
        };
        sizes.iter().map(number).collect::<Option<Vec<usize>>>()
    };
    if !item.is_rows() {
        let dims = numbers(full).ok_or_else(refuse)?;
        return Ok(vec![item.relaid(plan, node, dims)?.into_value(node)?]);
    }
    let batch = full.iter().position(|size| matches!(size, Size::Rows(1)));
    let batch = batch.ok_or_else(refuse)?;
    let mut dims = full.to_vec();
    dims.remove(batch);
    let dims = numbers(&dims).ok_or_else(refuse)?;
    // What stands in front of the batch stays there.
    let before = |dims: &[usize], batch| dims.iter().take(batch).product::<usize>();
    if before(&dims, batch) != before(&item.dims, item.batch) {
        return Err(refuse());
    }
    let item = item.relaid(plan, node, dims)?.at(batch);
    Ok(vec![item.into_value(node)?])
}

/// Multiplies dimensions.
fn product(mut dims: impl Iterator<Item = Size>) -> Option<Size> {
    dims.try_fold(Size::Number(1), |all, dim| match (all, dim) {
        (Size::Number(a), Size::Number(b)) => Some(Size::Number(a.checked_mul(b)?)),
        (Size::Rows(a), Size::Number(b)) | (Size::Number(b), Size::Rows(a)) if b > 0 => {
            Some(Size::Rows(a.checked_mul(b)?))
        }
        _ => None,
    })
}

fn quotient(all: Size, by: Size) -> Option<Size> {
    let exact = |a: i64, b: i64| (b > 0 && a % b == 0).then(|| a / b);
    match (all, by) {
        (Size::Number(a), Size::Number(b)) | (Size::Rows(a), Size::Rows(b)) => {
            exact(a, b).map(Size::Number)
        }
        (Size::Rows(a), Size::Number(b)) => exact(a, b).map(Size::Rows),
        (Size::Number(_), Size::Rows(_)) => None,
    }
}

/// Finds the places of axes, negative ones from the end.
pub(super) fn places(
    node: &NodeContext<'_>,
    axes: &[i64],
    rank: usize,
) -> Result<Vec<usize>, NotNative> {
    if axes.len() > MOST_DIMS {
        return Err(node.refuse("it names too many dimensions"));
    }
    let place = |&axis: &i64| {
        super::item::place(axis, rank)
            .ok_or_else(|| node.malformed(format!("the axis {axis} of {rank} dimensions")))
    };
    axes.iter().map(place).collect()
}

/// Writes dimensions as a user reads them.
fn show(dims: &[Size]) -> String {
    let dims = dims.iter().map(|dim| match dim {
        Size::Number(number) => number.to_string(),
        Size::Rows(1) => "N".to_owned(),
        Size::Rows(times) => format!("{times} N"),
    });
    format!("[{}]", dims.collect::<Vec<_>>().join(", "))
}

/// Lays the elements of each row side by side.
fn flat(ragged: &Ragged) -> Vec<Value> {
    vec![Value::Ragged(Ragged {
        layout: Layout::Matrix,
        ..ragged.clone()
    })]
}
