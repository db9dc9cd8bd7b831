//! Rules, the decision, and when a part of the policy holds.

use std::sync::Arc;

use crate::Span;
use crate::ast::RuleSetMode;
use crate::ids::{EnumId, ReasonId, RuleId, RuleSetId, TableId};
use crate::ir::Expr;
use crate::types::Date;

/// When a rule, a set, a table or a row holds: not a day where it is off, else from
/// the first through the last of its days, both in
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// The outcome it speaks for
    pub outcome: u32,
    /// Its reason
    pub because: Option<ReasonId>,
    /// When it holds
    pub validity: Validity,
    /// Where it stands
    pub span: Span,
}

/// How the outcome is decided: the most severe of what has spoken
#[derive(Clone, Debug)]
pub struct Decide {
    /// Name of the outcome
    pub name: Arc<str>,
    /// Its enum, an ordered one
    pub ty: EnumId,
    /// Steps in order
    pub steps: Vec<Step>,
    /// Where it is declared
    pub span: Span,
}

/// One step of `decide`
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// Every rule of a set, or up to the first that matches
    Rules(RuleSetId),
    /// A table's row speaks the cell of this output
    Table(TableId, usize),
    /// One rule
    Rule(RuleId),
    /// Ends where exactly this outcome was reached
    StopOnce(u32),
    /// Ends where this outcome or a more severe one was reached
    StopOnceAtLeast(u32),
}

/// What a fault leads to
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handling {
    /// The outcome
    pub outcome: u32,
    /// The reason
    pub because: Option<ReasonId>,
}
