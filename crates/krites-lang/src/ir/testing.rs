//! Checked tests.

use super::{Expr, Literal};
use crate::Span;
use crate::ids::{InputId, ModelId, OutputId, ReasonId};
use crate::types::Date;

/// A test of the policy
#[derive(Clone, Debug)]
pub struct Test {
    /// Title
    pub title: String,
    /// The day it is decided on
    pub decision_date: Option<Date>,
    /// Inputs
    pub inputs: Vec<(InputId, Option<Literal>)>,
    /// Models whose answer or fault is given
    pub models: Vec<(ModelId, StubbedModel)>,
    /// What is expected
    pub expects: Vec<Expectation>,
    /// Where it stands
    pub span: Span,
}

/// What a test says of a model
#[derive(Clone, Debug)]
pub enum StubbedModel {
    /// It answers with these values, by position in [`Model::gives`](super::Model::gives)
    Answers(Vec<(usize, Literal)>),
    /// It fails
    Fault,
}

/// What a test expects
#[derive(Clone, Debug)]
pub enum Expectation {
    /// The outcome
    Outcome(u32, Span),
    /// A value that is computed where nothing asked for it
    Value(Expr, Option<Literal>, Span),
    /// An output; `None` stands for missing or not given
    Output(OutputId, Option<Literal>, Span),
    /// Reasons in order
    Reasons(Vec<ReasonId>, Span),
    /// A model that was not called
    NotRun(ModelId, Span),
}
