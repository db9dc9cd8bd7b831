//! What runs: steps over slots, shapes and types settled.

use std::fmt::Debug;
use std::sync::Arc;

use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::arguments::{Arguments, Operand};
use crate::native::explain::{Traced, Trees};
use crate::native::fold::Folded;
use crate::native::join_trees::Part;
use crate::native::shared::Shared;
use crate::onnx::Node;
use crate::onnx::tensor::Tensor;
use crate::{ElementType, ModelError};

pub(crate) use crate::native::shape::{Layout, Middle, Shape};
pub(crate) use crate::native::value::{Batch, Size, Value};

/// Elements that all results of one row may have together
pub(crate) const MAX_WIDTH: usize = 4 << 20;

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

    /// Tells how an element of a row of a result follows from elements of the
    /// operands.
    fn trace(&self, result: usize, at: usize) -> Traced {
        let _ = (result, at);
        Traced::Anything
    }

    /// Returns the trees that the step sums up, if it does.
    fn trees(&self) -> Option<&dyn Trees> {
        None
    }
}

/// One step
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) kernel: Box<dyn Kernel>,
    /// The node that it is of, as messages name it
    pub(crate) node: Arc<str>,
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
    pub(crate) stepped: usize,
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
            node: Arc::default(),
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
    pub(crate) fn count_width(
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
