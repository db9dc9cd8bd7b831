//! Operators that make features: numbers shifted and scaled, filled in, cut in
//! two, and put side by side.

mod binarizer;
mod imputer;
mod scaler;
mod vectorizer;

pub(crate) use binarizer::binarizer;
pub(crate) use imputer::imputer;
pub(crate) use scaler::scaler;
pub(crate) use vectorizer::feature_vectorizer;

#[cfg(test)]
mod tests;
