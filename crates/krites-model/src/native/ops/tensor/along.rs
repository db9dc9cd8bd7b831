//! Operators whose result along one dimension follows from all elements along
//! it: the softmax family, CumSum, LpNormalization.

use super::give::{give, only};
use super::item::Item;
use super::moves::transposed;
use super::real::Real;
use super::reduce::{best, sum};
use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::{Arguments, InputElement};
use crate::native::explain::{Link, Place, Sum, Traced};
use crate::native::node::NodeContext;
use crate::native::plan::{Kernel, Plan, Value};
use crate::{ElementType, ModelError};

/// Builds Softmax, LogSoftmax and Hardmax.
pub(crate) fn softmax(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let old = node.opset < 13;
    let axis = item.axis(node, node.integer("axis", if old { 1 } else { -1 }))?;
    let function = match node.operator() {
        "Softmax" => Along::Softmax,
        "LogSoftmax" => Along::LogSoftmax,
        _ => Along::Hardmax,
    };
    if !matches!(item.element, ElementType::Float | ElementType::Double) {
        return Err(node.refuse(format!("its elements are {}", item.element)));
    }
    // Before operator set 13 all dimensions from the axis on were one.
    let n_axes = if old { item.dims.len() - axis } else { 1 };
    let made = along(plan, node, &item, axis, n_axes, function)?;
    Ok(vec![made.into_value(node)?])
}

/// Builds LpNormalization.
pub(crate) fn lp_normalization(
    plan: &mut Plan,
    node: &NodeContext<'_>,
) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let axis = item.axis(node, node.integer("axis", -1))?;
    let function = match node.integer("p", 2) {
        1 => Along::Norm1,
        2 => Along::Norm2,
        other => return Err(node.malformed(format!("the norm {other}"))),
    };
    if !matches!(item.element, ElementType::Float | ElementType::Double) {
        return Err(node.refuse(format!("its elements are {}", item.element)));
    }
    let made = along(plan, node, &item, axis, 1, function)?;
    Ok(vec![made.into_value(node)?])
}

/// Builds CumSum.
pub(crate) fn cum_sum(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let Some([axis]) = node
        .numbers(1, "")?
        .as_deref()
        .map(<[i64; 1]>::try_from)
        .and_then(Result::ok)
    else {
        return Err(node.malformed("it has not one axis"));
    };
    let axis = item.axis(node, axis)?;
    let function = Along::CumSum {
        exclusive: node.integer("exclusive", 0) != 0,
        reverse: node.integer("reverse", 0) != 0,
    };
    if matches!(item.element, ElementType::Boolean | ElementType::Text) {
        return Err(node.refuse(format!("its elements are {}", item.element)));
    }
    let made = along(plan, node, &item, axis, 1, function)?;
    Ok(vec![made.into_value(node)?])
}

/// Applies a function along the dimensions from `axis` on, `n_axes` of them.
fn along(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    item: &Item,
    axis: usize,
    n_axes: usize,
    function: Along,
) -> Result<Item, NotNative> {
    let rank = item.dims.len();
    let inside = axis..(axis + n_axes).min(rank);
    let others = (0..rank).filter(|at| !inside.contains(at));
    let perm: Vec<usize> = others.chain(inside.clone()).collect();
    let len = inside.filter_map(|at| item.dims.get(at)).product();
    let moved = transposed(plan, node, item, &perm)?;
    let kernel = AlongKernel {
        function,
        element: item.element,
        len,
    };
    let results = [(item.element, moved.dims.clone())];
    let made = give(plan, node, kernel, &[&moved], &results, 4)?;
    let mut back = vec![0; rank];
    for (at, &from) in perm.iter().enumerate() {
        if let Some(back) = back.get_mut(from) {
            *back = at;
        }
    }
    transposed(plan, node, &only(node, made)?, &back)
}

#[derive(Clone, Copy, Debug)]
enum Along {
    Softmax,
    LogSoftmax,
    Hardmax,
    Norm1,
    Norm2,
    CumSum { exclusive: bool, reverse: bool },
}

#[derive(Debug)]
struct AlongKernel {
    function: Along,
    element: ElementType,
    len: usize,
}

impl Kernel for AlongKernel {
    fn trace(&self, _: usize, at: usize) -> Traced {
        let len = self.len.max(1);
        let first = at - at % len;
        match self.function {
            Along::Softmax => {
                Traced::Probability(Link::Softmax, Sum::of(Place::first(at), 1.0, 0.0))
            }
            _ => Traced::Of((first..first + len).map(Place::first).collect()),
        }
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match self.element {
            ElementType::Double => self.floats::<f64>(arguments, output),
            ElementType::Integer => self.each(arguments, output, |group, to| {
                self.sums(group, to, 0, i64::wrapping_add);
            }),
            _ => self.floats::<f32>(arguments, output),
        }
    }
}

impl AlongKernel {
    fn floats<T: Real>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
    ) -> Result<(), ModelError> {
        match self.function {
            Along::Softmax => self.each(arguments, output, |group: &[T], to: &mut [T]| {
                let most = greatest(group);
                let mut sum = T::default();
                for (to, &x) in to.iter_mut().zip(group) {
                    *to = (x - most).exp();
                    sum = sum + *to;
                }
                to.iter_mut().for_each(|to| *to = *to / sum);
            }),
            Along::LogSoftmax => self.each(arguments, output, |group: &[T], to: &mut [T]| {
                let most = greatest(group);
                let log = sum(group, |x| (x - most).exp()).ln();
                for (to, &x) in to.iter_mut().zip(group) {
                    *to = x - most - log;
                }
            }),
            Along::Hardmax => self.each(arguments, output, |group: &[T], to: &mut [T]| {
                let (first, _) = best(group, |a, b| a > b);
                for (at, to) in (0_i64..).zip(to.iter_mut()) {
                    *to = if at == first { T::ONE } else { T::default() };
                }
            }),
            Along::Norm1 => self.each(arguments, output, |group: &[T], to: &mut [T]| {
                divide(group, to, sum(group, T::abs));
            }),
            Along::Norm2 => self.each(arguments, output, |group: &[T], to: &mut [T]| {
                divide(group, to, sum(group, |x| x * x).sqrt());
            }),
            Along::CumSum { .. } => self.each(arguments, output, |group: &[T], to: &mut [T]| {
                self.sums(group, to, T::default(), |a, b| a + b);
            }),
        }
    }

    /// Writes the sums of what stands before, or behind, each element.
    fn sums<T: Element>(&self, group: &[T], to: &mut [T], zero: T, add: impl Fn(T, T) -> T) {
        let Along::CumSum { exclusive, reverse } = self.function else {
            return;
        };
        let mut sum = zero;
        let mut write = |to: &mut T, x: T| {
            let before = sum;
            sum = add(sum, x);
            *to = if exclusive { before } else { sum };
        };
        let pairs = to.iter_mut().zip(group);
        if reverse {
            pairs.rev().for_each(|(to, &x)| write(to, x));
        } else {
            pairs.for_each(|(to, &x)| write(to, x));
        }
    }

    fn each<T: InputElement>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
        f: impl Fn(&[T], &mut [T]),
    ) -> Result<(), ModelError> {
        let from = arguments.array::<T>(0)?;
        let to = T::resized(output, from.len());
        let len = self.len.max(1);
        for (to, group) in to.chunks_exact_mut(len).zip(from.chunks_exact(len)) {
            f(group, to);
        }
        Ok(())
    }
}

/// Writes elements by their norm; where that is zero, they are zero.
fn divide<T: Real>(group: &[T], to: &mut [T], norm: T) {
    for (to, &x) in to.iter_mut().zip(group) {
        *to = if norm == T::default() { norm } else { x / norm };
    }
}

fn greatest<T: Real>(group: &[T]) -> T {
    let greater = |most: T, &x: &T| if x > most { x } else { most };
    group.iter().fold(T::LOWEST, greater)
}
