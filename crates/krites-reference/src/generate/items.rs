//! The items of a policy, in an order in which each uses what stands before it.

use krites_lang::ir::Element;

use super::Writer;
use super::kind::Kind;
use super::schema::{Function, Named, Scope};

const OUTCOMES: [&str; 3] = ["approve", "refer", "decline"];
const REASONS: [&str; 4] = ["R01", "R02", "R03", "M00"];

impl Writer<'_, '_> {
    pub(super) fn items(&mut self) {
        let handled = self.header();
        for (at, code) in REASONS.iter().enumerate() {
            let customer = if at % 2 == 0 {
                " customer \"Please ask us\""
            } else {
                ""
            };
            self.line(0, &format!("reason {code} \"Reason {at}\"{customer}"));
        }
        self.line(0, "enum Outcome { approve < refer < decline }");
        self.line(
            0,
            "enum Work { employed code 1, self_employed = \"SELF\" code 2, student code 3, retired = \"RET\" code 4 }",
        );
        if self.features.inputs {
            self.line(
                0,
                "record Holder { born : date; score : integer? in 0 to 999 }",
            );
        }
        if self.features.lists {
            self.record_of_accounts();
        }
        if self.features.text {
            self.line(0, "list fraud_words = fraud, scam, \"wire transfer\"");
            self.line(0, "list codes = 12, 17, 0, -3");
        }
        self.inputs();
        if self.features.text {
            self.scope.texts.push("fraud_words".to_owned());
            self.scope.wholes.push("codes".to_owned());
        }
        for at in 0..self.choose.below(3) {
            self.function(at);
        }
        self.definitions("a", 4);
        for at in 0..self.choose.below(2) {
            self.model(at, handled);
        }
        self.table(0);
        if self.choose.percent(50) {
            self.definitions("b", 4);
        }
        let steps = self.rule_sets();
        self.decide(steps);
        self.outputs();
        if self.choose.percent(80) {
            let most = self.choose.word(&["", " at most 1", " at most 3"]);
            self.line(0, &format!("reasons{most} {{"));
            self.line(1, "for decline, refer : rules that spoke");
            self.line(0, "}");
        }
    }

    /// Writes a line, sometimes with a comment before or behind it.
    pub(super) fn line(&mut self, depth: usize, text: &str) {
        let indent = "    ".repeat(depth);
        if self.choose.percent(3) {
            self.text.push_str(&format!("{indent}# before: {depth}\n"));
        }
        self.text.push_str(&indent);
        self.text.push_str(text);
        let is_row = text.starts_with('|');
        if !is_row && self.choose.percent(3) {
            self.text.push_str("    # behind");
        }
        self.text.push('\n');
    }

    /// Writes the header; tells whether it says what faults lead to.
    fn header(&mut self) -> bool {
        self.line(0, "policy generated \"A policy at random\" {");
        self.line(1, "version \"1\"");
        if self.choose.percent(50) {
            self.line(1, "owner \"Nobody\"");
        }
        let zone = self.choose.word(&[
            "Europe/London",
            "America/New_York",
            "Australia/Lord_Howe",
            "UTC",
        ]);
        self.line(1, &format!("time zone \"{zone}\""));
        if self.choose.percent(80) {
            let rounding = self
                .choose
                .word(&["half up", "half even", "half down", "up", "down"]);
            self.line(1, &format!("rounding {rounding}"));
        }
        let handled = self.choose.percent(85);
        if handled {
            let outcome = self.choose.word(&OUTCOMES);
            let because = self.choose.word(&["", " because M00"]);
            self.line(1, &format!("on fault {outcome}{because}"));
        }
        self.line(0, "}");
        handled
    }

    fn inputs(&mut self) {
        self.line(0, "input {");
        let kinds: Vec<Kind> = Kind::ALL
            .into_iter()
            .filter(|kind| match kind {
                Kind::DateTime | Kind::Duration => self.features.time,
                Kind::Amount => false,
                _ => true,
            })
            .collect();
        let extra = 2 + self.choose.below(6);
        for at in 0..kinds.len() + extra {
            let (kind, required) = match kinds.get(at) {
                Some(kind) => (*kind, true),
                None => (
                    self.choose.one(&kinds).copied().unwrap_or(Kind::Whole),
                    false,
                ),
            };
            self.input(at, kind, required);
        }
        if self.features.inputs {
            self.rarer_inputs();
        }
        if self.features.lists && self.choose.percent(60) {
            self.line(1, "accounts : list of Account");
            self.line(1, "flags : list of text default []");
            self.line(1, "numbers : list of integer?");
            let lists = std::mem::take(&mut self.lists);
            self.scope.elements.extend(lists);
        }
        self.line(0, "}");
        self.scope.values.push(Named {
            name: "decision_date".to_owned(),
            kind: Kind::Date,
            optional: false,
            nonzero: false,
        });
    }

    fn input(&mut self, at: usize, kind: Kind, required: bool) {
        let prefix = self.choose.word(&["", "", "case.", "applicant."]);
        let name = format!("{prefix}i{at}");
        let optional = !required && self.choose.percent(60);
        let (range, nonzero) = self.input_range(kind);
        let mut text = format!("{name} : {}", self.digits(kind));
        if optional {
            text.push('?');
        }
        text.push_str(&range);
        if !optional && !required && range.is_empty() && self.choose.percent(50) {
            let default = self.default_of(kind);
            text.push_str(&format!(" default {default}"));
        }
        if self.choose.percent(10) {
            text.push_str(" private");
        }
        if self.choose.percent(10) {
            text.push_str(&format!(" \"Input {at}\""));
        }
        self.line(1, &text);
        self.scope.values.push(Named {
            name,
            kind,
            optional,
            nonzero,
        });
    }

    /// A type, with digits where it may have some.
    fn digits(&mut self, kind: Kind) -> String {
        let digits = self.choose.word(&["", "", "(2)", "(4)", "(0)"]);
        match kind {
            Kind::Plain | Kind::Percent => format!("{}{digits}", kind.ty()),
            Kind::Money if self.choose.percent(20) => "money(GBP) unrounded".to_owned(),
            Kind::Amount if self.choose.percent(20) => "money(tx.currency) unrounded".to_owned(),
            kind => kind.ty().to_owned(),
        }
    }

    fn default_of(&mut self, kind: Kind) -> String {
        match kind {
            Kind::Plain => "1".to_owned(),
            Kind::Percent => "5%".to_owned(),
            Kind::Money => "100".to_owned(),
            Kind::Duration => "2 hours".to_owned(),
            kind => self.literal(kind),
        }
    }

    /// A range of an input, and whether it leaves zero out.
    fn input_range(&mut self, kind: Kind) -> (String, bool) {
        let ranges: &[(&str, bool)] = match kind {
            Kind::Whole => &[
                ("", false),
                (" in 0 to 120", false),
                (" in 1 and above", true),
                (" in 1 to 84", true),
                (" in below 0", true),
            ],
            Kind::Plain => &[
                ("", false),
                (" in 0 to 1", false),
                (" in above 0", true),
                (" in -5.5 to below 100.25", false),
            ],
            Kind::Percent => &[
                ("", false),
                (" in 0% to 100%", false),
                (" in 0.5% to 20%", true),
            ],
            Kind::Money => &[
                ("", false),
                (" in 0 and above", false),
                (" in 500 to 50_000", true),
            ],
            Kind::Date => &[("", false), (" in 1990-01-01 to 2060-12-31", false)],
            _ => &[("", false)],
        };
        let (range, nonzero) = self.choose.one(ranges).copied().unwrap_or(("", false));
        (range.to_owned(), nonzero)
    }

    fn function(&mut self, at: usize) {
        let mut parameters = vec![Kind::Money, Kind::Whole];
        for _ in 0..self.choose.below(3) {
            let more = [
                Kind::Plain,
                Kind::Percent,
                Kind::Truth,
                Kind::Text,
                Kind::Work,
            ];
            parameters.push(self.choose.one(&more).copied().unwrap_or(Kind::Plain));
        }
        let result = self.choose.one(&parameters).copied().unwrap_or(Kind::Whole);
        let mut scope = Scope {
            functions: self.scope.functions.clone(),
            texts: self.scope.texts.clone(),
            wholes: self.scope.wholes.clone(),
            ..Scope::default()
        };
        let mut written = Vec::new();
        for (position, kind) in parameters.iter().enumerate() {
            let name = format!("p{position}");
            let (range, nonzero) = match self.choose.below(4) {
                0 => self.input_range(*kind),
                _ => (String::new(), false),
            };
            written.push(format!("{name} : {}{range}", self.digits(*kind)));
            scope.values.push(Named {
                name,
                kind: *kind,
                optional: false,
                nonzero,
            });
        }
        let outer = std::mem::replace(&mut self.scope, scope);
        let head = format!(
            "function f{at}({}) : {} =",
            written.join(", "),
            self.digits(result)
        );
        if self.choose.percent(50) {
            let value = self.value(result, 2);
            self.line(0, &format!("{head} {value}"));
        } else {
            self.line(0, &format!("{head} {{"));
            for own in 0..=self.choose.below(2) {
                let kind = self.choose.one(&parameters).copied().unwrap_or(Kind::Whole);
                let (ty, value) = (self.digits(kind), self.value(kind, 2));
                self.line(1, &format!("own{own} : {ty} = {value}"));
                self.scope.values.push(Named {
                    name: format!("own{own}"),
                    kind,
                    optional: false,
                    nonzero: false,
                });
            }
            let value = self.value(result, 2);
            self.line(1, &value);
            self.line(0, "}");
        }
        self.scope = outer;
        self.scope.functions.push(Function {
            name: format!("f{at}"),
            parameters,
            result,
        });
    }

    fn definitions(&mut self, prefix: &str, most: usize) {
        self.line(0, "define {");
        for at in 0..=self.choose.below(most) {
            let kind = self.kind();
            let name = format!("{prefix}{at}");
            let optional = self.choose.percent(10);
            let mut ty = self.digits(kind);
            let value = if optional {
                ty.push('?');
                self.as_it_is(kind)
            } else {
                self.value(kind, 3)
            };
            self.line(1, &format!("{name} : {ty} = {value}"));
            self.scope.values.push(Named {
                name,
                kind,
                optional,
                nonzero: false,
            });
        }
        self.line(0, "}");
    }

    /// A value that is passed on, missing or not.
    fn as_it_is(&mut self, kind: Kind) -> String {
        let known: Vec<Named> = self.scope.of(kind).into_iter().cloned().collect();
        match self.choose.one(&known) {
            Some(value) => value.name.clone(),
            None => self.value(kind, 1),
        }
    }

    fn model(&mut self, at: usize, handled: bool) {
        let file = format!("m{at}.onnx");
        self.line(0, &format!("model m{at} from \"{file}\" {{"));
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
        if !handled || self.choose.percent(50) {
            let outcome = self.choose.word(&OUTCOMES);
            let code = self.choose.word(&REASONS);
            self.line(1, &format!("on fault {outcome} because {code}"));
        }
        self.line(0, "}");
        self.models.add(&file, &inputs);
        for (name, kind) in [("p", Kind::Plain), ("l", Kind::Whole), ("t", Kind::Text)] {
            self.scope.values.push(Named {
                name: format!("m{at}.{name}"),
                kind,
                optional: false,
                nonzero: false,
            });
        }
    }

    fn table(&mut self, at: usize) {
        let name = format!("t{at}");
        let outputs: Vec<(Kind, bool)> = (0..self.choose.below(3))
            .map(|_| (self.kind(), self.choose.percent(50)))
            .collect();
        let sure = self.choose.percent(50);
        let mut head = format!(
            "table {name} first match -> verdict : Outcome{}, because",
            if sure { "" } else { "?" }
        );
        for (position, (kind, optional)) in outputs.iter().enumerate() {
            let ty = self.digits(*kind);
            let question = if *optional { "?" } else { "" };
            let ty = match ty.strip_suffix(" unrounded") {
                Some(ty) => format!("{ty}{question} unrounded"),
                None => format!("{ty}{question}"),
            };
            head.push_str(&format!(", o{position} : {ty}"));
        }
        self.line(0, &format!("{head} {{"));
        let subjects: Vec<(String, Kind, bool)> =
            (0..=self.choose.below(3)).map(|_| self.subject()).collect();
        let ids = self.choose.percent(60);
        let mut columns: Vec<String> = Vec::new();
        columns.extend(ids.then(|| "id".to_owned()));
        columns.extend(subjects.iter().map(|(text, ..)| text.clone()));
        columns.extend(["verdict".to_owned(), "because".to_owned()]);
        columns.extend((0..outputs.len()).map(|position| format!("o{position}")));
        self.row(&columns);
        self.row(&vec!["---".to_owned(); columns.len()]);
        let rows = 1 + self.choose.below(5);
        let open = self.choose.percent(30);
        for row in 0..=rows {
            let last = row == rows && !open;
            let mut cells: Vec<String> = Vec::new();
            cells.extend(ids.then(|| format!("T-{row}")));
            for (_, kind, optional) in &subjects {
                cells.push(if last {
                    "any".to_owned()
                } else {
                    self.cell(*kind, *optional)
                });
            }
            cells.push(if sure || self.choose.percent(60) {
                self.choose.word(&OUTCOMES).to_owned()
            } else {
                "-".to_owned()
            });
            cells.push(self.choose.word(&["-", "R01", "R02", "R03"]).to_owned());
            for (kind, optional) in &outputs {
                cells.push(if *optional && self.choose.percent(30) {
                    "-".to_owned()
                } else {
                    self.value(*kind, 1)
                });
            }
            self.row(&cells);
        }
        self.line(0, "}");
        for (position, (kind, optional)) in outputs.into_iter().enumerate() {
            self.scope.values.push(Named {
                name: format!("{name}.o{position}"),
                kind,
                optional,
                nonzero: false,
            });
        }
        self.scope.sure = sure;
    }

    fn row(&mut self, cells: &[String]) {
        self.line(1, &format!("| {} |", cells.join(" | ")));
    }

    /// A value that a column tests.
    fn subject(&mut self) -> (String, Kind, bool) {
        let kind = self.kind();
        let known: Vec<Named> = self.scope.of(kind).into_iter().cloned().collect();
        match self.choose.one(&known) {
            Some(value) if self.choose.percent(75) => (value.name.clone(), kind, value.optional),
            _ => (self.operand(kind, 1), kind, false),
        }
    }

    fn cell(&mut self, kind: Kind, optional: bool) -> String {
        let one = |writer: &mut Self| {
            if kind.is_ordered() && writer.choose.percent(60) {
                writer.range(kind)
            } else if kind == Kind::Duration {
                format!("({})", writer.literal(kind))
            } else {
                writer.literal(kind)
            }
        };
        match self.choose.below(8) {
            0 | 1 => "any".to_owned(),
            2 if optional => "missing".to_owned(),
            3 => format!("not {}", one(self)),
            4 => format!("{}, {}", one(self), one(self)),
            _ => one(self),
        }
    }

    /// Writes sets of rules; returns the steps that evaluate them, and whether one
    /// is sure to speak.
    fn rule_sets(&mut self) -> (Vec<String>, bool) {
        let mut steps = Vec::new();
        let mut sure = false;
        for at in 0..self.choose.below(3) {
            let first = self.choose.percent(40);
            let mode = if first { "first" } else { "all" };
            self.line(0, &format!("rules s{at} {mode} {{"));
            for rule in 0..=self.choose.below(4) {
                let text = self.rule(rule);
                self.line(1, &text);
            }
            if first && self.choose.percent(30) {
                self.line(1, "rule else_refer otherwise then refer");
                sure = true;
            }
            self.line(0, "}");
            steps.push(format!("evaluate s{at}"));
        }
        (steps, sure)
    }

    fn rule(&mut self, at: usize) -> String {
        let title = self.choose.word(&["", "", " \"A title\""]);
        let condition = self.condition(3);
        let outcome = self.choose.word(&OUTCOMES);
        let because = self.choose.word(&["", " because R01", " because R02"]);
        format!("rule r{at}{title} when {condition} then {outcome}{because}")
    }

    fn decide(&mut self, (mut steps, mut sure): (Vec<String>, bool)) {
        if self.choose.percent(60) {
            steps.push("evaluate t0.verdict".to_owned());
            sure |= self.scope.sure;
        }
        for at in 0..self.choose.below(3) {
            let rule = self.rule(at);
            steps.push(rule);
        }
        self.line(0, "decide outcome : Outcome most severe {");
        for step in steps {
            self.line(1, &step);
            if self.choose.percent(20) {
                let least = self.choose.word(&["", "at least "]);
                let outcome = self.choose.word(&["refer", "decline"]);
                self.line(1, &format!("stop once {least}{outcome}"));
            }
        }
        if !sure {
            let outcome = self.choose.word(&OUTCOMES);
            self.line(1, &format!("rule rest otherwise then {outcome}"));
        }
        self.line(0, "}");
    }

    fn outputs(&mut self) {
        self.line(0, "output {");
        for at in 0..=self.choose.below(3) {
            let kind = self.kind();
            let (name, depth) = (format!("out{at}"), 1);
            if self.choose.percent(40) {
                let condition = if self.choose.percent(60) {
                    let outcome = self.choose.word(&OUTCOMES);
                    let test = self.choose.word(&["is", "is not"]);
                    format!("outcome {test} {outcome}")
                } else {
                    self.condition(1)
                };
                self.line(depth, &format!("when {condition} {{"));
                let (ty, value) = (self.digits(kind), self.value(kind, 2));
                self.line(depth + 1, &format!("{name} : {ty} = {value}"));
                self.line(depth, "}");
            } else if self.choose.percent(30) {
                let ty = self.digits(kind);
                let ty = match ty.strip_suffix(" unrounded") {
                    Some(ty) => format!("{ty}? unrounded"),
                    None => format!("{ty}?"),
                };
                let value = self.as_it_is(kind);
                self.line(depth, &format!("{name} : {ty} = {value}"));
            } else {
                let (ty, value) = (self.digits(kind), self.value(kind, 2));
                self.line(depth, &format!("{name} : {ty} = {value}"));
            }
        }
        self.line(0, "}");
    }
}
