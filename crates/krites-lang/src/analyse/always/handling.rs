//! What faults lead to.

use super::super::case::Cause;
use super::decision::Decision;
use super::voice::{Source, Voice};
use crate::ir::{Handling, Policy};

/// What may speak where a fault comes of a cause; `own` is the handling of the rule that
/// met it. Nothing, where nothing handles it: such a case has no decision.
pub(super) fn handlings<'p>(
    policy: &'p Policy,
    cause: Cause,
    own: Option<&'p Handling>,
) -> Vec<Voice<'p>> {
    let of = |handling: &'p Handling| {
        Voice::new(handling.outcome, Source::Fault(cause, handling), false)
    };
    if let Some(own) = own {
        return vec![of(own)];
    }
    let header = policy.on_fault.iter();
    let groups = || {
        policy
            .groups
            .iter()
            .filter_map(|group| group.on_fault.as_ref())
    };
    // What failed may have done so as a group that it is fed from is not there
    let behind = |own: Option<&'p Handling>| match own {
        Some(own) => vec![of(own)],
        None => groups().chain(header.clone()).map(of).collect(),
    };
    match cause {
        Cause::Computed => header.map(of).collect(),
        Cause::Model(id) => behind(policy.models[id].on_fault.as_ref()),
        Cause::Policy(id) => behind(policy.subpolicies[id].on_fault.as_ref()),
        Cause::Group(id) => match &policy.groups[id].on_fault {
            Some(own) => vec![of(own)],
            None => header.map(of).collect(),
        },
        Cause::Any => {
            let models = policy
                .models
                .iter()
                .filter_map(|model| model.on_fault.as_ref());
            let asked = policy.subpolicies.iter();
            let asked = asked.filter_map(|asked| asked.on_fault.as_ref());
            let all = models.chain(asked).chain(groups()).chain(header.clone());
            all.map(of).collect()
        }
    }
}

impl<'p> Decision<'_, 'p> {
    /// What speaks beside a voice that cannot say what is decided with its outcome.
    pub(super) fn failing_values(&self) -> Vec<Voice<'p>> {
        if self.policy.decide.values.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for voice in &self.voices {
            let Some(speaking) = voice.speaking(self.case) else {
                continue;
            };
            for expr in voice.with().iter().flatten() {
                for cause in speaking.faults(expr) {
                    found.extend(handlings(self.policy, cause, voice.handling()));
                }
            }
        }
        found
    }
}
