//! The record of a decision: what replay compares, and what surrounds it.

mod asked;
mod canonical;
mod explained;
mod fault;
mod group;
mod list;
mod shadow;
mod table;

use std::collections::BTreeMap;

use krites_lang::{AlwaysState, Given, ModelState, RuleState, SlotState};
use serde::Serialize;
use serde::ser::{SerializeMap as _, Serializer};

use crate::decision::Decision;
use crate::part::Fingerprint;
use asked::AskedRecord;
pub(crate) use canonical::canonical;
use explained::ExplainedRecord;
use fault::FaultRecord;
use group::GroupRecord;
use shadow::ShadowRecord;
use table::{RankRecord, ScoreRecord, TableRecord};

/// Version of the record's format
pub const RECORD_FORMAT: u32 = 2;

/// What the caller knows of a decision and the engine does not
#[derive(Clone, Debug, Default, Serialize)]
pub struct Envelope {
    /// The caller's id of the case
    pub id: Option<String>,
    /// When it was decided, as the caller writes it (RFC 3339 by preference)
    pub decided_at: Option<String>,
    /// Where it was decided
    pub host: Option<String>,
    /// How long it took, in nanoseconds
    pub duration_ns: Option<u64>,
}

/// The record of a decision
#[derive(Clone, Debug)]
pub struct DecisionRecord {
    envelope: Envelope,
    release: Fingerprint,
    policy: PolicyRecord,
    models: Vec<ModelRecord>,
    files: Vec<FileRecord>,
    inputs: Vec<(String, InputRecord)>,
    groups: Vec<(String, GroupRecord)>,
    tables: Vec<(String, TableRecord)>,
    scores: Vec<(String, ScoreRecord)>,
    explained: Vec<(String, ExplainedRecord)>,
    ranks: Vec<(String, RankRecord)>,
    rules: Vec<(String, &'static str)>,
    /// Rules in shadow are told apart: these never act
    shadow_rules: Vec<(String, &'static str)>,
    always: Vec<(String, &'static str)>,
    shadows: Vec<(String, ShadowRecord)>,
    policies: Vec<(String, AskedRecord)>,
    /// Whether it stands within the record of the policy that asked: then envelope,
    /// release and inputs are told there
    within: bool,
    faults: Vec<FaultRecord>,
    canonical: Vec<u8>,
}

#[derive(Clone, Debug, Serialize)]
struct PolicyRecord {
    name: String,
    version: Option<String>,
    hash: String,
}

#[derive(Clone, Debug, Serialize)]
struct ModelRecord {
    name: String,
    file: String,
    hash: String,
    backend: String,
    state: &'static str,
    /// Whether it runs in shadow: then it never acts
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    shadow: bool,
    /// The columns that it was fed and its training did not hold
    #[serde(skip_serializing_if = "Vec::is_empty")]
    outside_training: Vec<String>,
}

/// A file of a lookup or list that the release had
#[derive(Clone, Debug, Serialize)]
struct FileRecord {
    file: String,
    hash: String,
}

#[derive(Clone, Debug, Serialize)]
struct InputRecord {
    /// `given`, `defaulted`, `missing` or `pending`; `not given` where its group on
    /// request is not
    state: &'static str,
    private: bool,
    /// Left out where the input is private or missing; of a list the JSON text of its
    /// elements without their private fields
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

impl DecisionRecord {
    pub(crate) fn new(decision: &Decision<'_>, envelope: Envelope) -> Self {
        let (name, version) = decision.policy();
        let program = decision.program();
        let policy = program.policy();
        let models = decision
            .models()
            .zip(decision.policy.models())
            .zip(policy.models.iter_ids())
            .map(|(((name, state), part), (id, declared))| ModelRecord {
                name: name.to_owned(),
                file: part.file().to_owned(),
                hash: part.hash().to_string(),
                backend: part.backend().to_owned(),
                state: model_state(state),
                shadow: declared.shadow,
                outside_training: program
                    .outside_training(decision.frame, id)
                    .map(str::to_owned)
                    .collect(),
            });
        let files = decision.policy.files().iter();
        let files: BTreeMap<_, _> = files.map(|part| (part.file(), part.hash())).collect();
        let files = files.into_iter().map(|(file, hash)| FileRecord {
            file: file.to_owned(),
            hash: hash.to_string(),
        });
        let inputs = policy.inputs.iter_ids().map(|(id, input)| {
            let value = program.input(decision.frame, id);
            let state = match (
                program.input_state(decision.frame, id),
                program.input_given(decision.frame, id),
            ) {
                (SlotState::Unset, _) if input.group.is_some() => "not given",
                (SlotState::Pending, _) => "pending",
                (SlotState::Present, Given::Defaulted) => "defaulted",
                (SlotState::Present, _) => "given",
                _ => "missing",
            };
            let value = value
                .filter(|_| !input.private)
                .map(|value| value.to_string());
            (
                input.name.to_string(),
                InputRecord {
                    state,
                    private: input.private,
                    value,
                },
            )
        });
        let lists = policy.lists.iter_ids();
        let lists = lists.filter(|(_, list)| list.within.is_none());
        let lists = lists.map(|(id, list)| {
            let state = match program.list_given(decision.frame, id) {
                Given::No => "not given",
                Given::Defaulted => "defaulted",
                Given::Given => "given",
            };
            let value = || list::list_text(program, decision.frame, id);
            (
                list.name.to_string(),
                InputRecord {
                    state,
                    private: list.private,
                    value: (!list.private && state != "not given").then(value),
                },
            )
        });
        let shadows = policy.rules.iter().filter(|rule| rule.shadow);
        let shadows: Vec<&str> = shadows.map(|rule| &*rule.name).collect();
        let rules = decision
            .rules()
            .filter(|(name, _)| !shadows.contains(name))
            .map(|(name, state)| (name.to_owned(), rule_state(state)));
        let shadow_rules = decision
            .shadow_rules()
            .map(|(name, state)| (name.to_owned(), rule_state(state)));
        let always = decision
            .always()
            .map(|(title, state)| (title.to_owned(), always_state(state)));
        Self {
            envelope,
            release: decision.release().fingerprint(),
            policy: PolicyRecord {
                name: name.to_owned(),
                version: version.map(str::to_owned),
                hash: decision.policy.part().hash().to_string(),
            },
            models: models.collect(),
            files: files.collect(),
            inputs: inputs.chain(lists).collect(),
            groups: group::group_records(decision),
            tables: table::table_records(decision),
            scores: table::score_records(decision),
            explained: explained::explained_records(decision),
            ranks: table::rank_records(decision),
            rules: rules.collect(),
            shadow_rules: shadow_rules.collect(),
            always: always.collect(),
            shadows: shadow::shadow_records(decision),
            policies: asked::asked_records(decision),
            within: false,
            faults: fault::fault_records(decision),
            canonical: canonical(decision),
        }
    }

    /// Returns the canonical bytes of the result: equal for equal release,
    /// inputs, decision date and model answers. They are a JSON object without
    /// blanks; numbers stand in it as text in the shortest form.
    #[must_use]
    pub fn canonical(&self) -> &[u8] {
        &self.canonical
    }

    /// Returns the fingerprint of the release that decided.
    #[must_use]
    pub fn release(&self) -> Fingerprint {
        self.release
    }
}

/// The whole record as one JSON object
impl Serialize for DecisionRecord {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if !self.within {
            map.serialize_entry("format", &RECORD_FORMAT)?;
            map.serialize_entry("envelope", &self.envelope)?;
            map.serialize_entry("release", &self.release.to_string())?;
        }
        map.serialize_entry("policy", &self.policy)?;
        map.serialize_entry("models", &self.models)?;
        map.serialize_entry("files", &self.files)?;
        if !self.within {
            map.serialize_entry("inputs", &Entries(&self.inputs))?;
        }
        if !self.groups.is_empty() {
            map.serialize_entry("groups", &Entries(&self.groups))?;
        }
        map.serialize_entry("tables", &Entries(&self.tables))?;
        if !self.scores.is_empty() {
            map.serialize_entry("scores", &Entries(&self.scores))?;
        }
        if !self.explained.is_empty() {
            map.serialize_entry("contributions", &Entries(&self.explained))?;
        }
        if !self.ranks.is_empty() {
            map.serialize_entry("ranks", &Entries(&self.ranks))?;
        }
        map.serialize_entry("rules", &Entries(&self.rules))?;
        map.serialize_entry("shadow_rules", &Entries(&self.shadow_rules))?;
        map.serialize_entry("always", &Entries(&self.always))?;
        if !self.shadows.is_empty() {
            map.serialize_entry("shadows", &Entries(&self.shadows))?;
        }
        if !self.policies.is_empty() {
            map.serialize_entry("policies", &Entries(&self.policies))?;
        }
        map.serialize_entry("faults", &self.faults)?;
        map.serialize_entry("result", std::str::from_utf8(&self.canonical).unwrap_or(""))?;
        map.end()
    }
}

/// Pairs as a map in their order
struct Entries<'a, T>(&'a [(String, T)]);

impl<T: Serialize> Serialize for Entries<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

fn model_state(state: ModelState) -> &'static str {
    match state {
        ModelState::NotRun => "not run",
        ModelState::Pending => "pending",
        ModelState::Answered => "answered",
        ModelState::Fault(_) => "fault",
        ModelState::Stated => "stated",
        ModelState::StoodIn(_) => "fault, stood in",
    }
}

fn rule_state(state: RuleState) -> &'static str {
    match state {
        RuleState::NotAsked => "not asked",
        RuleState::NotFired => "not fired",
        RuleState::Fired => "fired",
        RuleState::Fault(_) => "fault",
    }
}

fn always_state(state: AlwaysState) -> &'static str {
    match state {
        AlwaysState::NotKnown => "not known",
        AlwaysState::Holds => "holds",
        AlwaysState::Broken => "broken",
        AlwaysState::Fault(_) => "fault",
    }
}
