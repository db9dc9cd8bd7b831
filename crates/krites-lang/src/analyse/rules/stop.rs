//! A `stop` that drops reasons which would have cost nothing.
//!
//! Most stops are meant: they save calls of models. What stands behind one and asks for
//! no model, no other policy and no group of inputs saves nothing by standing there; and
//! where the outcome owes reasons, those that it would have given are not told.

use std::collections::BTreeSet;

use super::codes;
use crate::analyse::flow::{Flow, Node};
use crate::ast::DecidePolicy;
use crate::ids::RuleId;
use crate::ir::{Outcome, Policy, Rule, Step, Value};
use crate::{Diagnostic, Span};

/// Reports what stands behind a `stop` and could as well stand before it.
pub(super) fn analyse(policy: &Policy, flow: &Flow<'_>, diagnostics: &mut Vec<Diagnostic>) {
    let decide = &policy.decide;
    if decide.policy != DecidePolicy::MostSevere {
        return;
    }
    let mut costly: Option<BTreeSet<Node>> = None;
    for (at, step) in decide.steps.iter().enumerate() {
        let stop = match step {
            Step::StopOnce(outcome) | Step::StopOnceAtLeast(outcome) => *outcome,
            Step::Rules(_) | Step::Evaluate(_) | Step::Rule(_) => continue,
        };
        if !policy.owed.outcomes.contains(&stop) {
            continue;
        }
        let costly = costly.get_or_insert_with(|| flow.resting_on(costs(policy)));
        let behind = decide.steps.iter().skip(at + 1);
        let dropped: Vec<Dropped<'_>> = behind
            .filter_map(|step| dropped(policy, step, stop, costly))
            .collect();
        if let Some(first) = dropped.first() {
            diagnostics.push(told(policy, stop, first.span, &dropped));
        }
    }
}

/// What costs money or time when it is asked for.
fn costs(policy: &Policy) -> impl Iterator<Item = Node> {
    let models = policy.models.iter_ids().map(|(id, _)| Node::Model(id));
    let asked = policy.subpolicies.iter_ids();
    let groups = policy.groups.iter_ids().map(|(id, _)| Node::Group(id));
    let asked = asked.map(|(id, _)| Node::Subpolicy(id));
    models.chain(asked).chain(groups)
}

/// A step whose reasons are not told
struct Dropped<'p> {
    /// What it is called
    name: &'p str,
    /// What of it speaks for the outcome with a reason
    span: Span,
    /// Whether it is a set of rules, or a table
    is_set: bool,
}

/// A step that speaks for an outcome with a reason, for none that is more severe, and
/// costs nothing.
fn dropped<'p>(
    policy: &'p Policy,
    step: &Step,
    stop: u32,
    costly: &BTreeSet<Node>,
) -> Option<Dropped<'p>> {
    let rules = |ids: &[RuleId]| {
        let acts = |rule: &&Rule| !rule.shadow && !rule.validity.off;
        let rules = || ids.iter().map(|id| &policy.rules[*id]).filter(acts);
        let free = ids.iter().all(|id| !costly.contains(&Node::Fires(*id)));
        let milder = rules().all(|rule| match rule.then.outcome {
            Outcome::None => true,
            Outcome::Label(label) => label <= stop,
            Outcome::Computed(_) => false,
        });
        let speaks = |rule: &&Rule| {
            matches!(rule.then.outcome, Outcome::Label(label) if label == stop)
                && rule.then.because.is_some()
                && rule.when.is_some()
        };
        let found = rules().find(speaks)?;
        (free && milder).then_some(found)
    };
    match step {
        Step::Rules(id) => {
            let set = &policy.rule_sets[*id];
            let rule = rules(&set.rules).filter(|_| !set.validity.off)?;
            Some(Dropped {
                name: &set.name,
                span: rule.span,
                is_set: true,
            })
        }
        Step::Rule(id) => rules(&[*id]).map(|rule| Dropped {
            name: rule.name.rsplit('.').next().unwrap_or(&rule.name),
            span: rule.span,
            is_set: false,
        }),
        Step::Evaluate(evaluate) => {
            let Value::Table(id, output) = evaluate.value else {
                return None;
            };
            let table = &policy.tables[id];
            let free = !costly.contains(&Node::Cell(id, output));
            let cell = |row| table.cell(row, output as usize);
            let label = |row| match cell(row).as_deref().map(|cell| &cell.kind) {
                None => Some(None),
                Some(crate::ir::ExprKind::Literal(crate::ir::Literal::Label(label))) => {
                    Some(Some(*label))
                }
                Some(_) => None,
            };
            let milder = (table.rows.iter())
                .all(|row| label(row).is_some_and(|label| label.is_none_or(|label| label <= stop)));
            let mut rows = table.rows.iter();
            let row = rows.find(|row| label(*row) == Some(Some(stop)) && row.because.is_some())?;
            (free && milder && !table.validity.off).then(|| Dropped {
                name: table
                    .outputs
                    .get(output as usize)
                    .map_or("", |output| &output.name),
                span: row.span,
                is_set: true,
            })
        }
        Step::StopOnce(_) | Step::StopOnceAtLeast(_) => None,
    }
}

fn told(policy: &Policy, stop: u32, place: Span, dropped: &[Dropped<'_>]) -> Diagnostic {
    let labels = &policy.enums[policy.decide.ty].labels;
    let outcome = labels.get(stop as usize).map_or("", |label| &label.name);
    let names: Vec<String> = dropped
        .iter()
        .map(|step| match step.is_set {
            true => format!("`evaluate {}`", step.name),
            false => format!("`rule {}`", step.name),
        })
        .collect();
    let mut found = Diagnostic::note(
        codes::DROPS_REASONS,
        format!(
            "a `stop` before {} drops reasons for `{outcome}`, and saves nothing by it",
            names.join(", ")
        ),
        place,
    )
    .label("its reason is not told where the stop ends the decision");
    for step in dropped.iter().skip(1) {
        found = found.evidence(step.span, "nor is this one");
    }
    found.help(format!("move {} before the `stop`", names.join(" and ")))
}
