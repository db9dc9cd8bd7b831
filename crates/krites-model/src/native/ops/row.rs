//! Operators over the columns of one row, and the labels of classifiers.

use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::explain::{Place, Traced};
use crate::native::node::NodeContext;
use crate::native::ops::cast::cast;
use crate::native::ops::zeros::{change_nonzero, sum_nonzero};
use crate::native::plan::{Kernel, Plan, Shape, Value};
use crate::onnx::class_labels;
use crate::{ClassLabels, ElementType, ModelError};

/// The labels of a classifier
#[derive(Debug)]
pub(crate) enum Labels {
    Integers(Vec<i64>),
    Texts(Vec<String>),
}

impl Labels {
    /// Reads the labels of a classifier.
    pub(crate) fn of(node: &NodeContext<'_>) -> Result<Self, NotNative> {
        match class_labels(node.proto()) {
            Some(ClassLabels::Integers(labels)) => Ok(Self::Integers(labels)),
            Some(ClassLabels::Texts(labels)) => Ok(Self::Texts(labels)),
            None => Err(node.malformed("it has no class labels")),
        }
    }

    /// Counts the classes.
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Integers(labels) => labels.len(),
            Self::Texts(labels) => labels.len(),
        }
    }

    /// Tells the type of the labels.
    pub(crate) fn element(&self) -> ElementType {
        match self {
            Self::Integers(_) => ElementType::Integer,
            Self::Texts(_) => ElementType::Text,
        }
    }

    /// Makes `buffer` a column of `n_rows` labels.
    pub(crate) fn writer<'a>(&'a self, buffer: &'a mut Buffer, n_rows: usize) -> LabelWriter<'a> {
        match self {
            Self::Integers(labels) => LabelWriter::Integers(labels, i64::resized(buffer, n_rows)),
            Self::Texts(labels) => LabelWriter::Texts(labels, buffer.texts_mut(n_rows)),
        }
    }
}

/// A column of labels being written
#[derive(Debug)]
pub(crate) enum LabelWriter<'a> {
    Integers(&'a [i64], &'a mut [i64]),
    Texts(&'a [String], &'a mut [String]),
}

impl LabelWriter<'_> {
    /// Writes the label of a class.
    pub(crate) fn write(&mut self, row_idx: usize, class: usize) {
        match self {
            Self::Integers(labels, column) => {
                if let (Some(&label), Some(to)) = (labels.get(class), column.get_mut(row_idx)) {
                    *to = label;
                }
            }
            Self::Texts(labels, column) => {
                if let (Some(label), Some(to)) = (labels.get(class), column.get_mut(row_idx)) {
                    to.clear();
                    to.push_str(label);
                }
            }
        }
    }
}

/// Builds Normalizer.
pub(crate) fn normalizer(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let batch = node.matrix(0)?;
    let function = match node.text("norm", "MAX")? {
        "MAX" => Function::Max,
        "L1" => Function::L1,
        "L2" => Function::L2,
        other => return Err(node.malformed(format!("the norm `{other}`"))),
    };
    let batch = cast(plan, node, batch, ElementType::Float)?;
    let width = batch.shape.width;
    let shape = Shape::matrix(ElementType::Float, width);
    Ok(plan.step(Row { function, width }, &[batch.operand], &[shape]))
}

/// What happens to a row
#[derive(Clone, Copy, Debug)]
enum Function {
    Max,
    L1,
    L2,
}

#[derive(Debug)]
struct Row {
    function: Function,
    width: usize,
}

impl Kernel for Row {
    fn trace(&self, _: usize, at: usize) -> Traced {
        match self.function {
            Function::L1 => Traced::Share(Place::first(at)),
            Function::Max | Function::L2 => Traced::Anything,
        }
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let from = arguments.array::<f32>(0)?;
        let to = f32::resized(output, from.len());
        to.copy_from_slice(from);
        for row in to.chunks_exact_mut(self.width) {
            self.function.apply(row);
        }
        Ok(())
    }
}

impl Function {
    /// Applies the function to a row; a row whose norm is zero stays as it is.
    fn apply(self, row: &mut [f32]) {
        match self {
            Self::Max => {
                let most = row.iter().copied().fold(f32::MIN, f32::max);
                if most != 0.0 {
                    row.iter_mut().for_each(|x| *x /= most);
                }
            }
            Self::L1 => {
                let norm = sum_nonzero(row, f32::abs);
                if norm.is_nan() {
                    row.fill(f32::NAN);
                } else if norm != 0.0 {
                    change_nonzero(row, |x| x / norm);
                }
            }
            Self::L2 => {
                let squares = sum_nonzero(row, |x| x * x);
                if squares.is_nan() {
                    row.fill(f32::NAN);
                } else if squares != 0.0 {
                    change_nonzero(row, |x| (x * x / squares).sqrt().copysign(x));
                }
            }
        }
    }
}
