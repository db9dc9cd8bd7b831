//! LayerNormalization: the elements of a row less their mean, by their deviation.

use super::binary::{Binary, pair};
use super::give::give;
use super::item::Item;
use super::real::Real;
use super::reduce::sum;
use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::node::NodeContext;
use crate::native::plan::{Kernel, Plan, Value};
use crate::{ElementType, ModelError};

/// Builds LayerNormalization.
pub(crate) fn layer_normalization(
    plan: &mut Plan,
    node: &NodeContext<'_>,
) -> Result<Vec<Value>, NotNative> {
    let item = Item::of(node, 0)?;
    let axis = item.axis(node, node.integer("axis", -1))?;
    if !matches!(item.element, ElementType::Float | ElementType::Double) {
        return Err(node.refuse(format!("its elements are {}", item.element)));
    }
    let mut one = item.dims.clone();
    one.iter_mut().skip(axis).for_each(|dim| *dim = 1);
    let len = item.dims.iter().skip(axis).product();
    let kernel = Normalize {
        double: item.element == ElementType::Double,
        epsilon: node.float("epsilon", 1e-5),
        len,
    };
    let results = [item.dims.clone(), one.clone(), one].map(|dims| (item.element, dims));
    let made = give(plan, node, kernel, &[&item], &results, 2)?;
    let mut made = made.into_iter();
    let Some(mut item) = made.next() else {
        return Ok(Vec::new());
    };
    item = pair(plan, node, Binary::Mul, &item, &Item::of(node, 1)?)?;
    if let Some(bias) = Item::optional(node, 2)? {
        item = pair(plan, node, Binary::Add, &item, &bias)?;
    }
    std::iter::once(item)
        .chain(made)
        .map(|item| item.into_value(node))
        .collect()
}

/// Gives elements less their mean, by their deviation; the mean; and what
/// they were multiplied by
#[derive(Debug)]
struct Normalize {
    double: bool,
    epsilon: f32,
    len: usize,
}

impl Kernel for Normalize {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        if self.double {
            self.normalize::<f64>(arguments, outputs)
        } else {
            self.normalize::<f32>(arguments, outputs)
        }
    }
}

impl Normalize {
    fn normalize<T: Real>(
        &self,
        arguments: &Arguments<'_, '_>,
        outputs: &mut [Buffer],
    ) -> Result<(), ModelError> {
        let [to, means, factors] = outputs else {
            return Ok(());
        };
        let from = arguments.array::<T>(0)?;
        let len = self.len.max(1);
        let n_groups = from.len() / len;
        let to = T::resized(to, from.len()).chunks_exact_mut(len);
        let (means, factors) = (T::resized(means, n_groups), T::resized(factors, n_groups));
        let results = to.zip(means.iter_mut().zip(factors));
        for (group, (to, (mean, factor))) in from.chunks_exact(len).zip(results) {
            let count = T::count(len);
            *mean = sum(group, |x| x) / count;
            let variance = sum(group, |x| (x - *mean) * (x - *mean)) / count;
            *factor = T::ONE / (variance + T::from_single(self.epsilon)).sqrt();
            for (to, &x) in to.iter_mut().zip(group) {
                *to = (x - *mean) * *factor;
            }
        }
        Ok(())
    }
}
