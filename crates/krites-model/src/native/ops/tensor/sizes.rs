//! Shapes that are computed in the graph, as `view(x.size(0), -1)` of PyTorch
//! is exported: whole numbers some of which follow from the number of rows.

use super::binary::Binary;
use super::broadcast::Side;
use super::item::{Item, Source, sizes_value};
use super::views::full;
use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::plan::{Plan, Size, Value};
use crate::onnx::tensor::Tensor;

/// Dimensions that a value may have
pub(super) const MOST_DIMS: usize = 64;

/// Builds Shape and Size.
pub(crate) fn shape(_: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let dims = full(&item);
    if node.operator() == "Size" {
        let count = dims.into_iter().try_fold(Size::Number(1), product);
        let count = count.ok_or_else(|| node.refuse("its count of elements is too large"))?;
        return Ok(vec![sizes_value(Vec::new(), vec![count])]);
    }
    let rank = i64::try_from(dims.len()).unwrap_or(i64::MAX);
    let place = |at: i64| {
        let at = if at < 0 { at.saturating_add(rank) } else { at };
        usize::try_from(at.clamp(0, rank)).unwrap_or(0)
    };
    let (start, end) = (
        place(node.integer("start", 0)),
        place(node.integer("end", rank)),
    );
    let dims = dims.get(start..end).unwrap_or_default().to_vec();
    Ok(vec![sizes_value(vec![dims.len()], dims)])
}

fn product(left: Size, right: Size) -> Option<Size> {
    match (left, right) {
        (Size::Number(a), Size::Number(b)) => a.checked_mul(b).map(Size::Number),
        (Size::Rows(times), Size::Number(by)) | (Size::Number(by), Size::Rows(times)) if by > 0 => {
            times.checked_mul(by).map(Size::Rows)
        }
        (_, Size::Number(0)) | (Size::Number(0), _) => Some(Size::Number(0)),
        _ => None,
    }
}

/// Computes with sizes where the result is the same kind of number.
pub(super) fn size_pair(
    node: &NodeContext<'_>,
    function: Binary,
    items: [&Item; 2],
    sides: &[Side; 2],
    dims: Vec<usize>,
) -> Result<Item, NotNative> {
    let refuse = || node.refuse("it computes with the number of rows");
    let len = dims.iter().product();
    let pairs = || {
        let [left, right] = items;
        let [left_side, right_side] = sides;
        (0..len).map(move |at| {
            let left = size_of(left, left_side.at(at))?;
            Some((left, size_of(right, right_side.at(at))?))
        })
    };
    let value = match function {
        Binary::Mul => {
            let sizes: Option<Vec<Size>> = pairs()
                .map(|pair| pair.and_then(|(left, right)| product(left, right)))
                .collect();
            sizes_value(dims, sizes.ok_or_else(refuse)?)
        }
        Binary::Equal => {
            let equal = |pair: Option<(Size, Size)>| match pair? {
                (Size::Number(a), Size::Number(b)) => Some(a == b),
                (Size::Rows(a), Size::Rows(b)) if a == b => Some(true),
                // There are never fewer than no rows.
                (Size::Rows(_), Size::Number(..0)) | (Size::Number(..0), Size::Rows(_)) => {
                    Some(false)
                }
                _ => None,
            };
            let equal: Option<Vec<bool>> = pairs().map(equal).collect();
            let data = Buffer::Boolean(equal.ok_or_else(refuse)?);
            return Ok(Item::constant(std::sync::Arc::new(Tensor { dims, data })));
        }
        _ => return Err(refuse()),
    };
    Item::new(node, &value)
}

/// Returns an element of an item of whole numbers.
fn size_of(item: &Item, at: usize) -> Option<Size> {
    match &item.source {
        Source::Sizes(sizes) => sizes.get(at).copied(),
        Source::Constant(tensor) => match &tensor.data {
            Buffer::Integer(numbers) => numbers.get(at).copied().map(Size::Number),
            _ => None,
        },
        Source::Rows(_) => None,
    }
}

/// Lists the elements of an item of whole numbers.
pub(super) fn sizes(node: &NodeContext<'_>, item: &Item) -> Result<Vec<Size>, NotNative> {
    if item.len() > MOST_DIMS {
        return Err(node.refuse("it names too many dimensions"));
    }
    let sizes: Option<Vec<Size>> = (0..item.len()).map(|at| size_of(item, at)).collect();
    sizes.ok_or_else(|| node.refuse("its shape is not of constant whole numbers"))
}
