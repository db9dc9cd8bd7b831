//! What a decided case tells, the same for every engine.

mod from_run;

use std::fmt;
use std::sync::Arc;

use crate::{Fault, Value};

/// All that a decided case tells
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// How it ended
    pub ending: Ending,
    /// What spoke, in order
    pub spoken: Vec<Spoken>,
    /// What other policies decided that were asked
    pub policies: Vec<(Arc<str>, Option<Verdict>)>,
    /// What the case came to where it was decided again in shadow
    pub shadows: Vec<(Arc<str>, ShadowState)>,
    /// What must always hold
    pub always: Vec<(Arc<str>, AlwaysState)>,
    /// The rules' states, in the order of the policy
    pub rules: Vec<(Arc<str>, RuleState)>,
    /// The rows of each table that count, by their ids
    pub rows: Vec<(Arc<str>, Vec<Arc<str>>)>,
    /// What became of each model
    pub models: Vec<(Arc<str>, ModelState)>,
    /// Of each model, the columns that it was fed and training did not hold
    pub outside: Vec<(Arc<str>, Vec<String>)>,
    /// Of each group of inputs on request, whether it was asked for
    pub groups: Vec<(Arc<str>, bool)>,
    /// Definitions that were computed and are there
    pub definitions: Vec<(Arc<str>, Option<Value>)>,
    /// Faults in the order in which they were met
    pub faults: Vec<Fault>,
}

/// How a case ends
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// An input is refused
    Refused,
    /// It is decided
    Decided {
        /// The outcome's label
        outcome: Arc<str>,
        /// Outputs, `None` where they are missing or not given
        outputs: Vec<(Arc<str>, Option<Value>)>,
        /// Codes of the reasons that are owed
        reasons: Vec<Arc<str>>,
        /// Tags
        tags: Vec<Arc<str>>,
        /// What is decided with the outcome
        decided: Vec<(Arc<str>, Option<Value>)>,
    },
    /// A fault that nothing handles
    Unhandled {
        /// The rule or table
        speaker: Arc<str>,
        /// What went wrong
        fault: Fault,
    },
    /// An output that cannot be computed
    Output {
        /// The output
        output: Arc<str>,
        /// What went wrong
        fault: Fault,
    },
    /// What must always hold does not, and is enforced
    NotHeld {
        /// What must hold
        always: Arc<str>,
        /// What went wrong, where it could not be computed
        fault: Option<Fault>,
    },
    /// Nothing spoke
    NothingSpoke,
}

/// The state of what must always hold
#[derive(Clone, Debug, PartialEq)]
pub enum AlwaysState {
    /// Nothing was asked for to find out
    NotKnown,
    /// It holds
    Holds,
    /// It does not hold
    Broken,
    /// Could not be computed
    Fault(Fault),
}

/// What a case came to that was decided again in shadow
#[derive(Clone, Debug, PartialEq)]
pub enum ShadowState {
    /// The case has no decision
    NotRun,
    /// All that is compared is the same
    Same,
    /// What is compared and not the same, each as decided and as decided again
    Different(Vec<Difference>),
    /// It would have asked for something new
    NotAsked,
    /// It could not be decided
    Fault(Option<Fault>),
}

/// A value that is compared: its name, as decided, and as decided again
pub(crate) type Difference = (Arc<str>, Option<Value>, Option<Value>);

/// Something that spoke for an outcome
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spoken {
    /// The rule, the table's row as `table[id]`, or the fault
    pub speaker: String,
    /// The outcome's label
    pub outcome: Arc<str>,
    /// The reason's code
    pub because: Option<Arc<str>>,
}

/// The state of a rule
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleState {
    /// Never reached
    NotAsked,
    /// Asked, and its condition did not hold
    NotFired,
    /// Asked, and its condition held
    Fired,
    /// Could not be computed
    Fault(Fault),
}

/// What became of a model
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ModelState {
    /// Never needed
    NotAsked,
    /// Called with this, one tensor an input, and answered
    Answered(Vec<String>),
    /// Failed
    Failed(Fault),
    /// Failed, and the policy's answers stand in
    Replaced(Fault),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.ending {
            Ending::Refused => writeln!(f, "refused")?,
            Ending::NothingSpoke => writeln!(f, "nothing spoke")?,
            Ending::NotHeld { always, fault } => writeln!(f, "not held: {always}: {fault:?}")?,
            Ending::Unhandled { speaker, fault } => writeln!(f, "unhandled: {speaker}: {fault}")?,
            Ending::Output { output, fault } => writeln!(f, "output {output}: {fault}")?,
            Ending::Decided {
                outcome,
                outputs,
                reasons,
                tags,
                decided,
            } => {
                writeln!(f, "outcome {outcome}")?;
                for (name, value) in outputs {
                    writeln!(f, "output {name} = {}", or_missing(value.as_ref()))?;
                }
                writeln!(f, "reasons [{}]", reasons.join(", "))?;
                writeln!(f, "tags [{}]", tags.join(", "))?;
                for (name, value) in decided {
                    writeln!(f, "decided {name} = {}", or_missing(value.as_ref()))?;
                }
            }
        }
        for spoken in &self.spoken {
            let because = spoken.because.as_deref().unwrap_or("-");
            let Spoken {
                speaker, outcome, ..
            } = spoken;
            writeln!(f, "spoke {speaker}: {outcome} because {because}")?;
        }
        for (name, state) in &self.rules {
            match state {
                RuleState::NotAsked => writeln!(f, "rule {name} not asked")?,
                RuleState::NotFired => writeln!(f, "rule {name} not fired")?,
                RuleState::Fired => writeln!(f, "rule {name} fired")?,
                RuleState::Fault(fault) => writeln!(f, "rule {name} fault: {fault}")?,
            }
        }
        for (title, state) in &self.always {
            writeln!(f, "always {title}: {state:?}")?;
        }
        for (name, state) in &self.shadows {
            writeln!(f, "shadow {name}: {state:?}")?;
        }
        for (name, verdict) in &self.policies {
            writeln!(f, "policy {name}")?;
            if let Some(verdict) = verdict {
                for line in verdict.to_string().lines() {
                    writeln!(f, "  {name}: {line}")?;
                }
            }
        }
        for (name, rows) in &self.rows {
            writeln!(f, "table {name} rows [{}]", rows.join(", "))?;
        }
        for (name, state) in &self.models {
            match state {
                ModelState::NotAsked => writeln!(f, "model {name} not asked")?,
                ModelState::Answered(fed) => writeln!(f, "model {name} fed {}", fed.join(" "))?,
                ModelState::Failed(fault) => writeln!(f, "model {name} failed: {fault}")?,
                ModelState::Replaced(fault) => writeln!(f, "model {name} replaced: {fault}")?,
            }
        }
        for (name, columns) in &self.outside {
            if !columns.is_empty() {
                writeln!(f, "model {name} outside training [{}]", columns.join(", "))?;
            }
        }
        for (name, asked) in &self.groups {
            let asked = if *asked { "asked" } else { "not asked" };
            writeln!(f, "group {name} {asked}")?;
        }
        for (name, value) in &self.definitions {
            if let Some(value) = value {
                writeln!(f, "definition {name} = {value}")?;
            }
        }
        for fault in &self.faults {
            writeln!(f, "fault: {fault}")?;
        }
        Ok(())
    }
}

fn or_missing(value: Option<&Value>) -> String {
    value.map_or_else(|| "missing".to_owned(), Value::to_string)
}
