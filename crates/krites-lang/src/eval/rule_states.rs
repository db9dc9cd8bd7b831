//! What rules came to, as bits: a set of many is noted a machine word at a time.

use crate::ids::{Id as _, RuleId};

use super::state::RuleState;

/// The states of all rules
#[derive(Clone, Debug)]
pub(super) struct RuleStates {
    asked: Box<[u64]>,
    fired: Box<[u64]>,
    /// Rules that could not be computed, with their faults
    pub(super) faults: Vec<(RuleId, u32)>,
}

// INVARIANT: made with a bit for each rule of the program that made the ids.
#[expect(
    clippy::indexing_slicing,
    reason = "sized by the program that made the index"
)]
impl RuleStates {
    pub(super) fn new(n_rules: usize) -> Self {
        let none = || vec![0; n_rules.div_ceil(64)].into_boxed_slice();
        Self {
            asked: none(),
            fired: none(),
            faults: Vec::new(),
        }
    }

    pub(super) fn clear(&mut self) {
        // A few words, for which a call would take longer
        for (asked, fired) in self.asked.iter_mut().zip(&mut self.fired) {
            (*asked, *fired) = (0, 0);
        }
        self.faults.clear();
    }

    #[inline]
    pub(super) fn get(&self, id: RuleId) -> RuleState {
        let (word, bit) = place(id);
        if self.asked[word] & bit == 0 {
            return RuleState::NotAsked;
        }
        if self.fired[word] & bit != 0 {
            return RuleState::Fired;
        }
        let mut faults = self.faults.iter();
        match faults.find(|(known, _)| *known == id) {
            Some((_, fault)) => RuleState::Fault(*fault),
            None => RuleState::NotFired,
        }
    }

    #[inline]
    pub(super) fn set(&mut self, id: RuleId, state: RuleState) {
        let (word, bit) = place(id);
        if !self.faults.is_empty() {
            self.faults.retain(|(known, _)| *known != id);
        }
        self.asked[word] |= bit;
        self.fired[word] &= !bit;
        match state {
            RuleState::NotAsked => self.asked[word] &= !bit,
            RuleState::NotFired => {}
            RuleState::Fired => self.fired[word] |= bit,
            RuleState::Fault(fault) => self.faults.push((id, fault)),
        }
    }

    /// Tells whether a rule was asked.
    #[inline]
    pub(super) fn is_asked(&self, id: RuleId) -> bool {
        let (word, bit) = place(id);
        self.asked[word] & bit != 0
    }

    /// Notes of a rule that it was asked, and did not fire.
    #[inline]
    pub(super) fn ask_one(&mut self, id: RuleId) {
        let (word, bit) = place(id);
        self.asked[word] |= bit;
    }

    /// Notes of a rule that it fired.
    #[inline]
    pub(super) fn fire(&mut self, id: RuleId) {
        let (word, bit) = place(id);
        self.asked[word] |= bit;
        self.fired[word] |= bit;
    }

    /// Notes of a rule that it fired, of which is noted elsewhere that it was asked.
    #[inline]
    pub(super) fn fire_asked(&mut self, id: RuleId) {
        let (word, bit) = place(id);
        self.fired[word] |= bit;
    }

    /// Notes of some of 64 rules, by their bits, that they were asked.
    #[inline]
    pub(super) fn ask(&mut self, word: usize, bits: u64) {
        self.asked[word] |= bits;
    }
}

#[inline]
fn place(id: RuleId) -> (usize, u64) {
    (id.position() / 64, 1 << (id.position() % 64))
}
