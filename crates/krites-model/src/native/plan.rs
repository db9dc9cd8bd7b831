//! A graph made ready to run: steps over slots, shapes and types settled.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::Arc;

use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::arguments::{Arguments, Operand};
use crate::native::fold::Folded;
use crate::native::join_trees::Part;
use crate::native::narrow;
use crate::native::node::NodeContext;
use crate::native::ops;
use crate::native::ragged::Ragged;
use crate::native::shared::Shared;
use crate::onnx::tensor::Tensor;
use crate::onnx::{Graph, Node, OnnxModel};
use crate::{ElementType, ModelError};

pub(crate) use crate::native::shape::{Layout, Middle, Shape};
pub(crate) use crate::native::value::{Batch, Size, Value};

/// Elements that all results of one row may have together
pub(crate) const MAX_WIDTH: usize = 4 << 20;

/// The newest version of the default operator set whose operators are known
const DEFAULT_NEWEST: i64 = 28;

/// The same for other operator sets
const NEWEST: [(&str, i64); 2] = [("ai.onnx.ml", 5), ("com.microsoft", 1)];

/// Steps that a model may take
const MAX_STEPS: usize = 1 << 18;

/// Work of one step, for any number of rows
pub(crate) trait Kernel: Debug + Send + Sync {
    /// Reads `arguments` and writes `outputs`, one buffer for each result that
    /// the step announced.
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError>;

    /// Tells what the step is where trees are joined.
    fn part(&self) -> Part<'_> {
        Part::Other
    }
}

/// One step
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) kernel: Box<dyn Kernel>,
    pub(crate) operands: Vec<Operand>,
    /// First slot of the results, which lie side by side
    pub(crate) first_slot: usize,
    /// Number of results
    pub(crate) n_slots: usize,
    /// Elements of all results for one row
    pub(crate) width: usize,
}

/// Counts the elements of all results for one row.
pub(crate) fn width_of(results: &[Shape]) -> usize {
    let widths = results.iter().map(|shape| shape.width);
    widths.fold(0, usize::saturating_add)
}

/// Steps in order, with what they share
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    pub(crate) n_slots: usize,
    pub(crate) constants: Vec<Arc<Tensor>>,
    pub(crate) outputs: Vec<Batch>,
    /// Inputs that take any number of columns from one on
    pub(crate) free_inputs: Vec<usize>,
    /// Elements of all results for one row
    pub(crate) total_width: usize,
    /// Elements that all steps make for one row
    stepped: usize,
    /// What folding has cost
    pub(crate) folded: Folded,
    /// What nodes read of constants
    pub(crate) shared: Shared,
}

impl Plan {
    /// Adds a step and returns its results.
    pub(crate) fn step(
        &mut self,
        kernel: impl Kernel + 'static,
        operands: &[Operand],
        results: &[Shape],
    ) -> Vec<Value> {
        let first_slot = self.n_slots;
        self.n_slots += results.len();
        self.stepped = self.stepped.saturating_add(room(results.iter()));
        let operands = operands.to_vec();
        self.steps.push(Step {
            kernel: Box::new(kernel),
            operands,
            first_slot,
            n_slots: results.len(),
            width: width_of(results),
        });
        let slots = first_slot..self.n_slots;
        let values = slots.zip(results).map(|(slot, &shape)| {
            Value::Batch(Batch {
                operand: Operand::Slot(slot),
                shape,
            })
        });
        values.collect()
    }

    /// Counts what a node made, or the steps behind it, which can be wider:
    /// `stepped` is what all steps before it made.
    fn count_width(
        &mut self,
        node: &Node,
        made: &[Value],
        stepped: usize,
    ) -> Result<(), NotNative> {
        let refuse = |reason: String| {
            Err(NotNative::Use {
                node: node.label.clone(),
                reason,
            })
        };
        let shapes = made.iter().filter_map(|value| match value {
            Value::Batch(batch) => Some(&batch.shape),
            _ => None,
        });
        if self.steps.len() > MAX_STEPS {
            return refuse(format!("the model takes more than {MAX_STEPS} steps"));
        }
        let none = shapes.clone().any(|shape| shape.width == 0);
        let width = room(shapes).max(self.stepped.saturating_sub(stepped));
        self.total_width = self.total_width.saturating_add(width);
        if none || self.total_width > MAX_WIDTH {
            return refuse("it gives no columns or too many".to_owned());
        }
        Ok(())
    }

    /// Adds a constant.
    pub(crate) fn constant(&mut self, tensor: &Arc<Tensor>) -> Operand {
        self.constants.push(Arc::clone(tensor));
        Operand::Constant(self.constants.len() - 1)
    }
}

/// Counts elements of one row; a text takes as much as some numbers, even where
/// it is empty.
fn room<'s>(shapes: impl Iterator<Item = &'s Shape>) -> usize {
    let room = shapes.map(|shape| match shape.element {
        ElementType::Text => shape.width.saturating_mul(8),
        _ => shape.width,
    });
    room.fold(0, usize::saturating_add)
}

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
        let refuse = |reason: &str| NotNative::Port {
            name: port.name.clone(),
            reason: reason.to_owned(),
        };
        if port.narrow {
            return Err(refuse("its elements are 32-bit integers"));
        }
        let counted = matches!(port.element, ElementType::Text | ElementType::Integer);
        let Some(width) = port.width else {
            if !counted {
                return Err(refuse("its number of columns is not known"));
            }
            let value = Ragged {
                operand: Operand::Input(idx),
                element: port.element,
                layout: Layout::Matrix,
                splitter: None,
            };
            values.insert(&port.name, Value::Ragged(value));
            plan.free_inputs.push(idx);
            continue;
        };
        let layout = if port.rank == 1 {
            Layout::Column
        } else {
            Layout::Matrix
        };
        let shape = Shape {
            element: port.element,
            layout,
            width,
        };
        values.insert(
            &port.name,
            Value::Batch(Batch {
                operand: Operand::Input(idx),
                shape,
            }),
        );
    }
    for node in nodes() {
        let stepped = plan.stepped;
        let made = compile_node(&mut plan, model, graph, node, &values)?;
        plan.count_width(node, &made, stepped)?;
        for (name, value) in node.proto.output.iter().zip(made) {
            values.insert(name, value);
        }
    }
    for port in &model.outputs {
        let refuse = |reason: &str| NotNative::Port {
            name: port.name.clone(),
            reason: reason.to_owned(),
        };
        let batch = match values.get(port.name.as_str()) {
            Some(Value::Batch(batch)) => *batch,
            Some(Value::Ragged(_)) => {
                return Err(refuse("its number of columns is not known"));
            }
            _ => return Err(refuse("it does not depend on the inputs")),
        };
        if port.narrow {
            return Err(refuse("its elements are 32-bit integers"));
        }
        if batch.shape.element != port.element {
            return Err(refuse("its elements are of another type than it declares"));
        }
        if !matches!(batch.shape.layout, Layout::Column | Layout::Matrix) {
            return Err(refuse("it has not one row a case"));
        }
        plan.outputs.push(batch);
    }
    Ok(plan)
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
    graph: &'g Graph,
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
        let value = match (values.get(name.as_str()), graph.constants.get(name)) {
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
