//! What `krites model inspect` shows of the card beside a model.

use krites::ModelCard;
use krites::lang::Held;

use super::inspect::{shown, thousands};

/// So many ranges are listed
const SHOWN: usize = 12;

/// A line for each field that the card states.
pub(super) fn lines(card: &ModelCard) -> Vec<String> {
    let mut lines = vec!["Its card:".to_owned()];
    let mut state = |name: &str, text: String| lines.push(format!("  {name}: {text}"));
    let texts = [
        ("owner", &card.owner),
        ("purpose", &card.purpose),
        ("limits of use", &card.limits_of_use),
        ("code version", &card.code_version),
        ("framework", &card.framework),
    ];
    for (name, text) in texts {
        if let Some(text) = text {
            state(name, shown(text));
        }
    }
    if let Some(training) = &card.training {
        if let Some(hash) = &training.data_hash {
            state("training data", hash.clone());
        }
        match (training.from, training.through) {
            (None, None) => {}
            (Some(from), None) => state("training period", format!("from {from}")),
            (None, Some(last)) => state("training period", format!("through {last}")),
            (Some(from), Some(last)) => state("training period", format!("{from} to {last}")),
        }
        if let Some(rows) = training.rows {
            state("training cases", thousands(rows));
        }
        for (column, held) in training.ranges.iter().take(SHOWN) {
            let held = match held {
                Held::Between(low, high) => format!("{low} to {high}"),
                Held::Texts(texts) => texts
                    .iter()
                    .map(|text| shown(text))
                    .collect::<Vec<_>>()
                    .join(", "),
            };
            state(&format!("in training, {}", shown(column)), held);
        }
        if let Some(more @ 1..) = training.ranges.len().checked_sub(SHOWN) {
            state("in training", format!("{more} more columns"));
        }
    }
    for (name, value) in &card.metrics {
        state(&shown(name), value.to_string());
    }
    lines
}
