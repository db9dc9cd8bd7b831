//! Operators that move elements.

use krites_model::ElementType::{Integer, Text};
use krites_model::testing::{Attribute, Elements};

use super::{Family, Net, Value};

pub(crate) const OPERATORS: Family = &[
    slice,
    split,
    unsqueeze,
    squeeze,
    transpose,
    expand,
    tile,
    pad,
    gather,
    gather_elements,
    concat,
    compress,
    viewed,
    one_hot,
    shape_of,
    across,
];

fn slice(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, axis) = net.axis(value)?;
    let dim = value.dims[at] as i64;
    let step: i64 = net.pick(&[1, 1, 2, -1, -2]);
    let mut ends = [
        net.below(2 * dim as usize) as i64 - dim,
        net.below(2 * dim as usize + 2) as i64 - dim,
    ];
    if net.below(3) == 0 {
        ends = if step > 0 {
            [0, i64::MAX]
        } else {
            [-1, i64::MIN]
        };
    }
    let clamp = |end: i64, low: i64, high: i64| {
        (if end < 0 {
            end.saturating_add(dim)
        } else {
            end
        })
        .clamp(low, high)
    };
    let len = if step > 0 {
        let (start, end) = (clamp(ends[0], 0, dim), clamp(ends[1], 0, dim));
        (end - start).max(0) as u64
    } else {
        let (start, end) = (clamp(ends[0], 0, dim - 1), clamp(ends[1], -1, dim - 1));
        (start - end).max(0) as u64
    };
    let len = len.div_ceil(step.unsigned_abs()) as usize;
    if len == 0 {
        return None;
    }
    let (mut starts, mut stops, mut axes, mut steps) =
        (vec![ends[0]], vec![ends[1]], vec![axis], vec![step]);
    if net.below(4) == 0 {
        // All rows, as exporters write it
        starts.push(0);
        stops.push(i64::MAX);
        axes.push(0);
        steps.push(1);
    }
    let inputs = [&starts, &stops, &axes, &steps].map(|list| net.integers(list));
    let mut names = vec![value.name.as_str()];
    names.extend(inputs.iter().map(String::as_str));
    let name = net.node("Slice", &names, &[]);
    let mut dims = value.dims.clone();
    dims[at] = len;
    Some(Value {
        name,
        dims,
        ..value.clone()
    })
}

fn split(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, axis) = net.axis(value)?;
    let dim = value.dims[at];
    if dim < 2 {
        return None;
    }
    let first = 1 + net.below(dim - 1);
    let lens = net.integers(&[first as i64, (dim - first) as i64]);
    let mut parts = net.nodes(
        "Split",
        &[&value.name, &lens],
        2,
        &[("axis", Attribute::Integer(axis))],
    );
    let mut dims = value.dims.clone();
    let which = net.below(2);
    dims[at] = [first, dim - first][which];
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
    let axis = net.integers(&[at as i64 + 1]);
    let name = net.node("Unsqueeze", &[&value.name, &axis], &[]);
    let mut dims = value.dims.clone();
    dims.insert(at, 1);
    Some(Value {
        name,
        dims,
        ..value.clone()
    })
}

fn squeeze(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, axis) = net.axis(value)?;
    if value.dims[at] != 1 {
        return None;
    }
    let axis = net.integers(&[axis]);
    let name = net.node("Squeeze", &[&value.name, &axis], &[]);
    let mut dims = value.dims.clone();
    dims.remove(at);
    Some(Value {
        name,
        dims,
        ..value.clone()
    })
}

fn transpose(net: &mut Net, value: &Value) -> Option<Value> {
    if value.dims.len() < 2 {
        return None;
    }
    let mut order: Vec<usize> = (0..value.dims.len()).collect();
    let (a, b) = (net.below(order.len()), net.below(order.len()));
    order.swap(a, b);
    let mut perm = vec![0];
    perm.extend(order.iter().map(|&at| at as i64 + 1));
    let name = net.node(
        "Transpose",
        &[&value.name],
        &[("perm", Attribute::Integers(perm))],
    );
    let dims = order.iter().map(|&at| value.dims[at]).collect();
    Some(Value {
        name,
        dims,
        ..value.clone()
    })
}

fn expand(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, _) = net.axis(value)?;
    let mut dims = value.dims.clone();
    if dims[at] == 1 {
        dims[at] = 3;
    }
    let mut target = vec![1];
    target.extend(dims.iter().map(|&dim| dim as i64));
    let shorter = net.below(2);
    let target = net.integers(&target[shorter..]);
    let name = net.node("Expand", &[&value.name, &target], &[]);
    Some(Value {
        name,
        dims,
        ..value.clone()
    })
}

fn tile(net: &mut Net, value: &Value) -> Option<Value> {
    let mut repeats = vec![1];
    let mut dims = value.dims.clone();
    for dim in &mut dims {
        let times = if *dim < 6 { 1 + net.below(2) } else { 1 };
        repeats.push(times as i64);
        *dim *= times;
    }
    let repeats = net.integers(&repeats);
    let name = net.node("Tile", &[&value.name, &repeats], &[]);
    Some(Value {
        name,
        dims,
        ..value.clone()
    })
}

fn pad(net: &mut Net, value: &Value) -> Option<Value> {
    let mode = net.pick(&["constant", "edge", "reflect"]);
    let rank = value.dims.len() + 1;
    let mut pads = vec![0; 2 * rank];
    let mut dims = value.dims.clone();
    for (at, dim) in dims.iter_mut().enumerate() {
        let most = if mode == "reflect" { *dim } else { 3 };
        let (before, after) = (net.below(most.max(1)), net.below(most.max(1)));
        (pads[at + 1], pads[rank + at + 1]) = (before as i64, after as i64);
        *dim += before + after;
    }
    let pads = net.integers(&pads);
    let mut inputs = vec![value.name.as_str(), &pads];
    let fill = net.constant(value.element, &[]);
    if mode == "constant" && net.below(2) == 0 {
        inputs.push(&fill);
    }
    let name = net.node("Pad", &inputs, &[("mode", Attribute::Text(mode))]);
    Some(Value {
        name,
        dims,
        ..value.clone()
    })
}

fn gather(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, axis) = net.axis(value)?;
    let dim = value.dims[at];
    // Of texts side by side ONNX Runtime takes the first alone.
    if value.element == Text && at + 1 < value.dims.len() {
        return None;
    }
    let shape: &[usize] = match net.below(3) {
        0 => &[],
        1 => &[3],
        _ if value.dims.len() < 3 => &[2, 2],
        _ => &[1],
    };
    let places = (0..shape.iter().product()).map(|_| net.below(2 * dim) as i64 - dim as i64);
    let places = Elements::Integers(places.collect());
    let places = net.elements(shape, &places);
    let name = net.node(
        "Gather",
        &[&value.name, &places],
        &[("axis", Attribute::Integer(axis))],
    );
    let mut dims = value.dims.clone();
    dims.splice(at..=at, shape.iter().copied());
    Some(Value {
        name,
        dims,
        ..value.clone()
    })
}

/// Places in rows, made of the rows themselves
fn places(net: &mut Net, value: &Value, below: usize) -> Option<Value> {
    if value.element != Integer || !value.exact {
        return None;
    }
    let bound = net.integers(&[below as i64]);
    let name = net.node("Mod", &[&value.name, &bound], &[]);
    Some(Value {
        name,
        ..value.clone()
    })
}

fn gather_elements(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, axis) = net.axis(value)?;
    let places = places(net, value, value.dims[at])?;
    let attributes = [("axis", Attribute::Integer(axis))];
    let name = net.node("GatherElements", &[&value.name, &places.name], &attributes);
    Some(Value {
        name,
        ..value.clone()
    })
}

fn one_hot(net: &mut Net, value: &Value) -> Option<Value> {
    if value.dims.len() > 2 {
        return None;
    }
    let places = places(net, value, 5)?;
    let depth = net.integers(&[4]);
    let values = net.constant(Integer, &[2]);
    let at = net.below(value.dims.len() + 1);
    let attributes = [("axis", Attribute::Integer(at as i64 + 1))];
    let name = net.node("OneHot", &[&places.name, &depth, &values], &attributes);
    let mut dims = value.dims.clone();
    dims.insert(at, 4);
    Some(Value {
        name,
        dims,
        ..value.clone()
    })
}

fn concat(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, axis) = net.axis(value)?;
    let other = net.other(value);
    if value.dims.iter().product::<usize>() > 60 {
        return None;
    }
    let inputs = [value.name.as_str(), &other.name, &value.name];
    let n = 2 + net.below(2);
    let name = net.node(
        "Concat",
        &inputs[..n],
        &[("axis", Attribute::Integer(axis))],
    );
    let mut dims = value.dims.clone();
    dims[at] *= n;
    Some(Value {
        name,
        dims,
        exact: value.exact && other.exact,
        ..value.clone()
    })
}

fn compress(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, axis) = net.axis(value)?;
    let mut holds: Vec<bool> = (0..value.dims[at]).map(|_| net.below(2) == 0).collect();
    holds[0] = true;
    let count = holds.iter().filter(|holds| **holds).count();
    let condition = net.elements(&[holds.len()], &Elements::Booleans(holds));
    let name = net.node(
        "Compress",
        &[&value.name, &condition],
        &[("axis", Attribute::Integer(axis))],
    );
    let mut dims = value.dims.clone();
    dims[at] = count;
    Some(Value {
        name,
        dims,
        ..value.clone()
    })
}

/// `view(x.size(0), …)` as PyTorch exports it
fn viewed(net: &mut Net, value: &Value) -> Option<Value> {
    let shape = net.node("Shape", &[&value.name], &[]);
    let first = net.elements(&[], &Elements::Integers(vec![0]));
    let size = net.node("Gather", &[&shape, &first], &[]);
    let zero = net.integers(&[0]);
    let size = net.node("Unsqueeze", &[&size, &zero], &[]);
    let len: usize = value.dims.iter().product();
    let (rest, dims) = if len.is_multiple_of(2) && net.below(2) == 0 {
        (vec![2, -1], vec![2, len / 2])
    } else {
        (vec![-1], vec![len])
    };
    let rest = net.integers(&rest);
    let target = net.node(
        "Concat",
        &[&size, &rest],
        &[("axis", Attribute::Integer(0))],
    );
    let name = net.node("Reshape", &[&value.name, &target], &[]);
    Some(Value {
        name,
        dims,
        ..value.clone()
    })
}

/// A constant in the shape of the value, added to nothing but it
fn shape_of(net: &mut Net, value: &Value) -> Option<Value> {
    let shape = net.node("Shape", &[&value.name], &[]);
    let fill = Attribute::Tensor(Elements::Integers(vec![3]));
    let name = net.node("ConstantOfShape", &[&shape], &[("value", fill)]);
    Some(Value {
        name,
        element: Integer,
        exact: true,
        ..value.clone()
    })
}

/// Columns across the batch and back, as votes of several models are joined
fn across(net: &mut Net, value: &Value) -> Option<Value> {
    let [columns] = *value.dims.as_slice() else {
        return None;
    };
    if net.below(2) == 0 {
        let turned = net.node("Transpose", &[&value.name], &[]);
        let joined = net.node(
            "Concat",
            &[&turned, &turned],
            &[("axis", Attribute::Integer(0))],
        );
        let name = net.node(
            "Transpose",
            &[&joined],
            &[("perm", Attribute::Integers(vec![1, 0]))],
        );
        return Some(Value {
            name,
            dims: vec![2 * columns],
            ..value.clone()
        });
    }
    if value.element == Text {
        return None;
    }
    let target = net.integers(&[1, -1, columns as i64]);
    let layer = net.node("Reshape", &[&value.name, &target], &[]);
    let joined = net.node(
        "Concat",
        &[&layer, &layer],
        &[("axis", Attribute::Integer(0))],
    );
    let one = net.elements(&[], &Elements::Integers(vec![1]));
    let name = net.node("Gather", &[&joined, &one], &[]);
    Some(Value {
        name,
        ..value.clone()
    })
}
