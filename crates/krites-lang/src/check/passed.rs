//! What passes between two policies: what the one that is asked is given, and what is
//! read of it.

use std::collections::HashMap;

use super::interface::{PassedTy, PolicyInterface};
use super::{Checker, Env, codes};
use crate::ast;
use crate::ids::{DefinitionId, EnumId};
use crate::ir;
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// Checks what a policy is given; reports what it needs beside that.
    pub(super) fn policy_feeds(
        &mut self,
        decl: &'a ast::SubpolicyDecl,
        interface: &PolicyInterface,
    ) -> Option<Vec<ir::PolicyFeed>> {
        let asked = &interface.name;
        let mut sound = true;
        let mut fed: HashMap<&str, Span> = HashMap::new();
        let mut feeds = Vec::with_capacity(decl.feeds.len());
        for feed in &decl.feeds {
            let (name, span) = (feed.target.text.as_str(), feed.target.span);
            if let Some(before) = fed.insert(name, span) {
                self.report(
                    Diagnostic::error(codes::FED_TWICE, format!("`{name}` is fed twice"), span)
                        .evidence(before, "first fed here")
                        .help("remove one of them"),
                );
                sound = false;
                continue;
            }
            match self.policy_feed(feed, interface) {
                Some(feed) => feeds.push(feed),
                None => sound = false,
            }
        }
        if !sound {
            return None;
        }
        let mut lacking = interface.inputs.iter();
        let lacking = lacking.find(|input| !input.optional && !fed.contains_key(&*input.name));
        let lacking = lacking.map(|input| {
            (
                format!("nothing feeds `{}`, which `{asked}` needs", input.name),
                format!("add `{} = …` to its `feed`", input.name),
            )
        });
        let list = interface.lists.first().map(|list| {
            (
                format!("`{asked}` needs the list `{list}`, which no other policy gives"),
                format!("declare `{list}` there with `default []`, or decide it here"),
            )
        });
        if let Some((headline, help)) = lacking.or(list) {
            self.report(
                Diagnostic::error(codes::POLICY_UNFED, headline, decl.name.span).help(help),
            );
            return None;
        }
        Some(feeds)
    }

    fn policy_feed(
        &mut self,
        feed: &ast::Feed,
        interface: &PolicyInterface,
    ) -> Option<ir::PolicyFeed> {
        let (name, asked) = (feed.target.text.as_str(), &interface.name);
        let Some((input, declared)) = interface.input(name) else {
            let names = interface.inputs.iter().map(|input| input.name.as_str());
            let help = match self.close(name, names.clone()) {
                Some(close) => close.meant(),
                None => format!("its inputs are {}", names.collect::<Vec<_>>().join(", ")).into(),
            };
            let headline = format!("the policy `{asked}` has no input `{name}`");
            self.report(
                Diagnostic::error(codes::NO_SUCH_INPUT, headline, feed.target.span).help(help),
            );
            return None;
        };
        let env = Env::default();
        let hint = match &declared.ty {
            PassedTy::Plain(ty) => Some(*ty),
            PassedTy::Enum(_) | PassedTy::Own => None,
        };
        let value = match declared.optional {
            true => self.maybe(&feed.value, hint, &env)?,
            false => self.expr(&feed.value, hint, &env)?,
        };
        let (value, labels) = match (&declared.ty, value.ty) {
            (PassedTy::Plain(ty), _) => (self.coerce_maybe(value, *ty)?, Vec::new()),
            (PassedTy::Enum(there), Ty::Enum(id)) => {
                let here = self.labels_of(id);
                let labels = self.met(&here, there, feed.value.span, |label| {
                    format!("`{name}` of `{asked}` has no label `{label}`")
                })?;
                (value, labels)
            }
            _ => {
                let headline = format!("this cannot be given to `{name}` of `{asked}`");
                self.report(
                    Diagnostic::error(codes::CANNOT_PASS, headline, feed.value.span)
                        .help("a policy is given numbers, texts, dates, booleans, amounts of a currency and labels"),
                );
                return None;
            }
        };
        Some(ir::PolicyFeed {
            input,
            value,
            labels,
        })
    }

    /// Checks one value that is read of a policy.
    pub(super) fn policy_give(
        &mut self,
        give: &ast::PolicyGive,
        definition: DefinitionId,
        interface: &PolicyInterface,
    ) -> Option<ir::PolicyGive> {
        let (name, asked) = (give.from.text.as_str(), &interface.name);
        let Some(answer) = interface.answer(name) else {
            let names = interface.answers.iter().map(|answer| answer.name.as_str());
            let help = match self.close(name, names.clone()) {
                Some(close) => close.meant(),
                None => format!("it gives {}", names.collect::<Vec<_>>().join(", ")).into(),
            };
            let headline = format!("the policy `{asked}` gives no `{name}`");
            self.report(
                Diagnostic::error(codes::NO_SUCH_ANSWER, headline, give.from.span).help(help),
            );
            return None;
        };
        let ty: DeclaredTy = self.definition_type(definition)?;
        let labels = match (&answer.ty, ty.ty) {
            (PassedTy::Plain(there), here) if *there == here => Vec::new(),
            (PassedTy::Enum(there), Ty::Enum(id)) => {
                let here = self.labels_of(id);
                let enum_name = self.enums[id].name.clone();
                self.met(there, &here, give.ty.span, |label| {
                    format!(
                        "`{enum_name}` has no label `{label}`, which `{name}` of `{asked}` may be"
                    )
                })?
            }
            (PassedTy::Own, _) => {
                let headline = format!("`{name}` of `{asked}` cannot be read by another policy");
                self.report(
                    Diagnostic::error(codes::CANNOT_PASS, headline, give.from.span)
                        .help("a policy gives numbers, texts, dates, booleans, amounts of a currency and labels"),
                );
                return None;
            }
            (PassedTy::Plain(there), _) => {
                let there = self.words(*there);
                self.another_type(name, asked, &there, give.ty.span);
                return None;
            }
            (PassedTy::Enum(there), _) => {
                let there = format!("one of {}", there.join(", "));
                self.another_type(name, asked, &there, give.ty.span);
                return None;
            }
        };
        if answer.optional && !ty.optional {
            let headline = format!("`{name}` of `{asked}` may be missing");
            self.report(
                Diagnostic::error(codes::MAY_BE_MISSING_THERE, headline, give.ty.span)
                    .label("declared as always there")
                    .help("put `?` behind the type"),
            );
            return None;
        }
        Some(ir::PolicyGive {
            definition,
            from: answer.from,
            labels,
        })
    }

    fn another_type(&mut self, name: &str, asked: &str, there: &str, span: Span) {
        let headline = format!("`{name}` of `{asked}` is of another type");
        self.report(
            Diagnostic::error(codes::CANNOT_PASS, headline, span)
                .label(format!("there it is {there}"))
                .help("declare it with the type that it has there"),
        );
    }

    fn labels_of(&self, id: EnumId) -> Vec<String> {
        let labels = self.enums[id].labels.iter();
        labels.map(|label| label.name.to_string()).collect()
    }

    /// Finds each label of one enum among those of the other one.
    fn met(
        &mut self,
        labels: &[String],
        among: &[String],
        span: Span,
        lacking: impl Fn(&str) -> String,
    ) -> Option<Vec<u32>> {
        let mut found = Vec::with_capacity(labels.len());
        for label in labels {
            let at = among.iter().position(|other| other == label);
            match at.and_then(|at| u32::try_from(at).ok()) {
                Some(at) => found.push(at),
                None => {
                    self.report(
                        Diagnostic::error(codes::LABELS_DO_NOT_MEET, lacking(label), span).help(
                            "labels of two policies meet by their names: give both enums the same ones",
                        ),
                    );
                    return None;
                }
            }
        }
        Some(found)
    }
}
