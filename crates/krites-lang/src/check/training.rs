//! What a model's card states of its training, where the policy looks at it: what is fed
//! and lies outside is a fault, or recorded.

use super::card::{Held, TrainingRange, card_file};
use super::model::{ModelInput, ModelInterface};
use super::{Checker, codes};
use crate::Diagnostic;
use crate::ast;
use crate::ir::{self, Element};

impl Checker<'_> {
    /// Finds the ranges that what is fed is held against: none where the policy does not
    /// look at them. A policy says what follows where a card states some; a model in shadow
    /// never acts, and may say nothing.
    pub(super) fn check_training(
        &mut self,
        decl: &ast::ModelDecl,
        interface: &ModelInterface,
    ) -> Option<Vec<TrainingRange>> {
        let card = interface.card.as_ref();
        let ranges = card.map_or(&[][..], |card| &card.training);
        let model = &decl.name.text;
        let file = card_file(decl);
        let Some((_, said)) = decl.outside_training else {
            if ranges.is_empty() || decl.shadow.is_some() {
                return Some(Vec::new());
            }
            let headline = format!(
                "nothing says what follows where `{model}` is fed what its training did not hold"
            );
            self.report(
                Diagnostic::error(codes::OUTSIDE_TRAINING_UNSAID, headline, decl.name.span).help(
                    format!(
                        "`{file}` states training ranges: add `outside training range fault`, \
                         which its `on fault` handles, or `outside training range record`"
                    ),
                ),
            );
            return None;
        };
        if ranges.is_empty() {
            let headline = match card {
                Some(_) => format!("the card of `{model}` states no training ranges"),
                None => format!("`{model}` has no card, which states training ranges"),
            };
            self.report(
                Diagnostic::error(codes::NO_TRAINING_RANGES, headline, said)
                    .evidence(decl.file.span, "of this model")
                    .help(format!(
                        "state `training.ranges` in `{file}`, beside the model"
                    )),
            );
            return None;
        }
        let mut sound = true;
        for range in ranges {
            let Some(headline) = unfit(range, interface, model) else {
                continue;
            };
            self.report(
                Diagnostic::error(codes::TRAINING_RANGE_UNFIT, headline, said)
                    .evidence(decl.file.span, "of this model")
                    .help(format!("correct `training.ranges` in `{file}`")),
            );
            sound = false;
        }
        sound.then(|| ranges.to_vec())
    }
}

/// What is wrong with a range, if anything.
fn unfit(range: &TrainingRange, interface: &ModelInterface, model: &str) -> Option<String> {
    let input = interface.inputs.get(range.input);
    let Some(input) = input.filter(|input| range.column < input.width) else {
        return Some(format!(
            "the card of `{model}` states a training range of a column that it does not have"
        ));
    };
    let holds = match &range.held {
        Held::Between(..) => "numbers",
        Held::Texts(_) => "texts",
    };
    let takes = match input.element {
        Element::Text => "texts",
        Element::Boolean => "true or false",
        Element::Float | Element::Double | Element::Integer => "numbers",
    };
    (holds != takes).then(|| {
        let column = column_name(input, range.column);
        format!("the card of `{model}` states {holds} of `{column}`, which takes {takes}")
    })
}

fn column_name(input: &ModelInput, column: usize) -> String {
    match (input.columns.get(column), input.width) {
        (Some(name), _) => name.clone(),
        (None, 1) => input.name.clone(),
        (None, _) => format!("{}[{}]", input.name, column + 1),
    }
}

/// Keeps each range at the column that it is of.
pub(super) fn keep_ranges(inputs: &mut [ir::ModelInput], ranges: &[TrainingRange]) {
    for range in ranges {
        let input = inputs.get_mut(range.input);
        if let Some(column) = input.and_then(|input| input.columns.get_mut(range.column)) {
            column.training = Some(range.held.clone());
        }
    }
}
