//! Scorecards at random, added up over bins and in the plain way: the same values, faults
//! and traces.

use std::fmt::Write as _;

use super::FeatureCode;
use crate::ir::Value;
use crate::program::testing::{Random, both_ways, try_checked};
use crate::program::{Code, Program};
use crate::{Date, Frame, NoModels};

const POLICIES: usize = 80;
const CASES: usize = 40;

/// What features are over: a name, and whether it may be missing
const SUBJECTS: [(&str, bool); 11] = [
    ("i0", false),
    ("i1", true),
    ("n0", false),
    ("n1", true),
    ("p0", false),
    ("m0", true),
    ("e0", false),
    ("e1", true),
    ("t0", false),
    ("d0", false),
    ("d1", false),
];

/// A policy of a scorecard; a rule may read a feature before the points are asked for.
fn policy(random: &mut Random) -> String {
    let mut text = String::from(
        "policy sample { version \"1\"; on fault refer because R0 }
enum Outcome { approve < refer < decline }
enum Colour { red, green, blue, grey }
reason R0 \"fault\"
reason R1 \"one\"
reason R2 \"two\"
input {
    i0 : integer
    i1 : integer?
    n0 : decimal
    n1 : decimal?
    p0 : percent(2)
    m0 : money(GBP)?
    e0 : Colour
    e1 : Colour?
    t0 : text
}
define {
    d0 : decimal = n0 / i0 if zero 9.5
    d1 : integer = i0 * i0 * i0
}
",
    );
    let wholly = random.below(3) > 0;
    let points = |random: &mut Random| {
        let whole = random.below(60);
        match random.below(4) {
            _ if wholly => format!("{whole}"),
            0 => format!("-{whole}.{}", random.below(100)),
            1 => format!("{whole}"),
            2 if random.below(30) == 0 => "123456789012345.1234567891".to_owned(),
            _ => format!("{whole}.{}", random.below(10)),
        }
    };
    writeln!(text, "scorecard card base {} {{", points(random)).unwrap();
    let mut names = Vec::new();
    for (name, optional) in SUBJECTS {
        // A fault or a text in most cards would leave little to count
        let rare = matches!(name, "t0" | "d0" | "d1");
        if random.below(if rare { 9 } else { 3 }) != 0 && !(names.is_empty() && name == "d1") {
            continue;
        }
        names.push(name);
        let because = match names.len() {
            1 => " because R1",
            _ => random.one_of(&["", " because R1", " because R2"]),
        };
        writeln!(text, "    {name}{because} {{").unwrap();
        let most = if random.below(5) == 0 { 14 } else { 6 };
        let mut bins: Vec<String> = (0..random.below(most)).map(|_| bin(random, name)).collect();
        if optional {
            let at = random.below(bins.len() as u64 + 1);
            bins.insert(usize::try_from(at).unwrap(), "missing".to_owned());
        }
        if bins.is_empty() || random.below(5) > 0 {
            bins.push("otherwise".to_owned());
        }
        for bin in bins {
            writeln!(text, "        {bin} : {}", points(random)).unwrap();
        }
        text.push_str("    }\n");
    }
    let asked = random.below(names.len() as u64);
    let asked = names[usize::try_from(asked).unwrap()];
    let if_asked = random.one_of(&["", " if asked"]);
    write!(
        text,
        "}}
reasons {{ for approve, refer : rules that spoke, then card.shortfalls{if_asked} }}
rules before all {{
    rule b0 when i0 > 20 and card.{asked} > 10 then refer
    rule b1 when card.points > 60 then refer because R2
}}
decide outcome : Outcome most severe {{
    evaluate before
    rule rest otherwise then approve
}}
output {{ total : {} = card.points }}
",
        if text.contains('.') {
            "decimal"
        } else {
            "integer"
        }
    )
    .unwrap();
    text
}

fn bin(random: &mut Random, name: &str) -> String {
    let other = |random: &mut Random| random.below(40);
    match name.as_bytes()[0] {
        b't' => format!("\"{}\"", random.one_of(&["A", "B", "C"])),
        b'e' => {
            let not = random.one_of(&["", "", "not "]);
            let label = random.one_of(&["red", "green", "red, blue", "grey, green, blue"]);
            format!("{not}{label}")
        }
        _ => {
            let decimal = matches!(name, "n0" | "n1" | "d0");
            let mut number = || {
                let whole = other(random);
                match name {
                    "p0" => format!("{whole}%"),
                    _ if decimal && random.below(2) == 0 => {
                        format!("{whole}.{}", random.below(100))
                    }
                    _ => format!("{whole}"),
                }
            };
            let (low, high) = (number(), number());
            match random.below(9) {
                0 => format!("below {low}"),
                1 => format!("up to {low}"),
                2 => format!("{low} and above"),
                3 => format!("above {low}"),
                4 => format!("{low}, {high}"),
                5 => format!("not {low}"),
                6 if name == "p0" => format!("-1% to below {high}"),
                6 => format!("-1 to below {high}"),
                7 => format!("below {low}, above {high}"),
                _ => low,
            }
        }
    }
}

fn field(random: &mut Random, name: &str, optional: bool) -> String {
    if optional && random.below(4) == 0 {
        return String::new();
    }
    let whole = random.below(42);
    match name.as_bytes()[0] {
        b't' => random.one_of(&["A", "B", "C", "D"]).to_owned(),
        b'e' => random.one_of(&["red", "green", "blue", "grey"]).to_owned(),
        b'i' if random.below(30) == 0 => random
            .one_of(&["9223372036854775807", "-9223372036854775808", "4000000"])
            .to_owned(),
        b'i' => whole.to_string(),
        b'p' => format!("{whole}.{:02}%", random.below(2) * 50),
        b'm' => format!("{whole}.{:02}", random.below(2)),
        _ if random.below(20) == 0 => "99999999999999999999.5".to_owned(),
        _ => match random.below(4) {
            0 => whole.to_string(),
            1 => format!("-{whole}.50"),
            2 => format!("{whole}.{:02}", random.below(100)),
            _ => format!("{whole}.{:02}000000001", random.below(100)),
        },
    }
}

/// All that a decided case tells of its scorecard, or `None` where it is refused.
fn seen(program: &Program, frame: &mut Frame, fields: &[String]) -> Option<String> {
    program.begin(frame, Date::new(2026, 11, 22)?);
    for ((id, _), text) in program.policy().inputs.iter_ids().zip(fields) {
        program.set_field(frame, id, text).ok()?;
    }
    program.finish_inputs(frame).ok()?;
    let decided = program.decide(frame, &mut NoModels);
    let policy = program.policy();
    let mut told = format!(
        "{decided:?} {:?} {:?}",
        program.outcome(frame),
        frame.reasons()
    );
    for (id, _) in policy.tables.iter_ids() {
        let (state, row, rows) = (frame.table(id), frame.row(id), frame.rows(id));
        let points = program.value(frame, Value::Table(id, 0));
        write!(told, " {state:?} {row:?} {rows:?} {points:?};").unwrap();
    }
    for (id, _) in policy.definitions.iter_ids() {
        let value = program.value(frame, Value::Definition(id));
        write!(told, " {value:?}").unwrap();
    }
    for (id, card) in policy.scorecards.iter_ids() {
        let features = 0..card.features.len();
        let points = features.map(|feature| program.feature_points(frame, id, feature));
        let points: Vec<_> = points.collect();
        write!(told, " {points:?} {:?}", program.shortfalls(frame, id)).unwrap();
    }
    write!(told, " {:?} {:?}", frame.spoken(), frame.faults()).unwrap();
    Some(told)
}

#[test]
fn scorecards_give_the_values_faults_and_traces_of_the_plain_way() {
    let mut random = Random(1);
    let (mut cards, mut features, mut asked, mut cases, mut faults) = (0, 0, 0, 0, 0);
    for _ in 0..POLICIES {
        let text = policy(&mut random);
        // Bins at random may say what no bin may.
        let Ok(source) = try_checked(&text) else {
            continue;
        };
        let (program, plain) = both_ways(source);
        assert_eq!(plain.counted, 0);
        cards += program.counted;
        for definition in &program.definitions {
            if let Code::Points(card) = &definition.code {
                let counted = card.features.iter();
                let counted = counted.filter(|feature| matches!(feature, FeatureCode::Counted(_)));
                let counted = counted.count();
                features += counted;
                asked += card.features.len() - counted;
            }
        }
        let (mut frame, mut plain_frame) = (program.frame(), plain.frame());
        for _ in 0..CASES {
            let inputs = program.policy().inputs.iter();
            let fields: Vec<String> = inputs
                .map(|input| field(&mut random, &input.name, input.ty.optional))
                .collect();
            let found = seen(&program, &mut frame, &fields);
            let expected = seen(&plain, &mut plain_frame, &fields);
            assert_eq!(found, expected, "{fields:?}\n{text}");
            cases += usize::from(found.is_some());
            faults += usize::from(found.is_some_and(|found| found.contains("Fault(")));
        }
    }
    println!("{cards} scorecards, {features} features counted, {asked} asked");
    println!("{cases} cases, {faults} with faults");
    assert!(cards > POLICIES / 2 && features > 2 * asked && asked > cards / 10);
    assert!(cases > cards * CASES / 2 && faults > cases / 50);
}
