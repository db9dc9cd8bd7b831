//! Expressions at random on whole numbers of 64 bits and in the plain way: the
//! same values, the same faults.

use std::fmt::Write as _;

use super::*;
use crate::program::Program;
use crate::program::testing::{Random, both_ways, checked, policies};
use crate::{Date, Frame, NoModels};

const INPUTS: &str = "\
    m0 : money(GBP) in 0 to 10_000_000
    m1 : money(GBP) in 0.01 to 1_000
    m2 : money(GBP)
    m3 : money(GBP) unrounded in 0 and above
    i0 : integer in 1 to 480
    i1 : integer in -5 to 5
    i2 : integer
    p0 : percent(2) in 0% to 100%
    p1 : percent in 0% to 50%
    p2 : percent
    n0 : decimal in 0 to 1
    n1 : decimal(3) in 0.001 to 10
    n2 : decimal
    j0 : integer in 1 and above
";

/// Kinds of expressions; what meets what is what the language allows
#[derive(Clone, Copy)]
enum Sort {
    Money,
    Number,
    Whole,
}

/// An expression of a sort, in brackets where it is none of one word.
fn expression(random: &mut Random, sort: Sort, depth: u32) -> String {
    if depth == 0 || random.below(5) == 0 {
        return random
            .one_of(match sort {
                Sort::Money => &["m0", "m0", "m1", "m2", "m3", "d0", "f0"],
                Sort::Number => &[
                    "p0", "p0", "p1", "p2", "n0", "n1", "n2", "0.5", "12%", "3.75", "-0.2", "f1",
                ],
                Sort::Whole => &["i0", "i0", "i1", "i2", "j0", "2", "12", "100"],
            })
            .to_owned();
    }
    let mut of = |sort| expression(random, sort, depth - 1);
    let (money, other, number) = (of(Sort::Money), of(Sort::Money), of(Sort::Number));
    let (number_2, whole, whole_2) = (of(Sort::Number), of(Sort::Whole), of(Sort::Whole));
    let divisor = random.one_of(&["i0", "j0", "n1", "12", "0.7", "m1"]);
    let by = if divisor == "m1" { "i0" } else { divisor };
    let which = random.below(9);
    let text = match (sort, which) {
        (Sort::Money, 0 | 1) => format!("{money} + {other}"),
        (Sort::Money, 2) => format!("{money} - {other}"),
        (Sort::Money, 3) => format!("{money} * {number}"),
        (Sort::Money, 4) => format!("{money} * {whole}"),
        (Sort::Money, 5) => format!("{money} * {number} / {by}"),
        (Sort::Money, 6) => format!("{money} / {by}"),
        (Sort::Money, 7) => format!("{money} / {number} if zero 1"),
        (Sort::Money, _) => return format!("min({money}, {other})"),
        (Sort::Number, 0) => format!("{number} + {number_2}"),
        (Sort::Number, 1) => format!("{number} - {number_2}"),
        (Sort::Number, 2) => format!("{number} * {number_2}"),
        (Sort::Number, 3) => format!("{money} / m1"),
        (Sort::Number, 4 | 5) => format!("{money} / {other} if zero 0.25"),
        (Sort::Number, 6) => format!("{whole} / {by}"),
        (Sort::Number, 7) => format!("{number} * {whole}"),
        (Sort::Number, _) => return format!("max(1.0 * {number}, 1.0 * {number_2})"),
        (Sort::Whole, 0..3) => format!("{whole} + {whole_2}"),
        (Sort::Whole, 3..5) => format!("{whole} - {whole_2}"),
        (Sort::Whole, 5..8) => format!("{whole} * {whole_2}"),
        (Sort::Whole, _) => format!("-{whole}").replace("--", "- -"),
    };
    format!("({text})")
}

/// A policy of ten definitions and ten comparisons.
fn policy(random: &mut Random) -> String {
    let rounding = random.one_of(&["half up", "half even", "half down", "up", "down"]);
    let mut text = format!(
        "policy sample {{ version \"1\"; rounding {rounding}; on fault refer }}
enum Outcome {{ approve < refer < decline }}
input {{
{INPUTS}}}
define {{
    d0 : money(GBP) = m0 * 12 / i0
    f0 : money(GBP) = m2 * n2 / i1 if zero 3.50
    f1 : decimal = n2 * n2 * n2
"
    );
    // These are asked for by rules of their own; `f0` and `f1`, often faults, only
    // where an expression comes to them
    let mut asked = String::new();
    for number in 1..10 {
        let (sort, types): (Sort, &[&str]) = if random.below(2) == 0 {
            (
                Sort::Money,
                &["money(GBP)", "money(GBP)", "money(GBP) unrounded"],
            )
        } else {
            let types = &[
                "decimal",
                "decimal(0)",
                "decimal(2)",
                "percent(2)",
                "decimal(8)",
                "decimal(9)",
            ];
            (Sort::Number, types)
        };
        let ty = random.one_of(types);
        let mut value = expression(random, sort, 3);
        if !value.contains('(') {
            // A literal would have to be of the declared type
            value = random.one_of(&["1.0 * n0", "n1 / i0"]).to_owned();
            if let Sort::Money = sort {
                value = random.one_of(&["m0 + 1", "m0 / i0 + m1"]).to_owned();
            }
        }
        writeln!(text, "    d{number} : {ty} = {value}").unwrap();
        let zero = if ty.starts_with("percent") { "0%" } else { "0" };
        writeln!(
            asked,
            "    rule a{number} when d{number} > {zero} then refer"
        )
        .unwrap();
    }
    write!(text, "}}\nrules asked all {{\n{asked}").unwrap();
    for number in 0..10 {
        let sort = if random.below(2) == 0 {
            Sort::Money
        } else {
            Sort::Number
        };
        let left = expression(random, sort, 2);
        let right = match sort {
            Sort::Money => expression(random, sort, 2),
            _ => format!("1.0 * {}", expression(random, sort, 2)),
        };
        let left = match sort {
            Sort::Money => left,
            _ => format!("1.0 * {left}"),
        };
        let relation = random.one_of(&["<", "<=", ">", ">=", "is", "is not"]);
        writeln!(
            text,
            "    rule r{number} when {left} {relation} {right} then refer"
        )
        .unwrap();
    }
    text.push_str(
        "}\ndecide outcome : Outcome most severe {\n    evaluate asked\n    rule rest otherwise then approve\n}\n",
    );
    text
}

/// The ends of declared ranges
fn ends(name: &str) -> Option<[&'static str; 2]> {
    Some(match name {
        "m0" => ["0", "10000000.00"],
        "m1" => ["0.01", "1000"],
        "m3" => ["0", "9999999999999999999999999999"],
        "i0" => ["1", "480"],
        "i1" => ["-5", "5"],
        "i2" => ["-9223372036854775808", "9223372036854775807"],
        "p0" => ["0%", "100%"],
        "p1" => ["0%", "50%"],
        "n0" => ["0", "1"],
        "n1" => ["0.001", "10"],
        "j0" => ["1", "9223372036854775807"],
        _ => return None,
    })
}

/// A value for an input, near what makes ties and borders, or of any size.
fn field(random: &mut Random, name: &str) -> String {
    if random.below(4) == 0
        && let Some(ends) = ends(name)
    {
        return random.one_of(&ends).to_owned();
    }
    let units = match random.below(8) {
        0..3 => random.below(40),
        3 | 4 => random.below(200_000),
        5 => random.below(1_000_000) * 100,
        6 => random.below(1_000_000_000),
        _ => random.next() >> random.below(64),
    };
    let negative = random.below(4) == 0;
    let text = match name.as_bytes()[0] {
        b'm' => format!("{}.{:02}", units / 100, units % 100),
        b'p' => format!("{}.{:02}%", units / 100, units % 100),
        b'i' | b'j' => (units >> 1).to_string(),
        _ if random.below(9) == 0 => format!("{}.{:09}", units / 7, units % 1_000_000_000),
        _ => format!("{}.{:03}", units / 1_000, units % 1_000),
    };
    let bounded = matches!(
        name,
        "m0" | "m1" | "m3" | "i0" | "j0" | "p0" | "p1" | "n0" | "n1"
    );
    let text = match (name, text.as_str()) {
        ("m0", _) => format!("{}.{:02}", units % 10_000_000, units % 4 * 25),
        ("m1", _) => format!("{}.{:02}", units % 1_000, units % 99 + 1),
        ("i0", _) => (units % 480 + 1).to_string(),
        ("i1", _) => (i64::try_from(units % 11).unwrap() - 5).to_string(),
        ("j0", text) => format!("{text}1"),
        ("p0" | "p1", _) => format!("{}.{:02}%", units % 50, units % 100),
        ("n0", _) => format!("0.{:03}", units % 1_000),
        ("n1", _) => format!("{}.{:03}", units % 10, units % 999 + 1),
        (_, text) => text.to_owned(),
    };
    if negative && !bounded {
        format!("-{text}")
    } else {
        text
    }
}

/// What a decided case tells, or `None` where it is refused.
fn seen(program: &Program, frame: &mut Frame, fields: &[String]) -> Option<String> {
    program.begin(frame, Date::new(2026, 11, 22)?);
    for ((id, _), text) in program.policy().inputs.iter_ids().zip(fields) {
        program.set_field(frame, id, text).ok()?;
    }
    program.finish_inputs(frame).ok()?;
    let decided = program.decide(frame, &mut NoModels);
    let rules = program.policy().rules.iter_ids();
    let rules: Vec<_> = rules.map(|(id, _)| frame.rule(id)).collect();
    let definitions = program.policy().definitions.iter_ids();
    let values: Vec<_> = definitions
        .map(|(id, _)| program.value(frame, Value::Definition(id)))
        .collect();
    Some(format!(
        "{decided:?} {rules:?} {values:?} {:?}",
        frame.faults()
    ))
}

#[test]
fn whole_numbers_give_the_values_and_faults_of_the_plain_way() {
    let mut random = Random(1);
    let (mut scaled, mut inexact, mut cases, mut faults) = (0, 0, 0, 0);
    let n_policies = policies(POLICIES);
    for _ in 0..n_policies {
        let text = policy(&mut random);
        let source = checked(&text);
        let (program, plain) = both_ways(source);
        scaled += program.scaled;
        assert_eq!(plain.scaled, 0);
        inexact += program
            .definitions
            .iter()
            .filter(|found| matches!(&found.code, Code::Scaled(value) if value.inexact))
            .count();
        let (mut frame, mut plain_frame) = (program.frame(), plain.frame());
        for _ in 0..CASES {
            let inputs = program.policy().inputs.iter();
            let fields: Vec<String> = inputs
                .map(|input| field(&mut random, &input.name))
                .collect();
            let found = seen(&program, &mut frame, &fields);
            let expected = seen(&plain, &mut plain_frame, &fields);
            assert_eq!(found, expected, "{fields:?}\n{text}");
            cases += usize::from(found.is_some());
            faults += usize::from(found.is_some_and(|found| found.contains("Fault")));
        }
    }
    println!("{n_policies} policies, {scaled} on whole numbers, {inexact} inexact");
    println!("{cases} cases, {faults} with faults, {} values", cases * 20);
    assert!(scaled > 6 * n_policies && inexact > n_policies / 4);
    assert!(cases > n_policies * CASES / 2);
}

const POLICIES: usize = 300;
const CASES: usize = 40;
