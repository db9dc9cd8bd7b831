//! What the record says of what runs in shadow.

use std::io::Write as _;

use krites_lang::{ShadowState, Unknown};
use serde::Serialize;

use super::canonical::{separate, write_text, write_value, write_values};
use crate::decision::{Decision, Shadow};

/// A case that was decided again
#[derive(Clone, Debug, Serialize)]
pub(super) struct ShadowRecord {
    /// `same`, `different`, or `not known`
    is: &'static str,
    /// What is not known for want of: `not asked` or `fault`
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
}

/// What cases came to that were decided again, by name.
pub(super) fn shadow_records(decision: &Decision<'_>) -> Vec<(String, ShadowRecord)> {
    let shadows = decision.shadows().map(|shadow| {
        let (is, why) = words(shadow.state);
        let fault = shadow.fault;
        (shadow.name.to_owned(), ShadowRecord { is, why, fault })
    });
    shadows.collect()
}

fn words(state: ShadowState) -> (&'static str, Option<&'static str>) {
    match state {
        ShadowState::Same => ("same", None),
        ShadowState::Different => ("different", None),
        ShadowState::NotKnown(Unknown::Fault) => ("not known", Some("fault")),
        ShadowState::NotKnown(Unknown::NotAsked) | ShadowState::NotRun => {
            ("not known", Some("not asked"))
        }
    }
}

/// Writes what models in shadow answered, and what the case came to with them, where a
/// policy has such: behind the result, which it is no part of.
pub(super) fn write_shadow(decision: &Decision<'_>, out: &mut Vec<u8>) -> std::io::Result<()> {
    let policy = decision.program().policy();
    if !policy.models.iter().any(|model| model.shadow) {
        return Ok(());
    }
    out.write_all(b",\"shadow\":{\"answers\":")?;
    write_values(out, decision.shadow_answers())?;
    for shadow in decision.shadows() {
        out.write_all(b",")?;
        write_text(out, shadow.name)?;
        out.write_all(b":")?;
        write_block(&shadow, out)?;
    }
    out.write_all(b"}")
}

fn write_block(shadow: &Shadow<'_>, out: &mut Vec<u8>) -> std::io::Result<()> {
    let (is, why) = words(shadow.state);
    out.write_all(b"{\"is\":")?;
    write_text(out, is)?;
    if let Some(why) = why {
        out.write_all(b",\"why\":")?;
        write_text(out, why)?;
    }
    if !shadow.differences.is_empty() {
        out.write_all(b",\"differs\":{")?;
        for (position, difference) in shadow.differences.iter().enumerate() {
            separate(out, position)?;
            write_text(out, difference.name)?;
            out.write_all(b":[")?;
            write_value(out, difference.decided)?;
            out.write_all(b",")?;
            write_value(out, difference.again)?;
            out.write_all(b"]")?;
        }
        out.write_all(b"}")?;
    }
    out.write_all(b"}")
}
