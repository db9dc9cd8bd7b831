//! What the record says of faults: where, of which kind, and what handled each.

use serde::Serialize;

use crate::decision::Decision;

/// A fault of the case
#[derive(Clone, Debug, Serialize)]
pub(super) struct FaultRecord {
    place: String,
    /// In words, those of a model's backend among them: no part of what replay compares
    fault: String,
    /// The model that failed
    #[serde(skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    /// How it failed, by a name that is the same everywhere
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<&'static str>,
    /// What handled it, such as `model default_risk`, `header`, `stand-in`
    #[serde(skip_serializing_if = "Vec::is_empty")]
    handled_by: Vec<String>,
}

/// The faults of the case, in the order in which they were met.
pub(super) fn fault_records(decision: &Decision<'_>) -> Vec<FaultRecord> {
    let mut records = Vec::new();
    for (at, (place, fault)) in decision.faults().enumerate() {
        let failed = decision.failed_model(at);
        let handlers = decision.handlers(at);
        records.push(FaultRecord {
            place,
            fault,
            kind: failed.as_ref().map(|failed| failed.kind.name()),
            model: failed.map(|failed| failed.model.to_owned()),
            handled_by: handlers.iter().map(ToString::to_string).collect(),
        });
    }
    records
}
