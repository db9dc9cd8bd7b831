//! Rules and sets of them.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Checker, Env, codes, items};
use crate::ast::{self, RuleSetMode};
use crate::ids::{List, RuleId, RuleSetId};
use crate::ir;
use crate::{Diagnostic, Span};

/// Rule sets, rules and the decision
pub(super) struct Flow {
    pub(super) rule_sets: List<RuleSetId, ir::RuleSet>,
    pub(super) rules: List<RuleId, ir::Rule>,
    pub(super) decide: Option<ir::Decide>,
}

impl<'a> Checker<'a> {
    pub(super) fn check_flow(&mut self) -> Flow {
        let file = self.file;
        let mut flow = Flow {
            rule_sets: List::default(),
            rules: List::default(),
            decide: None,
        };
        let sets: Vec<&ast::RuleSet> = items!(file, Rules).collect();
        for set in &sets {
            let rules = self.rule_set(set, &mut flow.rules);
            flow.rule_sets.push(ir::RuleSet {
                name: Arc::from(set.name.text.as_str()),
                // Where it is broken there is no policy
                validity: self.validity(&set.validity).unwrap_or_default(),
                mode: set.mode,
                rules,
            });
        }
        let decide = items!(file, Decide).next();
        if let Some(decide) = decide {
            flow.decide = self.decide(decide, &sets, &mut flow.rules);
        }
        flow
    }

    fn rule_set(
        &mut self,
        set: &'a ast::RuleSet,
        rules: &mut List<RuleId, ir::Rule>,
    ) -> Vec<RuleId> {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let mut ids = Vec::new();
        for (position, rule) in set.rules.iter().enumerate() {
            if let Some(before) = seen.insert(&rule.name.text, rule.name.span) {
                self.report_twice(&rule.name.text, rule.name.span, before);
            }
            if rule.when.is_none() {
                let last = position + 1 == set.rules.len();
                if set.mode == RuleSetMode::All {
                    self.report(
                        Diagnostic::error(
                            codes::OTHERWISE_IN_ALL,
                            "`otherwise` has no meaning where every rule runs",
                            rule.span,
                        )
                        .evidence(set.name.span, "declared with `all`")
                        .help("move it to the end of `decide`, or declare the set with `first`"),
                    );
                } else if !last {
                    self.not_last(rule);
                }
            }
            if let Some(rule) = self.rule(rule, &format!("{}.", set.name.text)) {
                ids.push(rules.push(rule));
            }
        }
        ids
    }

    pub(super) fn not_last(&mut self, rule: &ast::Rule) {
        self.report(
            Diagnostic::error(
                codes::OTHERWISE_NOT_LAST,
                "`otherwise` comes last",
                rule.span,
            )
            .help("move it behind the other rules"),
        );
    }

    pub(super) fn rule(&mut self, rule: &'a ast::Rule, prefix: &str) -> Option<ir::Rule> {
        let mut env = Env::default();
        let when = rule
            .when
            .as_ref()
            .map(|condition| (condition, self.condition(condition, &env)));
        match &when {
            Some((_, Some(condition))) => env.assume(condition, true),
            Some((written, None)) => self.assume_mentioned(written, &mut env),
            None => {}
        }
        let then = self.verdict(rule, &env);
        self.shadow(rule);
        let on_fault = rule.on_fault.as_ref().map(|fault| self.handling(fault));
        let validity = self.validity(&rule.validity);
        Some(ir::Rule {
            name: Arc::from(format!("{prefix}{}", rule.name.text)),
            title: rule.title.as_ref().map(|title| title.text.clone()),
            when: match when {
                Some((_, condition)) => Some(condition?),
                None => None,
            },
            then: then?,
            shadow: rule.shadow.is_some(),
            on_fault: match on_fault {
                Some(handling) => Some(handling?),
                None => None,
            },
            validity: validity?,
            span: rule.span,
        })
    }

    /// A rule in shadow never acts, and so is no rest and handles nothing.
    fn shadow(&mut self, rule: &ast::Rule) {
        let Some(shadow) = rule.shadow else {
            return;
        };
        let (headline, place) = if rule.when.is_none() {
            ("a rule in shadow has a condition of its own", rule.span)
        } else if let Some(on_fault) = &rule.on_fault {
            (
                "the fault of a rule in shadow leads to nothing",
                on_fault.span,
            )
        } else {
            return;
        };
        self.report(
            Diagnostic::error(codes::SHADOW_ACTS, headline, place)
                .evidence(shadow, "recorded, and never acting")
                .help("remove `shadow`, or what acts"),
        );
    }
}
