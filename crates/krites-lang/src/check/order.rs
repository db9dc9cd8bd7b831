//! The order of computing: nothing is computed from itself, through definitions,
//! tables, models or policies that are asked, and nothing nests so deep that evaluating it could exhaust
//! a thread's stack. Invariant: no recursion over the policy's own chains.

use super::codes;
use crate::ast::RuleSetMode;
use crate::ir::{Expr, Outcome, Policy, Value};
use crate::{Diagnostic, Id as _, Span};

/// How deep values may rest on each other, expressions' own nesting included
const MAX_DEPTH: usize = 300;

/// How many cycles are reported: each shows its way, and there may be as many as
/// values
pub(super) const MAX_CYCLES: usize = 50;

/// The nodes of a graph in an order in which each comes after what it needs,
/// and the cycles that break such an order
pub(super) struct Order {
    pub(super) nodes: Vec<usize>,
    pub(super) cycles: Vec<Vec<usize>>,
}

/// Orders a graph; `needs` lists by node what it needs.
pub(super) fn order(needs: &[Vec<usize>]) -> Order {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        OnTrail,
        Done,
    }
    let mut marks = vec![Mark::New; needs.len()];
    let mut found = Order {
        nodes: Vec::with_capacity(needs.len()),
        cycles: Vec::new(),
    };
    // The way from a start to the current node, with what each still has to look at.
    let mut trail: Vec<(usize, std::slice::Iter<'_, usize>)> = Vec::new();
    for start in 0..needs.len() {
        let mut enter = Some(start).filter(|start| marks.get(*start) == Some(&Mark::New));
        loop {
            if let Some(node) = enter.take()
                && let (Some(mark), Some(needs)) = (marks.get_mut(node), needs.get(node))
            {
                *mark = Mark::OnTrail;
                trail.push((node, needs.iter()));
            }
            let Some((node, rest)) = trail.last_mut() else {
                break;
            };
            let node = *node;
            match rest.next() {
                Some(next) => match marks.get(*next) {
                    Some(Mark::New) => enter = Some(*next),
                    Some(Mark::OnTrail) if found.cycles.len() < MAX_CYCLES => {
                        let from = trail
                            .iter()
                            .position(|(on_trail, _)| on_trail == next)
                            .unwrap_or(0);
                        found
                            .cycles
                            .push(trail.iter().skip(from).map(|(node, _)| *node).collect());
                    }
                    Some(Mark::OnTrail | Mark::Done) | None => {}
                },
                None => {
                    if let Some(mark) = marks.get_mut(node) {
                        *mark = Mark::Done;
                    }
                    found.nodes.push(node);
                    trail.pop();
                }
            }
        }
    }
    found
}

/// What is computed as one: a definition, a table, a model
struct Unit {
    name: String,
    span: Span,
    /// How deep its own expressions nest
    depth: usize,
    needs: Vec<usize>,
    /// What is computed before it, and is then done: the rule before it in its set
    behind: Option<usize>,
}

/// Reports cycles, and what nests too deep; returns how deep values rest on each other.
/// `asked` tells that of the policies that are asked.
pub(super) fn check(policy: &Policy, asked: &[usize], diagnostics: &mut Vec<Diagnostic>) -> usize {
    let units = units(policy, asked);
    let needs: Vec<Vec<usize>> = units
        .iter()
        .map(|unit| unit.needs.iter().copied().chain(unit.behind).collect())
        .collect();
    let found = order(&needs);
    for cycle in &found.cycles {
        let cycle = cycle.iter().filter_map(|node| units.get(*node));
        report(
            cycle.map(|unit| (unit.name.as_str(), unit.span)),
            diagnostics,
        );
    }
    if !found.cycles.is_empty() {
        return 0;
    }
    let mut depths = vec![0_usize; units.len()];
    for node in found.nodes {
        let Some(unit) = units.get(node) else {
            continue;
        };
        let below = unit
            .needs
            .iter()
            .filter_map(|need| depths.get(*need))
            .max()
            .copied()
            .unwrap_or(0);
        let depth = below + unit.depth;
        if depth > MAX_DEPTH && below <= MAX_DEPTH {
            diagnostics.push(
                Diagnostic::error(
                    codes::TOO_DEEP,
                    format!("`{}` rests on too long a chain of values", unit.name),
                    unit.span,
                )
                .label(format!("{depth} steps deep, {MAX_DEPTH} are allowed"))
                .help("compute it from fewer values in between"),
            );
        }
        let behind = unit.behind.and_then(|behind| depths.get(behind).copied());
        if let Some(slot) = depths.get_mut(node) {
            *slot = depth.max(behind.unwrap_or(0));
        }
    }
    let mut own = 0;
    policy.each_expr(&mut |expr| own = own.max(expr.depth()));
    own + depths.into_iter().max().unwrap_or(0)
}

/// Reports a cycle by the names and places along it.
pub(super) fn report<'n>(
    cycle: impl Iterator<Item = (&'n str, Span)>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let mut cycle = cycle;
    let Some((name, span)) = cycle.next() else {
        return;
    };
    let mut diagnostic = Diagnostic::error(
        codes::CYCLE,
        format!("`{name}` is computed from itself"),
        span,
    );
    for (next, span) in cycle.take(8) {
        diagnostic = diagnostic.evidence(span, format!("by way of `{next}`"));
    }
    diagnostics.push(diagnostic.help(format!("give `{name}` a value that does not need `{name}`")));
}

fn units(policy: &Policy, asked: &[usize]) -> Vec<Unit> {
    let (definitions, tables) = (policy.definitions.len(), policy.tables.len());
    let models = policy.models.len();
    let subpolicies = definitions + tables + models + policy.functions.len();
    let rules = subpolicies + policy.subpolicies.len();
    let position = |value: Value| match value {
        Value::Definition(id) => Some(id.position()),
        Value::Table(id, _) => Some(definitions + id.position()),
        Value::Model(id, _) => Some(definitions + tables + id.position()),
        Value::Input(_)
        | Value::DecisionDate
        | Value::Outcome
        | Value::Decided(_)
        | Value::Local(_) => None,
    };
    let unit =
        |name: &str, span: Span, expressions: &mut dyn Iterator<Item = &Expr>, values: &[Value]| {
            let mut needs: Vec<usize> =
                values.iter().filter_map(|value| position(*value)).collect();
            let mut depth = 1;
            for expression in expressions {
                expression.each_value(&mut |value| needs.extend(position(value)));
                expression.each_call(&mut |function| {
                    needs.push(definitions + tables + models + function.position());
                });
                expression.each_asked(&mut |id| needs.push(subpolicies + id.position()));
                expression.each_fired(&mut |rule| needs.push(rules + rule.position()));
                depth = depth.max(expression.depth());
            }
            needs.sort_unstable();
            needs.dedup();
            Unit {
                name: name.to_owned(),
                span,
                depth,
                needs,
                behind: None,
            }
        };
    let mut units = Vec::with_capacity(definitions + tables + policy.models.len());
    for definition in &policy.definitions {
        units.push(unit(
            &definition.name,
            definition.span,
            &mut std::iter::once(&definition.value),
            &[],
        ));
    }
    for (id, table) in policy.tables.iter_ids() {
        let mut subjects: Vec<Value> = table
            .columns
            .iter()
            .filter_map(|column| column.subject)
            .collect();
        // A rank asks the models that are asked for each of its rows.
        let of_rows = policy.models.iter_ids();
        let of_rows = of_rows.filter(|(_, model)| model.is_for(id));
        subjects.extend(of_rows.map(|(model, _)| Value::Model(model, 0)));
        units.push(unit(
            &table.name,
            table.span,
            &mut table.each_cell(),
            &subjects,
        ));
    }
    for model in &policy.models {
        let mut columns = model
            .inputs
            .iter()
            .flat_map(|input| &input.columns)
            .map(|column| &column.value);
        units.push(unit(&model.name, model.span, &mut columns, &[]));
    }
    for function in &policy.functions {
        let bindings = function.bindings.iter().map(|binding| &binding.value);
        let mut values = bindings.chain(std::iter::once(&function.value));
        units.push(unit(&function.name, function.span, &mut values, &[]));
    }
    for (subpolicy, depth) in policy.subpolicies.iter().zip(asked) {
        let mut feeds = subpolicy.feeds.iter().map(|feed| &feed.value);
        let mut unit = unit(&subpolicy.name, subpolicy.span, &mut feeds, &[]);
        unit.depth += depth;
        units.push(unit);
    }
    if asks_for_rules(policy) {
        for rule in &policy.rules {
            let mut conditions: Vec<&Expr> = rule.when.iter().collect();
            if let Outcome::Computed(outcome) = &rule.then.outcome {
                conditions.push(outcome);
            }
            units.push(unit(
                &rule.name,
                rule.span,
                &mut conditions.into_iter(),
                &[],
            ));
        }
        let sets = policy.rule_sets.iter();
        for set in sets.filter(|set| set.mode == RuleSetMode::First) {
            for pair in set.rules.windows(2) {
                if let [before, rule] = pair
                    && let Some(unit) = units.get_mut(rules + rule.position())
                {
                    unit.behind = Some(rules + before.position());
                }
            }
        }
    }
    units
}

/// Tells whether anything asks whether a rule fired.
fn asks_for_rules(policy: &Policy) -> bool {
    let mut asks = false;
    policy.each_expr(&mut |expr| expr.each_fired(&mut |_| asks = true));
    asks
}
