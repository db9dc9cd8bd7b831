//! Import of small models, good and hostile.

use super::*;
use crate::testing::{Attribute, Elements, ModelBuilder};
use crate::{ClassLabels, ElementType};

fn doubling() -> ModelBuilder {
    ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 3])
        .output("y", ElementType::Float, &[-1, 3])
        .node("Add", &["x", "x"], &["y"], &[])
}

/// Asserts that a model is refused with this message.
fn check(model: ModelBuilder, message: &str) {
    let error = OnnxModel::parse(&model.build()).unwrap_err();
    assert_eq!(error.to_string(), message);
}

#[test]
fn a_signature_has_widths_and_classes() {
    let bytes = ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 3])
        .input("age", ElementType::Integer, &[-1])
        .output("label", ElementType::Integer, &[-1])
        .output("scores", ElementType::Float, &[-1, -1])
        .node(
            "ai.onnx.ml.LinearClassifier",
            &["x"],
            &["label", "raw"],
            &[("classlabels_ints", Attribute::Integers(vec![7, 9]))],
        )
        .node("Identity", &["raw"], &["scores"], &[])
        .build();
    let model = OnnxModel::parse(&bytes).unwrap();
    let signature = model.signature();
    let widths: Vec<_> = signature.inputs.iter().map(|spec| spec.width).collect();
    assert_eq!(widths, [3, 1]);
    let scores = &signature.outputs[1];
    assert_eq!(scores.width, 2);
    assert_eq!(scores.classes, Some(ClassLabels::Integers(vec![7, 9])));
    assert_eq!(signature.outputs[0].classes, None);
    let operators: Vec<_> = model.contents().operators.iter().collect();
    let (identity, classifier) = (
        "Identity".to_owned(),
        "ai.onnx.ml.LinearClassifier".to_owned(),
    );
    assert_eq!(operators, [(&identity, &1), (&classifier, &1)]);
}

#[test]
fn bytes_that_are_no_model_are_told_apart() {
    let cause = |bytes: &[u8]| match OnnxModel::parse(bytes) {
        Err(ImportError::NotOnnx { cause }) => cause,
        other => panic!("{other:?}"),
    };
    assert_eq!(cause(b""), NotOnnxCause::Empty);
    assert_eq!(
        cause(b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\n"),
        NotOnnxCause::Text
    );
    assert_eq!(cause(b"<!DOCTYPE html><html>"), NotOnnxCause::Text);
    let model = doubling().build();
    assert_eq!(cause(&model[..model.len() - 3]), NotOnnxCause::Truncated);
    assert_eq!(cause(&[0xff; 64]), NotOnnxCause::Truncated);
    assert_eq!(cause(&[8, 8]), NotOnnxCause::NoGraph);
}

#[test]
fn names_are_unique_and_whole() {
    check(
        doubling().input("x", ElementType::Float, &[-1]),
        "two inputs are named `x`",
    );
    check(
        doubling().output("y", ElementType::Float, &[-1]),
        "two outputs are named `y`",
    );
    check(
        doubling().input("x\0z", ElementType::Float, &[-1]),
        "the name \"x\\0z\" of input is empty or holds a NUL character",
    );
}

#[test]
fn values_are_made_once_and_before_they_are_read() {
    check(
        doubling().node("Neg", &["nothing"], &["z"], &[]),
        "node 1 (Neg) reads `nothing`, which nothing in the graph makes",
    );
    check(
        doubling().node("Neg", &["x"], &["y"], &[]),
        "node 1 (Neg) makes `y`, which the graph has already",
    );
    check(
        doubling()
            .node("Neg", &["a"], &["b"], &[])
            .node("Abs", &["b"], &["a"], &[]),
        "node 1 (Neg) depends on its own result",
    );
    check(
        doubling().output("z", ElementType::Float, &[-1]),
        "the list of outputs reads `z`, which nothing in the graph makes",
    );
    let backwards = ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 3])
        .output("y", ElementType::Float, &[-1, 3])
        .node("Neg", &["z"], &["y"], &[])
        .node("Abs", &["x"], &["z"], &[]);
    assert!(OnnxModel::parse(&backwards.build()).is_ok());
}

#[test]
fn shapes_are_rows_of_columns() {
    check(
        doubling().input("cube", ElementType::Float, &[-1, 2, 3]),
        "input `cube` has the shape [N, 2, 3], where [N] or [N, columns] is needed",
    );
    check(
        doubling().input("fixed", ElementType::Float, &[5, 2]),
        "input `fixed` has the shape [5, 2], where [N] or [N, columns] is needed",
    );
    check(
        ModelBuilder::new().input("x", ElementType::Float, &[-1]),
        "the graph has no outputs",
    );
}

/// Scores that no classifier makes, with a label for the best of them.
fn labelled(label: impl FnOnce(ModelBuilder) -> ModelBuilder) -> Option<ClassLabels> {
    let texts = Elements::Texts(vec!["bad", "good", "unsure"]);
    let model = ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 2])
        .output("scores", ElementType::Float, &[-1, -1])
        .floats("w", &[2, 3], &[0.5; 6])
        .integers("numbers", &[3], &[7, 8, 9])
        .integers("two", &[2], &[7, 8])
        .integers("flat", &[1], &[-1])
        .constant("texts", &[3], &texts)
        .node("MatMul", &["x", "w"], &["raw"], &[])
        .node("Softmax", &["raw"], &["scores"], &[])
        .node(
            "ArgMax",
            &["raw"],
            &["best"],
            &[("axis", Attribute::Integer(1))],
        )
        .node("Reshape", &["best", "flat"], &["place"], &[]);
    let model = OnnxModel::parse(&label(model).build()).unwrap();
    let native = crate::NativeModel::from_onnx(&model);
    // What stands for an unknown width does not keep its labels out of evaluation.
    if let Ok(native) = native {
        let scores = &crate::Model::signature(&native).outputs[0];
        assert_eq!(scores.width, 3);
        return scores.classes.clone();
    }
    model.signature().outputs[0].classes.clone()
}

#[test]
fn classes_are_found_behind_the_best_column() {
    use ElementType::{Integer, Text};
    const EXTRACT: &str = "ai.onnx.ml.ArrayFeatureExtractor";
    let texts = ["bad", "good", "unsure"].map(str::to_owned).to_vec();
    assert_eq!(
        labelled(|model| model
            .output("label", Text, &[-1])
            .node(EXTRACT, &["texts", "best"], &["across"], &[])
            .node("Reshape", &["across", "flat"], &["label"], &[])),
        Some(ClassLabels::Texts(texts))
    );
    assert_eq!(
        labelled(|model| model.output("label", Integer, &[-1]).node(
            "Gather",
            &["numbers", "place"],
            &["label"],
            &[]
        )),
        Some(ClassLabels::Integers(vec![7, 8, 9]))
    );
    assert_eq!(
        labelled(|model| model.output("label", Integer, &[-1]).node(
            "Identity",
            &["place"],
            &["label"],
            &[]
        )),
        Some(ClassLabels::Integers(vec![0, 1, 2]))
    );
    // As many labels as columns, or none
    assert_eq!(
        labelled(|model| model.output("label", Integer, &[-1]).node(
            "Gather",
            &["two", "place"],
            &["label"],
            &[]
        )),
        None
    );
    assert_eq!(labelled(|model| model), None);
}

#[test]
fn maps_are_read_where_they_are_matrices() {
    use ElementType::{Boolean, Float, Integer, Text};
    let vocabulary = || ("string_vocabulary", Attribute::Texts(vec!["a", "b"]));
    let read = |key, value| {
        ModelBuilder::new()
            .map_input("m", key, value)
            .output("y", Float, &[-1, 2])
    };
    let vectorizer = |model: ModelBuilder, attributes: &[(&str, Attribute)]| {
        model.node("ai.onnx.ml.DictVectorizer", &["m"], &["y"], attributes)
    };
    let model = OnnxModel::parse(&vectorizer(read(Text, Float), &[vocabulary()]).build()).unwrap();
    assert_eq!(model.signature().inputs[0].columns, ["a", "b"]);
    assert_eq!(
        model.tensors_only().unwrap_err().to_string(),
        "input `m` is a map, which only native models take; convert the model again without \
         DictVectorizer"
    );
    assert!(
        OnnxModel::parse(&doubling().build())
            .unwrap()
            .tensors_only()
            .is_ok()
    );
    check(
        vectorizer(read(Integer, Float), &[vocabulary()]),
        "input `m` is a map, and its DictVectorizer has no vocabulary for its keys",
    );
    check(
        vectorizer(read(Text, Boolean), &[vocabulary()]),
        "input `m` is a map, whose values are bool",
    );
    let twice = ("string_vocabulary", Attribute::Texts(vec!["a", "b", "a"]));
    check(
        vectorizer(read(Text, Float), &[twice]),
        "input `m` is a map, whose vocabulary has `a` twice",
    );
    let only = "input `m` is a map, which is native only where one DictVectorizer reads it and \
                nothing else";
    check(read(Text, Float).node("Neg", &["m"], &["y"], &[]), only);
    let second = vectorizer(read(Text, Float), &[vocabulary()]);
    check(second.node("Neg", &["m"], &["z"], &[]), only);
    let sequence = "output `maps` is a list of maps; convert the model again with zipmap off";
    check(
        doubling()
            .maps_output("maps", Text)
            .node("Identity", &["y"], &["maps"], &[]),
        sequence,
    );
}

#[test]
fn constants_hold_what_their_shape_says() {
    check(
        doubling().external("w"),
        "the constant `w` lies in another file; save the model with its data inside",
    );
    check(
        doubling().floats("w", &[2, 2], &[1.0]),
        "the constant `w` is damaged: it holds 1 elements, its shape asks for 4",
    );
    check(
        doubling().floats("w", &[-2], &[1.0]),
        "the constant `w` is damaged: a dimension is -2",
    );
    check(
        doubling().floats("w", &[1 << 40], &[]),
        "the constant `w` has 1099511627776 elements, more than the limit of 67108864",
    );
}

#[test]
fn limits_are_kept() {
    let model = doubling().build();
    let limits = Limits {
        bytes: 10,
        ..Limits::default()
    };
    let error = OnnxModel::parse_within(&model, &limits).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "the file has {} bytes, more than the limit of 10",
            model.len()
        )
    );
    let limits = Limits {
        nodes: 0,
        ..Limits::default()
    };
    let error = OnnxModel::parse_within(&model, &limits).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the graph has 1 nodes, more than the limit of 0"
    );
    let long = doubling().node(
        "Neg",
        &["x"],
        &["z"],
        &[("many", Attribute::Floats(vec![0.0; 9]))],
    );
    let limits = Limits {
        attribute_values: 8,
        ..Limits::default()
    };
    let error = OnnxModel::parse_within(&long.build(), &limits).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`many` of node 1 (Neg) has 9 values, more than the limit of 8"
    );
}

#[test]
fn errors_cross_threads() {
    fn is_error<T: std::error::Error + Send + Sync + 'static>() {}
    is_error::<ImportError>();
}
