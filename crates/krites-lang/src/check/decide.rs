//! The decision: its enum, its steps, and that something speaks.

use std::collections::HashMap;
use std::sync::Arc;

use super::names::Meaning;
use super::{Checker, codes, items};
use crate::ast::{self, DecidePolicy, Item};
use crate::ids::{EnumId, List, RuleId};
use crate::ir;
use crate::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// The enum that is decided, before anything is checked.
    pub(super) fn outcome_enum(&mut self, file: &'a ast::File) -> Option<EnumId> {
        let mut all = items!(file, Decide);
        let Some(decide) = all.next() else {
            let unread = file
                .items
                .iter()
                .any(|item| matches!(item, Item::Error { keyword, .. } if keyword == "decide" || keyword.is_empty()));
            if !unread && !file.items.is_empty() {
                let start = Span {
                    source: file.source,
                    start: 0,
                    end: 0,
                };
                self.report(
                    Diagnostic::error(codes::NO_DECIDE, "the policy decides nothing", start)
                        .help("add `decide outcome : Outcome most severe { … }`"),
                );
            }
            return None;
        };
        if let Some(second) = all.next() {
            self.report(
                Diagnostic::error(
                    codes::MORE_THAN_ONE,
                    "a policy decides one outcome",
                    second.name.span,
                )
                .evidence(decide.name.span, "the first one")
                .help("merge the two, or put the second into a policy of its own"),
            );
        }
        match self.names.get(&decide.ty.text) {
            Some((Meaning::Enum(id), span)) => {
                if !self.enums[id].ordered && decide.policy == DecidePolicy::MostSevere {
                    let labels: Vec<&str> = self.enums[id]
                        .labels
                        .iter()
                        .map(|label| &*label.name)
                        .collect();
                    let help = format!(
                        "write the mildest first: `enum {} {{ {} }}`; where the first that speaks shall win, decide by `first match`",
                        decide.ty.text,
                        labels.join(" < ")
                    );
                    self.report(
                        Diagnostic::error(
                            codes::NOT_ORDERED,
                            format!(
                                "`{}` does not say which label is more severe",
                                decide.ty.text
                            ),
                            decide.ty.span,
                        )
                        .evidence(span, "declared with commas")
                        .help(help),
                    );
                }
                Some(id)
            }
            Some((Meaning::Broken, _)) => None,
            _ => {
                let written = ast::TypeExpr {
                    kind: ast::TypeKind::Named(decide.ty.clone()),
                    optional: false,
                    span: decide.ty.span,
                };
                self.declared_type(&written);
                None
            }
        }
    }

    /// Tells whether what decides, or the labels of the outcome, could not be read.
    pub(super) fn decides_unread(&self) -> bool {
        let keywords = ["decide", "enum", "rules", "table", "policy", ""];
        self.file.items.iter().any(
            |item| matches!(item, Item::Error { keyword, .. } if keywords.contains(&keyword.as_str())),
        )
    }

    pub(super) fn decide(
        &mut self,
        decl: &'a ast::Decide,
        sets: &[&'a ast::RuleSet],
        rules: &mut List<RuleId, ir::Rule>,
    ) -> Option<ir::Decide> {
        let mut sound = true;
        let mut steps = Vec::with_capacity(decl.steps.len());
        let mut evaluated: HashMap<&str, Span> = HashMap::new();
        let mut speaks: Option<Span> = None;
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let unread = self.outcome.is_none()
            || decl.steps.iter().any(
                |step| matches!(step, ast::Step::Evaluate { path, .. } if self.is_broken(path)),
            );
        for (position, step) in decl.steps.iter().enumerate() {
            if let (DecidePolicy::FirstMatch, Some(before), false) = (decl.policy, speaks, unread) {
                sound &= self.reached(step, before);
            }
            let found = match step {
                ast::Step::Evaluate { path, with, .. } => {
                    if let Some(before) = evaluated.insert(&path.text, path.span) {
                        self.report(
                            Diagnostic::error(
                                codes::EVALUATED_TWICE,
                                format!("`{}` is evaluated twice", path.text),
                                path.span,
                            )
                            .evidence(before, "evaluated here before")
                            .help("remove one of them"),
                        );
                        sound = false;
                    }
                    self.evaluate(path, with, sets, &mut speaks)
                }
                ast::Step::StopOnce {
                    at_least,
                    outcome,
                    span,
                } => {
                    if decl.policy == DecidePolicy::FirstMatch {
                        self.stop_in_first_match(*span);
                        sound = false;
                    }
                    self.outcome
                        .and_then(|id| self.label(id, outcome))
                        .map(|outcome| {
                            if *at_least {
                                ir::Step::StopOnceAtLeast(outcome)
                            } else {
                                ir::Step::StopOnce(outcome)
                            }
                        })
                }
                ast::Step::Rule(rule) => {
                    if let Some(before) = seen.insert(&rule.name.text, rule.name.span) {
                        self.report_twice(&rule.name.text, rule.name.span, before);
                    }
                    if rule.when.is_none() {
                        let last = position + 1 == decl.steps.len();
                        sound &= self.rest_of_decide(rule, last, speaks.filter(|_| !unread));
                        speaks = Some(rule.span);
                    }
                    self.rule(rule, &format!("{}.", decl.name.text))
                        .map(|rule| ir::Step::Rule(rules.push(rule)))
                }
            };
            match found {
                Some(step) => steps.push(step),
                None => sound = false,
            }
        }
        for set in sets {
            if !evaluated.contains_key(set.name.text.as_str()) && sound {
                self.report(
                    Diagnostic::error(
                        codes::RULES_NOT_EVALUATED,
                        format!("`{}` is never evaluated", set.name.text),
                        set.name.span,
                    )
                    .evidence(decl.name.span, "decided here")
                    .help(format!("add `evaluate {}` to `decide`", set.name.text)),
                );
            }
        }
        let unread = self.file.items.iter().any(
            |item| matches!(item, Item::Error { keyword, .. } if keyword == "rules" || keyword == "decide"),
        );
        if speaks.is_none() && sound && !unread {
            self.report(
                Diagnostic::error(
                    codes::OTHERWISE_MISSING,
                    format!("`{}` stays open where nothing speaks", decl.name.text),
                    decl.name.span,
                )
                .help("end `decide` with a rule for the rest: `rule rest otherwise then …`"),
            );
        }
        let values = self.decided_values(&decl.name);
        sound.then_some(ir::Decide {
            name: Arc::from(decl.name.text.as_str()),
            ty: self.outcome?,
            policy: decl.policy,
            values: values?,
            steps,
            span: decl.name.span,
        })
    }

    /// Checks the `otherwise` of `decide`.
    fn rest_of_decide(&mut self, rule: &ast::Rule, last: bool, speaks: Option<Span>) -> bool {
        if !last {
            self.not_last(rule);
            return false;
        }
        if let Some(span) = speaks {
            self.report(
                Diagnostic::error(
                    codes::OTHERWISE_DEAD,
                    "this `otherwise` can never be reached",
                    rule.span,
                )
                .evidence(span, "this always speaks")
                .help("remove it"),
            );
            return false;
        }
        if rule.then.outcome.is_none() {
            self.report(
                Diagnostic::error(
                    codes::TAG_ALONE,
                    "the `otherwise` of `decide` speaks: a tag alone decides nothing",
                    rule.span,
                )
                .help("name the outcome first: `otherwise then approve tag …`"),
            );
            return false;
        }
        if !is_always(&rule.validity) {
            self.otherwise_not_always(rule);
            return false;
        }
        true
    }

    /// Reports what `first match` never comes to.
    fn reached(&mut self, step: &ast::Step, before: Span) -> bool {
        let otherwise = matches!(step, ast::Step::Rule(rule) if rule.when.is_none());
        if !otherwise {
            self.report(
                Diagnostic::error(
                    codes::STEP_NEVER_REACHED,
                    "this step can never be reached",
                    step.span(),
                )
                .evidence(
                    before,
                    "this always speaks, and the first that speaks ends it",
                )
                .help("move it before that step, or remove it"),
            );
        }
        otherwise
    }

    fn stop_in_first_match(&mut self, span: Span) {
        self.report(
            Diagnostic::error(
                codes::STOP_IN_FIRST_MATCH,
                "`first match` ends by itself with the first that speaks",
                span,
            )
            .help("remove it"),
        );
    }

    /// Reports an `otherwise` of `decide` that does not hold on every day.
    fn otherwise_not_always(&mut self, rule: &ast::Rule) {
        self.report(
            Diagnostic::error(
                codes::OTHERWISE_NOT_ALWAYS,
                "the last `otherwise` of `decide` holds on every day",
                rule.span,
            )
            .label("it is off, or has days of its own")
            .help("let it speak always, and put what changes into a rule before it"),
        );
    }
}

/// Tells whether something holds on every day.
pub(super) fn is_always(validity: &ast::Validity) -> bool {
    validity.off.is_none() && validity.from.is_none() && validity.until.is_none()
}
