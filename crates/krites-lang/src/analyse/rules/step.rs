//! Rules that never fire, or always do, and what stands behind rules that speak in all
//! cases.

use std::collections::BTreeSet;

use super::codes;
use super::condition::{Conditions, decided};
use crate::Diagnostic;
use crate::analyse::case::Case;
use crate::ast::{DecidePolicy, RuleSetMode};
use crate::ids::RuleId;
use crate::ir::{Outcome, Rule, RuleSet, Step};

/// Behind so many rules no more is learned of the cases that are left: what is known of
/// them would grow with each, and is carried from rule to rule
const FOLLOWED: usize = 48;

/// Looks at all sets and at the steps of the decision.
pub(super) fn look(conditions: &mut Conditions<'_>) {
    let policy = conditions.policy();
    for set in &policy.rule_sets {
        let first = set.mode == RuleSetMode::First && !set.validity.off;
        conditions.rules(&set.rules, first);
    }
    let own = policy.decide.steps.iter().filter_map(|step| match step {
        Step::Rule(rule) => Some(*rule),
        _ => None,
    });
    let own: Vec<RuleId> = own.collect();
    conditions.rules(&own, false);
    conditions.steps();
}

impl<'p> Conditions<'p> {
    /// Looks at rules one by one; of a set that ends at the `first` that matches, at each
    /// where none before it does.
    fn rules(&mut self, rules: &[RuleId], first: bool) {
        let policy = self.policy();
        let mut asked = Asked::new(self.any.clone());
        for id in rules {
            let rule = &policy.rules[*id];
            if rule.validity.off {
                continue;
            }
            let comes = self.rule(rule);
            if first && !rule.shadow {
                if comes != Some(false) {
                    self.reached(rule, &asked);
                }
                asked.behind(rule, rule.validity.is_always());
            }
        }
    }

    /// Looks at the condition of a rule, over all cases, and at what the rule says.
    fn rule(&mut self, rule: &'p Rule) -> Option<bool> {
        let any = self.any.clone();
        rule.then.each_expr(&mut |value| self.value(&any, value));
        let name = &rule.name;
        self.decides(rule.when.as_ref()?, |to| match to {
            true => (codes::ALWAYS, format!("rule `{name}` fires in every case")),
            false => (codes::NEVER, format!("rule `{name}` never fires")),
        })
    }

    /// Reports a rule that fires in no case in which it is asked.
    fn reached(&mut self, rule: &'p Rule, asked: &Asked<'p>) {
        let fires = asked.here.as_ref().is_some_and(|here| {
            let when = rule.when.as_ref();
            when.is_none_or(|when| decided(here, when) != Some(false))
        });
        if fires || self.is_told(asked) || !self.is_new(rule.span) {
            return;
        }
        let Some(when) = &rule.when else {
            return self.dead(rule, asked);
        };
        let mut found = Diagnostic::warning(
            codes::HIDDEN_RULE,
            format!("rule `{}` never fires", rule.name),
            rule.span,
        )
        .label("wherever its condition holds, a rule before it fires, and it is not asked");
        if let Some(taken) = self.any.assume(when, true) {
            let before = asked.rules.iter().filter(|before| {
                let when = before.when.as_ref();
                when.is_some_and(|when| decided(&taken, when) == Some(true))
            });
            for before in before.take(3) {
                found = found.evidence(before.span, "it fires there");
            }
        }
        self.found
            .push(found.help("move it before the other rules, or remove it"));
    }

    /// Tells whether nothing is left behind a rule that fires in every case, which is
    /// told of that rule.
    fn is_told(&self, asked: &Asked<'p>) -> bool {
        let last = asked.rules.last().and_then(|last| last.when.as_ref());
        asked.here.is_none() && last.is_some_and(|when| decided(&self.any, when) == Some(true))
    }

    /// Reports an `otherwise` behind rules that cover all cases.
    fn dead(&mut self, rule: &Rule, asked: &Asked<'p>) {
        let mut found = Diagnostic::warning(
            codes::OTHERWISE_DEAD,
            format!("rule `{}` never fires", rule.name),
            rule.span,
        )
        .label("in every case a rule before it does");
        if let Some(last) = asked.rules.last() {
            found = found.evidence(last.span, "the last one that leaves no case");
        }
        self.found
            .push(found.help("remove it, or correct the rules before it"));
    }

    /// Follows the cases in which no step has spoken so far.
    fn steps(&mut self) {
        let policy = self.policy();
        let first = policy.decide.policy == DecidePolicy::FirstMatch;
        let mut silent = Asked::new(self.any.clone());
        let mut fired = BTreeSet::new();
        policy.each_expr(&mut |expr| {
            expr.each_fired(&mut |rule| {
                fired.insert(rule);
            });
        });
        for step in &policy.decide.steps {
            match step {
                Step::Rules(id) => {
                    let set = &policy.rule_sets[*id];
                    // Rules that something asks for may fire where the steps end before
                    let asked = set.rules.iter().any(|rule| fired.contains(rule));
                    if first && !asked && !set.validity.off {
                        let rules = set.rules.iter().map(|id| &policy.rules[*id]);
                        let rules = rules.filter(|rule| acts(rule) && rule.when.is_some());
                        rules.for_each(|rule| self.behind_steps(rule, &silent));
                    }
                    silent.behind_set(policy, set);
                }
                Step::Rule(id) => {
                    let rule = &policy.rules[*id];
                    if !acts(rule) {
                        continue;
                    }
                    match rule.when {
                        None if silent.here.is_none() && !self.is_told(&silent) => {
                            self.dead(rule, &silent);
                        }
                        Some(_) if first => self.behind_steps(rule, &silent),
                        _ => {}
                    }
                    silent.behind(rule, speaks(rule));
                }
                Step::Evaluate(_) | Step::StopOnce(_) | Step::StopOnceAtLeast(_) => {}
            }
        }
    }

    /// Reports a rule of a decision that ends where a step speaks, as one before it does.
    fn behind_steps(&mut self, rule: &'p Rule, silent: &Asked<'p>) {
        let when = rule.when.as_ref();
        if when.is_some_and(|when| decided(&self.any, when) != Some(false)) {
            self.reached(rule, silent);
        }
    }
}

/// The cases in which a rule is asked, behind others
struct Asked<'p> {
    /// None where there are none
    here: Option<Case<'p>>,
    /// The rules that leave no more than these
    rules: Vec<&'p Rule>,
}

impl<'p> Asked<'p> {
    fn new(any: Case<'p>) -> Self {
        Self {
            here: Some(any),
            rules: Vec::new(),
        }
    }

    /// Goes behind a rule that did not fire, where it is sure that it was asked and would
    /// have ended this: a fault of it would have, too.
    fn behind(&mut self, rule: &'p Rule, sure: bool) {
        let (Some(here), Some(when), true) = (&self.here, &rule.when, sure) else {
            return;
        };
        if self.rules.len() >= FOLLOWED {
            return;
        }
        if decided(here, when) == Some(false) {
            return;
        }
        self.here = here.assume(when, false);
        self.rules.push(rule);
    }

    /// Goes behind a set of which no rule spoke.
    fn behind_set(&mut self, policy: &'p crate::ir::Policy, set: &'p RuleSet) {
        if !set.validity.is_always() {
            return;
        }
        for id in &set.rules {
            let rule = &policy.rules[*id];
            let tags_alone = matches!(rule.then.outcome, Outcome::None);
            if tags_alone && acts(rule) && set.mode == RuleSetMode::First {
                // It may have ended the set.
                return;
            }
            self.behind(rule, speaks(rule));
        }
    }
}

fn acts(rule: &Rule) -> bool {
    !rule.shadow && !rule.validity.off
}

/// Tells whether a rule speaks wherever its condition holds, on every day.
fn speaks(rule: &Rule) -> bool {
    !rule.shadow && rule.validity.is_always() && !matches!(rule.then.outcome, Outcome::None)
}
