//! What a checked policy comes to, over all cases: gaps and overlaps of tables, what must
//! always hold, what is forbidden, what it costs, rules that never fire, what nothing uses.
//! Works on `ir`, never on the tree.

mod accept;
mod always;
mod axis;
mod case;
mod cell;
mod codes;
mod cost;
mod cut;
mod domain;
mod flow;
mod forbid;
mod rules;
mod set;
mod table;
mod unused;
mod words;

#[cfg(feature = "testing")]
pub use table::Looked;

pub use always::proved;
pub use cost::{Cost, CostPart};

use crate::Diagnostic;
use crate::ir::Policy;
use flow::Flow;

/// Looks for what cannot be meant in a policy that checks.
///
/// The findings stand one kind behind the other, tables first, each in the order of the
/// policy. An error among them refuses the policy; those that the policy accepts are
/// marked so.
pub fn analyse(policy: &Policy) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    table::analyse(policy, &mut found);
    always::analyse(policy, &mut found);
    forbid::analyse(policy, &mut found);
    cost::analyse(policy, &mut found);
    let flow = Flow::of(policy);
    rules::analyse(policy, &flow, &mut found);
    unused::analyse(policy, flow, &mut found);
    accept::settle(policy, &mut found);
    found
}
