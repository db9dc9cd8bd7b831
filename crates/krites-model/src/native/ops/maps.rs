//! ZipMap and DictVectorizer: maps of the graph that are matrices here, so that
//! neither costs anything.

use std::collections::BTreeSet;

use crate::ElementType;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::ops::row::Labels;
use crate::native::plan::{Plan, Value};
use crate::onnx::OnnxModel;
use crate::onnx::maps::{DICT_VECTORIZER, ZIP_MAP};

/// Builds ZipMap: the scores that it makes maps of.
pub(crate) fn zip_map(_: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let batch = node.matrix(0)?;
    if batch.shape.element != ElementType::Float {
        return Err(node.malformed(format!("its scores are {}", batch.shape.element)));
    }
    let texts = node.texts("classlabels_strings")?;
    if !texts.is_empty() && !node.integers("classlabels_int64s").is_empty() {
        return Err(node.malformed("it has labels of two types"));
    }
    let labels = Labels::of(node)?;
    if labels.len() != batch.shape.width {
        return Err(node.malformed(format!(
            "it has {} labels for {} columns",
            labels.len(),
            batch.shape.width
        )));
    }
    let distinct = match &labels {
        Labels::Integers(labels) => labels.iter().collect::<BTreeSet<_>>().len(),
        Labels::Texts(labels) => labels.iter().collect::<BTreeSet<_>>().len(),
    };
    if distinct < labels.len() {
        return Err(node.malformed("it has a label twice"));
    }
    Ok(vec![Value::Batch(batch)])
}

/// Builds DictVectorizer: the matrix that its input is.
pub(crate) fn dict_vectorizer(
    _: &mut Plan,
    node: &NodeContext<'_>,
) -> Result<Vec<Value>, NotNative> {
    Ok(vec![Value::Batch(node.matrix(0)?)])
}

/// Checks that maps are made and read by these operators alone, and that they
/// have nothing else to do.
///
/// # Errors
///
/// [`NotNative`] names the node, or the output.
pub(crate) fn check(model: &OnnxModel) -> Result<(), NotNative> {
    let maps = model.inputs.iter().filter(|port| port.maps);
    let maps: BTreeSet<&str> = maps.map(|port| port.name.as_str()).collect();
    for node in &model.graph.nodes {
        let refuse = |reason: &str| NotNative::Use {
            node: node.label.clone(),
            reason: reason.to_owned(),
        };
        for input in &node.proto.input {
            let made = model.graph.maker(input);
            if made.is_some_and(|(maker, _)| maker.operator == ZIP_MAP) {
                return Err(refuse("it reads a list of maps"));
            }
            // The import has seen to it that nothing else reads a map.
            if node.operator == DICT_VECTORIZER && !maps.contains(input.as_str()) {
                return Err(refuse("it reads what is not a map of the inputs"));
            }
        }
    }
    for port in model.outputs.iter().filter(|port| !port.maps) {
        let made = model.graph.maker(&port.name);
        if made.is_some_and(|(maker, _)| maker.operator == ZIP_MAP) {
            return Err(NotNative::Port {
                name: port.name.clone(),
                reason: "it is a list of maps and declared otherwise".to_owned(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::ElementType::{Float, Integer};
    use crate::testing::{Attribute, ModelBuilder};
    use crate::{ElementType, NativeModel, OnnxModel};

    /// Scores in front of maps
    fn zipped(labels: &[(&str, Attribute)]) -> ModelBuilder {
        ModelBuilder::new()
            .input("x", Float, &[-1, 2])
            .maps_output("maps", Integer)
            .node("ai.onnx.ml.ZipMap", &["x"], &["maps"], labels)
    }

    /// Asserts that a model is refused with this message.
    fn check(model: ModelBuilder, message: &str) {
        let onnx = OnnxModel::parse(&model.build()).unwrap();
        let error = NativeModel::from_onnx(&onnx).unwrap_err();
        assert_eq!(error.to_string(), message);
    }

    #[test]
    fn maps_that_contradict_themselves_are_refused() {
        let integers =
            |labels: &[i64]| ("classlabels_int64s", Attribute::Integers(labels.to_vec()));
        let texts = || ("classlabels_strings", Attribute::Texts(vec!["a", "b"]));
        for (labels, problem) in [
            (vec![integers(&[1, 2, 3])], "it has 3 labels for 2 columns"),
            (vec![integers(&[1, 1])], "it has a label twice"),
            (
                vec![integers(&[1, 2]), texts()],
                "it has labels of two types",
            ),
            (vec![], "it has no class labels"),
        ] {
            check(
                zipped(&labels),
                &format!("node 0 (ZipMap) is damaged: {problem}"),
            );
        }
        let labels = [integers(&[1, 2])];
        check(
            zipped(&labels)
                .output("y", Float, &[-1, 2])
                .node("Neg", &["maps"], &["y"], &[]),
            "node 1 (Neg) is not native: it reads a list of maps",
        );
        let zip = "ai.onnx.ml.ZipMap";
        let model = ModelBuilder::new().input("x", Float, &[-1, 2]);
        check(
            model
                .output("maps", Float, &[-1, 2])
                .node(zip, &["x"], &["maps"], &labels),
            "`maps` is not native: it is a list of maps and declared otherwise",
        );
        let vocabulary = [("string_vocabulary", Attribute::Texts(vec!["a", "b"]))];
        check(
            ModelBuilder::new()
                .input("x", ElementType::Float, &[-1, 2])
                .output("y", ElementType::Float, &[-1, 2])
                .node("ai.onnx.ml.DictVectorizer", &["x"], &["y"], &vocabulary),
            "node 0 (DictVectorizer) is not native: it reads what is not a map of the inputs",
        );
    }
}
