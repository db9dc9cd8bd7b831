//! What a model answers: tensors whose memory is kept from call to call.

use std::time::Duration;

use krites_lang::{Answer, Feed};
use krites_model::{Call, InputTensor, ModelError, OutputTensor, Scratch, Signature};
use ndarray::Array2;

use super::tensors::{inputs, numbers, texts};
use crate::part::ModelPart;

/// Asks a model what it answers to rows.
pub(super) fn ask(
    part: &ModelPart,
    feeds: &[Feed],
    rows: usize,
    memory: (&mut [OutputTensor], &mut Scratch),
    within: Option<Duration>,
) -> Result<(), ModelError> {
    // The common model has one input of numbers: no list on the heap for it.
    if let [feed] = feeds
        && let Some(tensor) = numbers(feed, rows)
    {
        return run(part, &[tensor?], memory, within);
    }
    run(part, &inputs(feeds, &texts(feeds), rows)?, memory, within)
}

fn run<'c>(
    part: &ModelPart,
    inputs: &'c [InputTensor<'c>],
    (outputs, scratch): (&'c mut [OutputTensor], &'c mut Scratch),
    within: Option<Duration>,
) -> Result<(), ModelError> {
    part.model.run(&mut Call {
        inputs,
        outputs,
        within,
        scratch,
    })
}

/// Makes the outputs ready for so many rows, whatever the last call left of them.
pub(super) fn make_room(signature: &Signature, outputs: &mut Vec<OutputTensor>, rows: usize) {
    let specs = signature.outputs.iter();
    let fits = |output: &OutputTensor, element| output.element() == element;
    let mut both = outputs.iter().zip(specs.clone());
    if outputs.len() != specs.len() || !both.all(|(output, spec)| fits(output, spec.element)) {
        *outputs = specs
            .map(|spec| OutputTensor::for_spec(spec, rows))
            .collect();
        return;
    }
    for (output, spec) in outputs.iter_mut().zip(specs) {
        let dim = (rows, spec.width);
        if output.dim() == dim {
            continue;
        }
        match output {
            OutputTensor::Float(values) => resize(values, dim),
            OutputTensor::Double(values) => resize(values, dim),
            OutputTensor::Integer(values) => resize(values, dim),
            OutputTensor::Boolean(values) => resize(values, dim),
            OutputTensor::Text(values) => resize(values, dim),
        }
    }
}

/// Gives a matrix another shape within the memory that it has, where that is enough.
fn resize<T: Clone + Default>(values: &mut Array2<T>, dim: (usize, usize)) {
    let (mut elements, _) = std::mem::take(values).into_raw_vec_and_offset();
    elements.resize(dim.0 * dim.1, T::default());
    // The elements are as many as the shape has.
    *values = Array2::from_shape_vec(dim, elements).unwrap_or_else(|_| Array2::default(dim));
}

/// Reads the answers for rows from the first one on.
pub(super) fn read(
    gives: &[(usize, usize)],
    outputs: &[OutputTensor],
    first: usize,
    answers: &mut [Answer],
) {
    let n_gives = gives.len().max(1);
    for (row, answers) in (first..).zip(answers.chunks_mut(n_gives)) {
        for (answer, (output, column)) in answers.iter_mut().zip(gives) {
            let at = (row, *column);
            *answer = match outputs.get(*output) {
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
