//! A row of zeros, to run a session before the first call, and what the answer
//! tells.

use krites_model::{ElementType, InputSpec, InputTensor, Signature};
use ndarray::Array2;
use ort::session::Session;

use crate::load::{self, Ports};
use crate::tensors;

/// One row of zeros or empty texts
pub(crate) enum Zeros {
    Float(Array2<f32>),
    Double(Array2<f64>),
    Integer(Array2<i64>),
    Boolean(Array2<bool>),
    Text(Array2<&'static str>),
}

impl Zeros {
    /// Makes the zeros of an input.
    pub(crate) fn of(spec: &InputSpec) -> Self {
        let shape = (1, spec.width);
        match spec.element {
            ElementType::Float => Self::Float(Array2::zeros(shape)),
            ElementType::Double => Self::Double(Array2::zeros(shape)),
            ElementType::Integer => Self::Integer(Array2::zeros(shape)),
            ElementType::Boolean => Self::Boolean(Array2::default(shape)),
            ElementType::Text => Self::Text(Array2::default(shape)),
        }
    }

    /// Views them as an input.
    pub(crate) fn view(&self) -> InputTensor<'_> {
        match self {
            Self::Float(zeros) => InputTensor::Float(zeros.view()),
            Self::Double(zeros) => InputTensor::Double(zeros.view()),
            Self::Integer(zeros) => InputTensor::Integer(zeros.view()),
            Self::Boolean(zeros) => InputTensor::Boolean(zeros.view()),
            Self::Text(zeros) => InputTensor::Text(zeros.view()),
        }
    }
}

/// Counts the columns of outputs that nothing else tells, in the answer to a row
/// of zeros.
pub(crate) fn learn_widths(session: &mut Session, ports: &Ports, signature: &mut Signature) {
    let unknown = load::widths(session, signature);
    if unknown.is_empty() {
        return;
    }
    let zeros: Vec<Zeros> = signature.inputs.iter().map(Zeros::of).collect();
    let inputs: Vec<InputTensor<'_>> = zeros.iter().map(Zeros::view).collect();
    let values = tensors::values(ports, signature, &inputs, 0, 1);
    let widths: Vec<(usize, usize)> = match values.map(|values| session.run(values)) {
        // An encoder may know neither zero nor the empty text.
        Err(_) | Ok(Err(_)) => return,
        Ok(Ok(results)) => {
            let specs = signature.outputs.iter().enumerate();
            let unknown = specs.filter(|(idx, _)| unknown.contains(idx));
            let widths = unknown.filter_map(|(idx, spec)| {
                let count = tensors::count(results.get(&spec.name)?)?;
                Some((idx, count))
            });
            widths.collect()
        }
    };
    for (idx, width) in widths {
        if let Some(spec) = signature.outputs.get_mut(idx) {
            load::set_width(spec, width);
        }
    }
}
