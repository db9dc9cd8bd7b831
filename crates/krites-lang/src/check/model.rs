//! Models: what is known of them, and what a failure leads to.

use std::sync::Arc;

use super::card::StatedCard;
use super::distribution::DistributionHead;
use super::interface::PolicyInterface;
use super::scope::Scope;
use super::subpolicy::PolicyProblem;
use super::training::keep_ranges;
use super::{AnswerHead, Checker, codes};
use crate::ast::Item;
use crate::ids::{List, ModelId};
use crate::ir::{self, Element};
use crate::{Diagnostic, Place};

/// Tells the checker what models and other policies take and give
pub trait ModelSource {
    /// Returns the interface of the model in `file`, as the policy names it.
    ///
    /// # Errors
    ///
    /// [`ModelProblem`] where the file is not there or holds no model that can
    /// be used.
    fn interface(&self, file: &str) -> Result<ModelInterface, ModelProblem>;

    /// Returns what another policy of the release takes and gives, by its name.
    ///
    /// # Errors
    ///
    /// [`PolicyProblem`] where it cannot be asked; there is none by default.
    fn policy(&self, name: &str) -> Result<PolicyInterface, PolicyProblem> {
        let _ = name;
        Err(PolicyProblem::NotThere { known: Vec::new() })
    }
}

/// What a model takes and gives
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelInterface {
    /// Inputs in the model's order
    pub inputs: Vec<ModelInput>,
    /// Outputs in the model's order
    pub outputs: Vec<ModelOutput>,
    /// What the card beside it states
    pub card: Option<StatedCard>,
    /// Whether cases stand beside it against which its answers can be explained
    pub has_background: bool,
}

/// One input of a model
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelInput {
    /// Name
    pub name: String,
    /// Type of the elements
    pub element: Element,
    /// Number of columns
    pub width: usize,
    /// Names of the columns, where the model carries them; else empty
    pub columns: Vec<String>,
}

/// One output of a model
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelOutput {
    /// Name
    pub name: String,
    /// Type of the elements
    pub element: Element,
    /// Number of columns
    pub width: usize,
    /// Labels of the classes that the columns score, as text
    pub classes: Vec<String>,
}

/// Why a model cannot be used
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelProblem {
    /// What is wrong, to follow the model's name
    pub headline: String,
    /// The node of the graph it was found at
    pub node: Option<String>,
    /// What to do
    pub help: String,
}

impl Checker<'_> {
    pub(super) fn check_models(&mut self) -> Option<List<ModelId, ir::Model>> {
        let mut sound = true;
        let mut models = List::default();
        for position in 0..self.model_heads.len() {
            match self.check_model(position) {
                Some(model) => {
                    models.push(model);
                }
                None => {
                    self.tags_unchecked(position);
                    sound = false;
                }
            }
        }
        sound.then_some(models)
    }

    /// Declares the tags of a model that is wrong elsewhere: those who name them are
    /// right.
    fn tags_unchecked(&mut self, position: usize) {
        let Some(decl) = self.model_heads.get(position).map(|head| head.ast) else {
            return;
        };
        let faults = decl.on_fault.iter().flat_map(|fault| &fault.tags);
        let stand_ins = decl.stand_in.iter().flat_map(|answers| &answers.tags);
        for tag in faults.chain(stand_ins) {
            self.tags(std::slice::from_ref(tag));
        }
    }

    fn check_model(&mut self, position: usize) -> Option<ir::Model> {
        let head = self.model_heads.get(position)?;
        let decl = head.ast;
        let gives: Vec<Vec<AnswerHead<'_>>> = head.gives().map(<[_]>::to_vec).collect();
        if !self.can_be_in_shadow(decl) {
            return None;
        }
        let interface = match self.models.interface(&decl.file.text) {
            Ok(interface) => interface,
            Err(problem) => {
                let mut diagnostic =
                    Diagnostic::error(codes::MODEL_UNUSABLE, problem.headline, decl.file.span)
                        .help(problem.help);
                if let Some(node) = problem.node {
                    let place = Place::Model {
                        model: decl.file.text.clone(),
                        node: Some(node),
                    };
                    diagnostic = diagnostic.evidence(place, "found at this node");
                }
                self.report(diagnostic);
                return None;
            }
        };
        self.check_card(decl, &interface);
        let held = self.check_training(decl, &interface);
        let each = self.each_row(position);
        let scope = each.as_ref().map(|(_, names)| Scope::Row(names.clone()));
        let scoped = scope.is_some();
        self.scopes.extend(scope);
        let inputs = self.feeds(decl, &interface);
        self.leave_row(scoped);
        let mut distributions = Vec::new();
        let gives: Vec<Option<Vec<ir::Give>>> = gives
            .iter()
            .map(|answers| match answers.first()?.distribution {
                Some(position) => {
                    let give = answers.first()?.ast;
                    distributions.extend(
                        self.distributions
                            .get(position)
                            .map(DistributionHead::checked),
                    );
                    self.distribution(decl, give, position, &interface)
                }
                None => Some(vec![self.give(decl, answers.first()?, &interface)?]),
            })
            .collect();
        let gives: Option<Vec<Vec<ir::Give>>> = gives.into_iter().collect();
        let in_shadow = decl.shadow.is_some();
        let on_fault = match &decl.on_fault {
            _ if in_shadow => None,
            Some(fault) if self.ignores_its_faults(fault) => return None,
            Some(fault) => Some(self.handling(fault)?),
            None => None,
        };
        let stand_in = match &decl.stand_in {
            _ if in_shadow => None,
            Some(stand_in) => Some(self.model_stand_in(position, stand_in)?),
            None => None,
        };
        let handled = in_shadow || on_fault.is_some() || stand_in.is_some();
        if !handled && !self.header_handles_faults() {
            self.report(
                Diagnostic::error(
                    codes::FAULT_UNHANDLED,
                    format!("nothing says what happens when `{}` fails", decl.name.text),
                    decl.name.span,
                )
                .help("add `on fault refer because …` to the model or to the policy header"),
            );
        }
        let mut inputs = inputs?;
        keep_ranges(&mut inputs, &held?);
        let gives: Vec<ir::Give> = gives?.into_iter().flatten().collect();
        let reasons = match &decl.reasons {
            Some(reasons) => Some(self.model_reasons(decl, reasons, &interface, &inputs, &gives)?),
            None => None,
        };
        Some(ir::Model {
            name: Arc::from(decl.name.text.as_str()),
            file: decl.file.text.clone(),
            each: match (&decl.each, each) {
                (Some(_), found) => Some(found?.0),
                (None, _) => None,
            },
            shadow: in_shadow,
            inputs,
            gives,
            distributions,
            reasons,
            outside_training: decl.outside_training.map(|(said, _)| said),
            within_ms: decl.within_ms.map(|(within, _)| within),
            on_fault,
            stand_in,
            span: decl.name.span,
        })
    }

    pub(super) fn header_handles_faults(&self) -> bool {
        self.file.items.iter().any(|item| match item {
            Item::Policy(header) => header.on_fault.is_some(),
            Item::Error { keyword, .. } => keyword == "policy",
            _ => false,
        })
    }
}
