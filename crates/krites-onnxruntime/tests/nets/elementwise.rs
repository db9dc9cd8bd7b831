//! Operators of single elements and of pairs.

use krites_model::ElementType::{Boolean, Double, Float, Integer, Text};
use krites_model::testing::Attribute;

use super::{Family, Net, Value};

pub(crate) const OPERATORS: Family = &[
    unary, unary, unary, stepped, binary, binary, binary, compared, logic, choose, clip, cast, many,
];

fn is_float(value: &Value) -> bool {
    matches!(value.element, Float | Double)
}

/// A smooth function of floats
fn unary(net: &mut Net, value: &Value) -> Option<Value> {
    if value.element == Integer {
        let operator = net.pick(&["Abs", "Neg", "Sign"]);
        let name = net.node(operator, &[&value.name], &[]);
        return Some(Value {
            name,
            ..value.clone()
        });
    }
    if !is_float(value) {
        return None;
    }
    let (operator, parameters): (&str, &[&str]) = net.pick(&[
        ("Abs", &[] as &[&str]),
        ("Asinh", &[]),
        ("Atan", &[]),
        ("Celu", &["alpha"]),
        ("Cos", &[]),
        ("Elu", &["alpha"]),
        ("Erf", &[]),
        ("HardSigmoid", &["alpha", "beta"]),
        ("HardSwish", &[]),
        ("LeakyRelu", &["alpha"]),
        ("Neg", &[]),
        ("Relu", &[]),
        ("Selu", &["alpha", "gamma"]),
        ("Sigmoid", &[]),
        ("Sin", &[]),
        ("Softplus", &[]),
        ("Softsign", &[]),
        ("Tanh", &[]),
    ]);
    let mut attributes = Vec::new();
    for &parameter in parameters {
        if net.below(2) == 0 {
            let of = net.pick(&[0.25, 0.5, 1.0, 1.5]);
            attributes.push((parameter, Attribute::Float(of)));
        }
    }
    let name = net.node(operator, &[&value.name], &attributes);
    let exact = value.exact && matches!(operator, "Abs" | "Neg" | "Relu");
    Some(Value {
        name,
        exact,
        ..value.clone()
    })
}

/// Functions with steps or poles, of what both backends have in the same bits
fn stepped(net: &mut Net, value: &Value) -> Option<Value> {
    if !is_float(value) || !value.exact {
        return None;
    }
    let operator = net.pick(&[
        "Acos",
        "Acosh",
        "Asin",
        "Atanh",
        "Ceil",
        "Cosh",
        "Exp",
        "Floor",
        "IsInf",
        "IsNaN",
        "Log",
        "Reciprocal",
        "Round",
        "Shrink",
        "Sign",
        "Sinh",
        "Sqrt",
        "Tan",
        "ThresholdedRelu",
    ]);
    let mut attributes = Vec::new();
    let parameter = match operator {
        "Shrink" => net.pick(&["bias", "lambd"]),
        "ThresholdedRelu" => "alpha",
        _ => "",
    };
    if !parameter.is_empty() && net.below(2) == 0 {
        attributes.push((parameter, Attribute::Float(net.pick(&[0.25, 0.75, 1.5]))));
    }
    if operator == "IsInf" && net.below(2) == 0 {
        let side = net.pick(&["detect_negative", "detect_positive"]);
        attributes.push((side, Attribute::Integer(net.below(2) as i64)));
    }
    // What has no zero is what poles are tried with.
    let mut from = value.name.clone();
    if matches!(operator, "Log" | "Reciprocal") {
        let constant = net.constant(value.element, &[1]);
        from = net.node("Max", &[&from, &constant], &[]);
    }
    let name = net.node(operator, &[&from], &attributes);
    let element = if matches!(operator, "IsInf" | "IsNaN") {
        Boolean
    } else {
        value.element
    };
    let exact = matches!(
        operator,
        "Ceil" | "Floor" | "IsInf" | "IsNaN" | "Round" | "Shrink" | "Sign" | "ThresholdedRelu"
    );
    Some(Value {
        name,
        element,
        exact,
        ..value.clone()
    })
}

/// Makes the other side of a pair: the value itself, another, or a constant that
/// is broadcast.
pub(crate) fn partner(net: &mut Net, value: &Value) -> (String, Vec<usize>, bool) {
    if net.below(3) == 0 {
        let other = net.other(value);
        return (other.name, value.dims.clone(), other.exact);
    }
    let mut dims = value.dims.clone();
    // A constant meets the rows, or all but some of the dimensions from the left.
    match net.below(4) {
        0 => dims.clear(),
        1 => dims.insert(0, 1),
        2 => {
            let gone = net.below(dims.len() + 1);
            dims.drain(..gone);
        }
        _ => {}
    }
    for dim in &mut dims {
        if net.below(4) == 0 {
            *dim = 1;
        }
    }
    // A constant row of several meets a single column.
    let mut result = value.dims.clone();
    if value.dims == [1] && dims == [1] && net.below(2) == 0 {
        dims = vec![3];
        result = vec![3];
    }
    if value.dims.is_empty() {
        dims.truncate(1);
    }
    (net.constant(value.element, &dims), result, true)
}

fn binary(net: &mut Net, value: &Value) -> Option<Value> {
    if matches!(value.element, Boolean | Text) {
        return None;
    }
    let (mut other, dims, exact) = partner(net, value);
    let integer = value.element == Integer;
    let operator = if integer {
        net.pick(&["Add", "Div", "Max", "Min", "Mod", "Mul", "Sub"])
    } else {
        net.pick(&[
            "Add", "Div", "Max", "Min", "Mod", "Mul", "Pow", "PRelu", "Sub",
        ])
    };
    let mut attributes = Vec::new();
    let mut left = value.name.clone();
    if matches!(operator, "Div" | "Mod") {
        // No zeros, and the same bits where there are steps
        if operator == "Mod" && !(value.exact && exact) {
            return None;
        }
        other = net.node("Abs", &[&other], &[]);
        let one = net.elements(
            &[1],
            &crate::nets::tame(&mut net.numbers.clone(), value.element, 1, 1).elements(),
        );
        let one = net.node("Mul", &[&one, &one], &[]);
        let one = net.node("Sum", &[&one, &one], &[]);
        other = net.node("Max", &[&other, &one], &[]);
        let two = match value.element {
            Integer => net.integers(&[3]),
            Float => net.elements(&[1], &krites_model::testing::Elements::Floats(vec![0.5])),
            _ => net.elements(&[1], &krites_model::testing::Elements::Doubles(vec![0.5])),
        };
        other = net.node("Add", &[&other, &two], &[]);
        if operator == "Mod" && (!integer || net.below(2) == 0) {
            attributes.push(("fmod", Attribute::Integer(1)));
        }
    }
    if operator == "Pow" {
        left = net.node("Abs", &[&left], &[]);
        if net.below(3) == 0 {
            other = net.elements(&[], &krites_model::testing::Elements::Integers(vec![2]));
            let name = net.node("Pow", &[&left, &other], &[]);
            return Some(Value {
                name,
                exact: false,
                ..value.clone()
            });
        }
        other = net.node("Abs", &[&other], &[]);
    }
    let swapped = !matches!(operator, "Div" | "Mod" | "Pow" | "PRelu") && net.below(2) == 0;
    if operator == "PRelu" && dims != value.dims {
        return None;
    }
    let inputs = if swapped {
        [&other, &left]
    } else {
        [&left, &other]
    };
    let name = net.node(operator, &inputs.map(String::as_str), &attributes);
    let exact = value.exact && exact && operator != "Pow";
    Some(Value {
        name,
        dims,
        exact,
        ..value.clone()
    })
}

fn many(net: &mut Net, value: &Value) -> Option<Value> {
    if matches!(value.element, Boolean | Text) {
        return None;
    }
    let operator = if value.element == Integer {
        net.pick(&["Max", "Min"])
    } else {
        net.pick(&["Max", "Mean", "Min", "Sum"])
    };
    let (first, second) = (net.other(value), net.other(value));
    let mut inputs = vec![value.name.as_str(), &first.name, &second.name];
    inputs.truncate(1 + net.below(3));
    let name = net.node(operator, &inputs, &[]);
    let exact = value.exact && first.exact && second.exact && operator != "Mean";
    Some(Value {
        name,
        exact,
        ..value.clone()
    })
}

fn compared(net: &mut Net, value: &Value) -> Option<Value> {
    let (other, dims, exact) = partner(net, value);
    if !(value.exact && exact) {
        return None;
    }
    let operator = match value.element {
        Boolean | Text => "Equal",
        _ => net.pick(&["Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual"]),
    };
    let name = net.node(operator, &[&value.name, &other], &[]);
    Some(Value {
        name,
        dims,
        element: Boolean,
        exact: true,
    })
}

fn logic(net: &mut Net, value: &Value) -> Option<Value> {
    if value.element != Boolean {
        return None;
    }
    let (other, dims, _) = partner(net, value);
    let operator = net.pick(&["And", "Not", "Or", "Xor"]);
    if operator == "Not" {
        let name = net.node("Not", &[&value.name], &[]);
        return Some(Value {
            name,
            ..value.clone()
        });
    }
    let name = net.node(operator, &[&value.name, &other], &[]);
    Some(Value {
        name,
        dims,
        ..value.clone()
    })
}

fn choose(net: &mut Net, value: &Value) -> Option<Value> {
    let flags = Value {
        element: Boolean,
        ..value.clone()
    };
    let condition = if value.element == Boolean {
        value.name.clone()
    } else if net.below(2) == 0 {
        let (condition, dims, _) = {
            let mut dims = flags.dims.clone();
            if !dims.is_empty() && net.below(3) == 0 {
                dims[0] = 1;
            }
            (net.constant(Boolean, &dims.clone()), dims, true)
        };
        if value.dims.is_empty() && !dims.is_empty() {
            return None;
        }
        condition
    } else {
        if !value.exact {
            return None;
        }
        let (other, dims, exact) = partner(net, value);
        if dims != value.dims || !exact {
            return None;
        }
        net.node("Equal", &[&value.name, &other], &[])
    };
    let element = if value.element == Boolean {
        net.pick(&[Float, Integer, Text])
    } else {
        value.element
    };
    let target = Value {
        element,
        ..value.clone()
    };
    let other = net.constant(element, &[1]);
    let yes = if value.element == Boolean {
        net.constant(
            element,
            if target.dims.is_empty() {
                &[]
            } else {
                &target.dims
            },
        )
    } else {
        value.name.clone()
    };
    if value.element == Boolean && target.dims.is_empty() {
        return None;
    }
    let inputs = if net.below(2) == 0 {
        [&condition, &yes, &other]
    } else {
        [&condition, &other, &yes]
    };
    let name = net.node("Where", &inputs.map(String::as_str), &[]);
    Some(Value { name, ..target })
}

fn clip(net: &mut Net, value: &Value) -> Option<Value> {
    if matches!(value.element, Boolean | Text) {
        return None;
    }
    let (low, high) = (
        net.constant(value.element, &[]),
        net.constant(value.element, &[]),
    );
    let bounds = match net.below(4) {
        0 => ["", ""],
        1 => [low.as_str(), ""],
        2 => ["", high.as_str()],
        _ => [low.as_str(), high.as_str()],
    };
    let name = net.node("Clip", &[&value.name, bounds[0], bounds[1]], &[]);
    Some(Value {
        name,
        ..value.clone()
    })
}

fn cast(net: &mut Net, value: &Value) -> Option<Value> {
    let (element, number) = net.pick(&[
        (Float, 1),
        (Double, 11),
        (Integer, 7),
        (Boolean, 9),
        (Text, 8),
    ]);
    let steps = matches!(element, Integer | Boolean | Text);
    if value.element == Text || (steps && !value.exact) {
        return None;
    }
    // What whole number stands for what is none differs from processor to processor.
    if net.odd && is_float(value) && element == Integer {
        return None;
    }
    let name = net.node(
        "Cast",
        &[&value.name],
        &[("to", Attribute::Integer(number))],
    );
    let mut made = Value {
        name,
        element,
        ..value.clone()
    };
    if element == Text && value.element != Boolean && net.below(2) == 0 {
        made.name = net.node("Cast", &[&made.name], &[("to", Attribute::Integer(11))]);
        made.element = Double;
    }
    Some(made)
}
