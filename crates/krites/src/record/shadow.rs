//! What the record says of what runs in shadow.

use std::io::Write as _;

use super::write_values;
use crate::decision::Decision;

/// Writes what models in shadow answered, where a policy has some: behind the result,
/// which it is no part of.
pub(super) fn write_shadow(decision: &Decision<'_>, out: &mut Vec<u8>) -> std::io::Result<()> {
    let policy = decision.program().policy();
    if !policy.models.iter().any(|model| model.shadow) {
        return Ok(());
    }
    out.write_all(b",\"shadow\":{\"answers\":")?;
    write_values(out, decision.shadow_answers())?;
    out.write_all(b"}")
}
