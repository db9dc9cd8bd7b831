//! Models that policies at random ask.

use std::fmt;

use krites_model::testing::ModelBuilder;
use krites_model::{
    Call, ElementType, InputSpec, InputTensor, Model, ModelError, OutputSpec, OutputTensor,
    Signature,
};

/// A model that is asked for a number and, where it `reads` one, a text
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) native: bool,
    pub(super) reads: bool,
    batches_change_bits: bool,
}

impl Kind {
    pub(super) const ALL: [Kind; 4] = [
        Kind::new(true, false, false),
        Kind::new(false, false, false),
        Kind::new(false, true, false),
        Kind::new(false, true, true),
    ];

    const fn new(native: bool, reads: bool, batches_change_bits: bool) -> Kind {
        Kind {
            native,
            reads,
            batches_change_bits,
        }
    }
}

/// Answers `(x + letters) * factor` and whether that is odd; fails for a call in which an `x`
/// is one of a few, and answers no number to a few others.
pub(super) struct Host {
    signature: Signature,
    factor: f32,
    batches_change_bits: bool,
}

impl Host {
    pub(super) fn new(kind: Kind, factor: f32) -> Host {
        let input = |name: &str, element| InputSpec {
            name: name.to_owned(),
            element,
            width: 1,
            columns: Vec::new(),
        };
        let output = |name: &str, element| OutputSpec {
            name: name.to_owned(),
            element,
            width: 1,
            classes: None,
        };
        let mut inputs = vec![input("x", ElementType::Float)];
        if kind.reads {
            inputs.push(input("t", ElementType::Text));
        }
        let outputs = vec![
            output("y", ElementType::Float),
            output("odd", ElementType::Text),
        ];
        Host {
            signature: Signature { inputs, outputs },
            factor,
            batches_change_bits: kind.batches_change_bits,
        }
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Host")
    }
}

impl Model for Host {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn backend(&self) -> &'static str {
        "host"
    }

    fn batching_changes_bits(&self) -> bool {
        self.batches_change_bits
    }

    fn run(&self, call: &mut Call<'_>) -> Result<(), ModelError> {
        let Some(InputTensor::Float(fed)) = call.inputs.first() else {
            panic!("the first input is of floats")
        };
        let [OutputTensor::Float(ys), OutputTensor::Text(odd)] = call.outputs else {
            panic!("a number and a text")
        };
        assert!(!self.batches_change_bits || fed.nrows() == 1);
        for row in 0..fed.nrows() {
            let x = fed[(row, 0)];
            let letters = match call.inputs.get(1) {
                Some(InputTensor::Text(texts)) => texts[(row, 0)].len(),
                _ => 0,
            };
            if x.rem_euclid(31.0) == 7.0 {
                return Err(ModelError::Failed {
                    detail: format!("{x} is not taken"),
                });
            }
            let y = (x + letters as f32) * self.factor;
            ys[(row, 0)] = if x.rem_euclid(29.0) == 3.0 {
                f32::NAN
            } else {
                y
            };
            odd[(row, 0)].clear();
            odd[(row, 0)].push_str(if y.rem_euclid(2.0) < 1.0 { "no" } else { "yes" });
        }
        Ok(())
    }
}

/// `x * factor * x / (x - pole)`, which is no number at 0 where that is the pole, and infinite
/// at others; and `x` as a whole number
pub(super) fn native(factor: f32, pole: f32) -> Vec<u8> {
    ModelBuilder::new()
        .input("x", ElementType::Float, &[-1, 1])
        .output("y", ElementType::Float, &[-1, 1])
        .floats("factor", &[1], &[factor])
        .floats("pole", &[1], &[pole])
        .node("Sub", &["x", "pole"], &["beside"], &[])
        .node("Mul", &["x", "factor"], &["times"], &[])
        .node("Mul", &["times", "x"], &["squared"], &[])
        .node("Div", &["squared", "beside"], &["y"], &[])
        .build()
}
