//! Attributes by which ONNX Runtime divides, counts memory or indexes without a look.

use super::functions::{Frame, attribute};
use crate::onnx::graph::domain;
use crate::onnx::proto::NodeProto;

/// Numbers by name, with what they may be
const BOUNDS: [(&str, i64, i64); 19] = [
    ("batch_dims", 0, 64),
    ("block_size", 0, 1 << 20),
    ("blocksize", 1, 1 << 20),
    ("dilations", 1, 1 << 30),
    ("group", 1, 1 << 30),
    ("hidden_size", 1, 1 << 20),
    ("kernel_shape", 1, 1 << 30),
    ("kv_num_heads", 1, 1 << 20),
    ("num_groups", 1, 1 << 30),
    ("num_heads", 1, 1 << 20),
    ("num_outputs", 1, 1 << 20),
    ("output_height", 1, 1 << 16),
    ("output_width", 1, 1 << 16),
    ("pads", -(1 << 30), 1 << 30),
    ("pooled_shape", 1, 1 << 16),
    ("q_num_heads", 1, 1 << 20),
    ("sample_size", 1, 1 << 20),
    ("sampling_ratio", 0, 1 << 10),
    ("strides", 1, 1 << 30),
];

/// Finds an attribute that is out of its bounds, and tells what is wrong with it.
pub(super) fn out_of_bounds<'m>(
    node: &'m NodeProto,
    frame: Option<&Frame<'m, '_>>,
) -> Option<String> {
    if !matches!(domain(&node.domain), "" | "com.microsoft") {
        return None;
    }
    node.attribute.iter().find_map(|given| {
        let found = BOUNDS.iter().find(|bound| bound.0 == given.name)?;
        let &(name, least, most) = found;
        let given = attribute(node, name, frame)?;
        // Which of the two a file means it tells by the kind; the other one is empty.
        let one = (given.kind != 7).then_some(given.i);
        let mut values = one.into_iter().chain(given.ints.iter().copied());
        let value = values.find(|value| !(least..=most).contains(value))?;
        Some(format!(
            "has {value} in `{name}`, which must be {least} to {most}"
        ))
    })
}
