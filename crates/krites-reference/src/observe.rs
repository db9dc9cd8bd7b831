//! Behind the decision: rules in shadow, what must always hold, models in shadow.
//! Nothing new is asked for but these models.

use std::sync::Arc;

use krites_lang::ast::RuleSetMode;
use krites_lang::ir::{self, RuleSet};
use krites_lang::{Id as _, RuleId};

use crate::decide::Outputs;
use crate::run::{Found, NEW, Run};
use crate::verdict::{AlwaysState, Ending};

impl<'p> Run<'p, '_> {
    pub(crate) fn observe(&mut self, outcome: u32, outputs: &Outputs) -> Result<(), Ending> {
        let policy = self.policy;
        self.nothing_new = true;
        for (id, rule) in policy.rules.iter_ids() {
            let set_holds = self.set_of(id).is_none_or(|set| self.holds(&set.validity));
            if rule.shadow && set_holds && self.holds(&rule.validity) {
                let _ = self.said(id);
            }
        }
        for (at, always) in policy.always.iter().enumerate() {
            let state = match self.truth(&always.condition) {
                Ok(true) => AlwaysState::Holds,
                Ok(false) => AlwaysState::Broken,
                Err(NEW) => AlwaysState::NotKnown,
                Err(fault) => AlwaysState::Fault(self.met(fault)),
            };
            if let Some(place) = self.always.get_mut(at) {
                *place = state;
            }
        }
        for (always, state) in policy.always.iter().zip(&self.always) {
            let fault = match state {
                AlwaysState::Broken => None,
                AlwaysState::Fault(fault) => Some(fault.clone()),
                AlwaysState::Holds | AlwaysState::NotKnown => continue,
            };
            if always.enforce {
                let always = Arc::clone(&always.title);
                return Err(Ending::NotHeld { always, fault });
            }
        }
        for (id, model) in policy.models.iter_ids() {
            if model.shadow {
                self.run_in_shadow(id);
            }
        }
        self.nothing_new = false;
        for block in &policy.shadows {
            let state = self.decided_again(block, outcome, outputs);
            self.shadows.push(state);
        }
        Ok(())
    }

    fn set_of(&self, id: RuleId) -> Option<&'p RuleSet> {
        let mut sets = self.policy.rule_sets.iter();
        sets.find(|set| set.rules.contains(&id))
    }

    /// Tells whether a rule fires; where it is off, what stands for it. In a `first` set
    /// it does not where one before it has matched.
    pub(crate) fn fired(&mut self, id: RuleId, if_off: Option<bool>) -> Found<bool> {
        let policy = self.policy;
        let set = self.set_of(id);
        let set_holds = set.is_none_or(|set| self.holds(&set.validity));
        if !set_holds || !self.holds(&policy.rules[id].validity) {
            return match if_off {
                Some(value) => Ok(value),
                None => self.broken("nothing stands for a rule that is off"),
            };
        }
        if let Some(set) = set.filter(|set| set.mode == RuleSetMode::First) {
            for before in set.rules.iter().take_while(|before| **before != id) {
                let rule = &policy.rules[*before];
                let counts = !rule.shadow && self.holds(&rule.validity);
                if counts && self.said(*before)?.is_some() {
                    return Ok(false);
                }
            }
        }
        Ok(self.said(id)?.is_some())
    }

    /// Tells whether a value was asked for, and is there.
    pub(crate) fn is_there(&self, value: ir::Value) -> bool {
        match value {
            ir::Value::Definition(id) => {
                matches!(self.definitions.get(id.position()), Some(Some(Ok(Some(_)))))
            }
            ir::Value::Table(id, output) => {
                matches!(self.cells.get(&(id, output)), Some(Ok(Some(_))))
            }
            ir::Value::Model(id, _) => match self.models.get(id.position()) {
                Some(Some(asked)) => asked.answers.is_ok(),
                _ => false,
            },
            ir::Value::Input(id) => {
                let group = self.policy.inputs[id].group;
                let asked = group.is_none_or(|group| self.is_asked(group));
                asked && matches!(self.case.inputs.get(id.position()), Some(Some(_)))
            }
            ir::Value::DecisionDate | ir::Value::Outcome => true,
            ir::Value::Decided(at) => matches!(self.decided.get(at as usize), Some(Some(_))),
            ir::Value::Local(_) => false,
        }
    }
}
