//! Policies at random, right by construction.

use std::fmt::Write as _;
use std::sync::Arc;

use krites_model::testing::Numbers;

use super::models::{Host, Kind, native};

const ITEMS: &str = r#"
policy random { version "1"; on fault refer because M00 }
reason M00 "Could not be computed"
reason R01 "The first"
reason R02 "The second"
enum Outcome { approve < refer < decline }
input {
    a    : integer in 0 to 1_000
    b    : integer?
    big  : integer
    flag : boolean?
    word : text
}
define {
    shifted : integer = a * 3 - 17
    huge    : integer = big * a
}
reasons { for refer, decline : rules that spoke }
"#;

/// A policy with what it is released with
pub(super) struct Written {
    pub(super) text: String,
    pub(super) native: Vec<(String, Vec<u8>)>,
    pub(super) hosted: Vec<(String, Arc<Host>)>,
}

struct Writer<'n> {
    numbers: &'n mut Numbers,
    written: Written,
    /// By model: whether it tells whether its answer is odd
    models: Vec<bool>,
    cascades: usize,
}

impl Writer<'_> {
    fn below(&mut self, bound: usize) -> usize {
        self.numbers.below(bound)
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.numbers.below(of.len())]
    }

    fn line(&mut self, line: &str) {
        self.written.text.push_str(line);
        self.written.text.push('\n');
    }

    /// A number that is always there, or fails
    fn number(&mut self) -> String {
        let models = self.models.len();
        match self.below(if models == 0 { 5 } else { 8 }) {
            0 => "a".to_owned(),
            1 => "(b if missing 13)".to_owned(),
            2 => "shifted".to_owned(),
            3 => "huge".to_owned(),
            4 => format!("({} * a)", self.below(40)),
            _ => format!("m{}.y", self.below(models)),
        }
    }

    fn condition(&mut self) -> String {
        let bound = self.below(900);
        match self.below(9) {
            0 => format!("b is present and b < {bound}"),
            1 => "flag is present and flag".to_owned(),
            2 => format!("word is not \"w{}\"", bound % 7),
            3 if self.cascades > 0 => {
                let cascade = self.below(self.cascades);
                format!("s{cascade} is present and s{cascade} > {bound}")
            }
            4 if self.models.iter().any(|odd| *odd) => {
                let at = self.models.iter().position(|odd| *odd).unwrap();
                format!("m{at}.odd is \"yes\"")
            }
            5 => {
                let (left, right) = (self.number(), self.number());
                format!("{left} + 1 > {right}")
            }
            _ => format!("{} > {bound}", self.number()),
        }
    }

    fn model(&mut self) {
        let at = self.models.len();
        let kind = Kind::ALL[self.below(4)];
        let fed = self.number();
        let file = self.file(kind);
        let promise = self.one(&["decimal", "decimal", "decimal in 0 to 500"]);
        let handling = match self.below(4) {
            0 => "on fault decline because R01",
            1 if kind.native => "on fault use y = 0.5 and tag stood_in",
            1 => "on fault use y = 0.5, odd = \"yes\" and tag stood_in",
            _ => "",
        };
        let mut body = format!("    feed {{ x = {fed}");
        if kind.reads {
            body.push_str("; t = word");
        }
        writeln!(body, " }}\n    give y : {promise} = y").unwrap();
        if !kind.native {
            body.push_str("    give odd : text = odd\n");
        }
        self.line(&format!(
            "model m{at} from \"{file}\" {{\n{body}    {handling}\n}}"
        ));
        if self.below(3) == 0 {
            let file = self.file(kind);
            self.line(&format!("model c{at} from \"{file}\" shadow {{\n{body}}}"));
            self.line(&format!(
                "shadow with_c{at} {{ with m{at} = c{at}; compare outcome }}"
            ));
        }
        self.models.push(!kind.native);
    }

    fn file(&mut self, kind: Kind) -> String {
        let factor = [0.5, 0.75, 1.5, 2.0][self.below(4)];
        let file = format!(
            "f{}.onnx",
            self.written.native.len() + self.written.hosted.len()
        );
        if kind.native {
            let pole = self.below(60) as f32;
            self.written
                .native
                .push((file.clone(), native(factor, pole)));
        } else {
            let host = Arc::new(Host::new(kind, factor));
            self.written.hosted.push((file.clone(), host));
        }
        file
    }

    fn cascade(&mut self) {
        let at = self.cascades;
        self.line(&format!("cascade s{at} : decimal? {{"));
        for _ in 0..2 + self.below(2) {
            let (value, condition) = (self.number(), self.condition());
            let next = self.one(&["", " on fault next"]);
            self.line(&format!("    try {value} when {condition}{next}"));
        }
        self.line("    otherwise missing\n}");
        self.cascades += 1;
    }

    fn decide(&mut self) {
        let by = self.one(&["most severe", "first match"]);
        self.line(&format!("decide outcome : Outcome {by} {{"));
        for at in 0..3 + self.below(4) {
            let mut when = self.condition();
            if self.below(2) == 0 {
                when = format!("{when} and {}", self.condition());
            }
            let outcome = self.one(&["refer", "decline"]);
            let reason = self.one(&["R01", "R02"]);
            let handling = self.one(&["", "", " on fault decline because M00"]);
            self.line(&format!(
                "    rule r{at} when {when} then {outcome} because {reason}{handling}"
            ));
        }
        self.line("    rule rest otherwise then approve\n}");
        self.line("output {");
        for at in 0..self.models.len() {
            self.line(&format!("    record m{at}.y if asked"));
        }
        for at in 0..self.cascades {
            self.line(&format!("    s{at} : decimal? = s{at}"));
        }
        if self.below(4) == 0 {
            let number = self.number();
            self.line(&format!("    last : decimal = {number}"));
        }
        self.line("}");
    }
}

pub(super) fn written(numbers: &mut Numbers) -> Written {
    let mut writer = Writer {
        numbers,
        written: Written {
            text: ITEMS.to_owned(),
            native: Vec::new(),
            hosted: Vec::new(),
        },
        models: Vec::new(),
        cascades: 0,
    };
    for _ in 0..1 + writer.below(4) {
        writer.model();
        if writer.below(3) == 0 {
            writer.cascade();
        }
    }
    writer.decide();
    writer.written
}
