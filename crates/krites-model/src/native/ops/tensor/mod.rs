//! Operators of ai.onnx over the elements of rows and of constants.
//!
//! Each is written for an [`item`](item): one row, or a constant. What follows
//! from constants alone is therefore worked out when the model is loaded, by
//! the same kernels.

mod along;
mod arg;
mod arithmetic;
mod binary;
mod broadcast;
mod choose;
mod constants;
mod copy;
mod functions;
mod gather;
mod give;
mod item;
mod layers;
mod lookup;
mod moves;
mod normalize;
mod number_text;
mod one_hot;
mod pairs;
mod pick;
mod product;
mod real;
mod reduce;
mod sizes;
mod slices;
mod top;
mod unary;
mod views;

pub(crate) use along::{cum_sum, lp_normalization, softmax};
pub(crate) use arg::arg;
pub(crate) use binary::{build as binary, many};
pub(crate) use choose::{choose, clip};
pub(crate) use constants::{constant, non_zero, of_shape, range};
pub(crate) use gather::{array_feature_extractor, elements as gather_elements, gather};
pub(crate) use give::{give, only};
pub(crate) use item::Item;
pub(crate) use layers::layer_normalization;
pub(crate) use moves::{compress, concat, expand, tile, transpose, trilu};
pub(crate) use normalize::{batch_normalization, dropout};
pub(crate) use number_text::{read_float, read_integer, write_float};
pub(crate) use one_hot::one_hot;
pub(crate) use product::{gemm, matmul};
pub(crate) use reduce::reduce;
pub(crate) use sizes::shape;
pub(crate) use slices::{pad, slice, split};
pub(crate) use top::top;
pub(crate) use unary::build as unary;
pub(crate) use views::{flatten, identity, reshape, squeeze, unsqueeze};
