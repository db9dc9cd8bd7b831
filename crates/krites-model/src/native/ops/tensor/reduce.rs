//! Reductions of dimensions of a row.

use super::give::{give, only};
use super::item::Item;
use super::moves::transposed;
use super::real::Real;
use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::{Arguments, InputElement};
use crate::native::explain::{Place, Sum, Traced};
use crate::native::node::NodeContext;
use crate::native::plan::{Kernel, Plan, Value};
use crate::{ElementType, ModelError};

/// Builds the operators whose names begin with Reduce.
pub(crate) fn reduce(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let function = match node.operator() {
        "ReduceL1" => Reduce::L1,
        "ReduceL2" => Reduce::L2,
        "ReduceLogSum" => Reduce::LogSum,
        "ReduceLogSumExp" => Reduce::LogSumExp,
        "ReduceMax" => Reduce::Max,
        "ReduceMean" => Reduce::Mean,
        "ReduceMin" => Reduce::Min,
        "ReduceProd" => Reduce::Product,
        "ReduceSum" => Reduce::Sum,
        _ => Reduce::SumSquare,
    };
    let extreme = matches!(function, Reduce::Max | Reduce::Min);
    let native = match item.element {
        ElementType::Float | ElementType::Double => true,
        ElementType::Integer => {
            !matches!(function, Reduce::L2 | Reduce::LogSum | Reduce::LogSumExp)
        }
        ElementType::Boolean => extreme,
        ElementType::Text => false,
    };
    if !native {
        return Err(node.refuse(format!("its elements are {}", item.element)));
    }
    let axes = node.numbers(1, "axes")?.unwrap_or_default();
    if axes.is_empty() && node.integer("noop_with_empty_axes", 0) != 0 {
        return Ok(vec![item.into_value(node)?]);
    }
    let mut reduced = vec![axes.is_empty(); item.dims.len()];
    if axes.is_empty() && item.is_rows() {
        return Err(node.refuse("it goes over the rows of the batch"));
    }
    for &axis in &axes {
        if let Some(reduced) = reduced.get_mut(item.axis(node, axis)?) {
            *reduced = true;
        }
    }
    let (item, [ones, kept], len) = last(plan, node, &item, &reduced)?;
    let (dims, batch) = kept_or_ones(node, &item, &reduced, [ones, kept]);
    let kernel = ReduceKernel {
        function,
        element: item.element,
        len,
        n_groups: dims.iter().product(),
    };
    let results = [(item.element, dims)];
    let made = give(plan, node, kernel, &[&item], &results, len)?;
    Ok(vec![only(node, made)?.at(batch).into_value(node)?])
}

/// Chooses the dimensions of the result, and where the batch stands in them.
pub(super) fn kept_or_ones(
    node: &NodeContext<'_>,
    item: &Item,
    reduced: &[bool],
    [ones, kept]: [Vec<usize>; 2],
) -> (Vec<usize>, usize) {
    if node.integer("keepdims", 1) != 0 {
        return (ones, item.batch);
    }
    let before = reduced.iter().take(item.batch);
    let gone = before.filter(|reduced| **reduced).count();
    (kept, item.batch - gone)
}

/// Brings the dimensions that are reduced to the end.
///
/// Returns the item, its dimensions where those have become 1 and where they
/// are gone, and the elements of each group.
pub(super) fn last(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    item: &Item,
    reduced: &[bool],
) -> Result<(Item, [Vec<usize>; 2], usize), NotNative> {
    let places = |wanted: bool| {
        let places = reduced.iter().enumerate();
        places.filter_map(move |(at, &reduced)| (reduced == wanted).then_some(at))
    };
    let dim = |at: usize| item.dims.get(at).copied().unwrap_or(1);
    let kept: Vec<usize> = places(false).map(dim).collect();
    let ones = (0..reduced.len()).map(|at| {
        if reduced.get(at) == Some(&true) {
            1
        } else {
            dim(at)
        }
    });
    let ones: Vec<usize> = ones.collect();
    let len = places(true).map(dim).product();
    let perm: Vec<usize> = places(false).chain(places(true)).collect();
    let item = transposed(plan, node, item, &perm)?;
    Ok((item, [ones, kept], len))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reduce {
    L1,
    L2,
    LogSum,
    LogSumExp,
    Max,
    Mean,
    Min,
    Product,
    Sum,
    SumSquare,
}

#[derive(Debug)]
struct ReduceKernel {
    function: Reduce,
    element: ElementType,
    /// Elements of one group
    len: usize,
    /// Groups of one row
    n_groups: usize,
}

impl Kernel for ReduceKernel {
    fn trace(&self, _: usize, at: usize) -> Traced {
        let places = (at * self.len..(at + 1) * self.len).map(Place::first);
        let floats = matches!(self.element, ElementType::Float | ElementType::Double);
        let weight = match self.function {
            Reduce::Sum if floats => 1.0,
            Reduce::Mean if floats => 1.0 / self.len.max(1) as f64,
            _ => return Traced::Of(places.collect()),
        };
        Traced::Sum(Sum {
            terms: places.map(|place| (place, weight)).collect(),
            ..Sum::default()
        })
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match self.element {
            ElementType::Double => self.floats::<f64>(arguments, output),
            ElementType::Integer => {
                let function = self.function;
                self.each(arguments, output, |group: &[i64]| {
                    function.of_integers(group)
                })
            }
            ElementType::Boolean if self.function == Reduce::Max => {
                self.each(arguments, output, |group: &[bool]| group.contains(&true))
            }
            ElementType::Boolean => {
                self.each(arguments, output, |group: &[bool]| !group.contains(&false))
            }
            _ => self.floats::<f32>(arguments, output),
        }
    }
}

impl ReduceKernel {
    fn floats<T: Real>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
    ) -> Result<(), ModelError> {
        match self.function {
            Reduce::Sum => self.each(arguments, output, |group: &[T]| sum(group, |x| x)),
            Reduce::L1 => self.each(arguments, output, |group: &[T]| sum(group, T::abs)),
            Reduce::SumSquare => self.each(arguments, output, |group: &[T]| sum(group, |x| x * x)),
            Reduce::L2 => self.each(arguments, output, |group: &[T]| {
                sum(group, |x| x * x).sqrt()
            }),
            Reduce::Mean => self.each(arguments, output, |group: &[T]| {
                sum(group, |x| x) / T::count(group.len())
            }),
            Reduce::LogSum => self.each(arguments, output, |group: &[T]| sum(group, |x| x).ln()),
            Reduce::LogSumExp => self.each(arguments, output, |group: &[T]| {
                let most = best(group, |a, b| a > b).1;
                let most = if most.is_infinite() {
                    T::default()
                } else {
                    most
                };
                sum(group, |x| (x - most).exp()).ln() + most
            }),
            Reduce::Product => self.each(arguments, output, |group: &[T]| {
                group.iter().fold(T::ONE, |product, &x| product * x)
            }),
            Reduce::Max => self.each(arguments, output, |group: &[T]| match group {
                [] => -T::INFINITY,
                group => best(group, |a, b| a > b).1,
            }),
            Reduce::Min => self.each(arguments, output, |group: &[T]| match group {
                [] => T::INFINITY,
                group => best(group, |a, b| a < b).1,
            }),
        }
    }

    /// Writes `f` of each group.
    fn each<T: InputElement>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
        f: impl Fn(&[T]) -> T,
    ) -> Result<(), ModelError> {
        let from = arguments.array::<T>(0)?;
        let to = T::resized(output, arguments.n_rows * self.n_groups);
        if self.len == 0 {
            to.fill(f(&[]));
        } else {
            for (to, group) in to.iter_mut().zip(from.chunks_exact(self.len)) {
                *to = f(group);
            }
        }
        Ok(())
    }
}

impl Reduce {
    fn of_integers(self, group: &[i64]) -> i64 {
        let sum = |of: fn(i64) -> i64| group.iter().fold(0_i64, |sum, &x| sum.wrapping_add(of(x)));
        match self {
            Self::L1 => sum(i64::wrapping_abs),
            Self::SumSquare => sum(|x| x.wrapping_mul(x)),
            Self::Product => group
                .iter()
                .fold(1_i64, |product, &x| product.wrapping_mul(x)),
            Self::Max => group.iter().copied().max().unwrap_or(i64::MIN),
            Self::Min => group.iter().copied().min().unwrap_or(i64::MAX),
            Self::Mean => {
                let count = i64::try_from(group.len()).unwrap_or(i64::MAX);
                sum(|x| x).checked_div(count).unwrap_or(0)
            }
            // L2, LogSum and LogSumExp are refused for whole numbers.
            Self::Sum | Self::L2 | Self::LogSum | Self::LogSumExp => sum(|x| x),
        }
    }
}

/// Elements that are summed one after the other; longer sums are sums of such
/// sums, which errs less
const SUMMED: usize = 128;

/// Sums in the order of the elements, zero for none of them.
pub(super) fn sum<T: Real>(group: &[T], of: impl Fn(T) -> T) -> T {
    let part = |part: &[T]| part.iter().fold(-T::default(), |sum, &x| sum + of(x));
    match group {
        [] => T::default(),
        group => group
            .chunks(SUMMED)
            .fold(-T::default(), |sum, group| sum + part(group)),
    }
}

/// Finds the first element that no other one beats.
pub(super) fn best<T: Element>(group: &[T], beats: impl Fn(T, T) -> bool) -> (i64, T) {
    let mut best = (0, group.first().copied().unwrap_or_default());
    for (at, &x) in (0_i64..).zip(group) {
        if beats(x, best.1) {
            best = (at, x);
        }
    }
    best
}
