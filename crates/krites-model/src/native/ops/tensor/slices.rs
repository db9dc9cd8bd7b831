//! Slice, Split and Pad: places in order along one dimension.

use super::give::room;
use super::item::Item;
use super::moves::zero;
use super::pick::{Axis, axes, pick_axes, strides};
use super::sizes::sizes;
use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::plan::{Plan, Size, Value};

/// Builds Slice of anything but rows.
pub(crate) fn slice(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let ends = |idx: usize, name: &str| match node.input(idx) {
        Some(_) => sizes(node, &Item::of(node, idx)?),
        None => Ok(node
            .integers(name)
            .iter()
            .map(|&end| Size::Number(end))
            .collect()),
    };
    let (starts, ends) = (ends(1, "starts")?, ends(2, "ends")?);
    let all = || (0..).take(starts.len()).collect();
    let slice_axes = node.numbers(3, "axes")?.unwrap_or_else(all);
    let steps = node
        .numbers(4, "steps")?
        .unwrap_or_else(|| vec![1; starts.len()]);
    if [ends.len(), slice_axes.len(), steps.len()] != [starts.len(); 3] {
        return Err(node.malformed("its starts, ends, axes and steps are not as many"));
    }
    let mut axes = axes(&item.dims);
    for (((&start, &end), &axis), &step) in starts.iter().zip(&ends).zip(&slice_axes).zip(&steps) {
        let batch = item.is_batch(axis);
        // Exporters write the largest number where they mean all.
        let all = match end {
            Size::Number(end) => end >= i64::from(i32::MAX),
            Size::Rows(times) => times == 1,
        };
        if batch && all && start == Size::Number(0) && step == 1 {
            continue;
        }
        let at = item.axis(node, axis)?;
        let (Size::Number(start), Size::Number(end)) = (start, end) else {
            return Err(node.refuse("it slices by the number of rows"));
        };
        if step == 0 {
            return Err(node.malformed("its step is zero"));
        }
        if let Some(axis) = axes.get_mut(at) {
            let range = range(axis.list.len(), start, end, step);
            axis.list = range.filter_map(|at| axis.list.get(at).copied()).collect();
        }
    }
    let item = pick_axes(plan, node, &item, None, &axes)?;
    Ok(vec![item.into_value(node)?])
}

/// Lists the places from `start` to before `end`, as far as there are any.
fn range(dim: usize, start: i64, end: i64, step: i64) -> impl Iterator<Item = usize> {
    let dim = i64::try_from(dim).unwrap_or(i64::MAX);
    let from_end = |at: i64| if at < 0 { at.saturating_add(dim) } else { at };
    let (low, high) = if step > 0 { (0, dim) } else { (-1, dim - 1) };
    let (start, end) = (
        from_end(start).clamp(low.max(0), high.max(0)),
        from_end(end).clamp(low, high),
    );
    let within = move |at: &i64| if step > 0 { *at < end } else { *at > end };
    std::iter::successors(Some(start), move |at| at.checked_add(step))
        .take_while(within)
        .filter_map(|at| usize::try_from(at).ok())
}

/// Builds Split along any dimension but the batch.
pub(crate) fn split(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let axis = item.axis(node, node.integer("axis", 0))?;
    let dim = item.dims.get(axis).copied().unwrap_or(0);
    let n_parts = node.proto().output.len();
    let lens: Vec<usize> = match node.numbers(1, "split")? {
        Some(lens) => {
            let lens = lens.iter().map(|&len| usize::try_from(len).ok());
            let lens: Option<Vec<usize>> = lens.collect();
            lens.ok_or_else(|| node.malformed("a part has fewer than no elements"))?
        }
        None => {
            let len = dim.div_ceil(n_parts.max(1));
            let part = |at: usize| len.min(dim.saturating_sub(at * len));
            (0..n_parts).map(part).collect()
        }
    };
    let sum = lens
        .iter()
        .try_fold(0_usize, |sum, &len| sum.checked_add(len));
    if sum != Some(dim) || lens.len() != n_parts {
        return Err(node.malformed("its parts are not what it splits"));
    }
    let mut first = 0;
    let mut parts = Vec::with_capacity(lens.len());
    for len in lens {
        let mut axes = axes(&item.dims);
        if let Some(axis) = axes.get_mut(axis) {
            axis.list = (first..first + len).map(Some).collect();
        }
        first += len;
        parts.push(pick_axes(plan, node, &item, None, &axes)?.into_value(node)?);
    }
    Ok(parts)
}

/// Builds Pad of anything but rows.
pub(crate) fn pad(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let name = if node.attribute("pads").is_some() {
        "pads"
    } else {
        "paddings"
    };
    let pads = node.numbers(1, name)?.unwrap_or_default();
    let all = || (0..).take(item.rank()).collect();
    let pad_axes = node.numbers(3, "")?.unwrap_or_else(all);
    if pads.len() != pad_axes.len().saturating_mul(2) {
        return Err(node.malformed("it has not two pads a dimension"));
    }
    let mode = match node.text("mode", "constant")? {
        "constant" => Mode::Constant,
        "edge" => Mode::Edge,
        "reflect" => Mode::Reflect,
        "wrap" => Mode::Wrap,
        other => return Err(node.malformed(format!("the mode `{other}`"))),
    };
    let fill = match (Item::optional(node, 2)?, node.attribute("value")) {
        (Some(fill), _) => fill,
        (None, Some(value)) => Item::scalar(Buffer::Float(vec![value.f])),
        (None, None) => zero(item.element),
    };
    if fill.len() != 1 || fill.tensor().is_none() {
        return Err(node.refuse("what it pads with is not one constant"));
    }
    let (before, after) = pads.split_at(pad_axes.len());
    let mut ends = vec![(0_i64, 0_i64); item.dims.len()];
    for ((&axis, &before), &after) in pad_axes.iter().zip(before).zip(after) {
        let batch = item.is_batch(axis);
        if batch && before == 0 && after == 0 {
            continue;
        }
        if let Some(ends) = ends.get_mut(item.axis(node, axis)?) {
            *ends = (before, after);
        }
    }
    let padded = item.dims.iter().zip(&ends).map(|(&dim, &(before, after))| {
        let dim = i64::try_from(dim).ok()?;
        usize::try_from(dim.checked_add(before)?.checked_add(after)?).ok()
    });
    let padded: Option<Vec<usize>> = padded.collect();
    let padded = padded.ok_or_else(|| node.malformed("it takes more away than there is"))?;
    room(plan, node, item.is_rows(), &padded)?;
    if mode != Mode::Constant && item.len() == 0 {
        return Err(node.refuse("it pads with the elements of nothing"));
    }
    let strides = strides(&item.dims).into_iter();
    let sizes = item.dims.iter().zip(padded).zip(&ends);
    let axes = strides
        .zip(sizes)
        .map(|(stride, ((&dim, padded), &(before, _)))| Axis {
            stride,
            list: (0..padded)
                .map(|at| {
                    mode.place(
                        i64::try_from(at).unwrap_or(i64::MAX).saturating_sub(before),
                        dim,
                    )
                })
                .collect(),
        });
    let axes: Vec<Axis> = axes.collect();
    let item = pick_axes(plan, node, &item, Some(&fill), &axes)?;
    Ok(vec![item.into_value(node)?])
}

/// What stands outside of what is padded
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Constant,
    Edge,
    Reflect,
    Wrap,
}

impl Mode {
    /// Finds the place that stands at `at`, which may be outside.
    fn place(self, at: i64, dim: usize) -> Option<usize> {
        let dim = i64::try_from(dim).unwrap_or(i64::MAX);
        let inside = match self {
            Self::Constant if (0..dim).contains(&at) => at,
            Self::Constant => return None,
            Self::Edge => at.clamp(0, dim - 1),
            Self::Wrap => at.rem_euclid(dim),
            Self::Reflect => {
                let last = dim - 1;
                let at = at.rem_euclid((2 * last).max(1));
                if at > last {
                    2 * last - at
                } else {
                    at.min(last)
                }
            }
        };
        usize::try_from(inside).ok()
    }
}
