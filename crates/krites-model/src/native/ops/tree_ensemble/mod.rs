//! TreeEnsembleClassifier and TreeEnsembleRegressor (ai.onnx.ml 1 to 4), and
//! TreeEnsemble (5).
//!
//! Trees are read (`attributes`, `chains`, `positions`), checked to be trees and laid into
//! one flat array (`grow`, `branch`, `plant`), and walked eight at a time for
//! one row or eight rows at a time for one tree (`walk`). The sum over the trees
//! is in their order in both ways.

mod attributes;
mod branch;
mod chains;
mod classifier;
mod forest;
mod grow;
mod join;
mod plant;
mod positions;
mod regressor;
mod sets;
mod told;
mod two_classes;
mod walk;

use crate::ElementType;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::ops::transform::PostTransform;
use crate::native::plan::{Batch, Plan, Value};
use attributes::Attributes;
pub(crate) use forest::Forest;
pub(crate) use join::{Graft, join};
pub(crate) use regressor::sum_of;
use regressor::{Aggregate, Task};

/// Builds TreeEnsembleClassifier.
pub(crate) fn classifier(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let batch = input(plan, node)?;
    let attributes = Attributes::of(node, "class", batch.shape.element)?;
    if batch.shape.element == ElementType::Double {
        classifier::build::<f64>(plan, node, &attributes, batch)
    } else {
        classifier::build::<f32>(plan, node, &attributes, batch)
    }
}

/// Builds TreeEnsembleRegressor.
pub(crate) fn regressor(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let batch = input(plan, node)?;
    let attributes = Attributes::of(node, "target", batch.shape.element)?;
    let task = Task {
        n_targets: node.integer("n_targets", 1),
        aggregate: Aggregate::of(node)?,
        transform: PostTransform::of(node)?,
        keeps_type: false,
    };
    build_regressor(plan, node, &attributes, batch, &task)
}

/// Builds TreeEnsemble.
pub(crate) fn ensemble(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let batch = node.matrix(0)?;
    if !matches!(
        batch.shape.element,
        ElementType::Float | ElementType::Double
    ) {
        return Err(node.refuse("its rows are neither floats nor doubles"));
    }
    let attributes = positions::read(node, batch.shape.element)?;
    let task = positions::task(node)?;
    build_regressor(plan, node, &attributes, batch, &task)
}

fn build_regressor(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    attributes: &Attributes,
    batch: Batch,
    task: &Task,
) -> Result<Vec<Value>, NotNative> {
    if batch.shape.element == ElementType::Double {
        regressor::build::<f64>(plan, node, attributes, batch, task)
    } else {
        regressor::build::<f32>(plan, node, attributes, batch, task)
    }
}

/// Returns the rows the trees read: floats or doubles, whole numbers as floats.
fn input(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Batch, NotNative> {
    let batch = node.matrix(0)?;
    match batch.shape.element {
        ElementType::Float | ElementType::Double => Ok(batch),
        _ => super::cast::cast(plan, node, batch, ElementType::Float),
    }
}

#[cfg(test)]
mod tests;
