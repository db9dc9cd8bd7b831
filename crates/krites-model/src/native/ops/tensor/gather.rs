//! Gather, GatherElements and ArrayFeatureExtractor: elements by their places.

use super::give::{give, only, room};
use super::item::{Item, place};
use super::lookup::{Lookup, Places};
use super::pick::{axes, pick_axes, strides};
use crate::ElementType;
use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::plan::{Plan, Value};

/// Builds Gather: of a row's elements by constant places, or of a constant by
/// the places that rows hold, as embeddings are read.
pub(crate) fn gather(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let (data, places) = (Item::of(node, 0)?, Item::of(node, 1)?);
    let axis = node.integer("axis", 0);
    let item = if places.tensor().is_some() {
        let axis = data.axis(node, axis)?;
        by_constant(plan, node, data, &places, axis)?
    } else {
        if data.tensor().is_none() || place(axis, data.rank()) != Some(0) {
            return Err(node.refuse("it gathers neither columns nor entries of a list"));
        }
        entries(plan, node, &data, &places)?
    };
    Ok(vec![item.into_value(node)?])
}

/// Builds ArrayFeatureExtractor, in the same two ways.
pub(crate) fn array_feature_extractor(
    plan: &mut Plan,
    node: &NodeContext<'_>,
) -> Result<Vec<Value>, NotNative> {
    let (mut data, mut places) = (Item::of(node, 0)?, Item::of(node, 1)?);
    let item = if places.tensor().is_some() {
        if !data.is_rows() || data.dims.len() != 1 || data.batch != 0 {
            return Err(node.refuse("it extracts neither columns nor entries of a list"));
        }
        // ONNX Runtime reads such a place from outside of the row.
        if let Some(Buffer::Integer(numbers)) = places.tensor().map(|places| &places.data)
            && let Some(place) = numbers.iter().find(|&&place| place < 0)
        {
            return Err(node.malformed(format!("it reads the column {place}")));
        }
        let len = places.len();
        places = places.relaid(plan, node, vec![len])?;
        by_constant(plan, node, data, &places, 0)?
    } else {
        if !matches!(data.dims.as_slice(), [_] | [1, _]) || data.tensor().is_none() {
            return Err(node.refuse("it extracts neither columns nor entries of a list"));
        }
        if places.len() != 1 {
            return Err(node.refuse("it reads more than one place a row"));
        }
        let len = data.len();
        data = data.relaid(plan, node, vec![len])?;
        // The answer is [1, N], however the places lie.
        if places.is_rows() {
            (places.dims, places.batch) = (vec![1], 1);
        }
        entries(plan, node, &data, &places)?
    };
    Ok(vec![item.into_value(node)?])
}

fn by_constant(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    data: Item,
    places: &Item,
    axis: usize,
) -> Result<Item, NotNative> {
    let Some(Buffer::Integer(numbers)) = places.tensor().map(|tensor| &tensor.data) else {
        return Err(node.malformed("its places are not whole numbers"));
    };
    let mut axes = axes(&data.dims);
    let mut dims = data.dims.clone();
    let Some(along) = axes.get_mut(axis) else {
        return Err(node.malformed("its axis is not there"));
    };
    let n_in = along.list.len();
    let list = numbers.iter().map(|&number| place(number, n_in));
    let list: Option<Vec<usize>> = list.collect();
    let list =
        list.ok_or_else(|| node.malformed(format!("it reads a place beyond {n_in} columns")))?;
    along.list = list.into_iter().map(Some).collect();
    dims.splice(axis..=axis, places.dims.iter().copied());
    room(plan, node, data.is_rows(), &dims)?;
    let n_more = places.dims.len();
    let item = pick_axes(plan, node, &data, None, &axes)?;
    let item = item.relaid(plan, node, dims)?;
    let batch = if axis < data.batch {
        data.batch + n_more - 1
    } else {
        data.batch
    };
    Ok(item.at(batch))
}

/// Reads entries of a constant, whole ones behind its first dimension.
fn entries(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    list: &Item,
    places: &Item,
) -> Result<Item, NotNative> {
    if places.element != ElementType::Integer {
        return Err(node.malformed("its places are not whole numbers"));
    }
    let Some((&len, own)) = list.dims.split_first() else {
        return Err(node.malformed("it reads entries of a single value"));
    };
    let dims: Vec<usize> = places.dims.iter().chain(own).copied().collect();
    let size = own.iter().product();
    let kernel = Lookup {
        element: list.element,
        len,
        stride: list.stride(),
        places: Places::Entries { size },
        n_places: places.len(),
    };
    let made = give(
        plan,
        node,
        kernel,
        &[list, places],
        &[(list.element, dims)],
        1,
    )?;
    only(node, made)
}

/// Builds GatherElements within a row.
pub(crate) fn elements(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let (data, places) = (Item::of(node, 0)?, Item::of(node, 1)?);
    if data.is_rows() != places.is_rows() || data.batch != places.batch {
        return Err(node.refuse("its places are not of the same rows"));
    }
    if places.element != ElementType::Integer {
        return Err(node.malformed("its places are not whole numbers"));
    }
    let axis = data.axis(node, node.integer("axis", 0))?;
    let fits = |(at, (dim, own)): (usize, (&usize, &usize))| at == axis || dim <= own;
    let mut dims = places.dims.iter().zip(&data.dims).enumerate();
    if places.dims.len() != data.dims.len() || !dims.all(fits) {
        return Err(node.malformed("its places reach beyond its data"));
    }
    let strides = strides(&data.dims);
    let along = strides.get(axis).copied().unwrap_or(1);
    let mut bases = vec![0_u32];
    for (at, &dim) in places.dims.iter().enumerate() {
        let stride = strides.get(at).copied().filter(|_| at != axis).unwrap_or(0);
        let stride = u32::try_from(stride).unwrap_or(u32::MAX);
        let dim = u32::try_from(dim).unwrap_or(u32::MAX);
        let steps =
            |base: u32| (0..dim).map(move |step| base.saturating_add(step.saturating_mul(stride)));
        bases = bases.into_iter().flat_map(steps).collect();
    }
    let kernel = Lookup {
        element: data.element,
        len: data.dims.get(axis).copied().unwrap_or(0),
        stride: data.stride(),
        places: Places::Elements { along, bases },
        n_places: places.len(),
    };
    let results = [(data.element, places.dims.clone())];
    let made = give(plan, node, kernel, &[&data, &places], &results, 1)?;
    Ok(vec![only(node, made)?.into_value(node)?])
}
