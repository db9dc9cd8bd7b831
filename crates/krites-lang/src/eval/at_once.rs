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
    /// Whether frames are prepared as if it were given, and there
    prepared: bool,
    /// The least whole number that is taken at once, and how many beyond it
    low: i64,
    beyond: u64,
}

/// What a frame holds once some inputs are given, whatever their values are: it is copied,
/// in place of noting each of them.
#[derive(Clone, Debug)]
pub struct Prepared {
    states: Box<[SlotState]>,
    given: Box<[Given]>,
    n_given: usize,
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
            // A range in fractions may hold no whole number.
            kind: if low <= high { kind } else { Kind::Other },
            optional: input.optional && input.default.is_none(),
            prepared: false,
            low,
            beyond: low.abs_diff(high),
        }
    }

    /// Prepares frames for cases that give each of these inputs: see
    /// [`Program::begin_prepared`].
    ///
    /// The places are those of different inputs, and none is a field of a list's elements.
    #[must_use]
    pub fn prepared<'a>(&self, places: impl Iterator<Item = &'a mut InputPlace>) -> Prepared {
        let mut frame = self.frame();
        for place in places.filter(|place| place.kind != Kind::Other) {
            place.prepared = true;
            frame.set_state(place.slot, SlotState::Present);
            frame.give(place.input);
        }
        Prepared {
            states: frame.states,
            given: frame.given,
            n_given: frame.n_given,
        }
    }

    /// Empties a frame as [`Program::begin`] does, and notes of each input that is prepared
    /// for that it is given. Its value must follow, or [`Program::not_given`].
    #[inline]
    pub fn begin_prepared(&self, frame: &mut Frame, decision_date: Date, prepared: &Prepared) {
        self.own(frame);
        frame.clear_to(&prepared.states, &prepared.given, prepared.n_given);
        frame.set_whole(self.decision_date, decision_date.to_ordinal());
    }

    /// Takes back of an input that was prepared for that it is given.
    #[inline]
    pub fn not_given(&self, frame: &mut Frame, place: &InputPlace) {
        if place.prepared {
            frame.take_back(place.input);
            frame.set_state(place.slot, SlotState::Unset);
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
    #[inline(always)]
    pub fn give_whole(&self, frame: &mut Frame, place: &InputPlace, value: i64) -> bool {
        // A number below the range is far above it, as one without a sign.
        if value.wrapping_sub(place.low).cast_unsigned() > place.beyond {
            return false;
        }
        match place.kind {
            Kind::Whole if place.prepared => {
                frame.put_whole(place.slot, value);
                true
            }
            Kind::Exact if place.prepared => {
                frame.put_exact(place.slot, Exact::from_integer(value));
                true
            }
            _ => self.give_other(frame, place, value),
        }
    }

    /// Gives a whole number that is in range where nothing was prepared.
    #[inline(never)]
    fn give_other(&self, frame: &mut Frame, place: &InputPlace, value: i64) -> bool {
        match place.kind {
            Kind::Whole => frame.put_whole(place.slot, value),
            Kind::Exact => frame.put_exact(place.slot, Exact::from_integer(value)),
            Kind::Text | Kind::Label | Kind::Other => return false,
        }
        frame.take(place, SlotState::Present);
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
                if text.len() > MAX_TEXT || !frame.put_text(place.slot, text) {
                    return false;
                }
            }
            Kind::Label => {
                let wires = &self.inputs[place.input].wires;
                let position = wires.position(prefix(text), text);
                match position.and_then(|position| i64::try_from(position).ok()) {
                    Some(position) => frame.put_whole(place.slot, position),
                    None => return false,
                }
            }
            Kind::Whole | Kind::Exact | Kind::Other => return false,
        }
        frame.take(place, SlotState::Present);
        true
    }

    /// Gives nothing, as [`Program::give_whole`] does.
    #[inline]
    pub fn give_missing(&self, frame: &mut Frame, place: &InputPlace) -> bool {
        if !place.optional {
            return false;
        }
        frame.take(place, SlotState::Missing);
        true
    }
}

impl Frame {
    /// Notes that a place was given, and how, but for what was prepared.
    #[inline]
    fn take(&mut self, place: &InputPlace, state: SlotState) {
        if !place.prepared {
            self.give(place.input);
        }
        if !place.prepared || state != SlotState::Present {
            self.set_state(place.slot, state);
        }
    }

    #[inline]
    fn give(&mut self, id: InputId) {
        self.set_given(id, Given::Given);
        self.n_given += 1;
    }
}
