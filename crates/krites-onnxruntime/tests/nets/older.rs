//! Operators in the forms of older operator sets: what are inputs now were
//! attributes then.

use krites_model::ElementType::{Boolean, Double, Float, Text};
use krites_model::testing::Attribute;

use super::{Family, Net, Value};

pub(crate) const OPERATORS: Family = &[
    softmax, softmax, reduce, reduce, slice, pad, split, unsqueeze, unsqueeze, squeeze, clip,
    dropout, top, activation,
];

/// Softmax and its like, where all dimensions from the axis on are one
fn softmax(net: &mut Net, value: &Value) -> Option<Value> {
    let (_, axis) = net.axis(value)?;
    if value.element != Float || net.nan {
        return None;
    }
    let mut attributes = Vec::new();
    if net.below(3) > 0 {
        attributes.push(("axis", Attribute::Integer(axis)));
    }
    let operator = net.pick(&["LogSoftmax", "Softmax"]);
    let name = net.node(operator, &[&value.name], &attributes);
    Some(Value {
        name,
        exact: false,
        ..value.clone()
    })
}

fn reduce(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, axis) = net.axis(value)?;
    if !matches!(value.element, Float | Double) {
        return None;
    }
    let operator = net.pick(&["ReduceMean", "ReduceSum"]);
    let keeps = net.below(2);
    let attributes = [
        ("axes", Attribute::Integers(vec![axis])),
        ("keepdims", Attribute::Integer(keeps as i64)),
    ];
    let name = net.node(operator, &[&value.name], &attributes);
    let mut dims = value.dims.clone();
    if keeps == 0 {
        dims.remove(at);
    } else {
        dims[at] = 1;
    }
    Some(Value {
        name,
        dims,
        exact: false,
        ..value.clone()
    })
}

fn slice(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, axis) = net.axis(value)?;
    let dim = value.dims[at];
    let (start, mut end) = (net.below(dim), 1 + net.below(dim));
    if net.opset() > 9 || start >= end || value.element == Boolean {
        return None;
    }
    let len = end - start;
    let mut attributes = vec![
        ("starts", Attribute::Integers(vec![start as i64])),
        ("axes", Attribute::Integers(vec![axis])),
    ];
    if end == dim {
        end = i32::MAX as usize;
    }
    attributes.push(("ends", Attribute::Integers(vec![end as i64])));
    let name = net.node("Slice", &[&value.name], &attributes);
    let mut dims = value.dims.clone();
    dims[at] = len;
    Some(Value {
        name,
        dims,
        ..value.clone()
    })
}

fn pad(net: &mut Net, value: &Value) -> Option<Value> {
    if net.opset() > 9 || value.element != Float {
        return None;
    }
    let rank = value.dims.len() + 1;
    let mut pads = vec![0; 2 * rank];
    let mut dims = value.dims.clone();
    for (at, dim) in dims.iter_mut().enumerate() {
        let (before, after) = (net.below(3), net.below(3));
        (pads[at + 1], pads[rank + at + 1]) = (before as i64, after as i64);
        *dim += before + after;
    }
    let attributes = [
        ("pads", Attribute::Integers(pads)),
        ("value", Attribute::Float(0.5)),
    ];
    let name = net.node("Pad", &[&value.name], &attributes);
    Some(Value {
        name,
        dims,
        ..value.clone()
    })
}

fn split(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, axis) = net.axis(value)?;
    let dim = value.dims[at];
    if dim < 2 || value.element == Boolean {
        return None;
    }
    let mut attributes = vec![("axis", Attribute::Integer(axis))];
    let mut lens = [dim / 2, dim / 2];
    if dim % 2 == 1 || net.below(2) == 0 {
        let first = 1 + net.below(dim - 1);
        lens = [first, dim - first];
        let split = lens.map(|len| len as i64).to_vec();
        attributes.push(("split", Attribute::Integers(split)));
    }
    let mut parts = net.nodes("Split", &[&value.name], 2, &attributes);
    let which = net.below(2);
    let mut dims = value.dims.clone();
    dims[at] = lens[which];
    Some(Value {
        name: parts.swap_remove(which),
        dims,
        ..value.clone()
    })
}

fn unsqueeze(net: &mut Net, value: &Value) -> Option<Value> {
    if value.dims.len() > 2 {
        return None;
    }
    let at = net.below(value.dims.len() + 1);
    let axes = Attribute::Integers(vec![at as i64 + 1]);
    let name = net.node("Unsqueeze", &[&value.name], &[("axes", axes)]);
    let mut dims = value.dims.clone();
    dims.insert(at, 1);
    Some(Value {
        name,
        dims,
        ..value.clone()
    })
}

fn squeeze(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, _) = net.axis(value)?;
    if value.dims[at] != 1 {
        return None;
    }
    let axes = Attribute::Integers(vec![at as i64 + 1]);
    let name = net.node("Squeeze", &[&value.name], &[("axes", axes)]);
    let mut dims = value.dims.clone();
    dims.remove(at);
    Some(Value {
        name,
        dims,
        ..value.clone()
    })
}

fn clip(net: &mut Net, value: &Value) -> Option<Value> {
    if net.opset() > 9 || value.element != Float {
        return None;
    }
    let mut attributes = Vec::new();
    for (name, bound) in [("min", -0.5), ("max", 1.25)] {
        if net.below(2) == 0 {
            attributes.push((name, Attribute::Float(bound)));
        }
    }
    let name = net.node("Clip", &[&value.name], &attributes);
    Some(Value {
        name,
        ..value.clone()
    })
}

fn dropout(net: &mut Net, value: &Value) -> Option<Value> {
    if value.element != Float || net.opset() > 11 {
        return None;
    }
    let name = net.node(
        "Dropout",
        &[&value.name],
        &[("ratio", Attribute::Float(0.25))],
    );
    Some(Value {
        name,
        ..value.clone()
    })
}

fn top(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, axis) = net.axis(value)?;
    if net.opset() > 9 || value.element != Float || !value.exact || net.nan {
        return None;
    }
    let k = 1 + net.below(value.dims[at]);
    let n = net.integers(&[k as i64]);
    let mut made = net.nodes(
        "TopK",
        &[&value.name, &n],
        2,
        &[("axis", Attribute::Integer(axis))],
    );
    let mut dims = value.dims.clone();
    dims[at] = k;
    Some(Value {
        name: made.swap_remove(0),
        dims,
        ..value.clone()
    })
}

fn activation(net: &mut Net, value: &Value) -> Option<Value> {
    if matches!(value.element, Boolean | Text) || value.element != Float {
        return None;
    }
    let operator = net.pick(&["Elu", "Relu", "Sigmoid", "Tanh"]);
    let name = net.node(operator, &[&value.name], &[]);
    Some(Value {
        name,
        exact: false,
        ..value.clone()
    })
}
