//! What a model's card states, as far as policies are checked against it.

use crate::Exact;

/// What the card beside a model states of it
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct StatedCard {
    /// The fields that it fills, in the words in which a policy asks for them, such
    /// as `owner` or `limits of use`
    pub fields: Vec<String>,
    /// Metrics on cases that the model was not trained on, by name
    pub metrics: Vec<(String, Exact)>,
    /// What each column of the training data held, where the card says so
    pub training: Vec<TrainingRange>,
}

/// What a column held in training
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TrainingRange {
    /// Position of the model's input
    pub input: usize,
    /// Column of it, counted from zero
    pub column: usize,
    /// What it held
    pub held: Held,
}

/// The values of a column
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Held {
    /// Numbers from a least one to a greatest one, both among them
    Between(Exact, Exact),
    /// Some texts, and no others
    Texts(Vec<String>),
}
