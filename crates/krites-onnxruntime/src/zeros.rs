//! A row of zeros, to run a session before the first call, and what the answer
//! tells.

use krites_model::{ElementType, InputSpec, InputTensor, Signature};
use ndarray::Array2;

use crate::load;

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

/// Sets the widths of outputs that nothing but an answer tells.
pub(crate) fn set_widths(signature: &mut Signature, widths: &[(usize, usize)]) {
    for &(idx, width) in widths {
        if let Some(spec) = signature.outputs.get_mut(idx) {
            load::set_width(spec, width);
        }
    }
}
