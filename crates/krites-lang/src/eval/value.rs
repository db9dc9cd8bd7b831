//! Values read out of a frame.

use std::fmt;

use crate::calendar::{DateTime, Duration};
use crate::ids::{InputId, OutputId};
use crate::ir::{Literal, OutputSource, Value};
use crate::program::{Constant, Kind, Program, Slot};
use crate::types::{Date, Ty};
use crate::{EnumId, Exact};

use super::arena::TextRange;
use super::frame::Frame;
use super::list_value::ListValue;
use super::state::SlotState;

/// What a frame holds of a value
#[derive(Clone, Copy, Debug)]
pub(super) enum Held {
    Whole(i64),
    Exact(Exact),
    Text(TextRange),
}

/// A value of a decided case
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OutputValue<'a> {
    /// Of type integer
    Integer(i64),
    /// Of type decimal, percent (as a fraction) or money
    Exact(Exact),
    /// For models only; may be NaN
    Float(f64),
    /// Of type boolean
    Boolean(bool),
    /// Of type text
    Text(&'a str),
    /// Of type date
    Date(Date),
    /// Of type datetime
    DateTime(DateTime),
    /// Of type duration
    Duration(Duration),
    /// A label: its name and its text on the wire
    Label {
        /// Name in the policy
        name: &'a str,
        /// Text on the wire
        wire: &'a str,
    },
    /// Of an output that is a list
    List(ListValue<'a>),
}

/// As people and canonical bytes read it: numbers in the shortest form, datetimes
/// in UTC, durations as in ISO 8601, labels by their text on the wire
impl fmt::Display for OutputValue<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OutputValue::Integer(value) => fmt::Display::fmt(value, f),
            OutputValue::Exact(value) => fmt::Display::fmt(value, f),
            OutputValue::Float(value) if value.is_nan() => f.write_str("nan"),
            // The shortest form that reads back, however small or large
            OutputValue::Float(value) => fmt::Debug::fmt(value, f),
            OutputValue::Boolean(value) => fmt::Display::fmt(value, f),
            OutputValue::Text(value) => f.write_str(value),
            OutputValue::Date(value) => fmt::Display::fmt(value, f),
            OutputValue::DateTime(value) => fmt::Display::fmt(value, f),
            OutputValue::Duration(value) => fmt::Display::fmt(value, f),
            OutputValue::Label { wire, .. } => f.write_str(wire),
            OutputValue::List(values) => fmt::Display::fmt(values, f),
        }
    }
}

impl OutputValue<'_> {
    /// Tells whether the value equals a constant of its type.
    #[must_use]
    pub fn equals(&self, literal: &Literal, labels: &[crate::ir::Label]) -> bool {
        match (self, literal) {
            (OutputValue::Integer(a), Literal::Integer(b)) => a == b,
            (OutputValue::Exact(a), Literal::Exact(b)) => a == b,
            (OutputValue::Boolean(a), Literal::Boolean(b)) => a == b,
            (OutputValue::Text(a), Literal::Text(b)) => *a == &**b,
            (OutputValue::Date(a), Literal::Date(b)) => a == b,
            (OutputValue::DateTime(a), Literal::DateTime(b)) => a.microseconds() == *b,
            (OutputValue::Duration(a), Literal::Duration(b)) => a.microseconds() == *b,
            (OutputValue::Label { name, .. }, Literal::Label(b)) => labels
                .get(*b as usize)
                .is_some_and(|label| &*label.name == *name),
            _ => false,
        }
    }
}

impl Frame {
    /// What lies in a slot, be it filled or put away.
    fn content(&self, slot: Slot, ty: Ty) -> Held {
        match Kind::of(ty) {
            Kind::Whole => Held::Whole(self.whole(slot)),
            Kind::Exact => Held::Exact(self.exact(slot)),
            Kind::Text => Held::Text(self.text_range(slot)),
        }
    }
}

impl Program {
    /// Returns an output's value, where it is given.
    #[must_use]
    pub fn output<'a>(&'a self, frame: &'a Frame, id: OutputId) -> Option<OutputValue<'a>> {
        let slot = self.outputs[id].value.slot;
        if let OutputSource::Rows(table, output) = self.policy.outputs[id].value {
            let there = frame.state(slot) == SlotState::Present;
            let values = ListValue::new(self, frame, table, output);
            return there.then_some(OutputValue::List(values));
        }
        self.read(frame, slot, self.policy.outputs[id].ty.ty)
    }

    /// Returns an input's value, where it is there.
    #[must_use]
    pub fn input<'a>(&'a self, frame: &'a Frame, id: InputId) -> Option<OutputValue<'a>> {
        let (input, ty) = (&self.inputs[id], self.declared(id).ty.ty);
        if frame.state(input.slot) != SlotState::Unset {
            return self.read(frame, input.slot, ty);
        }
        match (self.input_state(frame, id), &input.default) {
            (SlotState::Present, Some(default)) if input.group.is_none() => {
                let held = match default {
                    Constant::Whole(value) => Held::Whole(*value),
                    Constant::Exact(value) => Held::Exact(*value),
                    Constant::Text(value) => return Some(OutputValue::Text(value)),
                };
                self.typed(frame, held, ty)
            }
            (SlotState::Present, _) => self.typed(frame, frame.content(input.slot, ty), ty),
            _ => None,
        }
    }

    /// Returns the day that the case is decided on.
    #[must_use]
    pub fn decision_date(&self, frame: &Frame) -> Option<Date> {
        Date::from_ordinal(frame.whole(self.decision_date))
    }

    /// Returns a named value, where it was computed and is there.
    #[must_use]
    pub fn value<'a>(&'a self, frame: &'a Frame, value: Value) -> Option<OutputValue<'a>> {
        let (slot, ty) = self.slot_of(value)?;
        if let Value::Table(id, 0) = value
            && let Some(points) = self.points_in_bin(frame, id)
        {
            return self.typed(frame, points, ty);
        }
        self.read(frame, slot, ty)
    }

    /// Returns the name of a value, as the policy has it.
    #[must_use]
    pub fn name_of(&self, value: Value) -> &str {
        self.policy.name_of(value)
    }

    pub(super) fn slot_of(&self, value: Value) -> Option<(Slot, Ty)> {
        let policy = &self.policy;
        Some(match value {
            Value::Input(id) => (self.inputs[id].slot, policy.inputs[id].ty.ty),
            Value::Definition(id) => (self.definitions[id].slot, policy.definitions[id].ty.ty),
            Value::Table(id, output) => {
                let output = output as usize;
                (
                    self.tables[id].outputs.get(output)?.slot,
                    policy.tables[id].outputs.get(output)?.ty.ty,
                )
            }
            Value::Model(id, give) => {
                let give = give as usize;
                (
                    self.models[id].gives.get(give)?.slot,
                    policy.models[id].gives.get(give)?.ty.ty,
                )
            }
            Value::DecisionDate => (self.decision_date, Ty::Date),
            Value::Local(_) => return None,
            Value::Outcome => (self.outcome, Ty::Enum(policy.decide.ty)),
            Value::Decided(at) => (
                *self.decide.values.get(at as usize)?,
                policy.decide.values.get(at as usize)?.ty.ty,
            ),
        })
    }

    fn read<'a>(&'a self, frame: &'a Frame, slot: Slot, ty: Ty) -> Option<OutputValue<'a>> {
        if frame.state(slot) != SlotState::Present {
            return None;
        }
        self.typed(frame, frame.content(slot, ty), ty)
    }

    /// What a frame holds, as a value of its type.
    pub(super) fn typed<'a>(
        &'a self,
        frame: &'a Frame,
        held: Held,
        ty: Ty,
    ) -> Option<OutputValue<'a>> {
        let whole = match held {
            Held::Exact(value) => return Some(OutputValue::Exact(value)),
            Held::Text(range) => return Some(OutputValue::Text(frame.text_at(range))),
            Held::Whole(whole) => whole,
        };
        Some(match ty {
            Ty::Boolean => OutputValue::Boolean(whole != 0),
            Ty::Date => OutputValue::Date(Date::from_ordinal(whole)?),
            Ty::Enum(id) => self.label(id, whole)?,
            Ty::DateTime => OutputValue::DateTime(DateTime::from_microseconds(whole)?),
            Ty::Duration => OutputValue::Duration(Duration::from_microseconds(whole)),
            Ty::Float => OutputValue::Float(f64::from_bits(whole.cast_unsigned())),
            Ty::Integer | Ty::Decimal | Ty::Percent | Ty::Money(_) | Ty::MoneyOf(_) | Ty::Text => {
                OutputValue::Integer(whole)
            }
        })
    }

    fn label(&self, id: EnumId, position: i64) -> Option<OutputValue<'_>> {
        let label = self.policy.enums[id]
            .labels
            .get(usize::try_from(position).ok()?)?;
        Some(OutputValue::Label {
            name: &label.name,
            wire: &label.wire,
        })
    }
}
