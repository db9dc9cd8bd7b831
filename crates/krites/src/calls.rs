//! Calls of models for one case at a time, over buffers that are reused.

use std::sync::Arc;
use std::time::Duration;

use krites_lang::{Answer, Answered, Answers, Data, Feed, Id as _, ModelCall, ModelFault};
use krites_model::{Call, InputTensor, ModelError, OutputTensor, Scratch};
use ndarray::ArrayView2;

use crate::part::{ModelPart, ReleasedPolicy};

/// Answers for the models and lookups of one policy
#[derive(Debug, Default)]
pub(crate) struct ModelCalls {
    models: Vec<Callable>,
    data: Data,
}

/// One model with its buffers
#[derive(Debug)]
struct Callable {
    part: Arc<ModelPart>,
    outputs: Vec<OutputTensor>,
    scratch: Scratch,
    /// Output and column of each `give`
    gives: Vec<(usize, usize)>,
}

impl ModelCalls {
    pub(crate) fn new(policy: &ReleasedPolicy) -> Self {
        let declared = policy.program().policy().models.iter();
        let models = declared
            .zip(&policy.models)
            .map(|(declared, part)| Callable {
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
        Self {
            models,
            data: policy.data.clone(),
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
        match model.run(call.feeds, call.within_ms) {
            Ok(()) => {
                model.read(call.answers);
                Answered::Given
            }
            Err(error) => Answered::Fault(fault(&error)),
        }
    }

    fn data(&self) -> &Data {
        &self.data
    }
}

impl Callable {
    fn run(&mut self, feeds: &[Feed], within_ms: Option<u64>) -> Result<(), ModelError> {
        let within = within_ms.map(Duration::from_millis);
        // The common model has one input of numbers: no list on the heap for it.
        if let [feed] = feeds
            && let Some(tensor) = numbers(feed)
        {
            return self.call(&[tensor?], within);
        }
        let texts: Vec<Vec<&str>> = feeds
            .iter()
            .map(|feed| match feed {
                Feed::Text(texts) => texts.iter().map(String::as_str).collect(),
                _ => Vec::new(),
            })
            .collect();
        let inputs: Result<Vec<InputTensor<'_>>, ModelError> = feeds
            .iter()
            .zip(&texts)
            .map(|(feed, texts)| {
                numbers(feed).unwrap_or_else(|| view(texts).map(InputTensor::Text))
            })
            .collect();
        self.call(&inputs?, within)
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

    fn read(&self, answers: &mut [Answer]) {
        for (answer, (output, column)) in answers.iter_mut().zip(&self.gives) {
            let at = (0, *column);
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

/// One row of numbers as a tensor; `None` for texts.
fn numbers(feed: &Feed) -> Option<Result<InputTensor<'_>, ModelError>> {
    Some(match feed {
        Feed::Float(values) => view(values).map(InputTensor::Float),
        Feed::Double(values) => view(values).map(InputTensor::Double),
        Feed::Integer(values) => view(values).map(InputTensor::Integer),
        Feed::Boolean(values) => view(values).map(InputTensor::Boolean),
        Feed::Text(_) => return None,
    })
}

fn view<T>(values: &[T]) -> Result<ArrayView2<'_, T>, ModelError> {
    ArrayView2::from_shape((1, values.len()), values).map_err(|error| ModelError::Shape {
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
