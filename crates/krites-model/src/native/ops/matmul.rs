//! Products of rows with constant weights.

use crate::ModelError;
use crate::buffer::{Buffer, Element};
use crate::native::arguments::Arguments;
use crate::native::ops::zeros::nonzero;
use crate::native::plan::Kernel;

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

/// Rows times weights as a step
#[derive(Debug)]
pub(crate) struct MatMul {
    weights: Weights,
    n_in: usize,
    /// Rows to multiply in each row of the batch
    n_rows: usize,
}

impl MatMul {
    pub(crate) fn new(weights: Weights, n_in: usize, n_rows: usize) -> Self {
        Self {
            weights,
            n_in,
            n_rows,
        }
    }
}

impl Kernel for MatMul {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let to = f32::resized(output, arguments.n_rows * self.n_rows * self.weights.n_out);
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
