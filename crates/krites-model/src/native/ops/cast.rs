//! Cast between numbers, truth values and texts.

use super::tensor::{Item, give, only, read_float, read_integer, write_float};
use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::{Arguments, InputElement};
use crate::native::explain::{Place, Sum, Traced};
use crate::native::join_trees::Part;
use crate::native::node::NodeContext;
use crate::native::plan::{Batch, Kernel, Plan, Value};
use crate::onnx::proto::data_type;
use crate::{ElementType, ModelError};

/// Builds Cast. Floats become integers toward zero, those out of range the
/// nearest one, NaN becomes 0.
pub(crate) fn build(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let to = i32::try_from(node.integer("to", 0)).unwrap_or(0);
    let narrow = to == data_type::INT32;
    let to = match to {
        data_type::INT32 => ElementType::Integer,
        data_type::FLOAT => ElementType::Float,
        data_type::DOUBLE => ElementType::Double,
        data_type::INT64 => ElementType::Integer,
        data_type::BOOL => ElementType::Boolean,
        data_type::STRING => ElementType::Text,
        other => return Err(node.refuse(format!("it casts to {}", data_type::name(other)))),
    };
    let mut item = Item::of(node, 0)?;
    if narrow && item.element == ElementType::Text {
        return Err(node.refuse("it casts text to int32"));
    }
    item = cast_item(plan, node, &item, to)?;
    if narrow {
        let results = [(to, item.dims.clone())];
        let made = give(plan, node, Narrow, &[&item], &results, 1)?;
        item = only(node, made)?;
    }
    Ok(vec![item.into_value(node)?])
}

/// Builds CastLike.
pub(crate) fn like(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let to = Item::of(node, 1)?.element;
    let item = Item::of(node, 0)?;
    Ok(vec![cast_item(plan, node, &item, to)?.into_value(node)?])
}

/// Adds a cast of rows to a plan, where they have not the type already.
pub(crate) fn cast(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    batch: Batch,
    to: ElementType,
) -> Result<Batch, NotNative> {
    let item = cast_item(plan, node, &Item::rows(batch), to)?;
    match item.into_value(node)? {
        Value::Batch(batch) => Ok(batch),
        _ => Err(node.refuse("it has no result")),
    }
}

/// Casts an item, where it has not the type already.
pub(crate) fn cast_item(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    item: &Item,
    to: ElementType,
) -> Result<Item, NotNative> {
    let from = item.element;
    if from == to {
        return Ok(item.clone());
    }
    if matches!((from, to), (ElementType::Text, ElementType::Boolean)) {
        return Err(node.refuse(format!("it casts {from} to {to}")));
    }
    let results = [(to, item.dims.clone())];
    let made = give(plan, node, Cast { from, to }, &[item], &results, 1)?;
    only(node, made)
}

#[derive(Debug)]
struct Cast {
    from: ElementType,
    to: ElementType,
}

impl Kernel for Cast {
    fn trace(&self, _: usize, at: usize) -> Traced {
        match (self.from, self.to) {
            (ElementType::Text, _) => Traced::Of(vec![Place::first(at)]),
            (_, ElementType::Float | ElementType::Double) => {
                Traced::Sum(Sum::of(Place::first(at), 1.0, 0.0))
            }
            _ => Traced::Of(vec![Place::first(at)]),
        }
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        use ElementType::{Boolean, Double, Float, Integer, Text};
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match (self.from, self.to) {
            (Float, Double) => each(arguments, output, |x: f32| f64::from(x)),
            (Float, Integer) => each(arguments, output, |x: f32| x as i64),
            (Float, Boolean) => each(arguments, output, |x: f32| x != 0.0),
            (Double, Float) => each(arguments, output, |x: f64| x as f32),
            (Double, Integer) => each(arguments, output, |x: f64| x as i64),
            (Double, Boolean) => each(arguments, output, |x: f64| x != 0.0),
            (Integer, Float) => each(arguments, output, |x: i64| x as f32),
            (Integer, Double) => each(arguments, output, |x: i64| x as f64),
            (Integer, Boolean) => each(arguments, output, |x: i64| x != 0),
            (Boolean, Float) => each(arguments, output, |x: bool| f32::from(u8::from(x))),
            (Boolean, Double) => each(arguments, output, |x: bool| f64::from(u8::from(x))),
            (Boolean, Integer) => each(arguments, output, |x: bool| i64::from(x)),
            (Float, Text) => write(arguments, output, |x: f32, to| write_float(x.into(), to)),
            (Double, Text) => write(arguments, output, write_float),
            (Integer, Text) => write(arguments, output, |x: i64, to| to.push_str(&x.to_string())),
            (Boolean, Text) => write(arguments, output, |x: bool, to| {
                to.push(if x { '1' } else { '0' });
            }),
            (Text, Float) => read(arguments, output, read_float::<f32>),
            (Text, Double) => read(arguments, output, read_float::<f64>),
            (Text, Integer) => read(arguments, output, read_integer),
            _ => Ok(()),
        }
    }

    fn part(&self) -> Part<'_> {
        Part::Elementwise
    }
}

/// Cuts whole numbers to those of 32 bits
#[derive(Debug)]
struct Narrow;

impl Kernel for Narrow {
    fn trace(&self, _: usize, at: usize) -> Traced {
        Traced::Of(vec![Place::first(at)])
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        each(arguments, output, |x: i64| i64::from(x as i32))
    }

    fn part(&self) -> Part<'_> {
        Part::Elementwise
    }
}

/// Writes `f` of each element of the first argument.
pub(crate) fn each<T: InputElement, U: Element>(
    arguments: &Arguments<'_, '_>,
    output: &mut Buffer,
    f: impl Fn(T) -> U,
) -> Result<(), ModelError> {
    let from = arguments.array::<T>(0)?;
    let to = U::resized(output, from.len());
    for (to, &from) in to.iter_mut().zip(from) {
        *to = f(from);
    }
    Ok(())
}

/// Writes elements as texts.
fn write<T: InputElement>(
    arguments: &Arguments<'_, '_>,
    output: &mut Buffer,
    f: impl Fn(T, &mut String),
) -> Result<(), ModelError> {
    let from = arguments.array::<T>(0)?;
    for (to, &from) in output.texts_mut(from.len()).iter_mut().zip(from) {
        to.clear();
        f(from, to);
    }
    Ok(())
}

/// Reads texts as numbers.
fn read<U: Element>(
    arguments: &Arguments<'_, '_>,
    output: &mut Buffer,
    f: impl Fn(&str) -> Option<U>,
) -> Result<(), ModelError> {
    let from = arguments.texts(0)?;
    let to = U::resized(output, from.len());
    for (to, text) in to.iter_mut().zip(from.iter()) {
        *to = f(text).ok_or_else(|| ModelError::Failed {
            detail: format!("the text `{text}` is not a plain number"),
        })?;
    }
    Ok(())
}
