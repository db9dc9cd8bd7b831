//! A policy of which a decision may take more than its budget.

use super::{Cost, counted};
use crate::Diagnostic;
use crate::analyse::codes;
use crate::ir::Policy;

/// So many of the costliest parts are shown
const SHOWN: usize = 3;

/// Reports a policy of which a decision may take more than its budget.
pub(in crate::analyse) fn analyse(policy: &Policy, diagnostics: &mut Vec<Diagnostic>) {
    let Some(budget) = &policy.budget else {
        return;
    };
    let cost = Cost::of(policy);
    let over = |most: Option<u64>, taken: u64| most.is_some_and(|most| taken > most);
    let (steps, calls) = (
        over(budget.steps, cost.steps),
        over(budget.model_calls, cost.model_calls),
    );
    let taken = match (steps, calls) {
        (false, false) => return,
        (true, false) => counted(cost.steps, "step"),
        (false, true) => counted(cost.model_calls, "model call"),
        (true, true) => format!(
            "{} and {}",
            counted(cost.steps, "step"),
            counted(cost.model_calls, "model call")
        ),
    };
    let headline = format!("a decision may take {taken}, more than its budget");
    let mut diagnostic = Diagnostic::error(codes::OVER_BUDGET, headline, budget.span)
        .label("the budget")
        .help("let less be looked at, or write a larger `budget`");
    let mut parts = cost.parts;
    if !steps {
        parts.retain(|part| part.model_calls > 0);
        parts.sort_by_key(|part| std::cmp::Reverse(part.model_calls));
    }
    for part in parts.iter().take(SHOWN) {
        let takes = match steps {
            true => counted(part.steps, "step"),
            false => counted(part.model_calls, "model call"),
        };
        diagnostic = diagnostic.evidence(part.span, format!("{} may take {takes}", part.name));
    }
    diagnostics.push(diagnostic);
}
