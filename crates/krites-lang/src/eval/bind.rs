//! Inputs enter the frame: typed, inside their range, each once.

use std::fmt;

use crate::ids::InputId;
use crate::program::{Constant, InputSlot, Program};
use crate::types::{Date, Ty};
use crate::{Exact, NumberFault};

use super::frame::Frame;
use super::refused::{InputError, InputProblem};
use super::state::{Given, SlotState};

impl Program {
    /// Empties `frame` for a case that is decided as of `decision_date`.
    ///
    /// A frame of another program is made anew.
    #[inline]
    pub fn begin(&self, frame: &mut Frame, decision_date: Date) {
        self.own(frame);
        frame.clear();
        frame.set_whole(self.decision_date, decision_date.to_ordinal());
    }

    /// Makes a frame of another program anew.
    #[inline]
    pub(super) fn own(&self, frame: &mut Frame) {
        if frame.program != self.identity {
            *frame = self.frame();
        }
    }

    #[inline]
    pub(super) fn first(&self, frame: &mut Frame, id: InputId) -> Result<(), InputError> {
        if frame.given(id) != Given::No {
            return Err(self.refuse(id, InputProblem::Twice));
        }
        frame.set_given(id, Given::Given);
        frame.n_given += 1;
        Ok(())
    }

    /// Sets an input to missing.
    ///
    /// # Errors
    ///
    /// [`InputError`] where the input may not be missing; one with a default
    /// takes the default, and one of a group is looked at with the others.
    pub fn set_missing(&self, frame: &mut Frame, id: InputId) -> Result<(), InputError> {
        let input = &self.inputs[id];
        if let Some(default) = &input.default {
            self.first(frame, id)?;
            return self.set_default(frame, id, default);
        }
        if !input.optional && input.group.is_some() {
            // It may be that none of the group is given.
            return self.first(frame, id);
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
            return self.set_other_integer(frame, id, value);
        }
        if input.missing_when.is_some() && input.is_missing_integer(value) {
            return self.set_missing(frame, id);
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

    #[cold]
    fn set_other_integer(
        &self,
        frame: &mut Frame,
        id: InputId,
        value: i64,
    ) -> Result<(), InputError> {
        match self.inputs[id].ty {
            #[expect(clippy::cast_precision_loss, reason = "models take the nearest float")]
            Ty::Float => self.set_raw_float(frame, id, value as f64),
            _ => Err(self.wrong_type(id, &value)),
        }
    }

    /// Sets an input that is a whole number in its slot, a date or a time among them;
    /// `shown` is what it was given as.
    pub(super) fn set_whole_value(
        &self,
        frame: &mut Frame,
        id: InputId,
        value: i64,
        shown: &dyn fmt::Display,
    ) -> Result<(), InputError> {
        let input = &self.inputs[id];
        if input.missing_when.is_some() && input.is_missing_whole(value) {
            return self.set_missing(frame, id);
        }
        self.first(frame, id)?;
        let (low, high) = input.whole_range;
        if value < low || value > high {
            return Err(self.outside(id, shown));
        }
        frame.set_whole(input.slot, value);
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
        let ty = self.declared(id).ty;
        match ty.ty {
            Ty::Integer => {
                return match value.to_integer() {
                    Some(whole) => self.set_integer(frame, id, whole),
                    None => Err(self.wrong_type(id, &value)),
                };
            }
            Ty::Float => return self.set_raw_float(frame, id, value.to_f64()),
            ty if !ty.is_exact() => return Err(self.wrong_type(id, &value)),
            _ => {}
        }
        let input = &self.inputs[id];
        if input.missing_when.is_some() && input.is_missing_exact(value) {
            return self.set_missing(frame, id);
        }
        if let Some(places) = ty.places
            && value.places() > places
        {
            return Err(self.too_many_digits(id, value, places));
        }
        self.first(frame, id)?;
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
    /// to it; as it is, where it is for models only.
    ///
    /// # Errors
    ///
    /// [`InputError`] as [`Program::set_exact`], and for infinities, and for NaN
    /// but for models only.
    pub fn set_float(&self, frame: &mut Frame, id: InputId, value: f64) -> Result<(), InputError> {
        if self.inputs[id].ty == Ty::Float {
            return self.set_raw_float(frame, id, value);
        }
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
        if self.inputs[id].ty == Ty::Float {
            return self.set_raw_float(frame, id, f64::from(value));
        }
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

    /// Sets an input that is for models only.
    pub(super) fn set_raw_float(
        &self,
        frame: &mut Frame,
        id: InputId,
        value: f64,
    ) -> Result<(), InputError> {
        let input = &self.inputs[id];
        if input.is_missing_float(value) {
            return self.set_missing(frame, id);
        }
        if value.is_infinite() {
            return Err(self.refuse(id, InputProblem::NotFinite));
        }
        self.first(frame, id)?;
        frame.set_whole(input.slot, value.to_bits().cast_signed());
        Ok(())
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
        let input = &self.inputs[id];
        if input.ty != Ty::Boolean {
            return Err(self.wrong_type(id, &value));
        }
        if input.missing_when.is_some() && input.is_missing_whole(i64::from(value)) {
            return self.set_missing(frame, id);
        }
        self.first(frame, id)?;
        frame.set_whole(input.slot, i64::from(value));
        Ok(())
    }
}

/// Whether a value stands for a missing one
impl InputSlot {
    /// Asks of a whole number, as any number's input may be given it.
    #[cold]
    fn is_missing_integer(&self, value: i64) -> bool {
        match self.missing_when {
            Some(Constant::Whole(missing)) => missing == value,
            Some(Constant::Exact(missing)) => missing == Exact::from_integer(value),
            _ => false,
        }
    }

    #[cold]
    fn is_missing_exact(&self, value: Exact) -> bool {
        matches!(self.missing_when, Some(Constant::Exact(missing)) if missing == value)
    }

    fn is_missing_float(&self, value: f64) -> bool {
        matches!(self.missing_when, Some(Constant::Whole(missing))
            if f64::from_bits(missing.cast_unsigned()) == value)
    }

    /// Asks of a boolean, a date or a label.
    #[cold]
    pub(super) fn is_missing_whole(&self, value: i64) -> bool {
        matches!(self.missing_when, Some(Constant::Whole(missing)) if missing == value)
    }

    #[cold]
    pub(super) fn is_missing_text(&self, value: &str) -> bool {
        matches!(&self.missing_when, Some(Constant::Text(missing)) if **missing == *value)
    }
}
