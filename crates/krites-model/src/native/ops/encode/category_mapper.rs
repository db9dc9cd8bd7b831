//! CategoryMapper: texts to whole numbers and back.

use crate::ElementType;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::ops::encode::keys::{Keys, last_places};
use crate::native::ops::encode::mapping::{Values, map};
use crate::native::plan::{Plan, Value};

/// Builds CategoryMapper. Of equal categories ONNX Runtime takes the last one.
pub(crate) fn category_mapper(
    plan: &mut Plan,
    node: &NodeContext<'_>,
) -> Result<Vec<Value>, NotNative> {
    let (texts, integers) = (node.texts("cats_strings")?, node.integers("cats_int64s"));
    if texts.len() != integers.len() {
        return Err(node.malformed(format!(
            "it has {} texts for {} whole numbers",
            texts.len(),
            integers.len()
        )));
    }
    let (keys, values) = if node.batch(0)?.shape.element == ElementType::Text {
        let default = node.integer("default_int64", -1);
        (
            Keys::Texts(last_places(texts)),
            Values::Integers(integers.to_vec(), default),
        )
    } else {
        let default = node.text("default_string", "_Unused")?.to_owned();
        (
            Keys::Integers(last_places(integers.iter().copied())),
            Values::Texts(texts, default),
        )
    };
    map(plan, node, keys, values)
}
