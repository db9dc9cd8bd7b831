//! Outputs as a type of the host that derives [`Outputs`]: which output each field takes is
//! found once a release, and each decision is then read field by field.
//!
//! ```
//! use krites::{Date, Engine, Outputs, Release};
//!
//! #[derive(Debug, PartialEq, Outputs)]
//! struct Offer {
//!     outcome: Outcome,
//!     limit: Option<i64>,
//! }
//!
//! #[derive(Debug, PartialEq, Outputs)]
//! #[outputs(rename_all = "snake_case")]
//! enum Outcome {
//!     Approve,
//!     Decline,
//! }
//!
//! # let policy = r#"
//! # policy loan { version "1" }
//! # enum Outcome { approve < decline }
//! # input { age : integer in 0 to 150 }
//! # decide outcome : Outcome most severe {
//! #     rule minor when age < 18 then decline
//! #     rule rest otherwise then approve
//! # }
//! # output { limit : integer? = age * 100 }
//! # "#;
//! let release = Release::builder().policy("loan.krites", policy).build()?;
//! let mut decider = Engine::new(release).decider("loan")?;
//! // Whether the type fits the policy is known before the first case.
//! let mut offers = decider.outputs_reader::<Offer>()?;
//!
//! let date = Date::new(2026, 11, 2).unwrap();
//! let offer = offers.read(&decider.decide_json(date, r#"{"age": 30}"#)?)?;
//! let expected = Offer {
//!     outcome: Outcome::Approve,
//!     limit: Some(3_000),
//! };
//! assert_eq!(offer, expected);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariant: a value is read and refused as
//! [`Decision::outputs_into`](crate::Decision::outputs_into) reads and refuses it into a type
//! that deserializes with the same names.

mod plan;
mod reader;
mod source;
mod values;

pub use plan::Plan;
pub(crate) use plan::Reading;
pub use reader::{Outputs, OutputsReader};
pub use source::Source;

use super::OutputsError;

/// A value of an output, or a record or list of such values.
#[diagnostic::on_unimplemented(
    message = "`{Self}` takes no value of an output",
    note = "derive `Outputs` for it where it is a record or an enum of labels; where it \
            implements `serde::Deserialize`, write `#[outputs(deserialize)]` before the field; \
            `#[outputs(skip)]` leaves the field at its default"
)]
pub trait Output: Sized {
    /// Whether it is the value of one output, not a record
    const SCALAR: bool;

    /// Says what it is, once, where `plan` is.
    fn plan(plan: &mut Plan<'_>);

    /// Takes its values, in the order of [`Output::plan`].
    ///
    /// # Errors
    ///
    /// [`OutputsError`] where the value is none of this type.
    fn take(source: &mut Source<'_>) -> Result<Self, OutputsError>;
}
