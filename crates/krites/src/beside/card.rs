//! What a card beside a model states of it.

mod fields;
mod read;
mod stated;

use krites_lang::{Date, Exact, Held};

pub(crate) use stated::graph_names;

use crate::part::Fingerprint;

/// The largest card, in bytes
pub(crate) const MAX_CARD_BYTES: u64 = 1024 * 1024;

/// What the card beside a model states of it: who answers for it, what it is for, what it
/// was trained on, how well it does.
///
/// A card is checked when it is read: against itself, and against the model's inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ModelCard {
    /// Who answers for the model
    pub owner: Option<String>,
    /// What it is for
    pub purpose: Option<String>,
    /// What it is not to be used for
    pub limits_of_use: Option<String>,
    /// What it was trained on
    pub training: Option<TrainingData>,
    /// Version of the code that trained it
    pub code_version: Option<String>,
    /// What trained it: `lightgbm 4.5.0`
    pub framework: Option<String>,
    /// Metrics on cases that it was not trained on, in the card's order
    pub metrics: Vec<(String, Exact)>,
    /// Names of the columns of inputs that the model does not name, by the input
    pub columns: Vec<(String, Vec<String>)>,
    /// The hash of the model's file
    pub model_hash: Option<Fingerprint>,
}

/// What a model was trained on
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TrainingData {
    /// Hash of the data, with what made it: `sha256:…`
    pub data_hash: Option<String>,
    /// The first day that the data are of
    pub from: Option<Date>,
    /// The last day
    pub through: Option<Date>,
    /// How many cases there were
    pub rows: Option<u64>,
    /// What columns held, by column, in the card's order
    pub ranges: Vec<(String, Held)>,
}
