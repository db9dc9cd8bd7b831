//! Facts as a type of the host that derives [`Facts`]: what its fields are is resolved
//! against a release once, and each decision then goes field by field into the slots.
//!
//! ```
//! use krites::{Date, Engine, Facts, Release};
//!
//! #[derive(Facts)]
//! struct Applicant<'a> {
//!     age: u8,
//!     #[facts(rename = "monthlyIncome")]
//!     income: i64,
//!     employment: Employment,
//!     city: Option<&'a str>,
//! }
//!
//! #[derive(Facts)]
//! #[facts(rename_all = "SCREAMING_SNAKE_CASE")]
//! enum Employment {
//!     Employed,
//!     SelfEmployed,
//! }
//!
//! # let policy = r#"
//! # policy loan { version "1" }
//! # enum Outcome { approve < decline }
//! # enum Employment { employed = "EMPLOYED", self_employed = "SELF_EMPLOYED" }
//! # input {
//! #     age           : integer in 0 to 150
//! #     income        : money(GBP) from "monthlyIncome"
//! #     employment    : Employment
//! #     city          : text?
//! # }
//! # decide outcome : Outcome most severe {
//! #     rule minor when age < 18 then decline
//! #     rule rest otherwise then approve
//! # }
//! # "#;
//! let release = Release::builder().policy("loan.krites", policy).build()?;
//! let mut decider = Engine::new(release).decider("loan")?;
//! // Whether the type fits the policy is known before the first case.
//! decider.check_facts::<Applicant>()?;
//!
//! let applicant = Applicant {
//!     age: 17,
//!     income: 1_200,
//!     employment: Employment::Employed,
//!     city: None,
//! };
//! let date = Date::new(2026, 11, 2).unwrap();
//! let decision = decider.decide_facts(date, &applicant)?;
//! assert_eq!(decision.outcome(), "decline");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Invariant: a value is taken and refused as [`Decider::decide`](crate::Decider::decide)
//! takes and refuses it of a type that serializes with the same names.

mod binding;
mod fit;
mod known;
mod plan;
mod sink;
mod values;

pub(crate) use binding::{Bindings, bind_by, bind_facts};
pub(crate) use known::KnownTypes;
pub(crate) use plan::Binding;
pub use plan::Plan;
pub use sink::Sink;

/// A record whose fields are inputs of a policy; made by `#[derive(Facts)]`.
///
/// A field is the input of its name, or a record of inputs where its type derives `Facts`
/// itself; `Option` is for what may be missing, vectors, slices and arrays are lists and
/// series. Attributes of a field: `#[facts(rename = "…")]`, which may be dotted,
/// `#[facts(skip)]`, `#[facts(flatten)]` for a record whose fields lie beside the others,
/// and `#[facts(display)]` for a value that is taken by its text, such as the decimals and
/// dates of other crates. Of the type: `#[facts(rename_all = "camelCase")]`. An enum of
/// variants without data that derives `Facts` is a label. What serde was told of names,
/// `skip` and `flatten` counts too, where nothing else is said.
pub trait Facts: Fact {
    /// The type itself, borrowing nothing: it tells types apart
    type Static: 'static;
}

/// A value of an input, or a record or list of such values.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no value that an input of a policy takes",
    note = "derive `Facts` for it where it is a record or an enum of labels; where its text is \
            the value, write `#[facts(display)]` before the field; `#[facts(skip)]` leaves the \
            field out"
)]
pub trait Fact {
    /// Whether it is the value of one input, not a record or list
    const SCALAR: bool;

    /// Says what it is, once, where `plan` is.
    fn plan(plan: &mut Plan<'_>);

    /// Gives its values, in the order of [`Fact::plan`].
    fn put(&self, sink: &mut Sink<'_>);
}
