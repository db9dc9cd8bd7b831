//! Rules by their names: whether one fired is a value like any other.

use std::collections::BTreeMap;

use super::decide::is_always;
use super::expr::boolean;
use super::names::Meaning;
use super::{Checker, codes, items};
use crate::ast::{self, DecidePolicy};
use crate::ids::{Id as _, RuleId};
use crate::ir;
use crate::{Diagnostic, Span};

/// A rule that others may name
pub(super) struct RuleHead<'a> {
    id: RuleId,
    rule: &'a ast::Rule,
    /// The set that it stands in; none for a rule of `decide`
    set: Option<&'a ast::RuleSet>,
}

impl RuleHead<'_> {
    /// Where the whole rule stands
    pub(super) fn place(&self) -> Span {
        self.rule.span
    }
}

/// All rules by their full names
pub(super) type RuleHeads<'a> = BTreeMap<String, RuleHead<'a>>;

/// Finds the rules of a file, numbered in the order in which they are checked.
pub(super) fn rule_heads(file: &ast::File) -> RuleHeads<'_> {
    let of_sets = items!(file, Rules).flat_map(|set| {
        let rules = set.rules.iter();
        rules.map(move |rule| (&set.name, Some(set), rule))
    });
    let decide = items!(file, Decide).next();
    let of_decide = decide.into_iter().flat_map(|decide| {
        let rules = decide.steps.iter().filter_map(|step| match step {
            ast::Step::Rule(rule) => Some(rule),
            ast::Step::Evaluate { .. } | ast::Step::StopOnce { .. } => None,
        });
        rules.map(move |rule| (&decide.name, None, rule))
    });
    let mut heads = RuleHeads::new();
    for (position, (owner, set, rule)) in of_sets.chain(of_decide).enumerate() {
        let id = RuleId::new(position);
        let name = format!("{}.{}", owner.text, rule.name.text);
        heads.entry(name).or_insert(RuleHead { id, rule, set });
    }
    heads
}

impl<'a> Checker<'a> {
    /// Types `RULE fired`.
    pub(super) fn fired(
        &mut self,
        path: &ast::Path,
        if_off: Option<bool>,
        span: Span,
    ) -> Option<ir::Expr> {
        if self.function_names().is_some() {
            self.not_seen(path);
            return None;
        }
        let id = self.rule_named(path)?;
        let head = self.rule_heads.get(&path.text)?;
        let (rule, set) = (head.rule, head.set);
        let declared = rule.name.span;
        if rule.shadow.is_some() {
            self.never_told(path, declared, "is in shadow: it never acts");
            return None;
        }
        let first_match = items!(self.file, Decide)
            .next()
            .is_some_and(|decide| decide.policy == DecidePolicy::FirstMatch);
        if set.is_none() && rule.when.is_none() {
            self.never_told(path, declared, "depends on all that speaks");
            return None;
        }
        if set.is_none() && first_match {
            self.never_told(path, declared, "is reached only where nothing has spoken");
            return None;
        }
        let always = is_always(&rule.validity) && set.is_none_or(|set| is_always(&set.validity));
        match (always, if_off) {
            (false, None) => {
                let place = match set {
                    Some(set) if is_always(&rule.validity) => set.name.span,
                    _ => declared,
                };
                self.report(
                    Diagnostic::error(
                        codes::FIRED_IF_OFF,
                        format!(
                            "nothing says what this is on days on which `{}` is off",
                            path.text
                        ),
                        span,
                    )
                    .evidence(place, "off, or has days of its own")
                    .help(format!(
                        "write `{} fired if off false`, or `true`",
                        path.text
                    )),
                );
                None
            }
            (true, Some(_)) => {
                self.report(
                    Diagnostic::error(
                        codes::FIRED_NEVER_OFF,
                        format!("`{}` holds on every day, and is never off", path.text),
                        span,
                    )
                    .evidence(declared, "without days of its own")
                    .help(format!("write `{} fired` alone", path.text)),
                );
                None
            }
            _ => Some(boolean(ir::ExprKind::Fired(id, if_off), span)),
        }
    }

    fn never_told(&mut self, path: &ast::Path, declared: Span, why: &str) {
        self.report(
            Diagnostic::error(
                codes::FIRED_NEVER_TOLD,
                format!("whether `{}` fired cannot be asked: it {why}", path.text),
                path.span,
            )
            .evidence(declared, "declared here")
            .help("name the condition in `define`, and ask for it here and in the rule"),
        );
    }

    /// Finds a rule by its full name; reports where there is none.
    pub(super) fn rule_named(&mut self, path: &ast::Path) -> Option<RuleId> {
        if let Some(head) = self.rule_heads.get(&path.text) {
            return Some(head.id);
        }
        let set = path.text.rsplit_once('.').map(|(set, _)| set);
        let broken = |name: &str| matches!(self.names.get(name), Some((Meaning::Broken, _)));
        let unread = self.names.lost.contains(path.text.as_str()) || self.names.unread;
        if unread || set.is_some_and(broken) || broken(&path.text) {
            return None;
        }
        let close = self.close(&path.text, self.rule_heads.keys().map(String::as_str));
        let help = match (close, self.names.get(&path.text)) {
            (Some(close), _) => close.meant(),
            (None, Some((Meaning::Rules(_), _))) => {
                format!("name one of its rules, as in `{}.under_age`", path.text).into()
            }
            (None, Some((meaning, _))) => {
                format!("`{}` is {}", path.text, Self::kind_words(meaning)).into()
            }
            (None, None) => "name the set and the rule, as in `knock_outs.under_age`".into(),
        };
        self.report(
            Diagnostic::error(
                codes::NO_SUCH_RULE,
                format!("there is no rule `{}`", path.text),
                path.span,
            )
            .help(help),
        );
        None
    }
}
