//! Models with a loop, which only ONNX Runtime runs.

use super::{Attribute, Elements, ModelBuilder};
use crate::ElementType;

/// A body that adds one, again and again
fn adds_one() -> ModelBuilder {
    ModelBuilder::new()
        .input("turn", ElementType::Integer, &[])
        .input("goes_on", ElementType::Boolean, &[])
        .input("so_far", ElementType::Float, &[-1, 1])
        .output("goes_on_then", ElementType::Boolean, &[])
        .output("then", ElementType::Float, &[-1, 1])
        .constant("one", &[1], &Elements::Floats(vec![1.0]))
        .node("Identity", &["goes_on"], &["goes_on_then"], &[])
        .node("Add", &["so_far", "one"], &["then"], &[])
}

/// `y` is `2x`; where the rows of `x` sum to more than zero, it never is
#[must_use]
pub fn endless_above_zero() -> Vec<u8> {
    ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 1])
        .output("y", ElementType::Float, &[-1, 1])
        .constant("zero", &[], &Elements::Floats(vec![0.0]))
        .constant("two", &[1], &Elements::Floats(vec![2.0]))
        .node(
            "ReduceSum",
            &["x"],
            &["sum"],
            &[("keepdims", Attribute::Integer(0))],
        )
        .node("Greater", &["sum", "zero"], &["above"], &[])
        .node(
            "Loop",
            &["", "above", "x"],
            &["looped"],
            &[("body", Attribute::Body(Box::new(adds_one())))],
        )
        .node("Mul", &["looped", "two"], &["y"], &[])
        .build()
}

/// `y` never comes
#[must_use]
pub fn endless() -> Vec<u8> {
    ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 1])
        .output("y", ElementType::Float, &[-1, 1])
        .constant("always", &[], &Elements::Booleans(vec![true]))
        .node(
            "Loop",
            &["", "always", "x"],
            &["y"],
            &[("body", Attribute::Body(Box::new(adds_one())))],
        )
        .build()
}
