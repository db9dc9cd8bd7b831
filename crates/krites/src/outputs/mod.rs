//! Outputs leave a frame: as a struct or map of the caller's choice.
//!
//! A dotted output `offer.limit` is the field `limit` of the record `offer`, or
//! the field `offer.limit`. The outcome stands beside the outputs under the name
//! that `decide` gives it. A missing output is `None` in a struct and absent
//! from a map.
//! Invariant: an exact number reaches an exact type without a float between.

mod error;
pub mod reading;
mod record;
mod value;

use krites_lang::{Frame, Program};
use serde::de::DeserializeOwned;

pub use error::{OutputsError, OutputsProblem};
use record::Outputs;

/// Reads the outputs of a decided case into a `T`.
///
/// Whole numbers go into integers, any number into floats (the nearest one),
/// and every value but a boolean into text, numbers in the shortest form; so
/// decimal types that read text take them exactly. Labels are their text on the
/// wire, also as variants of an enum.
///
/// # Errors
///
/// [`OutputsError`] where `T` wants what the policy does not give, or wants it
/// in another type.
pub(crate) fn outputs_into<T: DeserializeOwned>(
    program: &Program,
    frame: &Frame,
) -> Result<T, OutputsError> {
    T::deserialize(Outputs {
        program,
        frame,
        prefix: "",
    })
}

#[cfg(test)]
mod tests;
