//! Native evaluation: a closed table of operators over rows.
//!
//! Invariant: no I/O, no clock, no threads, no unsafe code; exp, log and tanh
//! come from libm and sums have one order, so that the bits of an answer are
//! the same on every machine and in every batch.

mod arguments;
mod compile;
mod error;
mod explain;
mod fold;
mod join_trees;
mod narrow;
mod node;
mod ops;
mod plan;
mod ragged;
mod run;
mod shape;
mod shared;
mod unused;
mod value;

use std::sync::Arc;

pub use error::NotNative;
pub use ops::native_operators;

use crate::onnx::OnnxModel;
use crate::{
    Call, Explained, Explainer, InputTensor, Model, ModelError, NotExplained, OutputSpec,
    OutputTensor, Signature,
};
use plan::Plan;
use run::Workspace;

/// A model that runs in this library, with nothing else installed.
///
/// The same input gives the same bits on every machine and in every batch.
/// After the first call with a [`Scratch`](crate::Scratch) a call allocates
/// nothing.
#[derive(Debug)]
pub struct NativeModel {
    signature: Signature,
    plan: Arc<Plan>,
}

impl NativeModel {
    /// Builds the evaluator of a model.
    ///
    /// The signature is the one of `model`, with the output widths that
    /// evaluation has, and the classes of so many columns.
    ///
    /// # Errors
    ///
    /// [`NotNative`] names the node that is outside of the native table;
    /// [`NotNative::Malformed`] the node that contradicts itself.
    pub fn from_onnx(model: &OnnxModel) -> Result<Self, NotNative> {
        let mut plan = compile::compile(model)?;
        join_trees::join(&mut plan);
        Ok(Self::of(model, plan))
    }

    fn of(model: &OnnxModel, plan: Plan) -> Self {
        let widths = plan.outputs.iter().map(|batch| batch.shape.width);
        let signature = model.signature_with(widths);
        let plan = Arc::new(plan);
        Self { signature, plan }
    }
}

impl Model for NativeModel {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn backend(&self) -> &str {
        "native"
    }

    fn batching_changes_bits(&self) -> bool {
        false
    }

    fn run(&self, call: &mut Call<'_>) -> Result<(), ModelError> {
        let n_rows = check(self, call.inputs, call.outputs)?;
        let workspace = call.scratch.get_or_insert_with(Workspace::default);
        run::run(&self.plan, call.inputs, call.outputs, n_rows, workspace)
    }

    fn explainer(&self, explained: &Explained<'_>) -> Result<Box<dyn Explainer>, NotExplained> {
        explain::explainer(self, explained)
    }
}

/// Compares a call with the signature and returns its number of rows.
fn check(
    model: &NativeModel,
    inputs: &[InputTensor<'_>],
    outputs: &[OutputTensor],
) -> Result<usize, ModelError> {
    let signature = &model.signature;
    if inputs.len() != signature.inputs.len() || outputs.len() != signature.outputs.len() {
        let detail = format!(
            "{} inputs and {} outputs where the model has {} and {}",
            inputs.len(),
            outputs.len(),
            signature.inputs.len(),
            signature.outputs.len()
        );
        return Err(ModelError::Shape { detail });
    }
    let n_rows = outputs.first().map_or(0, |output| output.dim().0);
    for (idx, (input, spec)) in inputs.iter().zip(&signature.inputs).enumerate() {
        let (rows, columns) = input.dim();
        let free = columns > 0 && model.plan.free_inputs.contains(&idx);
        let fits = rows == n_rows && (columns == spec.width || free);
        if input.element() != spec.element || !fits {
            return Err(spec.wrong(input.element(), input.dim(), n_rows));
        }
    }
    for (output, spec) in outputs.iter().zip(&signature.outputs) {
        if output.element() != spec.element || output.dim() != (n_rows, spec.width) {
            return Err(wrong_output(output, spec, n_rows));
        }
    }
    Ok(n_rows)
}

#[cold]
fn wrong_output(output: &OutputTensor, spec: &OutputSpec, n_rows: usize) -> ModelError {
    let (rows, columns) = output.dim();
    let detail = format!(
        "output `{}` is {rows} × {columns} of type {}, where {n_rows} × {} of type {} is needed",
        spec.name,
        output.element(),
        spec.width,
        spec.element,
    );
    ModelError::Shape { detail }
}

#[cfg(test)]
mod tests;
