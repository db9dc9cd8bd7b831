//! What is looked at behind the decision: rules in shadow, what must always hold, and
//! models in shadow.
//! Invariant: nothing new is asked for but the models in shadow themselves, and nothing
//! that was decided changes.

use crate::ids::AlwaysId;
use crate::program::{FiredCode, Truth};

use super::fault::EvalErrorKind;
use super::model::Answers;
use super::outcome::Leave;
use super::run::{Asks, Run, Stop};
use super::state::{AlwaysState, RuleState};

impl<A: Answers> Run<'_, '_, A> {
    /// Looks at rules in shadow and at what must hold, and runs models in shadow.
    pub(super) fn observe(&mut self) -> Result<(), Leave> {
        let program = self.program;
        let observed = &program.observed;
        // A shadow block has a model in shadow.
        let rules_alone = observed.always.is_empty() && observed.models.is_empty();
        if observed.rules.is_empty() && rules_alone {
            return Ok(());
        }
        self.asks = Asks::NothingNew;
        for (id, set) in &observed.rules {
            let days = set.and_then(|set| program.rule_sets[set].days);
            let own = program.rules[*id].rare.as_ref().and_then(|rare| rare.days);
            if self.holds_today(days) && self.holds_today(own) {
                match self.rule_state(*id) {
                    // What would ask for something new stays not asked
                    Ok(_) | Err(Stop::New) => {}
                    Err(stop) => return Err(self.needs(stop)),
                }
            }
        }
        for (id, condition) in observed.always.iter_ids() {
            if self.frame.always(id) == AlwaysState::NotKnown {
                let state = self.state_of(condition);
                let state = state.map_err(|stop| self.needs(stop))?;
                self.frame.set_always(id, state);
            }
        }
        for (id, _) in observed.always.iter_ids() {
            self.enforce(id)?;
        }
        for id in &observed.models {
            let run = self.run_in_shadow(*id);
            run.map_err(|stop| self.needs(stop))?;
        }
        self.asks = Asks::Freely;
        self.decide_again_in_shadow();
        Ok(())
    }

    fn state_of(&mut self, condition: &Truth) -> Result<AlwaysState, Stop> {
        match self.truth(condition) {
            Ok(true) => Ok(AlwaysState::Holds),
            Ok(false) => Ok(AlwaysState::Broken),
            Err(Stop::Fault(fault)) => Ok(AlwaysState::Fault(fault)),
            Err(Stop::New) => Ok(AlwaysState::NotKnown),
            Err(stop) => Err(stop),
        }
    }

    /// Gives no decision where something does not hold that is enforced.
    fn enforce(&self, id: AlwaysId) -> Result<(), Leave> {
        let always = &self.program.policy.always[id];
        if !always.enforce {
            return Ok(());
        }
        let fault = match self.frame.always(id) {
            AlwaysState::Holds | AlwaysState::NotKnown => return Ok(()),
            AlwaysState::Broken => None,
            AlwaysState::Fault(fault) => self.frame.faults.get(fault as usize).cloned(),
        };
        let always = always.title.clone();
        Err(match fault {
            None => EvalErrorKind::Broken { always }.into(),
            Some(fault) => EvalErrorKind::Always { always, fault }.into(),
        })
    }

    /// Tells whether a rule fires. In a `first` set the rules before it are asked, as
    /// they are in the decision.
    pub(super) fn fired(&mut self, code: &FiredCode) -> Result<bool, Stop> {
        let program = self.program;
        let off = |run: &Self, id| {
            let rare = program.rules[id].rare.as_ref();
            rare.is_some_and(|rare| !run.holds_today(rare.days))
        };
        let days = code.set.and_then(|set| program.rule_sets[set].days);
        if !self.holds_today(days) || off(self, code.rule) {
            return Ok(code.if_off);
        }
        if let Some(set) = code.set.map(|set| &program.policy.rule_sets[set])
            && set.mode == crate::ast::RuleSetMode::First
        {
            let before = set.rules.iter().take_while(|rule| **rule != code.rule);
            for rule in before.filter(|rule| !program.policy.rules[**rule].shadow) {
                if !off(self, *rule) && self.fires(*rule)? {
                    return Ok(false);
                }
            }
        }
        self.fires(code.rule)
    }

    fn fires(&mut self, id: crate::RuleId) -> Result<bool, Stop> {
        match self.rule_state(id)? {
            RuleState::Fired => Ok(true),
            RuleState::Fault(fault) => Err(Stop::Fault(fault)),
            RuleState::NotFired | RuleState::NotAsked => Ok(false),
        }
    }
}
