//! What a test of the policy expects, held against how the case was decided.

use std::sync::Arc;

use krites_lang::Id as _;
use krites_lang::ir::{self, Expectation, RuleExpected, ShadowExpected};

use crate::Value;
use crate::run::Run;
use crate::verdict::{AlwaysState, Ending, RuleState, ShadowState};

impl<'p> Run<'p, '_> {
    /// Decides, and tells what is not as it is expected.
    pub(crate) fn unmet(mut self, expects: &'p [Expectation]) -> Vec<String> {
        self.stated = true;
        let (policy, ending) = (self.policy, self.ending());
        let Ok(Ending::Decided {
            outputs,
            reasons,
            tags,
            ..
        }) = ending
        else {
            return vec![format!("{ending:?}")];
        };
        let mut unmet: Vec<String> = Vec::new();
        for (always, state) in policy.always.iter().zip(&self.always) {
            if matches!(state, AlwaysState::Broken | AlwaysState::Fault(_)) {
                unmet.push(format!("{}: {state:?}", always.title));
            }
        }
        for expectation in expects {
            let (expected, found) = match expectation {
                Expectation::Outcome(label, _) => {
                    (Some(Value::Label(*label)), self.outcome.map(Value::Label))
                }
                Expectation::Value(expr, expected, _) => match self.value(expr) {
                    Ok(found) => (expected.as_ref().map(Value::of), found),
                    Err(fault) => {
                        unmet.push(self.met(fault).to_string());
                        continue;
                    }
                },
                Expectation::Output(id, expected, _) => {
                    let found = outputs
                        .get(id.position())
                        .and_then(|(_, value)| value.clone());
                    (expected.as_ref().map(Value::of), found)
                }
                Expectation::List(place, expected, _) => {
                    let found = match place {
                        ir::ListPlace::Output(id) => outputs
                            .get(id.position())
                            .and_then(|(_, value)| value.clone()),
                        ir::ListPlace::Rows(table, output) => {
                            match self.given_by_rows(*table, *output) {
                                Ok(values) => Some(Value::List(values)),
                                Err(fault) => {
                                    unmet.push(self.met(fault).to_string());
                                    continue;
                                }
                            }
                        }
                    };
                    let expected = expected.iter();
                    let expected = expected.map(|value| value.as_ref().map(Value::of));
                    (Some(Value::List(expected.collect())), found)
                }
                Expectation::Rows(id, expected, _) => {
                    let rows = match self.chosen(*id) {
                        Ok(chosen) => chosen.rows(),
                        Err(fault) => {
                            unmet.push(self.met(fault).to_string());
                            continue;
                        }
                    };
                    let rows = rows.into_iter();
                    let rows = rows.filter_map(|row| policy.tables[*id].rows.get(row));
                    let names = rows.map(|row| Arc::from(row.id)).collect::<Vec<_>>();
                    let text = |names: &[Arc<str>]| Some(Value::Text(names.join(", ").into()));
                    (text(expected), text(&names))
                }
                Expectation::Reasons(expected, _) => {
                    let codes = expected
                        .iter()
                        .map(|id| Arc::clone(&policy.reasons[*id].code));
                    let text = |codes: &[Arc<str>]| Some(Value::Text(codes.join(", ").into()));
                    (text(&codes.collect::<Vec<_>>()), text(&reasons))
                }
                Expectation::Tags(expected, _) => {
                    let words = expected.iter().map(|id| Arc::clone(&policy.tags[*id]));
                    let text = |words: &[Arc<str>]| Some(Value::Text(words.join(", ").into()));
                    (text(&words.collect::<Vec<_>>()), text(&tags))
                }
                Expectation::NotAsked(id, _) => {
                    let asked = self.groups.get(id.position());
                    let asked = asked.is_some_and(|state| state.is_asked());
                    (Some(Value::Boolean(false)), Some(Value::Boolean(asked)))
                }
                Expectation::Rule(id, expected, _) => {
                    let found = match self.rules.get(id.position()) {
                        Some(RuleState::NotAsked) => Some(RuleExpected::NotAsked),
                        Some(RuleState::NotFired) => Some(RuleExpected::NotFired),
                        Some(RuleState::Fired) => Some(RuleExpected::Fired),
                        Some(RuleState::Fault(_)) | None => None,
                    };
                    let same = found == Some(*expected);
                    (Some(Value::Boolean(true)), Some(Value::Boolean(same)))
                }
                Expectation::Shadow(at, expected, _) => {
                    let found = match self.shadows.get(*at) {
                        Some(ShadowState::Same) => ShadowExpected::Same,
                        Some(ShadowState::Different(_)) => ShadowExpected::Different,
                        _ => ShadowExpected::NotKnown,
                    };
                    let same = found == *expected;
                    (Some(Value::Boolean(true)), Some(Value::Boolean(same)))
                }
                Expectation::PolicyNotAsked(id, _) => {
                    let asked = matches!(self.policies.get(id.position()), Some(Some(_)));
                    (Some(Value::Boolean(false)), Some(Value::Boolean(asked)))
                }
                Expectation::NotRun(id, _) => {
                    let asked = matches!(self.models.get(id.position()), Some(Some(_)));
                    (Some(Value::Boolean(false)), Some(Value::Boolean(asked)))
                }
            };
            if expected != found {
                unmet.push(format!("expected {expected:?}, found {found:?}"));
            }
        }
        unmet
    }
}
