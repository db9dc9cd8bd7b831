//! Groups of inputs on request: whether one is given, and what asking for it comes to.

use std::sync::Arc;

use krites_lang::ast::DatePart;
use krites_lang::ir::{Input, Policy};
use krites_lang::{Currency, GroupId, Id as _, InputId};

use crate::bind::{Refused, typed};
use crate::run::{FaultId, Found, NEW, Run};
use crate::{Case, Fault, Given, Value, calendar};

/// What became of a group
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum GroupState {
    NotGiven,
    Given,
    Asked,
    Failed(FaultId),
}

impl GroupState {
    /// Tells whether one of its values was asked for.
    pub(crate) fn is_asked(self) -> bool {
        matches!(self, GroupState::Asked | GroupState::Failed(_))
    }
}

/// Tells of each group whether one of its values is there.
pub(crate) fn given(
    policy: &Policy,
    case: &Case,
    currency: &impl Fn(InputId) -> Option<Currency>,
) -> Result<Vec<bool>, Refused> {
    let mut given = vec![false; policy.groups.len()];
    for (id, input) in policy.inputs.iter_ids() {
        let Some(group) = input.group else {
            continue;
        };
        let there = is_there(policy, input, case.inputs.get(&id), currency)?;
        if let Some(given) = given.get_mut(group.position()) {
            *given |= there;
        }
    }
    for (id, list) in policy.lists.iter_ids() {
        if let Some(group) = list.group
            && case.lists.contains_key(&id)
            && let Some(given) = given.get_mut(group.position())
        {
            *given = true;
        }
    }
    Ok(given)
}

fn is_there(
    policy: &Policy,
    input: &Input,
    given: Option<&Given>,
    currency: &impl Fn(InputId) -> Option<Currency>,
) -> Result<bool, Refused> {
    let given = match given {
        None | Some(Given::Missing) => return Ok(false),
        Some(given) => given,
    };
    let value = typed(policy, input.ty, given, currency).ok_or(Refused)?;
    let stands_for_missing = input.missing_when.as_ref().map(Value::of);
    Ok(Some(value) != stands_for_missing)
}

impl Run<'_, '_> {
    /// Asks for a group: it is given and not stale, or a fault.
    pub(crate) fn ask_group(&mut self, id: GroupId) -> Found<()> {
        let state = self.groups.get(id.position()).copied();
        let asked = matches!(state, Some(GroupState::Asked | GroupState::Failed(_)));
        if self.nothing_new && !asked {
            return Err(NEW);
        }
        if let Some(again) = &mut self.again
            && !again.asked.contains(&id)
        {
            again.stopped(None);
            return Err(NEW);
        }
        let fault: fn(Arc<str>) -> Fault = match state {
            Some(GroupState::Asked) => return Ok(()),
            Some(GroupState::Failed(fault)) => return Err(fault),
            Some(GroupState::Given) if !self.is_stale(id)? => {
                self.set_group(id, GroupState::Asked);
                return Ok(());
            }
            Some(GroupState::Given) => Fault::Stale,
            Some(GroupState::NotGiven) | None => Fault::NotGiven,
        };
        let fault = fault(Arc::clone(&self.policy.groups[id].name));
        let fault = self.fault_from(fault, None, Some(id));
        self.set_group(id, GroupState::Failed(fault));
        Err(fault)
    }

    /// Tells whether a group was asked for, and is there.
    pub(crate) fn is_asked(&self, id: GroupId) -> bool {
        self.groups.get(id.position()) == Some(&GroupState::Asked)
    }

    fn set_group(&mut self, id: GroupId, state: GroupState) {
        if let Some(place) = self.groups.get_mut(id.position()) {
            *place = state;
        }
    }

    /// A group is stale where it is of a day to come, or where the day of the
    /// decision comes after the last day that it holds for.
    fn is_stale(&mut self, id: GroupId) -> Found<bool> {
        let group = &self.policy.groups[id];
        let (Some(age), Some(as_of)) = (group.stale_after, group.as_of) else {
            return Ok(false);
        };
        let value = self.case.inputs.get(as_of.position()).cloned().flatten();
        let day = match value {
            Some(Value::Date(day)) => day,
            Some(instant @ Value::DateTime(_)) => {
                match calendar::part(DatePart::Date, &instant, self.reference.zone) {
                    Ok(Value::Date(day)) => day,
                    _ => return self.broken("an instant without a day"),
                }
            }
            _ => return self.broken("a group without its day"),
        };
        let today = self.case.decision_date;
        // Beyond the calendar's last year nothing is too old.
        let last = calendar::moved(&Value::Date(day), age.count.into(), age.unit, None);
        let too_old = matches!(last, Ok(Value::Date(last)) if today > last);
        Ok(day > today || too_old)
    }
}
