//! Arithmetic, comparison and logic of two values, broadcast within a row.

use super::arithmetic::BinaryKernel;
use super::broadcast::{broadcast, side};
use super::give::{give, only};
use super::item::{Item, Source};
use super::real::Real;
use super::sizes::size_pair;
use crate::ElementType;
use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::plan::{Plan, Value};

/// Builds an operator of two arguments.
pub(crate) fn build(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let function = function(node)?;
    let (left, right) = (Item::of(node, 0)?, Item::of(node, 1)?);
    if let (Binary::Mul, Some(factor), None) = (function, right.tensor(), left.tensor())
        && matches!(&factor.data, Buffer::Float(factor) if factor.as_slice() == [1.0])
        && factor.dims.is_empty()
        && left.element == ElementType::Float
    {
        return Ok(vec![left.into_value(node)?]);
    }
    let value = pair(plan, node, function, &left, &right)?;
    Ok(vec![value.into_value(node)?])
}

/// Builds an operator of any number of arguments, taken from left to right.
pub(crate) fn many(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let function = function(node)?;
    let mut item = Item::of(node, 0)?;
    for idx in 1..node.n_inputs() {
        item = pair(plan, node, function, &item, &Item::of(node, idx)?)?;
    }
    if node.operator() == "Mean" {
        let n = node.n_inputs();
        let n = Item::scalar(match item.element {
            ElementType::Float => Buffer::Float(vec![Real::count(n)]),
            ElementType::Double => Buffer::Double(vec![Real::count(n)]),
            other => return Err(node.refuse(format!("its elements are {other}"))),
        });
        item = pair(plan, node, Binary::Div, &item, &n)?;
    }
    Ok(vec![item.into_value(node)?])
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
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
    /// The remainder with the sign of the divisor
    Modulo,
    Mul,
    Or,
    PRelu,
    Pow,
    /// The remainder with the sign of what is divided
    Remainder,
    Sub,
    Xor,
}

fn function(node: &NodeContext<'_>) -> Result<Binary, NotNative> {
    if node.integer("axis", 0) != 0 || node.integer("broadcast", 0) != 0 {
        return Err(node.refuse("it is broadcast as before operator set 7"));
    }
    Ok(match node.operator() {
        "Add" | "Sum" | "Mean" => Binary::Add,
        "And" => Binary::And,
        "Div" => Binary::Div,
        "Equal" => Binary::Equal,
        "Greater" => Binary::Greater,
        "GreaterOrEqual" => Binary::GreaterOrEqual,
        "Less" => Binary::Less,
        "LessOrEqual" => Binary::LessOrEqual,
        "Max" => Binary::Max,
        "Min" => Binary::Min,
        "Mod" if node.integer("fmod", 0) != 0 => Binary::Remainder,
        "Mod" => Binary::Modulo,
        "Mul" => Binary::Mul,
        "Or" => Binary::Or,
        "PRelu" => Binary::PRelu,
        "Pow" => Binary::Pow,
        "Sub" => Binary::Sub,
        "Xor" => Binary::Xor,
        other => return Err(node.refuse(format!("the function {other}"))),
    })
}

/// Adds the step of one pair.
pub(super) fn pair(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    function: Binary,
    left: &Item,
    right: &Item,
) -> Result<Item, NotNative> {
    use Binary::{And, Equal, Modulo, Or, PRelu, Pow, Xor};
    let (element, other) = (left.element, right.element);
    let native = match element {
        ElementType::Float | ElementType::Double => !matches!(function, And | Or | Xor | Modulo),
        ElementType::Integer => !matches!(function, And | Or | Xor | PRelu),
        ElementType::Boolean => matches!(function, And | Or | Xor | Equal),
        ElementType::Text => function == Equal,
    };
    let powers = function == Pow
        && matches!(
            other,
            ElementType::Float | ElementType::Double | ElementType::Integer
        );
    if (element != other && !powers) || !native {
        return Err(node.refuse(format!("its elements are {element} and {other}")));
    }
    let met = broadcast(plan, node, &[left, right])?;
    let sides = [side(left, &met), side(right, &met)];
    if [left, right]
        .iter()
        .any(|item| matches!(item.source, Source::Sizes(_)))
    {
        return size_pair(node, function, [left, right], &sides, met.dims);
    }
    let compares = matches!(
        function,
        Equal | Binary::Greater | Binary::GreaterOrEqual | Binary::Less | Binary::LessOrEqual
    );
    let result = if compares {
        ElementType::Boolean
    } else {
        element
    };
    let kernel = BinaryKernel {
        function,
        elements: [element, other],
        width: met.dims.iter().product(),
        sides,
    };
    let made = give(plan, node, kernel, &[left, right], &[(result, met.dims)], 4)?;
    Ok(only(node, made)?.at(met.batch))
}
