//! What the record says of other policies that were asked.

use std::io::Write as _;

use krites_lang::PolicyState;
use serde::Serialize;

use super::canonical::{separate, write_canonical, write_text};
use super::{DecisionRecord, Envelope};
use crate::decision::Decision;

/// Another policy that a policy asks
#[derive(Clone, Debug, Serialize)]
pub(super) struct AskedRecord {
    /// `not asked`, `decided` or `fault`
    state: &'static str,
    /// Its own record, where it decided: what it was given follows from the case
    #[serde(skip_serializing_if = "Option::is_none")]
    decided: Option<Box<DecisionRecord>>,
}

/// The policies that are asked, by name.
pub(super) fn asked_records(decision: &Decision<'_>) -> Vec<(String, AskedRecord)> {
    let asked = decision.asked().map(|asked| {
        let decided = asked.decision.map(|decision| {
            let mut record = DecisionRecord::new(&decision, Envelope::default());
            record.within = true;
            Box::new(record)
        });
        let state = state(asked.state);
        (asked.name.to_owned(), AskedRecord { state, decided })
    });
    asked.collect()
}

/// Writes what policies decided that were asked, where a policy asks others.
pub(super) fn write_asked_policies(
    decision: &Decision<'_>,
    out: &mut Vec<u8>,
) -> std::io::Result<()> {
    let mut asked = decision.asked().enumerate().peekable();
    if asked.peek().is_none() {
        return Ok(());
    }
    out.write_all(b",\"policies\":{")?;
    for (position, asked) in asked {
        separate(out, position)?;
        write_text(out, asked.name)?;
        out.write_all(b":")?;
        match &asked.decision {
            // As deep as policies may ask each other
            Some(decision) => write_canonical(decision, out)?,
            None => write_text(out, state(asked.state))?,
        }
    }
    out.write_all(b"}")
}

fn state(state: PolicyState) -> &'static str {
    match state {
        PolicyState::NotAsked => "not asked",
        PolicyState::Decided | PolicyState::Stated => "decided",
        PolicyState::Fault(_) => "fault",
    }
}
