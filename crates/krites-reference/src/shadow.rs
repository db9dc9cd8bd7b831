//! The case decided again behind the decision, with models in shadow standing for
//! others; no input is asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use krites_lang::ir::{Compared, ShadowBlock};
use krites_lang::{GroupId, Id as _, ModelId};

use crate::decide::Outputs;
use crate::run::Run;
use crate::verdict::{Ending, ShadowState};
use crate::{Fault, Value};

/// What a model in shadow came to; nothing where it was not run
type Came = Option<Result<Vec<Value>, Fault>>;

/// What is known where a case is decided again
pub(crate) struct Again {
    /// By the model that it stands for
    pub(crate) stands: BTreeMap<ModelId, Came>,
    /// The groups that the decision asked for
    pub(crate) asked: BTreeSet<GroupId>,
    /// Why it cannot go on: what it asked for was not asked for, or has failed
    stopped: Option<Option<Fault>>,
}

impl Again {
    /// Notes the first thing that stops it.
    pub(crate) fn stopped(&mut self, fault: Option<Fault>) {
        self.stopped.get_or_insert(fault);
    }
}

impl<'p> Run<'p, '_> {
    /// What the case comes to, held against what was decided.
    pub(crate) fn decided_again(
        &self,
        block: &'p ShadowBlock,
        outcome: u32,
        outputs: &Outputs,
    ) -> ShadowState {
        let stands = block.with.iter().map(|replaced| {
            let asked = self.models.get(replaced.by.position());
            let came = asked.and_then(Option::as_ref).map(|asked| {
                let answers = asked.answers.as_ref().map_err(|fault| self.met(*fault))?;
                let gives = replaced.gives.iter();
                Ok(gives
                    .filter_map(|at| answers.get(*at as usize).cloned())
                    .collect())
            });
            (replaced.model, came)
        });
        let asked = self.policy.groups.iter_ids().filter(|(id, _)| {
            let state = self.groups.get(id.position());
            state.is_some_and(|state| state.is_asked())
        });
        let mut again = Run::new(self.reference, self.case.clone(), self.stubs);
        again.stated = self.stated;
        again.again = Some(Again {
            stands: stands.collect(),
            asked: asked.map(|(id, _)| id).collect(),
            stopped: None,
        });
        let done = again.outcome_and_outputs();
        match again.again.and_then(|again| again.stopped) {
            Some(Some(fault)) => return ShadowState::Fault(Some(fault)),
            Some(None) => return ShadowState::NotAsked,
            None => {}
        }
        let (new_outcome, new_outputs) = match done {
            Ok(decided) => decided,
            Err(Ending::Unhandled { fault, .. } | Ending::Output { fault, .. }) => {
                return ShadowState::Fault(Some(fault));
            }
            Err(_) => return ShadowState::Fault(None),
        };
        let compared = block.compare.iter().filter_map(|compared| match compared {
            Compared::Outcome => Some((
                Arc::clone(&self.policy.decide.name),
                Some(Value::Label(outcome)),
                Some(Value::Label(new_outcome)),
            )),
            Compared::Output(id) => {
                let (name, ours) = outputs.get(id.position())?;
                let (_, theirs) = new_outputs.get(id.position())?;
                Some((Arc::clone(name), ours.clone(), theirs.clone()))
            }
        });
        let different: Vec<_> = compared
            .filter(|(_, ours, theirs)| ours != theirs)
            .collect();
        match different.is_empty() {
            true => ShadowState::Same,
            false => ShadowState::Different(different),
        }
    }
}
