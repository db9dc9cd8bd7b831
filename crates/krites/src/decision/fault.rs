//! Faults of a case with what handled each: an outcome, an answer that stands in, or
//! nothing, in shadow.

use std::fmt;

use krites_lang::{FaultKind, HandledBy, ModelFaultKind, ModelState, Speaker};

use super::Decision;

/// A model that failed for a case
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedModel<'a> {
    /// Its name in the policy
    pub model: &'a str,
    /// How it failed
    pub kind: ModelFaultKind,
    /// How it failed, in words; of [`ModelFaultKind::Failed`] the backend's own, which
    /// differ from machine to machine
    pub detail: String,
    /// What handled it, each once; none where its fault ended the case with an error, or
    /// `on fault next` of a cascade passed over it
    pub handled_by: Vec<FaultHandler<'a>>,
}

/// What handled a fault
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultHandler<'a> {
    /// `on fault` of the rule that met it, by its full name
    Rule(&'a str),
    /// `on fault` of the model that failed
    Model(&'a str),
    /// `on fault` of the group of inputs that is not there
    Group(&'a str),
    /// `on fault` of the other policy that was asked
    Policy(&'a str),
    /// `on fault` of the policy's header
    Header,
    /// `on fault use` of the model: the policy's answers stand in
    StandIn,
    /// The model is in shadow: its fault leads to nothing
    Shadow,
}

/// As it stands in records
impl fmt::Display for FaultHandler<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FaultHandler::Rule(name) => write!(f, "rule {name}"),
            FaultHandler::Model(name) => write!(f, "model {name}"),
            FaultHandler::Group(name) => write!(f, "group {name}"),
            FaultHandler::Policy(name) => write!(f, "policy {name}"),
            FaultHandler::Header => f.write_str("header"),
            FaultHandler::StandIn => f.write_str("stand-in"),
            FaultHandler::Shadow => f.write_str("shadow"),
        }
    }
}

impl<'a> Decision<'a> {
    /// Walks the models that failed for the case, those in shadow and those whose answers
    /// the policy's stood in for among them, in the order in which they failed.
    pub fn failed_models(&self) -> impl Iterator<Item = FailedModel<'a>> + use<'a> {
        let this = *self;
        (0..self.frame.faults().len()).filter_map(move |at| this.failed_model(at))
    }

    /// The model of whose failure a fault is, by its position.
    pub(crate) fn failed_model(&self, at: usize) -> Option<FailedModel<'a>> {
        let fault = self.frame.faults().get(at)?;
        let FaultKind::Model { fault: how, .. } = &fault.kind else {
            return None;
        };
        Some(FailedModel {
            model: &self.program().policy().models[fault.model?].name,
            kind: how.kind(),
            detail: how.to_string(),
            handled_by: self.handlers(at),
        })
    }

    /// What handled a fault, by its position, each once.
    pub(crate) fn handlers(&self, at: usize) -> Vec<FaultHandler<'a>> {
        let policy = self.program().policy();
        let is_it = |fault: u32| fault as usize == at;
        let mut handlers = Vec::new();
        let mut add = |handler| {
            if !handlers.contains(&handler) {
                handlers.push(handler);
            }
        };
        for spoken in self.frame.spoken() {
            let (Speaker::Fault(fault), Some(by)) = (spoken.speaker, spoken.handled_by()) else {
                continue;
            };
            match by {
                _ if !is_it(fault) => {}
                HandledBy::Rule(id) => add(FaultHandler::Rule(&policy.rules[id].name)),
                HandledBy::Model(id) => add(FaultHandler::Model(&policy.models[id].name)),
                HandledBy::Group(id) => add(FaultHandler::Group(&policy.groups[id].name)),
                HandledBy::Asked(id) => add(FaultHandler::Policy(&policy.subpolicies[id].name)),
                _ => add(FaultHandler::Header),
            }
        }
        for (id, model) in policy.models.iter_ids() {
            match self.frame.model(id) {
                ModelState::StoodIn(fault) if is_it(fault) => add(FaultHandler::StandIn),
                ModelState::Fault(fault) if is_it(fault) && model.shadow => {
                    add(FaultHandler::Shadow);
                }
                _ => {}
            }
        }
        handlers
    }
}
