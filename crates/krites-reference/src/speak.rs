//! What speaks: rules, values that are evaluated, and the handling of their faults.

use std::sync::Arc;

use krites_lang::ast::RuleSetMode;
use krites_lang::ir::{self, Evaluate, Outcome, Validity};
use krites_lang::{Id as _, RuleId, RuleSetId, TableId, TagId};

use crate::run::{FaultId, Found, NEW, Run, Spoke, With};
use crate::verdict::{Ending, RuleState};
use crate::{Value, calendar};

/// What asking a rule came to
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Came {
    NotFired,
    Fired,
    Faulted,
}

impl<'p> Run<'p, '_> {
    pub(crate) fn rule_set(&mut self, id: RuleSetId) -> Result<(), Ending> {
        let policy = self.policy;
        let set = &policy.rule_sets[id];
        if !self.holds(&set.validity) {
            return Ok(());
        }
        for rule in &set.rules {
            let came = self.rule(*rule, true)?;
            if set.mode == RuleSetMode::First && came != Came::NotFired {
                break;
            }
        }
        Ok(())
    }

    /// Asks a rule, and lets it speak. `otherwise` in a set holds where it is reached,
    /// in `decide` where nothing has spoken.
    pub(crate) fn rule(&mut self, id: RuleId, in_set: bool) -> Result<Came, Ending> {
        let policy = self.policy;
        let rule = &policy.rules[id];
        if rule.shadow || !self.holds(&rule.validity) {
            return Ok(Came::NotFired);
        }
        let outcome = match (&rule.when, in_set || self.spoken.is_empty()) {
            (None, false) => Ok(None),
            _ => self.said(id),
        };
        match outcome {
            Ok(Some(outcome)) => {
                self.set_rule(id, RuleState::Fired);
                let speaker = rule.name.to_string();
                self.tag(&speaker, &rule.then.tags);
                if let Some(outcome) = outcome {
                    self.spoken.push(Spoke {
                        speaker,
                        outcome,
                        because: rule.then.because,
                        with: With::Computed(&rule.then.with),
                        rule: Some(id),
                        owner: Arc::clone(&rule.name),
                        failed: false,
                    });
                }
                Ok(Came::Fired)
            }
            Ok(None) => {
                self.set_rule(id, RuleState::NotFired);
                Ok(Came::NotFired)
            }
            Err(fault) => {
                let state = RuleState::Fault(self.met(fault));
                self.set_rule(id, state);
                let spoke = self.handled(fault, &rule.name, Some(id))?;
                self.spoken.push(spoke);
                Ok(Came::Faulted)
            }
        }
    }

    /// What a rule says, found once: nothing where its condition does not hold, else
    /// its outcome, where it has one.
    pub(crate) fn said(&mut self, id: RuleId) -> Found<Option<Option<u32>>> {
        if let Some(said) = self.said.get(&id) {
            return *said;
        }
        let rule = &self.policy.rules[id];
        let said = match &rule.when {
            Some(when) => self.truth(when),
            None => Ok(true),
        };
        let said = said.and_then(|fires| match (fires, &rule.then.outcome) {
            (false, _) => Ok(None),
            (true, Outcome::None) => Ok(Some(None)),
            (true, Outcome::Label(label)) => Ok(Some(Some(*label))),
            (true, Outcome::Computed(expr)) => match self.value(expr)? {
                Some(Value::Label(label)) => Ok(Some(Some(label))),
                _ => self.broken("an outcome that is no label"),
            },
        });
        if said == Err(NEW) {
            return said;
        }
        self.said.insert(id, said);
        let state = match said {
            Ok(Some(_)) => RuleState::Fired,
            Ok(None) => RuleState::NotFired,
            Err(fault) => RuleState::Fault(self.met(fault)),
        };
        self.set_rule(id, state);
        said
    }

    fn tag(&mut self, speaker: &str, tags: &[TagId]) {
        for tag in tags {
            self.tagged.push((speaker.to_owned(), *tag));
        }
    }

    /// Tells whether something holds on the day of the decision.
    pub(crate) fn holds(&self, validity: &Validity) -> bool {
        let today = self.case.decision_date;
        let begun = validity.from.is_none_or(|day| calendar::date(day) <= today);
        let ended = validity
            .through
            .is_some_and(|day| calendar::date(day) < today);
        begun && !ended && !validity.off
    }

    pub(crate) fn set_rule(&mut self, id: RuleId, state: RuleState) {
        if let Some(place) = self.rules.get_mut(id.position()) {
            *place = state;
        }
    }

    /// A value speaks, unless it is missing; of a table the row does.
    pub(crate) fn evaluate(&mut self, evaluate: &'p Evaluate) -> Result<(), Ending> {
        let policy = self.policy;
        let owner = match evaluate.value {
            ir::Value::Table(id, _) => Arc::clone(&policy.tables[id].name),
            ir::Value::Definition(id) => Arc::clone(&policy.definitions[id].name),
            ir::Value::Input(id) => Arc::clone(&policy.inputs[id].name),
            ir::Value::Model(id, give) => match policy.models[id].gives.get(give as usize) {
                Some(give) => Arc::clone(&give.name),
                None => "no such answer".into(),
            },
            _ => "what decides itself".into(),
        };
        if let ir::Value::Table(id, output) = evaluate.value
            && policy.tables[id].policy.gives_lists()
        {
            return self.rows_speak(evaluate, id, output);
        }
        let outcome = match self.named(evaluate.value) {
            Ok(Some(Value::Label(outcome))) => outcome,
            Ok(_) => return Ok(()),
            Err(fault) => {
                let spoke = self.handled(fault, &owner, None)?;
                self.spoken.push(spoke);
                return Ok(());
            }
        };
        let (mut speaker, mut because) = (owner.to_string(), None);
        if let ir::Value::Table(id, _) = evaluate.value
            && let Ok(chosen) = self.chosen(id)
            && let Some(row) = chosen.rows().first()
            && let Some(row) = policy.tables[id].rows.get(*row)
        {
            speaker = format!("{owner}[{}]", row.id);
            because = row.because;
        }
        self.spoken.push(Spoke {
            speaker,
            outcome,
            because,
            with: With::Computed(&evaluate.with),
            rule: None,
            owner,
            failed: false,
        });
        Ok(())
    }

    /// Each row that counts speaks, in their order, unless what it gives is missing.
    fn rows_speak(
        &mut self,
        evaluate: &'p Evaluate,
        id: TableId,
        output: u32,
    ) -> Result<(), Ending> {
        let policy = self.policy;
        let table = &policy.tables[id];
        let values = self.given_by_rows(id, output);
        let found = values.and_then(|values| Ok((values, self.chosen(id)?.rows())));
        match found {
            Ok((values, rows)) => {
                for (value, row) in values.into_iter().zip(rows) {
                    if let (Some(Value::Label(outcome)), Some(row)) = (value, table.rows.get(row)) {
                        self.spoken.push(Spoke {
                            speaker: format!("{}[{}]", table.name, row.id),
                            outcome,
                            because: row.because,
                            with: With::Computed(&evaluate.with),
                            rule: None,
                            owner: Arc::clone(&table.name),
                            failed: false,
                        });
                    }
                }
            }
            Err(fault) => {
                let spoke = self.handled(fault, &table.name, None)?;
                self.spoken.push(spoke);
            }
        }
        Ok(())
    }

    /// What a fault leads to: as the rule says, else the model that failed, else the
    /// group that is not there, else the policy.
    pub(crate) fn handled(
        &mut self,
        fault: FaultId,
        owner: &Arc<str>,
        rule: Option<RuleId>,
    ) -> Result<Spoke<'p>, Ending> {
        let policy = self.policy;
        let own = rule.and_then(|id| policy.rules[id].on_fault.as_ref());
        let met = self.faults.get(fault.0);
        let model = met.and_then(|met| met.model);
        let group = met.and_then(|met| met.group);
        let asked = met.and_then(|met| met.policy);
        let of_asked = asked.and_then(|id| policy.subpolicies[id].on_fault.as_ref());
        let of_model = model.and_then(|id| policy.models[id].on_fault.as_ref());
        let of_group = group.and_then(|id| policy.groups[id].on_fault.as_ref());
        let own = own.or(of_model).or(of_asked).or(of_group);
        let Some(handling) = own.or(policy.on_fault.as_ref()) else {
            return Err(Ending::Unhandled {
                speaker: Arc::clone(owner),
                fault: self.met(fault),
            });
        };
        let speaker = format!("fault {}", fault.0);
        self.tag(&speaker, &handling.tags);
        Ok(Spoke {
            speaker,
            outcome: handling.outcome,
            because: handling.because,
            with: With::Constant(&handling.with),
            rule: None,
            owner: Arc::clone(&policy.decide.name),
            failed: false,
        })
    }
}
