//! Other policies that are asked: what they are given, and what is read of them.

use std::sync::Arc;

use super::names::Meaning;
use super::{Checker, codes, items};
use crate::ast;
use crate::ids::{DefinitionId, List, SubpolicyId};
use crate::ir;
use crate::{Diagnostic, Id as _};

/// How many policies may ask each other in turn, the first one aside
const MAX_POLICIES: usize = 8;

/// Why a policy cannot be asked
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyProblem {
    /// There is none of this name
    NotThere {
        /// The names of those that are there
        known: Vec<String>,
    },
    /// It asks the one that asks it, by way of these, the asked one first
    Cycle {
        /// Names of policies
        along: Vec<String>,
    },
    /// It has mistakes of its own, which were reported
    Broken,
}

/// A policy that is asked, with the values that are read of it
pub(super) struct SubpolicyHead<'a> {
    pub(super) ast: &'a ast::SubpolicyDecl,
    /// By what it gives; `None` where its type could not be read
    pub(super) gives: Vec<Option<DefinitionId>>,
}

impl<'a> Checker<'a> {
    pub(super) fn declare_subpolicy(&mut self, decl: &'a ast::SubpolicyDecl) {
        let id = SubpolicyId::new(self.subpolicies.len());
        let meaning = Meaning::Subpolicy(id.position());
        let sole = self.declare(&decl.name.text, meaning, decl.name.span);
        let mut gives = Vec::with_capacity(decl.gives.len());
        for (at, give) in (0_u32..).zip(&decl.gives) {
            let definition = self.declared_type(&give.ty).map(|ty| {
                let value = ir::Expr {
                    kind: ir::ExprKind::Asked(id, at),
                    ty: ty.ty,
                    optional: ty.optional,
                    span: give.name.span,
                };
                let name = format!("{}.{}", decl.name.text, give.name.text);
                self.define_as(name, ty, value)
            });
            let meaning = definition.map_or(Meaning::Broken, |id| {
                Meaning::Value(ir::Value::Definition(id))
            });
            self.declare_below(&decl.name, &give.name, meaning, sole);
            gives.push(definition);
        }
        self.subpolicies.push(SubpolicyHead { ast: decl, gives });
    }

    pub(super) fn check_subpolicies(&mut self) -> Option<List<SubpolicyId, ir::Subpolicy>> {
        let mut sound = true;
        let mut all = List::default();
        for position in 0..self.subpolicies.len() {
            match self.subpolicy(position) {
                Some(subpolicy) => {
                    all.push(subpolicy);
                }
                None => {
                    let decl = self.subpolicies.get(position).map(|head| head.ast);
                    if let Some(fault) = decl.and_then(|decl| decl.on_fault.as_ref()) {
                        self.tags(&fault.tags);
                    }
                    sound = false;
                }
            }
        }
        sound.then_some(all)
    }

    fn subpolicy(&mut self, position: usize) -> Option<ir::Subpolicy> {
        let head = self.subpolicies.get(position)?;
        let (decl, gives) = (head.ast, head.gives.clone());
        let interface = match self.models.policy(&decl.policy.text) {
            Ok(interface) => interface,
            Err(problem) => {
                self.cannot_ask(decl, problem);
                return None;
            }
        };
        let feeds = self.policy_feeds(decl, &interface);
        let gives: Vec<Option<ir::PolicyGive>> = decl
            .gives
            .iter()
            .zip(gives)
            .map(|(give, definition)| self.policy_give(give, definition?, &interface))
            .collect();
        let on_fault = match &decl.on_fault {
            Some(fault) => Some(self.handling(fault)?),
            None => None,
        };
        if on_fault.is_none() && !self.header_handles_faults() {
            self.report(
                Diagnostic::error(
                    codes::FAULT_UNHANDLED,
                    format!("nothing says what happens when `{}` fails", decl.name.text),
                    decl.name.span,
                )
                .help("add `on fault refer because …` to it or to the policy header"),
            );
        }
        self.depths.push(interface.depth);
        self.asks_deep = self.asks_deep.max(interface.asks_deep + 1);
        if interface.asks_deep >= MAX_POLICIES {
            let headline = format!("`{}` asks others too deep", decl.policy.text);
            self.report(
                Diagnostic::error(codes::ASKED_TOO_DEEP, headline, decl.policy.span)
                    .label(format!(
                        "{MAX_POLICIES} policies at most ask each other in turn"
                    ))
                    .help("ask the last of them from here"),
            );
        }
        Some(ir::Subpolicy {
            name: Arc::from(decl.name.text.as_str()),
            policy: Arc::from(decl.policy.text.as_str()),
            feeds: feeds?,
            gives: gives.into_iter().collect::<Option<_>>()?,
            on_fault,
            span: decl.name.span,
        })
    }

    fn cannot_ask(&mut self, decl: &ast::SubpolicyDecl, problem: PolicyProblem) {
        let asked = &decl.policy.text;
        let own = items!(self.file, Policy).next();
        let own = own.map_or("this policy", |header| header.name.text.as_str());
        let (code, headline, help) = match problem {
            PolicyProblem::Broken => return,
            PolicyProblem::NotThere { known } => {
                let close = self.close(asked, known.iter().map(String::as_str));
                let help = match close {
                    Some(close) => format!("did you mean `{}`?", close.name),
                    None => "add the policy to the release; it is asked by the name in its header"
                        .to_owned(),
                };
                let headline = format!("there is no policy `{asked}` for `{own}` to ask");
                (codes::NO_SUCH_POLICY, headline, help)
            }
            PolicyProblem::Cycle { along } => {
                let way: Vec<String> = along.iter().map(|name| format!("`{name}`")).collect();
                let headline = format!(
                    "`{own}` asks `{asked}`, which asks it again: {}",
                    way.join(", then ")
                );
                let help = "let one of them decide without the other".to_owned();
                (codes::POLICY_CYCLE, headline, help)
            }
        };
        self.report(Diagnostic::error(code, headline, decl.policy.span).help(help));
    }
}
