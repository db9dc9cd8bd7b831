//! What the record says of contributions to models' answers.

use serde::Serialize;

use crate::decision::{Decision, Explained};

/// An answer that was explained
#[derive(Clone, Debug, Serialize)]
pub(super) struct ExplainedRecord {
    answer: String,
    unit: String,
    base: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    margin: Option<f64>,
    features: Vec<FeatureRecord>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fault: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
struct FeatureRecord {
    feature: String,
    because: String,
    /// Left out where a private input is in it
    #[serde(skip_serializing_if = "Option::is_none")]
    contribution: Option<f64>,
    /// The mean of the answers without it, where that was tried; left out as well
    #[serde(skip_serializing_if = "Option::is_none")]
    answer_without: Option<f64>,
    /// Why it could not be tried
    #[serde(skip_serializing_if = "Option::is_none")]
    not_tried: Option<String>,
    /// Whether the reason is listed for it
    gives: bool,
}

/// The models whose answers were explained, by name.
pub(super) fn explained_records(decision: &Decision<'_>) -> Vec<(String, ExplainedRecord)> {
    let records = decision.explained().map(|explained| {
        let Explained {
            model,
            answer,
            base,
            unit,
            margin,
            features,
            fault,
        } = explained;
        let features = features.iter().map(|feature| {
            let told = !feature.private;
            let (without, fault) = match feature.tried {
                Some(Ok(tried)) => (Some(tried.averaged()), None),
                Some(Err(fault)) => (None, Some(fault)),
                None => (None, None),
            };
            FeatureRecord {
                feature: feature.name.to_owned(),
                because: feature.because.to_owned(),
                contribution: told.then_some(feature.contribution),
                answer_without: without.filter(|_| told),
                not_tried: fault.map(ToString::to_string),
                gives: feature.gives,
            }
        });
        let record = ExplainedRecord {
            answer: answer.to_owned(),
            unit: unit.to_string(),
            base,
            margin: fault.is_none().then_some(margin),
            features: features.collect(),
            fault: fault.map(ToString::to_string),
        };
        (model.to_owned(), record)
    });
    records.collect()
}
