//! Deciding: the steps in order, then outputs, reasons and tags from the outcome.

use crate::ids::{Id as _, InputId, ModelId, OutputId, ReasonId};
use crate::ir::OwedOf;
use crate::program::{OutputCode, Program, StepCode};

use super::fault::{EvalError, EvalErrorKind, ModelFault};
use super::frame::Frame;
use super::model::{Answer, Answers};
use super::run::{Asks, Needs, Progress, Run, Stop};
use super::state::{ModelState, SlotState};

/// Why deciding leaves its steps
pub(super) enum Leave {
    Error(EvalError),
    Needs(Needs),
    /// It would ask for something new, and may not
    New,
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
            asks: Asks::Freely,
            again: None,
        };
        match run.decide() {
            Ok(()) => Ok(Progress::Decided),
            Err(Leave::Needs(needs)) => Ok(Progress::Needs(needs)),
            Err(Leave::Error(error)) => Err(error),
            // A decision asks freely
            Err(Leave::New) => Err(EvalError::new(EvalErrorKind::NothingSpoke)),
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
            asks: Asks::Freely,
            again: None,
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
                let _ = run.model_fails(model, fault);
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
        let outcome = self.outcome_and_outputs()?;
        self.reasons(outcome)?;
        self.tags();
        let behind = self.program.policy.owed.then.len();
        if behind > 0 {
            // What is observed asks for values: where deciding goes on, or is called again,
            // they add no reasons.
            self.frame.rare.reasoned = Some(behind);
        }
        self.observe()
    }

    /// Takes the steps, finds the outcome, and fills the outputs.
    pub(super) fn outcome_and_outputs(&mut self) -> Result<u32, Leave> {
        let program = self.program;
        self.frame.spoken.clear();
        self.frame.tagged.clear();
        for (position, step) in (0_u32..).zip(&program.decide.steps) {
            match step {
                StepCode::Rules(id) => self.rule_set(*id)?,
                StepCode::Rule(id) => {
                    self.rule(*id)?;
                }
                StepCode::Evaluate(code) => self.evaluate(code, position)?,
                StepCode::StopOnce(outcome) => {
                    if self.outcome_so_far() == Some(*outcome) {
                        break;
                    }
                }
                StepCode::StopOnceAtLeast(outcome) => {
                    if self.outcome_so_far() >= Some(*outcome) {
                        break;
                    }
                }
            }
            if program.decide.first_match && !self.frame.spoken.is_empty() {
                break;
            }
        }
        let outcome = self.settle()?;
        self.frame.set_whole(program.outcome, i64::from(outcome));
        self.outputs()?;
        self.outputs_if_asked()?;
        Ok(outcome)
    }

    /// What a pending slot or model asks of the host.
    #[cold]
    #[inline(never)]
    pub(super) fn needs(&self, stop: Stop) -> Leave {
        match stop {
            Stop::Model(model) => Leave::Needs(Needs::Model(model)),
            Stop::Group(group) => Leave::Needs(Needs::Group(group)),
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
            Stop::New => Leave::New,
            Stop::Fault(_) => EvalErrorKind::NothingSpoke.into(),
        }
    }

    fn outputs(&mut self) -> Result<(), Leave> {
        let program = self.program;
        for (id, output) in program.outputs.iter_ids() {
            if !output.if_asked {
                self.filled(id, Self::output)?;
            }
        }
        Ok(())
    }

    /// What is given only where others asked for it: behind all that may ask.
    fn outputs_if_asked(&mut self) -> Result<(), Leave> {
        let program = self.program;
        for (id, source) in &program.outputs_if_asked {
            self.filled(*id, |run, output| match run.frame.state(*source) {
                SlotState::Present => run.output(output),
                _ => {
                    run.frame.set_state(output.value.slot, SlotState::Missing);
                    Ok(())
                }
            })?;
        }
        Ok(())
    }

    /// Fills an output's slot, once.
    fn filled(
        &mut self,
        id: OutputId,
        fill: impl FnOnce(&mut Self, &'p OutputCode) -> Result<(), Stop>,
    ) -> Result<(), Leave> {
        let program = self.program;
        let output = &program.outputs[id];
        let slot = output.value.slot;
        let done = match self.frame.state(slot) {
            SlotState::Unset => fill(self, output),
            SlotState::Fault => Err(Stop::Fault(self.frame.slot_fault(slot))),
            SlotState::Present | SlotState::Missing | SlotState::Pending => Ok(()),
        };
        match done {
            Ok(()) => Ok(()),
            Err(Stop::Fault(fault)) => {
                self.frame.set_fault(slot, fault);
                let output = program.policy.outputs[id].name.clone();
                let fault = self.frame.faults.get(fault as usize).cloned();
                Err(match fault {
                    Some(fault) => EvalErrorKind::Output { output, fault }.into(),
                    None => EvalErrorKind::NothingSpoke.into(),
                })
            }
            Err(stop) => Err(self.needs(stop)),
        }
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

    /// The codes of all that spoke for the final outcome, in order, then those of
    /// shortfalls and contributions, each once.
    fn reasons(&mut self, outcome: u32) -> Result<(), Leave> {
        let program = self.program;
        let reasoned = self.frame.rare.reasoned;
        if reasoned.is_none() {
            self.frame.reasons.clear();
        }
        if !program.owed.get(outcome as usize).copied().unwrap_or(false) {
            return Ok(());
        }
        if reasoned.is_none() {
            self.reasons_of_spoken(outcome);
        }
        let behind = program.policy.owed.then.iter().enumerate();
        for (at, owed) in behind.skip(reasoned.unwrap_or(0)) {
            if !owed.outcomes.contains(&outcome) {
                continue;
            }
            let done = match owed.of {
                OwedOf::Shortfalls(id) => self.reasons_of_shortfalls(id, owed.if_asked),
                OwedOf::Contributions(id) => self.reasons_of_contributions(id, owed.if_asked),
            };
            if let Err(stop) = done {
                self.frame.rare.reasoned = Some(at);
                return Err(self.needs(stop));
            }
        }
        Ok(())
    }

    fn reasons_of_spoken(&mut self, outcome: u32) {
        for at in 0..self.frame.spoken.len() {
            let spoken = self.frame.spoken.get(at);
            let spoken = spoken.filter(|spoken| spoken.outcome == outcome);
            if let Some(because) = spoken.and_then(|spoken| spoken.because) {
                self.owe(because);
            }
        }
    }

    /// Adds a reason, unless it is there or there are as many as are owed.
    pub(super) fn owe(&mut self, because: ReasonId) {
        if self.would_owe(because) {
            self.frame.reasons.push(because);
        }
    }

    /// Tells whether a reason is not there, and there is room for it.
    pub(super) fn would_owe(&self, because: ReasonId) -> bool {
        let most = self.program.policy.owed.at_most;
        let most = most.map_or(usize::MAX, |most| most as usize);
        let reasons = &self.frame.reasons;
        reasons.len() < most && !reasons.contains(&because)
    }
}

impl Program {
    /// Marks an input as pending: evaluation stops where it is needed, and goes
    /// on once it is set. An input of a group comes with its group, as
    /// [`Program::await_groups`] says.
    pub fn set_pending(&self, frame: &mut Frame, id: InputId) {
        if frame.program == self.identity && self.inputs[id].group.is_none() {
            frame.set_state(self.inputs[id].slot, SlotState::Pending);
        }
    }
}
