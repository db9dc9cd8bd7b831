//! How the elements of several inputs meet in one result.

use super::give::room;
use super::item::{Item, Source};
use super::pick::strides;
use crate::native::NotNative;
use crate::native::node::NodeContext;

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

/// Finds the dimensions of a result, where rows stay rows.
pub(super) fn broadcast(node: &NodeContext<'_>, items: &[&Item]) -> Result<Vec<usize>, NotNative> {
    let differ = || node.refuse("its inputs have shapes that do not go row by row");
    let mut batch = items
        .iter()
        .filter(|item| !matches!(item.source, Source::Constant(_) | Source::Sizes(_)));
    let n_rows_dims = match batch.next() {
        None => None,
        Some(first) => {
            let across = matches!(first.source, Source::Across(_));
            let alike = |other: &&Item| {
                other.rank() == first.rank() && matches!(other.source, Source::Across(_)) == across
            };
            if !batch.all(alike) {
                return Err(differ());
            }
            Some((first.rank(), first.dims.len()))
        }
    };
    let rank = items.iter().map(|item| item.rank()).max().unwrap_or(0);
    let (rank, inner) = n_rows_dims.unwrap_or((rank, rank));
    let mut dims = vec![1_usize; inner];
    for item in items {
        let constant = matches!(item.source, Source::Constant(_) | Source::Sizes(_));
        // What a constant has before the dimensions of a row meets the batch.
        let outer = item.dims.len().saturating_sub(inner);
        let (before, own) = item.dims.split_at(outer);
        if (constant && item.dims.len() > rank) || before.iter().any(|&dim| dim != 1) {
            return Err(differ());
        }
        for (to, &dim) in dims.iter_mut().rev().zip(own.iter().rev()) {
            if *to == 1 {
                *to = dim;
            } else if dim != 1 && dim != *to {
                return Err(node.malformed(format!("{dim} elements meet {to}")));
            }
        }
    }
    room(node, n_rows_dims.is_some(), &dims)?;
    Ok(dims)
}

/// Says how a kernel goes through `item` for a result of dimensions `dims`.
pub(super) fn side(item: &Item, dims: &[usize]) -> Side {
    let outer = item.dims.len().saturating_sub(dims.len());
    let own = item.dims.get(outer..).unwrap_or_default();
    let stride = item.stride();
    if item.len() == 1 {
        let access = Access::One;
        return Side { stride, access };
    }
    let missing = dims.len() - own.len();
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
