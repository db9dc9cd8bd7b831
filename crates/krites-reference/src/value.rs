//! Values while a case is decided.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

use chrono::NaiveDate;
use krites_lang::ir::Literal;
use num_bigint::BigInt;
use num_rational::BigRational;

use crate::{calendar, number};

/// A value that is there
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of any type of number, whole ones included; percent as a fraction
    Number(BigRational),
    /// True or false
    Boolean(bool),
    /// A text
    Text(Arc<str>),
    /// A day
    Date(NaiveDate),
    /// Microseconds since 1970-01-01T00:00:00Z
    DateTime(i64),
    /// Microseconds
    Duration(BigInt),
    /// A label by its position
    Label(u32),
    /// A float that is merely fed to models
    Float(f64),
    /// A list that goes out, with elements that are missing
    List(Vec<Option<Value>>),
}

impl Value {
    pub(crate) fn of(literal: &Literal) -> Value {
        match literal {
            Literal::Integer(value) => Value::Number(number::whole(*value)),
            Literal::Exact(value) => Value::Number(number::from_exact(*value)),
            Literal::Boolean(value) => Value::Boolean(*value),
            Literal::Text(value) => Value::Text(Arc::clone(value)),
            Literal::Date(value) => Value::Date(calendar::date(*value)),
            Literal::DateTime(value) => Value::DateTime(*value),
            Literal::Duration(value) => Value::Duration(BigInt::from(*value)),
            Literal::Label(value) => Value::Label(*value),
        }
    }

    /// Compares two values of one ordered kind.
    pub(crate) fn order(&self, other: &Value) -> Option<Ordering> {
        match (self, other) {
            (Value::Number(a), Value::Number(b)) => Some(a.cmp(b)),
            (Value::Date(a), Value::Date(b)) => Some(a.cmp(b)),
            (Value::DateTime(a), Value::DateTime(b)) => Some(a.cmp(b)),
            (Value::Duration(a), Value::Duration(b)) => Some(a.cmp(b)),
            (Value::Float(a), Value::Float(b)) => a.partial_cmp(b),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(value) => f.write_str(&number::text(value)),
            Value::Boolean(value) => write!(f, "{value}"),
            Value::Text(value) => write!(f, "{value:?}"),
            Value::Date(value) => write!(f, "{value}"),
            Value::DateTime(value) => f.write_str(&calendar::instant_text(*value)),
            Value::Duration(value) => write!(f, "{value} microseconds"),
            Value::Label(value) => write!(f, "label {value}"),
            Value::Float(value) => write!(f, "float {value:?}"),
            Value::List(values) => f.debug_list().entries(values).finish(),
        }
    }
}
