//! Code for values that are tried in order.

use super::from_ir_expr::Compiler;
use super::{Code, Slot, Truth};
use crate::ir::Cascade;
use crate::types::DeclaredTy;

/// Values that are tried in order
#[derive(Clone, Debug)]
pub(crate) struct CascadeCode {
    pub(crate) tries: Box<[TryCode]>,
    /// `None` is missing
    pub(crate) otherwise: Option<Code>,
    /// Takes the number of the one that gave the value
    pub(crate) stage: Option<Slot>,
    /// Holds how many were left behind by a fault: a case that goes on after it waited
    /// does not meet that fault twice
    pub(crate) left: Option<Slot>,
}

/// One value that is tried
#[derive(Clone, Debug)]
pub(crate) struct TryCode {
    pub(crate) when: Option<Truth>,
    pub(crate) value: Code,
    pub(crate) fault_next: bool,
}

impl Compiler {
    pub(super) fn cascade(&self, cascade: &Cascade, ty: DeclaredTy) -> Code {
        let tries = cascade.tries.iter().map(|attempt| TryCode {
            when: attempt.when.as_ref().map(|when| self.truth(when)),
            value: self.declared(&attempt.value, ty),
            fault_next: attempt.fault_next,
        });
        let otherwise = cascade.otherwise.as_ref();
        Code::Cascade(Box::new(CascadeCode {
            tries: tries.collect(),
            otherwise: otherwise.map(|value| self.declared(value, ty)),
            stage: cascade.stage.map(|stage| self.definitions[stage]),
            left: cascade
                .stage
                .and_then(|stage| self.left.get(&stage).copied()),
        }))
    }
}
