//! A policy that is asked by another one: given values, decided in a frame of its own,
//! and read.
//! Invariant: it sees what it is given, and the day; nothing else.

use crate::ids::{Id as _, SubpolicyId};
use crate::ir::{PolicyAnswer, Subpolicy};
use crate::program::{FedCode, GivenCode, Kind, Program};
use crate::types::Ty;

use super::frame::Frame;
use super::model::Answers;
use super::policy::PolicyFault;
use super::refused::InputError;
use super::run::Progress;
use super::state::SlotState;

/// One case of another policy
#[derive(Debug)]
pub struct PolicyCall<'a> {
    /// The policy that asks, and its frame
    pub(super) asking: &'a Program,
    pub(super) frame: &'a mut Frame,
    /// The policy that is asked
    pub(super) id: SubpolicyId,
    pub(super) again: bool,
}

impl PolicyCall<'_> {
    /// Returns which policy is asked.
    #[must_use]
    pub fn policy(&self) -> SubpolicyId {
        self.id
    }

    /// Tells whether the case is decided again in shadow.
    #[must_use]
    pub fn again(&self) -> bool {
        self.again
    }

    /// Returns what the asking policy declares of it.
    #[must_use]
    pub fn declared(&self) -> &Subpolicy {
        &self.asking.policy.subpolicies[self.id]
    }

    /// Decides the case by `program`, the policy that is asked; `answers` are those of
    /// its own models, data and policies.
    ///
    /// # Errors
    ///
    /// [`PolicyFault`] where it comes to no decision, or gives less than is read.
    pub fn decide<A: Answers>(self, program: &Program, answers: &mut A) -> Result<(), PolicyFault> {
        let Self {
            asking, frame, id, ..
        } = self;
        let code = &asking.subpolicies[id];
        let declared = &asking.policy.subpolicies[id];
        let known = |feed: &FedCode| feed.input.position() < program.policy.inputs.len();
        if *program.policy.name != *declared.policy || !code.feeds.iter().all(known) {
            return Err(PolicyFault::NotThere);
        }
        let place = frame.rare.policies.get_mut(id.position());
        let kept = place.and_then(|place| place.frame.take());
        let mut inner = kept.unwrap_or_else(|| Box::new(program.frame()));
        let day = asking.decision_date(frame).unwrap_or_default();
        program.begin(&mut inner, day);
        let given = give(frame, program, &mut inner, &code.feeds);
        let decided = match given {
            Err(error) => Err(PolicyFault::Refused {
                input: error.field().to_owned(),
            }),
            Ok(()) => match program.decide(&mut inner, answers) {
                Ok(Progress::Decided) => Ok(()),
                Ok(Progress::Needs(_)) => Err(PolicyFault::Waits),
                Err(error) => Err(PolicyFault::Undecided(Box::new(error.kind().clone()))),
            },
        };
        let mut gives = declared.gives.iter().zip(&code.gives);
        let done = decided.and_then(|()| {
            gives.try_for_each(|(declared, give)| {
                take(program, &inner, asking, frame, give).ok_or_else(|| PolicyFault::NoAnswer {
                    give: asking.policy.definitions[declared.definition].name.clone(),
                })
            })
        });
        if let Some(place) = frame.rare.policies.get_mut(id.position()) {
            place.frame = Some(inner);
        }
        done
    }
}

/// Gives the inputs of a policy that is asked.
fn give(
    frame: &Frame,
    program: &Program,
    inner: &mut Frame,
    feeds: &[FedCode],
) -> Result<(), InputError> {
    for feed in feeds {
        let (slot, input) = (feed.value.slot, feed.input);
        match (feed.kind, frame.state(slot)) {
            (Kind::Whole, SlotState::Present) => {
                let value = frame.whole(slot);
                let label = usize::try_from(value)
                    .ok()
                    .and_then(|at| feed.labels.get(at));
                let value = label.map_or(value, |label| i64::from(*label));
                program.set_whole_value(inner, input, value, &"the value")?;
            }
            (Kind::Exact, SlotState::Present) => {
                program.set_exact(inner, input, frame.exact(slot))?;
            }
            (Kind::Text, SlotState::Present) => {
                let text = frame.text_at(frame.text_range(slot));
                program.set_text(inner, input, text)?;
            }
            _ => program.set_missing(inner, input)?,
        }
    }
    program.finish_inputs(inner)
}

/// Takes one answer over; `None` where it is not there and should be.
fn take(
    program: &Program,
    inner: &Frame,
    asking: &Program,
    frame: &mut Frame,
    give: &GivenCode,
) -> Option<()> {
    let from = match give.from {
        PolicyAnswer::Outcome => program.outcome,
        PolicyAnswer::Decided(at) => *program.decide.values.get(at as usize)?,
        PolicyAnswer::Output(id) => program.outputs.find(id)?.value.slot,
    };
    if inner.state(from) != SlotState::Present {
        frame.set_state(give.slot, SlotState::Missing);
        return give.ty.optional.then_some(());
    }
    match Kind::of(give.ty.ty) {
        Kind::Whole => {
            let value = inner.whole(from);
            let value = match give.ty.ty {
                Ty::Enum(_) => i64::from(*give.labels.get(usize::try_from(value).ok()?)?),
                _ => value,
            };
            frame.set_whole(give.slot, value);
        }
        Kind::Exact => {
            let value = inner.exact(from);
            let value = give
                .ty
                .places
                .map_or(value, |places| value.round(places, asking.rounding));
            frame.set_exact(give.slot, value);
        }
        Kind::Text => {
            let text = inner.text_at(inner.text_range(from));
            return frame.set_text(give.slot, text).then_some(());
        }
    }
    Some(())
}
