//! Checked tests.

use std::sync::Arc;

use super::{Expr, Literal};
use crate::Span;
use crate::ids::{
    GroupId, InputId, ListId, ModelId, OutputId, ReasonId, RuleId, SubpolicyId, TableId, TagId,
};
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
    /// Lists
    pub lists: Vec<(ListId, Vec<Element>)>,
    /// Models whose answer or fault is given
    pub models: Vec<(ModelId, StubbedModel)>,
    /// What it says of other policies
    pub policies: Vec<(SubpolicyId, StubbedPolicy)>,
    /// What is expected
    pub expects: Vec<Expectation>,
    /// Where it stands
    pub span: Span,
}

/// An element of a list that a test gives
#[derive(Clone, Debug)]
pub struct Element {
    /// The values of its fields, by position in [`ListInput::fields`](super::ListInput::fields)
    pub fields: Vec<Option<Literal>>,
    /// The lists within it
    pub lists: Vec<(ListId, Vec<Element>)>,
}

/// What a test says of a model
#[derive(Clone, Debug)]
pub enum StubbedModel {
    /// It answers so, by position in [`Model::gives`](super::Model::gives)
    Answers(Vec<(usize, StubbedAnswer)>),
    /// It fails
    Fault,
}

/// What a test sets one answer of a model to
#[derive(Clone, Debug)]
pub enum StubbedAnswer {
    /// The same whatever it is asked of
    Same(Literal),
    /// One for each row of the model's rank, open or not, as written
    OfRows(Vec<Literal>),
}

/// A list that a test expects
#[derive(Clone, Copy, Debug)]
pub enum ListPlace {
    /// An output
    Output(OutputId),
    /// What the rows of a table give
    Rows(TableId, u32),
}

/// What a test says of another policy
#[derive(Clone, Debug, PartialEq)]
pub enum StubbedPolicy {
    /// It fails
    Fault,
    /// Its answers, by position; `None` is missing
    Answers(Vec<(usize, Option<Literal>)>),
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
    /// A list: an output, or what the rows of a table give
    List(ListPlace, Vec<Option<Literal>>, Span),
    /// The rows of a table that count, by their names
    Rows(TableId, Vec<Arc<str>>, Span),
    /// Reasons in order
    Reasons(Vec<ReasonId>, Span),
    /// Tags in order
    Tags(Vec<TagId>, Span),
    /// A rule that was not asked, fired or did not fire
    Rule(RuleId, RuleExpected, Span),
    /// What a shadow block comes to, by position
    Shadow(usize, ShadowExpected, Span),
    /// A model that was not called
    NotRun(ModelId, Span),
    /// Another policy that was not asked
    PolicyNotAsked(SubpolicyId, Span),
    /// A group of inputs that was not asked for
    NotAsked(GroupId, Span),
}

pub use crate::ast::ShadowExpected;

/// What a test expects of a rule
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleExpected {
    /// It fired
    Fired,
    /// It was asked and did not fire
    NotFired,
    /// It was not asked
    NotAsked,
}
