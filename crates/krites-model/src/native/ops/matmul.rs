//! Products of rows with constant weights as a step.

use crate::ModelError;
use crate::buffer::{Buffer, Element};
use crate::native::arguments::Arguments;
use crate::native::explain::Traced;
use crate::native::ops::weights::Weights;
use crate::native::plan::Kernel;

/// Rows times weights
#[derive(Debug)]
pub(crate) struct MatMul {
    pub(crate) weights: Weights,
    /// Rows to multiply in each row of the batch
    pub(crate) n_rows: usize,
}

impl Kernel for MatMul {
    fn trace(&self, _: usize, at: usize) -> Traced {
        let n_out = self.weights.n_out.max(1);
        Traced::Sum(self.weights.trace(at / n_out, at % n_out))
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let len = arguments.n_rows * self.n_rows * self.weights.n_out;
        let to = f32::resized(output, len);
        self.weights.multiply(arguments.array::<f32>(0)?, to);
        Ok(())
    }
}
