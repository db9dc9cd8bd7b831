//! Fields become values of the declared types.

use std::collections::HashMap;
use std::sync::Arc;

use super::row::{
    Found, exact_key, push_exact, push_presence, push_text_bytes, push_whole, whole_key,
};
use crate::ast::Unit;
use crate::calendar::{Date, DateTime, Duration};
use crate::ir::{FieldType, FileColumn};
use crate::parse::is_unseen;
use crate::{Exact, MAX_TEXT, NumberFault};

/// A column with what its fields are read by
#[derive(Debug)]
pub(super) struct FieldReader<'c> {
    pub(super) column: &'c FileColumn,
    /// Of an enum: positions of labels by their texts on the wire
    labels: HashMap<&'c str, i64>,
}

/// Why a field has no value: what is wrong, and what to write
pub(super) type Refusal = (&'static str, String);

impl<'c> FieldReader<'c> {
    pub(super) fn new(column: &'c FileColumn) -> Self {
        let wires: &[Arc<str>] = match &column.ty {
            FieldType::Label(wires) => wires,
            _ => &[],
        };
        let labels = wires.iter().zip(0..).map(|(wire, at)| (&**wire, at));
        Self {
            column,
            labels: labels.collect(),
        }
    }

    /// Reads a field; an empty one is missing where it may be.
    pub(super) fn read<'f>(&self, field: &'f str) -> Result<Found<'f>, Refusal> {
        if field.is_empty() {
            return match self.column.optional {
                true => Ok(Found::Missing),
                false => Err((
                    "nothing",
                    "fill the field, or declare the column with `?`".to_owned(),
                )),
            };
        }
        match &self.column.ty {
            FieldType::Integer => whole(field).map(Found::Whole),
            FieldType::Decimal(places) => exact(field, *places).map(Found::Exact),
            FieldType::Money(_, places) => exact(field, *places).map(Found::Exact),
            FieldType::Percent(places) => percent(field, *places).map(Found::Exact),
            FieldType::Boolean => match field {
                "true" => Ok(Found::Whole(1)),
                "false" => Ok(Found::Whole(0)),
                _ => Err((
                    "neither true nor false",
                    "write `true` or `false`".to_owned(),
                )),
            },
            FieldType::Text => text(field).map(Found::Text),
            FieldType::Date => match Date::parse(field) {
                Some(date) => Ok(Found::Whole(date.to_ordinal())),
                None => Err((
                    "no date",
                    "write a day of the calendar as `2026-11-02`".to_owned(),
                )),
            },
            FieldType::DateTime => match DateTime::parse(field, None) {
                Ok(found) => Ok(Found::Whole(found.microseconds())),
                Err(_) => Err((
                    "no datetime",
                    "write it with its offset, as `2026-11-02T14:30:00Z`".to_owned(),
                )),
            },
            FieldType::Duration => match duration(field) {
                Some(length) => Ok(Found::Whole(length)),
                None => Err((
                    "no length of time",
                    "write it as `2 days` or `PT36H`".to_owned(),
                )),
            },
            FieldType::Label(wires) => match self.labels.get(field) {
                Some(position) => Ok(Found::Whole(*position)),
                None => Err(("none of its labels", labels_in_words(field, wires))),
            },
        }
    }

    /// Writes a value that was read.
    pub(super) fn push(&self, value: Found<'_>, out: &mut Vec<u8>) {
        if self.column.optional {
            push_presence(value != Found::Missing, out);
        }
        match value {
            Found::Missing => {}
            Found::Whole(value) => push_whole(value, out),
            Found::Exact(value) => push_exact(value, out),
            Found::Text(text) => push_text_bytes(text.as_bytes(), out),
        }
    }
}

/// Writes a value as a key.
pub(super) fn push_key(value: Found<'_>, out: &mut Vec<u8>) {
    match value {
        Found::Missing => {}
        Found::Whole(value) => out.extend_from_slice(&whole_key(value)),
        Found::Exact(value) => out.extend_from_slice(&exact_key(value)),
        Found::Text(text) => out.extend_from_slice(text.as_bytes()),
    }
}

fn whole(field: &str) -> Result<i64, Refusal> {
    let digits = field.strip_prefix('-').unwrap_or(field);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err((
            "no whole number",
            "write digits alone, as `1500`".to_owned(),
        ));
    }
    field.parse().map_err(|_| {
        (
            "too large a number",
            "whole numbers have 64 bits; declare codes as text".to_owned(),
        )
    })
}

/// Reads the digits of a number, without an exponent or signs for thousands.
fn plain(field: &str) -> Result<Exact, Refusal> {
    let digits = field.strip_prefix('-').unwrap_or(field);
    let plain = digits
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let found = match plain {
        true => Exact::parse(field),
        false => Err(NumberFault::NotANumber),
    };
    found.map_err(|fault| match fault {
        NumberFault::NotANumber => (
            "no number",
            "write digits and a point, as `1500` or `0.08`".to_owned(),
        ),
        _ => (
            "too long a number",
            "numbers have at most 28 digits".to_owned(),
        ),
    })
}

fn exact(field: &str, places: Option<u32>) -> Result<Exact, Refusal> {
    within(plain(field)?, places, 0)
}

fn percent(field: &str, places: Option<u32>) -> Result<Exact, Refusal> {
    let Some(percent) = field.strip_suffix('%') else {
        let help = format!("write it with its sign, as `{field}%`");
        return Err(("no percentage", help));
    };
    let hundredth = Exact::new(1, 2).unwrap_or_default();
    let fraction = plain(percent.trim_end_matches(' '))?.multiply(hundredth);
    let fraction = fraction.map_err(|_| {
        (
            "too long a number",
            "numbers have at most 28 digits".to_owned(),
        )
    })?;
    within(fraction, places, 2)
}

/// Refuses more digits behind the point than the type has; of them, `hundredths` go
/// to the percentage.
fn within(value: Exact, places: Option<u32>, hundredths: u32) -> Result<Exact, Refusal> {
    match places {
        Some(places) if value.places() > places => {
            let digits = places.saturating_sub(hundredths);
            let help = format!("write at most {digits} behind the point, or declare more");
            Err(("a number of too many digits", help))
        }
        _ => Ok(value),
    }
}

fn text(field: &str) -> Result<&str, Refusal> {
    if field.len() > MAX_TEXT {
        return Err((
            "too long a text",
            format!("a text has at most {MAX_TEXT} bytes"),
        ));
    }
    if field.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return Ok(field);
    }
    // Lines within quotes may end as they do on Windows
    let mut signs = field.chars().zip(field.chars().skip(1).chain(['"']));
    match signs.find(|(sign, next)| is_unseen(*sign) && (*sign, *next) != ('\r', '\n')) {
        None => Ok(field),
        Some((sign, _)) => {
            let help = format!(
                "remove the sign U+{:04X}, which nobody sees",
                u32::from(sign)
            );
            Err(("a text with a sign that is not seen", help))
        }
    }
}

/// Reads `2 days` or `P2D`; gives microseconds.
fn duration(field: &str) -> Option<i64> {
    let Some((count, unit)) = field.split_once(' ') else {
        return Duration::parse(field).ok().map(Duration::microseconds);
    };
    let unit = match unit.trim_start_matches(' ') {
        "second" | "seconds" => Unit::Seconds,
        "minute" | "minutes" => Unit::Minutes,
        "hour" | "hours" => Unit::Hours,
        "day" | "days" => Unit::Days,
        "week" | "weeks" => Unit::Weeks,
        _ => return None,
    };
    whole(count).ok()?.checked_mul(unit.length()?)
}

/// How many labels a message lists at most
const MAX_LISTED: usize = 12;

fn labels_in_words(field: &str, wires: &[Arc<str>]) -> String {
    let known = || wires.iter().map(|wire| &**wire);
    match crate::did_you_mean(field, known()) {
        Some(close) => format!("did you mean `{close}`?"),
        None => {
            let more = if wires.len() > MAX_LISTED {
                ", …"
            } else {
                ""
            };
            let listed: Vec<&str> = known().take(MAX_LISTED).collect();
            format!("they are written {}{more}", listed.join(", "))
        }
    }
}
