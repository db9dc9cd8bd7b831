//! What a checked policy comes to, over all cases: gaps, overlaps, what nothing reaches.
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
/// The findings stand in the order of the policy's tables, those of what is forbidden
/// behind them. An error among them refuses the policy.
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
