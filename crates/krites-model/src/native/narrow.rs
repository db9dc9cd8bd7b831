//! Whole numbers of 32 bits that a graph casts to, in numbers of 64 bits.
//!
//! Invariant: nothing computes with them. They are compared, moved by a cast to
//! another type, and no more, so that the wider type shows nowhere.

use std::collections::BTreeSet;

use crate::native::NotNative;
use crate::onnx::OnnxModel;
use crate::onnx::proto::data_type;

/// Operators that may read such numbers
const READERS: [&str; 6] = [
    "Cast",
    "Equal",
    "Greater",
    "GreaterOrEqual",
    "Less",
    "LessOrEqual",
];

/// Checks who reads what is cast to 32 bits.
///
/// # Errors
///
/// [`NotNative::Use`] names the node that would compute with it.
pub(crate) fn check(model: &OnnxModel) -> Result<(), NotNative> {
    let nodes = &model.graph.nodes;
    let casts = nodes.iter().filter(|node| {
        let to = node.proto.attribute.iter().find(|it| it.name == "to");
        node.operator == "Cast" && to.is_some_and(|to| to.i == i64::from(data_type::INT32))
    });
    let narrow: BTreeSet<&String> = casts.flat_map(|node| &node.proto.output).collect();
    let reads = |node: &&crate::onnx::Node| {
        !READERS.contains(&node.operator.as_str())
            && node.proto.input.iter().any(|input| narrow.contains(input))
    };
    match nodes.iter().find(reads) {
        Some(node) => Err(NotNative::Use {
            node: node.label.clone(),
            reason: "it computes with 32-bit integers".to_owned(),
        }),
        None => Ok(()),
    }
}
