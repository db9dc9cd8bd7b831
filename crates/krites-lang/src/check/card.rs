//! What a model's card states, as far as policies are checked against it.

use super::model::ModelInterface;
use super::{Checker, codes};
use crate::ast::{self, CardDemand, Item};
use crate::ir::Literal;
use crate::types::Ty;
use crate::{Diagnostic, Exact};

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

/// The file in which a model's card stands.
pub(super) fn card_file(decl: &ast::ModelDecl) -> String {
    let stem = decl.file.text.strip_suffix(".onnx");
    format!("{}.card.json", stem.unwrap_or(&decl.file.text))
}

impl Checker<'_> {
    /// Holds what the card of a model states against what the header asks of it. A model
    /// in shadow never acts, and may still lack it.
    pub(super) fn check_card(&mut self, decl: &ast::ModelDecl, interface: &ModelInterface) {
        let demands = self.file.items.iter().find_map(|item| match item {
            Item::Policy(header) => header.demands.as_ref(),
            _ => None,
        });
        let Some(demands) = demands.filter(|_| decl.shadow.is_none()) else {
            return;
        };
        let none = StatedCard::default();
        let card = interface.card.as_ref().unwrap_or(&none);
        let model = &decl.name.text;
        let file = card_file(decl);
        let mut lacking: Vec<&str> = Vec::new();
        for demand in &demands.all {
            match demand {
                CardDemand::Field(field) => {
                    if !card.fields.contains(&field.text) {
                        lacking.push(&field.text);
                    }
                }
                CardDemand::Metric {
                    name,
                    at_least,
                    bound,
                } => {
                    let Some(Literal::Exact(least)) = self.constant(bound, Ty::Decimal) else {
                        continue;
                    };
                    let stated = card.metrics.iter().find(|(metric, _)| *metric == name.text);
                    let Some((_, found)) = stated else {
                        lacking.push(&name.text);
                        continue;
                    };
                    let (holds, words) = match at_least {
                        true => (*found >= least, "at least"),
                        false => (*found <= least, "at most"),
                    };
                    if !holds {
                        let metric = &name.text;
                        self.report(
                            Diagnostic::error(
                                codes::METRIC_BOUND,
                                format!("the card of `{model}` states {metric} {found}"),
                                decl.name.span,
                            )
                            .evidence(name.span, format!("{words} {least} is asked here"))
                            .help("use a model that is as good, or change what the header asks"),
                        );
                    }
                }
            }
        }
        if !lacking.is_empty() {
            let headline = match interface.card {
                Some(_) => format!(
                    "the card of `{model}` does not state {}",
                    lacking.join(", ")
                ),
                None => format!("`{model}` has no card, which states {}", lacking.join(", ")),
            };
            self.report(
                Diagnostic::error(codes::CARD_LACKS, headline, decl.name.span)
                    .evidence(demands.span, "asked here")
                    .help(format!("state it in `{file}`, beside the model")),
            );
        }
    }
}
