//! Other policies that are asked.

use std::sync::Arc;

use super::{Expr, Handling};
use crate::Span;
use crate::ids::{DefinitionId, InputId, OutputId};

/// Another policy of the release that is asked
#[derive(Clone, Debug)]
pub struct Subpolicy {
    /// Name in this policy
    pub name: Arc<str>,
    /// Name of the policy that is asked
    pub policy: Arc<str>,
    /// What it is given
    pub feeds: Vec<PolicyFeed>,
    /// What is read of it
    pub gives: Vec<PolicyGive>,
    /// What its faults lead to
    pub on_fault: Option<Handling>,
    /// Where it is declared
    pub span: Span,
}

/// What one input of the policy that is asked is given
#[derive(Clone, Debug)]
pub struct PolicyFeed {
    /// The input there
    pub input: InputId,
    /// Its value
    pub value: Expr,
    /// Of an enum: by label here, the label there
    pub labels: Vec<u32>,
}

/// What is read of the policy that is asked
#[derive(Clone, Debug)]
pub struct PolicyGive {
    /// The value here; it is an [`ExprKind::Asked`](super::ExprKind::Asked)
    pub definition: DefinitionId,
    /// What it is there
    pub from: PolicyAnswer,
    /// Of an enum: by label there, the label here
    pub labels: Vec<u32>,
}

/// What a policy answers
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PolicyAnswer {
    /// The outcome
    Outcome,
    /// What is decided with it, by position
    Decided(u32),
    /// An output
    Output(OutputId),
}
