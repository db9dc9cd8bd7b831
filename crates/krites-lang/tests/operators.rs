//! Rounding, remainders and powers with every type and pair of types: which are
//! accepted, what comes of them, and which mistake the others are.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "helpers of tests"
)]

mod support;

use krites_lang::Ty;
use support::checked;

/// Every type, each with a name that has it
const TYPES: [(&str, &str); 9] = [
    ("i", "integer in 1 and above"),
    ("d", "decimal in 1 and above"),
    ("p", "percent in 1% and above"),
    ("e", "money(EUR) in 1 and above"),
    ("g", "money(GBP) in 1 and above"),
    ("b", "boolean"),
    ("t", "text"),
    ("y", "date"),
    ("l", "Outcome"),
];

/// Pairs, the left side by row: the letter of the type that comes of them, or the
/// code of the mistake
const PAIR: &str = "
    i    d    p    e    g    b    t    y    l
i   i    d    d    0301 0301 0302 0302 0302 0302
d   d    d    d    0301 0301 0302 0302 0302 0302
p   d    d    p    0301 0301 0302 0302 0302 0302
e   0301 0301 0301 e    0305 0302 0302 0302 0302
g   0301 0301 0301 0305 g    0302 0302 0302 0302
b   0302 0302 0302 0302 0302 0302 0302 0302 0302
t   0302 0302 0302 0302 0302 0302 0302 0302 0302
y   0302 0302 0302 0302 0302 0302 0302 0302 0302
l   0302 0302 0302 0302 0302 0302 0302 0302 0302
";

const POWER: &str = "
    i    d    p    e    g    b    t    y    l
i   d    0306 0306 0306 0306 0302 0302 0302 0302
d   d    0306 0306 0306 0306 0302 0302 0302 0302
p   d    0306 0306 0306 0306 0302 0302 0302 0302
e   0306 0306 0306 0306 0306 0306 0306 0306 0306
g   0306 0306 0306 0306 0306 0306 0306 0306 0306
b   0302 0302 0302 0302 0302 0302 0302 0302 0302
t   0302 0302 0302 0302 0302 0302 0302 0302 0302
y   0302 0302 0302 0302 0302 0302 0302 0302 0302
l   0302 0302 0302 0302 0302 0302 0302 0302 0302
";

/// What single values come to
const WHOLE: [&str; 9] = [
    "0306", "i", "0306", "e", "g", "0302", "0302", "0302", "0302",
];
const DIGITS: [&str; 9] = ["0306", "d", "p", "e", "g", "0302", "0302", "0302", "0302"];

/// The letter of the type that an expression comes to, or the code of its mistake.
fn outcome(expression: &str) -> String {
    let inputs: String = TYPES
        .iter()
        .map(|(name, ty)| format!("    {name} : {ty}\n"))
        .collect();
    let text = format!(
        "policy sample {{ version \"1\"; on fault refer }}
enum Outcome {{ approve < refer < decline }}
input {{
{inputs}}}
define {{ it = {expression} }}
decide outcome : Outcome most severe {{ rule rest otherwise then approve }}
"
    );
    let (_, policy, diagnostics) = checked("operators.krites", &text);
    let Some(policy) = policy else {
        let codes: Vec<String> = diagnostics
            .iter()
            .map(|found| found.code.to_string().replace('K', ""))
            .collect();
        return codes.join(" ");
    };
    let ty = policy.definitions.iter().next().unwrap().ty.ty;
    let letter = match ty {
        Ty::Integer => "i",
        Ty::Decimal => "d",
        Ty::Percent => "p",
        Ty::Money(currency) if currency.code() == "EUR" => "e",
        Ty::Money(_) => "g",
        other => panic!("{expression} comes to {other:?}"),
    };
    letter.to_owned()
}

/// Holds an expression over each pair of types against a table.
fn holds(table: &str, expression: impl Fn(&str, &str) -> String) {
    let mut counted = 0;
    let mut wrong = Vec::new();
    let mut rows = table.trim().lines();
    let names: Vec<&str> = rows.next().unwrap().split_whitespace().collect();
    for row in rows {
        let mut cells = row.split_whitespace();
        let left = cells.next().unwrap();
        for (right, expected) in names.iter().zip(cells) {
            counted += 1;
            let written = expression(left, right);
            let found = outcome(&written);
            if found != expected {
                wrong.push(format!("{written}: expected {expected}, found {found}"));
            }
        }
    }
    assert_eq!(counted, TYPES.len() * TYPES.len());
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn multiples_and_remainders_come_to_what_a_sum_does() {
    for left in ["i", "d", "p", "e", "g"] {
        for right in ["i", "d", "p", "e", "g"] {
            let sum = outcome(&format!("{left} + {right}"));
            let multiple = outcome(&format!("{left} rounded up to a multiple of {right}"));
            let remainder = outcome(&format!("remainder of {left} by {right}"));
            assert_eq!(multiple, sum, "{left} and {right}");
            assert_eq!(remainder, sum, "{left} and {right}");
        }
    }
}

#[test]
fn multiples_take_every_pair_as_the_page_says() {
    holds(PAIR, |left, right| {
        format!("{left} rounded to a multiple of {right}")
    });
}

#[test]
fn remainders_take_every_pair_as_the_page_says() {
    holds(PAIR, |left, right| {
        format!("remainder of {left} by {right}")
    });
}

#[test]
fn powers_take_every_pair_as_the_page_says() {
    holds(POWER, |left, right| {
        format!("{left} to the power of {right}")
    });
}

#[test]
fn roundings_take_every_type_as_the_page_says() {
    for (position, (name, _)) in TYPES.iter().enumerate() {
        for function in ["floor", "ceiling", "truncate"] {
            let written = format!("{function}({name})");
            assert_eq!(outcome(&written), WHOLE[position], "{written}");
        }
        for mode in ["", "half up ", "half even ", "half down ", "up ", "down "] {
            let written = format!("{name} rounded {mode}to 2 digits");
            assert_eq!(outcome(&written), DIGITS[position], "{written}");
        }
    }
}
