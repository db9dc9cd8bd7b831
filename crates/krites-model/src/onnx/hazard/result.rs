//! What is known of the results of a node by what it reads.

use std::sync::Arc;

use super::fact::{Fact, Kind};
use super::functions::{Frame, attribute};
use crate::onnx::graph::domain;
use crate::onnx::proto::NodeProto;

/// Operators that answer by truth values
const TESTS: [&str; 11] = [
    "And",
    "Equal",
    "Greater",
    "GreaterOrEqual",
    "IsInf",
    "IsNaN",
    "Less",
    "LessOrEqual",
    "Not",
    "Or",
    "Xor",
];

/// Operators that put the elements of their first input into another shape
const RESHAPING: [&str; 5] = ["Flatten", "Reshape", "Squeeze", "Transpose", "Unsqueeze"];

/// Operators that give as many elements as the largest of what they read, and some
/// wherever all that they read has some
const ELEMENTWISE: [&str; 36] = [
    "Abs",
    "Add",
    "And",
    "Cast",
    "CastLike",
    "Ceil",
    "Clip",
    "Div",
    "Dropout",
    "Equal",
    "Erf",
    "Exp",
    "Floor",
    "Greater",
    "GreaterOrEqual",
    "Identity",
    "Less",
    "LessOrEqual",
    "Log",
    "Max",
    "Mean",
    "Min",
    "Mod",
    "Mul",
    "Neg",
    "Not",
    "Or",
    "Pow",
    "Relu",
    "Sigmoid",
    "Sign",
    "Sqrt",
    "Sub",
    "Sum",
    "Tanh",
    "Where",
];

/// What is known of a result that either branch may give.
pub(super) fn either(then: &Fact, otherwise: &Fact, stays: bool) -> Fact {
    Fact {
        kind: then.kind,
        held: then.held && otherwise.held,
        live: stays || then.live || otherwise.live,
        made: stays,
        counted: then.counted && otherwise.counted,
        whole: None,
        size: then.size.max(otherwise.size),
    }
}

/// What is known of the results of a node, but for their kinds.
pub(super) fn result<'m>(
    node: &'m NodeProto,
    inputs: &[Fact],
    frame: Option<&Frame<'m, '_>>,
) -> Fact {
    let operator = node.op_type.as_str();
    let first = inputs.first().cloned().unwrap_or(Fact::UNKNOWN);
    let second = inputs.get(1);
    let product = |at: usize| inputs.get(at).and_then(Fact::product);
    let mut fact = Fact {
        kind: Kind::Unknown,
        live: inputs.iter().any(|input| input.live),
        made: true,
        ..Fact::UNKNOWN
    };
    let given = || {
        inputs
            .iter()
            .zip(&node.input)
            .filter(|(_, name)| !name.is_empty())
    };
    match operator {
        _ if !domain(&node.domain).is_empty() => {}
        "Constant" => return constant(node, frame),
        "Shape" | "Size" => {
            fact.live = false;
            fact.counted = true;
            fact.held = operator == "Size";
        }
        "Concat" | "StringConcat" => {
            fact.size = inputs
                .iter()
                .fold(0, |sum, input| input.size.saturating_add(sum));
            fact.held = inputs.iter().any(|input| input.held);
            fact.counted = inputs.iter().all(|input| input.counted);
        }
        "Gather" => {
            fact.held = second.is_some_and(|places| places.held) && (first.held || first.counted);
            fact.counted = first.counted;
        }
        "Slice" => fact.counted = first.counted,
        "ConstantOfShape" | "HannWindow" | "HammingWindow" | "BlackmanWindow" => {
            fact.size = product(0).unwrap_or(1);
            fact.held = first
                .whole
                .is_some_and(|sizes| sizes.iter().all(|&size| size > 0));
        }
        "Expand" => {
            fact.size = product(1).unwrap_or(1).max(first.size);
            let sizes = second.and_then(|sizes| sizes.whole.as_ref());
            fact.held = first.held && sizes.is_some_and(|sizes| sizes.iter().all(|&size| size > 0));
        }
        "Tile" => fact.size = first.size.saturating_mul(product(1).unwrap_or(1)),
        "Resize" | "Upsample" => fact.size = product(3).unwrap_or(1),
        "AffineGrid" => fact.size = product(1).unwrap_or(1),
        "OneHot" => fact.size = first.size.saturating_mul(product(1).unwrap_or(1)),
        "Pad" => {
            let pads = second.and_then(|pads| pads.whole.as_ref());
            let wide = pads.map_or(0, |pads| {
                pads.iter()
                    .fold(0_u64, |sum, pad| sum.saturating_add(pad.unsigned_abs()))
            });
            fact.size = first.size.saturating_add(wide);
        }
        "RandomNormal" | "RandomUniform" => {
            let shape = attribute(node, "shape", frame).map(|shape| Arc::new(shape.ints.clone()));
            let shape = Fact {
                whole: shape,
                ..Fact::UNKNOWN
            };
            fact.size = shape.product().unwrap_or(1);
        }
        "Range" => fact.size = range(inputs).unwrap_or(1),
        _ if operator.starts_with("Reduce") || operator.starts_with("Arg") => {
            fact.held = first.held;
        }
        _ if RESHAPING.contains(&operator) => {
            (fact.held, fact.size, fact.counted) = (first.held, first.size, first.counted);
        }
        _ if ELEMENTWISE.contains(&operator) => {
            fact.held = given().count() > 0 && given().all(|(input, _)| input.held);
            fact.size = inputs.iter().map(|input| input.size).max().unwrap_or(1);
            let alone = matches!(operator, "Identity" | "Cast");
            fact.counted = alone && first.counted;
        }
        _ => {}
    }
    fact
}

/// Counts the steps of a range between constants.
fn range(inputs: &[Fact]) -> Option<u64> {
    let mut ends = inputs
        .iter()
        .map(|input| input.whole.as_ref()?.first().copied());
    let (start, end, step) = (ends.next()??, ends.next()??, ends.next()??);
    let wide = i128::from(end) - i128::from(start);
    let steps = wide.checked_div(i128::from(step))?;
    Some(u64::try_from(steps).unwrap_or(0))
}

/// What is known of a constant that a node holds.
fn constant<'m>(node: &'m NodeProto, frame: Option<&Frame<'m, '_>>) -> Fact {
    let mut names = node.attribute.iter().map(|given| given.name.as_str());
    let found = names.find_map(|name| attribute(node, name, frame));
    let whole = |all: Vec<i64>| Fact {
        kind: Kind::Integer,
        held: !all.is_empty(),
        size: all.len() as u64,
        whole: Some(Arc::new(all)),
        ..Fact::UNKNOWN
    };
    match found {
        Some(value) => match (value.name.as_str(), value.t.as_deref()) {
            (_, Some(tensor)) => Fact::of_proto(tensor),
            ("value_int", _) => whole(vec![value.i]),
            ("value_ints", _) => whole(value.ints.clone()),
            ("value_float" | "value_string", _) => Fact {
                kind: Kind::Other,
                held: true,
                ..Fact::UNKNOWN
            },
            _ => Fact::UNKNOWN,
        },
        None => Fact::UNKNOWN,
    }
}

/// Tells what elements a result has.
pub(super) fn kind<'m>(
    node: &'m NodeProto,
    at: usize,
    inputs: &[Fact],
    frame: Option<&Frame<'m, '_>>,
) -> Kind {
    let of = |at: usize| inputs.get(at).map_or(Kind::Unknown, |input| input.kind);
    let operator = node.op_type.as_str();
    match (domain(&node.domain), operator) {
        ("ai.onnx.ml", "ArrayFeatureExtractor" | "Binarizer" | "Imputer") => of(0),
        ("ai.onnx.ml", "LabelEncoder") => {
            let floats = attribute(node, "values_floats", frame);
            let texts = attribute(node, "values_strings", frame);
            match floats.or(texts) {
                Some(_) => Kind::Other,
                None => Kind::Unknown,
            }
        }
        ("ai.onnx.ml", "CategoryMapper") => Kind::Unknown,
        ("ai.onnx.ml", _) if at == 0 && operator.ends_with("Classifier") => Kind::Unknown,
        ("ai.onnx.ml", _) => Kind::Other,
        (_, "Constant") => constant(node, frame).kind,
        (_, "Cast") => number(node, "to", frame).map_or(Kind::Unknown, Kind::of),
        (_, "CastLike" | "Where") => of(1),
        (_, "OneHot") => of(2),
        (_, "Shape" | "Size" | "NonZero" | "ArgMax" | "ArgMin" | "QuantizeLinear") => Kind::Integer,
        (_, "MatMulInteger" | "ConvInteger" | "NonMaxSuppression") => Kind::Integer,
        (_, "TopK" | "Unique" | "MaxPool") if at > 0 => Kind::Integer,
        (_, "ConstantOfShape") => {
            let value = attribute(node, "value", frame).and_then(|value| value.t.as_deref());
            value.map_or(Kind::Other, |value| Kind::of(value.data_type.into()))
        }
        (_, "DequantizeLinear" | "RandomNormal" | "RandomUniform") => Kind::Other,
        _ if TESTS.contains(&operator) => Kind::Other,
        // Most operators give what they read first.
        _ => of(0),
    }
}

pub(super) fn number<'m>(
    node: &'m NodeProto,
    name: &str,
    frame: Option<&Frame<'m, '_>>,
) -> Option<i64> {
    attribute(node, name, frame).map(|found| found.i)
}
