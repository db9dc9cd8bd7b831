//! Other policies that are asked: what they are given, and what is read of them.

use std::collections::HashMap;
use std::sync::Arc;

use super::case::Case;
use super::interface::{PassedTy, PolicyInterface};
use super::names::Meaning;
use super::{Checker, Env, codes, items};
use crate::ast;
use crate::ids::{DefinitionId, EnumId, List, SubpolicyId};
use crate::ir;
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Id as _, Span};

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
                None => sound = false,
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
                    Some(close) => format!("did you mean `{close}`?"),
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

    fn policy_feeds(
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
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("its inputs are {}", names.collect::<Vec<_>>().join(", ")),
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

    fn policy_give(
        &mut self,
        give: &ast::PolicyGive,
        definition: DefinitionId,
        interface: &PolicyInterface,
    ) -> Option<ir::PolicyGive> {
        let (name, asked) = (give.from.text.as_str(), &interface.name);
        let Some(answer) = interface.answer(name) else {
            let names = interface.answers.iter().map(|answer| answer.name.as_str());
            let help = match self.close(name, names.clone()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!("it gives {}", names.collect::<Vec<_>>().join(", ")),
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

    /// The policy that something is, or is an answer of.
    pub(super) fn asked_of(&self, meaning: Meaning) -> Option<usize> {
        match meaning {
            Meaning::Subpolicy(position) => Some(position),
            Meaning::Value(ir::Value::Definition(id)) => self.answer_of(id).map(|(asked, _)| asked),
            _ => None,
        }
    }

    fn answer_of(&self, id: DefinitionId) -> Option<(usize, usize)> {
        let mut heads = self.subpolicies.iter().enumerate();
        heads.find_map(|(position, head)| {
            let give = head.gives.iter().position(|give| *give == Some(id))?;
            Some((position, give))
        })
    }

    /// Sets an answer of a policy that is asked.
    pub(super) fn assign_asked(
        &mut self,
        meaning: Meaning,
        assignment: &ast::Assignment,
        case: &mut Case,
    ) {
        let Meaning::Value(ir::Value::Definition(id)) = meaning else {
            return;
        };
        let Some((position, give)) = self.answer_of(id) else {
            return;
        };
        let (name, span) = (&assignment.path.text, assignment.value.span());
        let Some(ty) = self.definition_type(id) else {
            return;
        };
        let value = match &assignment.value {
            ast::AssignedValue::Value(value) => self.constant(value, ty.ty).map(Some),
            _ if ty.optional => Some(None),
            _ => {
                let headline = format!("`{name}` is never missing");
                self.report(
                    Diagnostic::error(codes::CANNOT_SET, headline, span)
                        .label("declared without `?`")
                        .help("give it a value"),
                );
                None
            }
        };
        let Some(value) = value else {
            case.broken_policies.push(position);
            return;
        };
        if let Some(value) = &value {
            self.check_digits(value, ty, span);
        }
        let stub = case.policies.entry(position);
        let stub = stub.or_insert(ir::StubbedPolicy::Fault);
        match stub {
            ir::StubbedPolicy::Answers(answers) => {
                answers.retain(|(known, _)| *known != give);
                answers.push((give, value));
            }
            ir::StubbedPolicy::Fault => *stub = ir::StubbedPolicy::Answers(vec![(give, value)]),
        }
    }

    /// The answers that a test leaves out, where it gives others of the policy.
    pub(super) fn answers_left_out(
        &self,
        position: usize,
        stub: &ir::StubbedPolicy,
    ) -> Vec<(String, Span)> {
        let (ir::StubbedPolicy::Answers(answers), Some(head)) =
            (stub, self.subpolicies.get(position))
        else {
            return Vec::new();
        };
        let gives = head.ast.gives.iter().enumerate();
        let lacking = gives.filter(|(at, _)| !answers.iter().any(|(known, _)| known == at));
        let name = &head.ast.name.text;
        lacking
            .map(|(_, give)| (format!("{name}.{}", give.name.text), give.name.span))
            .collect()
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
