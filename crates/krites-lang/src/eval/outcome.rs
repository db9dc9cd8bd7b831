//! Deciding: rules and tables speak, the most severe outcome wins, outputs and
//! reasons follow from it.

use std::sync::Arc;

use crate::ast::RuleSetMode;
use crate::ids::{Id as _, InputId, ModelId, RuleId};
use crate::ir::{Handling, Step};
use crate::program::{Days, OutputCode, Program, When};

use super::fault::{EvalError, EvalErrorKind, ModelFault};
use super::frame::{Frame, ModelState, RuleState, SlotState, Speaker, Spoken};
use super::model::{Answer, Answers};
use super::run::{Needs, Progress, Run, Stop};

/// Why deciding leaves its steps
enum Leave {
    Error(EvalError),
    Needs(Needs),
}

impl From<EvalErrorKind> for Leave {
    fn from(kind: EvalErrorKind) -> Self {
        Leave::Error(EvalError::new(kind))
    }
}

impl Program {
    /// Decides the case that is bound in `frame`, or goes on deciding it.
    ///
    /// # Errors
    ///
    /// [`EvalError`] where a fault has no handling, or an output cannot be
    /// computed.
    pub fn decide<A: Answers>(
        &self,
        frame: &mut Frame,
        answers: &mut A,
    ) -> Result<Progress, EvalError> {
        if frame.program != self.identity {
            return Err(EvalError::new(EvalErrorKind::ForeignFrame));
        }
        let mut run = Run {
            program: self,
            frame,
            answers,
        };
        match run.decide() {
            Ok(()) => Ok(Progress::Decided),
            Err(Leave::Needs(needs)) => Ok(Progress::Needs(needs)),
            Err(Leave::Error(error)) => Err(error),
        }
    }

    /// Gives the answer that a pending model owes; [`Program::decide`] goes on.
    ///
    /// `answers` stand in the order of the policy's `give` lines. An answer that
    /// breaks its promise becomes the model's fault, as in a direct call.
    pub fn give_answer(
        &self,
        frame: &mut Frame,
        model: ModelId,
        answers: Result<&[Answer], ModelFault>,
    ) {
        if frame.program != self.identity || frame.model(model) != ModelState::Pending {
            return;
        }
        let mut run = Run {
            program: self,
            frame,
            answers: &mut super::model::NoModels,
        };
        // A broken promise is kept as the model's state; deciding meets it there.
        match answers {
            Ok(given) => {
                if let Some(slots) = run.frame.answers.get_mut(model.position()) {
                    slots
                        .iter_mut()
                        .zip(given)
                        .for_each(|(slot, given)| slot.clone_from(given));
                }
                let _ = run.take_answers(model);
            }
            Err(fault) => {
                let _ = run.model_fault(model, fault);
            }
        }
    }

    /// Returns the position of the outcome's label, once decided.
    #[must_use]
    pub fn outcome(&self, frame: &Frame) -> Option<u32> {
        (frame.state(self.outcome) == SlotState::Present)
            .then(|| u32::try_from(frame.whole(self.outcome)).unwrap_or(u32::MAX))
    }
}

impl<'p, A: Answers> Run<'p, '_, A> {
    fn decide(&mut self) -> Result<(), Leave> {
        let program = self.program;
        self.frame.spoken.clear();
        for step in &program.steps {
            match step {
                Step::Rules(id) => self.rule_set(*id)?,
                Step::Rule(id) => {
                    self.rule(*id)?;
                }
                Step::Table(id, output) => self.speak_table(*id, *output)?,
                Step::StopOnce(outcome) => {
                    if self.outcome_so_far() == Some(*outcome) {
                        break;
                    }
                }
                Step::StopOnceAtLeast(outcome) => {
                    if self.outcome_so_far() >= Some(*outcome) {
                        break;
                    }
                }
            }
        }
        let outcome = self.outcome_so_far().ok_or(EvalErrorKind::NothingSpoke)?;
        self.frame.set_whole(program.outcome, i64::from(outcome));
        self.outputs()?;
        self.reasons(outcome);
        Ok(())
    }

    /// The most severe outcome that was spoken for.
    fn outcome_so_far(&self) -> Option<u32> {
        self.frame.spoken.iter().map(|spoken| spoken.outcome).max()
    }

    fn rule_set(&mut self, id: crate::ids::RuleSetId) -> Result<(), Leave> {
        let program = self.program;
        if !self.holds_today(program.rule_sets[id].days) {
            return Ok(());
        }
        let set = &program.policy.rule_sets[id];
        for rule in &set.rules {
            let matched = self.rule(*rule)?;
            if matched && set.mode == RuleSetMode::First {
                break;
            }
        }
        Ok(())
    }

    /// Asks a rule; tells whether it fired or could not be computed.
    #[inline]
    fn rule(&mut self, id: RuleId) -> Result<bool, Leave> {
        let program = self.program;
        let rule = &program.rules[id];
        if let Some(rare) = &rule.rare
            && !self.holds_today(rare.days)
        {
            return Ok(false);
        }
        let state = match self.frame.rule(id) {
            RuleState::NotAsked => {
                let holds = match &rule.when {
                    When::Holds(when) => self.truth(when),
                    When::RestOfSet => Ok(true),
                    When::RestOfDecide => Ok(self.frame.spoken.is_empty()),
                };
                match holds {
                    Ok(true) => RuleState::Fired,
                    Ok(false) => RuleState::NotFired,
                    Err(Stop::Fault(fault)) => RuleState::Fault(fault),
                    Err(stop) => return Err(self.needs(stop)),
                }
            }
            known => known,
        };
        self.frame.set_rule(id, state);
        match state {
            RuleState::Fired => {
                let because = rule.because;
                self.frame.spoken.push(Spoken {
                    speaker: Speaker::Rule(id),
                    outcome: rule.outcome,
                    because,
                });
                Ok(true)
            }
            RuleState::Fault(fault) => {
                self.speak_fault(fault, &program.policy.rules[id].name)?;
                Ok(true)
            }
            RuleState::NotAsked | RuleState::NotFired => Ok(false),
        }
    }

    /// Tells whether something holds on the day of the decision.
    fn holds_today(&self, days: Option<Days>) -> bool {
        days.is_none_or(|days| days.contain(self.frame.whole(self.program.decision_date)))
    }

    fn speak_table(&mut self, id: crate::ids::TableId, output: usize) -> Result<(), Leave> {
        let program = self.program;
        let table = &program.tables[id];
        let Some(target) = table.outputs.get(output) else {
            return Ok(());
        };
        match self.ready(target.slot) {
            Ok(false) => Ok(()),
            Ok(true) => {
                let row = self.frame.row(id).unwrap_or(usize::MAX);
                let because = program.policy.tables[id]
                    .rows
                    .get(row)
                    .and_then(|row| row.because);
                let outcome = u32::try_from(self.frame.whole(target.slot)).unwrap_or(u32::MAX);
                let row = u32::try_from(row).unwrap_or(u32::MAX);
                self.frame.spoken.push(Spoken {
                    speaker: Speaker::Row(id, row),
                    outcome,
                    because,
                });
                Ok(())
            }
            Err(Stop::Fault(fault)) => self.speak_fault(fault, &program.policy.tables[id].name),
            Err(stop) => Err(self.needs(stop)),
        }
    }

    /// A fault speaks as its nearest handling says.
    fn speak_fault(&mut self, fault: u32, speaker: &Arc<str>) -> Result<(), Leave> {
        let program = self.program;
        let Some(found) = self.frame.faults.get(fault as usize) else {
            return Err(EvalErrorKind::NothingSpoke.into());
        };
        let nearest = found.model.and_then(|model| program.models[model].on_fault);
        match nearest.or(program.policy.on_fault) {
            Some(Handling { outcome, because }) => {
                self.frame.spoken.push(Spoken {
                    speaker: Speaker::Fault(fault),
                    outcome,
                    because,
                });
                Ok(())
            }
            None => Err(EvalErrorKind::Unhandled {
                speaker: speaker.clone(),
                fault: found.clone(),
            }
            .into()),
        }
    }

    /// What a pending slot or model asks of the host.
    fn needs(&self, stop: Stop) -> Leave {
        match stop {
            Stop::Model(model) => Leave::Needs(Needs::Model(model)),
            Stop::Slot(slot) => {
                let input = self
                    .program
                    .inputs
                    .iter_ids()
                    .find(|(_, input)| input.slot.id == slot);
                match input {
                    Some((id, _)) => Leave::Needs(Needs::Input(id)),
                    None => EvalErrorKind::NothingSpoke.into(),
                }
            }
            Stop::Fault(_) => EvalErrorKind::NothingSpoke.into(),
        }
    }

    fn outputs(&mut self) -> Result<(), Leave> {
        let program = self.program;
        for (id, output) in program.outputs.iter_ids() {
            let slot = output.value.slot;
            let done = match self.frame.state(slot) {
                SlotState::Unset => self.output(output),
                SlotState::Fault => Err(Stop::Fault(self.frame.slot_fault(slot))),
                SlotState::Present | SlotState::Missing | SlotState::Pending => Ok(()),
            };
            match done {
                Ok(()) => {}
                Err(Stop::Fault(fault)) => {
                    self.frame.set_fault(slot, fault);
                    let output = program.policy.outputs[id].name.clone();
                    let fault = self.frame.faults.get(fault as usize).cloned();
                    return Err(match fault {
                        Some(fault) => EvalErrorKind::Output { output, fault }.into(),
                        None => EvalErrorKind::NothingSpoke.into(),
                    });
                }
                Err(stop) => return Err(self.needs(stop)),
            }
        }
        Ok(())
    }

    /// Computes an output where its condition holds.
    fn output(&mut self, output: &'p OutputCode) -> Result<(), Stop> {
        let given = match &output.when {
            Some(when) => self.truth(when)?,
            None => true,
        };
        if given {
            return self.compute(&output.value);
        }
        self.frame.set_state(output.value.slot, SlotState::Missing);
        Ok(())
    }

    /// The codes of all that spoke for the final outcome, in order, each once.
    fn reasons(&mut self, outcome: u32) {
        let program = self.program;
        let frame = &mut *self.frame;
        frame.reasons.clear();
        if !program.owed.get(outcome as usize).copied().unwrap_or(false) {
            return;
        }
        let most = program
            .policy
            .owed
            .at_most
            .map_or(usize::MAX, |most| most as usize);
        for spoken in &frame.spoken {
            let Some(because) = spoken.because.filter(|_| spoken.outcome == outcome) else {
                continue;
            };
            if frame.reasons.len() < most && !frame.reasons.contains(&because) {
                frame.reasons.push(because);
            }
        }
    }
}

impl Program {
    /// Marks an input as pending: evaluation stops where it is needed, and goes
    /// on once it is set.
    pub fn set_pending(&self, frame: &mut Frame, id: InputId) {
        if frame.program == self.identity {
            frame.set_state(self.inputs[id].slot, SlotState::Pending);
        }
    }
}
