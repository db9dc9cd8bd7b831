//! What rules come to over all cases, found once: of rules that read nothing of what is
//! looked at, this is taken in every box.

use std::collections::{BTreeMap, BTreeSet};

use super::super::case::{Case, Truth};
use crate::Id as _;
use crate::ids::{DefinitionId, RuleId};
use crate::ir::{Aggregate, Expr, ExprKind, Outcome, Over, Policy, Rule, Value};

/// What is given that something rests on: inputs, the day, answers of models
type Given = BTreeSet<Value>;

/// All rules of a policy, as they are over all cases
pub(super) struct Rules<'p> {
    policy: &'p Policy,
    /// By rule: what it comes to where it is asked
    truths: Vec<Truth>,
    /// By rule: what its condition and its outcome rest on
    rest_on: Vec<Given>,
}

/// The rules that read something of what an `always` rests on
pub(super) struct Relevant<'r> {
    truths: &'r [Truth],
    relevant: Vec<bool>,
}

impl<'p> Rules<'p> {
    pub(super) fn of(all: &Case<'p>) -> Self {
        let policy = all.policy;
        let mut known = BTreeMap::new();
        let mut rest_on = Vec::with_capacity(policy.rules.len());
        for rule in &policy.rules {
            let mut given = Given::new();
            if let Some(when) = &rule.when {
                collect(policy, when, &mut known, &mut given);
            }
            if let Outcome::Computed(outcome) = &rule.then.outcome {
                collect(policy, outcome, &mut known, &mut given);
            }
            rest_on.push(given);
        }
        Rules {
            policy,
            truths: policy.rules.iter().map(|rule| all.fires(rule)).collect(),
            rest_on,
        }
    }

    /// Those that a condition has to do with.
    pub(super) fn relevant(&self, condition: &'p Expr) -> Relevant<'_> {
        let mut given = Given::new();
        collect(self.policy, condition, &mut BTreeMap::new(), &mut given);
        let shares = |of_rule: &Given| !of_rule.is_disjoint(&given);
        Relevant {
            truths: &self.truths,
            relevant: self.rest_on.iter().map(shares).collect(),
        }
    }
}

impl Relevant<'_> {
    /// What a rule comes to in a box where it is asked, and whether that was looked at
    /// there.
    pub(super) fn fires<'p>(&self, id: RuleId, rule: &'p Rule, here: &Case<'p>) -> Truth {
        match self.truths.get(id.position()) {
            Some(truth) if !self.has(id) => truth.clone(),
            _ => here.fires(rule),
        }
    }

    /// Tells whether a rule has to do with what is looked at.
    pub(super) fn has(&self, id: RuleId) -> bool {
        self.relevant.get(id.position()).copied().unwrap_or(true)
    }
}

/// Adds what an expression rests on.
fn collect(
    policy: &Policy,
    expr: &Expr,
    known: &mut BTreeMap<DefinitionId, Given>,
    given: &mut Given,
) {
    match &expr.kind {
        ExprKind::Fired(rule, _) => {
            // Those before it in its set, too
            let mut sets = policy.rule_sets.iter();
            let set = sets.find(|set| set.rules.contains(rule));
            let rules = set.map_or(std::slice::from_ref(rule), |set| set.rules.as_slice());
            for rule in rules {
                if let Some(when) = &policy.rules[*rule].when {
                    collect(policy, when, known, given);
                }
            }
        }
        ExprKind::Aggregate(aggregate) => over(policy, aggregate, known, given),
        _ => {}
    }
    let mut values = BTreeSet::new();
    match &expr.kind {
        ExprKind::Value(value)
        | ExprKind::Present(value)
        | ExprKind::IfMissing(value, _)
        | ExprKind::Stage(value) => {
            values.insert(*value);
        }
        _ => {}
    }
    for value in values {
        rest_of(policy, value, known, given);
    }
    expr.each_part(&mut |part| collect(policy, part, known, given));
}

fn over(
    policy: &Policy,
    aggregate: &Aggregate,
    known: &mut BTreeMap<DefinitionId, Given>,
    given: &mut Given,
) {
    match &aggregate.over {
        Over::Series { inputs, .. } => given.extend(inputs.iter().map(|id| Value::Input(*id))),
        Over::Rows { table, .. } => rest_of(policy, Value::Table(*table, 0), known, given),
        Over::List { .. } | Over::Labels { .. } => {}
    }
}

fn rest_of(
    policy: &Policy,
    value: Value,
    known: &mut BTreeMap<DefinitionId, Given>,
    given: &mut Given,
) {
    match value {
        Value::Definition(id) => {
            if let Some(found) = known.get(&id) {
                given.extend(found);
                return;
            }
            let mut own = Given::new();
            collect(policy, &policy.definitions[id].value, known, &mut own);
            given.extend(&own);
            known.insert(id, own);
        }
        Value::Table(id, _) => {
            // Once a table is enough
            if given.insert(Value::Table(id, 0)) {
                let table = &policy.tables[id];
                let subjects = table.columns.iter().filter_map(|column| column.subject);
                subjects.for_each(|subject| rest_of(policy, subject, known, given));
                let cells = table.each_cell();
                cells.for_each(|cell| collect(policy, cell, known, given));
            }
        }
        Value::Input(_) | Value::Model(..) | Value::DecisionDate => {
            given.insert(value);
        }
        Value::Local(_) | Value::Outcome | Value::Decided(_) => {}
    }
}
