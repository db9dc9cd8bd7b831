//! One cell, of comma-separated values or of JSON, as the element that a column takes.

use std::borrow::Cow;

use krites_model::{ElementType, OutputTensor};
use ndarray::Array2;

use super::error::{BesideProblem, cut};

/// What stands in a cell
#[derive(Clone, Debug)]
pub(crate) enum Cell<'a> {
    /// Of comma-separated values: it is what the column takes
    Written(&'a str),
    /// A number of JSON
    Number(&'a str),
    /// A text of JSON
    Text(String),
    Boolean(bool),
    Null,
    /// A list or an object of JSON
    Other,
}

impl<'a> Cell<'a> {
    /// What a value of JSON is.
    pub(crate) fn of_json(raw: &'a str) -> Self {
        match raw.as_bytes().first() {
            Some(b'"') => serde_json::from_str(raw).map_or(Self::Other, Self::Text),
            Some(b't') => Self::Boolean(true),
            Some(b'f') => Self::Boolean(false),
            Some(b'n') => Self::Null,
            Some(b'[' | b'{') | None => Self::Other,
            Some(_) => Self::Number(raw),
        }
    }

    fn shown(&self) -> Cow<'a, str> {
        match self {
            Self::Written(text) | Self::Number(text) => Cow::Borrowed(text),
            Self::Text(text) => Cow::Owned(format!("\"{text}\"")),
            Self::Boolean(value) => Cow::Owned(value.to_string()),
            Self::Null => Cow::Borrowed("null"),
            Self::Other => Cow::Borrowed("a list or an object"),
        }
    }

    fn is_not(&self, expected: &'static str) -> BesideProblem {
        match self {
            Self::Null => BesideProblem::NoValue { expected },
            Self::Written(text) if text.trim().is_empty() => BesideProblem::NoValue { expected },
            _ => BesideProblem::NotA {
                text: cut(&self.shown()),
                expected,
            },
        }
    }

    fn float<T: std::str::FromStr + Copy>(
        &self,
        is_infinite: impl Fn(T) -> bool,
        beyond: &'static str,
    ) -> Result<T, BesideProblem> {
        const EXPECTED: &str = "a number";
        let text = match self {
            Self::Written(text) | Self::Number(text) => text.trim(),
            // JSON has no word for these
            Self::Text(text) if is_named(text) => text,
            _ => return Err(self.is_not(EXPECTED)),
        };
        match text.parse::<T>() {
            Ok(value) if is_infinite(value) && !is_named(text) => Err(BesideProblem::Beyond {
                text: cut(text),
                expected: beyond,
            }),
            Ok(value) => Ok(value),
            Err(_) => Err(self.is_not(EXPECTED)),
        }
    }

    fn integer(&self) -> Result<i64, BesideProblem> {
        const EXPECTED: &str = "a whole number";
        let (Self::Written(text) | Self::Number(text)) = self else {
            return Err(self.is_not(EXPECTED));
        };
        text.trim()
            .parse()
            .map_err(|error: std::num::ParseIntError| {
                use std::num::IntErrorKind::{NegOverflow, PosOverflow};
                match error.kind() {
                    PosOverflow | NegOverflow => BesideProblem::NotA {
                        text: cut(text),
                        expected: "a whole number of 64 bits",
                    },
                    _ => self.is_not(EXPECTED),
                }
            })
    }

    fn boolean(&self) -> Result<bool, BesideProblem> {
        let text = match self {
            Self::Boolean(value) => return Ok(*value),
            Self::Written(text) => text.trim(),
            _ => "",
        };
        match text {
            "true" | "True" | "TRUE" | "1" => Ok(true),
            "false" | "False" | "FALSE" | "0" => Ok(false),
            _ => Err(self.is_not("`true` or `false`")),
        }
    }

    fn text(&self) -> Result<String, BesideProblem> {
        match self {
            Self::Written(text) => Ok((*text).to_owned()),
            Self::Text(text) => Ok(text.clone()),
            _ => Err(self.is_not("a text")),
        }
    }
}

/// Tells whether a text names what is no finite number.
fn is_named(text: &str) -> bool {
    let name = text.trim_start_matches(['+', '-']);
    ["nan", "inf", "infinity"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known))
}

/// Cells of one matrix, row by row
#[derive(Clone, Debug)]
pub(crate) enum Filling {
    Float(Vec<f32>),
    Double(Vec<f64>),
    Integer(Vec<i64>),
    Boolean(Vec<bool>),
    Text(Vec<String>),
}

impl Filling {
    pub(crate) fn new(element: ElementType) -> Self {
        match element {
            ElementType::Float => Self::Float(Vec::new()),
            ElementType::Double => Self::Double(Vec::new()),
            ElementType::Integer => Self::Integer(Vec::new()),
            ElementType::Boolean => Self::Boolean(Vec::new()),
            ElementType::Text => Self::Text(Vec::new()),
        }
    }

    /// Adds `width` elements, to be set.
    pub(crate) fn add_row(&mut self, width: usize) {
        match self {
            Self::Float(all) => all.resize(all.len() + width, 0.0),
            Self::Double(all) => all.resize(all.len() + width, 0.0),
            Self::Integer(all) => all.resize(all.len() + width, 0),
            Self::Boolean(all) => all.resize(all.len() + width, false),
            Self::Text(all) => all.resize(all.len() + width, String::new()),
        }
    }

    /// Sets an element by a cell.
    pub(crate) fn set(&mut self, at: usize, cell: &Cell<'_>) -> Result<(), BesideProblem> {
        fn put<T>(all: &mut [T], at: usize, value: T) {
            if let Some(place) = all.get_mut(at) {
                *place = value;
            }
        }
        match self {
            Self::Float(all) => put(all, at, cell.float(f32::is_infinite, "a 32-bit float")?),
            Self::Double(all) => put(all, at, cell.float(f64::is_infinite, "a 64-bit float")?),
            Self::Integer(all) => put(all, at, cell.integer()?),
            Self::Boolean(all) => put(all, at, cell.boolean()?),
            Self::Text(all) => put(all, at, cell.text()?),
        }
        Ok(())
    }

    /// The matrix, where the elements fill one of this width.
    pub(crate) fn into_tensor(self, n_rows: usize, width: usize) -> Option<OutputTensor> {
        let shape = (n_rows, width);
        let tensor = match self {
            Self::Float(all) => OutputTensor::Float(Array2::from_shape_vec(shape, all).ok()?),
            Self::Double(all) => OutputTensor::Double(Array2::from_shape_vec(shape, all).ok()?),
            Self::Integer(all) => OutputTensor::Integer(Array2::from_shape_vec(shape, all).ok()?),
            Self::Boolean(all) => OutputTensor::Boolean(Array2::from_shape_vec(shape, all).ok()?),
            Self::Text(all) => OutputTensor::Text(Array2::from_shape_vec(shape, all).ok()?),
        };
        Some(tensor)
    }
}
