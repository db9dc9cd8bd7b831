//! By how much what models were fed moved their answers.

use krites_lang::ir::Value;
use krites_lang::{ContributedState, Id as _, ModelFault, Verified};
use krites_model::Unit;

use super::Decision;

/// An answer of a model, explained by what the model was fed
#[derive(Clone, Debug, PartialEq)]
pub struct Explained<'a> {
    /// The model
    pub model: &'a str,
    /// The answer, by its full name
    pub answer: &'a str,
    /// The mean of the margin over the cases that this one is explained against
    pub base: f64,
    /// What base, margin and contributions are counted in
    pub unit: Unit,
    /// What the model computed before it made a probability of it: the base and the
    /// contributions of all that it was fed
    pub margin: f64,
    /// What has a reason, as the policy has it
    pub features: Vec<FeatureContribution<'a>>,
    /// Why there are none, where they could not be computed
    pub fault: Option<&'a ModelFault>,
}

/// By how much something that a model was fed moved its answer
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FeatureContribution<'a> {
    /// The name under which it is fed
    pub name: &'a str,
    /// Above zero where it raised the answer
    pub contribution: f64,
    /// Whether a private input is in it, of which the number tells something
    pub private: bool,
    /// The code of its reason
    pub because: &'a str,
    /// The answer, and what it is without this, where that was tried, or why it could
    /// not be
    pub tried: Option<&'a Result<Verified, ModelFault>>,
    /// Whether its reason is listed for it
    pub gives: bool,
}

impl<'a> Decision<'a> {
    /// Walks the models whose answers were explained, since their contributions are
    /// among the reasons that are owed.
    pub fn explained(&self) -> impl Iterator<Item = Explained<'a>> + use<'a> {
        let Self { policy, frame, .. } = *self;
        let program = policy.program();
        let declared = program.policy();
        declared.models.iter_ids().filter_map(move |(id, model)| {
            let reasons = model.reasons.as_ref()?;
            let found = program.contributed(frame, id)?;
            let explainer = policy.explainers.get(id.position())?.as_ref()?;
            let features = reasons.features.iter().zip(&found.features);
            let features = features.map(|(feature, told)| FeatureContribution {
                name: &feature.name,
                contribution: told.value,
                private: is_private(program, model, feature),
                because: &declared.reasons[feature.because].code,
                tried: told.tried.as_ref(),
                gives: told.gives,
            });
            Some(Explained {
                model: &model.name,
                answer: model.gives.get(reasons.give).map_or("", |give| &give.name),
                base: explainer.explainer.base(),
                unit: explainer.explainer.unit(),
                margin: found.margin,
                features: features.collect(),
                fault: match &found.state {
                    ContributedState::Failed(fault) => Some(fault),
                    _ => None,
                },
            })
        })
    }
}

fn is_private(
    program: &krites_lang::Program,
    model: &krites_lang::ir::Model,
    feature: &krites_lang::ir::ModelFeature,
) -> bool {
    let input = model.inputs.get(feature.input);
    let column = input.and_then(|input| input.columns.get(feature.column));
    let mut private = false;
    if let Some(column) = column {
        column.value.each_value(&mut |value| {
            if let Value::Input(input) = value {
                private |= program.policy().inputs[input].private;
            }
        });
    }
    private
}
