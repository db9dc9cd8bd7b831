//! Encoders: categories to columns of ones and zeros, and to other values.

mod category_mapper;
mod keys;
mod label_encoder;
mod mapping;
mod one_hot;

pub(crate) use category_mapper::category_mapper;
pub(crate) use label_encoder::label_encoder;
pub(crate) use one_hot::one_hot;

#[cfg(test)]
mod tests;
