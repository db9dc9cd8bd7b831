//! Every operator of `docs/language.md` with every type and pair of types: which
//! are accepted, what comes of them, and which mistake the others are.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod pairs;
mod singles;
#[path = "../support/mod.rs"]
mod support;

use std::collections::BTreeMap;

use krites_lang::ir::{Expr, ExprKind, Policy};
use krites_lang::{Place, SourceId, Ty};
use support::{checked, rendered};

/// Every type whose values stand in expressions, each with the name of an input of
/// it; zero is in none
const OPERANDS: [(&str, &str); 12] = [
    ("i", "integer in 1 to 9"),
    ("d", "decimal in 1 to 9"),
    ("p", "percent in 1% to 9%"),
    ("e", "money(EUR) in 1 to 9"),
    ("g", "money(GBP) in 1 to 9"),
    ("c", "money(currency) in 1 to 9"),
    ("b", "boolean"),
    ("t", "text"),
    ("y", "date"),
    ("z", "datetime"),
    ("u", "duration"),
    ("l", "Outcome"),
];

/// The others, each with the mistake that it is to use one as a value: a record, a
/// list, what may be missing, and a float for models
const NO_OPERANDS: [(&str, &str, &str); 4] = [
    ("r", "Person", "0206"),
    ("s", "list of integer", "0206"),
    ("o", "integer? in 1 to 9", "0401"),
    ("f", "decimal model only", "0340"),
];

/// The letter of the type that each expression comes to, or the codes of its
/// mistakes.
fn outcomes(expressions: &[String]) -> Vec<String> {
    let text = policy(expressions.iter().map(String::as_str));
    let (sources, _, diagnostics) = checked("operators.krites", &text);
    let mut codes: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    for found in &diagnostics {
        let Place::Text(span) = &found.primary.place else {
            panic!("{found:?}")
        };
        let line = sources
            .get(SourceId::FIRST)
            .unwrap()
            .line_column(span.start)
            .0;
        let all = codes.entry(line as usize).or_default();
        let code = found.code.to_string().replace('K', "");
        if !all.contains(&code) {
            all.push(code);
        }
    }
    // Which money it rounds to has to be said of a definition alone
    codes.retain(|_, codes| *codes != ["0330"]);
    let first = text
        .lines()
        .position(|line| line.starts_with("x0 "))
        .unwrap()
        + 1;
    let outside = codes
        .keys()
        .find(|line| **line < first || **line >= first + expressions.len());
    assert!(outside.is_none(), "{}", rendered(&sources, &diagnostics));
    let of = |at: usize| codes.get(&(first + at));
    let sound = (0..expressions.len()).filter(|at| of(*at).is_none());
    let mut types = types(sound.map(|at| &*expressions[at])).into_iter();
    (0..expressions.len())
        .map(|at| of(at).map_or_else(|| types.next().unwrap(), |codes| codes.join("+")))
        .collect()
}

/// The letters of the types of expressions that are sound.
fn types<'e>(expressions: impl Iterator<Item = &'e str>) -> Vec<String> {
    let itself: Vec<String> = expressions
        .map(|one| format!("({one}) is ({one})"))
        .collect();
    let text = policy(itself.iter().map(String::as_str));
    let (sources, policy, diagnostics) = checked("operators.krites", &text);
    let policy = policy.unwrap_or_else(|| panic!("{}", rendered(&sources, &diagnostics)));
    let definitions = policy.definitions.iter();
    let compared = definitions.map(|definition| match &definition.value.kind {
        ExprKind::OneOf(left, _) => letter(&policy, left),
        other => panic!("{other:?}"),
    });
    compared.collect()
}

fn letter(policy: &Policy, expression: &Expr) -> String {
    let letter = match expression.ty {
        Ty::Integer => "i",
        Ty::Decimal => "d",
        Ty::Percent => "p",
        Ty::Money(currency) if currency.code() == "EUR" => "e",
        Ty::Money(_) => "g",
        Ty::MoneyOf(_) => "c",
        Ty::Boolean => "b",
        Ty::Text => "t",
        Ty::Date => "y",
        Ty::DateTime => "z",
        Ty::Duration => "u",
        Ty::Enum(id) => {
            assert_eq!(policy.enums[id].name.to_string(), "Outcome");
            "l"
        }
        Ty::Float => panic!("a float is computed with"),
    };
    letter.to_owned()
}

/// A policy in which each expression is a definition on a line of its own.
fn policy<'e>(expressions: impl Iterator<Item = &'e str>) -> String {
    let mut inputs = String::new();
    for (name, declared) in OPERANDS {
        let (ty, range) = declared.split_once(" in ").unwrap_or((declared, ""));
        let range = if range.is_empty() {
            String::new()
        } else {
            format!(" in {range}")
        };
        inputs.push_str(&format!(
            "    {name} : {declared}\n    maybe_{name} : {ty}?{range}\n"
        ));
        inputs.push_str(&format!("    list_{name} : list of {ty}{range}\n"));
    }
    for (name, declared, _) in NO_OPERANDS {
        inputs.push_str(&format!("    {name} : {declared}\n"));
    }
    let definitions: String = expressions
        .enumerate()
        .map(|(at, one)| format!("x{at} = {one}\n"))
        .collect();
    format!(
        "policy sample {{ version \"1\"; time zone \"Europe/London\"; on fault refer }}
enum Outcome {{ approve < refer < decline }}
record Person {{ born : date }}
list words = fraud, scam
list codes = 1, 2
list ratios = 1.5, 2.5
list days = 2026-11-02
input {{
    currency : text
{inputs}}}
define {{
{definitions}}}
decide outcome : Outcome most severe {{ rule rest otherwise then approve }}
"
    )
}

/// What was held, by how it came out
#[derive(Default)]
struct Tally {
    accepted: usize,
    refused: usize,
    wrong: Vec<String>,
}

impl Tally {
    /// Holds expressions against what each is expected to come to.
    fn hold(&mut self, all: &[(String, String)]) {
        let expressions: Vec<String> = all.iter().map(|(written, _)| written.clone()).collect();
        for ((written, expected), found) in all.iter().zip(outcomes(&expressions)) {
            match found.len() {
                1 => self.accepted += 1,
                _ => self.refused += 1,
            }
            if *expected != found {
                self.wrong
                    .push(format!("{written}: expected {expected}, found {found}"));
            }
        }
    }

    fn told(self, what: &str) {
        println!(
            "{what}: {} held, {} accepted, {} refused",
            self.accepted + self.refused,
            self.accepted,
            self.refused
        );
        assert!(
            self.wrong.is_empty(),
            "{} wrong\n{}",
            self.wrong.len(),
            self.wrong.join("\n")
        );
    }
}
