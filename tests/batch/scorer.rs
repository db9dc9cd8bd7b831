//! A model of the host that fails on 13, and counts.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use krites_model::{
    Call, ElementType, InputSpec, InputTensor, Model, ModelError, OutputSpec, OutputTensor,
    Signature,
};

/// Answers `factor * x`, counts calls and rows, and fails for a whole call in which an `x` is
/// 13.
pub(crate) struct Scorer {
    signature: Signature,
    factor: f32,
    batches_change_bits: bool,
    calls: AtomicU64,
    rows: AtomicU64,
}

impl Scorer {
    pub(crate) fn new(factor: f32, batches_change_bits: bool) -> Arc<Scorer> {
        let spec = |name: &str| (name.to_owned(), ElementType::Float);
        let (name, element) = spec("x");
        let inputs = vec![InputSpec {
            name,
            element,
            width: 1,
            columns: Vec::new(),
        }];
        let (name, element) = spec("y");
        let outputs = vec![OutputSpec {
            name,
            element,
            width: 1,
            classes: None,
        }];
        Arc::new(Scorer {
            signature: Signature { inputs, outputs },
            factor,
            batches_change_bits,
            calls: AtomicU64::new(0),
            rows: AtomicU64::new(0),
        })
    }

    /// Calls and rows since the last time
    pub(crate) fn counted(&self) -> (u64, u64) {
        (
            self.calls.swap(0, Ordering::Relaxed),
            self.rows.swap(0, Ordering::Relaxed),
        )
    }
}

impl fmt::Debug for Scorer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scorer")
    }
}

impl Model for Scorer {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn backend(&self) -> &'static str {
        "scorer"
    }

    fn batching_changes_bits(&self) -> bool {
        self.batches_change_bits
    }

    fn run(&self, call: &mut Call<'_>) -> Result<(), ModelError> {
        let ([InputTensor::Float(fed)], [OutputTensor::Float(answers)]) =
            (call.inputs, &mut *call.outputs)
        else {
            panic!("one input and one output of floats")
        };
        assert_eq!(fed.dim(), answers.dim());
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.rows.fetch_add(fed.nrows() as u64, Ordering::Relaxed);
        for (answer, x) in answers.iter_mut().zip(fed) {
            if *x == 13.0 {
                return Err(ModelError::Failed {
                    detail: "thirteen".to_owned(),
                });
            }
            *answer = x * self.factor;
        }
        Ok(())
    }
}
