//! Tables and sets of rules at random, with an index and without one: the same rows and
//! rules, the same faults, the same that was asked.

use std::fmt::Write as _;

use super::super::Program;
use super::super::testing::{Random, both_ways, checked, policies};
use crate::ids::TableId;
use crate::{Date, Frame, NoModels};

const INPUTS: &str = "\
    n : integer in -20 to 20
    w : integer
    o : integer?
    f : integer default 7
    z : integer
    m : money(GBP)
    p : percent?
    t : text
    u : text?
    e : Colour
    b : boolean
    day : date
";
const FIELDS: [&str; 12] = ["n", "w", "o", "f", "z", "m", "p", "t", "u", "e", "b", "day"];
const WORDS: [&str; 6] = ["a", "ab", "longer than eight", "longer than nine", "é", "b"];
const COLOURS: [&str; 4] = ["red", "green", "blue", "white"];

fn number(random: &mut Random, of: &str) -> String {
    let small = i64::try_from(random.below(41)).unwrap() - 20;
    match of {
        "w" if random.below(6) == 0 => (small * 100_000_000_000).to_string(),
        "w" => (small * 100).to_string(),
        "m" if random.below(3) == 0 => format!("{small}.5{}", random.below(10)),
        "p" if random.below(6) == 0 => format!("{small}.0000001%"),
        "p" => format!("{small}%"),
        _ => small.to_string(),
    }
}

fn word(random: &mut Random) -> String {
    match random.below(3) {
        0 => format!("word {}", random.below(200)),
        _ => random.one_of(&WORDS).to_owned(),
    }
}

fn date(random: &mut Random) -> String {
    format!(
        "2026-{:02}-{:02}",
        random.below(12) + 1,
        random.below(28) + 1
    )
}

/// A literal for a field.
fn literal(random: &mut Random, of: &str) -> String {
    match of {
        "t" | "u" => format!("\"{}\"", word(random)),
        "e" => random.one_of(&COLOURS).to_owned(),
        "b" => random.one_of(&["true", "false"]).to_owned(),
        "day" => date(random),
        _ => number(random, of),
    }
}

/// A condition on a field that is there.
fn asked(random: &mut Random, of: &str) -> String {
    let one = literal(random, of);
    match (of, random.below(6)) {
        ("b", 0..3) => of.to_owned(),
        ("b", _) => format!("not {of}"),
        ("t" | "u" | "e", 0..3) => format!("{of} is {one}"),
        ("t" | "u" | "e", 3) => format!("{of} is not {one}"),
        ("t" | "u" | "e", _) => format!("{of} is one of [{one}, {}]", literal(random, of)),
        (_, 0) => format!("{of} is {one}"),
        (_, 1) => format!("{of} < {one}"),
        (_, 2) => format!("{of} <= {one}"),
        (_, 3) => format!("{of} > {one}"),
        (_, 4) => format!("{of} >= {one}"),
        _ => format!("{of} is one of [{one}, {}]", literal(random, of)),
    }
}

/// A condition, some of which fault where `z` is large.
fn condition(random: &mut Random, depth: u32) -> String {
    let choice = if depth == 0 { 0 } else { random.below(8) };
    match choice {
        5 => format!(
            "({} and {})",
            condition(random, depth - 1),
            condition(random, depth - 1)
        ),
        6 => format!(
            "({} or {})",
            condition(random, depth - 1),
            condition(random, depth - 1)
        ),
        7 => format!("not ({})", condition(random, depth - 1)),
        _ => match random.one_of(&[
            "n", "n", "w", "o", "f", "m", "p", "t", "t", "u", "e", "b", "day", "faults",
        ]) {
            "faults" => random
                .one_of(&["cube > 2", "z * z * z < w", "n * n > w"])
                .into(),
            of @ ("o" | "p" | "u") => match random.below(4) {
                0 => format!("{of} is missing"),
                1 => format!("({of} is missing or {})", asked(random, of)),
                _ => format!("({of} is present and {})", asked(random, of)),
            },
            of => asked(random, of),
        },
    }
}

/// A cell for a column, of ten so many open.
fn cell(random: &mut Random, of: &str, open: u64) -> String {
    let one = literal(random, of);
    match (of, random.below(10)) {
        (_, choice) if choice < open => "any".to_owned(),
        ("o" | "p" | "u", 4) => "missing".to_owned(),
        ("n", 4) => "above z".to_owned(),
        ("n", 5) => "below 2 * z * z * z".to_owned(),
        ("b", _) => one,
        ("t" | "u" | "e", 5) => format!("not {one}"),
        ("t" | "u" | "e", 6) => format!("{one}, {}", literal(random, of)),
        ("t" | "u" | "e", _) => one,
        (_, 5) => format!("above {one}"),
        (_, 6) => format!("below {one}"),
        (_, 7) => format!("up to {one}"),
        _ => format!("{one} and above"),
    }
}

fn table(random: &mut Random, name: usize, text: &mut String) {
    let policy = random.one_of(&[
        "first match",
        "first match",
        "unique",
        "any",
        "priority",
        "output order",
        "rule order",
        "collect sum",
        "collect count",
    ]);
    let output = match policy {
        "priority" | "output order" => "Outcome",
        _ => "integer",
    };
    let open = random.below(5);
    let columns: Vec<&str> = (0..=random.below(3))
        .map(|_| random.one_of(&FIELDS))
        .collect();
    let columns: Vec<&str> = FIELDS
        .into_iter()
        .filter(|of| columns.contains(of))
        .collect();
    let rows = match random.below(3) {
        0 => random.below(8) + 1,
        1 => random.below(60) + 1,
        _ => random.below(300) + 1,
    };
    writeln!(text, "table t{name} {policy} -> g : {output} {{").unwrap();
    let head = columns.join(" | ");
    let counts = policy == "collect count";
    let tail = if counts { "" } else { " g |" };
    writeln!(text, "    | {head} |{tail} from |").unwrap();
    writeln!(
        text,
        "    |{}",
        "---|".repeat(columns.len() + 2 - usize::from(counts))
    )
    .unwrap();
    for row in 0..rows {
        let cells: Vec<String> = columns.iter().map(|of| cell(random, of, open)).collect();
        let given = match (output, counts) {
            (_, true) => String::new(),
            ("Outcome", _) => format!(" {} |", random.one_of(&["approve", "refer", "decline"])),
            _ if random.below(4) == 0 => " n + z |".into(),
            _ => format!(" {} |", row % 3),
        };
        let from = match random.below(8) {
            0 => date(random),
            _ => "-".to_owned(),
        };
        writeln!(text, "    | {} |{given} {from} |", cells.join(" | ")).unwrap();
    }
    writeln!(text, "}}").unwrap();
}

fn policy(random: &mut Random) -> String {
    let mut text = format!(
        "policy sample {{ version \"1\"; on fault refer }}
enum Outcome {{ approve < refer < decline }}
enum Colour {{ red, green, blue, white }}
input {{
{INPUTS}}}
define {{ cube : integer = z * z * z }}
"
    );
    for name in 0..3 {
        table(random, name, &mut text);
    }
    let mut speaks = false;
    for set in 0..3 {
        let mode = random.one_of(&["all", "first"]);
        let rules = match random.below(3) {
            0 => random.below(6) + 1,
            1 => random.below(40) + 1,
            _ => random.below(150) + 1,
        };
        writeln!(text, "rules s{set} {mode} {{").unwrap();
        for rule in 0..rules {
            let outcome = random.one_of(&["approve", "refer", "decline"]);
            let days = match random.below(10) {
                0 => format!(" from {}", date(random)),
                _ => String::new(),
            };
            let depth = u32::try_from(random.below(4)).unwrap();
            let when = condition(random, depth);
            writeln!(
                text,
                "    rule r{set}_{rule} when {when} then {outcome}{days}"
            )
            .unwrap();
        }
        if mode == "first" && random.below(2) == 0 {
            writeln!(text, "    rule rest{set} otherwise then refer").unwrap();
            speaks = true;
        }
        writeln!(text, "}}").unwrap();
    }
    text += "decide outcome : Outcome most severe {\n";
    text += "    evaluate s0\n    evaluate s1\n    evaluate s2\n";
    // Nothing stands behind what always speaks.
    text += match speaks {
        true => "}\n",
        false => "    rule rest otherwise then approve\n}\n",
    };
    text
}

/// A value for an input, or nothing.
fn field(random: &mut Random, of: &str) -> Option<String> {
    Some(match of {
        "o" | "p" | "u" | "f" if random.below(3) == 0 => return None,
        "z" => number(random, "w"),
        "t" | "u" => word(random),
        "e" => random.one_of(&COLOURS).to_owned(),
        "b" => random.one_of(&["true", "false"]).to_owned(),
        "day" => date(random),
        of => number(random, of),
    })
}

/// What a case tells: all tables, whether rules ask for them or not.
fn seen(program: &Program, frame: &mut Frame, fields: &[Option<String>]) -> String {
    program.begin(frame, Date::new(2026, 6, 15).unwrap());
    for ((id, _), text) in program.policy().inputs.iter_ids().zip(fields) {
        if let Some(text) = text {
            program.set_field(frame, id, text).unwrap();
        }
    }
    program.finish_inputs(frame).unwrap();
    let decided = program.decide(frame, &mut NoModels);
    let rules = program.policy().rules.iter_ids();
    let rules: Vec<_> = rules.map(|(id, _)| frame.rule(id)).collect();
    let tables: Vec<TableId> = program
        .policy()
        .tables
        .iter_ids()
        .map(|(id, _)| id)
        .collect();
    let rows: Vec<String> = tables
        .into_iter()
        .map(|id| {
            let found = program.ask_table(frame, id);
            format!("{found} {:?}", frame.rows(id))
        })
        .collect();
    let values: Vec<_> = program
        .policy()
        .definitions
        .iter_ids()
        .map(|(id, _)| program.value(frame, crate::ir::Value::Definition(id)))
        .collect();
    format!(
        "{decided:?} {:?} {rules:?} {rows:?} {values:?} {:?} {:?}",
        program.outcome(frame),
        frame.faults(),
        frame.spoken()
    )
}

#[test]
fn an_index_finds_the_rows_and_rules_that_hold() {
    let mut random = Random(3);
    let n_policies = policies(POLICIES);
    let (mut tables, mut sets, mut split, mut faults) = (0, 0, 0, 0);
    for _ in 0..n_policies {
        let text = policy(&mut random);
        let source = checked(&text);
        let (program, plain) = both_ways(source);
        for index in program
            .tables
            .iter()
            .filter_map(|table| table.index.as_ref())
        {
            tables += 1;
            split += usize::from(index.nodes.len() > 1);
        }
        sets += program
            .rule_sets
            .iter()
            .filter(|set| set.index.is_some())
            .count();
        assert!(plain.tables.iter().all(|table| table.index.is_none()));
        let (mut frame, mut plain_frame) = (program.frame(), plain.frame());
        for _ in 0..CASES {
            let inputs = program.policy().inputs.iter();
            let fields: Vec<_> = inputs
                .map(|input| field(&mut random, &input.name))
                .collect();
            let found = seen(&program, &mut frame, &fields);
            let expected = seen(&plain, &mut plain_frame, &fields);
            assert_eq!(found, expected, "{fields:?}\n{text}");
            faults += usize::from(found.contains("Fault"));
        }
    }
    println!("{n_policies} policies, {tables} tables and {sets} sets with an index, {split} split");
    println!("{} cases, {faults} with faults", n_policies * CASES);
    assert!(tables > n_policies && sets > n_policies && split > n_policies / 6);
}

const POLICIES: usize = 60;
const CASES: usize = 60;
