//! A card held against the model that it stands beside, and what the checker sees of it.

use std::collections::BTreeSet;

use krites_lang::{Held, StatedCard, TrainingRange, did_you_mean};
use krites_model::{ElementType, Signature};

use super::ModelCard;
use crate::beside::error::{BesideError, BesideProblem, cut};
use crate::beside::names::Columns;

impl ModelCard {
    /// The names of each input's columns, of the graph or of the card; none where neither
    /// has some. Errors name the card's `file`.
    pub(crate) fn names(
        &self,
        file: &str,
        signature: &Signature,
    ) -> Result<Vec<Vec<String>>, BesideError> {
        let mut names = graph_names(signature);
        for (input, given) in &self.columns {
            let path = format!("columns.{input}");
            let error = |problem| BesideError::of(file, problem).field_is(&path);
            let mut inputs = signature.inputs.iter().zip(&mut names);
            let Some((spec, own)) = inputs.find(|(spec, _)| spec.name == *input) else {
                let known = signature.inputs.iter().map(|spec| spec.name.as_str());
                return Err(error(BesideProblem::Unknown {
                    near: did_you_mean(input, known.clone()).map(cut),
                    known: known.map(str::to_owned).collect(),
                }));
            };
            if given.len() != spec.width {
                let (names, columns) = (given.len(), spec.width);
                return Err(error(BesideProblem::ColumnCount { names, columns }));
            }
            let mut pairs = own.iter().zip(given).enumerate();
            if let Some((at, (graph, card))) = pairs.find(|(_, (graph, card))| graph != card) {
                return Err(error(BesideProblem::ColumnContradicts {
                    position: at + 1,
                    graph: cut(graph),
                    card: cut(card),
                }));
            }
            own.clone_from(given);
        }
        Ok(names)
    }

    /// What the checker sees of the card; `columns` are those of the model's inputs.
    pub(crate) fn stated(&self, file: &str, columns: &Columns) -> Result<StatedCard, BesideError> {
        let ranges = self.training.iter().flat_map(|training| &training.ranges);
        let mut seen = BTreeSet::new();
        let training = ranges.map(|(name, held)| {
            let path = format!("training.ranges.{name}");
            let error = |problem| BesideError::of(file, problem).field_is(&path);
            let column = columns.find(name).and_then(|at| columns.get(at));
            let Some(column) = column else {
                return Err(error(BesideProblem::Unknown {
                    near: columns.near(name).map(|near| cut(&near)),
                    known: columns.names(),
                }));
            };
            if !seen.insert((column.port, column.at)) {
                return Err(error(BesideProblem::Twice));
            }
            let fits = match held {
                Held::Between(..) => {
                    !matches!(column.element, ElementType::Text | ElementType::Boolean)
                }
                Held::Texts(_) => column.element == ElementType::Text,
            };
            match fits {
                true => Ok(TrainingRange {
                    input: column.port,
                    column: column.at,
                    held: held.clone(),
                }),
                false => Err(error(BesideProblem::RangeType {
                    element: column.element.to_string(),
                })),
            }
        });
        Ok(StatedCard {
            fields: self.fields(),
            metrics: self.metrics.clone(),
            training: training.collect::<Result<_, _>>()?,
        })
    }

    /// The fields that it fills, in the words in which a policy asks for them.
    fn fields(&self) -> Vec<String> {
        let training = self.training.as_ref();
        let of = |is: &dyn Fn(&super::TrainingData) -> bool| training.is_some_and(is);
        let stated = [
            ("owner", self.owner.is_some()),
            ("purpose", self.purpose.is_some()),
            ("limits of use", self.limits_of_use.is_some()),
            (
                "training data",
                of(&|training| training.data_hash.is_some()),
            ),
            (
                "training period",
                of(&|training| training.from.is_some() && training.through.is_some()),
            ),
            (
                "training ranges",
                of(&|training| !training.ranges.is_empty()),
            ),
            ("code version", self.code_version.is_some()),
            ("framework", self.framework.is_some()),
            ("metrics", !self.metrics.is_empty()),
            ("model hash", self.model_hash.is_some()),
        ];
        let stated = stated.into_iter().filter(|(_, is)| *is);
        stated.map(|(field, _)| field.to_owned()).collect()
    }
}

/// The names that the graph has for the columns of each input.
pub(crate) fn graph_names(signature: &Signature) -> Vec<Vec<String>> {
    let inputs = signature.inputs.iter();
    inputs.map(|input| input.columns.clone()).collect()
}
