//! Trained models from the folder that `KRITES_DATA` names, with the rows of
//! their fixtures.

use krites_model::OnnxModel;

use super::fixtures::{Column, fixtures};
use super::made::Made;
use super::subject::Rows;

/// Models that are measured, with what they are
const MODELS: [(&str, &str); 7] = [
    ("card_fraud_iforest", "card_fraud_iforest, 60 trees"),
    ("card_fraud_gbdt", "card_fraud_gbdt"),
    ("taiwan_gbdt", "taiwan_gbdt"),
    ("taiwan_scorecard", "taiwan_scorecard"),
    ("german_pipeline_strings", "german_pipeline_strings"),
    ("taiwan_mlp", "taiwan_mlp"),
    ("banking77_tfidf_lr", "banking77_tfidf_lr"),
];

/// Reads the models, none where the folder is not there.
pub(crate) fn models() -> Vec<Made> {
    let all = std::env::var_os("KRITES_DATA").and_then(|_| fixtures());
    let all = all.unwrap_or_default();
    let found = MODELS.iter().filter_map(|(model, name)| {
        let fixture = all.iter().find(|fixture| fixture.name == *model)?;
        let parsed = OnnxModel::parse(&fixture.bytes).unwrap();
        let rows = fixture.inputs(parsed.signature()).into_iter();
        let rows = rows.map(|column| match column {
            Column::Float(rows) => Rows::Floats(rows),
            Column::Text(rows) => Rows::Texts(rows),
        });
        Some(Made {
            name,
            rows: rows.collect(),
            bytes: fixture.bytes.clone(),
            visits: None,
        })
    });
    found.collect()
}
