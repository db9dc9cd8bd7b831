//! Results of operators: a step over rows, or a constant at once.

use std::sync::Arc;

use super::item::{Item, Source};
use crate::ElementType;
use crate::native::NotNative;
use crate::native::arguments::Operand;
use crate::native::fold::elements;
use crate::native::node::NodeContext;
use crate::native::plan::{Kernel, Layout, MAX_WIDTH, Plan, Shape};

/// Elements that one constant may have that an operator makes
const MAX_MADE: usize = 32 << 20;

/// Refuses dimensions that a result cannot have, before memory is taken.
pub(crate) fn room(node: &NodeContext<'_>, rows: bool, dims: &[usize]) -> Result<usize, NotNative> {
    let most = if rows { MAX_WIDTH } else { MAX_MADE };
    let count = elements(dims).filter(|&count| count <= most);
    match count {
        Some(count) if dims.iter().all(|&dim| dim <= most) && !(rows && count == 0) => Ok(count),
        _ => Err(node.refuse(beyond(dims))),
    }
}

/// Says what dimensions are refused.
pub(super) fn beyond(dims: &[usize]) -> String {
    format!("it gives no columns or too many, or too many dimensions: {dims:?}")
}

/// Adds a step over rows, or runs it now where all items are constants.
///
/// `work` is what the kernel reads for each element that it writes.
pub(crate) fn give(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    kernel: impl Kernel + 'static,
    items: &[&Item],
    results: &[(ElementType, Vec<usize>)],
    work: usize,
) -> Result<Vec<Item>, NotNative> {
    let across = items
        .iter()
        .any(|item| matches!(item.source, Source::Across(_)));
    let rows = items.iter().any(|item| item.is_rows());
    for (_, dims) in results {
        room(node, rows || across, dims)?;
    }
    if !rows && !across {
        let constants: Option<Vec<_>> = items.iter().map(|item| item.tensor().cloned()).collect();
        let constants =
            constants.ok_or_else(|| node.refuse("it computes with the number of rows"))?;
        let made = plan.fold(node, &kernel, &constants, results, work)?;
        return Ok(made
            .into_iter()
            .map(|tensor| Item::constant(Arc::new(tensor)))
            .collect());
    }
    let mut operands = Vec::with_capacity(items.len());
    for item in items {
        operands.push(match &item.source {
            Source::Rows(operand) | Source::Across(operand) => *operand,
            Source::Constant(tensor) => plan.constant(tensor),
            Source::Sizes(_) => return Err(node.refuse("it computes with the number of rows")),
        });
    }
    give_rows(plan, node, kernel, &operands, results, across)
}

/// Adds a step whose results have a row for each case.
pub(crate) fn give_rows(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    kernel: impl Kernel + 'static,
    operands: &[Operand],
    results: &[(ElementType, Vec<usize>)],
    across: bool,
) -> Result<Vec<Item>, NotNative> {
    let mut shapes = Vec::with_capacity(results.len());
    for (element, dims) in results {
        let shape = match (across, dims.as_slice()) {
            (false, dims) => Shape::of_row(*element, dims),
            (true, []) => Some(Shape {
                layout: Layout::Across,
                ..Shape::column(*element)
            }),
            (true, _) => None,
        };
        shapes.push(shape.ok_or_else(|| node.refuse(beyond(dims)))?);
    }
    let made = plan.step(kernel, operands, &shapes);
    made.iter().map(|value| Item::new(node, value)).collect()
}

/// Returns the only item that an operator makes.
pub(crate) fn only(node: &NodeContext<'_>, items: Vec<Item>) -> Result<Item, NotNative> {
    items
        .into_iter()
        .next()
        .ok_or_else(|| node.refuse("it has no result"))
}
