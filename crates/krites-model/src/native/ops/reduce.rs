//! Reductions of a row to one element.

use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::node::NodeContext;
use crate::native::ops::zeros::sum_nonzero;
use crate::native::plan::{Batch, Kernel, Layout, Plan, Shape, Value};
use crate::{ElementType, ModelError};

/// Builds ReduceSum, ReduceMax, ReduceMin, ReduceL2 over the columns.
pub(crate) fn reduce(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let axes = match node.input(1) {
        Some(_) => match &node.constant(1)?.data {
            Buffer::Integer(axes) => axes.clone(),
            _ => return Err(node.malformed("its axes are not whole numbers")),
        },
        None => node.integers("axes").to_vec(),
    };
    if !matches!(axes.as_slice(), [1 | -1]) {
        return Err(node.refuse("it does not reduce the columns of a row"));
    }
    let function = match node.operator() {
        "ReduceSum" => Reduce::Sum,
        "ReduceMax" => Reduce::Max,
        "ReduceMin" => Reduce::Min,
        _ => Reduce::L2,
    };
    build(plan, node, function, ElementType::Float)
}

/// Builds ArgMax and ArgMin over the columns.
pub(crate) fn arg(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    if !matches!(node.integer("axis", 0), 1 | -1) || node.integer("select_last_index", 0) != 0 {
        return Err(node.refuse("it does not find the first column of a row"));
    }
    let function = if node.operator() == "ArgMax" {
        Reduce::ArgMax
    } else {
        Reduce::ArgMin
    };
    build(plan, node, function, ElementType::Integer)
}

fn build(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    function: Reduce,
    element: ElementType,
) -> Result<Vec<Value>, NotNative> {
    let batch: Batch = node.matrix(0)?;
    if batch.shape.element != ElementType::Float {
        return Err(node.refuse("its elements are not floats"));
    }
    let layout = if node.integer("keepdims", 1) == 0 {
        Layout::Column
    } else {
        Layout::Matrix
    };
    let kernel = ReduceKernel {
        function,
        width: batch.shape.width,
    };
    Ok(plan.step(
        kernel,
        &[batch.operand],
        &[Shape {
            element,
            layout,
            width: 1,
        }],
    ))
}

#[derive(Clone, Copy, Debug)]
enum Reduce {
    Sum,
    Max,
    Min,
    L2,
    ArgMax,
    ArgMin,
}

#[derive(Debug)]
struct ReduceKernel {
    function: Reduce,
    width: usize,
}

impl Kernel for ReduceKernel {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let rows = arguments.array::<f32>(0)?.chunks_exact(self.width);
        let n_rows = arguments.n_rows;
        match self.function {
            Reduce::Sum => fill(output, n_rows, rows.map(|row| row.iter().sum::<f32>())),
            Reduce::L2 => fill(
                output,
                n_rows,
                rows.map(|row| sum_nonzero(row, |x| x * x).sqrt()),
            ),
            Reduce::Max => fill(output, n_rows, rows.map(|row| best(row, |a, b| a > b).1)),
            Reduce::Min => fill(output, n_rows, rows.map(|row| best(row, |a, b| a < b).1)),
            Reduce::ArgMax => fill(output, n_rows, rows.map(|row| best(row, |a, b| a > b).0)),
            Reduce::ArgMin => fill(output, n_rows, rows.map(|row| best(row, |a, b| a < b).0)),
        }
        Ok(())
    }
}

fn fill<T: Element>(output: &mut Buffer, n_rows: usize, results: impl Iterator<Item = T>) {
    for (to, result) in T::resized(output, n_rows).iter_mut().zip(results) {
        *to = result;
    }
}

/// Finds the first element that no other one beats.
fn best(row: &[f32], beats: impl Fn(f32, f32) -> bool) -> (i64, f32) {
    let mut best = (0, row.first().copied().unwrap_or_default());
    for (column, &x) in (0_i64..).zip(row) {
        if beats(x, best.1) {
            best = (column, x);
        }
    }
    best
}
