//! What a step of a decision may do where it is asked: which labels it may speak for,
//! whether it may be silent, what its faults lead to.

use std::collections::BTreeSet;

use super::super::case::{Case, Cause};
use super::super::set::{Set, Values};
use super::decision::{Decision, either};
use super::handling::handlings;
use super::voice::{Source, Voice};
use crate::ids::RuleId;
use crate::ir::{Evaluate, HitPolicy, Outcome, Table};
use crate::types::Ty;

/// What something that is asked may do
pub(super) struct Asked<'p> {
    pub(super) voices: Vec<Voice<'p>>,
    /// Whether it may be asked and say nothing
    pub(super) silent: bool,
    /// Whether it may match, and whether it may not
    pub(super) matches: (bool, bool),
    pub(super) may_fault: bool,
}

impl<'p> Decision<'_, 'p> {
    /// What a rule that is asked in some cases may do.
    pub(super) fn ask(&self, here: &Case<'p>, id: RuleId) -> Asked<'p> {
        let rule = &self.policy.rules[id];
        let (on, off) = here.holds_today(&rule.validity);
        if rule.shadow || !on {
            return Asked {
                voices: Vec::new(),
                silent: true,
                matches: (false, true),
                may_fault: false,
            };
        }
        let truth = self.relevant.fires(id, rule, here);
        let sure = !truth.may_fail && truth.faults.is_empty() && !off;
        let mut voices = Vec::new();
        let mut silent = truth.may_fail || off;
        if truth.may_hold {
            let labels = match &rule.then.outcome {
                Outcome::None => {
                    silent = true;
                    Vec::new()
                }
                Outcome::Label(label) => vec![*label],
                Outcome::Computed(outcome) => {
                    labels(here.set(outcome).as_ref(), self.so_far.len() - 1)
                }
            };
            let of_label = |label| Voice::new(label, Source::Rule(rule), sure);
            voices.extend(labels.into_iter().map(of_label));
        }
        for cause in &truth.faults {
            voices.extend(handlings(self.policy, *cause, rule.on_fault.as_ref()));
        }
        Asked {
            voices,
            silent,
            matches: (
                truth.may_hold || !truth.faults.is_empty(),
                truth.may_fail || off,
            ),
            may_fault: !truth.faults.is_empty(),
        }
    }

    /// What a value that speaks may do.
    pub(super) fn evaluate(&self, evaluate: &'p Evaluate) -> Asked<'p> {
        let found = self.here.value(evaluate.value, &Vec::new());
        let silent = found.set.missing;
        let labels = labels(Some(&found.set), self.so_far.len() - 1);
        let sure = !silent && found.faults.is_empty() && labels.len() == 1;
        let of_label = |label| Voice::new(label, Source::Value(evaluate), sure);
        let mut voices: Vec<Voice<'p>> = labels.into_iter().map(of_label).collect();
        for cause in &found.faults {
            voices.extend(handlings(self.policy, *cause, None));
        }
        Asked {
            matches: (!voices.is_empty(), silent),
            voices,
            silent,
            may_fault: !found.faults.is_empty(),
        }
    }

    /// Lets each row of a table that may count speak; as a list is computed as a whole, its
    /// fault speaks in place of all of them.
    pub(super) fn rows(&mut self, evaluate: &'p Evaluate, table: &'p Table, output: u32) {
        let count = self.so_far.len() - 1;
        let (on, off) = self.here.holds_today(&table.validity);
        let mut spoken = Vec::new();
        let mut faults = BTreeSet::new();
        if on && table.policy != HitPolicy::Rank {
            let rows = self.here.rows(table, &mut |row, case, sure| {
                let mut silent = !sure || off;
                let mut voices = Vec::new();
                if let Some(cell) = table.cell(row, output as usize) {
                    let set = (cell.ty != Ty::Float).then(|| case.found_in_cell(cell.clone()).set);
                    faults.extend(case.found_in_cell(cell).faults);
                    silent |= set.as_ref().is_none_or(|set| set.missing);
                    let of_label = |label| Voice::new(label, Source::Rows(evaluate), false);
                    voices.extend(labels(set.as_ref(), count).into_iter().map(of_label));
                } else {
                    silent = true;
                }
                spoken.push(Asked {
                    matches: (true, silent),
                    voices,
                    silent,
                    may_fault: false,
                });
            });
            faults.extend(rows.faults);
        } else if on {
            faults.insert(Cause::Any);
            let of_label = |label| Voice::new(label, Source::Rows(evaluate), false);
            spoken.push(Asked {
                voices: labels(None, count).into_iter().map(of_label).collect(),
                silent: true,
                matches: (true, true),
                may_fault: true,
            });
        }
        let before = self.so_far.clone();
        for asked in spoken {
            self.take(asked);
        }
        let faulted: Vec<Voice<'p>> = faults
            .into_iter()
            .flat_map(|cause| handlings(self.policy, cause, None))
            .collect();
        let rows = std::mem::replace(&mut self.so_far, before);
        self.take(Asked {
            matches: (true, false),
            voices: faulted,
            silent: false,
            may_fault: true,
        });
        self.so_far = either(&self.so_far, &rows);
    }
}

/// The labels of a set, of so many.
fn labels(set: Option<&Set>, count: usize) -> Vec<u32> {
    match set.map(|set| &set.values) {
        Some(Values::Labels(labels)) => {
            let labels = (0_u32..).zip(labels);
            labels
                .filter(|(_, may_be)| **may_be)
                .map(|(label, _)| label)
                .collect()
        }
        _ => (0_u32..).take(count).collect(),
    }
}
