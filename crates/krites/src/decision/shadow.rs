//! What a case came to that was decided again in shadow.

use krites_lang::ir::{Compared, Value};
use krites_lang::{Frame, OutputValue, ShadowState};

use super::Decision;

/// A case decided again, with models in shadow standing for others
#[derive(Clone, Debug)]
pub struct Shadow<'a> {
    /// The name of the shadow block
    pub name: &'a str,
    /// What it came to
    pub state: ShadowState,
    /// What is compared and differs
    pub differences: Vec<Difference<'a>>,
    /// The fault for which it is not known, in words
    pub fault: Option<String>,
}

/// A value that is another one where the case is decided again
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference<'a> {
    /// The outcome's or output's name
    pub name: &'a str,
    /// As decided; `None` where it is not given or missing
    pub decided: Option<OutputValue<'a>>,
    /// As decided again
    pub again: Option<OutputValue<'a>>,
}

impl<'a> Decision<'a> {
    /// Walks what the case came to where it was decided again in shadow.
    pub fn shadows(&self) -> impl Iterator<Item = Shadow<'a>> + use<'a> {
        let (program, frame) = (self.program(), self.frame);
        let policy = program.policy();
        let blocks = policy.shadows.iter().enumerate();
        blocks.map(move |(at, block)| {
            let differences = program.differences(frame, at).map(|compared| {
                let value = |frame: &'a Frame| match compared {
                    Compared::Outcome => program.value(frame, Value::Outcome),
                    Compared::Output(id) => program.output(frame, id),
                };
                Difference {
                    name: match compared {
                        Compared::Outcome => &policy.decide.name,
                        Compared::Output(id) => &policy.outputs[id].name,
                    },
                    decided: value(frame),
                    again: program.shadow_frame(frame, at).and_then(value),
                }
            });
            let fault = program.shadow_fault(frame, at);
            Shadow {
                name: &block.name,
                state: program.shadow_state(frame, at),
                differences: differences.collect(),
                fault: fault.map(|fault| fault.kind.to_string()),
            }
        })
    }
}
