//! The fast reader of JSON binds what the other one binds, or leaves it to that one.

use krites_lang::{Date, Frame, Program};

use super::super::json::{Order, bind_fast};
use super::super::testing::{POLICY, compile};
use super::super::{Learned, Names, UnknownFields, bind_json, bind_json_learning};

/// Inputs that lie within each other, lists and series among them
const LISTS: &str = r#"
policy lists { version "1" }
enum Outcome { approve < refer }
enum Kind { current, savings = "SAVING" }
record Charge { on : date; amount : money(GBP) in 0 and above }
record Holder { name : text private; born : date? }
record Account {
    kind    : Kind
    balance : money(GBP)
    open    : boolean default true
    limit   : integer? in 0 to 9 missing when 99
    holder  : Holder
    charges : list of Charge default []
    marks   : list of integer default []
}
input {
    age             : integer
    at              : datetime?
    home.accounts   : list of Account
    rates           : list of percent? default []
    card.paid[1 to 3] : money(GBP) in 0 and above from "PAY_AMT1" to "PAY_AMT3"
    v[1 to 2]       : decimal? model only
    note            : text? missing when "none"
}
decide outcome : Outcome most severe { rule rest otherwise then approve }
"#;

/// SplitMix64 (Steele, Lea, Flood, 2014)
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((mixed ^ (mixed >> 31)) >> 1).unwrap() % bound
    }

    fn one_of<'t>(&mut self, all: &[&'t str]) -> &'t str {
        all[self.below(all.len())]
    }

    fn chance(&mut self, of: usize) -> bool {
        self.below(of) == 0
    }

    /// `{"a":1}` of these fields, some left out, in any order, maybe with spaces
    fn object(&mut self, fields: &[(&str, String)]) -> String {
        let space = if self.chance(3) { " " } else { "" };
        let mut fields: Vec<&(&str, String)> = fields.iter().filter(|_| !self.chance(25)).collect();
        for last in (1..fields.len()).rev() {
            if self.chance(4) {
                let other = self.below(last + 1);
                fields.swap(last, other);
            }
        }
        let fields = fields
            .iter()
            .map(|(name, value)| format!("\"{name}\"{space}:{space}{value}"));
        let fields: Vec<String> = fields.collect();
        format!(
            "{{{space}{}{space}}}",
            fields.join(&format!("{space},{space}"))
        )
    }

    fn list(&mut self, mut element: impl FnMut(&mut Self) -> String) -> String {
        let elements: Vec<String> = (0..self.below(4)).map(|_| element(self)).collect();
        format!("[{}]", elements.join(", "))
    }

    fn number(&mut self) -> String {
        let odd = [
            "-0",
            "-1",
            "1e3",
            "5.0",
            "123456789012345678901",
            "0.1234567890123456789",
        ];
        match self.below(30) {
            0 => self.one_of(&odd).to_owned(),
            1..=9 => format!("{}.{:02}", self.below(100_000), self.below(100)),
            _ => self.below(90).to_string(),
        }
    }

    fn text(&mut self) -> String {
        let texts = [
            "",
            "Leeds",
            "a city of a long name",
            "Zürich",
            "none",
            "7.5",
            "\\u00fc",
            "null",
        ];
        format!("\"{}\"", self.one_of(&texts))
    }

    fn date(&mut self) -> String {
        let dates = ["\"1980-02-29\"", "\"2001-11-02\"", "\"2001-02-29\"", "null"];
        let count = if self.chance(9) { 4 } else { 2 };
        self.one_of(&dates[..count]).to_owned()
    }

    fn maybe(&mut self, value: String) -> String {
        if self.chance(6) {
            "null".to_owned()
        } else {
            value
        }
    }

    /// Facts of [`POLICY`], records nested or not
    fn flat(&mut self) -> String {
        let job = ["\"employed\"", "\"SELF-EMPL\"", "\"student\""];
        let applicant = [
            ("age", self.below(100).to_string()),
            ("income", self.number()),
            ("employment", self.one_of(&job).to_owned()),
            ("born", self.date()),
            ("sex", self.text()),
            ("address", self.text()),
        ];
        let city = [("city", self.text())];
        let address = self.object(&city);
        let loan = [
            ("amount", self.number()),
            ("term", self.below(60).to_string()),
            ("secured", self.one_of(&["true", "false"]).to_owned()),
        ];
        let (score, rate, factor) = (self.number(), self.number(), self.number());
        let bureau = [
            ("score", self.maybe(score)),
            ("rate", self.maybe(rate)),
            ("factor", self.maybe(factor)),
        ];
        let mut all: Vec<(String, String)> = Vec::new();
        for (record, fields) in [
            ("applicant", &applicant[..]),
            ("loan", &loan),
            ("bureau", &bureau),
        ] {
            let fields = fields.iter().map(|(name, value)| match *name {
                "address" => (*name, address.clone()),
                _ => (*name, value.clone()),
            });
            let fields: Vec<(&str, String)> = fields.collect();
            if self.chance(3) {
                let dotted = fields
                    .iter()
                    .map(|(name, value)| (format!("{record}.{name}"), value.clone()));
                all.extend(dotted);
            } else {
                all.push((record.to_owned(), self.object(&fields)));
            }
        }
        let all: Vec<(&str, String)> = all
            .iter()
            .map(|(name, value)| (&**name, value.clone()))
            .collect();
        self.object(&all)
    }

    /// Facts of [`LISTS`]
    fn deep(&mut self) -> String {
        let accounts = self.list(|random| {
            let holder = [("name", random.text()), ("born", random.date())];
            let charges = random.list(|random| {
                let charge = [("on", random.date()), ("amount", random.number())];
                random.object(&charge)
            });
            let account = [
                (
                    "kind",
                    random.one_of(&["\"current\"", "\"SAVING\""]).to_owned(),
                ),
                ("balance", random.number()),
                ("open", random.one_of(&["true", "false"]).to_owned()),
                ("limit", random.one_of(&["9", "99", "null"]).to_owned()),
                ("holder", random.object(&holder)),
                ("charges", charges),
                ("marks", random.list(Random::number)),
            ];
            random.object(&account)
        });
        let home = [("accounts", accounts)];
        let instants = [
            "\"2026-11-02T10:00:00Z\"",
            "null",
            "\"2026-11-02T10:00:00\"",
        ];
        let fields = [
            ("age", self.below(100).to_string()),
            ("at", self.one_of(&instants).to_owned()),
            ("home", self.object(&home)),
            ("rates", self.list(Random::number)),
            ("card", format!("{{\"paid\": [{}, 2, 3]}}", self.number())),
            ("v", format!("[{}, null]", self.number())),
            ("note", self.text()),
        ];
        self.object(&fields)
    }

    /// One byte gone, another, or twice; a part gone or twice
    fn damage(&mut self, text: &str) -> String {
        let mut bytes = text.as_bytes().to_vec();
        let at = self.below(bytes.len());
        let end = at + self.below(bytes.len() - at);
        match self.below(5) {
            0 => _ = bytes.remove(at),
            1 => bytes[at] = b" {}[],:\"\\0-.etn\x01"[self.below(16)],
            2 => bytes.insert(at, bytes[at]),
            3 => _ = bytes.drain(at..end),
            _ => {
                let part = bytes[at..end].to_vec();
                bytes.splice(at..at, part);
            }
        }
        String::from_utf8(bytes).unwrap_or_default()
    }
}

fn day() -> Date {
    Date::parse("2026-11-02").unwrap()
}

/// What a reading leaves: all of the frame, or the error.
fn bound<E: std::fmt::Display>(
    program: &Program,
    read: impl FnOnce(&mut Frame) -> Result<(), E>,
) -> String {
    let mut frame = program.frame();
    program.begin(&mut frame, day());
    match read(&mut frame) {
        // A frame's name for its program apart, this is all of it.
        Ok(()) => format!("{frame:?}"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn both_readers_bind_and_refuse_the_same() {
    let programs = [compile(POLICY), compile(LISTS)];
    let names = programs.each_ref().map(Names::new);
    let mut random = Random(11);
    let mut learned = [Learned::default(), Learned::default()];
    let (mut fast, mut taken, mut refused) = (0, 0, 0);
    for round in 0..3_000 {
        let which = round % 2;
        let (program, names) = (&programs[which], &names[which]);
        let mut text = match which {
            0 => random.flat(),
            _ => random.deep(),
        };
        if random.chance(3) {
            text = random.damage(&text);
        }
        let unknown = match random.chance(2) {
            true => UnknownFields::Ignore,
            false => UnknownFields::Refuse,
        };
        let expected = bound(program, |frame| {
            bind_json(names, program, frame, &text, unknown)
        });
        let learned = &mut learned[which];
        let found = bound(program, |frame| {
            let facts = (&*text, day());
            bind_json_learning(names, learned, program, frame, facts, unknown)
        });
        assert_eq!(found, expected, "{text}");

        // Whatever it learned, or where nothing was learned
        let order = &mut Order::default();
        let alone = bound(program, |frame| {
            match bind_fast(names, order, program, frame, &text) {
                true => Ok(()),
                false => Err("left"),
            }
        });
        fast += usize::from(alone != "left");
        assert!(alone == "left" || alone == expected, "{text}");
        match expected.starts_with("Frame") {
            true => taken += 1,
            false => refused += 1,
        }
    }
    assert!(taken > 500 && refused > 500, "{taken}, {refused}");
    assert!(fast * 2 > taken, "{fast} of {taken}");
}

#[test]
fn what_was_learned_of_one_policy_is_not_used_for_another() {
    let (one, other) = (compile(POLICY), compile(&POLICY.replace("city", "town")));
    let mut learned = Learned::default();
    for program in [&one, &other, &one] {
        let names = Names::new(program);
        let text = r#"{"applicant": {"age": 4, "address": {"city": "Leeds"}}}"#;
        let expected = bound(program, |frame| {
            bind_json(&names, program, frame, text, UnknownFields::Refuse)
        });
        for _ in 0..3 {
            let found = bound(program, |frame| {
                let (facts, unknown) = ((text, day()), UnknownFields::Refuse);
                bind_json_learning(&names, &mut learned, program, frame, facts, unknown)
            });
            assert_eq!(found, expected);
        }
    }
}
