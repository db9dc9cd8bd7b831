//! Contributions of what models are fed: made up of what that is, since no model runs
//! here, and the reasons that follow from them.

use krites_lang::ir::{Adverse, ModelReasons};
use krites_lang::{Id as _, ModelId, ReasonId, Verified};

use crate::run::Run;

/// What a feature adds to a made-up margin: one of a few numbers, so that some are equal
#[must_use]
pub(crate) fn made_up(fed: &[String], feature: usize) -> f64 {
    let of = hash(fed, feature) % 7;
    f64::from(u32::try_from(of).unwrap_or(0)) - 3.0
}

/// What a made-up model answers with a feature and without it
pub(crate) fn made_up_without(fed: &[String], feature: usize) -> Verified {
    let of = hash(fed, feature + 1_000) % 3;
    Verified {
        own: 1.0,
        moved: f64::from(u32::try_from(of).unwrap_or(0)) - 1.0,
    }
}

/// FNV-1a (Fowler, Noll, Vo) over what is fed
fn hash(fed: &[String], feature: usize) -> u64 {
    let bytes = fed.iter().flat_map(|tensor| tensor.bytes());
    let bytes = bytes.chain(feature.to_le_bytes());
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

impl Run<'_, '_> {
    /// The reasons of what speaks against the case, the most first. A model that fails
    /// has none, nor has one whose answers stand in or are stated.
    pub(crate) fn contributions(&mut self, id: ModelId, if_asked: bool) -> Vec<ReasonId> {
        let policy = self.policy;
        let Some(reasons) = &policy.models[id].reasons else {
            return Vec::new();
        };
        if !if_asked {
            // Its fault is among those of the case.
            let _ = self.answer(id, 0);
        }
        let asked = self.models.get(id.position()).and_then(Option::as_ref);
        let fed = asked.filter(|asked| asked.answers.is_ok() && asked.replaced.is_none());
        let Some(fed) = fed.and_then(|asked| asked.fed.as_ref()) else {
            return Vec::new();
        };
        if self.stated {
            return Vec::new();
        }
        let features = reasons.features.iter().enumerate();
        let mut against: Vec<(f64, ReasonId)> = features
            .map(|(at, feature)| (turned(reasons, made_up(fed, at)), at, feature.because))
            .filter(|(value, at, _)| {
                let tried = made_up_without(fed, *at);
                let worse = turned(reasons, tried.moved) > 0.0;
                *value > 0.0 && (worse || !reasons.verified)
            })
            .map(|(value, _, because)| (value, because))
            .collect();
        // As written where they are equal
        against.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        against.into_iter().map(|(_, because)| because).collect()
    }
}

fn turned(reasons: &ModelReasons, difference: f64) -> f64 {
    match reasons.adverse {
        Adverse::High => difference,
        Adverse::Low => -difference,
    }
}
