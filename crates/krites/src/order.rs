//! Policies in an order in which each comes behind those that it asks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use krites_lang::{PolicyInterface, PolicyProblem};

use crate::assemble::{
    Interfaces, LoadedModels, ParsedPolicy, PolicyText, checked, released, same_parts, shared,
};
use crate::data;
use crate::error::{LoadError, LoadErrorKind, PolicyErrors};
use crate::modules::Modules;
use crate::part::{PolicyPart, ReleasedPolicy};

/// What policies are made with
pub(crate) struct Making<'a, 'd> {
    pub(crate) base: &'a [Arc<ReleasedPolicy>],
    pub(crate) models: &'a LoadedModels,
    pub(crate) modules: &'a Modules,
    pub(crate) data: &'a mut data::Loader<'d>,
}

/// A policy that was not made yet
struct Waiting {
    file: String,
    /// `None` where it has no header that can be read
    name: Option<String>,
    asks: Vec<String>,
    /// Taken where it is made
    source: Option<Source>,
}

impl Waiting {
    fn parts(mut self) -> (Self, Option<Source>) {
        let source = self.source.take();
        (self, source)
    }
}

/// What a policy is made of
enum Source {
    /// That of the release before, where the policies that it asks are the same to it
    Shared(Arc<PolicyPart>, PolicyText),
    Parsed(Box<ParsedPolicy>),
}

/// Policies that were made, by name, or what is wrong with them
pub(crate) type Made = (BTreeMap<String, Arc<ReleasedPolicy>>, Vec<PolicyErrors>);

/// Checks and compiles policies, given by file.
pub(crate) fn made(
    texts: BTreeMap<String, PolicyText>,
    mut making: Making<'_, '_>,
) -> Result<Made, LoadError> {
    let waiting = texts.into_iter();
    let mut waiting: Vec<Waiting> = waiting
        .map(|(file, text)| waits(file, text, &making))
        .collect();
    let mut policies: BTreeMap<String, Arc<ReleasedPolicy>> = BTreeMap::new();
    let mut failed: BTreeSet<Option<String>> = BTreeSet::new();
    let mut errors: BTreeMap<String, PolicyErrors> = BTreeMap::new();
    while !waiting.is_empty() {
        let is_free = |one: &Waiting| {
            let mut asks = one.asks.iter();
            asks.all(|asked| {
                !waiting
                    .iter()
                    .any(|other| other.name.as_ref() == Some(asked))
            })
        };
        // Where each waits for another one, they ask each other.
        let next = waiting.iter().position(is_free);
        let next = next.or_else(|| in_a_circle(&waiting)).unwrap_or(0);
        let (one, source) = waiting.remove(next).parts();
        let (file, name) = (one.file.clone(), one.name.clone());
        let known = Known {
            policies: &policies,
            failed: &failed,
            waiting: &waiting,
            own: &one,
        };
        let interface = |asked: &str| known.interface(asked);
        let Some(source) = source else {
            continue;
        };
        match make(&file, source, &interface, &policies, &mut making) {
            Ok(policy) => {
                let name = policy.part.name().to_owned();
                if let Some(first) = policies.insert(name.clone(), kept(making.base, policy)) {
                    return Err(LoadErrorKind::NameTwice {
                        name,
                        first: first.part.file.clone(),
                        second: file,
                    }
                    .into());
                }
            }
            Err(found) => {
                failed.insert(name);
                errors.insert(file, found);
            }
        }
    }
    Ok((policies, errors.into_values().collect()))
}

/// Returns a policy of the release before where it is the same: whoever decides with it
/// goes on as it is.
fn kept(base: &[Arc<ReleasedPolicy>], policy: ReleasedPolicy) -> Arc<ReleasedPolicy> {
    let same = base.iter().find(|known| same_parts(known, &policy));
    same.cloned().unwrap_or_else(|| Arc::new(policy))
}

fn waits(file: String, text: PolicyText, making: &Making<'_, '_>) -> Waiting {
    let known = shared(making.base, &file, text.hash, making.models, making.modules);
    match known {
        Some(part) => Waiting {
            file,
            name: Some(part.name().to_owned()),
            asks: asked_by(&part).map(str::to_owned).collect(),
            source: Some(Source::Shared(part, text)),
        },
        None => {
            let parsed = ParsedPolicy::new(text, making.modules);
            Waiting {
                file,
                name: parsed.name().map(str::to_owned),
                asks: parsed.asks(),
                source: Some(Source::Parsed(Box::new(parsed))),
            }
        }
    }
}

fn asked_by(part: &PolicyPart) -> impl Iterator<Item = &str> {
    let asked = part.program.policy().subpolicies.iter();
    asked.map(|asked| &*asked.policy)
}

fn make(
    file: &str,
    source: Source,
    interface: &dyn Fn(&str) -> Result<PolicyInterface, PolicyProblem>,
    policies: &BTreeMap<String, Arc<ReleasedPolicy>>,
    making: &mut Making<'_, '_>,
) -> Result<ReleasedPolicy, PolicyErrors> {
    let interfaces = Interfaces {
        models: making.models,
        policies: interface,
    };
    let anew = |parsed: ParsedPolicy| {
        let part = checked(file, parsed, &interfaces, making.modules)?;
        Ok(Arc::new(part))
    };
    let part = match source {
        Source::Shared(part, text) => {
            let same = asked_by(&part)
                .zip(&part.asked)
                .all(|(name, known)| interface(name).as_ref() == Ok(known));
            match same {
                true => part,
                false => anew(ParsedPolicy::new(text, making.modules))?,
            }
        }
        Source::Parsed(parsed) => anew(*parsed)?,
    };
    released(part, making.base, making.models, policies, making.data)
}

/// What one policy may know of the others
struct Known<'a> {
    policies: &'a BTreeMap<String, Arc<ReleasedPolicy>>,
    failed: &'a BTreeSet<Option<String>>,
    waiting: &'a [Waiting],
    own: &'a Waiting,
}

impl Known<'_> {
    fn interface(&self, asked: &str) -> Result<PolicyInterface, PolicyProblem> {
        if let Some(policy) = self.policies.get(asked) {
            return Ok(PolicyInterface::of(policy.program().policy()));
        }
        let is_asked = |one: &Waiting| one.name.as_deref() == Some(asked);
        if is_asked(self.own) || self.waiting.iter().any(is_asked) {
            let own = self.own.name.as_deref();
            let way = own.and_then(|own| way(asked, own, self.waiting));
            return Err(match way {
                Some(along) => PolicyProblem::Cycle { along },
                None => PolicyProblem::Broken,
            });
        }
        // One without a name may be it.
        let failed = |name: Option<&str>| self.failed.contains(&name.map(str::to_owned));
        if failed(Some(asked)) || failed(None) {
            return Err(PolicyProblem::Broken);
        }
        let names = self.waiting.iter().filter_map(|one| one.name.clone());
        let known = self.policies.keys().cloned().chain(names);
        Err(PolicyProblem::NotThere {
            known: known.collect(),
        })
    }
}

/// The names on the way from one policy to another one, both included.
fn way(from: &str, to: &str, waiting: &[Waiting]) -> Option<Vec<String>> {
    let mut ways = vec![vec![from.to_owned()]];
    let mut seen: BTreeSet<String> = BTreeSet::from([from.to_owned()]);
    while let Some(way) = ways.pop() {
        let last = way.last()?;
        if last == to {
            return Some(way);
        }
        let asks = waiting.iter().filter(|one| one.name.as_ref() == Some(last));
        for next in asks.flat_map(|one| &one.asks) {
            if seen.insert(next.clone()) {
                let mut longer = way.clone();
                longer.push(next.clone());
                ways.push(longer);
            }
        }
    }
    None
}

/// The first that asks itself, by way of others.
fn in_a_circle(waiting: &[Waiting]) -> Option<usize> {
    waiting.iter().position(|one| {
        let Some(name) = &one.name else {
            return false;
        };
        let mut asks = one.asks.iter();
        asks.any(|asked| way(asked, name, waiting).is_some())
    })
}
