//! What the decision may come to in a box of cases: its steps in order, as they are
//! taken for one case, over all outcomes that there may be so far.

use std::collections::BTreeSet;

use super::super::case::{Case, Cause};
use super::super::set::{Set, Values};
use super::handling::handlings;
use super::rules::Relevant;
use super::voice::{Source, Voice};
use crate::ast::{DecidePolicy, RuleSetMode};
use crate::ids::RuleId;
use crate::ir::{
    Decide, Evaluate, Expr, HitPolicy, Outcome, Policy, Rule, RuleSet, Step, Table, Value,
};

/// Outcomes that there may be: nothing so far, and each label
pub(super) type States = Vec<bool>;

/// What the steps of a decision may come to
pub(super) struct Decision<'c, 'p> {
    pub(super) policy: &'p Policy,
    relevant: &'c Relevant<'c>,
    /// The cases that are looked at
    pub(super) case: &'c Case<'p>,
    /// Those that are left behind the steps so far: where a step ended others, it is
    /// known what did not fire
    here: Case<'p>,
    so_far: States,
    ended: States,
    /// Whatever may have spoken
    pub(super) voices: Vec<Voice<'p>>,
    /// What speaks where a value that is decided with the outcome is a fault
    pub(super) failing: Vec<Voice<'p>>,
    /// What did not speak where nothing has
    pub(super) silent: Vec<Silent<'p>>,
    /// Rules that were asked for sure, wherever nothing had ended before
    pub(super) asked: Vec<AskedRule<'p>>,
}

/// What did not speak
#[derive(Clone, Copy, Debug)]
pub(super) enum Silent<'p> {
    /// A rule with this condition, which did not hold
    Rule(&'p Expr),
    /// A value, which was missing
    Value(Value),
}

/// A rule that was asked wherever the decision had not ended, and is no fault
pub(super) struct AskedRule<'p> {
    rule: &'p Rule,
    when: &'p Expr,
    /// What had ended before
    ended: States,
}

/// What something that is asked may do
struct Asked<'p> {
    voices: Vec<Voice<'p>>,
    /// Whether it may be asked and say nothing
    silent: bool,
    /// Whether it may match, and whether it may not
    matches: (bool, bool),
    may_fault: bool,
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

    /// What a rule that is asked in some cases may do.
    fn ask(&self, here: &Case<'p>, id: RuleId) -> Asked<'p> {
        let rule = &self.policy.rules[id];
        let (on, off) = here.holds_today(&rule.validity);
        if rule.shadow || !on {
            return Asked {
                voices: Vec::new(),
                silent: true,
                matches: (false, true),
                may_fault: false,
            };
        }
        let truth = self.relevant.fires(id, rule, here);
        let sure = !truth.may_fail && truth.faults.is_empty() && !off;
        let mut voices = Vec::new();
        let mut silent = truth.may_fail || off;
        if truth.may_hold {
            let labels = match &rule.then.outcome {
                Outcome::None => {
                    silent = true;
                    Vec::new()
                }
                Outcome::Label(label) => vec![*label],
                Outcome::Computed(outcome) => {
                    labels(here.set(outcome).as_ref(), self.so_far.len() - 1)
                }
            };
            let of_label = |label| Voice::new(label, Source::Rule(rule), sure);
            voices.extend(labels.into_iter().map(of_label));
        }
        for cause in &truth.faults {
            voices.extend(handlings(self.policy, *cause, rule.on_fault.as_ref()));
        }
        Asked {
            voices,
            silent,
            matches: (
                truth.may_hold || !truth.faults.is_empty(),
                truth.may_fail || off,
            ),
            may_fault: !truth.faults.is_empty(),
        }
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

    fn evaluate(&self, evaluate: &'p Evaluate) -> Asked<'p> {
        let found = self.here.value(evaluate.value, &Vec::new());
        let silent = found.set.missing;
        let labels = labels(Some(&found.set), self.so_far.len() - 1);
        let sure = !silent && found.faults.is_empty() && labels.len() == 1;
        let of_label = |label| Voice::new(label, Source::Value(evaluate), sure);
        let mut voices: Vec<Voice<'p>> = labels.into_iter().map(of_label).collect();
        for cause in &found.faults {
            voices.extend(handlings(self.policy, *cause, None));
        }
        Asked {
            matches: (!voices.is_empty(), silent),
            voices,
            silent,
            may_fault: !found.faults.is_empty(),
        }
    }

    /// Lets each row of a table that may count speak; as a list is computed as a whole, its
    /// fault speaks in place of all of them.
    fn rows(&mut self, evaluate: &'p Evaluate, table: &'p Table, output: u32) {
        let count = self.so_far.len() - 1;
        let (on, off) = self.here.holds_today(&table.validity);
        let mut spoken = Vec::new();
        let mut faults = BTreeSet::new();
        if on && table.policy != HitPolicy::Rank {
            let rows = self.here.rows(table, &mut |row, case, sure| {
                let mut silent = !sure || off;
                let mut voices = Vec::new();
                if let Some(cell) = table.cell(row, output as usize) {
                    let set = case.set(cell);
                    faults.extend(case.faults(cell));
                    silent |= set.as_ref().is_none_or(|set| set.missing);
                    let of_label = |label| Voice::new(label, Source::Rows(evaluate), false);
                    voices.extend(labels(set.as_ref(), count).into_iter().map(of_label));
                } else {
                    silent = true;
                }
                spoken.push(Asked {
                    matches: (true, silent),
                    voices,
                    silent,
                    may_fault: false,
                });
            });
            faults.extend(rows.faults);
        } else if on {
            faults.insert(Cause::Any);
            let of_label = |label| Voice::new(label, Source::Rows(evaluate), false);
            spoken.push(Asked {
                voices: labels(None, count).into_iter().map(of_label).collect(),
                silent: true,
                matches: (true, true),
                may_fault: true,
            });
        }
        let before = self.so_far.clone();
        for asked in spoken {
            self.take(asked);
        }
        let faulted: Vec<Voice<'p>> = faults
            .into_iter()
            .flat_map(|cause| handlings(self.policy, cause, None))
            .collect();
        let rows = std::mem::replace(&mut self.so_far, before);
        self.take(Asked {
            matches: (true, false),
            voices: faulted,
            silent: false,
            may_fault: true,
        });
        self.so_far = either(&self.so_far, &rows);
    }

    /// Goes on from what was asked.
    fn take(&mut self, asked: Asked<'p>) {
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
    fn spoken(&self, states: &States, labels: &[u32]) -> States {
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

    /// Notes that a rule was asked, wherever the decision had not ended, where that has to
    /// do with what is looked at.
    fn note(&mut self, id: RuleId, asked: &Asked<'p>) {
        let rule = &self.policy.rules[id];
        if !self.relevant.has(id) {
            return;
        }
        let certain = rule.validity.is_always() && !rule.shadow && !asked.may_fault;
        if let Some(when) = rule.when.as_ref().filter(|_| certain) {
            self.asked.push(AskedRule {
                rule,
                when,
                ended: self.ended.clone(),
            });
        }
    }
}

impl<'p> AskedRule<'p> {
    /// Its condition, which did not hold where nothing more severe was spoken for than
    /// `most`, as a state.
    fn silent_below(&self, most: usize) -> Option<&'p Expr> {
        match self.rule.then.outcome {
            Outcome::Label(label) if label as usize + 1 > most => Some(self.when),
            _ => None,
        }
    }

    /// Its condition, which did not hold where this is the outcome.
    pub(super) fn silent_under(&self, decide: &Decide, outcome: u32) -> Option<&'p Expr> {
        let state = outcome as usize + 1;
        if self.ended.get(state).copied().unwrap_or(true) {
            return None;
        }
        match (decide.policy, &self.rule.then.outcome) {
            (DecidePolicy::MostSevere, _) => self.silent_below(state),
            // What cannot say its values is not the one that decides
            (DecidePolicy::FirstMatch, Outcome::Label(label)) => {
                (*label != outcome && decide.values.is_empty()).then_some(self.when)
            }
            (DecidePolicy::FirstMatch, _) => None,
        }
    }
}

/// A rule that did not speak where nothing has, if it was asked.
fn silent<'p>(rule: &'p Rule) -> Option<Silent<'p>> {
    let speaks = !matches!(rule.then.outcome, Outcome::None);
    let asked = speaks && rule.validity.is_always() && !rule.shadow;
    let when = rule.when.as_ref().filter(|_| asked);
    when.map(Silent::Rule)
}

fn either(one: &States, other: &States) -> States {
    one.iter()
        .zip(other)
        .map(|(one, other)| *one || *other)
        .collect()
}

/// The labels of a set, of so many.
pub(super) fn labels(set: Option<&Set>, count: usize) -> Vec<u32> {
    match set.map(|set| &set.values) {
        Some(Values::Labels(labels)) => {
            let labels = (0_u32..).zip(labels);
            labels
                .filter(|(_, may_be)| **may_be)
                .map(|(label, _)| label)
                .collect()
        }
        _ => (0_u32..).take(count).collect(),
    }
}

/// Tells whether a cause is one whose failing can be assumed.
pub(super) fn can_fail(cause: Cause) -> bool {
    matches!(cause, Cause::Model(_) | Cause::Group(_) | Cause::Policy(_))
}
