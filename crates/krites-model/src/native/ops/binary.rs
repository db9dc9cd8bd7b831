//! Arithmetic, comparison and logic of two values, broadcast along the columns.

use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::{Arguments, InputElement, Operand};
use crate::native::join_trees::Part;
use crate::native::node::NodeContext;
use crate::native::plan::{Batch, Kernel, Layout, Plan, Shape, Value};
use crate::onnx::tensor::Tensor;
use crate::{ElementType, ModelError};

/// Builds an operator of two arguments.
pub(crate) fn build(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let function = function(node)?;
    let (left, right) = (node.required(0)?, node.required(1)?);
    if let (Binary::Mul, Value::Batch(_), Value::Constant(factor)) = (function, left, right)
        && matches!(&factor.data, Buffer::Float(factor) if factor.as_slice() == [1.0])
        && factor.dims.is_empty()
    {
        return Ok(vec![left.clone()]);
    }
    let value = pair(plan, node, function, left, right)?;
    Ok(vec![value])
}

/// Builds an operator of any number of arguments, taken from left to right.
pub(crate) fn many(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let function = function(node)?;
    let mut value = node.required(0)?.clone();
    for idx in 1..node.n_inputs() {
        value = pair(plan, node, function, &value, node.required(idx)?)?;
    }
    Ok(vec![value])
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Binary {
    Add,
    And,
    Div,
    Equal,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Max,
    Min,
    Mul,
    Or,
    Pow,
    Sub,
}

fn function(node: &NodeContext<'_>) -> Result<Binary, NotNative> {
    Ok(match node.operator() {
        "Add" | "Sum" => Binary::Add,
        "And" => Binary::And,
        "Div" => Binary::Div,
        "Equal" => Binary::Equal,
        "Greater" => Binary::Greater,
        "GreaterOrEqual" => Binary::GreaterOrEqual,
        "Less" => Binary::Less,
        "LessOrEqual" => Binary::LessOrEqual,
        "Max" => Binary::Max,
        "Min" => Binary::Min,
        "Mul" => Binary::Mul,
        "Or" => Binary::Or,
        "Pow" => Binary::Pow,
        "Sub" => Binary::Sub,
        other => return Err(node.refuse(format!("the function {other}"))),
    })
}

/// Adds the step of one pair.
fn pair(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    function: Binary,
    left: &Value,
    right: &Value,
) -> Result<Value, NotNative> {
    let (element, other) = (element(node, left)?, element(node, right)?);
    let native = match element {
        ElementType::Float | ElementType::Double => !matches!(function, Binary::And | Binary::Or),
        ElementType::Integer => !matches!(
            function,
            Binary::And | Binary::Or | Binary::Div | Binary::Pow
        ),
        ElementType::Boolean => matches!(function, Binary::And | Binary::Or | Binary::Equal),
        ElementType::Text => false,
    };
    if element != other || !native {
        return Err(node.refuse(format!("its elements are {element} and {other}")));
    }
    let (layout, width) = broadcast(left, right)
        .ok_or_else(|| node.refuse("its inputs have shapes that do not go row by row"))?;
    let compares = matches!(
        function,
        Binary::Equal
            | Binary::Greater
            | Binary::GreaterOrEqual
            | Binary::Less
            | Binary::LessOrEqual
    );
    let shape = Shape {
        element: if compares {
            ElementType::Boolean
        } else {
            element
        },
        layout,
        width,
    };
    let (Some(left), Some(right)) = (Side::of(plan, left), Side::of(plan, right)) else {
        return Err(node.refuse("the number of its columns is not known"));
    };
    let operands = [left.operand, right.operand];
    let kernel = BinaryKernel {
        function,
        element,
        width,
        left,
        right,
    };
    let made = plan.step(kernel, &operands, &[shape]);
    made.into_iter()
        .next()
        .ok_or_else(|| node.refuse("it has no result"))
}

fn element(node: &NodeContext<'_>, value: &Value) -> Result<ElementType, NotNative> {
    match value {
        Value::Batch(batch) => Ok(batch.shape.element),
        Value::Constant(tensor) => Ok(tensor.data.element()),
        Value::Ragged(_) => Err(node.refuse("the number of its columns is not known")),
    }
}

/// Finds layout and width of a result, where rows stay rows.
fn broadcast(left: &Value, right: &Value) -> Option<(Layout, usize)> {
    match (left, right) {
        (Value::Batch(left), Value::Batch(right)) => {
            let (left, right) = (left.shape, right.shape);
            let fits = left.width == right.width || left.width == 1 || right.width == 1;
            (left.layout == right.layout && fits)
                .then_some((left.layout, left.width.max(right.width)))
        }
        (Value::Batch(batch), Value::Constant(tensor))
        | (Value::Constant(tensor), Value::Batch(batch)) => with_constant(batch, tensor),
        _ => None,
    }
}

fn with_constant(batch: &Batch, tensor: &Tensor) -> Option<(Layout, usize)> {
    let Shape { layout, width, .. } = batch.shape;
    let columns = match (layout, tensor.dims.as_slice()) {
        (_, [] | [1]) | (Layout::Matrix | Layout::Across | Layout::Deep, [1, 1]) => 1,
        (Layout::Matrix, &[columns] | &[1, columns]) => columns,
        _ => return None,
    };
    let fits = columns == width || columns == 1 || (width == 1 && columns > 1);
    fits.then_some((layout, width.max(columns)))
}

/// Where a side lies and how many elements a row of it has
#[derive(Clone, Copy, Debug)]
struct Side {
    operand: Operand,
    width: usize,
    constant: bool,
}

impl Side {
    fn of(plan: &mut Plan, value: &Value) -> Option<Self> {
        Some(match value {
            Value::Batch(batch) => Self {
                operand: batch.operand,
                width: batch.shape.width,
                constant: false,
            },
            Value::Constant(tensor) => {
                let width = tensor.data.len();
                Self {
                    operand: plan.constant(tensor),
                    width,
                    constant: true,
                }
            }
            Value::Ragged(_) => return None,
        })
    }

    /// Returns the steps from row to row and from column to column.
    fn strides(&self) -> (usize, usize) {
        (
            if self.constant { 0 } else { self.width },
            usize::from(self.width > 1),
        )
    }
}

#[derive(Debug)]
struct BinaryKernel {
    function: Binary,
    element: ElementType,
    width: usize,
    left: Side,
    right: Side,
}

impl Kernel for BinaryKernel {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match self.element {
            ElementType::Float => match self.function {
                Binary::Add => self.each(arguments, output, |a: f32, b| a + b),
                Binary::Sub => self.each(arguments, output, |a: f32, b| a - b),
                Binary::Mul => self.each(arguments, output, |a: f32, b| a * b),
                Binary::Div => self.each(arguments, output, |a: f32, b| a / b),
                Binary::Pow => self.each(arguments, output, libm::powf),
                Binary::Max => {
                    self.each(
                        arguments,
                        output,
                        |a: f32, b| if a < b || b.is_nan() { b } else { a },
                    )
                }
                Binary::Min => {
                    self.each(
                        arguments,
                        output,
                        |a: f32, b| if a > b || b.is_nan() { b } else { a },
                    )
                }
                _ => self.compare::<f32>(arguments, output),
            },
            ElementType::Double => match self.function {
                Binary::Add => self.each(arguments, output, |a: f64, b| a + b),
                Binary::Sub => self.each(arguments, output, |a: f64, b| a - b),
                Binary::Mul => self.each(arguments, output, |a: f64, b| a * b),
                Binary::Div => self.each(arguments, output, |a: f64, b| a / b),
                Binary::Pow => self.each(arguments, output, libm::pow),
                Binary::Max => {
                    self.each(
                        arguments,
                        output,
                        |a: f64, b| if a < b || b.is_nan() { b } else { a },
                    )
                }
                Binary::Min => {
                    self.each(
                        arguments,
                        output,
                        |a: f64, b| if a > b || b.is_nan() { b } else { a },
                    )
                }
                _ => self.compare::<f64>(arguments, output),
            },
            ElementType::Integer => match self.function {
                Binary::Add => self.each(arguments, output, i64::wrapping_add),
                Binary::Sub => self.each(arguments, output, i64::wrapping_sub),
                Binary::Mul => self.each(arguments, output, i64::wrapping_mul),
                Binary::Max => self.each(arguments, output, |a: i64, b: i64| a.max(b)),
                Binary::Min => self.each(arguments, output, |a: i64, b: i64| a.min(b)),
                _ => self.compare::<i64>(arguments, output),
            },
            _ => match self.function {
                Binary::And => self.each(arguments, output, |a: bool, b: bool| a & b),
                Binary::Or => self.each(arguments, output, |a: bool, b: bool| a | b),
                _ => self.compare::<bool>(arguments, output),
            },
        }
    }

    fn part(&self) -> Part<'_> {
        match (self.function, self.element) {
            (Binary::Add, ElementType::Float) if self.width == 1 => Part::Add,
            _ if self.width == 1 => Part::Elementwise,
            _ => Part::Other,
        }
    }
}

impl BinaryKernel {
    fn compare<T: InputElement>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
    ) -> Result<(), ModelError> {
        match self.function {
            Binary::Greater => self.each(arguments, output, |a: T, b: T| a > b),
            Binary::GreaterOrEqual => self.each(arguments, output, |a: T, b: T| a >= b),
            Binary::Less => self.each(arguments, output, |a: T, b: T| a < b),
            Binary::LessOrEqual => self.each(arguments, output, |a: T, b: T| a <= b),
            _ => self.each(arguments, output, |a: T, b: T| a == b),
        }
    }

    fn each<T: InputElement, U: Element>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
        f: impl Fn(T, T) -> U,
    ) -> Result<(), ModelError> {
        let left = arguments.array::<T>(0)?;
        let right = arguments.array::<T>(1)?;
        let to = U::resized(output, arguments.n_rows * self.width);
        let (left_row, left_column) = self.left.strides();
        let (right_row, right_column) = self.right.strides();
        for (row_idx, to) in to.chunks_exact_mut(self.width).enumerate() {
            let left = left.get(row_idx * left_row..).unwrap_or_default();
            let right = right.get(row_idx * right_row..).unwrap_or_default();
            if left_column == 1 && right_column == 1 {
                for ((to, &a), &b) in to.iter_mut().zip(left).zip(right) {
                    *to = f(a, b);
                }
                continue;
            }
            if let (1, 0, Some(&b)) = (left_column, right_column, right.first()) {
                for (to, &a) in to.iter_mut().zip(left) {
                    *to = f(a, b);
                }
                continue;
            }
            for (column, to) in to.iter_mut().enumerate() {
                let a = left.get(column * left_column).copied().unwrap_or_default();
                let b = right
                    .get(column * right_column)
                    .copied()
                    .unwrap_or_default();
                *to = f(a, b);
            }
        }
        Ok(())
    }
}
