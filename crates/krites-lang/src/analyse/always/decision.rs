//! What the decision may come to in a box of cases: its steps in order, as they are
//! taken for one case, over all outcomes that there may be so far.

use super::super::case::Case;
use super::asked::Asked;
use super::rules::Relevant;
use super::silent::{AskedRule, Silent, silent};
use super::voice::Voice;
use crate::ast::{DecidePolicy, RuleSetMode};
use crate::ids::RuleId;
use crate::ir::{Outcome, Policy, RuleSet, Step, Value};

/// Outcomes that there may be: nothing so far, and each label
pub(super) type States = Vec<bool>;

/// What the steps of a decision may come to
pub(super) struct Decision<'c, 'p> {
    pub(super) policy: &'p Policy,
    pub(super) relevant: &'c Relevant<'c>,
    /// The cases that are looked at
    pub(super) case: &'c Case<'p>,
    /// Those that are left behind the steps so far: where a step ended others, it is
    /// known what did not fire
    pub(super) here: Case<'p>,
    pub(super) so_far: States,
    pub(super) ended: States,
    /// Whatever may have spoken
    pub(super) voices: Vec<Voice<'p>>,
    /// What speaks where a value that is decided with the outcome is a fault
    pub(super) failing: Vec<Voice<'p>>,
    /// What did not speak where nothing has
    pub(super) silent: Vec<Silent<'p>>,
    /// Rules that were asked for sure, wherever nothing had ended before
    pub(super) asked: Vec<AskedRule<'p>>,
}

impl<'c, 'p> Decision<'c, 'p> {
    /// Takes all steps.
    pub(super) fn of(case: &'c Case<'p>, relevant: &'c Relevant<'c>) -> Self {
        let policy = case.policy;
        let labels = policy.enums[policy.decide.ty].labels.len();
        let mut so_far = vec![false; labels + 1];
        if let Some(nothing) = so_far.first_mut() {
            *nothing = true;
        }
        let mut decision = Decision {
            policy,
            relevant,
            case,
            here: case.clone(),
            ended: vec![false; labels + 1],
            so_far,
            voices: Vec::new(),
            failing: Vec::new(),
            silent: Vec::new(),
            asked: Vec::new(),
        };
        for step in &policy.decide.steps {
            decision.step(step);
            if !decision.so_far.contains(&true) {
                break;
            }
        }
        decision
    }

    /// The labels that may be the outcome; values that are decided with it may be faults,
    /// whose handlings speak, too.
    pub(super) fn outcomes(&mut self) -> Vec<u32> {
        let mut last: States = either(&self.so_far, &self.ended);
        self.failing = self.failing_values();
        let labels: Vec<u32> = self.failing.iter().map(|voice| voice.label).collect();
        // The more severe of several, whichever fail one after the other
        loop {
            let next = either(&last, &self.spoken(&last, &labels));
            if next == last {
                break;
            }
            last = next;
        }
        let all = last.iter().skip(1).zip(0_u32..);
        all.filter(|(may_be, _)| **may_be)
            .map(|(_, label)| label)
            .collect()
    }

    fn step(&mut self, step: &'p Step) {
        match step {
            Step::Rules(id) => self.rule_set(&self.policy.rule_sets[*id]),
            Step::Rule(id) => {
                let rule = &self.policy.rules[*id];
                let asked = match rule.when {
                    Some(_) => self.ask(&self.here, *id),
                    None => return self.rest(*id),
                };
                self.note(*id, &asked);
                self.silent.extend(silent(rule));
                self.take(asked);
            }
            Step::Evaluate(evaluate) => match evaluate.value {
                Value::Table(id, output) if self.policy.tables[id].policy.gives_lists() => {
                    self.rows(evaluate, &self.policy.tables[id], output);
                }
                value => {
                    let asked = self.evaluate(evaluate);
                    self.take(asked);
                    self.silent.push(Silent::Value(value));
                }
            },
            Step::StopOnce(outcome) => self.stop(|state| state == *outcome),
            Step::StopOnceAtLeast(outcome) => self.stop(|state| state >= *outcome),
        }
    }

    fn rule_set(&mut self, set: &'p RuleSet) {
        let (on, off) = self.here.holds_today(&set.validity);
        if !on {
            return;
        }
        let before = off.then(|| self.so_far.clone());
        match set.mode {
            RuleSetMode::All => {
                for id in &set.rules {
                    let asked = self.ask(&self.here, *id);
                    if !off {
                        self.note(*id, &asked);
                        self.silent.extend(silent(&self.policy.rules[*id]));
                    }
                    self.take(asked);
                }
            }
            RuleSetMode::First => {
                if !off {
                    let rules = set.rules.iter().map(|rule| &self.policy.rules[*rule]);
                    let asked = rules.filter(|rule| !rule.shadow && !rule.validity.off);
                    // One that only tags ends the set, too
                    self.silent.extend(asked.map_while(silent));
                }
                self.first(set);
            }
        }
        if let Some(before) = before {
            self.so_far = either(&self.so_far, &before);
        }
    }

    /// Asks the rules of a set up to the first that matches.
    fn first(&mut self, set: &'p RuleSet) {
        let mut matched: States = vec![false; self.so_far.len()];
        let mut open = self.here.clone();
        let mut before = Vec::new();
        for id in &set.rules {
            let rule = &self.policy.rules[*id];
            let mut asked = self.ask(&open, *id);
            let voices = asked.voices.into_iter();
            asked.voices = voices.map(|voice| voice.behind(&before)).collect();
            let (matches, passes) = asked.matches;
            // Where it matches, it is silent only if it says nothing
            asked.silent = matches!(rule.then.outcome, Outcome::None);
            let so_far = self.so_far.clone();
            if matches {
                self.take(asked);
                matched = either(&matched, &self.so_far);
            }
            self.so_far = so_far;
            if !passes {
                self.so_far.fill(false);
                break;
            }
            let certain = rule.validity.is_always() && !rule.shadow;
            if let Some(when) = rule.when.as_ref().filter(|_| certain && matches) {
                let Some(narrowed) = open.assume(when, false) else {
                    self.so_far.fill(false);
                    break;
                };
                open = narrowed;
                before.push(when);
            }
        }
        self.so_far = either(&self.so_far, &matched);
    }

    /// The rule that speaks where nothing else has.
    fn rest(&mut self, id: RuleId) {
        let nothing = self.so_far.first().copied().unwrap_or(false);
        if !nothing {
            return;
        }
        let asked = self.ask(&self.here, id);
        let rule = &self.policy.rules[id];
        let labels: Vec<u32> = asked.voices.iter().map(|voice| voice.label).collect();
        let mut alone = vec![false; self.so_far.len()];
        if let (Some(alone), Some(so_far)) = (alone.first_mut(), self.so_far.first_mut()) {
            *alone = true;
            *so_far = asked.silent;
        }
        let spoken = self.spoken(&alone, &labels);
        self.so_far = either(&self.so_far, &spoken);
        let voices = asked.voices.into_iter();
        self.voices
            .extend(voices.map(|voice| voice.of_the_rest(rule)));
    }

    /// Goes on from what was asked.
    pub(super) fn take(&mut self, asked: Asked<'p>) {
        let labels: Vec<u32> = asked.voices.iter().map(|voice| voice.label).collect();
        let spoken = self.spoken(&self.so_far, &labels);
        if !asked.silent {
            self.so_far.fill(false);
        }
        match self.policy.decide.policy {
            DecidePolicy::MostSevere => self.so_far = either(&self.so_far, &spoken),
            DecidePolicy::FirstMatch => self.ended = either(&self.ended, &spoken),
        }
        self.voices.extend(asked.voices);
    }

    /// The outcomes where one of several labels is spoken for behind these.
    pub(super) fn spoken(&self, states: &States, labels: &[u32]) -> States {
        let mut spoken = vec![false; states.len()];
        for label in labels {
            let most_severe = self.policy.decide.policy == DecidePolicy::MostSevere;
            for (state, _) in states.iter().enumerate().filter(|(_, may_be)| **may_be) {
                let own = *label as usize + 1;
                let next = if most_severe { own.max(state) } else { own };
                if let Some(place) = spoken.get_mut(next) {
                    *place = true;
                }
            }
        }
        spoken
    }

    /// Ends what has come to some outcomes. What goes on is narrowed to where no rule has
    /// fired that speaks for a more severe one than there is.
    fn stop(&mut self, ends: impl Fn(u32) -> bool) {
        let labels = (0_u32..).zip(self.so_far.iter_mut().zip(&mut self.ended).skip(1));
        for (label, (so_far, ended)) in labels {
            if *so_far && ends(label) {
                *ended = true;
                *so_far = false;
            }
        }
        let most = self.so_far.iter().rposition(|may_be| *may_be);
        let Some(most) = most else {
            return;
        };
        for when in self
            .asked
            .iter()
            .filter_map(|asked| asked.silent_below(most))
        {
            match self.here.assume(when, false) {
                Some(narrowed) => self.here = narrowed,
                None => {
                    self.so_far.fill(false);
                    return;
                }
            }
        }
    }
}
/// The outcomes of both.
pub(super) fn either(one: &States, other: &States) -> States {
    one.iter()
        .zip(other)
        .map(|(one, other)| *one || *other)
        .collect()
}
