//! BatchNormalization and Dropout as they are when a net is used.

use super::binary::{Binary, pair};
use super::broadcast::Met;
use super::item::{Item, Source};
use super::moves::spread;
use super::pick::{Place, pick};
use super::unary::apply;
use crate::ElementType;
use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::plan::{Plan, Value};

/// Builds BatchNormalization: one factor and one offset a channel.
pub(crate) fn batch_normalization(
    plan: &mut Plan,
    node: &NodeContext<'_>,
) -> Result<Vec<Value>, NotNative> {
    if node.integer("training_mode", 0) != 0 || node.integer("spatial", 1) == 0 || node.opset < 7 {
        return Err(node.refuse("it learns, or has one factor an element"));
    }
    let item = Item::of(node, 0)?;
    let axis = item.axis(node, 1)?;
    if item.is_rows() && item.batch != 0 {
        return Err(node.refuse("its channels are the rows of the batch"));
    }
    let mut dims = vec![1; item.dims.len() - axis];
    if let (Some(to), Some(&channels)) = (dims.first_mut(), item.dims.get(axis)) {
        *to = channels;
    }
    let mut channel = |idx: usize| -> Result<Item, NotNative> {
        Item::of(node, idx)?.relaid(plan, node, dims.clone())
    };
    let (scale, offset) = (channel(1)?, channel(2)?);
    let (mean, variance) = (channel(3)?, channel(4)?);
    let epsilon = node.float("epsilon", 1e-5);
    let epsilon = Item::scalar(match variance.element {
        ElementType::Double => Buffer::Double(vec![epsilon.into()]),
        _ => Buffer::Float(vec![epsilon]),
    });
    let variance = pair(plan, node, Binary::Add, &variance, &epsilon)?;
    let deviation = apply(plan, node, &variance, "Sqrt")?;
    let factor = pair(plan, node, Binary::Div, &scale, &deviation)?;
    let shift = pair(plan, node, Binary::Mul, &mean, &factor)?;
    let offset = pair(plan, node, Binary::Sub, &offset, &shift)?;
    let scaled = pair(plan, node, Binary::Mul, &item, &factor)?;
    let item = pair(plan, node, Binary::Add, &scaled, &offset)?;
    Ok(vec![item.into_value(node)?])
}

/// Builds Dropout, which leaves all as it is.
pub(crate) fn dropout(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let learns = match node.input(2) {
        Some(_) => {
            !matches!(&node.constant(2)?.data, Buffer::Boolean(learns) if learns.as_slice() == [false])
        }
        None => node.opset < 7 && node.integer("is_test", 0) == 0,
    };
    if learns {
        return Err(node.refuse("it learns"));
    }
    let item = Item::of(node, 0)?;
    let mut values = vec![node.required(0)?.clone()];
    if node
        .proto()
        .output
        .get(1)
        .is_some_and(|name| !name.is_empty())
    {
        let kept = Item::scalar(Buffer::Boolean(vec![true]));
        let dims = item.dims.clone();
        let mask = match item.source {
            Source::Rows(_) => spread(
                plan,
                node,
                &kept,
                &Met::with(dims, Some(item.dims.len() - item.batch)),
            )?,
            Source::Constant(_) | Source::Sizes(_) => {
                let places = vec![Place::new(0, 0); item.len()];
                pick(plan, node, &[&kept], &places, dims)?
            }
        };
        values.push(mask.into_value(node)?);
    }
    Ok(values)
}
