//! Models of a policy, with what their files take and give.

use std::collections::BTreeMap;

use krites_lang::ir::Element;
use krites_lang::{ModelInput, ModelInterface, ModelOutput, ModelProblem, ModelSource};

use super::Writer;
use super::items::{OUTCOMES, REASONS};
use super::kind::Kind;
use super::schema::Named;

/// Interfaces by the file's name
#[derive(Clone, Debug, Default)]
pub struct Models {
    files: BTreeMap<String, ModelInterface>,
}

impl Models {
    /// Adds a model with inputs of one column each, and with three outputs: two
    /// classes of a probability, a label and a text.
    fn add(&mut self, file: &str, inputs: &[(String, Element)]) {
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

impl Writer<'_, '_> {
    pub(super) fn model(&mut self, at: usize, handled: bool, shadow: bool) {
        let file = format!("m{at}.onnx");
        let word = if shadow { " shadow" } else { "" };
        self.line(0, &format!("model m{at} from \"{file}\"{word} {{"));
        self.line(1, "feed {");
        let feeds = [
            ("number", Element::Float, Kind::Plain),
            ("amount", Element::Double, Kind::Money),
            ("count", Element::Integer, Kind::Whole),
            ("words", Element::Text, Kind::Text),
            ("truth", Element::Boolean, Kind::Truth),
            ("work", Element::Float, Kind::Work),
        ];
        let from = self.choose.below(feeds.len());
        let many = 1 + self.choose.below(3);
        let mut inputs = Vec::new();
        for (name, element, kind) in feeds.iter().cycle().skip(from).take(many) {
            let value = self.operand(*kind, 2);
            self.line(2, &format!("{name} = {value}"));
            inputs.push(((*name).to_owned(), *element));
        }
        if self.floats {
            self.line(2, "float = v[2]");
            inputs.push(("float".to_owned(), Element::Float));
        }
        self.line(1, "}");
        self.line(1, "give p : decimal in 0 to 1 = probabilities of class 1");
        self.line(1, "give l : integer = label");
        self.line(1, "give t : text = named");
        if self.choose.percent(40) {
            self.line(1, "within 20 ms");
        }
        if shadow {
            self.line(1, "on fault ignore");
        } else if !handled || self.choose.percent(50) {
            let outcome = self.choose.word(&OUTCOMES);
            let code = self.choose.word(&REASONS);
            self.line(1, &format!("on fault {outcome} because {code}"));
        }
        self.line(0, "}");
        self.models.add(&file, &inputs);
        if shadow {
            return;
        }
        for (name, kind) in [("p", Kind::Plain), ("l", Kind::Whole), ("t", Kind::Text)] {
            self.scope.values.push(Named {
                name: format!("m{at}.{name}"),
                kind,
                optional: false,
                nonzero: false,
            });
        }
    }
}
