//! The verdict of a case, out of what was found on its way.

use std::sync::Arc;

use super::{Ending, ModelState, ShadowState, Spoken, Verdict};
use crate::Fault;
use crate::run::{Asked, Run};

impl Run<'_, '_> {
    /// Tells what was found out on the way, and how it ended.
    pub(crate) fn verdict(self, ending: Ending) -> Verdict {
        let policy = self.policy;
        let rows = policy.tables.iter().zip(&self.rows).map(|(table, row)| {
            let rows = match row {
                Some(Ok(chosen)) => chosen.rows(),
                _ => Vec::new(),
            };
            let rows = rows.into_iter().filter_map(|row| table.rows.get(row));
            let names = rows.map(|row| Arc::from(row.id)).collect();
            (Arc::clone(&table.name), names)
        });
        let models = policy
            .models
            .iter()
            .zip(&self.models)
            .map(|(model, asked)| {
                let state = match asked {
                    None => ModelState::NotAsked,
                    Some(Asked {
                        replaced: Some(fault),
                        ..
                    }) => ModelState::Replaced(self.met(*fault)),
                    Some(asked) => match (&asked.answers, &asked.fed) {
                        (Ok(_), Some(fed)) => ModelState::Answered(fed.clone()),
                        (Ok(_), None) => ModelState::Failed(Fault::broken("answered, not fed")),
                        (Err(fault), _) => ModelState::Failed(self.met(*fault)),
                    },
                };
                (Arc::clone(&model.name), state)
            });
        let outside = policy.models.iter().zip(&self.models);
        let outside = outside.map(|(model, asked)| {
            let columns = asked.as_ref().map(|asked| asked.outside.clone());
            (Arc::clone(&model.name), columns.unwrap_or_default())
        });
        let policies = policy.subpolicies.iter().zip(&self.policies);
        let policies = policies.map(|(declared, came)| {
            let verdict = came.as_ref().and_then(|came| came.verdict.clone());
            (Arc::clone(&declared.name), verdict)
        });
        let groups = policy.groups.iter().zip(&self.groups);
        let groups = groups.map(|(group, state)| (Arc::clone(&group.name), state.is_asked()));
        let definitions = policy.definitions.iter().zip(&self.definitions);
        let definitions = definitions.map(|(definition, value)| {
            let value = match value {
                Some(Ok(value)) => value.clone(),
                _ => None,
            };
            (Arc::clone(&definition.name), value)
        });
        let spoken = self.spoken.iter().map(|spoke| Spoken {
            speaker: spoke.speaker.clone(),
            outcome: self.label(spoke.outcome),
            because: spoke.because.map(|id| Arc::clone(&policy.reasons[id].code)),
        });
        let shadows = policy.shadows.iter().enumerate().map(|(at, block)| {
            let state = self.shadows.get(at).cloned();
            (
                Arc::clone(&block.name),
                state.unwrap_or(ShadowState::NotRun),
            )
        });
        let rules = policy.rules.iter().zip(&self.rules);
        let always = policy.always.iter().zip(&self.always);
        Verdict {
            policies: policies.collect(),
            shadows: shadows.collect(),
            always: always
                .map(|(always, state)| (Arc::clone(&always.title), state.clone()))
                .collect(),
            ending,
            spoken: spoken.collect(),
            rules: rules
                .map(|(rule, state)| (Arc::clone(&rule.name), state.clone()))
                .collect(),
            rows: rows.collect(),
            models: models.collect(),
            outside: outside.collect(),
            groups: groups.collect(),
            definitions: definitions.collect(),
            faults: self.faults.iter().map(|met| met.fault.clone()).collect(),
        }
    }
}
