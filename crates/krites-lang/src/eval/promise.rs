//! What a model answers, held against what is promised of it.

use std::sync::Arc;

use crate::ids::{Id as _, ModelId};
use crate::ir::{ConstRange, Literal, Model};
use crate::program::{Kind, Share};
use crate::{Exact, MAX_TEXT};

use super::fault::ModelFault;
use super::model::{Answer, Answers};
use super::run::{Run, Stop};
use super::state::ModelState;

/// How far outside its promised range an answer may lie to be taken for the
/// bound: rounding noise of 32-bit floats.
const TOLERANCE: (i128, u32) = (1, 6);

/// How far from one the probabilities of a distribution may sum to: rounding noise
/// of many 32-bit floats.
const SUM_TOLERANCE: (i128, u32) = (1, 3);

impl<A: Answers> Run<'_, '_, A> {
    /// Turns the answers of a model into values of the policy.
    pub(super) fn take_answers(&mut self, id: ModelId) -> Result<(), Stop> {
        for row in 0..self.rows_fed(id) {
            if let Err(fault) = self.take_row(id, row) {
                return self.model_fails(id, fault);
            }
            if self.program.models[id].each.is_some() {
                self.program.keep_row(self.frame, id, row);
            }
        }
        self.frame.set_model(id, ModelState::Answered);
        Ok(())
    }

    /// Turns the answers for one row into values.
    fn take_row(&mut self, id: ModelId, row: usize) -> Result<(), ModelFault> {
        let program = self.program;
        let gives = &program.models[id].gives;
        let declared = &program.policy.models[id].gives;
        let first = row * gives.len();
        let mut shares = Exact::ZERO;
        for (position, (give, declared)) in gives.iter().zip(declared).enumerate() {
            let answer = self
                .frame
                .answers
                .get_mut(id.position())
                .and_then(|answers| answers.get_mut(first + position));
            let answer = answer.map(std::mem::take).unwrap_or_default();
            let name = || declared.name.clone();
            match (give.kind, &answer) {
                (Kind::Exact, Answer::Float(_) | Answer::Double(_)) => {
                    let value = match answer {
                        Answer::Float(value) => Exact::from_f32(value),
                        Answer::Double(value) => Exact::from_f64(value),
                        _ => Ok(Exact::ZERO),
                    };
                    let Ok(value) = value else {
                        return Err(ModelFault::NotFinite { give: name() });
                    };
                    let given = value;
                    let value = match give.rounded {
                        Some(places) => value.round(places, program.rounding),
                        None => value,
                    };
                    let Some(value) = promised(value, give.range.as_ref()) else {
                        return Err(ModelFault::OutsideRange { give: name() });
                    };
                    self.frame.set_exact(give.slot, value);
                    if give.share != Share::None {
                        // Each of them was found to lie between zero and one.
                        shares = shares.add_rounded(given).unwrap_or_default();
                    }
                    if give.share == Share::LastOfOne && !is_one(std::mem::take(&mut shares)) {
                        let name = distribution_name(&program.policy.models[id], position);
                        return Err(ModelFault::NotOne { give: name });
                    }
                }
                (Kind::Whole, Answer::Integer(_) | Answer::Boolean(_)) => {
                    let value = match answer {
                        Answer::Integer(value) => value,
                        Answer::Boolean(value) => i64::from(value),
                        _ => 0,
                    };
                    if give
                        .range
                        .as_ref()
                        .is_some_and(|range| !range.contains(&Literal::Integer(value)))
                    {
                        return Err(ModelFault::OutsideRange { give: name() });
                    }
                    self.frame.set_whole(give.slot, value);
                }
                (Kind::Text, Answer::Text(text)) => {
                    if text.len() > MAX_TEXT || !self.frame.set_text(give.slot, text) {
                        return Err(ModelFault::TextTooLong { give: name() });
                    }
                }
                _ => return Err(ModelFault::NoAnswer { give: name() }),
            }
        }
        Ok(())
    }
}

/// Tells whether probabilities sum to one, up to the tolerance of a sum.
fn is_one(sum: Exact) -> bool {
    let tolerance = Exact::new(SUM_TOLERANCE.0, SUM_TOLERANCE.1).unwrap_or_default();
    let distance = sum.add_rounded(Exact::from_integer(-1));
    distance.is_ok_and(|distance| distance.abs() <= tolerance)
}

/// The distribution that an answer is the last label of.
fn distribution_name(model: &Model, last: usize) -> Arc<str> {
    let mut distributions = model.distributions.iter();
    let found = distributions.rfind(|found| found.labels.first as usize <= last);
    found.map_or_else(|| model.name.clone(), |found| found.name.clone())
}

/// Holds an answer against the promised range: inside it stays, within the
/// tolerance it becomes the bound, else it is refused.
fn promised(value: Exact, range: Option<&ConstRange>) -> Option<Exact> {
    let Some(range) = range else {
        return Some(value);
    };
    if range.contains(&Literal::Exact(value)) {
        return Some(value);
    }
    let tolerance = Exact::new(TOLERANCE.0, TOLERANCE.1).unwrap_or_default();
    [&range.low, &range.high]
        .into_iter()
        .flatten()
        .find_map(|(bound, inclusive)| match bound {
            Literal::Exact(bound) if *inclusive => {
                let distance = value.subtract(*bound).ok()?.abs();
                (distance <= tolerance).then_some(*bound)
            }
            _ => None,
        })
}
