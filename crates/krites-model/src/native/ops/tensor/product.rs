//! MatMul and Gemm: rows times constant weights.

use std::sync::Arc;

use super::binary::{Binary, pair};
use super::give::{give, only};
use super::item::Item;
use super::moves::transposed;
use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::arguments::{Arguments, InputElement};
use crate::native::explain::{Place, Sum, Traced};
use crate::native::node::NodeContext;
use crate::native::ops::matmul::MatMul;
use crate::native::ops::weights::Weights;
use crate::native::plan::{Kernel, Plan, Value};
use crate::onnx::tensor::Tensor;
use crate::{ElementType, ModelError};

/// Builds MatMul.
pub(crate) fn matmul(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let (item, weights) = (Item::of(node, 0)?, Item::of(node, 1)?);
    if weights.is_rows() && weights.rank() == 2 && weights.batch == 1 && item.dims.len() == 2 {
        // Columns are multiplied from the left as rows from the right.
        let (rows, matrix) = (weights.at(0), turned(plan, node, &item)?);
        let n_out = matrix.dims.get(1).copied();
        let item = product(plan, node, &rows, &matrix, None, n_out)?.at(1);
        return Ok(vec![item.into_value(node)?]);
    }
    let (n_in, n_out) = match *weights.dims.as_slice() {
        [n_in] => (n_in, None),
        [n_in, n_out] => (n_in, Some(n_out)),
        _ => return Err(node.refuse("its weights are not a matrix")),
    };
    let matrix = weights.relaid(plan, node, vec![n_in, n_out.unwrap_or(1)])?;
    let item = product(plan, node, &item, &matrix, None, n_out)?;
    Ok(vec![item.into_value(node)?])
}

/// Builds Gemm of rows with constant weights.
pub(crate) fn gemm(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let (mut item, mut weights) = (Item::of(node, 0)?, Item::of(node, 1)?);
    if node.integer("transA", 0) != 0 {
        item = turned(plan, node, &item)?;
    }
    if node.integer("transB", 0) != 0 {
        weights = turned(plan, node, &weights)?;
    }
    let &[_, n_out] = weights.dims.as_slice() else {
        return Err(node.malformed("its weights are not a matrix"));
    };
    if item.rank() != 2 {
        return Err(node.malformed("its rows are not a matrix"));
    }
    weights = times(plan, node, &weights, node.float("alpha", 1.0))?;
    let bias = match Item::optional(node, 2)? {
        Some(bias) => Some(times(plan, node, &bias, node.float("beta", 1.0))?),
        None => None,
    };
    // One bias a column is added by the product itself.
    let own = bias.as_ref().and_then(Item::tensor).filter(|bias| {
        matches!(bias.dims.as_slice(), &[n] | &[1, n] if n == n_out) && item.is_rows()
    });
    let own = own.cloned();
    let result = product(plan, node, &item, &weights, own.as_deref(), Some(n_out))?;
    let result = match bias {
        Some(bias) if own.is_none() => pair(plan, node, Binary::Add, &result, &bias)?,
        _ => result,
    };
    Ok(vec![result.into_value(node)?])
}

fn turned(plan: &mut Plan, node: &NodeContext<'_>, item: &Item) -> Result<Item, NotNative> {
    if item.rank() != 2 {
        return Err(node.malformed("it transposes what is not a matrix"));
    }
    if item.is_rows() {
        return Ok(item.clone().at(1 - item.batch));
    }
    transposed(plan, node, item, &[1, 0])
}

fn times(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    item: &Item,
    factor: f32,
) -> Result<Item, NotNative> {
    if factor == 1.0 {
        return Ok(item.clone());
    }
    let factor = match item.element {
        ElementType::Float => Buffer::Float(vec![factor]),
        ElementType::Double => Buffer::Double(vec![factor.into()]),
        other => return Err(node.refuse(format!("it scales elements of the type {other}"))),
    };
    pair(plan, node, Binary::Mul, item, &Item::scalar(factor))
}

/// Multiplies the last dimension of `item` with constant weights; without
/// `n_out` that dimension is gone.
fn product(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    item: &Item,
    weights: &Item,
    bias: Option<&Tensor>,
    n_out: Option<usize>,
) -> Result<Item, NotNative> {
    let Some(matrix) = weights.tensor().cloned() else {
        return Err(node.refuse("input 1 is not a constant"));
    };
    let &[n_in, width] = weights.dims.as_slice() else {
        return Err(node.refuse("its weights are not a matrix"));
    };
    let (Some((&last, outer)), element) = (item.dims.split_last(), item.element) else {
        return Err(node.refuse("it multiplies the rows of the batch"));
    };
    if item.is_rows() && item.batch == item.dims.len() {
        return Err(node.refuse("it sums over the rows of the batch"));
    }
    if element != matrix.data.element() {
        return Err(node.malformed("its inputs have elements of several types"));
    }
    if last != n_in {
        let problem = format!("it multiplies {last} columns with weights for {n_in}");
        return Err(node.malformed(problem));
    }
    if n_in == 0 || width == 0 {
        return Err(node.refuse("it multiplies nothing"));
    }
    let dims: Vec<usize> = outer.iter().copied().chain(n_out).collect();
    let results = [(element, dims)];
    let made = match (&matrix.data, bias.map(|bias| &bias.data)) {
        (Buffer::Float(weights), bias) => {
            let bias = match bias {
                Some(Buffer::Float(bias)) => bias.clone(),
                Some(_) => return Err(node.malformed("its bias is not of floats")),
                None => Vec::new(),
            };
            let kernel = MatMul {
                weights: Weights::new(weights, n_in, width, bias),
                n_rows: outer.iter().product(),
            };
            give(plan, node, kernel, &[item], &results, n_in)?
        }
        (Buffer::Double(_) | Buffer::Integer(_), bias) => {
            if bias.is_some_and(|bias| bias.element() != element) {
                return Err(node.malformed("its bias is of another type"));
            }
            let kernel = Product {
                weights: Arc::clone(&matrix),
                bias: bias.cloned(),
                n_in,
                n_out: width,
                n_rows: outer.iter().product(),
            };
            give(plan, node, kernel, &[item], &results, n_in)?
        }
        _ => return Err(node.refuse(format!("its elements are {element}"))),
    };
    only(node, made)
}

/// The product of doubles or whole numbers
#[derive(Debug)]
struct Product {
    weights: Arc<Tensor>,
    /// What each sum ends with
    bias: Option<Buffer>,
    n_in: usize,
    n_out: usize,
    /// Rows of the matrix in one row of the batch
    n_rows: usize,
}

impl Kernel for Product {
    fn trace(&self, _: usize, at: usize) -> Traced {
        let (row_idx, out) = (at / self.n_out.max(1), at % self.n_out.max(1));
        let places = (0..self.n_in).map(|column| Place::first(row_idx * self.n_in + column));
        let Buffer::Double(weights) = &self.weights.data else {
            return Traced::Of(places.collect());
        };
        let weights = weights.iter().skip(out).step_by(self.n_out.max(1));
        let bias = match &self.bias {
            Some(Buffer::Double(bias)) => bias.get(out).copied(),
            _ => None,
        };
        Traced::Sum(Sum {
            constant: bias.unwrap_or(0.0),
            terms: places.zip(weights.copied()).collect(),
            trees: None,
        })
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        match self.weights.data {
            Buffer::Double(_) => self.multiply::<f64>(arguments, output, |sum, x, w| sum + x * w),
            _ => self.multiply::<i64>(arguments, output, |sum, x, w| {
                sum.wrapping_add(x.wrapping_mul(w))
            }),
        }
    }
}

impl Product {
    /// Sums over the inputs in their order, the bias last.
    fn multiply<T: InputElement + One>(
        &self,
        arguments: &Arguments<'_, '_>,
        output: &mut Buffer,
        add: impl Fn(T, T, T) -> T,
    ) -> Result<(), ModelError> {
        let rows = arguments.array::<T>(0)?.chunks_exact(self.n_in);
        let weights = T::of(&self.weights.data).unwrap_or_default();
        let bias = self.bias.as_ref().and_then(T::of).unwrap_or_default();
        let to = T::resized(output, arguments.n_rows * self.n_rows * self.n_out);
        for (row, to) in rows.zip(to.chunks_exact_mut(self.n_out)) {
            to.fill(T::default());
            for (&x, weights) in row.iter().zip(weights.chunks_exact(self.n_out)) {
                for (to, &weight) in to.iter_mut().zip(weights) {
                    *to = add(*to, x, weight);
                }
            }
            for (to, &bias) in to.iter_mut().zip(bias) {
                *to = add(*to, bias, T::ONE);
            }
        }
        Ok(())
    }
}

/// Numbers that have a one
trait One {
    const ONE: Self;
}

impl One for f64 {
    const ONE: Self = 1.0;
}

impl One for i64 {
    const ONE: Self = 1;
}
