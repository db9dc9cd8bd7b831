//! What a decision takes at most: steps of evaluation, calls of models and of other
//! policies. All that a decision may ask is counted once, since it is asked once.
//! Texts and lookups count as steps of one size. Numbers beyond 64 bits stay there.

mod budget;
mod expr;
mod model;
mod part;
mod table;

use std::collections::BTreeMap;

use super::flow::{Flow, Node};
use crate::Span;
use crate::ids::FunctionId;
use crate::ir::Policy;

pub(super) use budget::analyse;

/// What a decision takes at most
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Steps of evaluation
    pub steps: u64,
    /// Calls of models; one for each row of a rank counts for each
    pub model_calls: u64,
    /// Other policies that are asked, without what these take
    pub policies_asked: u64,
    /// What it is made of, the most steps first
    pub parts: Vec<CostPart>,
}

/// A part of what a decision takes
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CostPart {
    /// What it is, such as "table `terms`"
    pub name: String,
    /// Steps
    pub steps: u64,
    /// Calls of models
    pub model_calls: u64,
    /// Where it is declared
    pub span: Span,
}

impl Cost {
    /// Counts what a decision of a policy takes at most.
    #[must_use]
    pub fn of(policy: &Policy) -> Cost {
        let mut counter = Counter {
            policy,
            functions: BTreeMap::new(),
        };
        let mut parts: Vec<CostPart> = Vec::new();
        let mut policies_asked = 0;
        for node in Flow::of(policy).asked_for(asking(policy)) {
            policies_asked += u64::from(matches!(node, Node::Subpolicy(_)));
            parts.extend(counter.part(node));
        }
        parts.push(counter.decide());
        let again: Vec<CostPart> = policy
            .shadows
            .iter()
            .map(|shadow| CostPart {
                name: format!("shadow `{}`", shadow.name),
                steps: sum(parts.iter().map(|part| part.steps)),
                model_calls: sum(parts.iter().map(|part| part.model_calls)),
                span: shadow.span,
            })
            .collect();
        policies_asked *= 1 + policy.shadows.len() as u64;
        parts.extend(again);
        parts.sort_by(|one, other| {
            let most = |part: &CostPart| (part.steps, part.model_calls);
            most(other)
                .cmp(&most(one))
                .then(one.span.start.cmp(&other.span.start))
        });
        Cost {
            steps: sum(parts.iter().map(|part| part.steps)),
            model_calls: sum(parts.iter().map(|part| part.model_calls)),
            policies_asked,
            parts,
        }
    }

    /// Says how many steps and calls of models, as in `1_234 steps, 2 model calls`.
    #[must_use]
    pub fn counted(&self) -> String {
        let steps = counted(self.steps, "step");
        format!("{steps}, {}", counted(self.model_calls, "model call"))
    }
}

/// Results, and what is noted behind them.
fn asking(policy: &Policy) -> impl Iterator<Item = Node> {
    let outputs = policy.outputs.iter_ids().map(|(id, _)| Node::Output(id));
    let decided = (0_u32..)
        .zip(&policy.decide.values)
        .map(|(at, _)| Node::Decided(at));
    let always = policy.always.iter_ids();
    let always = always.map(|(id, always)| match always.enforce {
        true => Node::Enforced(id),
        false => Node::Noted(id),
    });
    let rules = policy.rules.iter_ids().filter(|(_, rule)| rule.shadow);
    let rules = rules.map(|(id, _)| Node::InShadow(id));
    let models = policy.models.iter_ids().filter(|(_, model)| model.shadow);
    let models = models.map(|(id, _)| Node::Model(id));
    [Node::Outcome, Node::Shortfalls]
        .into_iter()
        .chain(outputs)
        .chain(decided)
        .chain(always)
        .chain(rules)
        .chain(models)
}

/// `1 step`, `2_000 steps`
fn counted(number: u64, thing: &str) -> String {
    let many = if number == 1 { "" } else { "s" };
    format!(
        "{} {thing}{many}",
        crate::print::number(&number.to_string())
    )
}

fn sum(all: impl Iterator<Item = u64>) -> u64 {
    all.fold(0, u64::saturating_add)
}

struct Counter<'p> {
    policy: &'p Policy,
    /// What a call of a function takes
    functions: BTreeMap<FunctionId, u64>,
}
