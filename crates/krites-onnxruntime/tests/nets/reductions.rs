//! Operators that reduce dimensions of a row, or follow from all along one.

use krites_model::ElementType::{Boolean, Double, Float, Integer, Text};
use krites_model::testing::{Attribute, Elements};

use super::{Family, Net, Value, moves};

pub(crate) const OPERATORS: Family = &[
    reduce, reduce, reduce, arg, softmax, cum_sum, top, normalized, grown, votes,
];

/// A value of more dimensions
fn grown(net: &mut Net, value: &Value) -> Option<Value> {
    let move_one = net.pick(moves::OPERATORS);
    move_one(net, value).filter(|made| made.dims.iter().product::<usize>() < 60)
}

fn reduce(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, axis) = net.axis(value)?;
    let operator = match value.element {
        // The greatest of numbers and what is none depends on places in ONNX Runtime.
        Float | Double if net.nan => net.pick(&["ReduceL1", "ReduceMean", "ReduceSum"]),
        Float | Double => net.pick(&[
            "ReduceL1",
            "ReduceL2",
            "ReduceMax",
            "ReduceMean",
            "ReduceMin",
            "ReduceProd",
            "ReduceSum",
            "ReduceSumSquare",
            "ReduceLogSumExp",
            "ReduceLogSum",
        ]),
        Integer => net.pick(&[
            "ReduceMax",
            "ReduceMin",
            "ReduceSum",
            "ReduceProd",
            "ReduceMean",
            "ReduceL1",
        ]),
        Boolean => net.pick(&["ReduceMax", "ReduceMin"]),
        Text => return None,
    };
    let mut from = value.name.clone();
    if operator == "ReduceLogSum" {
        let positive = net.node("Abs", &[&from], &[]);
        from = net.node("Exp", &[&positive], &[]);
    }
    let mut reduced = vec![(at, axis)];
    if let Some((other, axis)) = net.axis(value).filter(|(other, _)| *other != at) {
        reduced.push((other, axis));
    }
    let axes: Vec<i64> = reduced.iter().map(|(_, axis)| *axis).collect();
    let mut attributes = Vec::new();
    let keeps = net.below(2);
    if keeps == 0 || net.below(2) == 0 {
        attributes.push(("keepdims", Attribute::Integer(keeps as i64)));
    }
    // Both forms: ReduceSum has axes as an input in all of these sets, the others from 18 on.
    let name = if operator == "ReduceSum" || net.opset() >= 18 {
        let axes = net.integers(&axes);
        net.node(operator, &[&from, &axes], &attributes)
    } else {
        attributes.push(("axes", Attribute::Integers(axes)));
        net.node(operator, &[&from], &attributes)
    };
    let mut dims = Vec::new();
    for (at, &dim) in value.dims.iter().enumerate() {
        let gone = reduced.iter().any(|(reduced, _)| *reduced == at);
        match (gone, keeps) {
            (false, _) => dims.push(dim),
            (true, 0) => {}
            (true, _) => dims.push(1),
        }
    }
    let exact = value.exact && matches!(operator, "ReduceMax" | "ReduceMin");
    Some(Value {
        name,
        dims,
        exact,
        ..value.clone()
    })
}

fn arg(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, axis) = net.axis(value)?;
    if matches!(value.element, Boolean | Text) || !value.exact || net.nan {
        return None;
    }
    let operator = net.pick(&["ArgMax", "ArgMin"]);
    let keeps = net.below(2);
    let attributes = [
        ("axis", Attribute::Integer(axis)),
        ("keepdims", Attribute::Integer(keeps as i64)),
        ("select_last_index", Attribute::Integer(net.below(2) as i64)),
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
        element: Integer,
        exact: true,
    })
}

fn softmax(net: &mut Net, value: &Value) -> Option<Value> {
    let (_, axis) = net.axis(value)?;
    let exact = value.exact;
    let operator = if net.nan {
        "Softmax"
    } else {
        net.pick(&["Hardmax", "LogSoftmax", "Softmax"])
    };
    if !matches!(value.element, Float | Double) || (operator == "Hardmax" && !exact) {
        return None;
    }
    let name = net.node(
        operator,
        &[&value.name],
        &[("axis", Attribute::Integer(axis))],
    );
    let exact = operator == "Hardmax";
    Some(Value {
        name,
        exact,
        ..value.clone()
    })
}

fn normalized(net: &mut Net, value: &Value) -> Option<Value> {
    let (_, axis) = net.axis(value)?;
    if !matches!(value.element, Float | Double) {
        return None;
    }
    let p = net.pick(&[1, 2]);
    let attributes = [
        ("axis", Attribute::Integer(axis)),
        ("p", Attribute::Integer(p)),
    ];
    let name = net.node("LpNormalization", &[&value.name], &attributes);
    Some(Value {
        name,
        exact: false,
        ..value.clone()
    })
}

fn cum_sum(net: &mut Net, value: &Value) -> Option<Value> {
    let (_, axis) = net.axis(value)?;
    if matches!(value.element, Boolean | Text) {
        return None;
    }
    let axis = net.elements(&[], &Elements::Integers(vec![axis]));
    let flag = |net: &mut Net| Attribute::Integer(net.below(2) as i64);
    let attributes = [("exclusive", flag(net)), ("reverse", flag(net))];
    let name = net.node("CumSum", &[&value.name, &axis], &attributes);
    Some(Value {
        name,
        ..value.clone()
    })
}

fn top(net: &mut Net, value: &Value) -> Option<Value> {
    let (at, axis) = net.axis(value)?;
    if matches!(value.element, Boolean | Text) || !value.exact || net.nan {
        return None;
    }
    let k = 1 + net.below(value.dims[at]);
    let n = net.integers(&[k as i64]);
    let attributes = [
        ("axis", Attribute::Integer(axis)),
        ("largest", Attribute::Integer(net.below(2) as i64)),
    ];
    let mut made = net.nodes("TopK", &[&value.name, &n], 2, &attributes);
    let which = net.below(2);
    let mut dims = value.dims.clone();
    dims[at] = k;
    let element = [value.element, Integer][which];
    Some(Value {
        name: made.swap_remove(which),
        dims,
        element,
        exact: true,
    })
}

/// The mean of what several models say, as bagging is exported
fn votes(net: &mut Net, value: &Value) -> Option<Value> {
    let ([columns], Float) = (value.dims.as_slice(), value.element) else {
        return None;
    };
    let target = net.integers(&[1, -1, *columns as i64]);
    let other = net.other(value);
    let layers = [value, &other].map(|value| net.node("Reshape", &[&value.name, &target], &[]));
    let layers = layers.each_ref().map(String::as_str);
    let joined = net.node("Concat", &layers, &[("axis", Attribute::Integer(0))]);
    let name = if net.opset() >= 18 {
        let axes = net.integers(&[0]);
        net.node(
            "ReduceMean",
            &[&joined, &axes],
            &[("keepdims", Attribute::Integer(0))],
        )
    } else {
        let attributes = [
            ("axes", Attribute::Integers(vec![0])),
            ("keepdims", Attribute::Integer(0)),
        ];
        net.node("ReduceMean", &[&joined], &attributes)
    };
    Some(Value {
        name,
        exact: false,
        ..value.clone()
    })
}
