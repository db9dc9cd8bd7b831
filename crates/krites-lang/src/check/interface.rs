//! What a policy takes and gives, as far as another one asks it.

use crate::Id as _;
use crate::ids::{EnumId, InputId};
use crate::ir::{OutputSource, Policy, PolicyAnswer};
use crate::types::{DeclaredTy, Ty};

/// What a policy takes and gives: equal for all that another policy is checked against
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyInterface {
    /// Name
    pub name: String,
    /// Its inputs, in order, those of groups on request among them
    pub inputs: Vec<PolicyInput>,
    /// Lists that a case must have
    pub lists: Vec<String>,
    /// The outcome, what is decided with it, and its outputs
    pub answers: Vec<PolicyOutput>,
    /// How deep its values rest on each other, and on those of policies that it asks
    pub depth: usize,
    /// How many policies it asks in turn
    pub asks_deep: usize,
}

/// An input of a policy
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyInput {
    /// Dotted name
    pub name: String,
    /// Its type
    pub ty: PassedTy,
    /// Whether it may be missing, or has a default
    pub optional: bool,
}

/// Something that a policy answers
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyOutput {
    /// Dotted name
    pub name: String,
    /// What it is
    pub from: PolicyAnswer,
    /// Its type
    pub ty: PassedTy,
    /// Whether it may be missing
    pub optional: bool,
}

/// The type of a value that goes from one policy to another
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PassedTy {
    /// The same in all policies
    Plain(Ty),
    /// An enum by its labels
    Enum(Vec<String>),
    /// None that another policy gives or takes: a list, a float for models, money in the
    /// currency of the case
    Own,
}

impl PolicyInterface {
    /// Returns what a policy takes and gives.
    #[must_use]
    pub fn of(policy: &Policy) -> Self {
        let inputs = policy.inputs.iter().map(|input| PolicyInput {
            name: input.name.to_string(),
            ty: passed(policy, input.ty.ty),
            optional: input.ty.optional || input.default.is_some(),
        });
        let lists = policy.lists.iter();
        let lists = lists.filter(|list| list.within.is_none() && !list.default_empty);
        let outcome = PolicyOutput {
            name: policy.decide.name.to_string(),
            from: PolicyAnswer::Outcome,
            ty: PassedTy::Enum(labels(policy, policy.decide.ty)),
            optional: false,
        };
        let answer = |name: &str, from, ty: DeclaredTy, maybe: bool| PolicyOutput {
            name: name.to_owned(),
            from,
            ty: passed(policy, ty.ty),
            optional: ty.optional || maybe,
        };
        let decided = (0..).zip(&policy.decide.values);
        let decided = decided
            .map(|(at, value)| answer(&value.name, PolicyAnswer::Decided(at), value.ty, false));
        let outputs = policy.outputs.iter_ids().map(|(id, output)| {
            let from = PolicyAnswer::Output(id);
            let maybe = output.when.is_some() || output.if_asked;
            let one = answer(&output.name, from, output.ty, maybe);
            match output.value {
                OutputSource::Expr(_) => one,
                OutputSource::Rows(..) => PolicyOutput {
                    ty: PassedTy::Own,
                    ..one
                },
            }
        });
        Self {
            name: policy.name.clone(),
            inputs: inputs.collect(),
            lists: lists.map(|list| list.name.to_string()).collect(),
            answers: [outcome]
                .into_iter()
                .chain(decided)
                .chain(outputs)
                .collect(),
            depth: policy.depth,
            asks_deep: policy.asks_deep,
        }
    }

    pub(super) fn input(&self, name: &str) -> Option<(InputId, &PolicyInput)> {
        let at = self.inputs.iter().position(|input| input.name == name)?;
        Some((InputId::new(at), self.inputs.get(at)?))
    }

    pub(super) fn answer(&self, name: &str) -> Option<&PolicyOutput> {
        self.answers.iter().find(|answer| answer.name == name)
    }
}

fn passed(policy: &Policy, ty: Ty) -> PassedTy {
    match ty {
        Ty::Enum(id) => PassedTy::Enum(labels(policy, id)),
        Ty::MoneyOf(_) | Ty::Float => PassedTy::Own,
        ty => PassedTy::Plain(ty),
    }
}

fn labels(policy: &Policy, id: EnumId) -> Vec<String> {
    let labels = policy.enums[id].labels.iter();
    labels.map(|label| label.name.to_string()).collect()
}
