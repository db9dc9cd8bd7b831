//! TreeEnsembleClassifier and TreeEnsembleRegressor (ai.onnx.ml 1 to 4).
//!
//! Trees are read, checked to be trees and laid into one flat array (`grow`,
//! `plant`), and walked eight at a time for one row or eight rows at a time for
//! one tree (`walk`). The sum over the trees is in their order in both ways.

mod attributes;
mod classifier;
mod forest;
mod grow;
mod join;
mod plant;
mod regressor;
mod walk;

use crate::ElementType;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::plan::{Batch, Plan, Value};
use attributes::Attributes;
pub(crate) use forest::Forest;
pub(crate) use join::{Graft, join};
pub(crate) use regressor::sum_of;

/// Builds TreeEnsembleClassifier.
pub(crate) fn classifier(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let attributes = Attributes::of(node, "class")?;
    let batch = input(plan, node)?;
    if batch.shape.element == ElementType::Double {
        classifier::build::<f64>(plan, node, &attributes, batch)
    } else {
        classifier::build::<f32>(plan, node, &attributes, batch)
    }
}

/// Builds TreeEnsembleRegressor.
pub(crate) fn regressor(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let attributes = Attributes::of(node, "target")?;
    let batch = input(plan, node)?;
    if batch.shape.element == ElementType::Double {
        regressor::build::<f64>(plan, node, &attributes, batch)
    } else {
        regressor::build::<f32>(plan, node, &attributes, batch)
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
