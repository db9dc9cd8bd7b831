//! Rules, conditions and the flow of a decision over all cases.

mod slip;
mod stop;

use super::codes;
use super::flow::Flow;
use crate::Diagnostic;
use crate::ir::Policy;

/// Looks at all conditions of a policy, then at its steps.
pub(super) fn analyse(policy: &Policy, flow: &Flow<'_>, diagnostics: &mut Vec<Diagnostic>) {
    policy.each_expr(&mut |expr| slip::look(policy, expr, diagnostics));
    stop::analyse(policy, flow, diagnostics);
}
