//! Rules, the decision, and when a part of the policy holds.

use std::sync::Arc;

use super::{Expr, Literal, Value};
use crate::Span;
use crate::ast::{DecidePolicy, RuleSetMode};
use crate::ids::{EnumId, ReasonId, RuleId, RuleSetId, TagId};
use crate::types::{Date, DeclaredTy};

/// When a rule, a set, a table or a row holds: not a day where it is off, else from
/// the first through the last of its days, both in
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Validity {
    /// Whether it is switched off
    pub off: bool,
    /// The first day
    pub from: Option<Date>,
    /// The last day
    pub through: Option<Date>,
}

impl Validity {
    /// Tells whether it holds on a day.
    #[must_use]
    pub fn holds(&self, day: Date) -> bool {
        !self.off
            && self.from.is_none_or(|from| from <= day)
            && self.through.is_none_or(|through| day <= through)
    }

    /// Tells whether it holds on every day, so that what rests on it is proved.
    #[must_use]
    pub fn is_always(&self) -> bool {
        *self == Self::default()
    }
}

/// A rule set
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// Name
    pub name: Arc<str>,
    /// When it holds
    pub validity: Validity,
    /// How it runs
    pub mode: RuleSetMode,
    /// Its rules in order
    pub rules: Vec<RuleId>,
}

/// A rule
#[derive(Clone, Debug)]
pub struct Rule {
    /// Full name, such as `knock_outs.under_age`
    pub name: Arc<str>,
    /// Title for people
    pub title: Option<String>,
    /// The condition; `None` stands for `otherwise`
    pub when: Option<Expr>,
    /// What it says
    pub then: Verdict,
    /// Whether it is recorded and never acts
    pub shadow: bool,
    /// What its fault leads to
    pub on_fault: Option<Handling>,
    /// When it holds
    pub validity: Validity,
    /// Where it stands
    pub span: Span,
}

/// What a rule says
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The outcome it speaks for
    pub outcome: Outcome,
    /// By position in [`Decide::values`]; `None` is missing
    pub with: Vec<Option<Expr>>,
    /// Its reason
    pub because: Option<ReasonId>,
    /// Its tags
    pub tags: Vec<TagId>,
}

/// The outcome that a rule speaks for
#[derive(Clone, Debug)]
pub enum Outcome {
    /// None: it tags and does not speak
    None,
    /// A label, by its position
    Label(u32),
    /// A label to be computed
    Computed(Expr),
}

impl Verdict {
    /// Calls `each` with every expression of what a rule says.
    pub fn each_expr<'v>(&'v self, each: &mut dyn FnMut(&'v Expr)) {
        if let Outcome::Computed(outcome) = &self.outcome {
            each(outcome);
        }
        self.with.iter().flatten().for_each(each);
    }
}

/// How the outcome is decided
#[derive(Clone, Debug)]
pub struct Decide {
    /// Name of the outcome
    pub name: Arc<str>,
    /// Its enum, an ordered one where the most severe outcome wins
    pub ty: EnumId,
    /// Which of several that speak wins
    pub policy: DecidePolicy,
    /// What is decided with the outcome
    pub values: Vec<DecidedValue>,
    /// Steps in order
    pub steps: Vec<Step>,
    /// Where it is declared
    pub span: Span,
}

/// A value that is decided with the outcome
#[derive(Clone, Debug)]
pub struct DecidedValue {
    /// Full name, such as `action.change`
    pub name: Arc<str>,
    /// Declared type
    pub ty: DeclaredTy,
}

/// One step of `decide`
#[derive(Clone, Debug)]
pub enum Step {
    /// Every rule of a set, or up to the first that matches
    Rules(RuleSetId),
    /// A value speaks, where it is there
    Evaluate(Box<Evaluate>),
    /// One rule
    Rule(RuleId),
    /// Ends where exactly this outcome was reached
    StopOnce(u32),
    /// Ends where this outcome or a more severe one was reached
    StopOnceAtLeast(u32),
}

/// A value that speaks for the outcome that it is
#[derive(Clone, Debug)]
pub struct Evaluate {
    /// The value; of a table's output the row speaks, with its reason
    pub value: Value,
    /// By position in [`Decide::values`]; `None` is missing
    pub with: Vec<Option<Expr>>,
    /// Where it stands
    pub span: Span,
}

/// What a fault leads to
#[derive(Clone, Debug, PartialEq)]
pub struct Handling {
    /// The outcome
    pub outcome: u32,
    /// By position in [`Decide::values`]; `None` is missing
    pub with: Vec<Option<Literal>>,
    /// The reason
    pub because: Option<ReasonId>,
    /// Its tags
    pub tags: Vec<TagId>,
}

/// What stands for a model's answers where it fails
#[derive(Clone, Debug, PartialEq)]
pub struct StandIn {
    /// By position in [`Model::gives`](super::Model::gives)
    pub answers: Vec<Literal>,
    /// Its tags
    pub tags: Vec<TagId>,
}

/// Something that must hold behind each decision
#[derive(Clone, Debug)]
pub struct Always {
    /// What it says, for people
    pub title: Arc<str>,
    /// What must hold
    pub condition: Expr,
    /// Whether there is no decision where it does not
    pub enforce: bool,
    /// Where it stands
    pub span: Span,
}
