//! Reading a card: what it states by itself; what it says of the model's inputs is held
//! against these elsewhere.

use std::collections::BTreeSet;

use krites_lang::Held;

use super::fields::{Field, Text};
use super::{MAX_CARD_BYTES, ModelCard, TrainingData};
use crate::beside::error::{BesideError, BesideProblem};

/// The fields of a card
const CARD: &[&str] = &[
    "owner",
    "purpose",
    "limits_of_use",
    "training",
    "code_version",
    "framework",
    "metrics",
    "columns",
    "model_hash",
];

/// Those of its training data
const TRAINING: &[&str] = &["data_hash", "from", "through", "rows", "ranges"];

impl ModelCard {
    /// Reads a card from its JSON text; `file` is its name in errors.
    ///
    /// # Errors
    ///
    /// [`BesideError`] with the first thing that is wrong, and where.
    pub fn read(file: &str, bytes: &[u8]) -> Result<ModelCard, BesideError> {
        let error = |problem| BesideError::of(file, problem);
        if bytes.len() as u64 > MAX_CARD_BYTES {
            let limit = MAX_CARD_BYTES;
            return Err(error(BesideProblem::TooLarge { limit }));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let text = std::str::from_utf8(bytes).map_err(|_| {
            error(BesideProblem::NotJson {
                why: "it is not in UTF-8".to_owned(),
            })
        })?;
        if text.trim().is_empty() {
            return Err(error(BesideProblem::Empty));
        }
        card(&Text { file, text }.whole()?)
    }
}

fn card(whole: &Field<'_>) -> Result<ModelCard, BesideError> {
    let mut fields = whole.fields(CARD)?;
    let mut text = |name: &str| fields.take(name).map(|field| field.text()).transpose();
    let mut card = ModelCard {
        owner: text("owner")?,
        purpose: text("purpose")?,
        limits_of_use: text("limits_of_use")?,
        code_version: text("code_version")?,
        framework: text("framework")?,
        ..ModelCard::default()
    };
    if let Some(field) = fields.take("training") {
        card.training = Some(training(&field)?);
    }
    if let Some(field) = fields.take("metrics") {
        for (name, field) in field.entries()?.0 {
            card.metrics.push((name, field.number()?));
        }
    }
    if let Some(field) = fields.take("columns") {
        for (input, field) in field.entries()?.0 {
            let names = texts(&field.list("a list of names")?)?;
            card.columns.push((input, names));
        }
    }
    if let Some(field) = fields.take("model_hash") {
        card.model_hash = Some(field.fingerprint()?);
    }
    Ok(card)
}

fn training(field: &Field<'_>) -> Result<TrainingData, BesideError> {
    let mut fields = field.fields(TRAINING)?;
    let mut training = TrainingData::default();
    if let Some(field) = fields.take("data_hash") {
        training.data_hash = Some(field.data_hash()?);
    }
    training.from = fields.take("from").map(|field| field.date()).transpose()?;
    let through = fields.take("through");
    training.through = through.as_ref().map(Field::date).transpose()?;
    if let (Some(from), Some(last), Some(field)) = (training.from, training.through, &through)
        && last < from
    {
        return Err(field.error(BesideProblem::PeriodReversed {
            from: from.to_string(),
            through: last.to_string(),
        }));
    }
    training.rows = fields.take("rows").map(|field| field.count()).transpose()?;
    if let Some(field) = fields.take("ranges") {
        for (column, field) in field.entries()?.0 {
            training.ranges.push((column, range(&field)?));
        }
    }
    Ok(training)
}

fn range(field: &Field<'_>) -> Result<Held, BesideError> {
    const EXPECTED: &str = "a least and a greatest number, `[18, 75]`, or a list of texts";
    let elements = field.list(EXPECTED)?;
    if !elements.is_empty() && elements.iter().all(Field::is_text) {
        return Ok(Held::Texts(listed(&elements)?));
    }
    let [low, high] = elements.as_slice() else {
        return Err(field.error(BesideProblem::Expected { expected: EXPECTED }));
    };
    if low.is_text() || high.is_text() {
        return Err(field.error(BesideProblem::Expected { expected: EXPECTED }));
    }
    let (low, high) = (low.number()?, high.number()?);
    match low <= high {
        true => Ok(Held::Between(low, high)),
        false => Err(field.error(BesideProblem::RangeReversed {
            low: low.to_string(),
            high: high.to_string(),
        })),
    }
}

/// Texts, none of which comes twice; an empty one is one, too.
fn listed(elements: &[Field<'_>]) -> Result<Vec<String>, BesideError> {
    let mut seen = BTreeSet::new();
    let mut texts = Vec::new();
    for element in elements {
        let text = element.any_text()?;
        if !seen.insert(text.clone()) {
            return Err(element.error(BesideProblem::Twice));
        }
        texts.push(text);
    }
    Ok(texts)
}

/// Names, none of which is empty or comes twice.
fn texts(elements: &[Field<'_>]) -> Result<Vec<String>, BesideError> {
    elements
        .iter()
        .try_for_each(|element| element.text().map(|_| ()))?;
    listed(elements)
}
