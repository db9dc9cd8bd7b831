//! Inputs enter the frame: typed, inside their range, each once.

use crate::ids::InputId;
use crate::ir::ConstRange;
use crate::packed::prefix;
use crate::program::{Constant, Kind, Program};
use crate::types::{Date, Ty};
use crate::{Exact, NumberFault};

use super::frame::{Frame, Given, SlotState};
use super::refused::{InputError, InputProblem};

impl Program {
    /// Empties `frame` for a case that is decided as of `decision_date`.
    ///
    /// A frame of another program is made anew.
    #[inline]
    pub fn begin(&self, frame: &mut Frame, decision_date: Date) {
        if frame.program != self.identity {
            *frame = self.frame();
        }
        frame.clear();
        frame.set_whole(self.decision_date, decision_date.to_ordinal());
    }

    /// Makes the error that refuses an input.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn refuse(&self, id: InputId, problem: InputProblem) -> InputError {
        InputError::new(&self.policy.inputs[id].name, problem)
    }

    #[inline]
    fn first(&self, frame: &mut Frame, id: InputId) -> Result<(), InputError> {
        if frame.given(id) != Given::No {
            return Err(self.refuse(id, InputProblem::Twice));
        }
        frame.set_given(id, Given::Given);
        frame.n_given += 1;
        Ok(())
    }

    #[cold]
    #[inline(never)]
    fn wrong_type(&self, id: InputId, got: &dyn std::fmt::Display) -> InputError {
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
    fn shown(&self, id: InputId, got: &dyn std::fmt::Display) -> String {
        if self.policy.inputs[id].private {
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
    fn unknown_label(&self, id: InputId, found: crate::EnumId, text: &str) -> InputError {
        let got = self.shown(id, &Quoted(text));
        let known = self.wires(found);
        self.refuse(id, InputProblem::UnknownLabel { got, known })
    }

    /// The type of an input in words.
    #[must_use]
    pub fn expected(&self, id: InputId) -> String {
        match self.policy.inputs[id].ty.ty {
            Ty::Integer => "a whole number".to_owned(),
            Ty::Decimal => "a number".to_owned(),
            Ty::Percent => "a fraction (0.05) or a percentage (\"5%\")".to_owned(),
            Ty::Money(currency) => format!("an amount in {}", currency.code()),
            Ty::Boolean => "true or false".to_owned(),
            Ty::Text => "text".to_owned(),
            Ty::Date => "a date as 2026-11-02".to_owned(),
            Ty::MoneyOf(_) => "an amount in the currency of the case".to_owned(),
            Ty::DateTime => "a datetime as 2026-11-02T14:30:00Z".to_owned(),
            Ty::Duration => "a duration as P3DT4H".to_owned(),
            Ty::Float => "a number".to_owned(),
            Ty::Enum(id) => format!("one of {}", self.wires(id)),
        }
    }

    fn wires(&self, id: crate::EnumId) -> String {
        let wires: Vec<&str> = self.policy.enums[id]
            .labels
            .iter()
            .map(|label| &*label.wire)
            .collect();
        wires.join(", ")
    }

    #[cold]
    #[inline(never)]
    fn outside(&self, id: InputId, got: &dyn std::fmt::Display) -> InputError {
        let range = self.policy.inputs[id]
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

    /// Sets an input to missing.
    ///
    /// # Errors
    ///
    /// [`InputError`] where the input may not be missing; one with a default
    /// takes the default.
    pub fn set_missing(&self, frame: &mut Frame, id: InputId) -> Result<(), InputError> {
        let input = &self.inputs[id];
        if let Some(default) = &input.default {
            self.first(frame, id)?;
            self.set_default(frame, id, default);
            return Ok(());
        }
        if !input.optional {
            return Err(self.refuse(id, InputProblem::Missing));
        }
        self.first(frame, id)?;
        frame.set_state(input.slot, SlotState::Missing);
        Ok(())
    }

    /// Sets an input to a whole number; any number's input takes it.
    ///
    /// # Errors
    ///
    /// [`InputError`] where type, range or a second value refuse it.
    #[inline]
    pub fn set_integer(
        &self,
        frame: &mut Frame,
        id: InputId,
        value: i64,
    ) -> Result<(), InputError> {
        let input = &self.inputs[id];
        if !input.ty.is_number() {
            return Err(self.wrong_type(id, &value));
        }
        self.first(frame, id)?;
        let (low, high) = input.whole_range;
        if value < low || value > high {
            return Err(self.outside(id, &value));
        }
        match input.ty {
            Ty::Integer => frame.set_whole(input.slot, value),
            _ => frame.set_exact(input.slot, Exact::from_integer(value)),
        }
        Ok(())
    }

    /// Sets an input to an exact number; an integer's input takes a whole one.
    ///
    /// # Errors
    ///
    /// [`InputError`] where type, digits, range or a second value refuse it.
    pub fn set_exact(
        &self,
        frame: &mut Frame,
        id: InputId,
        value: Exact,
    ) -> Result<(), InputError> {
        let ty = self.policy.inputs[id].ty;
        if ty.ty == Ty::Integer {
            return match value.to_integer() {
                Some(whole) => self.set_integer(frame, id, whole),
                None => Err(self.wrong_type(id, &value)),
            };
        }
        if !ty.ty.is_exact() {
            return Err(self.wrong_type(id, &value));
        }
        if let Some(places) = ty.places
            && value.places() > places
        {
            let got = self.shown(id, &value);
            return Err(self.refuse(id, InputProblem::TooManyDigits { got, places }));
        }
        self.first(frame, id)?;
        let input = &self.inputs[id];
        if input
            .exact_range
            .as_ref()
            .is_some_and(|range| !range.contains(value))
        {
            return Err(self.outside(id, &value));
        }
        frame.set_exact(input.slot, value);
        Ok(())
    }

    /// Sets an input to a float, taken as the shortest decimal that reads back
    /// to it.
    ///
    /// # Errors
    ///
    /// [`InputError`] as [`Program::set_exact`], and for NaN and infinities.
    pub fn set_float(&self, frame: &mut Frame, id: InputId, value: f64) -> Result<(), InputError> {
        self.set_from_float(frame, id, Exact::from_f64(value))
    }

    /// Sets an input to a 32-bit float, taken as the shortest decimal that reads
    /// back to it: 0.1 is 0.1, not 0.10000000149011612.
    ///
    /// # Errors
    ///
    /// As [`Program::set_float`].
    pub fn set_float_32(
        &self,
        frame: &mut Frame,
        id: InputId,
        value: f32,
    ) -> Result<(), InputError> {
        self.set_from_float(frame, id, Exact::from_f32(value))
    }

    fn set_from_float(
        &self,
        frame: &mut Frame,
        id: InputId,
        value: Result<Exact, NumberFault>,
    ) -> Result<(), InputError> {
        match value {
            Ok(value) => self.set_exact(frame, id, value),
            Err(NumberFault::NotANumber) => Err(self.refuse(id, InputProblem::NotFinite)),
            Err(_) => Err(self.refuse(id, InputProblem::NumberTooLarge)),
        }
    }

    /// Sets an input to a boolean.
    ///
    /// # Errors
    ///
    /// [`InputError`] where type or a second value refuse it.
    #[inline]
    pub fn set_boolean(
        &self,
        frame: &mut Frame,
        id: InputId,
        value: bool,
    ) -> Result<(), InputError> {
        if self.inputs[id].ty != Ty::Boolean {
            return Err(self.wrong_type(id, &value));
        }
        self.first(frame, id)?;
        frame.set_whole(self.inputs[id].slot, i64::from(value));
        Ok(())
    }

    /// Sets an input from the digits of a number (`12`, `-0.5`, `1e3`).
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
        if self.policy.inputs[id].ty.ty == Ty::Integer {
            match text.parse::<i64>() {
                Ok(whole) => return self.set_integer(frame, id, whole),
                Err(error) => match error.kind() {
                    std::num::IntErrorKind::PosOverflow | std::num::IntErrorKind::NegOverflow => {
                        return Err(self.refuse(id, InputProblem::NumberTooLarge));
                    }
                    _ => {}
                },
            }
        }
        match Exact::parse(text) {
            Ok(value) => self.set_exact(frame, id, value),
            Err(NumberFault::NotANumber) => Err(self.wrong_type(id, &Quoted(text))),
            Err(_) => Err(self.refuse(id, InputProblem::NumberTooLarge)),
        }
    }

    /// Sets an input from text: a text, a label's text on the wire, a date, or
    /// the digits of an exact number, for percent with or without `%`.
    ///
    /// # Errors
    ///
    /// [`InputError`] where type, range or a second value refuse it.
    pub fn set_text(&self, frame: &mut Frame, id: InputId, text: &str) -> Result<(), InputError> {
        match self.inputs[id].ty {
            Ty::Text => {
                self.first(frame, id)?;
                frame.set_text(self.inputs[id].slot, text);
                Ok(())
            }
            Ty::Enum(found) => {
                self.first(frame, id)?;
                let input = &self.inputs[id];
                match input.wires.position(prefix(text), text) {
                    Some(position) => {
                        frame.set_whole(input.slot, i64::try_from(position).unwrap_or(i64::MAX));
                        Ok(())
                    }
                    None => Err(self.unknown_label(id, found, text)),
                }
            }
            Ty::Date => {
                let Some(date) = Date::parse(text) else {
                    return Err(self.wrong_type(id, &Quoted(text)));
                };
                self.first(frame, id)?;
                let (low, high) = self.inputs[id].whole_range;
                let ordinal = date.to_ordinal();
                if ordinal < low || ordinal > high {
                    return Err(self.outside(id, &text));
                }
                frame.set_whole(self.inputs[id].slot, ordinal);
                Ok(())
            }
            Ty::Percent => match text.strip_suffix('%') {
                Some(percent) => {
                    let hundredth = Exact::new(1, 2).unwrap_or_default();
                    match Exact::parse(percent.trim_end())
                        .and_then(|value| value.multiply(hundredth))
                    {
                        Ok(value) => self.set_exact(frame, id, value),
                        Err(_) => Err(self.wrong_type(id, &Quoted(text))),
                    }
                }
                None => self.set_number_text(frame, id, text),
            },
            Ty::Decimal | Ty::Money(_) | Ty::MoneyOf(_) | Ty::Float => {
                self.set_number_text(frame, id, text)
            }
            Ty::Integer | Ty::Boolean | Ty::DateTime | Ty::Duration => {
                Err(self.wrong_type(id, &Quoted(text)))
            }
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
        match self.policy.inputs[id].ty.ty {
            Ty::Integer => self.set_number_text(frame, id, text),
            Ty::Boolean => match text {
                "true" => self.set_boolean(frame, id, true),
                "false" => self.set_boolean(frame, id, false),
                _ => Err(self.wrong_type(id, &Quoted(text))),
            },
            _ => self.set_text(frame, id, text),
        }
    }

    /// Fills defaults and missing values once all given inputs are set.
    ///
    /// # Errors
    ///
    /// [`InputError`] for the first input that is required and was not given.
    pub fn finish_inputs(&self, frame: &mut Frame) -> Result<(), InputError> {
        if frame.n_given == self.inputs.len() {
            return Ok(());
        }
        for (id, input) in self.inputs.iter_ids() {
            if frame.state(input.slot) != SlotState::Unset {
                continue;
            }
            match &input.default {
                Some(default) => self.set_default(frame, id, default),
                None if input.optional => frame.set_state(input.slot, SlotState::Missing),
                None => return Err(self.refuse(id, InputProblem::NotGiven)),
            }
        }
        Ok(())
    }

    fn set_default(&self, frame: &mut Frame, id: InputId, default: &Constant) {
        let slot = self.inputs[id].slot;
        frame.set_given(id, Given::Defaulted);
        match default {
            Constant::Whole(value) => frame.set_whole(slot, *value),
            Constant::Exact(value) => frame.set_exact(slot, *value),
            Constant::Text(value) => frame.set_text(slot, value),
        }
    }

    /// Sets an input that was pending.
    pub(super) fn set_literal(&self, frame: &mut Frame, id: InputId, value: &crate::ir::Literal) {
        let slot = self.inputs[id].slot;
        frame.set_given(id, Given::Given);
        match Kind::of(self.policy.inputs[id].ty.ty) {
            Kind::Exact => {
                if let crate::ir::Literal::Exact(value) = value {
                    frame.set_exact(slot, *value);
                }
            }
            Kind::Text => {
                if let crate::ir::Literal::Text(value) = value {
                    frame.set_text(slot, value);
                }
            }
            Kind::Whole => frame.set_whole(slot, crate::program::whole(value).unwrap_or_default()),
        }
    }
}

/// A text in quotes, for messages
struct Quoted<'t>(&'t str);

impl std::fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\"{}\"", self.0)
    }
}

/// A range in the policy's words.
fn range_words(range: &ConstRange) -> String {
    let words = |literal: &crate::ir::Literal| match literal {
        crate::ir::Literal::Integer(value) => value.to_string(),
        crate::ir::Literal::Exact(value) => value.to_string(),
        crate::ir::Literal::Date(value) => value.to_string(),
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
