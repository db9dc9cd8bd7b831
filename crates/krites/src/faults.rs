//! How often a model failed, by kind.
//! Invariant: only a fault touches the counters; an answer costs nothing for them.

use std::sync::atomic::{AtomicU64, Ordering};

use krites_lang::{ModelFault, ModelFaultKind};

const KINDS: usize = ModelFaultKind::ALL.len();

/// How often a model failed, by kind, since it was loaded
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FaultCounts([u64; KINDS]);

impl FaultCounts {
    /// Returns how often it failed in one way.
    #[must_use]
    pub fn of(&self, kind: ModelFaultKind) -> u64 {
        self.iter()
            .find(|(known, _)| *known == kind)
            .map_or(0, |(_, count)| count)
    }

    /// Returns how often it failed at all.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.iter().fold(0, |all, one| all.saturating_add(*one))
    }

    /// Walks all kinds with their counts, zeros among them.
    pub fn iter(&self) -> impl Iterator<Item = (ModelFaultKind, u64)> + '_ {
        let counts = self.0.iter().copied();
        ModelFaultKind::ALL.iter().copied().zip(counts)
    }
}

/// Counts the faults of a model
#[derive(Debug, Default)]
pub(crate) struct FaultCounters([AtomicU64; KINDS]);

impl FaultCounters {
    pub(crate) fn count(&self, fault: &ModelFault) {
        let mut counters = ModelFaultKind::ALL.iter().zip(&self.0);
        if let Some((_, counter)) = counters.find(|(kind, _)| **kind == fault.kind()) {
            // Nothing else hangs on a count.
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn read(&self) -> FaultCounts {
        FaultCounts(std::array::from_fn(|at| {
            let counter = self.0.get(at);
            counter.map_or(0, |counter| counter.load(Ordering::Relaxed))
        }))
    }
}
