//! Rules, conditions and the flow of a decision over all cases.

mod cause;
mod condition;
mod slip;
mod step;
mod stop;

use std::collections::BTreeSet;

use super::case::Case;
use super::codes;
use super::flow::Flow;
use crate::ir::Policy;
use crate::{Diagnostic, Place};
use condition::Conditions;

/// So many expressions are looked into at most
const VISITS: u64 = 1_000_000;

/// Looks at all conditions of a policy and at its steps, and reports in the order written.
pub(super) fn analyse(policy: &Policy, flow: &Flow<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let mut found = Vec::new();
    let mut slipped = BTreeSet::new();
    policy.each_expr(&mut |expr| slip::look(policy, expr, &mut slipped, &mut found));
    let mut conditions = Conditions::new(Case::within(policy, VISITS), slipped);
    step::look(&mut conditions);
    conditions.values();
    found.append(&mut conditions.found);
    stop::analyse(policy, flow, &mut found);
    found.sort_by_key(|found| match &found.primary.place {
        Place::Text(span) => *span,
        _ => policy.decide.span,
    });
    diagnostics.append(&mut found);
}
