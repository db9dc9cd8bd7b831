//! Small policies at random, the same ones each time, and all their cases.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    dead_code,
    reason = "helpers of tests, each used by some of them"
)]

use krites_lang::{Date, Frame, Id as _, InputId, Program};

/// Numbers at random, the same ones each time
pub(crate) struct Choose(pub(crate) u64);

impl Choose {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// What is given in a case: a name, and the text of its value; none is missing
pub(crate) type Given = Vec<(&'static str, Option<&'static str>)>;

/// An input, or several that are given together: what they are declared as, and what
/// they may be
pub(crate) struct Dimension {
    pub(crate) declared: &'static str,
    pub(crate) names: &'static [&'static str],
    pub(crate) values: &'static [&'static [Option<&'static str>]],
    pub(crate) truths: &'static [&'static str],
    pub(crate) numbers: &'static [&'static str],
}

pub(crate) const DIMENSIONS: &[Dimension] = &[
    Dimension {
        declared: "a : boolean",
        names: &["a"],
        values: &[&[Some("true")], &[Some("false")]],
        truths: &["a", "not a"],
        numbers: &["(if a then 1 else 0)"],
    },
    Dimension {
        declared: "b : boolean default true",
        names: &["b"],
        values: &[&[None], &[Some("false")]],
        truths: &["b"],
        numbers: &["(if b then 1 else 1)"],
    },
    Dimension {
        declared: "n : integer in 0 to 2",
        names: &["n"],
        values: &[&[Some("0")], &[Some("1")], &[Some("2")]],
        truths: &["n > 0", "n is 1", "n in 1 to 2", "n >= 0"],
        numbers: &["n", "n * 9_223_372_036_854_775_807", "pick(n, 1)"],
    },
    Dimension {
        declared: "k : Kind",
        names: &["k"],
        values: &[&[Some("one")], &[Some("two")], &[Some("three")]],
        truths: &["k is one", "k is one of [one, three]"],
        numbers: &["(if k is three then 2 else 1)"],
    },
    Dimension {
        declared: "o : integer? in 0 to 1",
        names: &["o"],
        values: &[&[None], &[Some("0")], &[Some("1")]],
        truths: &[
            "(o is present and o > 0)",
            "(o if missing fault) > 0",
            "o is missing",
        ],
        numbers: &["(o if missing 1)", "(o if missing fault)"],
    },
    Dimension {
        declared: "s[1 to 2] : integer in 0 to 1",
        names: &["s[1]", "s[2]"],
        values: &[
            &[Some("0"), Some("0")],
            &[Some("0"), Some("1")],
            &[Some("1"), Some("0")],
            &[Some("1"), Some("1")],
        ],
        truths: &[
            "s[1] is 1",
            "(any s is 1)",
            "(count of s where each > 0) > 1",
        ],
        numbers: &[
            "s[2]",
            "(sum of s)",
            "(first of s where (each > 0) if none 2)",
        ],
    },
    Dimension {
        declared: "g on request {\nx : integer in 0 to 1\ny : boolean\n}",
        names: &["g.x", "g.y"],
        values: &[
            &[None, None],
            &[Some("0"), Some("true")],
            &[Some("0"), Some("false")],
            &[Some("1"), Some("true")],
            &[Some("1"), Some("false")],
        ],
        truths: &["g.y", "g.x > 0"],
        numbers: &["g.x"],
    },
    Dimension {
        declared: "h on request {\nsure : integer in 0 to 1\nmaybe : integer? in 0 to 1\non fault refer because R2 tag gone\n}",
        names: &["h.sure", "h.maybe"],
        values: &[
            &[None, None],
            &[Some("0"), None],
            &[Some("1"), None],
            &[Some("0"), Some("1")],
            &[Some("1"), Some("1")],
        ],
        truths: &["h.sure > 0", "h.maybe is present"],
        numbers: &["h.sure", "(h.maybe if missing 0)"],
    },
];

/// So many dimensions at random.
pub(crate) fn some_dimensions(choose: &mut Choose, count: usize) -> Vec<&'static Dimension> {
    let mut dimensions: Vec<&Dimension> = DIMENSIONS.iter().collect();
    while dimensions.len() > count {
        let at = choose.below(dimensions.len());
        dimensions.remove(at);
    }
    dimensions
}

/// What a policy begins with, its inputs among it; `header` goes on behind its version.
pub(crate) fn beginning(header: &str, dimensions: &[&Dimension]) -> String {
    let mut text = format!(
        "# model m.onnx: x float, y float -> p float\npolicy p {{ version \"1\"{header} }}\n\
         reason R1 \"1\"\nreason R2 \"2\"\nreason R3 \"3\"\nreason R4 \"4\"\n\
         enum Outcome {{ approve < refer < decline }}\nenum Kind {{ one, two, three }}\n\
         function pick(x : integer, y : integer) : integer = if x > y then x else y\n"
    );
    for dimension in dimensions {
        text += &format!("input {{\n{}\n}}\n", dimension.declared);
    }
    text
}

/// A policy as it grows
pub(crate) struct Policy {
    pub(crate) choose: Choose,
    pub(crate) text: String,
    pub(crate) truths: Vec<String>,
    pub(crate) numbers: Vec<String>,
    /// What may be recorded
    pub(crate) values: Vec<String>,
    pub(crate) sets: Vec<String>,
    pub(crate) cards: Vec<String>,
    pub(crate) verdicts: Vec<String>,
    pub(crate) count: usize,
}

impl Policy {
    /// Goes on behind `text` with conditions and numbers of these.
    pub(crate) fn new(
        choose: Choose,
        text: String,
        truths: Vec<String>,
        numbers: Vec<String>,
    ) -> Self {
        Self {
            choose,
            text,
            truths,
            numbers,
            values: Vec::new(),
            sets: Vec::new(),
            cards: Vec::new(),
            verdicts: Vec::new(),
            count: 0,
        }
    }

    /// Writes two items and fewer than `more` further ones, and `decide`.
    pub(crate) fn items_and_decide(&mut self, more: usize) {
        for _ in 0..2 + self.choose.below(more) {
            self.item();
        }
        self.decide();
    }

    pub(crate) fn truth(&mut self, depth: usize) -> String {
        if depth > 0 && self.choose.percent(35) {
            let (one, other) = (self.truth(depth - 1), self.truth(depth - 1));
            let word = self.choose.one(&["and", "or"]);
            return format!("(({one}) {word} ({other}))");
        }
        if self.choose.percent(25) {
            let number = self.number(depth.saturating_sub(1));
            return format!("{number} > {}", self.choose.below(3));
        }
        let at = self.choose.below(self.truths.len());
        self.truths[at].clone()
    }

    pub(crate) fn number(&mut self, depth: usize) -> String {
        if self.choose.percent(15) {
            return self.choose.below(3).to_string();
        }
        if depth > 0 && self.choose.percent(25) {
            let (one, other) = (self.number(depth - 1), self.number(depth - 1));
            return match self.choose.below(3) {
                0 => format!("({one} + {other})"),
                1 => format!("max({one}, {other})"),
                _ => format!("(if {} then {one} else {other})", self.truth(depth - 1)),
            };
        }
        let at = self.choose.below(self.numbers.len());
        self.numbers[at].clone()
    }

    pub(crate) fn outcome(&mut self) -> &'static str {
        self.choose.one(&["approve", "refer", "decline"])
    }

    pub(crate) fn verdict(&mut self) -> String {
        let outcome = match self.choose.below(8) {
            0 => format!("(if {} then refer else decline)", self.truth(1)),
            1 => String::new(),
            _ => self.outcome().to_owned(),
        };
        let mut verdict = outcome;
        if !verdict.is_empty() {
            if self.choose.percent(30) {
                let number = self.number(1);
                verdict += &format!(" with change = {number}");
            }
            if self.choose.percent(50) {
                verdict += self.choose.one(&[" because R1", " because R2"]);
            }
        }
        if verdict.is_empty() || self.choose.percent(30) {
            verdict += self.choose.one(&[" tag seen", " tag other"]);
        }
        verdict
    }

    pub(crate) fn item(&mut self) {
        self.count += 1;
        let name = format!("i{}", self.count);
        match self.choose.below(9) {
            0 => {
                let truth = self.truth(2);
                self.text += &format!("define {{ {name} = {truth} }}\n");
                self.truths.push(name.clone());
                self.values.push(name);
            }
            1 => {
                let number = self.number(2);
                self.text += &format!("define {{ {name} : integer = {number} }}\n");
                self.numbers.push(name.clone());
                self.values.push(name);
            }
            2 | 3 => self.table(&name),
            4 => self.model(&name),
            5 => {
                let (one, when, other) = (self.number(1), self.truth(1), self.number(1));
                let second = match self.choose.percent(50) {
                    true => format!("try {other} on fault next\n"),
                    false => String::new(),
                };
                self.text += &format!(
                    "cascade {name} : integer {{\ntry {one} when {when}\n{second}otherwise 0\n}}\n"
                );
                self.numbers.push(name.clone());
                self.numbers.push(format!("{name}.stage"));
                self.values.push(name);
            }
            6 => {
                let (one, other) = (self.number(1), self.number(1));
                self.text += &format!(
                    "scorecard {name} base 1 {{\nx = {one} because R3 {{ 0 : 0; otherwise : 2 }}\n\
                     y = {other} because R4 {{ up to 1 : 1; above 1 : 0 }}\n}}\n"
                );
                self.numbers.push(format!("{name}.points"));
                self.cards.push(name);
            }
            _ => self.rules(&name),
        }
    }

    pub(crate) fn table(&mut self, name: &str) {
        let (number, truth) = (self.number(1), self.truth(1));
        let policy =
            self.choose
                .one(&["first match", "unique", "any", "collect sum", "rule order"]);
        let cell = |policy: &mut Policy| match policy.choose.percent(30) {
            true => policy.number(1),
            false => policy.choose.below(3).to_string(),
        };
        let (first, second, third) = (cell(self), cell(self), cell(self));
        let test = self.choose.one(&["0", "above 0", "1, 2", "any"]);
        let speaks = matches!(policy, "first match" | "unique" | "rule order");
        let (head, column, cells) = match speaks {
            true => (
                ", verdict : Outcome?, because",
                " verdict | because |",
                [" refer | R1 |", " - | - |", " decline | - |"],
            ),
            false => ("", "", ["", "", ""]),
        };
        let off = if self.choose.percent(10) { "off " } else { "" };
        let optional = if off.is_empty() || policy == "rule order" {
            ""
        } else {
            "?"
        };
        self.text += &format!(
            "table {name} {off}{policy} -> v : integer{optional}{head} {{\n| {number} | {truth} | v |{column}\n\
             |---|---|---|{}\n| {test} | any | {first} |{}\n| any | true | {second} |{}\n\
             | any | any | {third} |{}\n}}\n",
            if speaks { "---|---|" } else { "" },
            cells[0],
            cells[1],
            cells[2],
        );
        if policy == "rule order" {
            self.numbers.push(format!("(sum of {name}.v)"));
            self.truths.push(format!("(count of {name}) > 1"));
        } else if off.is_empty() {
            self.numbers.push(format!("{name}.v"));
            self.values.push(format!("{name}.v"));
        } else {
            self.numbers.push(format!("({name}.v if missing 1)"));
        }
        if speaks {
            self.verdicts.push(format!("{name}.verdict"));
        }
    }

    pub(crate) fn model(&mut self, name: &str) {
        let (number, truth) = (self.number(1), self.truth(1));
        let (handling, shadow) = match self.choose.below(5) {
            0 => ("on fault refer because R2 tag down\n", ""),
            1 => ("on fault use p = 0.75 and tag down\n", ""),
            2 => ("", " shadow"),
            _ => ("", ""),
        };
        self.text += &format!(
            "model {name} from \"m.onnx\"{shadow} {{\nfeed {{ x = {number}; y = {truth} }}\n\
             give p : decimal in 0 to 1 = p\n{handling}}}\n"
        );
        if shadow.is_empty() {
            self.truths.push(format!("{name}.p > 0.5"));
            self.values.push(format!("{name}.p"));
        }
    }

    pub(crate) fn rules(&mut self, name: &str) {
        let mode = self.choose.one(&["all", "first"]);
        self.text += &format!("rules {name} {mode} {{\n");
        let mut fired = Vec::new();
        for at in 0..1 + self.choose.below(3) {
            let (when, verdict) = (self.truth(2), self.verdict());
            let state = match self.choose.below(6) {
                0 => " shadow",
                1 => " off",
                _ => "",
            };
            self.text += &format!("rule r{at}{state} when {when} then {verdict}\n");
            if state.is_empty() {
                fired.push(format!("{name}.r{at} fired"));
            }
        }
        self.text += "}\n";
        self.truths.extend(fired);
        self.sets.push(name.to_owned());
    }

    pub(crate) fn decide(&mut self) {
        self.text += "decide outcome : Outcome most severe with change : integer? {\n";
        for set in std::mem::take(&mut self.sets) {
            self.text += &format!("evaluate {set}\n");
            if self.choose.percent(25) {
                self.text += self
                    .choose
                    .one(&["stop once decline\n", "stop once at least refer\n"]);
            }
        }
        for verdict in std::mem::take(&mut self.verdicts) {
            if self.choose.percent(50) {
                self.text += &format!("evaluate {verdict}\n");
            }
        }
        if self.choose.percent(50) {
            let (when, verdict) = (self.truth(1), self.verdict());
            self.text += &format!("rule own when {when} then {verdict}\n");
        }
        self.text += "rule rest otherwise then approve\n}\n";
    }

    pub(crate) fn results(&mut self) {
        self.text += "output {\n";
        for at in 0..self.choose.below(3) {
            let number = self.number(1);
            match self.choose.below(3) {
                0 => self.text += &format!("out{at} : integer = {number}\n"),
                1 => {
                    let when = self.truth(1);
                    self.text += &format!("when {when} {{\nout{at} : integer = {number}\n}}\n");
                }
                _ => {
                    self.text +=
                        &format!("when outcome is refer {{\nout{at} : integer = {number}\n}}\n");
                }
            }
        }
        self.text += "change : integer? = outcome.change\n";
        let values = self.values.clone();
        if !values.is_empty() && self.choose.percent(40) {
            let value = &values[self.choose.below(values.len())];
            let asked = self.choose.one(&["", " if asked", " if asked"]);
            self.text += &format!("    record {value}{asked}\n");
        }
        self.text += "}\n";
        let mut then = String::new();
        if let Some(card) = self.cards.first()
            && self.choose.percent(60)
        {
            then = format!(", then {card}.shortfalls");
            then += self.choose.one(&["", " if asked"]);
        }
        self.text +=
            &format!("reasons {{ for approve, refer, decline : rules that spoke{then} }}\n");
        if self.choose.percent(40) {
            let truth = self.truth(1);
            let enforce = self.choose.one(&["", "", " enforce"]);
            self.text += &format!("always \"it holds\": {truth}{enforce}\n");
        }
    }
}

/// All cases of some dimensions.
pub(crate) fn cases(dimensions: &[&'static Dimension]) -> Vec<Given> {
    dimensions
        .iter()
        .fold(vec![Vec::new()], |cases, dimension| {
            let longer = |case: &Given| {
                let values = dimension.values.iter();
                let case = case.clone();
                values.map(move |values| {
                    let given = dimension.names.iter().zip(*values);
                    let mut case = case.clone();
                    case.extend(given.map(|(name, value)| (*name, *value)));
                    case
                })
            };
            cases.iter().flat_map(longer).collect()
        })
}

/// Gives a case to a program.
pub(crate) fn give(program: &Program, frame: &mut Frame, case: &Given) {
    program.begin(frame, Date::new(2026, 11, 2).unwrap());
    for (name, value) in case {
        let mut inputs = program.policy().inputs.iter();
        let id = InputId::new(inputs.position(|input| *input.name == **name).unwrap());
        if let Some(value) = value {
            program.set_field(frame, id, value).unwrap();
        }
    }
    program.finish_inputs(frame).unwrap();
}
