//! Calls of models for one case at a time, over buffers that are reused.

use std::sync::Arc;
use std::time::Duration;

use krites_lang::{
    Answer, Answered, Answers, ContributionsCall, Data, Feed, Id as _, ModelCall, ModelFailure,
    ModelFault, ModelId, PolicyCall, PolicyFault, Verified,
};
use krites_model::{Call, InputTensor, ModelError, OutputTensor, Scratch};
use ndarray::ArrayView2;

use crate::explainers::ModelExplainer;
use crate::part::{ModelPart, ReleasedPolicy};

/// Answers for the models and lookups of one policy
#[derive(Debug, Default)]
pub(crate) struct ModelCalls {
    models: Vec<Callable>,
    data: Data,
    /// The policies that are asked
    asked: Vec<Asked>,
    /// Whether faults go uncounted: what is done is no decision
    uncounted: bool,
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
            self.read(call.answers);
            return Ok(());
        }
        let answers = call.answers.chunks_mut(self.gives.len().max(1));
        for (row, answers) in answers.enumerate() {
            let feeds: Vec<Feed> = feeds.iter().map(|feed| one_row(feed, row, rows)).collect();
            self.run(1, &feeds, within)?;
            self.read(answers);
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
        self.make_room(rows);
        // The common model has one input of numbers: no list on the heap for it.
        if let [feed] = feeds
            && let Some(tensor) = numbers(feed, rows)
        {
            return self.call(&[tensor?], within);
        }
        self.call(&inputs(feeds, &texts(feeds), rows)?, within)
    }

    fn call<'c>(
        &'c mut self,
        inputs: &'c [InputTensor<'c>],
        within: Option<Duration>,
    ) -> Result<(), ModelError> {
        let Self {
            part,
            outputs,
            scratch,
            ..
        } = self;
        part.model.run(&mut Call {
            inputs,
            outputs,
            within,
            scratch,
        })
    }

    /// Makes the outputs ready for so many rows, whatever the last call left of them.
    fn make_room(&mut self, rows: usize) {
        let specs = self.part.model.signature().outputs.iter();
        let mut both = self.outputs.iter().zip(specs.clone());
        let fits = both.all(|(output, spec)| {
            output.dim() == (rows, spec.width) && output.element() == spec.element
        });
        if !fits {
            self.outputs = specs
                .map(|spec| OutputTensor::for_spec(spec, rows))
                .collect();
        }
    }

    fn read(&self, answers: &mut [Answer]) {
        let gives = self.gives.len().max(1);
        for (place, answer) in answers.iter_mut().enumerate() {
            let Some((output, column)) = self.gives.get(place % gives) else {
                continue;
            };
            let at = (place / gives, *column);
            *answer = match self.outputs.get(*output) {
                Some(OutputTensor::Float(values)) => values
                    .get(at)
                    .map_or(Answer::None, |value| Answer::Float(*value)),
                Some(OutputTensor::Double(values)) => values
                    .get(at)
                    .map_or(Answer::None, |value| Answer::Double(*value)),
                Some(OutputTensor::Integer(values)) => values
                    .get(at)
                    .map_or(Answer::None, |value| Answer::Integer(*value)),
                Some(OutputTensor::Boolean(values)) => values
                    .get(at)
                    .map_or(Answer::None, |value| Answer::Boolean(*value)),
                Some(OutputTensor::Text(values)) => values
                    .get(at)
                    .map_or(Answer::None, |value| Answer::Text(value.clone())),
                None => Answer::None,
            };
        }
    }
}

/// The texts that are fed, for [`inputs`] to view.
fn texts(feeds: &[Feed]) -> Vec<Vec<&str>> {
    let texts = feeds.iter().map(|feed| match feed {
        Feed::Text(texts) => texts.iter().map(String::as_str).collect(),
        _ => Vec::new(),
    });
    texts.collect()
}

/// Views what is fed as the inputs of a call.
fn inputs<'f>(
    feeds: &'f [Feed],
    texts: &'f [Vec<&'f str>],
    rows: usize,
) -> Result<Vec<InputTensor<'f>>, ModelError> {
    let feeds = feeds.iter().zip(texts);
    let inputs = feeds.map(|(feed, texts)| {
        numbers(feed, rows).unwrap_or_else(|| view(texts, rows).map(InputTensor::Text))
    });
    inputs.collect()
}

/// One row of what all rows are fed.
fn one_row(feed: &Feed, row: usize, rows: usize) -> Feed {
    fn cut<T: Clone>(values: &[T], row: usize, rows: usize) -> Vec<T> {
        let width = values.len() / rows.max(1);
        let of_row = values.get(row * width..(row + 1) * width);
        of_row.map_or_else(Vec::new, <[T]>::to_vec)
    }
    match feed {
        Feed::Float(values) => Feed::Float(cut(values, row, rows)),
        Feed::Double(values) => Feed::Double(cut(values, row, rows)),
        Feed::Integer(values) => Feed::Integer(cut(values, row, rows)),
        Feed::Boolean(values) => Feed::Boolean(cut(values, row, rows)),
        Feed::Text(values) => Feed::Text(cut(values, row, rows)),
    }
}

/// Rows of numbers as a tensor; `None` for texts.
fn numbers(feed: &Feed, rows: usize) -> Option<Result<InputTensor<'_>, ModelError>> {
    Some(match feed {
        Feed::Float(values) => view(values, rows).map(InputTensor::Float),
        Feed::Double(values) => view(values, rows).map(InputTensor::Double),
        Feed::Integer(values) => view(values, rows).map(InputTensor::Integer),
        Feed::Boolean(values) => view(values, rows).map(InputTensor::Boolean),
        Feed::Text(_) => return None,
    })
}

fn view<T>(values: &[T], rows: usize) -> Result<ArrayView2<'_, T>, ModelError> {
    let width = values.len() / rows.max(1);
    ArrayView2::from_shape((rows, width), values).map_err(|error| ModelError::Shape {
        detail: error.to_string(),
    })
}

fn fault(error: &ModelError) -> ModelFault {
    match error {
        ModelError::Late { .. } => ModelFault::Late,
        ModelError::Busy => ModelFault::Busy,
        error => ModelFault::Failed(error.to_string()),
    }
}
