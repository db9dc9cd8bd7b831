//! A case that can be set aside: its frame and its release as one owned value.

use std::sync::Arc;

use krites_lang::{Date, EvalError, Frame, Given, InputProblem, Progress, SlotState};
use serde::Serialize;

use crate::bind::{self, BindError, UnknownFields};
use crate::decider::{Bound, DecideError};
use crate::decision::Decision;
use crate::release::Release;

/// A case on its way, `Send` and owned: it waits for inputs without holding a
/// decider, and goes on with the release it began with.
#[derive(Debug)]
pub struct Case {
    bound: Bound,
    unknown: UnknownFields,
}

/// How far a case came
#[derive(Debug)]
pub enum Step<'a> {
    /// It is decided
    Decided(Decision<'a>),
    /// It waits for this input
    Needs(String),
}

impl Case {
    pub(crate) fn open<T: Serialize + ?Sized>(
        release: Arc<Release>,
        policy: &str,
        decision_date: Date,
        facts: &T,
        (pending, unknown): (&[&str], UnknownFields),
    ) -> Result<Case, DecideError> {
        let mut bound = Bound::new(&release, 0, policy)?;
        let program = bound.policy.program();
        program.begin(&mut bound.frame, decision_date);
        let names = &bound.policy.part.names;
        for name in pending {
            for id in names.named(name)? {
                program.set_pending(&mut bound.frame, id);
            }
        }
        bind::bind_typed(
            names,
            &mut bound.learned,
            program,
            &mut bound.frame,
            facts,
            unknown,
        )?;
        Ok(Case { bound, unknown })
    }

    /// Goes on until the case is decided or waits for an input.
    ///
    /// # Errors
    ///
    /// A fault that the policy does not handle.
    pub fn step(&mut self) -> Result<Step<'_>, EvalError> {
        match self.bound.progress()? {
            Progress::Decided => Ok(Step::Decided(Decision {
                release: &self.bound.release,
                policy: &self.bound.policy,
                frame: &self.bound.frame,
            })),
            Progress::Needs(needs) => Ok(Step::Needs(self.bound.awaited(needs))),
        }
    }

    /// Gives inputs that were marked as pending: all of `facts`, or, where
    /// something of them is refused, nothing.
    ///
    /// # Errors
    ///
    /// [`DecideError::Facts`] where they do not fit the inputs, and for inputs
    /// that are not pending.
    pub fn give<T: Serialize + ?Sized>(&mut self, facts: &T) -> Result<(), DecideError> {
        let (bound, unknown) = (&mut self.bound, self.unknown);
        let names = &bound.policy.part.names;
        let program = bound.policy.program();
        let mut bind = |frame: &mut Frame| {
            let learned = &mut bound.learned;
            bind::bind_typed(names, learned, program, frame, facts, unknown)
        };
        // What is refused half-way is refused on a frame of its own.
        let mut trial = program.frame();
        let inputs = || program.policy().inputs.iter_ids();
        inputs().for_each(|(id, _)| program.set_pending(&mut trial, id));
        // A list is given with the case, and never later.
        let lists = program.policy().lists.iter_ids();
        lists.for_each(|(id, _)| program.pass_over_list(&mut trial, id));
        bind(&mut trial)?;
        for (id, _) in inputs() {
            let pending = program.input_state(&bound.frame, id) == SlotState::Pending;
            if trial.given(id) != Given::No && !pending {
                let problem = match bound.frame.given(id) {
                    Given::Given => InputProblem::Twice,
                    _ => InputProblem::Shape {
                        detail: "the case went on without it: it was not marked as pending"
                            .to_owned(),
                    },
                };
                return Err(BindError::from(program.refuse(id, problem)).into());
            }
        }
        bind(&mut bound.frame)?;
        Ok(())
    }
}
