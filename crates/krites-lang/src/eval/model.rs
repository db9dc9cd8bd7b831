//! Models, seen from the evaluator: fed, asked once, answering or failing.

use std::sync::Arc;

use crate::data::Data;
use crate::ids::{GroupId, Id as _, ModelId};
use crate::ir::{Literal, Model};
use crate::program::{ColumnCode, Kind, Share, Whole};
use crate::{Exact, MAX_TEXT, Span};

use super::fault::{Fault, FaultKind, ModelFault};
use super::policy::{PolicyCall, PolicyFault};
use super::run::{Asks, Run, Stop};
use super::state::{Feed, ModelState};

/// How far outside its promised range an answer may lie to be taken for the
/// bound: rounding noise of 32-bit floats.
const TOLERANCE: (i128, u32) = (1, 6);

/// How far from one the probabilities of a distribution may sum to: rounding noise
/// of many 32-bit floats.
const SUM_TOLERANCE: (i128, u32) = (1, 3);

/// Who answers for the models of a policy
pub trait Answers {
    /// Answers one call, or says that the answer comes later or never.
    fn answer(&mut self, call: ModelCall<'_>) -> Answered;

    /// Asks another policy, by [`PolicyCall::decide`].
    ///
    /// # Errors
    ///
    /// [`PolicyFault`] where it comes to no decision; none is at hand by default.
    fn policy(&mut self, call: PolicyCall<'_>) -> Result<(), PolicyFault> {
        let _ = call;
        Err(PolicyFault::NotThere)
    }

    /// Returns what the policy's lookups and lists from files hold.
    fn data(&self) -> &Data {
        Data::none()
    }
}

/// One call of a model, for one case
#[derive(Debug)]
pub struct ModelCall<'a> {
    /// Which model
    pub model: ModelId,
    /// How many rows are fed: one, or one a row of a rank
    pub rows: usize,
    /// One tensor an input, in the model's order, row after row
    pub feeds: &'a [Feed],
    /// One place a `give`, in the policy's order, row after row, to be filled
    pub answers: &'a mut [Answer],
    /// How long the call may take
    pub within_ms: Option<u64>,
    /// Whether the case is decided again in shadow: an answer that comes later is then
    /// not waited for, and what is decided again is not known
    pub again: bool,
}

/// What became of a call
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answered {
    /// The answers are filled
    Given,
    /// The answers come later: evaluation stops here
    Pending,
    /// The model failed
    Fault(ModelFault),
}

/// One answer as the model gives it
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Answer {
    /// None yet
    #[default]
    None,
    /// 32-bit float
    Float(f32),
    /// 64-bit float
    Double(f64),
    /// 64-bit integer
    Integer(i64),
    /// Boolean
    Boolean(bool),
    /// Text
    Text(String),
}

/// For policies without models: every call fails
#[derive(Clone, Copy, Debug, Default)]
pub struct NoModels;

impl Answers for NoModels {
    fn answer(&mut self, _: ModelCall<'_>) -> Answered {
        Answered::Fault(ModelFault::Failed("no model is at hand".to_owned()))
    }
}

/// For policies without models, whose data are at hand: every call fails
#[derive(Clone, Copy, Debug)]
pub struct DataAlone<'d>(pub &'d Data);

impl Answers for DataAlone<'_> {
    fn answer(&mut self, call: ModelCall<'_>) -> Answered {
        NoModels.answer(call)
    }

    fn data(&self) -> &Data {
        self.0
    }
}

impl<A: Answers> Run<'_, '_, A> {
    /// Makes sure that a model has answered, and its answers fill their slots.
    pub(super) fn need_model(&mut self, id: ModelId) -> Result<(), Stop> {
        match self.frame.model(id) {
            ModelState::Answered | ModelState::Stated | ModelState::StoodIn(_) => return Ok(()),
            ModelState::Fault(fault) => return Err(Stop::Fault(fault)),
            ModelState::Pending => return Err(Stop::Model(id)),
            ModelState::NotRun => {}
        }
        if self.asks == Asks::NothingNew {
            return Err(Stop::New);
        }
        match self.again {
            Some(again) => self.model_again(id, again),
            None => self.call_model(id),
        }
    }

    /// Calls a model that was not run.
    pub(super) fn call_model(&mut self, id: ModelId) -> Result<(), Stop> {
        if self.frame.failing.contains(&id) {
            return self.model_fails(id, ModelFault::Stated);
        }
        match self.fill_feeds(id) {
            Ok(()) => {}
            Err(Stop::Fault(fault)) => {
                let fault = self.frame.faults().get(fault as usize).cloned();
                let (kind, group) = match fault {
                    Some(fault) => (fault.kind, fault.group),
                    None => (FaultKind::Missing, None),
                };
                let fed = ModelFault::Feed(Box::new(kind));
                return self.model_fails_by(id, fed, group);
            }
            Err(stop) => return Err(stop),
        }
        if let Some(again) = self.again
            && let Some(done) = self.answered_before(id, again)
        {
            return done;
        }
        let program = self.program;
        let rows = self.rows_fed(id);
        let frame = &mut *self.frame;
        let (Some(feeds), Some(answers)) = (
            frame.feeds.get(id.position()),
            frame.answers.get_mut(id.position()),
        ) else {
            return Err(Stop::Model(id));
        };
        answers.clear();
        answers.resize(rows * program.models[id].gives.len(), Answer::None);
        let call = ModelCall {
            model: id,
            rows,
            feeds,
            answers,
            within_ms: program.models[id].within_ms,
            again: self.again.is_some(),
        };
        match self.answers.answer(call) {
            Answered::Given => self.take_answers(id),
            Answered::Fault(fault) => self.model_fails(id, fault),
            Answered::Pending => {
                self.frame.set_model(id, ModelState::Pending);
                Err(Stop::Model(id))
            }
        }
    }

    /// Runs a model in shadow behind the decision. Its fault is kept as its state, and
    /// leads to nothing; where it is fed with something new, it is not run.
    pub(super) fn run_in_shadow(&mut self, id: ModelId) -> Result<(), Stop> {
        let done = match self.frame.model(id) {
            ModelState::NotRun => self.call_model(id),
            ModelState::Pending => Err(Stop::Model(id)),
            ModelState::Answered
            | ModelState::Fault(_)
            | ModelState::Stated
            | ModelState::StoodIn(_) => Ok(()),
        };
        match done {
            Ok(()) | Err(Stop::Fault(_) | Stop::New) => Ok(()),
            Err(stop) => Err(stop),
        }
    }

    pub(super) fn model_fails(&mut self, id: ModelId, fault: ModelFault) -> Result<(), Stop> {
        self.model_fails_by(id, fault, None)
    }

    /// Keeps a model's failure, where `group` says by which group's fault; where the
    /// policy's answers stand in, evaluation goes on with these.
    fn model_fails_by(
        &mut self,
        id: ModelId,
        fault: ModelFault,
        group: Option<GroupId>,
    ) -> Result<(), Stop> {
        let program = self.program;
        let model = &program.models[id];
        let kind = FaultKind::Model {
            model: program.policy.models[id].name.clone(),
            fault,
        };
        let fault = self.frame.add_fault(Fault {
            kind,
            span: model.span,
            model: Some(id),
            group,
            policy: None,
        });
        if let Some(stand_in) = &model.stand_in {
            self.frame.set_model(id, ModelState::StoodIn(fault));
            for (give, answer) in model.gives.iter().zip(&stand_in.answers) {
                // What a policy writes has room
                let _ = self.frame.set_constant(give.slot, answer);
            }
            return Ok(());
        }
        self.frame.set_model(id, ModelState::Fault(fault));
        // None of its answers holds, whichever of them broke its promise.
        for give in &model.gives {
            self.frame.set_fault(give.slot, fault);
        }
        Err(Stop::Fault(fault))
    }

    /// Turns the answers of a model into values of the policy.
    pub(super) fn take_answers(&mut self, id: ModelId) -> Result<(), Stop> {
        for row in 0..self.rows_fed(id) {
            if let Err(fault) = self.take_row(id, row) {
                return self.model_fails(id, fault);
            }
            if self.program.models[id].each.is_some() {
                self.keep_row(id, row);
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

    fn fill_feeds(&mut self, id: ModelId) -> Result<(), Stop> {
        for row in 0..self.rows_fed(id) {
            self.bring_row(id, row)?;
            self.fill_row(id, row)?;
        }
        Ok(())
    }

    /// Fills one row of each tensor.
    fn fill_row(&mut self, id: ModelId, row: usize) -> Result<(), Stop> {
        let program = self.program;
        for (position, input) in program.models[id].inputs.iter().enumerate() {
            // The buffer leaves the frame while code that reads the frame fills it.
            let mut feed = match self.feed_slot(id, position) {
                Some(feed) => std::mem::replace(feed, Feed::Boolean(Vec::new())),
                None => continue,
            };
            let filled = self.fill_feed(&mut feed, row, &input.columns, program.models[id].span);
            if let Some(slot) = self.feed_slot(id, position) {
                *slot = feed;
            }
            filled?;
        }
        Ok(())
    }

    fn feed_slot(&mut self, id: ModelId, position: usize) -> Option<&mut Feed> {
        self.frame.feeds.get_mut(id.position())?.get_mut(position)
    }

    fn fill_feed(
        &mut self,
        feed: &mut Feed,
        row: usize,
        columns: &[ColumnCode],
        span: Span,
    ) -> Result<(), Stop> {
        match feed {
            Feed::Float(values) => {
                values.truncate(row * columns.len());
                for column in columns {
                    values.push(match column {
                        #[expect(
                            clippy::cast_precision_loss,
                            reason = "the tensor's nearest float is wanted"
                        )]
                        ColumnCode::Whole(whole) => self.whole(whole)? as f32,
                        #[expect(
                            clippy::cast_possible_truncation,
                            reason = "the tensor's nearest float is wanted"
                        )]
                        ColumnCode::Float(bits) => self.float(bits)? as f32,
                        column => self.column_number(column, span)?.to_f32(),
                    });
                }
            }
            Feed::Double(values) => {
                values.truncate(row * columns.len());
                for column in columns {
                    values.push(match column {
                        #[expect(
                            clippy::cast_precision_loss,
                            reason = "the tensor's nearest float is wanted"
                        )]
                        ColumnCode::Whole(whole) => self.whole(whole)? as f64,
                        ColumnCode::Float(bits) => self.float(bits)?,
                        column => self.column_number(column, span)?.to_f64(),
                    });
                }
            }
            Feed::Integer(values) => {
                values.truncate(row * columns.len());
                for column in columns {
                    values.push(match column {
                        ColumnCode::Whole(whole) => self.whole(whole)?,
                        ColumnCode::Truth(truth) => i64::from(self.truth(truth)?),
                        column => self
                            .column_number(column, span)?
                            .to_integer()
                            .unwrap_or_default(),
                    });
                }
            }
            Feed::Boolean(values) => {
                values.truncate(row * columns.len());
                for column in columns {
                    values.push(match column {
                        ColumnCode::Truth(truth) => self.truth(truth)?,
                        ColumnCode::Whole(whole) => self.whole(whole)? != 0,
                        _ => false,
                    });
                }
            }
            Feed::Text(values) => {
                let first = row * columns.len();
                values.resize_with(first + columns.len(), String::new);
                for (value, column) in values.iter_mut().skip(first).zip(columns) {
                    value.clear();
                    match column {
                        ColumnCode::Text(words) => {
                            self.ask_text(words, |text| value.push_str(text))?;
                        }
                        ColumnCode::Wire { label, wires } => {
                            let label = usize::try_from(self.whole(label)?).unwrap_or(usize::MAX);
                            value.push_str(wires.get(label).map_or("", |wire| wire));
                        }
                        _ => {}
                    }
                }
            }
        }
        Ok(())
    }

    fn column_number(&mut self, column: &ColumnCode, span: Span) -> Result<Exact, Stop> {
        Ok(match column {
            ColumnCode::Truth(truth) => Exact::from_integer(i64::from(self.truth(truth)?)),
            ColumnCode::Whole(whole) => Exact::from_integer(self.whole(whole)?),
            ColumnCode::Exact(number) => self.number(number)?,
            ColumnCode::Label {
                label,
                slot,
                codes,
                missing,
            } => {
                if let (Some(slot), Some(missing)) = (slot, missing)
                    && !self.ready(*slot)?
                {
                    return Ok(*missing);
                }
                let label = usize::try_from(self.whole(label)?).unwrap_or(usize::MAX);
                match codes.get(label) {
                    Some(code) => *code,
                    None => return Err(self.fault(FaultKind::Missing, span)),
                }
            }
            ColumnCode::Text(_) | ColumnCode::Float(_) | ColumnCode::Wire { .. } => Exact::ZERO,
        })
    }

    fn float(&mut self, bits: &Whole) -> Result<f64, Stop> {
        Ok(f64::from_bits(self.whole(bits)?.cast_unsigned()))
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
fn promised(value: Exact, range: Option<&crate::ir::ConstRange>) -> Option<Exact> {
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
