//! MatMul and Gemm of rows with constant weights.

use std::sync::Arc;

use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::node::NodeContext;
use crate::native::ops::zeros::nonzero;
use crate::native::plan::{Kernel, Plan, Shape, Value};
use crate::onnx::tensor::Tensor;
use crate::{ElementType, ModelError};

/// Rows times weights: `n_in × n_out`, row-major
#[derive(Debug)]
pub(crate) struct Weights {
    weights: Vec<f32>,
    pub(crate) n_out: usize,
    /// What each sum ends with
    bias: Vec<f32>,
    /// A zero times any of the weights is zero
    finite: bool,
}

impl Weights {
    pub(crate) fn new(weights: Vec<f32>, n_out: usize, bias: Vec<f32>) -> Self {
        Self {
            finite: weights.iter().all(|weight| weight.is_finite()),
            weights,
            n_out,
            bias,
        }
    }

    /// Writes each row's products.
    ///
    /// Each sum goes over the inputs in their order, the bias last, whatever
    /// the number of rows. Inputs of zero are left out: a sum that begins with
    /// zero keeps its bits.
    pub(crate) fn multiply(&self, rows: &[f32], n_in: usize, to: &mut [f32]) {
        for (row, to) in rows.chunks_exact(n_in).zip(to.chunks_exact_mut(self.n_out)) {
            to.fill(0.0);
            let mut add = |at: usize, x: f32| {
                let from = at * self.n_out;
                let weights = self.weights.get(from..from + self.n_out);
                for (to, &weight) in to.iter_mut().zip(weights.unwrap_or_default()) {
                    *to += x * weight;
                }
            };
            if self.finite {
                nonzero(row, add);
            } else {
                row.iter().enumerate().for_each(|(at, &x)| add(at, x));
            }
            for (to, &bias) in to.iter_mut().zip(&self.bias) {
                *to += bias;
            }
        }
    }
}

/// Turns `n_out × n_in` weights into `n_in × n_out` ones.
pub(crate) fn transposed(weights: &[f32], n_in: usize) -> Vec<f32> {
    (0..n_in)
        .flat_map(|column| weights.iter().copied().skip(column).step_by(n_in))
        .collect()
}

/// Builds MatMul.
pub(crate) fn matmul(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let (weights, n_in, n_out) = factor(node, node.constant(1)?)?;
    build(plan, node, Weights::new(weights, n_out, Vec::new()), n_in)
}

/// Builds Gemm of rows with constant weights and bias.
pub(crate) fn gemm(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    if node.integer("transA", 0) != 0 {
        return Err(node.refuse("it transposes its rows"));
    }
    let (mut weights, mut n_in, mut n_out) = factor(node, node.constant(1)?)?;
    if node.integer("transB", 0) != 0 {
        weights = transposed(&weights, n_out);
        (n_in, n_out) = (n_out, n_in);
    }
    let alpha = node.float("alpha", 1.0);
    weights.iter_mut().for_each(|weight| *weight *= alpha);
    let mut bias = match node.input(2) {
        None => Vec::new(),
        Some(_) => {
            let tensor = node.constant(2)?;
            match (&tensor.data, tensor.dims.as_slice()) {
                (Buffer::Float(bias), &[n] | &[1, n]) if n == n_out => bias.clone(),
                (Buffer::Float(bias), _) => match bias.as_slice() {
                    [all] => vec![*all; n_out],
                    _ => return Err(node.refuse("its bias has not one value a column")),
                },
                _ => return Err(node.refuse("its bias is not of floats")),
            }
        }
    };
    let beta = node.float("beta", 1.0);
    bias.iter_mut().for_each(|bias| *bias *= beta);
    build(plan, node, Weights::new(weights, n_out, bias), n_in)
}

fn factor(
    node: &NodeContext<'_>,
    tensor: &Arc<Tensor>,
) -> Result<(Vec<f32>, usize, usize), NotNative> {
    match (&tensor.data, tensor.dims.as_slice()) {
        (Buffer::Float(weights), &[n_in, n_out]) => Ok((weights.clone(), n_in, n_out)),
        _ => Err(node.refuse("its weights are not a matrix of floats")),
    }
}

fn build(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    weights: Weights,
    n_in: usize,
) -> Result<Vec<Value>, NotNative> {
    let batch = node.matrix(0)?;
    if batch.shape.element != ElementType::Float {
        return Err(node.refuse("its elements are not floats"));
    }
    if batch.shape.width != n_in {
        let problem = format!(
            "it multiplies {} columns with weights for {n_in}",
            batch.shape.width
        );
        return Err(node.malformed(problem));
    }
    let shape = Shape::matrix(ElementType::Float, weights.n_out);
    Ok(plan.step(MatMul { weights, n_in }, &[batch.operand], &[shape]))
}

#[derive(Debug)]
struct MatMul {
    weights: Weights,
    n_in: usize,
}

impl Kernel for MatMul {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let to = f32::resized(output, arguments.n_rows * self.weights.n_out);
        self.weights
            .multiply(arguments.array::<f32>(0)?, self.n_in, to);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_times_infinity_is_not_left_out() {
        let product = |weights: [f32; 2]| {
            let mut to = [7.0];
            Weights::new(weights.to_vec(), 1, Vec::new()).multiply(&[0.0, 2.0], 2, &mut to);
            to[0]
        };
        assert_eq!(product([5.0, 1.0]), 2.0);
        assert!(product([f32::INFINITY, 1.0]).is_nan());
    }
}
