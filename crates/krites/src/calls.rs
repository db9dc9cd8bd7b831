//! Calls of models for one case at a time, over buffers that are reused.

mod outputs;
mod tensors;
mod waiting;

use std::sync::Arc;
use std::time::Duration;

use krites_lang::{
    Answered, Answers, ContributionsCall, Data, Feed, Id as _, ModelCall, ModelFailure, ModelFault,
    ModelId, PolicyCall, PolicyFault, Verified,
};
use krites_model::{ModelError, OutputTensor, Scratch};

use crate::explainers::ModelExplainer;
use crate::part::{ModelPart, ReleasedPolicy};
use outputs::{ask, make_room, read};
use tensors::{inputs, numbers, one_row, texts};
use waiting::Waiting;
pub(crate) use waiting::Waits;

/// Answers for the models and lookups of one policy
#[derive(Debug, Default)]
pub(crate) struct ModelCalls {
    models: Vec<Callable>,
    data: Data,
    /// The policies that are asked
    asked: Vec<Asked>,
    /// Whether faults go uncounted: what is done is no decision
    uncounted: bool,
    /// Whether calls are put off that may be
    put_off: bool,
}

/// A policy that is asked, with what answers for it
#[derive(Debug)]
struct Asked {
    policy: Arc<ReleasedPolicy>,
    calls: ModelCalls,
}

/// One model with its buffers
#[derive(Debug)]
struct Callable {
    part: Arc<ModelPart>,
    outputs: Vec<OutputTensor>,
    scratch: Scratch,
    /// Output and column of each `give`
    gives: Vec<(usize, usize)>,
    /// Whether it is asked for each row of a rank
    of_rank: bool,
    waiting: Waiting,
    /// Where the model has reasons
    explainer: Option<ModelExplainer>,
    explained: Explained,
}

/// Memory of what explains a model
#[derive(Debug, Default)]
struct Explained {
    contributions: Vec<f64>,
    scratch: Scratch,
}

impl ModelCalls {
    pub(crate) fn new(policy: &ReleasedPolicy) -> Self {
        let declared = policy.program().policy().models.iter();
        let models = declared
            .zip(policy.models.iter().zip(&policy.explainers))
            .map(|(declared, (part, explainer))| Callable {
                explainer: explainer.clone(),
                explained: Explained::default(),
                part: part.clone(),
                outputs: part
                    .model
                    .signature()
                    .outputs
                    .iter()
                    .map(|spec| OutputTensor::for_spec(spec, 1))
                    .collect(),
                scratch: Scratch::default(),
                gives: declared
                    .gives
                    .iter()
                    .map(|give| (give.output, give.column))
                    .collect(),
                of_rank: declared.each.is_some(),
                waiting: Waiting::default(),
            })
            .collect();
        // Policies ask each other a few levels deep, and never in a circle.
        let asked = policy.asked.iter().map(|policy| Asked {
            policy: policy.clone(),
            calls: ModelCalls::new(policy),
        });
        Self {
            models,
            data: policy.data.clone(),
            asked: asked.collect(),
            uncounted: false,
            put_off: false,
        }
    }

    /// Answers for a policy's own tests, of which no fault is counted.
    pub(crate) fn of_tests(policy: &ReleasedPolicy) -> Self {
        Self {
            uncounted: true,
            ..Self::new(policy)
        }
    }
}

impl Answers for ModelCalls {
    fn answer(&mut self, call: ModelCall<'_>) -> Answered {
        let Some(model) = self.models.get_mut(call.model.position()) else {
            return Answered::Fault(ModelFault::Failed(
                "the model is not in the release".to_owned(),
            ));
        };
        if self.put_off && model.waits(&call) {
            return Answered::Pending;
        }
        match model.answer(call) {
            Ok(()) => Answered::Given,
            Err(error) => Answered::Fault(fault(&error)),
        }
    }

    fn policy(&mut self, call: PolicyCall<'_>) -> Result<(), PolicyFault> {
        match self.asked.get_mut(call.policy().position()) {
            Some(asked) => {
                asked.calls.uncounted = self.uncounted || call.again();
                call.decide(asked.policy.program(), &mut asked.calls)
            }
            None => Err(PolicyFault::NotThere),
        }
    }

    /// Counts a fault: here alone, for whatever decides.
    fn failed(&mut self, failure: ModelFailure<'_>) {
        if self.uncounted || failure.again {
            return;
        }
        if let Some(model) = self.models.get(failure.model.position()) {
            model.part.faults.count(failure.fault);
        }
    }

    fn contributions(&mut self, call: ContributionsCall<'_>) -> Result<f64, ModelFault> {
        match self.models.get_mut(call.model.position()) {
            Some(model) => model
                .contributions(call.feeds, call.contributions)
                .map_err(|error| fault(&error)),
            None => Err(ModelFault::Failed(
                "the model is not in the release".to_owned(),
            )),
        }
    }

    fn without(
        &mut self,
        model: ModelId,
        feeds: &[Feed],
        feature: usize,
    ) -> Result<Verified, ModelFault> {
        let nothing = || ModelFault::Failed("nothing explains the model".to_owned());
        let Callable {
            part,
            explainer,
            scratch,
            ..
        } = self.models.get_mut(model.position()).ok_or_else(nothing)?;
        let explainer = explainer.as_ref().ok_or_else(nothing)?;
        explainer.without(&*part.model, feeds, feature, scratch)
    }

    fn data(&self) -> &Data {
        &self.data
    }
}

impl Callable {
    /// Answers all rows at once, or one by one where a row's answer can differ with
    /// those that share its call.
    fn answer(&mut self, call: ModelCall<'_>) -> Result<(), ModelError> {
        let ModelCall { rows, feeds, .. } = call;
        let within = call.within_ms.map(Duration::from_millis);
        if rows <= 1 || !self.part.model.batching_changes_bits() {
            self.run(rows, feeds, within)?;
            read(&self.gives, &self.outputs, 0, call.answers);
            return Ok(());
        }
        let answers = call.answers.chunks_mut(self.gives.len().max(1));
        for (row, answers) in answers.enumerate() {
            let feeds: Vec<Feed> = feeds.iter().map(|feed| one_row(feed, row, rows)).collect();
            self.run(1, &feeds, within)?;
            read(&self.gives, &self.outputs, 0, answers);
        }
        Ok(())
    }

    fn contributions(
        &mut self,
        feeds: &[Feed],
        contributions: &mut [f64],
    ) -> Result<f64, ModelError> {
        let Self {
            explainer,
            explained,
            ..
        } = self;
        let Some(explainer) = explainer else {
            return Err(ModelError::Failed {
                detail: "nothing explains the model".to_owned(),
            });
        };
        let Explained {
            contributions: all,
            scratch,
        } = explained;
        if let [feed] = feeds
            && let Some(tensor) = numbers(feed, 1)
        {
            return explainer.explain(&[tensor?], all, contributions, scratch);
        }
        let texts = texts(feeds);
        let inputs = inputs(feeds, &texts, 1)?;
        explainer.explain(&inputs, all, contributions, scratch)
    }

    fn run(
        &mut self,
        rows: usize,
        feeds: &[Feed],
        within: Option<Duration>,
    ) -> Result<(), ModelError> {
        let Self {
            part,
            outputs,
            scratch,
            ..
        } = self;
        make_room(part.model.signature(), outputs, rows);
        ask(part, feeds, rows, (outputs, scratch), within)
    }
}

fn fault(error: &ModelError) -> ModelFault {
    match error {
        ModelError::Late { .. } => ModelFault::Late,
        ModelError::Busy => ModelFault::Busy,
        error => ModelFault::Failed(error.to_string()),
    }
}
