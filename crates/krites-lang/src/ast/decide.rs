//! Rules, the decision, and when a part of the policy holds, as written.

use super::{Expr, Name, Path, Text, TypeExpr};
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
    /// What it says
    pub then: Verdict,
    /// `shadow` behind its name: recorded, never acting
    pub shadow: Option<Span>,
    /// What its fault leads to
    pub on_fault: Option<OnFault>,
    /// Whether and when it holds
    pub validity: Validity,
    /// The whole rule
    pub span: Span,
}

/// What a rule says: `then decline with limit = 0 because R01 tag vip`
#[derive(Clone, Debug)]
pub struct Verdict {
    /// The outcome; none where it only tags
    pub outcome: Option<Outcome>,
    /// Values that are decided with it
    pub with: Vec<WithValue>,
    /// The reason code
    pub because: Option<Name>,
    /// Tags
    pub tags: Vec<Name>,
}

/// The outcome that a rule speaks for
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A label
    Label(Name),
    /// `(if … then … else …)`
    Computed(Expr),
}

/// `change = -10%` behind `with`
#[derive(Clone, Debug)]
pub struct WithValue {
    /// Name of the value
    pub name: Name,
    /// What it is
    pub value: Expr,
}

/// `decide outcome : Outcome most severe with limit : money(EUR) { … }`
#[derive(Clone, Debug)]
pub struct Decide {
    /// Name of the outcome
    pub name: Name,
    /// The enum
    pub ty: Name,
    /// What wins
    pub policy: DecidePolicy,
    /// Values that are decided with the outcome
    pub values: Vec<DecidedValue>,
    /// Steps in order
    pub steps: Vec<Step>,
    /// The whole item
    pub span: Span,
}

/// Which of several that speak wins
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DecidePolicy {
    /// The most severe outcome
    MostSevere,
    /// The first outcome
    FirstMatch,
}

/// `change : percent(1)` in the head of `decide`
#[derive(Clone, Debug)]
pub struct DecidedValue {
    /// Name
    pub name: Name,
    /// Declared type
    pub ty: TypeExpr,
}

/// One step of `decide`
#[derive(Clone, Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a policy has few steps, most of them rules"
)]
pub enum Step {
    /// `evaluate knock_outs` or `evaluate terms.verdict with limit = terms.cap`
    Evaluate {
        /// The set or the value
        path: Path,
        /// Values that are decided with it
        with: Vec<WithValue>,
        /// The whole step
        span: Span,
    },
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

/// What a fault leads to: `outcome with limit = 0 because CODE tag late`
#[derive(Clone, Debug)]
pub struct OnFault {
    /// The outcome's label
    pub outcome: Name,
    /// Values that are decided with it
    pub with: Vec<WithValue>,
    /// The reason code
    pub because: Option<Name>,
    /// Tags
    pub tags: Vec<Name>,
    /// From `on` to the end
    pub span: Span,
}

/// What stands for a model's answers where it fails: `on fault use score = 0 and tag late`
#[derive(Clone, Debug)]
pub struct StandIn {
    /// A constant for each answer
    pub answers: Vec<WithValue>,
    /// Tags
    pub tags: Vec<Name>,
    /// From `on` to the end
    pub span: Span,
}

/// `always "text": condition enforce`, the condition with what it holds under
#[derive(Clone, Debug)]
pub struct Always {
    /// What it says, for people
    pub title: Text,
    /// Of `premise implies condition`
    pub premise: Option<Expr>,
    /// What must hold
    pub condition: Expr,
    /// `enforce`
    pub enforce: Option<Span>,
    /// The whole item
    pub span: Span,
}
