//! What all operators are built on that only move elements: each element of a
//! result stands at a known place of an input.

use super::copy::Copy;
use super::give::{give, only, room};
use super::item::{Item, Source, sizes_value};
use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::plan::{Kernel, Plan, Size};

/// Where an element comes from
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Which of the inputs
    pub(super) source: u32,
    /// Where in a row of it
    pub(super) at: u32,
}

impl Place {
    /// Names the element `at` of the input `source`; sizes fit, since inputs
    /// are bounded.
    pub(super) fn new(source: usize, at: usize) -> Self {
        Self {
            source: u32::try_from(source).unwrap_or(u32::MAX),
            at: u32::try_from(at).unwrap_or(u32::MAX),
        }
    }
}

/// The places along one dimension of a result
#[derive(Clone, Debug)]
pub(super) struct Axis {
    /// Elements of the input from one place to the next
    pub(super) stride: usize,
    /// Places of the input; `None` is a place outside of it
    pub(super) list: Vec<Option<usize>>,
}

/// Lays a result of dimensions `dims` out over the elements of `item`; what is
/// outside of it is the one element of `fill`.
pub(super) fn pick_axes(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    item: &Item,
    fill: Option<&Item>,
    axes: &[Axis],
) -> Result<Item, NotNative> {
    let dims: Vec<usize> = axes.iter().map(|axis| axis.list.len()).collect();
    room(plan, node, item.is_rows(), &dims)?;
    let mut places = vec![Place::new(0, 0)];
    for axis in axes {
        let along = |base: Place| {
            let list = axis.list.iter();
            list.map(move |at| match at {
                Some(at) if base.source == 0 => {
                    let at = at.saturating_mul(axis.stride);
                    Place::new(0, at.saturating_add(base.at as usize))
                }
                _ => Place::new(1, 0),
            })
        };
        places = places.into_iter().flat_map(along).collect();
    }
    match fill {
        Some(fill) => pick(plan, node, &[item, fill], &places, dims),
        None => pick(plan, node, &[item], &places, dims),
    }
}

/// Returns the elements from one place of each dimension to the next.
pub(super) fn strides(dims: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; dims.len()];
    let mut stride = 1_usize;
    for (to, dim) in strides.iter_mut().zip(dims).rev() {
        *to = stride;
        stride = stride.saturating_mul(*dim);
    }
    strides
}

/// Lists the axes of a tensor, each with all of its places.
pub(super) fn axes(dims: &[usize]) -> Vec<Axis> {
    let strides = strides(dims).into_iter();
    let axes = strides.zip(dims).map(|(stride, &dim)| Axis {
        stride,
        list: (0..dim).map(Some).collect(),
    });
    axes.collect()
}

/// Makes an item whose elements stand at `places` of `items`.
pub(super) fn pick(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    items: &[&Item],
    places: &[Place],
    dims: Vec<usize>,
) -> Result<Item, NotNative> {
    let Some(first) = items.first() else {
        return Err(node.malformed("it has no inputs"));
    };
    let element = first.element;
    if items.iter().any(|item| item.element != element) {
        return Err(node.malformed("its inputs have elements of several types"));
    }
    let outside = |place: &Place| {
        let len = items
            .get(place.source as usize)
            .map_or(0, |item| item.len());
        place.at as usize >= len
    };
    if places.iter().any(outside) {
        return Err(node.malformed("it reads beyond its input"));
    }
    let in_place = |(at, place): (usize, &Place)| *place == Place::new(0, at);
    if places.len() == first.len() && places.iter().enumerate().all(in_place) {
        return (*first).clone().relaid(plan, node, dims);
    }
    if items
        .iter()
        .any(|item| matches!(item.source, Source::Sizes(_)))
    {
        return pick_sizes(node, items, places, dims);
    }
    let kernel = Copy::new(element, items, places);
    let made = give(plan, node, kernel, items, &[(element, dims)], 1)?;
    only(node, made)
}

/// Moves whole numbers some of which follow from the number of rows.
fn pick_sizes(
    node: &NodeContext<'_>,
    items: &[&Item],
    places: &[Place],
    dims: Vec<usize>,
) -> Result<Item, NotNative> {
    let size = |place: &Place| match &items.get(place.source as usize)?.source {
        Source::Sizes(sizes) => sizes.get(place.at as usize).copied(),
        Source::Constant(tensor) => match &tensor.data {
            Buffer::Integer(numbers) => numbers.get(place.at as usize).copied().map(Size::Number),
            _ => None,
        },
        Source::Rows(_) => None,
    };
    let sizes: Option<Vec<_>> = places.iter().map(size).collect();
    let sizes = sizes.ok_or_else(|| node.refuse("it mixes rows with the number of rows"))?;
    let value = sizes_value(dims, sizes);
    Item::new(node, &value)
}

/// Makes the kernel that gives every row elements of a constant.
pub(super) fn spread_kernel(item: &Item, places: &[Place]) -> impl Kernel + use<> {
    Copy::new(item.element, &[item], places)
}
