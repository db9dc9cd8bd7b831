//! Layers of small nets, as exporters write them.

use krites_model::ElementType::{Double, Float, Integer};
use krites_model::testing::{Attribute, Elements};

use super::{Family, Net, Value, elementwise, moves, reductions};

pub(crate) const OPERATORS: Family = &[
    matmul,
    gemm,
    gemm,
    batch_normalization,
    layer_normalization,
    embedding,
    activation,
    dropout,
    folded,
    other_families,
    left,
];

fn is_float(value: &Value) -> bool {
    matches!(value.element, Float | Double)
}

fn other_families(net: &mut Net, value: &Value) -> Option<Value> {
    let family = net.pick(&[
        elementwise::OPERATORS,
        moves::OPERATORS,
        reductions::OPERATORS,
    ]);
    let operator = net.pick(family);
    operator(net, value).filter(|made| made.dims.iter().product::<usize>() < 60)
}

fn activation(net: &mut Net, value: &Value) -> Option<Value> {
    if value.element != Float {
        return None;
    }
    let name = match net.below(4) {
        0 => net.node("Relu", &[&value.name], &[]),
        1 if net.opset() >= 20 => {
            let approximate = net.pick(&["none", "tanh"]);
            net.node(
                "Gelu",
                &[&value.name],
                &[("approximate", Attribute::Text(approximate))],
            )
        }
        2 if net.opset() >= 18 => net.node("Mish", &[&value.name], &[]),
        _ => {
            let gate = net.node("Sigmoid", &[&value.name], &[]);
            net.node("Mul", &[&value.name, &gate], &[])
        }
    };
    Some(Value {
        name,
        exact: false,
        ..value.clone()
    })
}

/// Makes weights so small that sums keep to the size of what is summed.
fn weights(net: &mut Net, value: &Value, dims: &[usize]) -> String {
    let name = net.constant(value.element, dims);
    let eighth = match value.element {
        Float => Elements::Floats(vec![0.125]),
        Double => Elements::Doubles(vec![0.125]),
        _ => return name,
    };
    let eighth = net.elements(&[], &eighth);
    net.node("Mul", &[&name, &eighth], &[])
}

fn matmul(net: &mut Net, value: &Value) -> Option<Value> {
    let &last = value.dims.last()?;
    if !(is_float(value) || value.element == Integer) {
        return None;
    }
    let n_out = 1 + net.below(5);
    let vector = net.below(4) == 0 && value.dims.len() < 3;
    let shape = if vector {
        vec![last]
    } else {
        vec![last, n_out]
    };
    let weights = weights(net, value, &shape);
    let name = net.node("MatMul", &[&value.name, &weights], &[]);
    let mut dims = value.dims.clone();
    dims.pop();
    dims.extend((!vector).then_some(n_out));
    let exact = value.exact && value.element == Integer;
    Some(Value {
        name,
        dims,
        exact,
        ..value.clone()
    })
}

/// Weights from the left, of columns across the batch
fn left(net: &mut Net, value: &Value) -> Option<Value> {
    let ([columns], true) = (value.dims.as_slice(), is_float(value)) else {
        return None;
    };
    let n_out = 1 + net.below(4);
    let weights = weights(net, value, &[n_out, *columns]);
    let turned = net.node(
        "Transpose",
        &[&value.name],
        &[("perm", Attribute::Integers(vec![1, 0]))],
    );
    let made = net.node("MatMul", &[&weights, &turned], &[]);
    let name = net.node("Transpose", &[&made], &[]);
    Some(Value {
        name,
        dims: vec![n_out],
        exact: false,
        ..value.clone()
    })
}

fn gemm(net: &mut Net, value: &Value) -> Option<Value> {
    let ([columns], true) = (value.dims.as_slice(), is_float(value)) else {
        return None;
    };
    let n_out = 1 + net.below(5);
    let turned = net.below(2) == 1;
    let shape = if turned {
        [n_out, *columns]
    } else {
        [*columns, n_out]
    };
    let weights = weights(net, value, &shape);
    let mut attributes = vec![("transB", Attribute::Integer(turned.into()))];
    for name in ["alpha", "beta"] {
        if net.below(3) == 0 {
            attributes.push((name, Attribute::Float(net.pick(&[0.5, -1.0, 2.0, 0.0]))));
        }
    }
    let bias: &[usize] = match net.below(5) {
        0 => &[],
        1 => &[1],
        2 => &[1, n_out],
        3 => &[1, 1],
        _ => &[n_out],
    };
    let bias = net.constant(value.element, bias);
    let mut inputs = vec![value.name.as_str(), &weights];
    if net.below(4) > 0 {
        inputs.push(&bias);
    }
    let name = net.node("Gemm", &inputs, &attributes);
    Some(Value {
        name,
        dims: vec![n_out],
        exact: false,
        ..value.clone()
    })
}

fn batch_normalization(net: &mut Net, value: &Value) -> Option<Value> {
    let &channels = value.dims.first()?;
    if value.element != Float {
        return None;
    }
    let [scale, bias, mean] = [(); 3].map(|()| net.constant(Float, &[channels]));
    let variance = net.constant(Float, &[channels]);
    let variance = net.node("Mul", &[&variance, &variance], &[]);
    let inputs = [value.name.as_str(), &scale, &bias, &mean, &variance];
    let epsilon = net.pick(&[1e-5, 0.1]);
    let name = net.node(
        "BatchNormalization",
        &inputs,
        &[("epsilon", Attribute::Float(epsilon))],
    );
    Some(Value {
        name,
        exact: false,
        ..value.clone()
    })
}

fn layer_normalization(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, axis) = net.axis(value)?;
    if value.element != Float || value.dims[at..].iter().product::<usize>() < 2 {
        return None;
    }
    let [scale, bias] = [(); 2].map(|()| net.constant(Float, &value.dims[at..]));
    let mut inputs = vec![value.name.as_str(), &scale];
    if net.below(2) == 0 {
        inputs.push(&bias);
    }
    let attributes = [
        ("axis", Attribute::Integer(axis)),
        ("epsilon", Attribute::Float(0.1)),
    ];
    let name = net.node("LayerNormalization", &inputs, &attributes);
    Some(Value {
        name,
        exact: false,
        ..value.clone()
    })
}

/// A table that whole numbers are looked up in
fn embedding(net: &mut Net, value: &Value) -> Option<Value> {
    if value.element != Integer || !value.exact || value.dims.len() > 2 {
        return None;
    }
    let n = 2 + net.below(4);
    let bound = net.integers(&[n as i64]);
    let places = net.node("Mod", &[&value.name, &bound], &[]);
    let size = 1 + net.below(4);
    let element = net.pick(&[Float, Double]);
    let table = net.constant(element, &[n, size]);
    let name = net.node("Gather", &[&table, &places], &[]);
    let mut dims = value.dims.clone();
    dims.push(size);
    Some(Value {
        name,
        dims,
        element,
        exact: true,
    })
}

fn dropout(net: &mut Net, value: &Value) -> Option<Value> {
    if !is_float(value) {
        return None;
    }
    let ratio = net.elements(&[], &Elements::Floats(vec![0.5]));
    let name = net.node("Dropout", &[&value.name, &ratio], &[]);
    Some(Value {
        name,
        ..value.clone()
    })
}

/// A constant that is put together of others
fn folded(net: &mut Net, value: &Value) -> Option<Value> {
    let ([columns], Float) = (value.dims.as_slice(), value.element) else {
        return None;
    };
    let first = net.constant(Float, &[*columns, 2]);
    let second = net.constant(Float, &[2]);
    let product = net.node("MatMul", &[&first, &second], &[]);
    let one = net.integers(&[0]);
    let row = net.node("Unsqueeze", &[&product, &one], &[]);
    let row = net.node("Tanh", &[&row], &[]);
    let name = net.node("Add", &[&value.name, &row], &[]);
    Some(Value {
        name,
        exact: false,
        ..value.clone()
    })
}
