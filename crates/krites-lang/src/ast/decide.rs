//! Rules, the decision, and when a part of the policy holds, as written.

use super::{Expr, Name, Path, Text};
use crate::Span;

/// Whether and when a rule, a set, a table or a row holds
#[derive(Clone, Debug, Default)]
pub struct Validity {
    /// `off`
    pub off: Option<Span>,
    /// `from 2026-01-01`
    pub from: Option<Day>,
    /// `through 2026-12-31` or `before 2027-01-01`
    pub until: Option<(Until, Day)>,
}

/// A day as written
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    /// The digits
    pub text: String,
    /// Where they stand
    pub span: Span,
}

/// Whether the last day is in
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// `through`: it is
    Through,
    /// `before`: it is not
    Before,
}

/// `rules name all { … }`
#[derive(Clone, Debug)]
pub struct RuleSet {
    /// Name
    pub name: Name,
    /// Whether and when it holds
    pub validity: Validity,
    /// How the set runs
    pub mode: RuleSetMode,
    /// Rules in order
    pub rules: Vec<Rule>,
    /// The whole item
    pub span: Span,
}

/// How a rule set runs
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RuleSetMode {
    /// Every rule runs
    All,
    /// The first rule that matches ends the set
    First,
}

/// `rule name "title" when condition then outcome because CODE`
#[derive(Clone, Debug)]
pub struct Rule {
    /// Name
    pub name: Name,
    /// Title for people
    pub title: Option<Text>,
    /// The condition; `None` stands for `otherwise`
    pub when: Option<Expr>,
    /// The outcome's label
    pub then: Name,
    /// The reason code
    pub because: Option<Name>,
    /// Whether and when it holds
    pub validity: Validity,
    /// The whole rule
    pub span: Span,
}

/// `decide outcome : Outcome most severe { … }`
#[derive(Clone, Debug)]
pub struct Decide {
    /// Name of the outcome
    pub name: Name,
    /// The enum
    pub ty: Name,
    /// Steps in order
    pub steps: Vec<Step>,
    /// The whole item
    pub span: Span,
}

/// One step of `decide`
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a policy has few steps, most of them rules"
)]
pub enum Step {
    /// `evaluate knock_outs` or `evaluate terms.verdict`
    Evaluate(Path),
    /// `stop once decline` or `stop once at least refer`
    StopOnce {
        /// `at least`
        at_least: bool,
        /// The outcome's label
        outcome: Name,
        /// The whole step
        span: Span,
    },
    /// A rule, `otherwise` included
    Rule(Rule),
}

/// What a fault leads to: `outcome because CODE`
#[derive(Clone, Debug)]
pub struct OnFault {
    /// The outcome's label
    pub outcome: Name,
    /// The reason code
    pub because: Option<Name>,
    /// From `on` to the end
    pub span: Span,
}
