//! How the elements of several inputs meet in one result.

use super::give::room;
use super::item::Item;
use super::pick::strides;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::plan::Plan;

/// How a kernel goes through an input, element by element of a result
#[derive(Debug)]
pub(super) struct Side {
    /// Elements from row to row
    pub(super) stride: usize,
    pub(super) access: Access,
}

/// Which element of a row meets which of the result
#[derive(Debug)]
pub(super) enum Access {
    /// Each its own
    Each,
    /// One for all
    One,
    /// The one at a place
    Places(Vec<u32>),
}

impl Side {
    /// Finds where in a row the element stands that `at` meets.
    pub(super) fn at(&self, at: usize) -> usize {
        match &self.access {
            Access::Each => at,
            Access::One => 0,
            Access::Places(places) => places.get(at).map_or(0, |&place| place as usize),
        }
    }
}

/// The dimensions of a result, of which `batch` stand in front of the batch
#[derive(Clone, Debug)]
pub(super) struct Met {
    pub(super) dims: Vec<usize>,
    pub(super) batch: usize,
    /// Dimensions behind the batch, where there is one
    after: Option<usize>,
}

impl Met {
    /// Meets a batch with `after` dimensions behind it.
    pub(super) fn with(dims: Vec<usize>, after: Option<usize>) -> Self {
        let batch = dims.len() - after.unwrap_or(dims.len()).min(dims.len());
        Self { dims, batch, after }
    }
}

/// Finds the dimensions of a result, where rows stay rows.
pub(super) fn broadcast(
    plan: &Plan,
    node: &NodeContext<'_>,
    items: &[&Item],
) -> Result<Met, NotNative> {
    let differ = || node.refuse("its inputs have shapes that do not go row by row");
    let mut rows = items.iter().filter(|item| item.is_rows());
    let after = rows.next().map(|item| item.dims.len() - item.batch);
    if rows.any(|item| Some(item.dims.len() - item.batch) != after) {
        return Err(differ());
    }
    let mut dims: Vec<usize> = Vec::new();
    for item in items {
        let own = row_dims(item, after).ok_or_else(differ)?;
        let missing = own.len().saturating_sub(dims.len());
        dims.splice(0..0, std::iter::repeat_n(1, missing));
        for (to, &dim) in dims.iter_mut().rev().zip(own.iter().rev()) {
            if *to == 1 {
                *to = dim;
            } else if dim != 1 && dim != *to {
                return Err(node.malformed(format!("{dim} elements meet {to}")));
            }
        }
    }
    room(plan, node, after.is_some(), &dims)?;
    Ok(Met::with(dims, after))
}

/// Lists the dimensions of an item without the one that meets the batch;
/// `None` where that is not 1.
pub(super) fn row_dims(item: &Item, after: Option<usize>) -> Option<Vec<usize>> {
    let mut dims = item.dims.clone();
    if let (false, Some(after)) = (item.is_rows(), after)
        && let Some(at) = dims.len().checked_sub(after + 1)
        && dims.remove(at) != 1
    {
        return None;
    }
    Some(dims)
}

/// Says how a kernel goes through `item` for a result.
pub(super) fn side(item: &Item, met: &Met) -> Side {
    let dims = met.dims.as_slice();
    let own = row_dims(item, met.after).unwrap_or_default();
    let own = own.as_slice();
    let stride = item.stride();
    if item.len() == 1 {
        let access = Access::One;
        return Side { stride, access };
    }
    let missing = dims.len().saturating_sub(own.len());
    if dims.get(missing..) == Some(own) && dims.iter().take(missing).all(|&dim| dim == 1) {
        let access = Access::Each;
        return Side { stride, access };
    }
    let mut places = vec![0_u32];
    let own_strides = strides(own);
    for (axis, &dim) in dims.iter().enumerate() {
        let step = axis.checked_sub(missing).map_or(0, |axis| {
            let repeats = own.get(axis) == Some(&1);
            own_strides
                .get(axis)
                .copied()
                .filter(|_| !repeats)
                .unwrap_or(0)
        });
        let step = u32::try_from(step).unwrap_or(0);
        let dim = u32::try_from(dim).unwrap_or(0);
        let along =
            |base: u32| (0..dim).map(move |at| base.saturating_add(at.saturating_mul(step)));
        places = places.into_iter().flat_map(along).collect();
    }
    let access = Access::Places(places);
    Side { stride, access }
}
