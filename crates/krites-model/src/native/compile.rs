//! A graph made ready to run: node by node, each by the builder of its operator.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::ElementType;
use crate::native::NotNative;
use crate::native::arguments::Operand;
use crate::native::fold::Folded;
use crate::native::narrow;
use crate::native::node::NodeContext;
use crate::native::ops;
use crate::native::plan::Plan;
use crate::native::ragged::Ragged;
use crate::native::shape::{Layout, Shape};
use crate::native::value::{Batch, Value};
use crate::onnx::{Node, OnnxModel, Port};

/// The newest version of the default operator set whose operators are known
const DEFAULT_NEWEST: i64 = 28;

/// The same for other operator sets
const NEWEST: [(&str, i64); 2] = [("ai.onnx.ml", 5), ("com.microsoft", 1)];

/// Compiles the part of a graph that its outputs need.
///
/// # Errors
///
/// [`NotNative`] names the first node that is outside of the table.
pub(crate) fn compile(model: &OnnxModel) -> Result<Plan, NotNative> {
    let graph = &model.graph;
    let needed = needed(model);
    let nodes = || {
        graph
            .nodes
            .iter()
            .zip(&needed)
            .filter(|(_, needed)| **needed)
            .map(|(node, _)| node)
    };
    if let Some(node) = nodes().find(|node| ops::builder(&node.operator).is_none()) {
        let (node, operator) = (node.label.clone(), node.operator.clone());
        return Err(NotNative::Operator { node, operator });
    }
    ops::check_maps(model)?;
    narrow::check(model)?;
    let mut plan = Plan {
        folded: Folded::within(graph),
        ..Plan::default()
    };
    let mut values: BTreeMap<&str, Value> = BTreeMap::new();
    for (idx, port) in model.inputs.iter().enumerate() {
        let value = input(idx, port)?;
        if let Value::Ragged(_) = value {
            plan.free_inputs.push(idx);
        }
        values.insert(&port.name, value);
    }
    for node in nodes() {
        let (stepped, n_steps) = (plan.stepped, plan.steps.len());
        let made = compile_node(&mut plan, model, node, &values)?;
        plan.count_width(node, &made, stepped)?;
        let label: Arc<str> = node.label.as_str().into();
        for step in plan.steps.iter_mut().skip(n_steps) {
            step.node = Arc::clone(&label);
        }
        for (name, value) in node.proto.output.iter().zip(made) {
            values.insert(name, value);
        }
    }
    for port in &model.outputs {
        plan.outputs
            .push(output(port, values.get(port.name.as_str()))?);
    }
    Ok(plan)
}

/// Returns what an input holds.
fn input(idx: usize, port: &Port) -> Result<Value, NotNative> {
    if port.narrow {
        return Err(refuse(port, "its elements are 32-bit integers"));
    }
    let operand = Operand::Input(idx);
    let element = port.element;
    if let Some(width) = port.width {
        let layout = if port.rank == 1 {
            Layout::Column
        } else {
            Layout::Matrix
        };
        let shape = Shape {
            element,
            layout,
            width,
        };
        return Ok(Value::Batch(Batch { operand, shape }));
    }
    if !matches!(element, ElementType::Text | ElementType::Integer) {
        return Err(refuse(port, "its number of columns is not known"));
    }
    Ok(Value::Ragged(Ragged {
        operand,
        element,
        layout: Layout::Matrix,
        splitter: None,
    }))
}

/// Returns what an output gives, where that is one row a case of its type.
fn output(port: &Port, value: Option<&Value>) -> Result<Batch, NotNative> {
    let batch = match value {
        Some(Value::Batch(batch)) => *batch,
        Some(Value::Ragged(_)) => {
            return Err(refuse(port, "its number of columns is not known"));
        }
        _ => return Err(refuse(port, "it does not depend on the inputs")),
    };
    if port.narrow {
        return Err(refuse(port, "its elements are 32-bit integers"));
    }
    if batch.shape.element != port.element {
        let reason = "its elements are of another type than it declares";
        return Err(refuse(port, reason));
    }
    if !matches!(batch.shape.layout, Layout::Column | Layout::Matrix) {
        return Err(refuse(port, "it has not one row a case"));
    }
    Ok(batch)
}

fn refuse(port: &Port, reason: &str) -> NotNative {
    NotNative::Port {
        name: port.name.clone(),
        reason: reason.to_owned(),
    }
}

/// Marks the nodes behind the outputs.
fn needed(model: &OnnxModel) -> Vec<bool> {
    let mut wanted: BTreeSet<&str> = model
        .outputs
        .iter()
        .map(|port| port.name.as_str())
        .collect();
    let mut needed = vec![false; model.graph.nodes.len()];
    for (node, needed) in model.graph.nodes.iter().zip(&mut needed).rev() {
        *needed = node
            .proto
            .output
            .iter()
            .any(|output| wanted.contains(output.as_str()));
        if *needed {
            wanted.extend(node.proto.input.iter().map(String::as_str));
        }
    }
    needed
}

/// Returns the version of the operator set that a node is of, if it is one whose
/// operators are known here.
fn known(model: &OnnxModel, node: &Node) -> Result<i64, NotNative> {
    let newest = NEWEST
        .iter()
        .find(|(domain, _)| *domain == node.proto.domain);
    let newest = newest.map_or(DEFAULT_NEWEST, |&(_, newest)| newest);
    let version = model.opset(&node.proto.domain);
    let node = node.label.clone();
    match version {
        None => {
            let reason = "the file names no version of its operator set".to_owned();
            Err(NotNative::Use { node, reason })
        }
        Some(..1) => {
            let problem = "its operator set has a version below 1".to_owned();
            Err(NotNative::Malformed { node, problem })
        }
        Some(version) if version > newest => {
            let reason =
                format!("its operator set has the version {version}, the newest known is {newest}");
            Err(NotNative::Use { node, reason })
        }
        Some(version) => Ok(version),
    }
}

fn compile_node<'g>(
    plan: &mut Plan,
    model: &OnnxModel,
    node: &'g Node,
    values: &BTreeMap<&'g str, Value>,
) -> Result<Vec<Value>, NotNative> {
    let operator = node.operator.as_str();
    let Some(builder) = ops::builder(operator) else {
        return Err(NotNative::Operator {
            node: node.label.clone(),
            operator: operator.to_owned(),
        });
    };
    let mut inputs = Vec::with_capacity(node.proto.input.len());
    for name in &node.proto.input {
        let value = match (values.get(name.as_str()), model.graph.constants.get(name)) {
            (Some(value), _) => Some(value.clone()),
            (None, Some(Some(tensor))) => Some(Value::Constant(Arc::clone(tensor))),
            (None, Some(None)) => {
                let reason = format!("the constant `{name}` has a type that is not native");
                return Err(NotNative::Use {
                    node: node.label.clone(),
                    reason,
                });
            }
            (None, None) => None,
        };
        inputs.push(value);
    }
    plan.shared.count(node, &inputs)?;
    let context = NodeContext::new(node, inputs, known(model, node)?);
    let made = builder(plan, &context);
    context.misread().map_or(made, Err)
}
