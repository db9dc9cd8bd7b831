//! Nothing is computed from itself, through definitions, tables or models.

use std::collections::BTreeMap;

use super::codes;
use crate::ir::{Expr, ExprKind, Policy, Value};
use crate::{Diagnostic, Id as _, Span};

/// What is computed as one
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Unit {
    Definition(usize),
    Table(usize),
    Model(usize),
}

/// Reports every cycle once.
pub(super) fn check(policy: &Policy, diagnostics: &mut Vec<Diagnostic>) {
    let mut uses: BTreeMap<Unit, (String, Span, Vec<Value>)> = BTreeMap::new();
    for (id, definition) in policy.definitions.iter_ids() {
        let mut values = Vec::new();
        collect(&definition.value, &mut values);
        uses.insert(
            Unit::Definition(id.position()),
            (definition.name.to_string(), definition.span, values),
        );
    }
    for (id, table) in policy.tables.iter_ids() {
        let mut values = table.subjects.clone();
        for row in &table.rows {
            row.tests
                .iter()
                .flatten()
                .for_each(|test| collect(test, &mut values));
            row.values
                .iter()
                .flatten()
                .for_each(|value| collect(value, &mut values));
        }
        uses.insert(
            Unit::Table(id.position()),
            (table.name.to_string(), table.span, values),
        );
    }
    for (id, model) in policy.models.iter_ids() {
        let mut values = Vec::new();
        model
            .inputs
            .iter()
            .flat_map(|input| &input.columns)
            .for_each(|column| collect(&column.value, &mut values));
        uses.insert(
            Unit::Model(id.position()),
            (model.name.to_string(), model.span, values),
        );
    }
    let edges: BTreeMap<Unit, Vec<Unit>> = uses
        .iter()
        .map(|(unit, (_, _, values))| {
            (
                *unit,
                values.iter().filter_map(|value| unit_of(*value)).collect(),
            )
        })
        .collect();
    let mut done: BTreeMap<Unit, bool> = BTreeMap::new();
    for start in edges.keys() {
        if let Some(cycle) = find_cycle(*start, &edges, &mut done) {
            report(&cycle, &uses, diagnostics);
        }
    }
}

/// Walks depth first with a stack of its own; `done` says what is finished
/// (`true`) or on the way (`false`).
fn find_cycle(
    start: Unit,
    edges: &BTreeMap<Unit, Vec<Unit>>,
    done: &mut BTreeMap<Unit, bool>,
) -> Option<Vec<Unit>> {
    if done.contains_key(&start) {
        return None;
    }
    let none = Vec::new();
    let mut cycle = None;
    let mut trail: Vec<(Unit, std::slice::Iter<'_, Unit>)> = Vec::new();
    done.insert(start, false);
    trail.push((start, edges.get(&start).unwrap_or(&none).iter()));
    while let Some((unit, rest)) = trail.last_mut() {
        let unit = *unit;
        match rest.next() {
            None => {
                done.insert(unit, true);
                trail.pop();
            }
            Some(next) => match done.get(next) {
                Some(true) => {}
                Some(false) => {
                    let from = trail
                        .iter()
                        .position(|(on_trail, _)| on_trail == next)
                        .unwrap_or(0);
                    cycle.get_or_insert_with(|| {
                        trail
                            .iter()
                            .skip(from)
                            .map(|(unit, _)| *unit)
                            .collect::<Vec<_>>()
                    });
                }
                None => {
                    done.insert(*next, false);
                    trail.push((*next, edges.get(next).unwrap_or(&none).iter()));
                }
            },
        }
    }
    cycle
}

fn report(
    cycle: &[Unit],
    uses: &BTreeMap<Unit, (String, Span, Vec<Value>)>,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let found: Vec<&(String, Span, Vec<Value>)> =
        cycle.iter().filter_map(|unit| uses.get(unit)).collect();
    let Some((name, span, _)) = found.first() else {
        return;
    };
    let mut diagnostic = Diagnostic::error(
        codes::CYCLE,
        format!("`{name}` is computed from itself"),
        *span,
    );
    for (next, span, _) in found.iter().skip(1) {
        diagnostic = diagnostic.evidence(*span, format!("by way of `{next}`"));
    }
    diagnostics.push(diagnostic.help(format!("give `{name}` a value that does not need `{name}`")));
}

fn unit_of(value: Value) -> Option<Unit> {
    match value {
        Value::Definition(id) => Some(Unit::Definition(id.position())),
        Value::Table(id, _) => Some(Unit::Table(id.position())),
        Value::Model(id, _) => Some(Unit::Model(id.position())),
        Value::Input(_) | Value::DecisionDate | Value::Outcome => None,
    }
}

/// Collects the values that an expression reads.
fn collect(expr: &Expr, into: &mut Vec<Value>) {
    match &expr.kind {
        ExprKind::Literal(_) => {}
        ExprKind::Value(value) | ExprKind::Present(value) => into.push(*value),
        ExprKind::IfMissing(value, alternative) => {
            into.push(*value);
            alternative
                .iter()
                .for_each(|alternative| collect(alternative, into));
        }
        ExprKind::Widen(inner)
        | ExprKind::Negate(inner)
        | ExprKind::Abs(inner)
        | ExprKind::Not(inner) => {
            collect(inner, into);
        }
        ExprKind::Sum(first, rest) => {
            collect(first, into);
            rest.iter().for_each(|(_, term)| collect(term, into));
        }
        ExprKind::Product(first, rest) => {
            collect(first, into);
            for factor in rest {
                collect(&factor.value, into);
                factor
                    .if_zero
                    .iter()
                    .for_each(|alternative| collect(alternative, into));
            }
        }
        ExprKind::Min(parts)
        | ExprKind::Max(parts)
        | ExprKind::And(parts)
        | ExprKind::Or(parts) => {
            parts.iter().for_each(|part| collect(part, into));
        }
        ExprKind::Compare(_, left, right) => {
            collect(left, into);
            collect(right, into);
        }
        ExprKind::OneOf(subject, values) => {
            collect(subject, into);
            values.iter().for_each(|value| collect(value, into));
        }
        ExprKind::InRange(subject, low, high) => {
            collect(subject, into);
            [low, high]
                .into_iter()
                .flatten()
                .for_each(|(bound, _)| collect(bound, into));
        }
    }
}
