//! Operators that make constants: Constant, ConstantOfShape, Range, NonZero.

use std::sync::Arc;

use super::broadcast::Met;
use super::give::room;
use super::item::Item;
use super::moves::{spread, zero};
use super::pick::{Place, pick};
use super::sizes::sizes;
use crate::ElementType;
use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::plan::{Plan, Size, Value};
use crate::onnx::tensor::{self, Tensor, texts};

/// Builds Constant.
pub(crate) fn constant(_: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let Some(attribute) = node.proto().attribute.first() else {
        return Err(node.malformed("it has no value"));
    };
    let several = |data: Buffer| (vec![data.len()], data);
    let (dims, data) = match attribute.name.as_str() {
        "value_float" => (Vec::new(), Buffer::Float(vec![attribute.f])),
        "value_floats" => several(Buffer::Float(attribute.floats.clone())),
        "value_int" => (Vec::new(), Buffer::Integer(vec![attribute.i])),
        "value_ints" => several(Buffer::Integer(attribute.ints.clone())),
        "value_string" => {
            let text = texts(std::slice::from_ref(&attribute.s));
            (
                Vec::new(),
                Buffer::Text(text.map_err(|problem| node.malformed(problem))?),
            )
        }
        "value_strings" => several(Buffer::Text(node.texts("value_strings")?)),
        _ => {
            let Some(proto) = attribute.t.as_deref() else {
                return Err(node.refuse("its value is not a tensor"));
            };
            return match tensor::decode(proto) {
                Ok(Some(tensor)) => Ok(vec![Value::Constant(Arc::new(tensor))]),
                Ok(None) => Err(node.refuse("the type of its value")),
                Err(problem) => Err(node.malformed(problem)),
            };
        }
    };
    Ok(vec![Value::Constant(Arc::new(Tensor { dims, data }))])
}

/// Builds ConstantOfShape, of a constant shape or of one row a case.
pub(crate) fn of_shape(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let shape = sizes(node, &Item::of(node, 0)?)?;
    let value = match node.attribute("value").and_then(|value| value.t.as_deref()) {
        None => zero(ElementType::Float),
        Some(proto) => match tensor::decode(proto) {
            Ok(Some(tensor)) => Item::constant(Arc::new(tensor)),
            Ok(None) => return Err(node.refuse("the type of its value")),
            Err(problem) => return Err(node.malformed(problem)),
        },
    };
    if value.len() != 1 {
        return Err(node.malformed("its value is not one element"));
    }
    let value = value.relaid(plan, node, Vec::new())?;
    let batch = shape.iter().position(|size| *size == Size::Rows(1));
    let own = shape.iter().enumerate();
    let own = own.filter(|(at, _)| Some(*at) != batch);
    let number = |(_, size): (usize, &Size)| match size {
        Size::Number(number) => usize::try_from(*number).ok(),
        Size::Rows(_) => None,
    };
    let dims: Option<Vec<usize>> = own.map(number).collect();
    let dims = dims.ok_or_else(|| node.refuse("its shape is not one row a case"))?;
    let len = room(plan, node, batch.is_some(), &dims)?;
    let item = match batch {
        Some(batch) => {
            let after = dims.len() - batch;
            spread(plan, node, &value, &Met::with(dims, Some(after)))?
        }
        None => pick(plan, node, &[&value], &vec![Place::new(0, 0); len], dims)?,
    };
    Ok(vec![item.into_value(node)?])
}

/// Builds Range of constants.
pub(crate) fn range(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let ends = [0, 1, 2].map(|idx| node.constant(idx).map(|tensor| &tensor.data));
    let [start, limit, step] = ends;
    let (start, limit, step) = (start?, limit?, step?);
    let malformed = || node.malformed("its ends are not numbers of one type");
    let data = match start {
        Buffer::Integer(_) => {
            let [start, limit, step] = one::<i64>([start, limit, step]).ok_or_else(malformed)?;
            let [wide_start, wide_step] = [start, step].map(i128::from);
            let span = i128::from(limit) - wide_start;
            // The quotient rounded up; none where the step leads away.
            let span = if step < 0 { -span } else { span };
            let by = wide_step.abs().max(1);
            let up = if step == 0 {
                0
            } else {
                (span + by - 1).div_euclid(by)
            };
            let len = usize::try_from(up.max(0)).unwrap_or(usize::MAX);
            room(plan, node, false, &[len])?;
            let at =
                |at: usize| start.wrapping_add(step.wrapping_mul(i64::try_from(at).unwrap_or(0)));
            Buffer::Integer((0..len).map(at).collect())
        }
        Buffer::Float(_) => {
            let [start, limit, step] = one::<f32>([start, limit, step]).ok_or_else(malformed)?;
            let len = count(f64::from(limit) - f64::from(start), step.into());
            room(plan, node, false, &[len])?;
            // As ONNX Runtime does: one step after the other
            let steps = std::iter::successors(Some(start), |at| Some(at + step));
            Buffer::Float(steps.take(len).collect())
        }
        Buffer::Double(_) => {
            let [start, limit, step] = one::<f64>([start, limit, step]).ok_or_else(malformed)?;
            let len = count(limit - start, step);
            room(plan, node, false, &[len])?;
            let steps = std::iter::successors(Some(start), |at| Some(at + step));
            Buffer::Double(steps.take(len).collect())
        }
        Buffer::Boolean(_) | Buffer::Text(_) => return Err(malformed()),
    };
    made(plan, node, vec![data.len()], data)
}

fn one<T: Element>(ends: [&Buffer; 3]) -> Option<[T; 3]> {
    let ends = ends.map(|end| match T::of(end) {
        Some([end]) => Some(*end),
        _ => None,
    });
    let [Some(start), Some(limit), Some(step)] = ends else {
        return None;
    };
    Some([start, limit, step])
}

fn count(span: f64, step: f64) -> usize {
    // NaN counts as none, too much as the most.
    (span / step).ceil().max(0.0) as usize
}

/// Builds NonZero of a constant.
pub(crate) fn non_zero(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let tensor = Arc::clone(node.constant(0)?);
    let holds: Vec<usize> = match &tensor.data {
        Buffer::Float(array) => places(array, |x| *x != 0.0),
        Buffer::Double(array) => places(array, |x| *x != 0.0),
        Buffer::Integer(array) => places(array, |x| *x != 0),
        Buffer::Boolean(array) => places(array, |x| *x),
        Buffer::Text(_) => return Err(node.refuse("its elements are text")),
    };
    let dims = vec![tensor.dims.len(), holds.len()];
    room(plan, node, false, &dims)?;
    let strides = super::pick::strides(&tensor.dims);
    let axes = strides.iter().zip(&tensor.dims);
    let numbers = axes.flat_map(|(&stride, &dim)| {
        let along = holds.iter().map(move |at| at / stride.max(1) % dim.max(1));
        along.map(|at| i64::try_from(at).unwrap_or(i64::MAX))
    });
    let data = Buffer::Integer(numbers.collect());
    made(plan, node, dims, data)
}

fn places<T>(array: &[T], holds: impl Fn(&T) -> bool) -> Vec<usize> {
    let array = array.iter().enumerate();
    array.filter(|(_, x)| holds(x)).map(|(at, _)| at).collect()
}

fn made(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    dims: Vec<usize>,
    data: Buffer,
) -> Result<Vec<Value>, NotNative> {
    plan.count_bytes(node, data.element(), data.len(), 0)?;
    Ok(vec![Value::Constant(Arc::new(Tensor { dims, data }))])
}
