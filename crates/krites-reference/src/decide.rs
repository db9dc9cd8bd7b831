//! The decision: steps, what speaks, outputs, reasons.

use std::sync::Arc;

use krites_lang::ast::{DecidePolicy, RuleSetMode};
use krites_lang::ir::{self, Evaluate, Outcome, Step, Validity};
use krites_lang::{Id as _, ReasonId, RuleId, RuleSetId, TagId};

use crate::run::{Asked, FaultId, Found, NEW, Run, Spoke, With};
use crate::verdict::{Ending, ModelState, RuleState, ShadowState, Spoken, Verdict};
use crate::{Fault, Value, calendar};

/// What goes out, by name
pub(crate) type Outputs = Vec<(Arc<str>, Option<Value>)>;

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

    pub(crate) fn ending(&mut self) -> Result<Ending, Ending> {
        let policy = self.policy;
        let (outcome, outputs) = self.outcome_and_outputs()?;
        let reasons = self.reasons(outcome);
        let tags = self.tags();
        self.observe(outcome, &outputs)?;
        Ok(Ending::Decided {
            outcome: self.label(outcome),
            outputs,
            reasons,
            tags,
            decided: {
                let values = policy.decide.values.iter().zip(&self.decided);
                values
                    .map(|(declared, value)| (Arc::clone(&declared.name), value.clone()))
                    .collect()
            },
        })
    }

    /// Takes the steps, finds the outcome and what goes out.
    pub(crate) fn outcome_and_outputs(&mut self) -> Result<(u32, Outputs), Ending> {
        let policy = self.policy;
        for step in &policy.decide.steps {
            match step {
                Step::Rules(id) => self.rule_set(*id)?,
                Step::Evaluate(evaluate) => self.evaluate(evaluate)?,
                Step::Rule(id) => {
                    self.rule(*id, false)?;
                }
                Step::StopOnce(outcome) if self.so_far() == Some(*outcome) => break,
                Step::StopOnceAtLeast(outcome) if self.so_far() >= Some(*outcome) => break,
                Step::StopOnce(_) | Step::StopOnceAtLeast(_) => {}
            }
            if policy.decide.policy == DecidePolicy::FirstMatch && !self.spoken.is_empty() {
                break;
            }
        }
        let outcome = self.settled()?;
        self.outcome = Some(outcome);
        let mut outputs: Outputs = policy
            .outputs
            .iter()
            .map(|output| (Arc::clone(&output.name), None))
            .collect();
        // What is given only where others asked for it comes behind all that may ask.
        for if_asked in [false, true] {
            for (output, place) in policy.outputs.iter().zip(&mut outputs) {
                if output.if_asked != if_asked {
                    continue;
                }
                match self.output(output) {
                    Ok(value) => place.1 = value,
                    Err(fault) => {
                        return Err(Ending::Output {
                            output: Arc::clone(&output.name),
                            fault: self.met(fault),
                        });
                    }
                }
            }
        }
        Ok((outcome, outputs))
    }

    fn output(&mut self, output: &'p ir::Output) -> Found<Option<Value>> {
        if output.if_asked
            && let ir::OutputSource::Expr(expr) = &output.value
            && let ir::ExprKind::Value(value) = &expr.kind
            && !self.is_there(*value)
        {
            return Ok(None);
        }
        let given = match &output.when {
            Some(when) => self.truth(when)?,
            None => true,
        };
        if !given {
            return Ok(None);
        }
        match &output.value {
            ir::OutputSource::Expr(value) => self.declared(value, output.ty),
            ir::OutputSource::Rows(table, at) => {
                let values = self.given_by_rows(*table, *at)?;
                Ok(Some(Value::List(values)))
            }
        }
    }

    /// The outcome that wins: the first or the most severe of those spoken for.
    fn so_far(&self) -> Option<u32> {
        let mut outcomes = self.spoken.iter().map(|spoke| spoke.outcome);
        match self.policy.decide.policy {
            DecidePolicy::FirstMatch => outcomes.next(),
            DecidePolicy::MostSevere => outcomes.max(),
        }
    }

    fn rule_set(&mut self, id: RuleSetId) -> Result<(), Ending> {
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
    fn rule(&mut self, id: RuleId, in_set: bool) -> Result<Came, Ending> {
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

    fn set_rule(&mut self, id: RuleId, state: RuleState) {
        if let Some(place) = self.rules.get_mut(id.position()) {
            *place = state;
        }
    }

    /// A value speaks, unless it is missing; of a table the row does.
    fn evaluate(&mut self, evaluate: &'p Evaluate) -> Result<(), Ending> {
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
        id: krites_lang::TableId,
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
    fn handled(
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

    /// Decides the outcome and its values, as the first says that spoke for it and can.
    /// Where one cannot, its fault speaks: in `first match` in its place, else beside it;
    /// where none can, the handling of the first one's fault says them.
    fn settled(&mut self) -> Result<u32, Ending> {
        let policy = self.policy;
        loop {
            let outcome = self.so_far().ok_or(Ending::NothingSpoke)?;
            if policy.decide.values.is_empty() {
                return Ok(outcome);
            }
            let of_outcome = |spoke: &Spoke<'_>| spoke.outcome == outcome;
            let sound = |spoke: &Spoke<'_>| of_outcome(spoke) && !spoke.failed;
            let found = self.spoken.iter().position(sound);
            let found = found.or_else(|| self.spoken.iter().position(of_outcome));
            let at = found.ok_or(Ending::NothingSpoke)?;
            let Some(spoke) = self.spoken.get(at) else {
                return Err(Ending::NothingSpoke);
            };
            let (with, rule) = (spoke.with, spoke.rule);
            let (owner, speaker) = (Arc::clone(&spoke.owner), spoke.speaker.clone());
            let fault = match self.decided_with(with) {
                Ok(values) => {
                    self.decided = values;
                    return Ok(outcome);
                }
                Err(fault) => fault,
            };
            if let Some(id) = rule {
                let state = RuleState::Fault(self.met(fault));
                self.set_rule(id, state);
            }
            if matches!(with, With::Constant(_)) {
                return Err(Ending::Unhandled {
                    speaker: owner,
                    fault: self.met(fault),
                });
            }
            let in_its_place = policy.decide.policy == DecidePolicy::FirstMatch;
            if in_its_place {
                self.tagged.retain(|(by, _)| *by != speaker);
            }
            let handled = self.handled(fault, &owner, rule)?;
            let Some(spoke) = self.spoken.get_mut(at) else {
                return Err(Ending::NothingSpoke);
            };
            if in_its_place {
                *spoke = handled;
            } else {
                spoke.failed = true;
                spoke.with = handled.with;
                self.spoken.insert(at + 1, handled);
            }
        }
    }

    fn decided_with(&mut self, with: With<'p>) -> Found<Vec<Option<Value>>> {
        let policy = self.policy;
        let mut values = Vec::with_capacity(policy.decide.values.len());
        for (at, declared) in policy.decide.values.iter().enumerate() {
            let value = match with {
                With::Computed(all) => match all.get(at) {
                    Some(Some(expr)) => self.value(expr)?,
                    _ => None,
                },
                With::Constant(all) => match all.get(at) {
                    Some(Some(literal)) => Some(Value::of(literal)),
                    _ => None,
                },
            };
            values.push(value.map(|value| self.rounded(value, declared.ty)));
        }
        Ok(values)
    }

    /// The tags of what fired and was handled, then of the models whose answers were
    /// replaced, each once.
    fn tags(&self) -> Vec<Arc<str>> {
        let policy = self.policy;
        let mut ids: Vec<TagId> = self.tagged.iter().map(|(_, tag)| *tag).collect();
        for (model, asked) in policy.models.iter().zip(&self.models) {
            if let (Some(stand_in), Some(asked)) = (&model.stand_in, asked)
                && asked.replaced.is_some()
            {
                ids.extend(&stand_in.tags);
            }
        }
        let mut tags: Vec<Arc<str>> = Vec::new();
        for id in ids {
            if !tags.contains(&policy.tags[id]) {
                tags.push(Arc::clone(&policy.tags[id]));
            }
        }
        tags
    }

    fn label(&self, outcome: u32) -> Arc<str> {
        let labels = &self.policy.enums[self.policy.decide.ty].labels;
        let label = labels.get(outcome as usize);
        label.map_or_else(|| "no such label".into(), |label| Arc::clone(&label.name))
    }

    fn reasons(&mut self, outcome: u32) -> Vec<Arc<str>> {
        let policy = self.policy;
        let owed = &policy.owed;
        if !owed.outcomes.contains(&outcome) {
            return Vec::new();
        }
        let mut reasons = Vec::new();
        let spoken = self.spoken.iter().filter(|spoke| spoke.outcome == outcome);
        let mut all: Vec<ReasonId> = spoken.filter_map(|spoke| spoke.because).collect();
        for then in owed
            .then
            .iter()
            .filter(|then| then.outcomes.contains(&outcome))
        {
            all.extend(self.shortfalls(then));
        }
        for reason in all {
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        let most = owed.at_most.map_or(usize::MAX, |most| most as usize);
        let reasons = reasons.into_iter().take(most);
        reasons
            .map(|id| Arc::clone(&policy.reasons[id].code))
            .collect()
    }

    fn verdict(self, ending: Ending) -> Verdict {
        let policy = self.policy;
        let rows = policy.tables.iter().zip(&self.rows).map(|(table, row)| {
            let rows = match row {
                Some(Ok(chosen)) => chosen.rows(),
                _ => Vec::new(),
            };
            let rows = rows.into_iter().filter_map(|row| table.rows.get(row));
            let names = rows.map(|row| Arc::clone(&row.id)).collect();
            (Arc::clone(&table.name), names)
        });
        let models = policy
            .models
            .iter()
            .zip(&self.models)
            .map(|(model, asked)| {
                let state = match asked {
                    None => ModelState::NotAsked,
                    Some(Asked {
                        replaced: Some(fault),
                        ..
                    }) => ModelState::Replaced(self.met(*fault)),
                    Some(asked) => match (&asked.answers, &asked.fed) {
                        (Ok(_), Some(fed)) => ModelState::Answered(fed.clone()),
                        (Ok(_), None) => ModelState::Failed(Fault::broken("answered, not fed")),
                        (Err(fault), _) => ModelState::Failed(self.met(*fault)),
                    },
                };
                (Arc::clone(&model.name), state)
            });
        let asked = policy.subpolicies.iter().zip(&self.policies);
        let asked = asked.map(|(declared, came)| {
            let verdict = came.as_ref().and_then(|came| came.verdict.clone());
            (Arc::clone(&declared.name), verdict)
        });
        let policies = asked.collect();
        let groups = policy.groups.iter().zip(&self.groups);
        let groups = groups.map(|(group, state)| (Arc::clone(&group.name), state.is_asked()));
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
        let always = policy.always.iter().zip(&self.always);
        Verdict {
            policies,
            shadows: policy
                .shadows
                .iter()
                .zip(
                    self.shadows
                        .iter()
                        .cloned()
                        .chain(std::iter::repeat(ShadowState::NotRun)),
                )
                .map(|(block, state)| (Arc::clone(&block.name), state))
                .collect(),
            always: always
                .map(|(always, state)| (Arc::clone(&always.title), state.clone()))
                .collect(),
            ending,
            spoken: spoken.collect(),
            rules: rules
                .map(|(rule, state)| (Arc::clone(&rule.name), state.clone()))
                .collect(),
            rows: rows.collect(),
            models: models.collect(),
            groups: groups.collect(),
            definitions: definitions.collect(),
            faults: self.faults.iter().map(|met| met.fault.clone()).collect(),
        }
    }
}
