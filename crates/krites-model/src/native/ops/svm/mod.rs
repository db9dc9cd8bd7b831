//! SVMClassifier and SVMRegressor (ai.onnx.ml 1).
//!
//! A row is compared with all support vectors at once (`vectors`); what becomes
//! of that is as ONNX Runtime has it (`core/providers/cpu/ml/svmclassifier.cc`),
//! since the specification has no formulas.

mod classifier;
mod pairs;
mod probabilities;
mod regressor;
mod vectors;

pub(crate) use classifier::classifier;
pub(crate) use regressor::regressor;

use crate::ElementType;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::ops::cast::cast;
use crate::native::plan::{Batch, Plan};

/// Returns the rows as floats.
fn rows(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Batch, NotNative> {
    let batch = node.matrix(0)?;
    cast(plan, node, batch, ElementType::Float)
}

/// Returns a list of floats that has at least `count`; those behind them count
/// for nothing, as in ONNX Runtime.
fn at_least<'a>(node: &NodeContext<'a>, name: &str, count: usize) -> Result<&'a [f32], NotNative> {
    let list = node.floats(name);
    list.get(..count).ok_or_else(|| {
        let len = list.len();
        node.malformed(format!(
            "`{name}` has {len} values where {count} are needed"
        ))
    })
}

#[cfg(test)]
mod tests;
