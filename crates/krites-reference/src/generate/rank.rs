//! Ranks, and models that are asked for each row of one.

use krites_lang::ir::Element;

use super::Writer;
use super::kind::Kind;
use super::schema::{Elements, Named};

/// An output of a rank
struct Output {
    name: &'static str,
    kind: Kind,
    optional: bool,
    /// The same for all rows, without a column
    of_all_rows: bool,
}

impl Writer<'_, '_> {
    /// Writes a rank of offers, with a model that scores each of them in some.
    pub(super) fn rank(&mut self, handled: bool) {
        if !self.choose.percent(40) {
            return;
        }
        let scored = self.choose.percent(60);
        if scored {
            self.model_of_rows(handled);
        }
        let outputs = self.outputs_of_rows();
        let subjects: Vec<(String, Kind, bool)> =
            (0..self.choose.below(3)).map(|_| self.subject()).collect();
        let opens = subjects.is_empty() || self.choose.percent(50);
        let before = self.scope.values.len();
        let worth = outputs.last().map_or(Kind::Whole, |output| output.kind);
        let head = self.head_of_rank(worth);
        let mut declared = Vec::new();
        let mut types = Vec::new();
        for output in &outputs {
            let ty = self.output_type(output.kind, output.optional);
            let value = match output.of_all_rows {
                true => {
                    self.row_at_hand(&outputs, output, scored);
                    let value = self.operand(output.kind, 2);
                    self.scope.values.truncate(before);
                    format!(" = {value}")
                }
                false => String::new(),
            };
            declared.push(format!("{} : {ty}{value}", output.name));
            types.push((format!("offers.{}", output.name), ty));
        }
        let days = self.days(8);
        self.line(0, &format!("{head} -> {}{days} {{", declared.join(", ")));
        let mut columns: Vec<String> = subjects.iter().map(|(text, ..)| text.clone()).collect();
        columns.extend(opens.then(|| "open when".to_owned()));
        let with_column = || outputs.iter().filter(|output| !output.of_all_rows);
        columns.extend(with_column().map(|output| output.name.to_owned()));
        self.row(&columns);
        self.row(&vec!["---".to_owned(); columns.len()]);
        for _ in 0..=self.choose.below(5) {
            let mut cells = Vec::new();
            for (_, kind, optional) in &subjects {
                cells.push(self.cell(*kind, *optional));
            }
            if opens {
                cells.push(match self.choose.percent(40) {
                    true => "any".to_owned(),
                    false => self.condition(1),
                });
            }
            for output in with_column() {
                self.row_at_hand(&outputs, output, scored);
                cells.push(match output.optional && self.choose.percent(30) {
                    true => "-".to_owned(),
                    false => self.value(output.kind, 1),
                });
                self.scope.values.truncate(before);
            }
            self.row(&cells);
        }
        self.line(0, "}");
        self.scope.elements.push(Elements {
            name: "offers".to_owned(),
            fields: outputs.iter().map(Output::as_field).collect(),
            inner: Vec::new(),
            series: None,
            has_one: false,
            beside: Vec::new(),
        });
        self.scope.rows.extend(types);
    }

    fn head_of_rank(&mut self, worth: Kind) -> String {
        let off = if self.choose.percent(4) { " off" } else { "" };
        let floor = match self.choose.below(4) {
            0 => format!(", at least {}", self.literal(worth)),
            1 => format!(", at least {}", self.operand(worth, 1)),
            _ => String::new(),
        };
        let most = self.choose.word(&["", ", at most 1", ", at most 3"]);
        format!("rank offers{off} by worth{floor}{most}")
    }

    /// What a row gives, the value that orders the rows last.
    fn outputs_of_rows(&mut self) -> Vec<Output> {
        let mut outputs = vec![Output {
            name: "margin",
            kind: Kind::Money,
            optional: false,
            of_all_rows: false,
        }];
        if self.choose.percent(50) {
            outputs.push(Output {
                name: "note",
                kind: self.kind(),
                optional: self.choose.percent(50),
                of_all_rows: self.choose.percent(20),
            });
        }
        let kinds = [
            Kind::Plain,
            Kind::Money,
            Kind::Percent,
            Kind::Whole,
            Kind::Date,
        ];
        outputs.push(Output {
            name: "worth",
            kind: self.choose.one(&kinds).copied().unwrap_or(Kind::Plain),
            optional: self.choose.percent(40),
            of_all_rows: self.choose.percent(40),
        });
        outputs
    }

    /// Brings in what a cell may read of its row: the outputs before it, and answers
    /// for the row. What the model is fed of a row does not rest on these.
    fn row_at_hand(&mut self, outputs: &[Output], output: &Output, scored: bool) {
        let before = outputs.iter().take_while(|found| found.name != output.name);
        let mut fields: Vec<Named> = before.map(Output::as_cell).collect();
        if scored && output.name != "margin" {
            for (name, kind) in [("e.p", Kind::Plain), ("e.l", Kind::Whole)] {
                fields.push(Named {
                    name: name.to_owned(),
                    kind,
                    optional: false,
                    nonzero: false,
                });
            }
        }
        self.scope.values.extend(fields);
    }

    fn model_of_rows(&mut self, handled: bool) {
        self.line(0, "model e from \"e.onnx\" for each of offers {");
        self.line(1, "feed {");
        self.line(2, "margin = offers.margin");
        let value = self.operand(Kind::Whole, 1);
        self.line(2, &format!("count = {value}"));
        self.line(1, "}");
        self.line(1, "give p : decimal in 0 to 1 = probabilities of class 1");
        self.line(1, "give l : integer = label");
        let inputs = [("margin", Element::Float), ("count", Element::Integer)];
        let inputs = inputs.map(|(name, element)| (name.to_owned(), element));
        let training = self.training(&inputs, false);
        self.on_fault_of_model(handled, "p = 0.25, l = -1");
        self.line(0, "}");
        self.models.add("e.onnx", &inputs, training);
    }
}

impl Output {
    fn as_cell(&self) -> Named {
        Named {
            name: self.name.to_owned(),
            kind: self.kind,
            optional: self.optional,
            nonzero: false,
        }
    }

    /// A row without the value that orders it is closed.
    fn as_field(&self) -> Named {
        Named {
            optional: self.optional && self.name != "worth",
            ..self.as_cell()
        }
    }
}
