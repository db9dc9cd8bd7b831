//! Cases that are decided again behind the decision.

use std::sync::Arc;

use crate::Span;
use crate::ids::{ModelId, OutputId};

/// A case decided again, with models in shadow standing for others
#[derive(Clone, Debug)]
pub struct ShadowBlock {
    /// Name
    pub name: Arc<str>,
    /// Which models are stood in for
    pub with: Vec<Replaced>,
    /// What is compared, in the order written
    pub compare: Vec<Compared>,
    /// Where it is declared
    pub span: Span,
}

/// A model that another one stands for
#[derive(Clone, Debug)]
pub struct Replaced {
    /// The model
    pub model: ModelId,
    /// The one in shadow
    pub by: ModelId,
    /// By what the model gives: what stands for it, among what the other one gives
    pub gives: Vec<u32>,
}

/// What is compared with the decision
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compared {
    /// The outcome
    Outcome,
    /// An output
    Output(OutputId),
}
