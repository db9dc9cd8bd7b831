//! Rules: those of a set, asked one by one or found by its index, and how each fires.

use crate::ids::{Id as _, ReasonId, RuleId, RuleSetId};
use crate::program::{IndexedRules, RuleCode, RuleSetCode, Said, Voice, When};

use super::index::Open;
use super::model::Answers;
use super::outcome::Leave;
use super::run::{Run, Stop};
use super::state::{RuleState, Source, Speaker, Spoken};

impl<'p, A: Answers> Run<'p, '_, A> {
    pub(super) fn rule_set(&mut self, id: RuleSetId) -> Result<(), Leave> {
        let program = self.program;
        if !self.holds_today(program.rule_sets[id].days) {
            return Ok(());
        }
        let set = &program.rule_sets[id];
        if let Some(indexed) = &set.index
            && let Some(open) = self.frame.open(&indexed.index)
        {
            return self.open_rules(set, indexed, open);
        }
        for rule in &set.rules {
            if self.rule(*rule)? && set.first {
                break;
            }
        }
        Ok(())
    }

    /// Lets those rules of a set speak that the index leaves open; the others were asked
    /// with them, and do not fire.
    fn open_rules(
        &mut self,
        set: &RuleSetCode,
        indexed: &'p IndexedRules,
        mut open: Open<'p>,
    ) -> Result<(), Leave> {
        let program = self.program;
        let together = indexed.plain && !set.first;
        loop {
            if together && let Some((entries, bits)) = open.take_sure(self.frame) {
                self.fire_all(&indexed.voices, entries, bits);
                continue;
            }
            let Some(found) = open.next(self.frame) else {
                break;
            };
            let Some(voice) = indexed.voices.get(found.entry as usize) else {
                continue;
            };
            let id = voice.rule;
            let matched = if voice.plain && !found.asked {
                // It cannot have failed before.
                self.fire(id, voice.outcome, voice.because);
                true
            } else if found.asked || self.frame.rule(id) != RuleState::NotAsked {
                let matched = self.rule(id);
                if matched.is_err() {
                    self.asked_rules(indexed, id.position());
                }
                matched?
            } else {
                self.frame.set_rule(id, RuleState::Fired);
                self.speak_rule(id, &program.rules[id]);
                true
            };
            if matched && set.first {
                self.asked_rules(indexed, id.position() + 1);
                return Ok(());
            }
        }
        self.asked_rules(indexed, usize::MAX);
        Ok(())
    }

    /// Lets rules speak that fire and have nothing rare: of 64 entries of an index those
    /// with a bit. That they were asked is noted with the others of their set.
    #[inline]
    fn fire_all(&mut self, voices: &[Voice], entries: &[u32], mut bits: u64) {
        let frame = &mut *self.frame;
        while bits != 0 {
            let bit = bits.trailing_zeros() as usize;
            bits &= bits - 1;
            let entry = entries.get(bit).map(|entry| *entry as usize);
            if let Some(voice) = entry.and_then(|entry| voices.get(entry)) {
                frame.rules.fire_asked(voice.rule);
                let spoken = Spoken::by(voice.rule, voice.outcome, voice.because);
                frame.spoken.push(spoken);
            }
        }
    }

    /// Notes of the rules of a set up to a position among the policy's that they were
    /// asked.
    fn asked_rules(&mut self, indexed: &IndexedRules, before: usize) {
        for (word, bits) in &indexed.daily {
            let bits = match before.saturating_sub(word * 64) {
                0 => break,
                some @ 1..64 => bits & ((1 << some) - 1),
                _ => *bits,
            };
            self.frame.rules.ask(*word, bits);
        }
        for id in &indexed.dated {
            let days = self.program.rules[*id].rare.as_ref();
            let days = days.and_then(|rare| rare.days);
            if id.position() < before && self.holds_today(days) {
                self.frame
                    .rules
                    .ask(id.position() / 64, 1 << (id.position() % 64));
            }
        }
    }

    /// Lets a rule speak; tells whether it fired or could not be computed.
    #[inline]
    pub(super) fn rule(&mut self, id: RuleId) -> Result<bool, Leave> {
        let program = self.program;
        let rule = &program.rules[id];
        match &rule.rare {
            None => {
                if let Some(fires) = self.plain_rule(id, rule) {
                    return Ok(fires);
                }
            }
            Some(rare) if rare.shadow || !self.holds_today(rare.days) => return Ok(false),
            Some(_) => {}
        }
        match self.rule_state(id) {
            Ok(RuleState::Fired) => {
                self.speak_rule(id, rule);
                Ok(true)
            }
            Ok(RuleState::Fault(fault)) => {
                self.speak_fault(fault, &program.policy.rules[id].name, Some(id))?;
                Ok(true)
            }
            Ok(RuleState::NotAsked | RuleState::NotFired) => Ok(false),
            Err(stop) => Err(self.needs(stop)),
        }
    }

    /// Asks a rule that has nothing rare and was not asked before, where all that it asks
    /// about is at hand, and lets it speak; tells whether it fired.
    #[inline]
    fn plain_rule(&mut self, id: RuleId, rule: &RuleCode) -> Option<bool> {
        if self.frame.rules.is_asked(id) {
            return None;
        }
        let fires = match &rule.when {
            When::Holds(when) => self.at_hand(when)?,
            When::RestOfSet => true,
            When::RestOfDecide => self.frame.spoken.is_empty(),
        };
        if fires {
            self.fire(id, rule.outcome, rule.because);
        } else {
            self.frame.rules.ask_one(id);
        }
        Some(fires)
    }

    /// Lets a rule speak that was not asked before, fires and has nothing rare.
    #[inline]
    fn fire(&mut self, id: RuleId, outcome: u32, because: Option<ReasonId>) {
        self.frame.rules.fire(id);
        self.frame.spoken.push(Spoken::by(id, outcome, because));
    }

    /// Asks a rule, once.
    #[inline]
    pub(super) fn rule_state(&mut self, id: RuleId) -> Result<RuleState, Stop> {
        let program = self.program;
        let rule = &program.rules[id];
        let state = match self.frame.rule(id) {
            RuleState::NotAsked => {
                let fires = match &rule.when {
                    When::Holds(when) => self.truth(when),
                    When::RestOfSet => Ok(true),
                    When::RestOfDecide => Ok(self.frame.spoken.is_empty()),
                };
                let fires = match (fires, &rule.rare) {
                    (Ok(true), Some(rare)) => self.outcome_of(&rare.said),
                    (fires, _) => fires,
                };
                match fires {
                    Ok(true) => RuleState::Fired,
                    Ok(false) => RuleState::NotFired,
                    Err(Stop::Fault(fault)) => RuleState::Fault(fault),
                    Err(stop) => return Err(stop),
                }
            }
            // It fired, and then could not say what is decided with its outcome
            RuleState::Fault(_) if self.unsaid(Speaker::Rule(id)).is_some() => {
                return Ok(RuleState::Fired);
            }
            known => known,
        };
        self.frame.set_rule(id, state);
        Ok(state)
    }

    /// Computes the outcome of a rule that fires, where it is to be computed.
    fn outcome_of(&mut self, said: &'p Said) -> Result<bool, Stop> {
        if let Said::Computed(outcome) = said {
            self.compute(outcome)?;
        }
        Ok(true)
    }

    fn speak_rule(&mut self, id: RuleId, rule: &'p RuleCode) {
        let speaker = Speaker::Rule(id);
        let mut outcome = rule.outcome;
        if let Some(rare) = &rule.rare {
            self.tag(speaker, &rare.tags);
            match &rare.said {
                Said::Nothing => return,
                Said::Label => {}
                Said::Computed(computed) => outcome = self.label_in(computed.slot),
            }
        }
        self.frame.spoken.push(Spoken {
            speaker,
            outcome,
            because: rule.because,
            source: Source::Rule(id),
        });
    }
}
