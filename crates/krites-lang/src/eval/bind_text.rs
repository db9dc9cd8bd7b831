//! Inputs out of text: texts, labels, dates, and the digits of numbers.

use crate::ids::InputId;
use crate::limits::MAX_TEXT;
use crate::packed::prefix;
use crate::program::Program;
use crate::types::{Date, Ty};
use crate::{Exact, NumberFault};

use super::frame::Frame;
use super::refused::{InputError, InputProblem, Quoted};

impl Program {
    /// Sets an input from the digits of a number (`12`, `-0.5`, `1e3`), or `nan`
    /// where it is for models only.
    ///
    /// # Errors
    ///
    /// [`InputError`] as [`Program::set_exact`], and where the text is no number.
    pub fn set_number_text(
        &self,
        frame: &mut Frame,
        id: InputId,
        text: &str,
    ) -> Result<(), InputError> {
        match self.inputs[id].ty {
            Ty::Integer => match text.parse::<i64>() {
                Ok(whole) => return self.set_integer(frame, id, whole),
                Err(error) => match error.kind() {
                    std::num::IntErrorKind::PosOverflow | std::num::IntErrorKind::NegOverflow => {
                        return Err(self.refuse(id, InputProblem::NumberTooLarge));
                    }
                    _ => {}
                },
            },
            Ty::Float => return self.set_float_text(frame, id, text),
            _ => {}
        }
        match Exact::parse(text) {
            Ok(value) => self.set_exact(frame, id, value),
            Err(NumberFault::NotANumber) => Err(self.wrong_type(id, &Quoted(text))),
            Err(_) => Err(self.refuse(id, InputProblem::NumberTooLarge)),
        }
    }

    fn set_float_text(&self, frame: &mut Frame, id: InputId, text: &str) -> Result<(), InputError> {
        if text.eq_ignore_ascii_case("nan") {
            return self.set_raw_float(frame, id, f64::NAN);
        }
        // A float's own reading knows words for infinities too.
        let digits = text
            .bytes()
            .all(|byte| !byte.is_ascii_alphabetic() || b"eE".contains(&byte));
        match text.parse::<f64>() {
            Ok(value) if digits && value.is_finite() => self.set_raw_float(frame, id, value),
            Ok(_) if digits => Err(self.refuse(id, InputProblem::NumberTooLarge)),
            _ => Err(self.wrong_type(id, &Quoted(text))),
        }
    }

    /// Sets an input from text: a text, a label's text on the wire, a date, a
    /// datetime, a duration, or the digits of an exact number, for percent with or
    /// without `%`.
    ///
    /// # Errors
    ///
    /// [`InputError`] where type, range or a second value refuse it.
    pub fn set_text(&self, frame: &mut Frame, id: InputId, text: &str) -> Result<(), InputError> {
        let input = &self.inputs[id];
        match input.ty {
            Ty::Text => {
                if input.missing_when.is_some() && input.is_missing_text(text) {
                    return self.set_missing(frame, id);
                }
                if text.len() > MAX_TEXT {
                    return Err(self.refuse(id, InputProblem::TextTooLong));
                }
                self.first(frame, id)?;
                if frame.set_text(input.slot, text) {
                    return Ok(());
                }
                Err(self.refuse(id, InputProblem::TextsTooLong))
            }
            Ty::Enum(found) => match input.wires.position(prefix(text), text) {
                Some(position) => {
                    let position = i64::try_from(position).unwrap_or(i64::MAX);
                    if input.missing_when.is_some() && input.is_missing_whole(position) {
                        return self.set_missing(frame, id);
                    }
                    self.first(frame, id)?;
                    frame.set_whole(input.slot, position);
                    Ok(())
                }
                None => Err(self.unknown_label(id, found, text)),
            },
            Ty::Date => self.set_date_text(frame, id, text),
            Ty::Percent => match text.strip_suffix('%') {
                Some(percent) => self.set_percentage(frame, id, percent.trim_end(), text),
                None => self.set_number_text(frame, id, text),
            },
            Ty::Decimal | Ty::Money(_) | Ty::MoneyOf(_) | Ty::Float => {
                self.set_number_text(frame, id, text)
            }
            Ty::DateTime => self.set_datetime_text(frame, id, text),
            Ty::Duration => self.set_duration_text(frame, id, text),
            Ty::Integer | Ty::Boolean => Err(self.wrong_type(id, &Quoted(text))),
        }
    }

    fn set_date_text(&self, frame: &mut Frame, id: InputId, text: &str) -> Result<(), InputError> {
        let Some(date) = Date::parse(text) else {
            return Err(if is_dated(text) {
                self.no_such_day(id, text)
            } else {
                self.wrong_type(id, &Quoted(text))
            });
        };
        self.set_whole_value(frame, id, date.to_ordinal(), &text)
    }

    /// Sets an input from `percent`, which stands in `text` before the sign.
    fn set_percentage(
        &self,
        frame: &mut Frame,
        id: InputId,
        percent: &str,
        text: &str,
    ) -> Result<(), InputError> {
        let hundredth = Exact::new(1, 2).unwrap_or_default();
        match Exact::parse(percent).and_then(|value| value.multiply(hundredth)) {
            Ok(value) => self.set_exact(frame, id, value),
            Err(NumberFault::NotANumber) => Err(self.wrong_type(id, &Quoted(text))),
            Err(_) => Err(self.refuse(id, InputProblem::NumberTooLarge)),
        }
    }

    /// Sets an input from a field of a text format that has no types, such as
    /// CSV: empty is missing, and numbers and booleans are read from their text.
    ///
    /// # Errors
    ///
    /// [`InputError`] where type, range or a second value refuse it.
    pub fn set_field(&self, frame: &mut Frame, id: InputId, text: &str) -> Result<(), InputError> {
        if text.is_empty() {
            return self.set_missing(frame, id);
        }
        match self.declared(id).ty.ty {
            Ty::Integer => self.set_number_text(frame, id, text),
            Ty::Boolean => match text {
                "true" => self.set_boolean(frame, id, true),
                "false" => self.set_boolean(frame, id, false),
                _ => Err(self.wrong_type(id, &Quoted(text))),
            },
            _ => self.set_text(frame, id, text),
        }
    }
}

/// Tells whether a text is written as a date: `2025-02-29`.
fn is_dated(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}
