//! The decision: steps, what speaks, outputs, reasons.

use std::sync::Arc;

use krites_lang::ast::RuleSetMode;
use krites_lang::ir::{Expectation, Handling, Rule, Step, Validity};
use krites_lang::{Id as _, RuleId, RuleSetId, TableId};

use crate::run::{FaultId, Run, Spoke};
use crate::verdict::{Ending, ModelState, RuleState, Spoken, Verdict};
use crate::{Fault, Value, calendar};

/// What asking a rule came to
#[derive(Clone, Copy, PartialEq)]
enum Came {
    NotFired,
    Fired,
    Faulted,
}

impl<'p> Run<'p, '_> {
    pub(crate) fn decide(mut self) -> Verdict {
        let ending = match self.ending() {
            Ok(ending) | Err(ending) => ending,
        };
        self.verdict(ending)
    }

    /// Decides, and tells what is not as it is expected.
    pub(crate) fn unmet(mut self, expects: &'p [Expectation]) -> Vec<String> {
        self.stated = true;
        let (policy, ending) = (self.policy, self.ending());
        let Ok(Ending::Decided {
            outputs, reasons, ..
        }) = ending
        else {
            return vec![format!("{ending:?}")];
        };
        let mut unmet = Vec::new();
        for expectation in expects {
            let (expected, found) = match expectation {
                Expectation::Outcome(label, _) => {
                    (Some(Value::Label(*label)), self.outcome.map(Value::Label))
                }
                Expectation::Value(expr, expected, _) => match self.value(expr) {
                    Ok(found) => (expected.as_ref().map(Value::of), found),
                    Err(fault) => {
                        unmet.push(self.met(fault).to_string());
                        continue;
                    }
                },
                Expectation::Output(id, expected, _) => {
                    let found = outputs
                        .get(id.position())
                        .and_then(|(_, value)| value.clone());
                    (expected.as_ref().map(Value::of), found)
                }
                Expectation::Reasons(expected, _) => {
                    let codes = expected
                        .iter()
                        .map(|id| Arc::clone(&policy.reasons[*id].code));
                    let text = |codes: &[Arc<str>]| Some(Value::Text(codes.join(", ").into()));
                    (text(&codes.collect::<Vec<_>>()), text(&reasons))
                }
                Expectation::NotRun(id, _) => {
                    let asked = matches!(self.models.get(id.position()), Some(Some(_)));
                    (Some(Value::Boolean(false)), Some(Value::Boolean(asked)))
                }
            };
            if expected != found {
                unmet.push(format!("expected {expected:?}, found {found:?}"));
            }
        }
        unmet
    }

    fn ending(&mut self) -> Result<Ending, Ending> {
        let policy = self.policy;
        for step in &policy.decide.steps {
            match step {
                Step::Rules(id) => self.rule_set(*id)?,
                Step::Table(id, output) => self.table(*id, *output)?,
                Step::Rule(id) => {
                    self.rule(*id)?;
                }
                Step::StopOnce(outcome) if self.so_far() == Some(*outcome) => break,
                Step::StopOnceAtLeast(outcome) if self.so_far() >= Some(*outcome) => break,
                Step::StopOnce(_) | Step::StopOnceAtLeast(_) => {}
            }
        }
        let outcome = self.so_far().ok_or(Ending::NothingSpoke)?;
        self.outcome = Some(outcome);
        let mut outputs = Vec::with_capacity(policy.outputs.len());
        for output in &policy.outputs {
            let given = match &output.when {
                Some(when) => self.truth(when),
                None => Ok(true),
            };
            let value = given.and_then(|given| {
                let value = if given {
                    self.value(&output.value)?
                } else {
                    None
                };
                Ok(value.map(|value| self.rounded(value, output.ty)))
            });
            match value {
                Ok(value) => outputs.push((Arc::clone(&output.name), value)),
                Err(fault) => {
                    return Err(Ending::Output {
                        output: Arc::clone(&output.name),
                        fault: self.met(fault),
                    });
                }
            }
        }
        Ok(Ending::Decided {
            outcome: self.label(outcome),
            outputs,
            reasons: self.reasons(outcome),
        })
    }

    /// The most severe outcome that something has spoken for.
    fn so_far(&self) -> Option<u32> {
        self.spoken.iter().map(|spoke| spoke.outcome).max()
    }

    fn rule_set(&mut self, id: RuleSetId) -> Result<(), Ending> {
        let policy = self.policy;
        let set = &policy.rule_sets[id];
        if !self.holds(&set.validity) {
            return Ok(());
        }
        for rule in &set.rules {
            if !self.holds(&policy.rules[*rule].validity) {
                continue;
            }
            let came = match &policy.rules[*rule].when {
                Some(_) => self.rule(*rule)?,
                // `otherwise`, where no rule before it has matched
                None => {
                    self.fire(*rule, &policy.rules[*rule]);
                    Came::Fired
                }
            };
            if set.mode == RuleSetMode::First && came != Came::NotFired {
                break;
            }
        }
        Ok(())
    }

    /// Asks a rule; `otherwise` is that of `decide`.
    fn rule(&mut self, id: RuleId) -> Result<Came, Ending> {
        let policy = self.policy;
        let rule = &policy.rules[id];
        if !self.holds(&rule.validity) {
            return Ok(Came::NotFired);
        }
        let holds = match &rule.when {
            Some(when) => self.truth(when),
            None => Ok(self.spoken.is_empty()),
        };
        match holds {
            Ok(true) => {
                self.fire(id, rule);
                Ok(Came::Fired)
            }
            Ok(false) => {
                self.set_rule(id, RuleState::NotFired);
                Ok(Came::NotFired)
            }
            Err(fault) => {
                let state = RuleState::Fault(self.met(fault));
                self.set_rule(id, state);
                self.handle(fault, &rule.name)?;
                Ok(Came::Faulted)
            }
        }
    }

    /// Tells whether something holds on the day of the decision.
    fn holds(&self, validity: &Validity) -> bool {
        let today = self.case.decision_date;
        let begun = validity.from.is_none_or(|day| calendar::date(day) <= today);
        let ended = validity
            .through
            .is_some_and(|day| calendar::date(day) < today);
        begun && !ended && !validity.off
    }

    fn fire(&mut self, id: RuleId, rule: &Rule) {
        self.set_rule(id, RuleState::Fired);
        self.spoken.push(Spoke {
            speaker: rule.name.to_string(),
            outcome: rule.outcome,
            because: rule.because,
        });
    }

    fn set_rule(&mut self, id: RuleId, state: RuleState) {
        if let Some(place) = self.rules.get_mut(id.position()) {
            *place = state;
        }
    }

    /// A table's row speaks, unless its verdict is missing.
    fn table(&mut self, id: TableId, output: usize) -> Result<(), Ending> {
        let policy = self.policy;
        let table = &policy.tables[id];
        let verdict = self.cell(id, u32::try_from(output).unwrap_or(u32::MAX));
        let row = verdict.and_then(|verdict| Ok((verdict, self.row(id)?)));
        match row {
            Ok((Some(Value::Label(outcome)), row)) => {
                if let Some(row) = table.rows.get(row) {
                    self.spoken.push(Spoke {
                        speaker: format!("{}[{}]", table.name, row.id),
                        outcome,
                        because: row.because,
                    });
                }
                Ok(())
            }
            Ok(_) => Ok(()),
            Err(fault) => self.handle(fault, &table.name),
        }
    }

    /// Lets a fault speak as its nearest handling says.
    fn handle(&mut self, fault: FaultId, speaker: &Arc<str>) -> Result<(), Ending> {
        let model = self.faults.get(fault.0).and_then(|met| met.model);
        let own = model.and_then(|model| self.policy.models[model].on_fault);
        match own.or(self.policy.on_fault) {
            Some(Handling { outcome, because }) => {
                self.spoken.push(Spoke {
                    speaker: format!("fault {}", fault.0),
                    outcome,
                    because,
                });
                Ok(())
            }
            None => Err(Ending::Unhandled {
                speaker: Arc::clone(speaker),
                fault: self.met(fault),
            }),
        }
    }

    fn label(&self, outcome: u32) -> Arc<str> {
        let labels = &self.policy.enums[self.policy.decide.ty].labels;
        let label = labels.get(outcome as usize);
        label.map_or_else(|| "no such label".into(), |label| Arc::clone(&label.name))
    }

    fn reasons(&self, outcome: u32) -> Vec<Arc<str>> {
        let owed = &self.policy.owed;
        if !owed.outcomes.contains(&outcome) {
            return Vec::new();
        }
        let mut reasons = Vec::new();
        let spoken = self.spoken.iter().filter(|spoke| spoke.outcome == outcome);
        for reason in spoken.filter_map(|spoke| spoke.because) {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        let most = owed.at_most.map_or(usize::MAX, |most| most as usize);
        let reasons = reasons.into_iter().take(most);
        reasons
            .map(|id| Arc::clone(&self.policy.reasons[id].code))
            .collect()
    }

    fn verdict(self, ending: Ending) -> Verdict {
        let policy = self.policy;
        let rows = policy.tables.iter().zip(&self.rows).map(|(table, row)| {
            let row = match row {
                Some(Ok(row)) => table.rows.get(*row).map(|row| Arc::clone(&row.id)),
                _ => None,
            };
            (Arc::clone(&table.name), row)
        });
        let models = policy
            .models
            .iter()
            .zip(&self.models)
            .map(|(model, asked)| {
                let state = match asked {
                    None => ModelState::NotAsked,
                    Some(asked) => match (&asked.answers, &asked.fed) {
                        (Ok(_), Some(fed)) => ModelState::Answered(fed.clone()),
                        (Ok(_), None) => ModelState::Failed(Fault::broken("answered, not fed")),
                        (Err(fault), _) => ModelState::Failed(self.met(*fault)),
                    },
                };
                (Arc::clone(&model.name), state)
            });
        let definitions = policy.definitions.iter().zip(&self.definitions);
        let definitions = definitions.map(|(definition, value)| {
            let value = match value {
                Some(Ok(value)) => value.clone(),
                _ => None,
            };
            (Arc::clone(&definition.name), value)
        });
        let spoken = self.spoken.iter().map(|spoke| Spoken {
            speaker: spoke.speaker.clone(),
            outcome: self.label(spoke.outcome),
            because: spoke.because.map(|id| Arc::clone(&policy.reasons[id].code)),
        });
        let rules = policy.rules.iter().zip(&self.rules);
        Verdict {
            ending,
            spoken: spoken.collect(),
            rules: rules
                .map(|(rule, state)| (Arc::clone(&rule.name), state.clone()))
                .collect(),
            rows: rows.collect(),
            models: models.collect(),
            definitions: definitions.collect(),
            faults: self.faults.iter().map(|met| met.fault.clone()).collect(),
        }
    }
}
