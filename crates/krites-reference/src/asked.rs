//! Other policies that are asked: given values, decided by themselves, and read.

use std::collections::BTreeMap;
use std::sync::Arc;

use krites_lang::ir::{self, PolicyAnswer, StubbedPolicy, Subpolicy};
use krites_lang::{DeclaredTy, Id as _, SubpolicyId, Ty};

use crate::bind::bind;
use crate::fault::PolicyFault;
use crate::run::{Found, NEW, Run};
use crate::verdict::{Ending, Verdict};
use crate::{Case, Fault, Given, Value};

/// What another policy came to
pub(crate) struct Answered {
    /// By what is read of it
    pub(crate) answers: Found<Vec<Option<Value>>>,
    /// Its own verdict, where it decided
    pub(crate) verdict: Option<Verdict>,
}

/// What it says, or how it failed
type Came = Result<(Vec<Option<Value>>, Option<Verdict>), PolicyFault>;

impl<'p> Run<'p, '_> {
    /// What is read of another policy, which is asked where nothing has asked it yet.
    pub(crate) fn asked(&mut self, id: SubpolicyId, give: u32) -> Found<Option<Value>> {
        if matches!(self.policies.get(id.position()), Some(None)) {
            if self.nothing_new {
                return Err(NEW);
            }
            let asked = self.ask_policy(id)?;
            // All that is read of it is there, whichever was asked for.
            for (at, give) in self.policy.subpolicies[id].gives.iter().enumerate() {
                let value = match &asked.answers {
                    Ok(answers) => Ok(answers.get(at).cloned().flatten()),
                    Err(fault) => Err(*fault),
                };
                if let Some(place) = self.definitions.get_mut(give.definition.position()) {
                    *place = Some(value);
                }
            }
            if let Some(place) = self.policies.get_mut(id.position()) {
                *place = Some(asked);
            }
        }
        let asked = self.policies.get(id.position()).and_then(Option::as_ref);
        match asked.map(|asked| &asked.answers) {
            Some(Ok(answers)) => match answers.get(give as usize) {
                Some(answer) => Ok(answer.clone()),
                None => self.broken("no such answer of a policy"),
            },
            Some(Err(fault)) => Err(*fault),
            None => self.broken("no such policy"),
        }
    }

    fn ask_policy(&mut self, id: SubpolicyId) -> Found<Answered> {
        let policy = self.policy;
        let declared = &policy.subpolicies[id];
        let mut group = None;
        let came = match self.case.policies.get(&id).cloned() {
            Some(StubbedPolicy::Fault) => Err(PolicyFault::Stated),
            Some(StubbedPolicy::Answers(answers)) => {
                let mut all = vec![None; declared.gives.len()];
                for (at, value) in &answers {
                    if let Some(place) = all.get_mut(*at) {
                        *place = value.as_ref().map(Value::of);
                    }
                }
                Ok((all, None))
            }
            None => match self.given_to(declared) {
                Ok(given) => self.decided_by(id, given),
                Err(NEW) => return Err(NEW),
                Err(fault) => {
                    group = self.faults.get(fault.0).and_then(|met| met.group);
                    Err(PolicyFault::Feed(Box::new(self.met(fault))))
                }
            },
        };
        Ok(match came {
            Ok((answers, verdict)) => Answered {
                answers: Ok(answers),
                verdict,
            },
            Err(fault) => {
                let fault = Fault::Policy(Arc::clone(&declared.name), fault);
                let fault = self.fault_from(fault, None, group);
                if let Some(met) = self.faults.get_mut(fault.0) {
                    met.policy = Some(id);
                }
                Answered {
                    answers: Err(fault),
                    verdict: None,
                }
            }
        })
    }

    fn given_to(&mut self, declared: &'p Subpolicy) -> Found<Vec<Option<Value>>> {
        let feeds = declared.feeds.iter();
        feeds.map(|feed| self.value(&feed.value)).collect()
    }

    fn decided_by(&mut self, id: SubpolicyId, given: Vec<Option<Value>>) -> Came {
        let policy = self.policy;
        let declared = &policy.subpolicies[id];
        let Some(other) = self.reference.asked.get(id.position()) else {
            return Err(PolicyFault::NotThere);
        };
        let mut case = Case {
            decision_date: self.case.day,
            ..Case::default()
        };
        for (feed, value) in declared.feeds.iter().zip(given) {
            let ty = other.policy.inputs[feed.input].ty.ty;
            let value = value.map(|value| self.renamed(value, feed.value.ty, other.policy, ty));
            let given = value.map_or(Given::Missing, |value| Given::from_value(&value, ty));
            case.inputs.insert(feed.input, given);
        }
        let bound = bind(other.policy, &case).map_err(|_| PolicyFault::Refused)?;
        let stubs = BTreeMap::new();
        let verdict = Run::new(other, bound, &stubs).decide();
        let Ending::Decided {
            outcome,
            outputs,
            decided,
            ..
        } = &verdict.ending
        else {
            return Err(PolicyFault::Undecided);
        };
        let mut answers = Vec::with_capacity(declared.gives.len());
        for give in &declared.gives {
            let own: DeclaredTy = policy.definitions[give.definition].ty;
            let (value, ty) = match give.from {
                PolicyAnswer::Outcome => {
                    let label = label_named(policy, own.ty, outcome);
                    answers.push(label.map(Value::Label));
                    continue;
                }
                PolicyAnswer::Decided(at) => (
                    decided
                        .get(at as usize)
                        .and_then(|(_, value)| value.clone()),
                    other
                        .policy
                        .decide
                        .values
                        .get(at as usize)
                        .map(|value| value.ty.ty),
                ),
                PolicyAnswer::Output(id) => (
                    outputs
                        .get(id.position())
                        .and_then(|(_, value)| value.clone()),
                    Some(other.policy.outputs[id].ty.ty),
                ),
            };
            if value.is_none() && !own.optional {
                let give = Arc::clone(&policy.definitions[give.definition].name);
                return Err(PolicyFault::NoAnswer(give));
            }
            let value = value.zip(ty).map(|(value, ty)| {
                let value = other_name(value, other.policy, ty, policy, own.ty);
                self.rounded(value, own)
            });
            answers.push(value);
        }
        Ok((answers, Some(verdict)))
    }

    fn renamed(&self, value: Value, from: Ty, there: &ir::Policy, to: Ty) -> Value {
        other_name(value, self.policy, from, there, to)
    }
}

/// A label of one policy as that of the same name of another one; other values as they
/// are.
fn other_name(value: Value, from: &ir::Policy, ty: Ty, to: &ir::Policy, other: Ty) -> Value {
    let (Value::Label(label), Ty::Enum(id)) = (&value, ty) else {
        return value;
    };
    let name = from.enums[id].labels.get(*label as usize);
    let found = name.and_then(|label| label_named(to, other, &label.name));
    found.map_or(value, Value::Label)
}

fn label_named(policy: &ir::Policy, ty: Ty, name: &str) -> Option<u32> {
    let Ty::Enum(id) = ty else {
        return None;
    };
    let mut labels = policy.enums[id].labels.iter();
    let at = labels.position(|label| *label.name == *name)?;
    u32::try_from(at).ok()
}
