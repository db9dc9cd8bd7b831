//! The decision: its enum, its steps, and that something speaks.

use std::collections::HashMap;
use std::sync::Arc;

use super::names::Meaning;
use super::{Checker, codes, items};
use crate::ast::{self, Item};
use crate::ids::{EnumId, List, RuleId, TableId};
use crate::ir::{self, Value};
use crate::types::Ty;
use crate::{Diagnostic, Id as _, Span};

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
                if !self.enums[id].ordered {
                    let labels: Vec<&str> = self.enums[id]
                        .labels
                        .iter()
                        .map(|label| &*label.name)
                        .collect();
                    let help = format!(
                        "write the mildest first: `enum {} {{ {} }}`",
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
        for (position, step) in decl.steps.iter().enumerate() {
            let found = match step {
                ast::Step::Evaluate(path) => {
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
                    self.evaluate(path, sets, &mut speaks)
                }
                ast::Step::StopOnce {
                    at_least, outcome, ..
                } => self
                    .outcome
                    .and_then(|id| self.label(id, outcome))
                    .map(|outcome| {
                        if *at_least {
                            ir::Step::StopOnceAtLeast(outcome)
                        } else {
                            ir::Step::StopOnce(outcome)
                        }
                    }),
                ast::Step::Rule(rule) => {
                    if let Some(before) = seen.insert(&rule.name.text, rule.name.span) {
                        self.report_twice(&rule.name.text, rule.name.span, before);
                    }
                    if rule.when.is_none() {
                        if position + 1 != decl.steps.len() {
                            self.not_last(rule);
                            sound = false;
                        } else if let Some(span) = speaks {
                            self.report(
                                Diagnostic::error(
                                    codes::OTHERWISE_DEAD,
                                    "this `otherwise` can never be reached",
                                    rule.span,
                                )
                                .evidence(span, "this always speaks")
                                .help("remove it"),
                            );
                            sound = false;
                        } else if !always(&rule.validity) {
                            self.otherwise_not_always(rule);
                            sound = false;
                        }
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
        sound.then_some(ir::Decide {
            name: Arc::from(decl.name.text.as_str()),
            ty: self.outcome?,
            steps,
            span: decl.name.span,
        })
    }

    /// `speaks` is set where the step proves that something speaks.
    fn evaluate(
        &mut self,
        path: &'a ast::Path,
        sets: &[&'a ast::RuleSet],
        speaks: &mut Option<Span>,
    ) -> Option<ir::Step> {
        match self.names.get(&path.text) {
            Some((Meaning::Rules(id), _)) => {
                let set = sets.get(id.position())?;
                let proves = |rule: &ast::Rule| rule.when.is_none() && always(&rule.validity);
                if always(&set.validity) && set.rules.last().is_some_and(proves) {
                    speaks.get_or_insert(path.span);
                }
                Some(ir::Step::Rules(id))
            }
            Some((Meaning::Value(Value::Table(id, output)), declared)) => {
                let ty = self.value_type(Value::Table(id, output))?;
                if self
                    .outcome
                    .is_some_and(|outcome| ty.ty != Ty::Enum(outcome))
                {
                    let (found, wanted) = (
                        self.words(ty.ty),
                        self.outcome
                            .map_or(String::new(), |id| self.words(Ty::Enum(id))),
                    );
                    self.report(
                        Diagnostic::error(
                            codes::CANNOT_EVALUATE,
                            format!("{wanted} is decided, `{}` is {found}", path.text),
                            path.span,
                        )
                        .evidence(declared, "declared here")
                        .help("evaluate an output of the table that has the decided type"),
                    );
                    return None;
                }
                if !ty.optional {
                    speaks.get_or_insert(path.span);
                }
                Some(ir::Step::Table(id, output as usize))
            }
            Some((Meaning::Broken, _)) => {
                // What could not be read may always speak.
                speaks.get_or_insert(path.span);
                None
            }
            Some((Meaning::Table(position), _)) => {
                let verdict = self.verdict_of(TableId::new(position));
                let help = match verdict {
                    Some(name) => format!("write `evaluate {}.{name}`", path.text),
                    None => "name the output that speaks".to_owned(),
                };
                self.report(
                    Diagnostic::error(
                        codes::CANNOT_EVALUATE,
                        format!("say which output of `{}` speaks", path.text),
                        path.span,
                    )
                    .help(help),
                );
                None
            }
            Some((meaning, declared)) => {
                let kind = Self::kind_words(meaning);
                self.report(
                    Diagnostic::error(
                        codes::CANNOT_EVALUATE,
                        format!("`{}` is {kind}: it cannot be evaluated", path.text),
                        path.span,
                    )
                    .evidence(declared, "declared here")
                    .help("evaluate a rule set, or a table's output"),
                );
                None
            }
            None if self.names.unread => None,
            None => {
                let candidates: Vec<String> = self
                    .names
                    .having(|meaning| {
                        matches!(
                            meaning,
                            Meaning::Rules(_) | Meaning::Value(Value::Table(..))
                        )
                    })
                    .map(str::to_owned)
                    .collect();
                let help = match self.close(&path.text, candidates.iter().map(String::as_str)) {
                    Some(close) => format!("did you mean `{close}`?"),
                    None => format!("declare it: `rules {} all {{ … }}`", path.text),
                };
                self.report(
                    Diagnostic::error(
                        codes::UNKNOWN_NAME,
                        format!("there is no rule set `{}`", path.text),
                        path.span,
                    )
                    .help(help),
                );
                None
            }
        }
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

    fn verdict_of(&self, id: TableId) -> Option<String> {
        let outcome = self.outcome?;
        let head = self.tables.get(id.position())?;
        let found = head
            .outputs
            .iter()
            .zip(&head.ast.outputs)
            .find(|(ty, _)| ty.is_some_and(|ty| ty.ty == Ty::Enum(outcome)));
        found.map(|(_, output)| output.name.text.clone())
    }
}

/// Tells whether something holds on every day.
fn always(validity: &ast::Validity) -> bool {
    validity.off.is_none() && validity.from.is_none() && validity.until.is_none()
}
