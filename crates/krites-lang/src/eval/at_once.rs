//! Values of a host's type go straight into the slots of inputs, whose places are found
//! once.
//!
//! Invariant: nothing is refused here. What a place does not take at once is left to the
//! setters of [`Program`], and so are their errors.

use crate::Exact;
use crate::calendar::Date;
use crate::diagnostic::did_you_mean;
use crate::ids::InputId;
use crate::limits::MAX_TEXT;
use crate::packed::prefix;
use crate::program::{Program, Slot};
use crate::types::Ty;

use super::frame::Frame;
use super::state::{Given, SlotState};

/// What the values of a host's type are
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Form {
    /// Whole numbers
    Whole,
    /// True and false
    Boolean,
    /// Texts
    Text,
    /// Labels, by their position in the enum
    Label,
    /// Days
    Date,
    /// Others, which the setters of [`Program`] take
    Other,
}

/// Where values of one form go for one input of one program
#[derive(Clone, Copy, Debug)]
pub struct InputPlace {
    input: InputId,
    slot: Slot,
    kind: Kind,
    /// Whether a missing value is nothing but missing
    optional: bool,
    /// The whole numbers that are taken at once, both bounds in
    low: i64,
    high: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Whole numbers in the slot
    Whole,
    /// Whole numbers, carried as exact ones
    Exact,
    Text,
    /// A label by its text on the wire
    Label,
    /// Nothing at once
    Other,
}

impl InputPlace {
    /// Returns the input, for the setters of [`Program`].
    #[inline]
    #[must_use]
    pub fn input(&self) -> InputId {
        self.input
    }
}

impl Program {
    /// Finds where values of `form` go for an input or for a field of a list's elements.
    #[must_use]
    pub fn input_place(&self, id: InputId, form: Form) -> InputPlace {
        let input = &self.inputs[id];
        let kind = match (form, input.ty) {
            // The one value that stands for a missing one is looked for elsewhere.
            _ if input.missing_when.is_some() => Kind::Other,
            (Form::Whole, Ty::Integer)
            | (Form::Boolean, Ty::Boolean)
            | (Form::Label, Ty::Enum(_))
            | (Form::Date, Ty::Date) => Kind::Whole,
            (Form::Whole, ty) if ty.is_exact() => Kind::Exact,
            (Form::Text, Ty::Text) => Kind::Text,
            (Form::Text, Ty::Enum(_)) => Kind::Label,
            _ => Kind::Other,
        };
        let (low, high) = match form {
            Form::Whole | Form::Date => input.whole_range,
            _ => (i64::MIN, i64::MAX),
        };
        InputPlace {
            input: id,
            slot: input.slot,
            kind,
            optional: input.optional && input.default.is_none(),
            low,
            high,
        }
    }

    /// Returns the position of the label with this text on the wire.
    #[must_use]
    pub fn label_of(&self, id: InputId, wire: &str) -> Option<i64> {
        let position = self.inputs[id].wires.position(prefix(wire), wire)?;
        i64::try_from(position).ok()
    }

    /// Returns the label of an input, by its text on the wire, that was probably meant.
    #[must_use]
    pub fn label_near(&self, id: InputId, wire: &str) -> Option<&str> {
        let Ty::Enum(found) = self.inputs[id].ty else {
            return None;
        };
        let labels = &self.policy.enums[found].labels;
        did_you_mean(wire, labels.iter().map(|label| &*label.wire))
    }

    /// Gives a whole number, a boolean as 0 or 1, or the position of a label, and tells
    /// whether it was taken.
    ///
    /// The place is of this program, and its input was not given before.
    #[inline]
    pub fn give_whole(&self, frame: &mut Frame, place: &InputPlace, value: i64) -> bool {
        if value < place.low || value > place.high {
            return false;
        }
        match place.kind {
            Kind::Whole => frame.set_whole(place.slot, value),
            Kind::Exact => frame.set_exact(place.slot, Exact::from_integer(value)),
            Kind::Text | Kind::Label | Kind::Other => return false,
        }
        frame.give(place.input);
        true
    }

    /// Gives a day, as [`Program::give_whole`] does.
    #[inline]
    pub fn give_date(&self, frame: &mut Frame, place: &InputPlace, value: Date) -> bool {
        self.give_whole(frame, place, value.to_ordinal())
    }

    /// Gives a text, or a label by its text on the wire, as [`Program::give_whole`] does.
    #[inline]
    pub fn give_text(&self, frame: &mut Frame, place: &InputPlace, text: &str) -> bool {
        match place.kind {
            Kind::Text => {
                if text.len() > MAX_TEXT || !frame.set_text(place.slot, text) {
                    return false;
                }
            }
            Kind::Label => {
                let wires = &self.inputs[place.input].wires;
                let position = wires.position(prefix(text), text);
                match position.and_then(|position| i64::try_from(position).ok()) {
                    Some(position) => frame.set_whole(place.slot, position),
                    None => return false,
                }
            }
            Kind::Whole | Kind::Exact | Kind::Other => return false,
        }
        frame.give(place.input);
        true
    }

    /// Gives nothing, as [`Program::give_whole`] does.
    #[inline]
    pub fn give_missing(&self, frame: &mut Frame, place: &InputPlace) -> bool {
        if !place.optional {
            return false;
        }
        frame.set_state(place.slot, SlotState::Missing);
        frame.give(place.input);
        true
    }
}

impl Frame {
    #[inline]
    fn give(&mut self, id: InputId) {
        self.set_given(id, Given::Given);
        self.n_given += 1;
    }
}
