//! What a rule says and what a fault leads to: outcome, values, reason, tags.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Checker, Env, codes};
use crate::ast::{self, Outcome, WithValue};
use crate::ids::TagId;
use crate::ir::{self, Literal};
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Span};

/// A value that is decided with the outcome
pub(super) struct DecidedHead {
    /// Behind the dot
    pub(super) name: String,
    /// `None` where its type could not be read
    pub(super) ty: Option<DeclaredTy>,
    pub(super) span: Span,
}

impl<'a> Checker<'a> {
    /// Declares what is decided with the outcome.
    pub(super) fn declare_decided(&mut self, decide: &'a ast::Decide, sole: bool) {
        for (at, value) in (0_u32..).zip(&decide.values) {
            let ty = self.declared_type(&value.ty);
            let meaning = ty.map_or(super::names::Meaning::Broken, |_| {
                super::names::Meaning::Value(ir::Value::Decided(at))
            });
            self.declare_below(&decide.name, &value.name, meaning, sole);
            self.decided.push(DecidedHead {
                name: value.name.text.clone(),
                ty,
                span: value.name.span,
            });
        }
    }

    /// Checks what a rule says, where its condition is known to hold.
    pub(super) fn verdict(&mut self, rule: &ast::Rule, env: &Env) -> Option<ir::Verdict> {
        let then = &rule.then;
        let because = self.owed_reason(then.because.as_ref());
        let tags = self.tags(&then.tags);
        let (outcome, with) = match &then.outcome {
            None => {
                self.tags_alone(rule);
                (Some(ir::Outcome::None), Some(Vec::new()))
            }
            Some(outcome) => {
                let place = match outcome {
                    Outcome::Label(label) => label.span,
                    Outcome::Computed(value) => value.span,
                };
                (
                    self.spoken_outcome(outcome, env),
                    self.decided_with(&then.with, place, env),
                )
            }
        };
        Some(ir::Verdict {
            outcome: outcome?,
            with: with?,
            because: because?,
            tags,
        })
    }

    fn spoken_outcome(&mut self, outcome: &Outcome, env: &Env) -> Option<ir::Outcome> {
        let id = self.outcome?;
        match outcome {
            Outcome::Label(label) => self.label(id, label).map(ir::Outcome::Label),
            Outcome::Computed(value) => {
                let typed = self.expr(value, Some(Ty::Enum(id)), env)?;
                if typed.ty == Ty::Enum(id) {
                    return Some(ir::Outcome::Computed(typed));
                }
                let (found, wanted) = (self.words(typed.ty), self.words(Ty::Enum(id)));
                self.report(
                    Diagnostic::error(
                        codes::CANNOT_EVALUATE,
                        format!("{wanted} is decided, this is {found}"),
                        value.span,
                    )
                    .help("let each case of it be a label of what is decided"),
                );
                None
            }
        }
    }

    /// A rule that only tags speaks for nothing.
    fn tags_alone(&mut self, rule: &ast::Rule) {
        let then = &rule.then;
        let reason = then.because.as_ref().map(|code| (code.span, "a reason"));
        let value = then.with.first().map(|with| (with.name.span, "a value"));
        if let Some((span, what)) = value.or(reason) {
            self.report(
                Diagnostic::error(
                    codes::TAG_ALONE,
                    format!(
                        "a rule that only tags has no outcome, so that {what} belongs to nothing"
                    ),
                    span,
                )
                .help("name the outcome first: `then refer because R01 tag vip`"),
            );
        }
    }

    fn owed_reason(&mut self, code: Option<&ast::Name>) -> Option<Option<crate::ReasonId>> {
        match code {
            Some(code) => self.reason(code).map(Some),
            None => Some(None),
        }
    }

    /// Finds the ids of tags; a tag is there by being named.
    pub(super) fn tags(&mut self, tags: &[ast::Name]) -> Vec<TagId> {
        let mut seen: HashMap<&str, Span> = HashMap::new();
        let mut ids = Vec::with_capacity(tags.len());
        for tag in tags {
            if let Some(before) = seen.insert(&tag.text, tag.span) {
                self.report_twice(&tag.text, tag.span, before);
                continue;
            }
            let text: Arc<str> = Arc::from(tag.text.as_str());
            let known = self.tag_ids.get(&text).copied();
            ids.push(known.unwrap_or_else(|| {
                let id = self.tags.push(Arc::clone(&text));
                self.tag_ids.insert(text, id);
                id
            }));
        }
        ids
    }

    /// Checks the values behind `with`: each declared one is set, once.
    pub(super) fn decided_with(
        &mut self,
        values: &[WithValue],
        place: Span,
        env: &Env,
    ) -> Option<Vec<Option<ir::Expr>>> {
        self.each_decided(values, place, |checker, value, ty| {
            let typed = if ty.optional {
                checker.maybe(value, Some(ty.ty), env)?
            } else {
                checker.expr(value, Some(ty.ty), env)?
            };
            checker.coerce_maybe(typed, ty.ty)
        })
    }

    /// Checks the constants behind `with` of a handling.
    fn handled_with(&mut self, fault: &ast::OnFault) -> Option<Vec<Option<Literal>>> {
        self.each_decided(&fault.with, fault.outcome.span, |checker, value, ty| {
            checker.constant(value, ty.ty)
        })
    }

    fn each_decided<T>(
        &mut self,
        values: &[WithValue],
        place: Span,
        mut check: impl FnMut(&mut Self, &ast::Expr, DeclaredTy) -> Option<T>,
    ) -> Option<Vec<Option<T>>> {
        let mut found: Vec<Option<T>> = self.decided.iter().map(|_| None).collect();
        let mut set: Vec<Option<Span>> = vec![None; found.len()];
        let mut sound = true;
        for value in values {
            let at = self
                .decided
                .iter()
                .position(|head| head.name == value.name.text);
            let Some(at) = at else {
                self.not_decided_with(&value.name);
                sound = false;
                continue;
            };
            if let Some(before) = set.get(at).copied().flatten() {
                self.set_twice(&value.name.text, value.name.span, before);
                sound = false;
                continue;
            }
            if let Some(place) = set.get_mut(at) {
                *place = Some(value.name.span);
            }
            let ty = self.decided.get(at).and_then(|head| head.ty);
            match ty.and_then(|ty| check(self, &value.value, ty)) {
                Some(value) => {
                    if let Some(place) = found.get_mut(at) {
                        *place = Some(value);
                    }
                }
                None => sound = false,
            }
        }
        let unset = self
            .decided
            .iter()
            .zip(&set)
            .filter(|(head, set)| set.is_none() && head.ty.is_some_and(|ty| !ty.optional));
        let unset: Vec<(String, Span)> = unset
            .map(|(head, _)| (head.name.clone(), head.span))
            .collect();
        for (name, declared) in unset {
            self.report(
                Diagnostic::error(
                    codes::DECIDED_UNSET,
                    format!("`{name}` is not set where this is decided"),
                    place,
                )
                .evidence(declared, "decided with each outcome")
                .help(format!(
                    "add `with {name} = …`, or declare it with `?` if it may be left out"
                )),
            );
            sound = false;
        }
        sound.then_some(found)
    }

    fn not_decided_with(&mut self, name: &ast::Name) {
        // The head that declares it may not have been read
        let unread = |item: &ast::Item| matches!(item, ast::Item::Error { keyword, .. } if matches!(keyword.as_str(), "" | "decide"));
        if self.file.items.iter().any(unread) {
            return;
        }
        let known: Vec<&str> = self.decided.iter().map(|head| head.name.as_str()).collect();
        let help = match self.close(&name.text, known.iter().copied()) {
            Some(close) => close.meant(),
            None => format!(
                "declare it in the head of `decide`, behind `with`: `{} : percent`",
                name.text
            )
            .into(),
        };
        self.report(
            Diagnostic::error(
                codes::NOT_DECIDED_WITH,
                format!("no value `{}` is decided", name.text),
                name.span,
            )
            .help(help),
        );
    }

    /// What a fault leads to.
    pub(super) fn handling(&mut self, fault: &ast::OnFault) -> Option<ir::Handling> {
        let because = self.owed_reason(fault.because.as_ref());
        let outcome = self.outcome.and_then(|id| self.label(id, &fault.outcome));
        let with = self.handled_with(fault);
        let tags = self.tags(&fault.tags);
        Some(ir::Handling {
            outcome: outcome?,
            with: with?,
            because: because?,
            tags,
        })
    }

    /// What stands for a model's answers where it fails: a constant for each.
    pub(super) fn model_stand_in(
        &mut self,
        position: usize,
        stand_in: &ast::StandIn,
    ) -> Option<ir::StandIn> {
        let head = self.model_heads.get(position)?;
        let (decl, answers) = (head.ast, head.answers.clone());
        let mut found: Vec<Option<Literal>> = vec![None; answers.len()];
        let mut set: HashMap<&str, Span> = HashMap::new();
        let mut sound = true;
        for answer in &stand_in.answers {
            let name = &answer.name;
            if let Some(before) = set.insert(&name.text, name.span) {
                self.set_twice(&name.text, name.span, before);
                sound = false;
                continue;
            }
            let mut known = answers.iter().enumerate();
            let known = known.find(|(_, known)| known.ast.name.text == name.text);
            let Some((at, known)) = known else {
                self.no_such_answer(decl, name);
                sound = false;
                continue;
            };
            if known.distribution.is_some() {
                self.no_stand_in(decl, name);
                sound = false;
                continue;
            }
            let literal = known.promise.clone().and_then(|promised| {
                let literal = self.constant(&answer.value, promised.ty.ty)?;
                let declared = Some(known.ast.name.span);
                let range = promised.range.as_ref();
                self.check_inside(&literal, range, &name.text, declared, answer.value.span);
                Some(literal)
            });
            sound &= literal.is_some();
            if let Some(place) = found.get_mut(at) {
                *place = literal;
            }
        }
        for give in &decl.gives {
            if !set.contains_key(give.name.text.as_str()) {
                self.report(
                    Diagnostic::error(
                        codes::STAND_IN_ANSWERS,
                        format!("nothing stands for `{}.{}`", decl.name.text, give.name.text),
                        stand_in.span,
                    )
                    .evidence(give.name.span, "an answer of the model")
                    .help(format!(
                        "add `{} = …`: each answer has a constant",
                        give.name.text
                    )),
                );
                sound = false;
            }
        }
        let tags = self.tags(&stand_in.tags);
        let answers = found.into_iter().collect::<Option<Vec<_>>>();
        Some(ir::StandIn {
            answers: answers.filter(|_| sound)?,
            tags,
        })
    }

    fn no_stand_in(&mut self, decl: &ast::ModelDecl, name: &ast::Name) {
        self.report(
            Diagnostic::error(
                codes::STAND_IN_ANSWERS,
                format!(
                    "`{}.{}` is a distribution, which nothing stands in for",
                    decl.name.text, name.text
                ),
                name.span,
            )
            .help("say what the failure leads to: `on fault refer because …`"),
        );
    }

    fn no_such_answer(&mut self, decl: &ast::ModelDecl, name: &ast::Name) {
        let known = decl.gives.iter().map(|give| give.name.text.as_str());
        let help = match self.close(&name.text, known) {
            Some(close) => close.meant(),
            None => "name what stands behind `give`".into(),
        };
        self.report(
            Diagnostic::error(
                codes::STAND_IN_ANSWERS,
                format!("`{}` gives no `{}`", decl.name.text, name.text),
                name.span,
            )
            .help(help),
        );
    }

    /// What the policy decides beside the outcome.
    pub(super) fn decided_values(&self, name: &ast::Name) -> Option<Vec<ir::DecidedValue>> {
        let values = self.decided.iter().map(|head| {
            let name = format!("{}.{}", name.text, head.name);
            Some(ir::DecidedValue {
                name: Arc::from(name),
                ty: head.ty?,
            })
        });
        values.collect()
    }
}
