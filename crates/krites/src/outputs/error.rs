//! Why outputs cannot be read into the caller's type.

use std::fmt;

use krites_lang::{Program, did_you_mean};
use serde::de::{Expected, Unexpected};

use crate::bind::Meant;

/// Outputs that cannot be read into the caller's type; one word wide
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.problem)]
pub struct OutputsError(Box<Found>);

#[derive(Debug)]
struct Found {
    problem: OutputsProblem,
    state: State,
}

/// What is known of a problem on its way out
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Its place is known
    Placed,
    /// In our words, without a place
    Ours,
    /// In the words of somebody else, which may repeat a value
    Foreign,
}

/// Why outputs cannot be read into the caller's type
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputsProblem {
    /// The type wants a field that the policy does not give
    #[error("the policy gives no output `{field}`{}", Meant(near))]
    Unknown {
        /// Dotted name of the field
        field: String,
        /// The output that was probably meant
        near: Option<String>,
    },
    /// The output is missing where the type wants a value
    #[error("output `{output}` is missing, and the field that takes it may not be")]
    Missing {
        /// Dotted name
        output: String,
    },
    /// The type wants a value of another kind
    #[error("output `{output}` is {got}, expected {expected}")]
    Type {
        /// Dotted name
        output: String,
        /// What the type wants
        expected: String,
        /// What the policy gives, in words
        got: String,
    },
    /// The type's own `Deserialize` refuses the value
    #[error("output `{output}`: {detail}")]
    Refused {
        /// Dotted name
        output: String,
        /// In its words; not where a private value may stand in them
        detail: String,
    },
    /// The type does not read outputs by name
    #[error("outputs are read into a struct or a map, expected {expected}")]
    Shape {
        /// What the type wants
        expected: String,
    },
    /// The type's own `Deserialize` fails over the outputs as a whole
    #[error("{detail}")]
    Whole {
        /// In its words; not where a private value may stand in them
        detail: String,
    },
}

impl OutputsError {
    fn new(problem: OutputsProblem, state: State) -> Self {
        Self(Box::new(Found { problem, state }))
    }

    /// Returns why the outputs cannot be read.
    #[must_use]
    pub fn problem(&self) -> &OutputsProblem {
        &self.0.problem
    }

    /// Makes the error for what is found before any value is read.
    #[cold]
    pub(super) fn planned(problem: OutputsProblem) -> Self {
        Self::new(problem, State::Placed)
    }

    #[cold]
    pub(super) fn missing(output: &str) -> Self {
        Self::new(
            OutputsProblem::Missing {
                output: output.to_owned(),
            },
            State::Placed,
        )
    }

    /// Says at which output an error happened, and what the policy gives there.
    #[cold]
    pub(super) fn at(self, program: &Program, name: &str, got: &str) -> Self {
        let Found { problem, state } = *self.0;
        if state == State::Placed {
            return Self::new(problem, state);
        }
        let output = name.to_owned();
        let placed = match problem {
            OutputsProblem::Shape { expected } => OutputsProblem::Type {
                output,
                expected,
                got: got.to_owned(),
            },
            OutputsProblem::Whole { detail } => OutputsProblem::Refused {
                output,
                detail: public(program, state, detail),
            },
            other => other,
        };
        Self::new(placed, State::Placed)
    }

    /// Gives a field that nothing was found for its dotted name.
    #[cold]
    pub(super) fn inside(self, program: &Program, prefix: &str) -> Self {
        let Found { problem, state } = *self.0;
        match problem {
            OutputsProblem::Unknown { field, .. } if state != State::Placed => {
                let field = match prefix {
                    "" => field,
                    _ => format!("{prefix}.{field}"),
                };
                let policy = program.policy();
                let names = || policy.outputs.iter().map(|output| &*output.name);
                // A map leaves out what is missing.
                let problem = match names().any(|name| name == field) {
                    true => OutputsProblem::Missing { output: field },
                    false => {
                        let near = did_you_mean(&field, names()).map(str::to_owned);
                        OutputsProblem::Unknown { field, near }
                    }
                };
                Self::new(problem, State::Placed)
            }
            OutputsProblem::Whole { detail } if state == State::Foreign => {
                let detail = public(program, state, detail);
                Self::new(OutputsProblem::Whole { detail }, State::Ours)
            }
            other => Self::new(other, state),
        }
    }
}

/// Somebody else's words, but where a private value may stand in them.
fn public(program: &Program, state: State, detail: String) -> String {
    let private = program.policy().inputs.iter().any(|input| input.private);
    match state == State::Foreign && private {
        true => "the value is refused".to_owned(),
        false => detail,
    }
}

/// Errors know neither their output nor the policy yet: `OutputsError::at` and
/// `OutputsError::inside` tell them.
impl serde::de::Error for OutputsError {
    fn custom<T: fmt::Display>(detail: T) -> Self {
        Self::new(
            OutputsProblem::Whole {
                detail: detail.to_string(),
            },
            State::Foreign,
        )
    }

    fn invalid_type(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(
            OutputsProblem::Shape {
                expected: words(&expected.to_string()).to_owned(),
            },
            State::Ours,
        )
    }

    fn invalid_value(_: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let detail = format!("its value does not fit {}", words(&expected.to_string()));
        Self::new(OutputsProblem::Whole { detail }, State::Ours)
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        let known: Vec<String> = expected
            .iter()
            .map(|variant| format!("`{variant}`"))
            .collect();
        let detail = format!("its label is not among {}", known.join(", "));
        Self::new(OutputsProblem::Whole { detail }, State::Ours)
    }

    fn unknown_field(field: &str, _: &'static [&'static str]) -> Self {
        let detail = format!("output `{field}` has no field that takes it");
        Self::new(OutputsProblem::Whole { detail }, State::Ours)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::new(
            OutputsProblem::Unknown {
                field: field.to_owned(),
                near: None,
            },
            State::Ours,
        )
    }
}

/// What serde expects, without the names of Rust's types.
fn words(expected: &str) -> &str {
    match expected {
        "i8" | "i16" | "i32" | "i64" | "i128" | "isize" | "u8" | "u16" | "u32" | "u64" | "u128"
        | "usize" => "a whole number of its width",
        "f32" | "f64" => "a number",
        other => other,
    }
}
