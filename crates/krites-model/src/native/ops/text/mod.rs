//! Operators over texts: letters of one case, tokens, counts of n-grams.

mod class;
mod grams;
mod letters;
mod normalizer;
mod pattern;
mod splitter;
mod vectorizer;

pub(crate) use normalizer::string_normalizer;
pub(crate) use splitter::{Splitter, tokenizer};
pub(crate) use vectorizer::tf_idf_vectorizer;

#[cfg(test)]
mod tests;
