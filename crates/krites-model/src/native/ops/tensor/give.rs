//! Results of operators: a step over rows, or a constant at once.

use std::sync::Arc;

use super::item::{Item, Source};
use crate::ElementType;
use crate::native::NotNative;
use crate::native::arguments::Operand;
use crate::native::fold::elements;
use crate::native::node::NodeContext;
use crate::native::plan::{Kernel, Plan, Shape, Value};

/// Elements that a row of one result may have: as many as an input
const MOST_COLUMNS: usize = 1 << 20;

/// Refuses dimensions that a result cannot have, before memory is taken.
pub(crate) fn room(
    plan: &Plan,
    node: &NodeContext<'_>,
    rows: bool,
    dims: &[usize],
) -> Result<usize, NotNative> {
    let most = if rows {
        MOST_COLUMNS
    } else {
        plan.folded.elements
    };
    let count = elements(dims).filter(|&count| count <= most);
    match count {
        Some(count) if dims.iter().all(|&dim| dim <= most) && !(rows && count == 0) => Ok(count),
        _ if rows => Err(node.refuse(beyond(dims))),
        _ => Err(node.refuse(format!("the constant {dims:?} that it makes is too large"))),
    }
}

/// Says what dimensions are refused.
pub(super) fn beyond(dims: &[usize]) -> String {
    format!("it gives no columns or too many, or too many dimensions: {dims:?}")
}

/// Adds a step over rows, or runs it now where all items are constants.
///
/// `work` is what the kernel reads for each element that it writes. The batch of
/// the results stands where it stands in the first item that has one.
pub(crate) fn give(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    kernel: impl Kernel + 'static,
    items: &[&Item],
    results: &[(ElementType, Vec<usize>)],
    work: usize,
) -> Result<Vec<Item>, NotNative> {
    let rows = items.iter().find(|item| item.is_rows());
    for (_, dims) in results {
        room(plan, node, rows.is_some(), dims)?;
    }
    let Some(first) = rows else {
        let constants: Option<Vec<_>> = items.iter().map(|item| item.tensor().cloned()).collect();
        let constants =
            constants.ok_or_else(|| node.refuse("it computes with the number of rows"))?;
        let made = plan.fold(node, &kernel, &constants, results, work)?;
        return Ok(made
            .into_iter()
            .map(|tensor| Item::constant(Arc::new(tensor)))
            .collect());
    };
    let mut operands = Vec::with_capacity(items.len());
    for item in items {
        operands.push(match &item.source {
            Source::Rows(operand) => *operand,
            Source::Constant(tensor) => plan.constant(tensor),
            Source::Sizes(_) => return Err(node.refuse("it computes with the number of rows")),
        });
    }
    Ok(give_rows(plan, kernel, &operands, results, first.batch))
}

/// Adds a step whose results have a row for each case, with the batch behind
/// the first `batch` dimensions.
pub(super) fn give_rows(
    plan: &mut Plan,
    kernel: impl Kernel + 'static,
    operands: &[Operand],
    results: &[(ElementType, Vec<usize>)],
    batch: usize,
) -> Vec<Item> {
    let shapes = results
        .iter()
        .map(|(element, dims)| Shape::matrix(*element, dims.iter().product()));
    let shapes: Vec<Shape> = shapes.collect();
    let made = plan.step(kernel, operands, &shapes);
    let items = made
        .into_iter()
        .zip(results)
        .filter_map(|(value, (_, dims))| match value {
            Value::Batch(value) => Some(Item {
                dims: dims.clone(),
                batch,
                ..Item::rows(value)
            }),
            _ => None,
        });
    items.collect()
}

/// Returns the only item that an operator makes.
pub(crate) fn only(node: &NodeContext<'_>, items: Vec<Item>) -> Result<Item, NotNative> {
    items
        .into_iter()
        .next()
        .ok_or_else(|| node.refuse("it has no result"))
}
