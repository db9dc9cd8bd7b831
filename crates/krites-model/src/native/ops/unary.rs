//! Functions of single elements.

use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::join_trees::Part;
use crate::native::node::NodeContext;
use crate::native::ops::cast::each;
use crate::native::ops::transform::logistic;
use crate::native::plan::{Kernel, Plan, Value};
use crate::{ElementType, ModelError};

/// Builds an operator of one argument.
pub(crate) fn build(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let batch = node.batch(0)?;
    let operator = node.operator();
    let element = batch.shape.element;
    let native = match operator {
        "Not" => element == ElementType::Boolean,
        "Abs" | "Neg" => matches!(
            element,
            ElementType::Float | ElementType::Double | ElementType::Integer
        ),
        _ => matches!(element, ElementType::Float | ElementType::Double),
    };
    let function = match operator {
        "Abs" => Unary::Abs,
        "Ceil" => Unary::Ceil,
        "Exp" => Unary::Exp,
        "Floor" => Unary::Floor,
        "Log" => Unary::Log,
        "Neg" => Unary::Neg,
        "Not" => Unary::Not,
        "Relu" => Unary::Relu,
        "Sigmoid" => Unary::Sigmoid,
        "Sqrt" => Unary::Sqrt,
        "Tanh" => Unary::Tanh,
        other => return Err(node.refuse(format!("the function {other}"))),
    };
    if !native {
        return Err(node.refuse(format!("its elements are {element}")));
    }
    Ok(plan.step(
        UnaryKernel { function, element },
        &[batch.operand],
        &[batch.shape],
    ))
}

#[derive(Clone, Copy, Debug)]
enum Unary {
    Abs,
    Ceil,
    Exp,
    Floor,
    Log,
    Neg,
    Not,
    Relu,
    Sigmoid,
    Sqrt,
    Tanh,
}

#[derive(Debug)]
struct UnaryKernel {
    function: Unary,
    element: ElementType,
}

impl Kernel for UnaryKernel {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match self.element {
            ElementType::Float => each(arguments, output, self.function.of_f32()),
            ElementType::Double => each(arguments, output, self.function.of_f64()),
            ElementType::Integer => match self.function {
                Unary::Abs => each(arguments, output, i64::wrapping_abs),
                _ => each(arguments, output, i64::wrapping_neg),
            },
            _ => each(arguments, output, |x: bool| !x),
        }
    }

    fn part(&self) -> Part<'_> {
        Part::Elementwise
    }
}

impl Unary {
    fn of_f32(self) -> fn(f32) -> f32 {
        match self {
            Self::Abs => f32::abs,
            Self::Ceil => f32::ceil,
            Self::Exp => libm::expf,
            Self::Floor => f32::floor,
            Self::Log => libm::logf,
            Self::Neg | Self::Not => |x| -x,
            // NaN stays NaN.
            Self::Relu => |x| if x < 0.0 { 0.0 } else { x },
            Self::Sigmoid => logistic,
            Self::Sqrt => f32::sqrt,
            Self::Tanh => libm::tanhf,
        }
    }

    fn of_f64(self) -> fn(f64) -> f64 {
        match self {
            Self::Abs => f64::abs,
            Self::Ceil => f64::ceil,
            Self::Exp => libm::exp,
            Self::Floor => f64::floor,
            Self::Log => libm::log,
            Self::Neg | Self::Not => |x| -x,
            Self::Relu => |x| if x < 0.0 { 0.0 } else { x },
            Self::Sigmoid => |x| {
                let upper = 1.0 / (1.0 + libm::exp(-x.abs()));
                if x < 0.0 { 1.0 - upper } else { upper }
            },
            Self::Sqrt => f64::sqrt,
            Self::Tanh => libm::tanh,
        }
    }
}
