//! What is proved to be there where the outcome is known: outputs of a table whose
//! verdict speaks.
//!
//! Where the most severe outcome wins, the final outcome is at least as severe as the
//! row's verdict. So under an outcome of a set, the row's verdict was at most the worst
//! of the set, and each such row must fill the cell; nothing may end the decision
//! before the table with an outcome of the set, and no handling may lead there. Where
//! the first that speaks wins, nothing but the table may speak for the set.

use super::rules::Flow;
use super::{Checker, Env, items};
use crate::Span;
use crate::ast::{self, DecidePolicy, HitPolicy, InputEntry};
use crate::ids::{List, TableId};
use crate::ir::{self, Evaluate, ExprKind, Literal, Outcome, Row, Step, Table, Value};

/// Why an output of a table may be missing under an outcome: the place, and what is to
/// be said of it
pub(super) type Spoiler = (Value, Span, String);

/// What is proved of the outputs of tables, and what spoils it for others
#[derive(Default)]
pub(super) struct Proved {
    pub(super) present: Vec<Value>,
    pub(super) spoiled: Vec<Spoiler>,
}

/// A decision, as far as proofs look at it
struct Decision<'d> {
    decide: &'d ir::Decide,
    flow: &'d Flow,
    /// What faults lead to, each with its place
    handlings: Vec<(u32, Span)>,
    /// The outcomes under which something is read
    outcomes: Vec<u32>,
    worst: u32,
}

impl Env {
    /// Takes over what is proved under a condition.
    pub(super) fn learn(&mut self, proved: Proved) {
        self.present.extend(proved.present);
        self.spoiled.extend(proved.spoiled);
    }
}

impl Checker<'_> {
    /// Finds which outputs of tables are there where a condition holds.
    pub(super) fn proved(
        &self,
        condition: &ir::Expr,
        tables: Option<&List<TableId, Table>>,
        flow: &Flow,
    ) -> Proved {
        let mut proved = Proved::default();
        let outcomes = outcomes_of(condition);
        let (Some(tables), Some(decide), Some(outcomes)) = (tables, &flow.decide, outcomes) else {
            return proved;
        };
        let decision = Decision {
            decide,
            flow,
            handlings: self.handlings(decide),
            worst: outcomes.iter().copied().max().unwrap_or_default(),
            outcomes,
        };
        for (position, step) in decide.steps.iter().enumerate() {
            let Step::Evaluate(evaluate) = step else {
                continue;
            };
            let Value::Table(id, verdict) = evaluate.value else {
                continue;
            };
            let table = &tables[id];
            let elsewhere = decision.elsewhere(position, evaluate, table);
            for (output, declared) in (0_u32..).zip(&table.outputs) {
                let value = Value::Table(id, output);
                if !declared.ty.optional || output == verdict {
                    continue;
                }
                match elsewhere
                    .clone()
                    .or_else(|| decision.row(table, verdict, output))
                {
                    None => proved.present.push(value),
                    Some((span, words)) => proved.spoiled.push((value, span, words)),
                }
            }
        }
        proved
    }

    /// What faults lead to that may keep a table from speaking.
    fn handlings(&self, decide: &ir::Decide) -> Vec<(u32, Span)> {
        let file = self.file;
        let header = items!(file, Policy).filter_map(|header| header.on_fault.as_ref());
        let models = items!(file, Model).filter_map(|model| model.on_fault.as_ref());
        let asked = items!(file, Subpolicy).filter_map(|asked| asked.on_fault.as_ref());
        let of_sets = items!(file, Rules).flat_map(|set| &set.rules);
        let steps = items!(file, Decide).flat_map(|decide| &decide.steps);
        let of_decide = steps.filter_map(|step| match step {
            ast::Step::Rule(rule) => Some(rule),
            ast::Step::Evaluate { .. } | ast::Step::StopOnce { .. } => None,
        });
        // Of a rule that spoke before, and then could not say what is decided with it, or
        // that decides in the table's place
        let counts = !decide.values.is_empty() || decide.policy == DecidePolicy::FirstMatch;
        let rules = of_sets.chain(of_decide).filter(|_| counts);
        let rules = rules.filter_map(|rule| rule.on_fault.as_ref());
        let inputs = items!(file, Input).flatten();
        let groups = inputs.filter_map(|entry| match entry {
            InputEntry::Group(group) => group.on_fault.as_ref(),
            InputEntry::Field(_) => None,
        });
        let all = header.chain(models).chain(asked).chain(groups).chain(rules);
        let all = all.filter_map(|on_fault| {
            let label = self.label_position(decide.ty, &on_fault.outcome.text)?;
            Some((label, on_fault.span))
        });
        all.collect()
    }
}

impl Decision<'_> {
    /// Tells whether an outcome that was spoken for may leave one of the set the final
    /// one.
    fn leads_into(&self, outcome: u32) -> bool {
        match self.decide.policy {
            DecidePolicy::MostSevere => outcome <= self.worst,
            DecidePolicy::FirstMatch => self.outcomes.contains(&outcome),
        }
    }

    /// What but the rows of the table spoils the proof.
    fn elsewhere(
        &self,
        position: usize,
        evaluate: &Evaluate,
        table: &Table,
    ) -> Option<(Span, String)> {
        let single = matches!(
            table.policy,
            HitPolicy::Unique | HitPolicy::First | HitPolicy::Any | HitPolicy::Priority
        );
        if !single {
            return Some((
                table.span,
                "this table may give several rows, or none".to_owned(),
            ));
        }
        if !table.validity.is_always() {
            return Some((table.span, "this table is off on some days".to_owned()));
        }
        let mut handlings = self.handlings.iter();
        if let Some((_, span)) = handlings.find(|(outcome, _)| self.leads_into(*outcome)) {
            return Some((*span, "a fault may lead to this outcome".to_owned()));
        }
        match self.decide.policy {
            DecidePolicy::MostSevere => {
                let before = self.decide.steps.iter().take(position);
                let mut ends = before.filter(|step| match step {
                    Step::StopOnce(outcome) => self.outcomes.contains(outcome),
                    Step::StopOnceAtLeast(outcome) => *outcome <= self.worst,
                    Step::Rules(_) | Step::Evaluate(_) | Step::Rule(_) => false,
                });
                let ended = ends.next().is_some();
                ended.then(|| {
                    let words = "a `stop once` before it may end the decision with this outcome";
                    (evaluate.span, words.to_owned())
                })
            }
            DecidePolicy::FirstMatch => self.other_voice(position),
        }
    }

    /// Another step that may decide for one of the outcomes.
    fn other_voice(&self, position: usize) -> Option<(Span, String)> {
        let steps = self.decide.steps.iter().enumerate();
        let others = steps.filter(|(at, _)| *at != position);
        let rule = |id: crate::RuleId| {
            let rule = &self.flow.rules[id];
            let speaks = match &rule.then.outcome {
                Outcome::None => false,
                Outcome::Label(label) => self.leads_into(*label),
                Outcome::Computed(_) => true,
            };
            (speaks && !rule.shadow).then_some(rule.span)
        };
        let found = others
            .filter_map(|(_, step)| match step {
                Step::Rules(id) => {
                    let rules = &self.flow.rule_sets[*id].rules;
                    rules.iter().find_map(|id| rule(*id))
                }
                Step::Rule(id) => rule(*id),
                Step::Evaluate(evaluate) => Some(evaluate.span),
                Step::StopOnce(_) | Step::StopOnceAtLeast(_) => None,
            })
            .next();
        found.map(|span| (span, "this may decide so as well".to_owned()))
    }

    /// The first row that leaves an outcome of the set open and an output unfilled.
    fn row(&self, table: &Table, verdict: u32, output: u32) -> Option<(Span, String)> {
        let cell = |row: Row<'_>| table.cell(row, verdict as usize);
        let open = |row: Row<'_>| match cell(row).as_deref().map(|cell| &cell.kind) {
            Some(ExprKind::Literal(Literal::Label(label))) => self.leads_into(*label),
            Some(_) => true,
            // It does not speak: where the first wins, another one decides then
            None => self.decide.policy == DecidePolicy::MostSevere,
        };
        let filled = |row: Row<'_>| {
            let cell = table.cell(row, output as usize);
            cell.is_some_and(|cell| !cell.optional)
        };
        let mut rows = table.rows.iter();
        let row = rows.find(|row| open(*row) && !filled(*row))?;
        let words = format!("row `{}` leaves it open, and this cell empty", row.id);
        Some((row.span, words))
    }
}

/// The outcomes under which a condition holds, where it tells.
fn outcomes_of(condition: &ir::Expr) -> Option<Vec<u32>> {
    match &condition.kind {
        ExprKind::OneOf(subject, values) => {
            if !matches!(subject.kind, ExprKind::Value(Value::Outcome)) {
                return None;
            }
            let labels = values.iter().map(|value| match value.kind {
                ExprKind::Literal(Literal::Label(label)) => Some(label),
                _ => None,
            });
            labels.collect()
        }
        ExprKind::And(parts) => parts.iter().find_map(outcomes_of),
        _ => None,
    }
}
