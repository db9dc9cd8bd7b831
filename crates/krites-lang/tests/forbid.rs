//! `forbid` against all cases of small policies at random: where it is proved, no two
//! cases that differ in the forbidden input alone come to different results.
//! `KRITES_FORBIDS` says how many policies.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use std::collections::HashMap;

use krites_lang::ir::Value;
use krites_lang::{
    Answer, Answered, Answers, Cost, Date, Feed, Frame, Id as _, InputId, ModelCall, ModelFault,
    Program, Severity, SlotState, analyse,
};
use support::{checked, rendered};

/// Numbers at random, the same ones each time
struct Choose(u64);

impl Choose {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

/// What is given in a case: a name, and the text of its value; none is missing
type Given = Vec<(&'static str, Option<&'static str>)>;

/// An input, or several that are given together: what they are declared as, and what
/// they may be
struct Dimension {
    declared: &'static str,
    names: &'static [&'static str],
    values: &'static [&'static [Option<&'static str>]],
    truths: &'static [&'static str],
    numbers: &'static [&'static str],
}

const DIMENSIONS: &[Dimension] = &[
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

/// A policy as it grows
struct Policy {
    choose: Choose,
    text: String,
    truths: Vec<String>,
    numbers: Vec<String>,
    /// What may be recorded
    values: Vec<String>,
    sets: Vec<String>,
    cards: Vec<String>,
    verdicts: Vec<String>,
    count: usize,
}

impl Policy {
    fn truth(&mut self, depth: usize) -> String {
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

    fn number(&mut self, depth: usize) -> String {
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

    fn outcome(&mut self) -> &'static str {
        self.choose.one(&["approve", "refer", "decline"])
    }

    fn verdict(&mut self) -> String {
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

    fn item(&mut self) {
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

    fn table(&mut self, name: &str) {
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

    fn model(&mut self, name: &str) {
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

    fn rules(&mut self, name: &str) {
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

    fn decide(&mut self) {
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

    fn results(&mut self) {
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

/// A policy at random, the dimensions of its cases, and the inputs that it forbids.
fn generated(number: u64) -> (String, Vec<&'static Dimension>, Vec<&'static str>) {
    let mut choose = Choose(number);
    let mut dimensions: Vec<&Dimension> = DIMENSIONS.iter().collect();
    while dimensions.len() > 4 {
        let at = choose.below(dimensions.len());
        dimensions.remove(at);
    }
    let header = choose.one(&[
        "; on fault refer because R1",
        "; on fault decline because R2",
    ]);
    let mut text = format!(
        "# model m.onnx: x float, y float -> p float\npolicy p {{ version \"1\"{header} }}\n\
         reason R1 \"1\"\nreason R2 \"2\"\nreason R3 \"3\"\nreason R4 \"4\"\n\
         enum Outcome {{ approve < refer < decline }}\nenum Kind {{ one, two, three }}\n\
         function pick(x : integer, y : integer) : integer = if x > y then x else y\n"
    );
    for dimension in &dimensions {
        text += &format!("input {{\n{}\n}}\n", dimension.declared);
    }
    let forbidden = dimensions[choose.below(dimensions.len())];
    let name = forbidden.names[choose.below(forbidden.names.len())];
    let whole = forbidden.names.len() > 1 && choose.percent(50);
    let names = match whole {
        true => forbidden.names.to_vec(),
        false => vec![name],
    };
    let said = match whole {
        true => &name[..1],
        false => name,
    };
    text += &format!("forbid {said} in every result\n");
    // What is forbidden is rarer than the rest, so that some of it is proved.
    let mut truths = Vec::new();
    let mut numbers = Vec::new();
    for dimension in &dimensions {
        let rare = std::ptr::eq(*dimension, forbidden);
        let times = if rare { 1 } else { 3 };
        for _ in 0..times {
            truths.push(choose.one(dimension.truths).to_owned());
            numbers.push(choose.one(dimension.numbers).to_owned());
        }
    }
    let mut policy = Policy {
        choose,
        text,
        truths,
        numbers,
        values: Vec::new(),
        sets: Vec::new(),
        cards: Vec::new(),
        verdicts: Vec::new(),
        count: 0,
    };
    for _ in 0..2 + policy.choose.below(4) {
        policy.item();
    }
    policy.decide();
    policy.results();
    (policy.text, dimensions, names)
}

/// Models that answer by what they are fed
#[derive(Default)]
struct ByFeed {
    calls: u64,
}

impl Answers for ByFeed {
    fn answer(&mut self, call: ModelCall<'_>) -> Answered {
        self.calls += 1;
        let fed = |feed: &Feed| match feed {
            Feed::Float(values) => f64::from(values[0]),
            other => panic!("{other:?}"),
        };
        let sum: f64 = call
            .feeds
            .iter()
            .zip([1.0, 4.0])
            .map(|(feed, times)| fed(feed) * times)
            .sum();
        let answer = match (sum as i64).rem_euclid(5) {
            4 => return Answered::Fault(ModelFault::Failed("four".to_owned())),
            rest => rest as f32 / 4.0,
        };
        call.answers[0] = Answer::Float(answer);
        Answered::Given
    }
}

/// All cases of some dimensions.
fn cases(dimensions: &[&'static Dimension]) -> Vec<Given> {
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

/// All that a decision comes to.
fn result(program: &Program, bound: &Cost, frame: &mut Frame, case: &Given) -> String {
    let policy = program.policy();
    program.begin(frame, Date::new(2026, 11, 2).unwrap());
    for (name, value) in case {
        let mut inputs = policy.inputs.iter();
        let id = InputId::new(inputs.position(|input| *input.name == **name).unwrap());
        if let Some(value) = value {
            program.set_field(frame, id, value).unwrap();
        }
    }
    program.finish_inputs(frame).unwrap();
    let mut models = ByFeed::default();
    let decided = program.decide(frame, &mut models);
    assert!(models.calls <= bound.model_calls, "{bound:?}");
    if let Err(error) = decided {
        return format!("error: {error}");
    }
    let mut found = format!(
        "{:?} reasons {:?} tags {:?} change {:?}",
        program.outcome(frame),
        frame.reasons(),
        frame.tags(),
        program
            .value(frame, Value::Decided(0))
            .map(|value| value.to_string()),
    );
    for (id, output) in policy.outputs.iter_ids() {
        let state = program.output_state(frame, id);
        let value = program.output(frame, id).map(|value| value.to_string());
        let value = value.filter(|_| state == SlotState::Present);
        found += &format!(" {} {state:?} {value:?}", output.name);
    }
    found
}

/// Two cases that differ in what is forbidden alone, and in what they come to.
fn differing_pair(
    program: &Program,
    dimensions: &[&'static Dimension],
    forbidden: &[&str],
) -> Option<String> {
    let mut frame = program.frame();
    let bound = Cost::of(program.policy());
    let mut seen: HashMap<Given, (Given, String)> = HashMap::new();
    for case in cases(dimensions) {
        let found = result(program, &bound, &mut frame, &case);
        let rest = case.iter().filter(|(name, _)| !forbidden.contains(name));
        let rest: Given = rest.copied().collect();
        let (first, before) = seen
            .entry(rest)
            .or_insert_with(|| (case.clone(), found.clone()));
        if *before != found {
            return Some(format!("{first:?}\n{before}\n{case:?}\n{found}"));
        }
    }
    None
}

#[test]
fn what_is_proved_holds_for_every_pair_of_cases() {
    let wanted = std::env::var("KRITES_FORBIDS").map_or(2_000, |text| text.parse().unwrap());
    let (mut proved, mut leaking, mut conservative) = (0, 0, 0);
    let mut refused: HashMap<String, usize> = HashMap::new();
    for number in 0..wanted {
        let (text, dimensions, forbidden) = generated(number);
        // `forbid` is an error of the analysis, which `checked` runs, too.
        let without = text.replace("\nforbid ", "\n# forbid ");
        let (sources, policy, diagnostics) = checked("generated.krites", &without);
        let Some(policy) = policy else {
            let code = diagnostics[0].code.to_string();
            if std::env::var("KRITES_SHOW").is_ok() {
                println!("{text}\n{}", rendered(&sources, &diagnostics));
            }
            *refused.entry(code).or_default() += 1;
            continue;
        };
        let (sources, _, diagnostics) = checked("generated.krites", &text);
        assert!(
            diagnostics.iter().all(|found| found.code.0 == 950),
            "{text}"
        );
        let program = Program::compile(policy);
        let pair = differing_pair(&program, &dimensions, &forbidden);
        match (diagnostics.is_empty(), pair) {
            (true, Some(pair)) => panic!("policy {number}\n{text}\nproved, and yet\n{pair}"),
            (true, None) => proved += 1,
            (false, Some(_)) => leaking += 1,
            (false, None) => conservative += 1,
        }
        if std::env::var("KRITES_SHOW").is_ok() && !diagnostics.is_empty() {
            println!("{text}\n{}", rendered(&sources, &diagnostics));
        }
    }
    let n_refused: usize = refused.values().sum();
    println!(
        "{wanted} policies: {proved} proved, {leaking} leak, \
         {conservative} refused though no pair differs; {n_refused} do not check {refused:?}"
    );
    assert!(
        proved + leaking + conservative >= wanted as usize * 4 / 5,
        "{refused:?}"
    );
    assert!(proved * 10 > wanted as usize && leaking * 10 > wanted as usize);
}

#[test]
fn an_error_of_the_analysis_is_one() {
    let text = "policy p { version \"1\" }\nenum O { a < b }\ninput { x : boolean }\n\
        decide o : O most severe {\nrule r when x then b\nrule rest otherwise then a\n}\n";
    let (_, policy, _) = checked("p.krites", text);
    assert!(analyse(&policy.unwrap()).is_empty());
    let (_, policy, found) = checked("p.krites", &format!("{text}forbid x in every result\n"));
    assert!(policy.is_none());
    assert!(found.iter().all(|found| found.severity == Severity::Error) && found.len() == 1);
}
