//! Contributions: by how much what a model was fed moved its answer, and the reasons
//! that are owed for it.

use crate::ids::{Id as _, ModelId};
use crate::ir::{Adverse, ModelReasons};
use crate::program::Program;

use super::fault::ModelFault;
use super::frame::Frame;
use super::model::Answers;
use super::run::{Run, Stop};
use super::state::{Feed, ModelState};

/// What is asked of what explains a model's answer
#[derive(Debug)]
pub struct ContributionsCall<'a> {
    /// Which model
    pub model: ModelId,
    /// What it was fed, one tensor an input, of one row
    pub feeds: &'a [Feed],
    /// One place for each of [`ModelReasons::features`], to be filled: above zero where
    /// the feature raised the answer
    pub contributions: &'a mut [f64],
}

/// A model's answer, and what it is without one of its features
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verified {
    /// The answer for the case as it is
    pub own: f64,
    /// By how much that is above the answers where the feature has the value of each
    /// background case in turn, on average: zero where each of these is the same
    pub moved: f64,
}

impl Verified {
    /// Returns the mean of the answers without the feature.
    #[must_use]
    pub fn averaged(&self) -> f64 {
        self.own - self.moved
    }
}

/// How what a model was fed moved its answer
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contributed {
    /// What came of it
    pub state: ContributedState,
    /// What the model computed before it made a probability of it
    pub margin: f64,
    /// One for each of [`ModelReasons::features`]
    pub features: Vec<Contribution>,
}

/// Whether contributions were computed
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum ContributedState {
    /// Nothing asked for them
    #[default]
    NotAsked,
    /// They were
    Computed,
    /// They could not be
    Failed(ModelFault),
}

/// By how much a feature moved an answer
#[derive(Clone, Debug, PartialEq)]
pub struct Contribution {
    /// Above zero where it raised the answer, in the unit of the margin
    pub value: f64,
    /// What the answer is without it, where that was tried, or why it could not be
    pub tried: Option<Result<Verified, ModelFault>>,
    /// Whether its reason is listed for it
    pub gives: bool,
}

impl ModelReasons {
    /// Turns a difference so that it is above zero where it speaks against the case.
    #[must_use]
    pub fn against(&self, difference: f64) -> f64 {
        match self.adverse {
            Adverse::High => difference,
            Adverse::Low => -difference,
        }
    }
}

impl Program {
    /// Returns the contributions to a model's answer, as far as reasons asked for them.
    #[must_use]
    pub fn contributed<'f>(&self, frame: &'f Frame, model: ModelId) -> Option<&'f Contributed> {
        let found = frame.rare.contributed.get(model.position())?;
        (frame.program == self.identity && found.state != ContributedState::NotAsked)
            .then_some(found)
    }
}

impl<A: Answers> Run<'_, '_, A> {
    /// Adds the reasons of what moved a model's answer against the case, the most first.
    /// Where the model has no answer of its own, there are none.
    pub(super) fn reasons_of_contributions(
        &mut self,
        id: ModelId,
        if_asked: bool,
    ) -> Result<(), Stop> {
        let program = self.program;
        let Some(reasons) = &program.policy.models[id].reasons else {
            return Ok(());
        };
        if !if_asked {
            match self.need_model(id) {
                // Its handling speaks for the fault.
                Ok(()) | Err(Stop::Fault(_)) => {}
                Err(stop) => return Err(stop),
            }
        }
        // Explained is what the model itself answered for this case.
        if self.frame.model(id) != ModelState::Answered || self.again.is_some() {
            return Ok(());
        }
        let Some(slot) = self.frame.rare.contributed.get_mut(id.position()) else {
            return Ok(());
        };
        let mut found = std::mem::take(slot);
        if found.state == ContributedState::NotAsked {
            self.contribute(id, reasons, &mut found);
        }
        let mut order = std::mem::take(&mut self.frame.by_contribution);
        order.clear();
        order.extend((0..found.features.len()).filter(|at| {
            let feature = found.features.get(*at);
            feature.is_some_and(|feature| reasons.against(feature.value) > 0.0)
        }));
        let against = |at: &usize| {
            let feature = found.features.get(*at);
            feature.map_or(0.0, |feature| reasons.against(feature.value))
        };
        order.sort_unstable_by(|one, other| {
            let larger = against(other).total_cmp(&against(one));
            larger.then(one.cmp(other))
        });
        for &at in &order {
            let (Some(contribution), Some(feature)) =
                (found.features.get_mut(at), reasons.features.get(at))
            else {
                continue;
            };
            if !self.would_owe(feature.because) {
                continue;
            }
            if reasons.verified && contribution.tried.is_none() {
                contribution.tried = Some(self.without(id, at));
            }
            // What cannot be tried is not found to change nothing.
            contribution.gives = match &contribution.tried {
                Some(Ok(tried)) => reasons.against(tried.moved) > 0.0,
                Some(Err(_)) | None => true,
            };
            if contribution.gives {
                self.owe(feature.because);
            }
        }
        self.frame.by_contribution = order;
        if let Some(slot) = self.frame.rare.contributed.get_mut(id.position()) {
            *slot = found;
        }
        Ok(())
    }

    fn contribute(&mut self, id: ModelId, reasons: &ModelReasons, into: &mut Contributed) {
        let mut values = std::mem::take(&mut self.frame.contribution_values);
        values.clear();
        values.resize(reasons.features.len(), 0.0);
        let feeds = self.frame.feeds.get(id.position());
        let told = self.answers.contributions(ContributionsCall {
            model: id,
            feeds: feeds.map_or(&[], |feeds| feeds),
            contributions: &mut values,
        });
        into.features.clear();
        match told {
            Ok(margin) => {
                into.state = ContributedState::Computed;
                into.margin = margin;
                into.features
                    .extend(values.iter().map(|&value| Contribution {
                        value,
                        tried: None,
                        gives: false,
                    }));
            }
            Err(fault) => into.state = ContributedState::Failed(fault),
        }
        self.frame.contribution_values = values;
    }

    /// Asks for the answer without a feature.
    fn without(&mut self, id: ModelId, feature: usize) -> Result<Verified, ModelFault> {
        let feeds = self.frame.feeds.get(id.position());
        self.answers
            .without(id, feeds.map_or(&[], |feeds| feeds), feature)
    }
}
