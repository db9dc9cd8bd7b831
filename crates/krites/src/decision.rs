//! Decisions, read in place.

mod asked;
mod explained;
mod fault;
mod owned;
mod rank;
mod score;
mod shadow;
mod table;

use std::sync::Arc;

use krites_lang::{
    AlwaysState, Date, EnumId, Frame, GroupState, ModelState, OutputValue, Program, RuleId,
    RuleState, Speaker,
};
use serde::de::DeserializeOwned;

use crate::outputs::{self, OutputsError};
use crate::part::ReleasedPolicy;
use crate::record::{DecisionRecord, Envelope};
use crate::release::Release;

pub use asked::Asked;
pub use explained::{Explained, FeatureContribution};
pub use fault::{FailedModel, FaultHandler};
pub use owned::OwnedDecision;
pub use rank::{Candidate, ClosingCell, Rank};
pub use score::{FeatureScore, FeatureShortfall, Score};
pub use shadow::{Difference, Shadow};
pub use table::Table;

/// A decided case. It borrows from what decided it; [`Decision::to_owned`]
/// takes it along.
#[derive(Clone, Copy, Debug)]
pub struct Decision<'a> {
    pub(crate) release: &'a Arc<Release>,
    pub(crate) policy: &'a Arc<ReleasedPolicy>,
    pub(crate) frame: &'a Frame,
}

/// A reason that is owed
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason<'a> {
    /// Its code
    pub code: &'a str,
    /// Internal wording
    pub text: &'a str,
    /// Customer's wording
    pub customer: Option<&'a str>,
}

/// Something that spoke for an outcome
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Voice<'a> {
    /// Full name: a rule (`knock_outs.under_age`), a table, or a value
    pub name: &'a str,
    /// The row, where a table spoke
    pub row: Option<&'a str>,
    /// Whether a handled fault spoke; then `name` is that of the model, of the policy that
    /// was asked, or of the group of inputs on request, or empty
    pub fault: bool,
    /// The outcome's text on the wire
    pub outcome: &'a str,
    /// The reason's code
    pub because: Option<&'a str>,
}

/// A group of inputs on request
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group<'a> {
    /// Its name in the policy
    pub name: &'a str,
    /// Whether it is given, and whether it was asked for
    pub state: GroupState,
    /// The day that its values are of, where it is given and has one
    pub as_of: Option<Date>,
}

impl<'a> Decision<'a> {
    pub(crate) fn program(&self) -> &'a Program {
        self.policy.program()
    }

    /// Returns the outcome's text on the wire.
    #[must_use]
    pub fn outcome(&self) -> &'a str {
        let outcome = self.program().outcome(self.frame);
        outcome.map_or("", |outcome| self.outcome_name(outcome))
    }

    fn outcome_name(&self, outcome: u32) -> &'a str {
        let policy = self.program().policy();
        let ty: EnumId = policy.decide.ty;
        policy.enums[ty]
            .labels
            .get(outcome as usize)
            .map_or("", |label| &label.wire)
    }

    /// Returns an output by name; `None` where it is not given or missing.
    #[must_use]
    pub fn output(&self, name: &str) -> Option<OutputValue<'a>> {
        let program = self.program();
        let found = program
            .policy()
            .outputs
            .iter_ids()
            .find(|(_, output)| *output.name == *name);
        found.and_then(|(id, _)| program.output(self.frame, id))
    }

    /// Walks all outputs in the policy's order, with those that are missing.
    pub fn outputs(&self) -> impl Iterator<Item = (&'a str, Option<OutputValue<'a>>)> + use<'a> {
        let (program, frame) = (self.program(), self.frame);
        let outputs = program.policy().outputs.iter_ids();
        outputs.map(move |(id, output)| (&*output.name, program.output(frame, id)))
    }

    /// Reads the outputs, and the outcome under its name, into a type of the
    /// host.
    ///
    /// # Errors
    ///
    /// [`OutputsError`] names the output that does not fit.
    pub fn outputs_into<T: DeserializeOwned>(&self) -> Result<T, OutputsError> {
        outputs::outputs_into(self.program(), self.frame)
    }

    /// Walks the reasons that are owed, in order.
    pub fn reasons(&self) -> impl Iterator<Item = Reason<'a>> + use<'a> {
        let policy = self.program().policy();
        self.frame.reasons().iter().map(|id| {
            let reason = &policy.reasons[*id];
            Reason {
                code: &reason.code,
                text: &reason.text,
                customer: reason.customer.as_deref(),
            }
        })
    }

    /// Walks what is decided with the outcome by full name, such as `action.change`,
    /// with what is missing.
    pub fn decided(&self) -> impl Iterator<Item = (&'a str, Option<OutputValue<'a>>)> + use<'a> {
        let (program, frame) = (self.program(), self.frame);
        let values = (0_u32..).zip(&program.policy().decide.values);
        values.map(move |(at, declared)| {
            let value = program.value(frame, krites_lang::ir::Value::Decided(at));
            (&*declared.name, value)
        })
    }

    /// Walks the tags of the decision, each once, in order.
    pub fn tags(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let policy = self.program().policy();
        self.frame.tags().iter().map(|id| &*policy.tags[*id])
    }

    /// Walks what spoke, in order.
    pub fn spoken(&self) -> impl Iterator<Item = Voice<'a>> + use<'a> {
        let this = *self;
        let policy = self.program().policy();
        self.frame.spoken().iter().map(move |spoken| {
            let (name, row, fault) = match spoken.speaker {
                Speaker::Rule(id) => (&*policy.rules[id].name, None, false),
                Speaker::Row(id, row) => {
                    let table = &policy.tables[id];
                    (
                        &*table.name,
                        table.rows.get(row as usize).map(|row| row.id),
                        false,
                    )
                }
                Speaker::Value(value) => (this.program().name_of(value), None, false),
                Speaker::Fault(fault) => {
                    let found = this.frame.faults().get(fault as usize);
                    let model = found.and_then(|fault| fault.model);
                    let group = found.and_then(|fault| fault.group);
                    let asked = found.and_then(|fault| fault.policy);
                    let name = match (model, asked, group) {
                        (Some(model), ..) => &*policy.models[model].name,
                        (None, Some(asked), _) => &*policy.subpolicies[asked].name,
                        (None, None, Some(group)) => &*policy.groups[group].name,
                        (None, None, None) => "",
                    };
                    (name, None, true)
                }
            };
            Voice {
                name,
                row,
                fault,
                outcome: this.outcome_name(spoken.outcome),
                because: spoken.because.map(|id| &*policy.reasons[id].code),
            }
        })
    }

    /// Walks all rules with their states, in the policy's order, those in shadow
    /// included.
    pub fn rules(&self) -> impl Iterator<Item = (&'a str, RuleState)> + use<'a> {
        let (policy, frame) = (self.program().policy(), self.frame);
        policy
            .rules
            .iter_ids()
            .map(move |(id, rule): (RuleId, _)| (&*rule.name, frame.rule(id)))
    }

    /// Walks the rules in shadow with their states: what they would have come to, where
    /// that could be told without asking for anything new.
    pub fn shadow_rules(&self) -> impl Iterator<Item = (&'a str, RuleState)> + use<'a> {
        let (policy, frame) = (self.program().policy(), self.frame);
        let shadows = policy.rules.iter_ids().filter(|(_, rule)| rule.shadow);
        shadows.map(move |(id, rule)| (&*rule.name, frame.rule(id)))
    }

    /// Walks what must always hold, in its own words, with what became of it.
    pub fn always(&self) -> impl Iterator<Item = (&'a str, AlwaysState)> + use<'a> {
        let (policy, frame) = (self.program().policy(), self.frame);
        let all = policy.always.iter_ids();
        all.map(move |(id, always)| (&*always.title, frame.always(id)))
    }

    /// Walks all tables with the rows that count, in the policy's order.
    pub fn all_rows(&self) -> impl Iterator<Item = (&'a str, Vec<&'a str>)> + use<'a> {
        let (policy, frame) = (self.program().policy(), self.frame);
        policy.tables.iter_ids().map(move |(id, table)| {
            let rows = frame.rows(id).iter();
            let rows = rows.filter_map(|row| table.rows.get(*row as usize));
            (&*table.name, rows.map(|row| row.id).collect())
        })
    }

    /// Walks all tables with the row that each chose where one row counts, in the
    /// policy's order.
    pub fn rows(&self) -> impl Iterator<Item = (&'a str, Option<&'a str>)> + use<'a> {
        let (policy, frame) = (self.program().policy(), self.frame);
        policy.tables.iter_ids().map(move |(id, table)| {
            let row = frame.row(id).and_then(|row| table.rows.get(row));
            (&*table.name, row.map(|row| row.id))
        })
    }

    /// Walks all models with their states, in the policy's order.
    pub fn models(&self) -> impl Iterator<Item = (&'a str, ModelState)> + use<'a> {
        let (policy, frame) = (self.program().policy(), self.frame);
        policy
            .models
            .iter_ids()
            .map(move |(id, model)| (&*model.name, frame.model(id)))
    }

    /// Walks the models, in the policy's order and those in shadow among them, that were fed
    /// what their training did not hold, each with the columns that lay outside. Models of
    /// which the policy does not say what follows are not looked at.
    pub fn outside_training(&self) -> impl Iterator<Item = (&'a str, Vec<&'a str>)> + use<'a> {
        let (program, frame) = (self.program(), self.frame);
        let models = program.policy().models.iter_ids();
        models.filter_map(move |(id, model)| {
            let columns: Vec<&str> = program.outside_training(frame, id).collect();
            (!columns.is_empty()).then_some((&*model.name, columns))
        })
    }

    /// Walks all groups of inputs on request, in the policy's order.
    pub fn groups(&self) -> impl Iterator<Item = Group<'a>> + use<'a> {
        let (program, frame) = (self.program(), self.frame);
        let groups = program.policy().groups.iter_ids();
        groups.map(move |(id, group)| Group {
            name: &group.name,
            state: program.group_state(frame, id),
            as_of: program.as_of(frame, id),
        })
    }

    /// Walks what models answered, by full name, where they were asked; those in shadow
    /// aside.
    pub fn answers(&self) -> impl Iterator<Item = (&'a str, Option<OutputValue<'a>>)> + use<'a> {
        self.answers_of(false)
    }

    /// Walks what models in shadow answered, by full name, where they were run.
    pub fn shadow_answers(
        &self,
    ) -> impl Iterator<Item = (&'a str, Option<OutputValue<'a>>)> + use<'a> {
        self.answers_of(true)
    }

    fn answers_of(
        &self,
        shadow: bool,
    ) -> impl Iterator<Item = (&'a str, Option<OutputValue<'a>>)> + use<'a> {
        let (program, frame) = (self.program(), self.frame);
        program
            .policy()
            .models
            .iter_ids()
            .filter(move |(_, model)| model.shadow == shadow)
            .flat_map(move |(id, model)| {
                (0_u32..).zip(&model.gives).map(move |(at, give)| {
                    (
                        &*give.name,
                        program.value(frame, krites_lang::ir::Value::Model(id, at)),
                    )
                })
            })
    }

    /// Returns the words for each fault of the case, handled ones included.
    pub fn faults(&self) -> impl Iterator<Item = (String, String)> + use<'a> {
        let sources = &self.policy.part.sources;
        self.frame
            .faults()
            .iter()
            .map(move |fault| (sources.describe(&fault.span.into()), fault.kind.to_string()))
    }

    /// Returns the release that decided.
    #[must_use]
    pub fn release(&self) -> &'a Arc<Release> {
        self.release
    }

    /// Returns the policy's name and version.
    #[must_use]
    pub fn policy(&self) -> (&'a str, Option<&'a str>) {
        let policy = self.program().policy();
        (&policy.name, policy.version.as_deref())
    }

    /// Makes the record of the decision.
    #[must_use]
    pub fn record(&self, envelope: Envelope) -> DecisionRecord {
        DecisionRecord::new(self, envelope)
    }

    /// Writes the canonical bytes of the result, which replay compares.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        crate::record::canonical(self)
    }
}
