//! Models of a policy, with what their files take and give.

use std::collections::BTreeMap;

use krites_lang::ir::{Element, Policy};
use krites_lang::{
    Exact, Held, ModelInput, ModelInterface, ModelOutput, ModelProblem, ModelSource,
    PolicyInterface, PolicyProblem, Program, Sources, StatedCard, TrainingRange, check, parse,
};

use super::Writer;
use super::items::{OUTCOMES, REASONS};
use super::kind::{Kind, TEXTS};
use super::schema::{Elements, Named};

/// Classes of `Work`, in an order of the model's own
const WIRE: [&str; 4] = ["RET", "employed", "student", "SELF"];

/// Interfaces by the file's name
#[derive(Clone, Debug, Default)]
pub struct Models {
    files: BTreeMap<String, ModelInterface>,
    /// The text of the policy `other`, where it is asked
    other: Option<String>,
}

impl Models {
    /// Adds the policy `other` by its text.
    pub(super) fn ask(&mut self, other: String) {
        self.other = Some(other);
    }

    /// Compiles the policy that is asked, where one is.
    #[must_use]
    pub fn other(&self) -> Option<Program> {
        self.checked_other().map(Program::compile)
    }

    fn checked_other(&self) -> Option<Policy> {
        let mut sources = Sources::default();
        let source = sources.add("other.krites", self.other.as_ref()?);
        let mut diagnostics = Vec::new();
        let file = parse(&sources, source, &mut diagnostics);
        check(&file, &Models::default(), &mut diagnostics)
    }

    /// Adds a model with inputs of one column each, and with four outputs: two
    /// classes of a probability, a label, a text, and a class for each label of `Work`.
    pub(super) fn add(
        &mut self,
        file: &str,
        inputs: &[(String, Element)],
        training: Vec<TrainingRange>,
    ) {
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
            columns: Vec::new(),
        });
        self.files.insert(
            file.to_owned(),
            ModelInterface {
                inputs: inputs.collect(),
                outputs: vec![
                    output("probabilities", Element::Float, 2, &["0", "1"]),
                    output("label", Element::Integer, 1, &[]),
                    output("named", Element::Text, 1, &[]),
                    output("work", Element::Float, 4, &WIRE),
                ],
                card: (!training.is_empty()).then(|| StatedCard {
                    training,
                    ..StatedCard::default()
                }),
                has_background: true,
            },
        );
    }
}

impl ModelSource for Models {
    fn policy(&self, name: &str) -> Result<PolicyInterface, PolicyProblem> {
        let known = vec!["other".to_owned()];
        match (name, self.checked_other()) {
            ("other", Some(policy)) => Ok(PolicyInterface::of(&policy)),
            _ => Err(PolicyProblem::NotThere { known }),
        }
    }

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
            ("called", Element::Text, Kind::Work),
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
        let distributed = self.choose.percent(60);
        if distributed {
            let rounded = self.choose.word(&["", " rounded to 2 digits"]);
            self.line(1, &format!("give d : distribution of Work = work{rounded}"));
        }
        if !shadow && self.choose.percent(60) {
            self.reasons_of_model(at, &inputs);
        }
        let training = self.training(&inputs, shadow);
        if self.choose.percent(40) {
            self.line(1, "within 20 ms");
        }
        match (shadow, distributed) {
            (true, _) => self.line(1, "on fault ignore"),
            // Nothing stands in for a distribution
            (false, true) => self.on_fault_of_model(handled, ""),
            (false, false) => self.on_fault_of_model(handled, "p = 0.5, l = 3, t = \"none\""),
        }
        self.line(0, "}");
        self.models.add(&file, &inputs, training);
        if shadow {
            return;
        }
        for (name, kind) in [("p", Kind::Plain), ("l", Kind::Whole), ("t", Kind::Text)] {
            self.answer(format!("m{at}.{name}"), kind);
        }
        if distributed {
            self.distribution(&format!("m{at}.d"));
        }
    }

    /// Makes up what some inputs held in training, and writes what follows outside of it;
    /// of a model in shadow that may be left out.
    pub(super) fn training(
        &mut self,
        inputs: &[(String, Element)],
        shadow: bool,
    ) -> Vec<TrainingRange> {
        if self.choose.percent(40) {
            return Vec::new();
        }
        let mut ranges = Vec::new();
        for (input, (name, element)) in inputs.iter().enumerate() {
            if *element == Element::Boolean || self.choose.percent(25) {
                continue;
            }
            ranges.push(TrainingRange {
                input,
                column: 0,
                held: self.held(name, *element),
            });
        }
        let unsaid = ranges.is_empty() || shadow && self.choose.percent(20);
        if !unsaid {
            let said = self.choose.word(&["fault", "record"]);
            self.line(1, &format!("outside training range {said}"));
        }
        ranges
    }

    fn held(&mut self, name: &str, element: Element) -> Held {
        let (lows, highs): (&[&str], &[&str]) = match (name, element) {
            ("called", _) => {
                let labels = WIRE.iter().filter(|_| self.choose.percent(80));
                return Held::Texts(labels.map(|label| (*label).to_owned()).collect());
            }
            (_, Element::Text) => {
                let texts = TEXTS.iter().filter(|_| self.choose.percent(85));
                return Held::Texts(texts.map(|text| (*text).to_owned()).collect());
            }
            ("work", _) => (&["1", "1.5"], &["3", "4"]),
            ("float", _) => (&["-1000", "-0.1", "0.1"], &["0.25", "0.3", "16777217"]),
            _ => (
                &["-1000000", "-0.3", "0", "0.1"],
                &["0.3", "12.5", "1000", "16777217"],
            ),
        };
        let mut bound = |of: &[&str]| Exact::parse(self.choose.word(of)).unwrap_or(Exact::ZERO);
        let low = bound(lows);
        Held::Between(low, bound(highs))
    }

    /// Writes the reasons that a model has for what it answers.
    fn reasons_of_model(&mut self, at: usize, inputs: &[(String, Element)]) {
        let high_or_low = self.choose.word(&["", " for high p", " for low p"]);
        let verified = self.choose.word(&["", " verified"]);
        self.line(1, &format!("reasons{high_or_low}{verified} {{"));
        for (name, _) in inputs {
            let code = self.choose.word(&REASONS);
            self.line(2, &format!("{name} : {code}"));
        }
        self.line(1, "}");
        self.explained.push(format!("m{at}.contributions"));
    }

    /// Writes what a model's failure leads to: an outcome, or what stands in.
    pub(super) fn on_fault_of_model(&mut self, handled: bool, stand_in: &str) {
        if !stand_in.is_empty() && self.choose.percent(30) {
            let tag = self.choose.word(&["", " and tag t5"]);
            self.line(1, &format!("on fault use {stand_in}{tag}"));
        } else if !handled || self.choose.percent(50) {
            let outcome = self.choose.word(&OUTCOMES);
            let code = self.choose.word(&REASONS);
            self.line(1, &format!("on fault {outcome} because {code}"));
        }
    }

    fn answer(&mut self, name: String, kind: Kind) {
        self.scope.values.push(Named {
            name,
            kind,
            optional: false,
            nonzero: false,
        });
    }

    /// Names what is read of a distribution over `Work`.
    fn distribution(&mut self, name: &str) {
        for place in ["top", "second"] {
            self.answer(format!("{name}.{place}"), Kind::Work);
            self.answer(format!("{name}.{place}_probability"), Kind::Plain);
        }
        let named = |name: &str, kind| Named {
            name: name.to_owned(),
            kind,
            optional: false,
            nonzero: false,
        };
        self.scope.elements.push(Elements {
            name: name.to_owned(),
            fields: vec![named("each", Kind::Plain)],
            inner: Vec::new(),
            series: None,
            has_one: true,
            beside: vec![
                named("label", Kind::Work),
                named("probability", Kind::Plain),
            ],
        });
        self.scope.distributions.push(name.to_owned());
    }

    /// The probability of a label, where there is a distribution.
    pub(super) fn probability(&mut self, depth: usize) -> Option<String> {
        let name = self.choose.one(&self.scope.distributions)?.clone();
        let label = match self.choose.percent(50) {
            true => self.literal(Kind::Work),
            false => self.operand(Kind::Work, depth.min(1)),
        };
        Some(format!("{name}.probability({label})"))
    }
}
