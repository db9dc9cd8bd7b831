//! What can go wrong while a case is decided.

use std::fmt;
use std::sync::Arc;

use krites_lang::Currency;

/// Something that could not be computed
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// More than 28 digits, more than 64 bits, an exponent out of bounds
    TooLarge,
    /// Division by zero
    DivisionByZero,
    /// A value is missing where the policy says that this is a fault
    Missing,
    /// No row of the table matches
    NoRow(Arc<str>),
    /// Two rows of the table match
    RowsMatch(Arc<str>, Arc<str>, Arc<str>),
    /// Two rows of the table match, and do not give the same
    RowsDiffer(Arc<str>, Arc<str>, Arc<str>),
    /// The lookup has nothing for the key
    NoKey(Arc<str>),
    /// The group of inputs on request is not given
    NotGiven(Arc<str>),
    /// The group of inputs on request is too old, or of a day to come
    Stale(Arc<str>),
    /// Amounts of two currencies meet; the codes in order
    Currencies(Currency, Currency),
    /// An argument of the function lies outside the range of the parameter
    Argument(Arc<str>, Arc<str>),
    /// A date or datetime beyond the years 1 to 9999, a duration too long
    Calendar,
    /// A text of too many bytes was made
    TextTooLong,
    /// Too many elements were looked at
    TooManySteps,
    /// The policy that was asked failed
    Policy(Arc<str>, PolicyFault),
    /// The model failed
    Model(Arc<str>, ModelFault),
    /// Something that the checker should have refused, or that is not interpreted
    Broken(String),
}

/// How a model failed
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelFault {
    /// The case says so
    Stated,
    /// It is not a finite number of 28 digits
    NotFinite(Arc<str>),
    /// The answer lies outside the range that the policy promises
    OutsideRange(Arc<str>),
    /// The probabilities of a distribution do not sum to one
    NotOne(Arc<str>),
    /// The answer is not there, or of another type
    NoAnswer(Arc<str>),
    /// A text longer than texts may be
    TextTooLong(Arc<str>),
    /// What it is fed could not be computed
    Fed(Box<Fault>),
    /// This column is fed what training did not hold
    OutsideTraining(Arc<str>),
    /// In another way, which the reference never takes
    Other(String),
}

/// How another policy failed that was asked
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyFault {
    /// The case says so
    Stated,
    /// What it is given could not be computed
    Feed(Box<Fault>),
    /// What it is given is refused
    Refused,
    /// It came to no decision
    Undecided,
    /// A value that is always there is not answered
    NoAnswer(Arc<str>),
    /// It is not there
    NotThere,
}

impl Fault {
    /// Two currencies that meet, whichever stands first.
    pub(crate) fn currencies(one: Currency, other: Currency) -> Fault {
        Fault::Currencies(one.min(other), one.max(other))
    }

    pub(crate) fn broken(what: impl Into<String>) -> Fault {
        Fault::Broken(what.into())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::TooLarge => f.write_str("too large"),
            Fault::DivisionByZero => f.write_str("division by zero"),
            Fault::Missing => f.write_str("missing"),
            Fault::NoRow(table) => write!(f, "no row of `{table}`"),
            Fault::RowsMatch(table, one, other) => {
                write!(f, "rows {one} and {other} of `{table}`")
            }
            Fault::RowsDiffer(table, one, other) => {
                write!(f, "rows {one} and {other} of `{table}` differ")
            }
            Fault::NoKey(lookup) => write!(f, "nothing for the key in `{lookup}`"),
            Fault::NotGiven(group) => write!(f, "`{group}` not given"),
            Fault::Stale(group) => write!(f, "`{group}` stale"),
            Fault::Currencies(one, other) => {
                write!(f, "{} and {} meet", one.code(), other.code())
            }
            Fault::Argument(function, parameter) => {
                write!(
                    f,
                    "argument `{parameter}` of `{function}` outside its range"
                )
            }
            Fault::Calendar => f.write_str("beyond the calendar"),
            Fault::TextTooLong => f.write_str("text too long"),
            Fault::TooManySteps => f.write_str("too many elements"),
            Fault::Policy(policy, fault) => write!(f, "policy `{policy}`: {fault:?}"),
            Fault::Model(model, fault) => write!(f, "model `{model}`: {fault}"),
            Fault::Broken(what) => write!(f, "broken: {what}"),
        }
    }
}

impl fmt::Display for ModelFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ModelFault::Stated => f.write_str("stated"),
            ModelFault::NotFinite(give) => write!(f, "`{give}` not finite"),
            ModelFault::NotOne(give) => write!(f, "`{give}` does not sum to one"),
            ModelFault::OutsideRange(give) => write!(f, "`{give}` outside its range"),
            ModelFault::TextTooLong(give) => write!(f, "`{give}` too long a text"),
            ModelFault::NoAnswer(give) => write!(f, "`{give}` not answered"),
            ModelFault::Fed(fault) => write!(f, "fed with a fault: {fault}"),
            ModelFault::OutsideTraining(feed) => write!(f, "`{feed}` outside its training"),
            ModelFault::Other(what) => f.write_str(what),
        }
    }
}
