//! A model of the host: one number in, one number out, by a closure.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use krites_model::{
    Call, ElementType, InputSpec, Model, ModelError, OutputSpec, OutputTensor, Signature,
};

/// What it answers when it is called
type Behaviour = Box<dyn Fn(&Call<'_>) -> Result<f32, ModelError> + Send + Sync>;

/// A model with an input `x` and an output `y`
struct Hosted {
    signature: Signature,
    behaviour: Behaviour,
    calls: Arc<AtomicU64>,
}

/// Makes a model of what it answers; returns it, and how often it is called.
pub(crate) fn hosted(
    behaviour: impl Fn(&Call<'_>) -> Result<f32, ModelError> + Send + Sync + 'static,
) -> (Arc<dyn Model>, Arc<AtomicU64>) {
    let calls = Arc::new(AtomicU64::new(0));
    let input = InputSpec {
        name: "x".to_owned(),
        element: ElementType::Float,
        width: 1,
        columns: Vec::new(),
    };
    let output = OutputSpec {
        name: "y".to_owned(),
        element: ElementType::Float,
        width: 1,
        classes: None,
    };
    let model = Hosted {
        signature: Signature {
            inputs: vec![input],
            outputs: vec![output],
        },
        behaviour: Box::new(behaviour),
        calls: calls.clone(),
    };
    (Arc::new(model), calls)
}

impl fmt::Debug for Hosted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hosted")
    }
}

impl Model for Hosted {
    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn backend(&self) -> &'static str {
        "scorer 2.1"
    }

    fn batching_changes_bits(&self) -> bool {
        false
    }

    fn run(&self, call: &mut Call<'_>) -> Result<(), ModelError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        let answer = (self.behaviour)(call)?;
        match call.outputs {
            [OutputTensor::Float(values)] => {
                values.fill(answer);
                Ok(())
            }
            _ => Err(ModelError::Failed {
                detail: "no place for the answer".to_owned(),
            }),
        }
    }
}
