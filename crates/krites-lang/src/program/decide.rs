//! Rules and sets of them, and the days on which they hold.

use super::Truth;
use super::from_ir_expr::Compiler;
use crate::ids::{List, ReasonId, RuleId, RuleSetId};
use crate::ir::{self, Step};

/// The days on which something holds, by their ordinals, both ends in
#[derive(Clone, Copy, Debug)]
pub(crate) struct Days {
    first: i64,
    last: i64,
}

impl Days {
    /// Returns `None` for what holds on every day.
    pub(crate) fn of(validity: &ir::Validity) -> Option<Days> {
        if validity.is_always() {
            return None;
        }
        let (never, always) = ((i64::MAX, i64::MIN), (i64::MIN, i64::MAX));
        let (first, last) = if validity.off { never } else { always };
        Some(Days {
            first: validity
                .from
                .map_or(first, |day| first.max(day.to_ordinal())),
            last: validity
                .through
                .map_or(last, |day| last.min(day.to_ordinal())),
        })
    }

    pub(crate) fn contain(self, day: i64) -> bool {
        self.first <= day && day <= self.last
    }
}

/// A set of rules
#[derive(Clone, Debug)]
pub(crate) struct RuleSetCode {
    pub(crate) days: Option<Days>,
}

/// When a rule fires
#[derive(Clone, Debug)]
pub(crate) enum When {
    Holds(Truth),
    /// `otherwise` within a set: no earlier rule of it matched
    RestOfSet,
    /// `otherwise` in `decide`: nothing has spoken
    RestOfDecide,
}

/// A rule
#[derive(Clone, Debug)]
pub(crate) struct RuleCode {
    pub(crate) when: When,
    pub(crate) outcome: u32,
    pub(crate) because: Option<ReasonId>,
    /// What few rules have
    pub(crate) rare: Option<Box<RareRule>>,
}

/// What few rules have
#[derive(Clone, Debug)]
pub(crate) struct RareRule {
    pub(crate) days: Option<Days>,
}

pub(super) fn rule_sets(policy: &ir::Policy) -> List<RuleSetId, RuleSetCode> {
    let sets = policy.rule_sets.iter();
    sets.map(|set| RuleSetCode {
        days: Days::of(&set.validity),
    })
    .collect()
}

pub(super) fn rules(compiler: &Compiler, policy: &ir::Policy) -> List<RuleId, RuleCode> {
    let rest_of_decide = policy.decide.steps.iter().find_map(|step| match step {
        Step::Rule(id) if policy.rules[*id].when.is_none() => Some(*id),
        _ => None,
    });
    policy
        .rules
        .iter_ids()
        .map(|(id, rule)| RuleCode {
            when: match &rule.when {
                Some(when) => When::Holds(compiler.truth(when)),
                None if rest_of_decide == Some(id) => When::RestOfDecide,
                None => When::RestOfSet,
            },
            outcome: rule.outcome,
            because: rule.because,
            rare: rare(rule),
        })
        .collect()
}

fn rare(rule: &ir::Rule) -> Option<Box<RareRule>> {
    let days = Days::of(&rule.validity)?;
    Some(Box::new(RareRule { days: Some(days) }))
}
