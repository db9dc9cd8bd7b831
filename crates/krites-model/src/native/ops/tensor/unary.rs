//! Operators of single elements.

use super::functions::{Function, function};
use super::give::{give, only};
use super::item::Item;
use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::explain::{Link, Place, Sum, Traced};
use crate::native::join_trees::Part;
use crate::native::node::NodeContext;
use crate::native::ops::cast::each;
use crate::native::plan::{Kernel, Plan, Value};
use crate::{ElementType, ModelError};

/// Builds an operator of one argument.
pub(crate) fn build(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let element = item.element;
    let operator = node.operator();
    let name = match (operator, node.text("approximate", "none")?) {
        ("Gelu", "tanh") => "Gelu tanh",
        ("Gelu", "none") | (_, _) => operator,
    };
    let number = |name: &str, or: i64| node.integer(name, or) != 0;
    let unary = match (operator, element) {
        ("Not", ElementType::Boolean) => Unary::Not,
        ("IsNaN", ElementType::Float | ElementType::Double) => Unary::IsNan,
        ("IsInf", ElementType::Float | ElementType::Double) => Unary::IsInfinite {
            negative: number("detect_negative", 1),
            positive: number("detect_positive", 1),
        },
        (_, ElementType::Integer) => match operator {
            "Abs" => Unary::Integer(i64::wrapping_abs),
            "Neg" => Unary::Integer(i64::wrapping_neg),
            "Relu" => Unary::Integer(|x| x.max(0)),
            "Sign" => Unary::Integer(i64::signum),
            _ => return Err(node.refuse(format!("its elements are {element}"))),
        },
        (_, ElementType::Float | ElementType::Double) => {
            let function =
                function(name).ok_or_else(|| node.refuse(format!("its elements are {element}")))?;
            let [first, second] = function.parameters;
            let parameters = [node.float(first.0, first.1), node.float(second.0, second.1)];
            Unary::Float(function, parameters)
        }
        _ => return Err(node.refuse(format!("its elements are {element}"))),
    };
    let result = match unary {
        Unary::Not | Unary::IsNan | Unary::IsInfinite { .. } => ElementType::Boolean,
        Unary::Integer(_) | Unary::Float(..) => element,
    };
    let results = [(result, item.dims.clone())];
    let kernel = UnaryKernel { unary, element };
    let made = give(plan, node, kernel, &[&item], &results, 8)?;
    Ok(vec![only(node, made)?.into_value(node)?])
}

/// Applies a function of floats that has no parameters.
pub(super) fn apply(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    item: &Item,
    name: &str,
) -> Result<Item, NotNative> {
    let element = item.element;
    if !matches!(element, ElementType::Float | ElementType::Double) {
        return Err(node.refuse(format!("its elements are {element}")));
    }
    let function = function(name).ok_or_else(|| node.refuse(format!("the function {name}")))?;
    let unary = Unary::Float(function, [0.0; 2]);
    let results = [(element, item.dims.clone())];
    let kernel = UnaryKernel { unary, element };
    let made = give(plan, node, kernel, &[item], &results, 8)?;
    only(node, made)
}

#[derive(Clone, Copy, Debug)]
enum Unary {
    Float(Function, [f32; 2]),
    Integer(fn(i64) -> i64),
    Not,
    IsNan,
    IsInfinite { negative: bool, positive: bool },
}

#[derive(Debug)]
struct UnaryKernel {
    unary: Unary,
    element: ElementType,
}

impl Kernel for UnaryKernel {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let double = self.element == ElementType::Double;
        match self.unary {
            Unary::Float(function, parameters) if double => {
                let (of, parameters) = (function.double, parameters.map(f64::from));
                each(arguments, output, |x| of(x, parameters))
            }
            Unary::Float(function, parameters) => {
                let of = function.single;
                each(arguments, output, |x| of(x, parameters))
            }
            Unary::Integer(of) => each(arguments, output, of),
            Unary::Not => each(arguments, output, |x: bool| !x),
            Unary::IsNan if double => each(arguments, output, f64::is_nan),
            Unary::IsNan => each(arguments, output, f32::is_nan),
            Unary::IsInfinite { negative, positive } if double => {
                each(arguments, output, |x: f64| {
                    (negative && x == f64::NEG_INFINITY) || (positive && x == f64::INFINITY)
                })
            }
            Unary::IsInfinite { negative, positive } => each(arguments, output, |x: f32| {
                (negative && x == f32::NEG_INFINITY) || (positive && x == f32::INFINITY)
            }),
        }
    }

    fn trace(&self, _: usize, at: usize) -> Traced {
        let place = Place::first(at);
        match self.unary {
            Unary::Float(function, _) if function.name == "Sigmoid" => {
                Traced::Probability(Link::Logistic { whole: false }, Sum::of(place, 1.0, 0.0))
            }
            Unary::Float(function, _) if function.name == "Neg" => {
                Traced::Sum(Sum::of(place, -1.0, 0.0))
            }
            _ => Traced::Of(vec![place]),
        }
    }

    fn part(&self) -> Part<'_> {
        Part::Elementwise
    }
}
