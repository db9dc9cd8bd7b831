//! The decision: steps, the outcome and what is decided with it, outputs, reasons.

use std::sync::Arc;

use krites_lang::ast::DecidePolicy;
use krites_lang::ir::{self, OwedOf, Step};
use krites_lang::{ReasonId, TagId};

use crate::Value;
use crate::run::{Found, Run, Spoke, With};
use crate::verdict::{Ending, RuleState, Verdict};

/// What goes out, by name
pub(crate) type Outputs = Vec<(Arc<str>, Option<Value>)>;

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

    pub(crate) fn label(&self, outcome: u32) -> Arc<str> {
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
            all.extend(match then.of {
                OwedOf::Shortfalls(card) => self.shortfalls(card, then.if_asked),
                OwedOf::Contributions(model) => self.contributions(model, then.if_asked),
            });
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
}
