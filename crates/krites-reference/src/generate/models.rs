//! What the models of generated policies take and give.

use std::collections::BTreeMap;

use krites_lang::ir::Element;
use krites_lang::{ModelInput, ModelInterface, ModelOutput, ModelProblem, ModelSource};

/// Interfaces by the file's name
#[derive(Clone, Debug, Default)]
pub struct Models {
    files: BTreeMap<String, ModelInterface>,
}

impl Models {
    /// Adds a model with inputs of one column each, and with three outputs: two
    /// classes of a probability, a label and a text.
    pub(super) fn add(&mut self, file: &str, inputs: &[(String, Element)]) {
        let output = |name: &str, element, width, classes: &[&str]| ModelOutput {
            name: name.to_owned(),
            element,
            width,
            classes: classes.iter().map(|class| (*class).to_owned()).collect(),
        };
        let inputs = inputs.iter().map(|(name, element)| ModelInput {
            name: name.clone(),
            element: *element,
            width: 1,
        });
        self.files.insert(
            file.to_owned(),
            ModelInterface {
                inputs: inputs.collect(),
                outputs: vec![
                    output("probabilities", Element::Float, 2, &["0", "1"]),
                    output("label", Element::Integer, 1, &[]),
                    output("named", Element::Text, 1, &[]),
                ],
            },
        );
    }
}

impl ModelSource for Models {
    fn interface(&self, file: &str) -> Result<ModelInterface, ModelProblem> {
        self.files.get(file).cloned().ok_or_else(|| ModelProblem {
            headline: format!("there is no model file `{file}`"),
            node: None,
            help: "put the file into the release".to_owned(),
        })
    }
}
