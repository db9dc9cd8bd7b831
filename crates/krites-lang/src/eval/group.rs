//! Groups of inputs on request: given whole or not at all, unfilled until one of
//! their values is read.

use crate::calendar::{Date, DateTime};
use crate::ids::{GroupId, Id as _, InputId};
use crate::program::{GroupCode, Program};

use super::fault::{Fault, FaultKind};
use super::frame::Frame;
use super::model::Answers;
use super::refused::{InputError, InputProblem};
use super::run::{Asks, Run, Stop};
use super::state::{Given, SlotState};
use super::time::moved_date;

/// The state of a group
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum GroupState {
    /// Not given, and not asked for
    #[default]
    NotGiven,
    /// Not given, and it may still come
    Awaited,
    /// Being bound: something of it is given
    Begun,
    /// Given, and not asked for
    Given,
    /// Given and asked for
    Asked,
    /// Asked for, and not given or stale; the index of the fault in
    /// [`Frame::faults`]
    Fault(u32),
}

impl GroupState {
    /// Tells whether something asked for it.
    #[must_use]
    pub fn is_asked(self) -> bool {
        matches!(self, GroupState::Asked | GroupState::Fault(_))
    }
}

impl<A: Answers> Run<'_, '_, A> {
    /// Fills the slots of a group, now that one of its values is read.
    #[cold]
    pub(super) fn need_group(&mut self, id: GroupId) -> Result<(), Stop> {
        let program = self.program;
        let group = &program.groups[id];
        let state = self.frame.group(id);
        if self.asks != Asks::Freely && !state.is_asked() {
            return Err(Stop::New);
        }
        match state {
            GroupState::Fault(fault) => Err(Stop::Fault(fault)),
            GroupState::Awaited => Err(Stop::Group(id)),
            GroupState::NotGiven | GroupState::Begun => {
                let group = program.policy.groups[id].name.clone();
                Err(self.group_fault(id, FaultKind::NotGiven { group }))
            }
            GroupState::Given | GroupState::Asked => {
                program.restore(self.frame, group);
                if program.is_stale(self.frame, group) {
                    program.hold(self.frame, group);
                    let group = program.policy.groups[id].name.clone();
                    return Err(self.group_fault(id, FaultKind::Stale { group }));
                }
                self.frame.set_group(id, GroupState::Asked);
                Ok(())
            }
        }
    }

    fn group_fault(&mut self, id: GroupId, kind: FaultKind) -> Stop {
        let fault = self.frame.add_fault(Fault {
            kind,
            span: self.program.groups[id].span,
            model: None,
            group: Some(id),
            policy: None,
        });
        self.frame.set_group(id, GroupState::Fault(fault));
        Stop::Fault(fault)
    }
}

impl Program {
    /// Returns the state of a group.
    #[must_use]
    pub fn group_state(&self, frame: &Frame, id: GroupId) -> GroupState {
        frame.group(id)
    }

    /// Returns the day that a group's values are of, where it is given and has one.
    #[must_use]
    pub fn as_of(&self, frame: &Frame, id: GroupId) -> Option<Date> {
        let given = match frame.group(id) {
            GroupState::NotGiven | GroupState::Awaited | GroupState::Begun => false,
            GroupState::Given | GroupState::Asked => true,
            GroupState::Fault(_) => self.is_held(frame, &self.groups[id]),
        };
        self.day(frame, &self.groups[id]).filter(|_| given)
    }

    /// Lets groups that are not given come later: evaluation stops where one of them
    /// is asked for, and goes on once it is given or refused.
    pub fn await_groups(&self, frame: &mut Frame) {
        for (id, _) in self.groups.iter_ids() {
            if frame.group(id) == GroupState::NotGiven {
                frame.set_group(id, GroupState::Awaited);
            }
        }
    }

    /// Says that a group will not come; tells whether it was awaited.
    pub fn refuse_group(&self, frame: &mut Frame, id: GroupId) -> bool {
        let awaited = frame.group(id) == GroupState::Awaited;
        if awaited {
            frame.set_group(id, GroupState::NotGiven);
        }
        awaited
    }

    /// Completes the groups of which something is given.
    pub(super) fn complete_groups(&self, frame: &mut Frame) -> Result<(), InputError> {
        for (id, group) in self.groups.iter_ids() {
            if !matches!(frame.group(id), GroupState::NotGiven | GroupState::Awaited) {
                continue;
            }
            let touched = frame.is_touched(group.inputs.clone());
            let listed = group
                .lists
                .iter()
                .any(|list| frame.columns(*list).given == Given::Given);
            if listed || touched && self.has_value(frame, group) {
                self.complete_group(frame, group)?;
                frame.set_group(id, GroupState::Begun);
            } else if touched {
                self.clear_group(frame, group);
            }
        }
        Ok(())
    }

    /// Puts away what was completed, until it is asked for.
    pub(super) fn hold_groups(&self, frame: &mut Frame) {
        for (id, group) in self.groups.iter_ids() {
            if frame.group(id) == GroupState::Begun {
                self.hold(frame, group);
                frame.set_group(id, GroupState::Given);
            }
        }
    }

    /// Tells whether one of a group's inputs is there.
    fn has_value(&self, frame: &Frame, group: &GroupCode) -> bool {
        group.inputs.clone().map(InputId::new).any(|id| {
            frame.given(id) == Given::Given
                && frame.state(self.inputs[id].slot) == SlotState::Present
        })
    }

    fn complete_group(&self, frame: &mut Frame, group: &GroupCode) -> Result<(), InputError> {
        for id in group.inputs.clone().map(InputId::new) {
            let null = frame.given(id) == Given::Given;
            let unset = frame.state(self.inputs[id].slot) == SlotState::Unset;
            if null && unset {
                return Err(self.refuse(id, InputProblem::Missing));
            }
            self.complete(frame, id)?;
        }
        let mut lists = group.lists.iter();
        lists.try_for_each(|list| self.complete_list(frame, *list))
    }

    /// Forgets that nothing but missing values was given: the group is not given.
    fn clear_group(&self, frame: &mut Frame, group: &GroupCode) {
        for id in group.inputs.clone().map(InputId::new) {
            frame.take_back(id);
            frame.set_state(self.inputs[id].slot, SlotState::Unset);
        }
    }

    fn hold(&self, frame: &mut Frame, group: &GroupCode) {
        let slots = group.slots(&self.inputs, &self.lists);
        for (at, slot) in (group.held..).zip(slots) {
            let state = frame.state(slot);
            frame.set_held(at, state);
            frame.set_state(slot, SlotState::Unset);
        }
    }

    fn restore(&self, frame: &mut Frame, group: &GroupCode) {
        let slots = group.slots(&self.inputs, &self.lists);
        for (at, slot) in (group.held..).zip(slots) {
            let state = frame.held(at);
            frame.set_state(slot, state);
        }
    }

    /// Tells whether values of a group are put away.
    fn is_held(&self, frame: &Frame, group: &GroupCode) -> bool {
        frame.is_touched(group.inputs.clone())
    }

    /// The state of an input that is put away.
    pub(super) fn held_state(&self, frame: &Frame, id: InputId) -> Option<SlotState> {
        let group = &self.groups[self.inputs[id].group?];
        let at = id.position().checked_sub(group.inputs.start)?;
        let state = frame.held(group.held + at);
        (state != SlotState::Unset).then_some(state)
    }

    /// Tells whether a group is too old, or of a day that is still to come.
    fn is_stale(&self, frame: &Frame, group: &GroupCode) -> bool {
        let Some(age) = group.stale_after else {
            return false;
        };
        let today = Date::from_ordinal(frame.whole(self.decision_date));
        let (Some(day), Some(today)) = (self.day(frame, group), today) else {
            return true;
        };
        // What would be stale beyond the years 1 to 9999 is so on no day.
        let last = moved_date(day.to_ordinal(), i64::from(age.count), age.unit);
        day > today || last.is_some_and(|last| last < today.to_ordinal())
    }

    /// The day that a group's values are of, by local clocks.
    fn day(&self, frame: &Frame, group: &GroupCode) -> Option<Date> {
        let as_of = group.as_of?;
        let whole = frame.whole(as_of.slot);
        if !as_of.datetime {
            return Date::from_ordinal(whole);
        }
        DateTime::from_microseconds(whole)?.date(self.zone.as_ref()?)
    }
}
