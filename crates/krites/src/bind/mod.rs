//! Facts enter a frame: a typed struct or map, JSON text, or a row of CSV.
//!
//! All three end in the setters of [`krites_lang::Program`], so that a value is
//! refused in the same words wherever it came from.
//! Invariant: a number never passes through a float that it was not given as;
//! a private value never stands in an error.

mod columns;
mod error;
pub mod facts;
mod json;
mod key;
mod learned;
mod names;
mod skim;
mod stack_text;
#[cfg(test)]
pub(crate) mod testing;
mod typed;

pub use columns::{CsvBinding, UnknownField};
pub(crate) use error::Meant;
pub use error::{BindError, BindProblem, LackingColumn};
pub use facts::Facts;
pub(crate) use json::{bind_json, bind_json_learning, text_of, unknown_json};
pub(crate) use learned::Learned;
pub(crate) use names::{Names, shown};
pub(crate) use stack_text::StackText;
pub(crate) use typed::bind_typed;
use typed::set_wide;

/// What becomes of a field that the policy does not declare
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum UnknownFields {
    /// The facts are refused; the error names what was probably meant
    #[default]
    Refuse,
    /// The field is passed over
    Ignore,
}

#[cfg(test)]
mod tests;
