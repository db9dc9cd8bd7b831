//! Why an input cannot be taken.

use std::fmt;
use std::sync::Arc;

use crate::Exact;
use crate::calendar::{DateTime, Duration};
use crate::ids::{EnumId, InputId};
use crate::ir::{ConstRange, Group, Literal};
use crate::program::Program;
use crate::types::Ty;

/// An input that cannot be taken; one word wide
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InputError(Box<Refused>);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{field}`{}: {problem}", OnTheWire(wire))]
struct Refused {
    field: Arc<str>,
    /// Its name on the wire, where that is another one
    wire: Option<Arc<str>>,
    problem: InputProblem,
}

struct OnTheWire<'a>(&'a Option<Arc<str>>);

impl fmt::Display for OnTheWire<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(wire) => write!(f, " (`{wire}` on the wire)"),
            None => Ok(()),
        }
    }
}

impl InputError {
    pub(super) fn new(field: &Arc<str>, problem: InputProblem) -> Self {
        Self(Box::new(Refused {
            field: field.clone(),
            wire: None,
            problem,
        }))
    }

    /// The same error with other names of the input.
    pub(super) fn named(&self, rename: impl Fn(&str) -> String) -> Self {
        Self(Box::new(Refused {
            field: rename(&self.0.field).into(),
            wire: self.0.wire.as_deref().map(|wire| rename(wire).into()),
            problem: self.0.problem.clone(),
        }))
    }

    /// Adds the name on the wire, where it is another one.
    pub(super) fn on_the_wire(mut self, wire: &Arc<str>) -> Self {
        if *wire != self.0.field {
            self.0.wire = Some(wire.clone());
        }
        self
    }

    /// Returns the input's dotted name.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.0.field
    }

    /// Returns why it cannot be taken.
    #[must_use]
    pub fn problem(&self) -> &InputProblem {
        &self.0.problem
    }
}

/// Why an input cannot be taken
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InputProblem {
    /// Neither given nor optional nor with a default
    #[error("it is required and was not given")]
    NotGiven,
    /// Given twice
    #[error("it is given twice")]
    Twice,
    /// Missing where it may not be
    #[error("it may not be missing")]
    Missing,
    /// Of another type
    #[error("expected {expected}, got {got}")]
    WrongType {
        /// What the policy declares, in words
        expected: String,
        /// What was given
        got: String,
    },
    /// Outside the declared range
    #[error("{got} lies outside the range {range}")]
    OutsideRange {
        /// What was given
        got: String,
        /// The declared range, in the policy's words
        range: String,
    },
    /// Not a label's text on the wire
    #[error("{got} is not one of {known}")]
    UnknownLabel {
        /// What was given
        got: String,
        /// The labels' texts on the wire
        known: String,
    },
    /// More digits behind the point than declared
    #[error("{got} has more than {places} digits behind the point")]
    TooManyDigits {
        /// What was given
        got: String,
        /// Digits that the type allows
        places: u32,
    },
    /// More than 28 digits, or beyond the whole numbers of 64 bits
    #[error("the number is too large or has too many digits")]
    NumberTooLarge,
    /// NaN or infinity
    #[error("the number is not finite")]
    NotFinite,
    /// Written as a date, of no day of the calendar
    #[error("{got} is no day of the calendar")]
    NoSuchDay {
        /// What was given
        got: String,
    },
    /// A text that should name a currency
    #[error("{got} is no ISO 4217 code of a currency")]
    NoCurrency {
        /// What was given
        got: String,
    },
    /// A list of more than [`MAX_LIST`](crate::MAX_LIST) elements
    #[error("the list has more than {} elements", crate::MAX_LIST)]
    TooManyElements,
    /// Lists of more than [`MAX_LIST_VALUES`](crate::MAX_LIST_VALUES) values together
    #[error(
        "all lists of the case have more than {} values",
        crate::MAX_LIST_VALUES
    )]
    TooManyValues,
    /// A text of more than [`MAX_TEXT`](crate::MAX_TEXT) bytes
    #[error("the text is longer than {} bytes", crate::MAX_TEXT)]
    TextTooLong,
    /// Written as a datetime or duration that there is none of, or that local clocks
    /// skip or repeat
    #[error("{got}: {why}")]
    NoSuchTime {
        /// What was given
        got: String,
        /// Why it cannot be taken
        why: String,
    },
    /// Texts of more than [`MAX_TEXTS`](crate::MAX_TEXTS) bytes together
    #[error(
        "the texts of the case are longer than {} bytes together",
        crate::MAX_TEXTS
    )]
    TextsTooLong,
    /// A group of inputs where a value was expected, or the reverse
    #[error("{detail}")]
    Shape {
        /// What was expected and what came
        detail: String,
    },
}

impl Program {
    /// Makes the error that refuses an input.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn refuse(&self, id: InputId, problem: InputProblem) -> InputError {
        let (name, wire) = (self.full_name(id), self.full_wire(id));
        InputError::new(&name, problem).on_the_wire(&wire)
    }

    /// Makes the error that refuses a group on request.
    #[cold]
    #[must_use]
    pub fn refuse_group_as(&self, group: &Group, problem: InputProblem) -> InputError {
        InputError::new(&group.name, problem).on_the_wire(&group.wire)
    }

    #[cold]
    #[inline(never)]
    pub(super) fn wrong_type(&self, id: InputId, got: &dyn fmt::Display) -> InputError {
        let expected = self.expected(id);
        self.refuse(
            id,
            InputProblem::WrongType {
                expected,
                got: self.shown(id, got),
            },
        )
    }

    /// What was given, for a message; never in clear where it is private.
    pub(super) fn shown(&self, id: InputId, got: &dyn fmt::Display) -> String {
        if self.declared(id).private {
            return "a private value".to_owned();
        }
        let got = got.to_string();
        let short: String = got.chars().take(60).collect();
        if short.len() < got.len() {
            format!("{short}…")
        } else {
            short
        }
    }

    #[cold]
    #[inline(never)]
    pub(super) fn unknown_label(&self, id: InputId, found: EnumId, text: &str) -> InputError {
        let got = self.shown(id, &Quoted(text));
        let known = self.wires(found);
        self.refuse(id, InputProblem::UnknownLabel { got, known })
    }

    /// The type of an input in words.
    #[must_use]
    pub fn expected(&self, id: InputId) -> String {
        match self.declared(id).ty.ty {
            Ty::Integer => "a whole number".to_owned(),
            Ty::Decimal => "a number".to_owned(),
            Ty::Percent => "a fraction (0.05) or a percentage (\"5%\")".to_owned(),
            Ty::Money(currency) => format!("an amount in {}", currency.code()),
            Ty::Boolean => "true or false".to_owned(),
            Ty::Text => "text".to_owned(),
            Ty::Date => "a date as 2026-11-02".to_owned(),
            Ty::MoneyOf(input) => {
                format!(
                    "an amount in the currency of `{}`",
                    self.policy.inputs[input].name
                )
            }
            Ty::DateTime => "a datetime as 2026-11-02T14:30:00Z".to_owned(),
            Ty::Duration => "a duration as P3DT4H".to_owned(),
            Ty::Float => "a number or \"nan\"".to_owned(),
            Ty::Enum(id) => format!("one of {}", self.wires(id)),
        }
    }

    fn wires(&self, id: EnumId) -> String {
        let wires: Vec<&str> = self.policy.enums[id]
            .labels
            .iter()
            .map(|label| &*label.wire)
            .collect();
        wires.join(", ")
    }

    #[cold]
    #[inline(never)]
    pub(super) fn outside(&self, id: InputId, got: &dyn fmt::Display) -> InputError {
        let range = self
            .declared(id)
            .range
            .as_ref()
            .map(range_words)
            .unwrap_or_default();
        self.refuse(
            id,
            InputProblem::OutsideRange {
                got: self.shown(id, got),
                range,
            },
        )
    }

    #[cold]
    pub(super) fn too_many_digits(&self, id: InputId, got: Exact, places: u32) -> InputError {
        let got = self.shown(id, &got);
        self.refuse(id, InputProblem::TooManyDigits { got, places })
    }

    #[cold]
    pub(super) fn no_currency(&self, id: InputId, text: &str) -> InputError {
        let got = self.shown(id, &Quoted(text));
        self.refuse(id, InputProblem::NoCurrency { got })
    }

    #[cold]
    pub(super) fn no_such_day(&self, id: InputId, text: &str) -> InputError {
        let got = self.shown(id, &text);
        self.refuse(id, InputProblem::NoSuchDay { got })
    }
}

/// A text in quotes, for messages
pub(super) struct Quoted<'t>(pub(super) &'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

/// A range in the policy's words.
fn range_words(range: &ConstRange) -> String {
    let words = |literal: &Literal| match literal {
        Literal::Integer(value) => value.to_string(),
        Literal::Exact(value) => value.to_string(),
        Literal::Date(value) => value.to_string(),
        Literal::DateTime(value) => {
            DateTime::from_microseconds(*value).map_or_else(String::new, |value| value.to_string())
        }
        Literal::Duration(value) => Duration::from_microseconds(*value).to_string(),
        _ => String::new(),
    };
    match (&range.low, &range.high) {
        (Some((low, true)), Some((high, true))) => format!("{} to {}", words(low), words(high)),
        (Some((low, _)), Some((high, false))) => format!("{} to below {}", words(low), words(high)),
        (Some((low, false)), Some((high, true))) => {
            format!("above {} up to {}", words(low), words(high))
        }
        (Some((low, true)), None) => format!("{} and above", words(low)),
        (Some((low, false)), None) => format!("above {}", words(low)),
        (None, Some((high, true))) => format!("up to {}", words(high)),
        (None, Some((high, false))) => format!("below {}", words(high)),
        (None, None) => "any".to_owned(),
    }
}
