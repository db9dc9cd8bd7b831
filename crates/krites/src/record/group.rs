//! What the record says of groups of inputs on request.

use std::io::Write as _;

use krites_lang::ir::Policy;
use krites_lang::{Date, GroupState};
use serde::Serialize;

use super::canonical::{separate, write_optional, write_text};
use crate::decision::{Decision, Group};

/// A group of inputs on request
#[derive(Clone, Debug, Serialize)]
pub(super) struct GroupRecord {
    /// `not given`, `given`, `asked` or `fault`
    state: &'static str,
    /// The day that its values are of; left out where it is private
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
}

/// The groups of a decided case, by name.
pub(super) fn group_records(decision: &Decision<'_>) -> Vec<(String, GroupRecord)> {
    let groups = shown(decision).map(|(group, as_of)| {
        let record = GroupRecord {
            state: group_state(group.state),
            as_of: as_of.map(|day| day.to_string()),
        };
        (group.name.to_owned(), record)
    });
    groups.collect()
}

/// Writes which groups were asked for, each with the day that its values are of: the
/// same whether they were given at once or when they were asked for.
pub(super) fn write_asked(decision: &Decision<'_>, out: &mut Vec<u8>) -> std::io::Result<()> {
    if decision.program().policy().groups.is_empty() {
        return Ok(());
    }
    out.write_all(b",\"asked\":{")?;
    let asked = shown(decision).filter(|(group, _)| group.state.is_asked());
    for (position, (group, as_of)) in asked.enumerate() {
        separate(out, position)?;
        write_text(out, group.name)?;
        out.write_all(b":")?;
        write_optional(out, as_of.map(|day| day.to_string()).as_deref())?;
    }
    out.write_all(b"}")
}

/// All groups, each with its day unless that is private.
fn shown<'a>(decision: &Decision<'a>) -> impl Iterator<Item = (Group<'a>, Option<Date>)> + use<'a> {
    let policy: &'a Policy = decision.program().policy();
    decision
        .groups()
        .zip(&policy.groups)
        .map(|(group, declared)| {
            let private = declared.as_of.is_some_and(|id| policy.inputs[id].private);
            (group, group.as_of.filter(|_| !private))
        })
}

fn group_state(state: GroupState) -> &'static str {
    match state {
        GroupState::NotGiven | GroupState::Awaited | GroupState::Begun => "not given",
        GroupState::Given => "given",
        GroupState::Asked => "asked",
        GroupState::Fault(_) => "fault",
    }
}
