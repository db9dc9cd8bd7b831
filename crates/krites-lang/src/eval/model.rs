//! Models, seen from the evaluator: asked once, answering or failing.

use crate::data::Data;
use crate::ids::{GroupId, Id as _, ModelId};

use super::contributions::{ContributionsCall, Verified};
use super::fault::{Fault, FaultKind, ModelFault};
use super::model_fault::ModelFailure;
use super::policy::PolicyFault;
use super::policy_call::PolicyCall;
use super::run::{Asks, Run, Stop};
use super::state::{Feed, ModelState};

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

    /// Is told of each model that failed, once a case: when it is called or would be, and
    /// its answers break their promises. Nothing of it is kept by default.
    fn failed(&mut self, failure: ModelFailure<'_>) {
        let _ = failure;
    }

    /// Tells by how much each feature that has a reason moved the answer of a model, and
    /// returns the margin: what the model computed before it made a probability of it.
    ///
    /// # Errors
    ///
    /// [`ModelFault`] where it cannot be told; it cannot by default.
    fn contributions(&mut self, call: ContributionsCall<'_>) -> Result<f64, ModelFault> {
        let _ = call;
        Err(ModelFault::Failed("nothing explains the model".to_owned()))
    }

    /// Tells what a model answers for a case, and what it answers on average where one of
    /// its features, by position among those that have a reason, has the values of the
    /// cases that it is explained against.
    ///
    /// # Errors
    ///
    /// [`ModelFault`] where it cannot be told; it cannot by default.
    fn without(
        &mut self,
        model: ModelId,
        feeds: &[Feed],
        feature: usize,
    ) -> Result<Verified, ModelFault> {
        let _ = (model, feeds, feature);
        Err(ModelFault::Failed("nothing explains the model".to_owned()))
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
        if self.frame.rare.failing.contains(&id) {
            return self.model_fails(id, ModelFault::Stated);
        }
        match self.fill_feeds(id) {
            Ok(()) => {}
            Err(Stop::Fault(fault)) => {
                let (kind, group) = self.frame.cause(fault);
                let fed = ModelFault::Feed(Box::new(kind));
                return self.model_fails_by(id, fed, group);
            }
            Err(stop) => return Err(stop),
        }
        if let Some(fault) = self.outside_training(id) {
            return self.model_fails(id, fault);
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
        self.answers.failed(ModelFailure {
            model: id,
            fault: &fault,
            again: self.again.is_some(),
        });
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
}
