//! LabelEncoder: a value for each key, in the forms of its versions 1, 2 and 4.

use crate::ElementType;
use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::ops::encode::keys::{Keys, double_key, first_places, float_key, last_places};
use crate::native::ops::encode::mapping::{Values, map};
use crate::native::plan::{Plan, Value};

/// Builds LabelEncoder.
pub(crate) fn label_encoder(
    plan: &mut Plan,
    node: &NodeContext<'_>,
) -> Result<Vec<Value>, NotNative> {
    let from = node.batch(0)?.shape.element;
    if node.opset == 1 {
        let (keys, values) = classes(node, from)?;
        return map(plan, node, keys, values);
    }
    let (keys, n_keys) = keys(node, from)?;
    let values = values(node)?;
    if n_keys != values.len() {
        return Err(node.malformed(format!("it has {} values for {n_keys} keys", values.len())));
    }
    map(plan, node, keys, values)
}

/// Reads the classes of version 1, between texts and their places. Of equal
/// ones ONNX Runtime takes the last one.
fn classes(node: &NodeContext<'_>, from: ElementType) -> Result<(Keys, Values), NotNative> {
    let texts = node.texts("classes_strings")?;
    let numbers: Vec<i64> = (0_i64..).take(texts.len()).collect();
    if from == ElementType::Text {
        let default = node.integer("default_int64", -1);
        return Ok((
            Keys::Texts(last_places(texts)),
            Values::Integers(numbers, default),
        ));
    }
    let default = node.text("default_string", "_Unused")?.to_owned();
    Ok((
        Keys::Integers(last_places(numbers)),
        Values::Texts(texts, default),
    ))
}

/// Reads the keys for an input of type `from` and counts them, equal ones
/// apart. Of equal ones ONNX Runtime takes the first one.
fn keys(node: &NodeContext<'_>, from: ElementType) -> Result<(Keys, usize), NotNative> {
    let (name, listed) = match from {
        ElementType::Text => ("keys_strings", Buffer::Text(node.texts("keys_strings")?)),
        ElementType::Integer => {
            let list = node.integers("keys_int64s");
            ("keys_int64s", Buffer::Integer(list.to_vec()))
        }
        ElementType::Float => {
            let list = node.floats("keys_floats");
            ("keys_floats", Buffer::Float(list.to_vec()))
        }
        ElementType::Double => ("", Buffer::default()),
        ElementType::Boolean => return Err(node.refuse("it encodes booleans")),
    };
    let list = if node.attribute(name).is_some() {
        listed
    } else {
        match node.tensor("keys_tensor")? {
            Some(tensor) => tensor.data,
            None => {
                return Err(node.malformed(format!("it has no keys of its input's type, {from}")));
            }
        }
    };
    let count = list.len();
    // Before version 4 a key of NaN is no key to ONNX Runtime.
    let nan = node.opset >= 4;
    let keys = match list {
        Buffer::Text(keys) => Keys::Texts(first_places(keys)),
        Buffer::Integer(keys) => Keys::Integers(first_places(keys)),
        Buffer::Float(keys) => {
            let mut places = first_places(keys.into_iter().map(float_key));
            places.retain(|&key, _| nan || key != float_key(f32::NAN));
            Keys::Floats(places)
        }
        Buffer::Double(keys) => Keys::Doubles(first_places(keys.into_iter().map(double_key))),
        Buffer::Boolean(_) => return Err(node.refuse("its keys are booleans")),
    };
    Ok((keys, count))
}

/// Reads the values with what unknown keys become.
fn values(node: &NodeContext<'_>) -> Result<Values, NotNative> {
    let lists = [
        ("values_strings", ElementType::Text),
        ("values_int64s", ElementType::Integer),
        ("values_floats", ElementType::Float),
    ];
    let mut lists = lists
        .into_iter()
        .filter(|(name, _)| node.attribute(name).is_some());
    let list = match lists.next() {
        Some((name, ElementType::Text)) => Buffer::Text(node.texts(name)?),
        Some((name, ElementType::Integer)) => Buffer::Integer(node.integers(name).to_vec()),
        Some((name, _)) => Buffer::Float(node.floats(name).to_vec()),
        None => match node.tensor("values_tensor")? {
            Some(tensor) => tensor.data,
            None => return Err(node.malformed("it has no values")),
        },
    };
    if lists.next().is_some() {
        return Err(node.malformed("it has values of two types"));
    }
    let default = node.tensor("default_tensor")?.map(|tensor| tensor.data);
    Ok(match list {
        Buffer::Text(values) => {
            let default = match default {
                Some(Buffer::Text(default)) => only(node, default)?,
                Some(_) => return Err(other_default(node)),
                None => node.text("default_string", "_Unused")?.to_owned(),
            };
            Values::Texts(values, default)
        }
        Buffer::Integer(values) => {
            let default = match default {
                Some(Buffer::Integer(default)) => only(node, default)?,
                Some(_) => return Err(other_default(node)),
                None => node.integer("default_int64", -1),
            };
            Values::Integers(values, default)
        }
        Buffer::Float(values) => {
            let default = match default {
                Some(Buffer::Float(default)) => only(node, default)?,
                Some(_) => return Err(other_default(node)),
                None => node.float("default_float", -0.0),
            };
            Values::Floats(values, default)
        }
        Buffer::Double(values) => {
            let default = match default {
                Some(Buffer::Double(default)) => only(node, default)?,
                Some(_) => return Err(other_default(node)),
                None => -0.0,
            };
            Values::Doubles(values, default)
        }
        Buffer::Boolean(_) => return Err(node.refuse("its values are booleans")),
    })
}

/// Returns the one element of a list.
fn only<T>(node: &NodeContext<'_>, list: Vec<T>) -> Result<T, NotNative> {
    let mut list = list.into_iter();
    match (list.next(), list.next()) {
        (Some(only), None) => Ok(only),
        _ => Err(node.malformed("what unknown keys become is not one value")),
    }
}

#[cold]
fn other_default(node: &NodeContext<'_>) -> NotNative {
    node.malformed("what unknown keys become has another type than its values")
}
