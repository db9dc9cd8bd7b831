//! How long checking takes: a policy of 5,000 lines, from its text to what is found of it
//! over all cases; and a table of 100,000 rows over a text, an enum and two numbers whose
//! rows tile the space, with gaps and overlaps planted into it.
//!
//! `cargo bench --bench checker`. That all that was planted is found, and nothing else,
//! is checked first. The most memory that the process held is printed at the end.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::Criterion;
use krites::Release;
use krites::lang::{
    Code, ModelInterface, ModelProblem, ModelSource, NoModules, Sources, analyse, check,
    parse_with_modules,
};

/// Lines of the policy
const LINES: usize = 5_000;
/// What must always hold in it: all of it is proved
const ALWAYS: usize = 10;
/// What the table has of each: 100,000 rows, and one for all other cities
const CITIES: usize = 50;
const JOBS: usize = 10;
const AGES: usize = 20;
const AMOUNTS: usize = 10;
/// So many of each are planted
const PLANTED: usize = 50;

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let policy = policy();
    assert!(policy.lines().count() >= LINES);
    assert_eq!(checked(&policy), 0, "nothing is wrong with it");
    criterion.bench_function("checker/5000_lines", |bench| {
        bench.iter(|| checked(black_box(&policy)));
    });
    criterion.final_summary();
    table();
}

/// Nothing but the policy
struct Alone;

impl ModelSource for Alone {
    fn interface(&self, _: &str) -> Result<ModelInterface, ModelProblem> {
        Err(ModelProblem {
            headline: "is not there".to_owned(),
            node: None,
            help: String::new(),
        })
    }
}

/// From text to findings; returns how many there are.
fn checked(text: &str) -> usize {
    let mut sources = Sources::default();
    let mut diagnostics = Vec::new();
    let source = sources.add("large.krites", text);
    let file = parse_with_modules(&mut sources, source, &NoModules, &mut diagnostics);
    let policy = check(&file, &Alone, &mut diagnostics);
    let found = policy.map_or(1, |policy| analyse(&policy).len());
    found + diagnostics.len()
}

/// Inputs, definitions, rules, tables and tests as a large policy has them.
fn policy() -> String {
    let mut text = String::from(
        "policy large { version \"1\"; on fault refer }\nenum Outcome { approve < refer < decline }\nenum Job { employed, student, retired }\n",
    );
    for at in 0..100 {
        writeln!(
            text,
            "reason R{at} \"Reason {at}\" customer \"Please ask us\""
        )
        .unwrap();
    }
    text.push_str("input {\n");
    for at in 0..250 {
        writeln!(text, "    applicant.income_{at} : money(GBP) in 0 and above \"Of the year {at}\"\n    applicant.age_{at} : integer in 0 to 120\n    applicant.job_{at} : Job?").unwrap();
    }
    text.push_str("}\ndefine {\n");
    for at in 0..500 {
        let input = at % 250;
        writeln!(text, "    ratio_{at} : percent(2) = applicant.income_{input} / (applicant.income_{} + {}) if zero 0%\n    old_{at} = applicant.age_{input} >= {} or applicant.job_{input} is missing", (input + 7) % 250, at + 1, 18 + at % 60).unwrap();
    }
    text.push_str("}\n");
    for table in 0..50 {
        writeln!(text, "table prices_{table} first match -> price : money(GBP), because {{\n    | id | applicant.age_{table} | applicant.job_{table} | price | because |\n    |----|-----|-----|-------|---------|").unwrap();
        for row in 0..20 {
            writeln!(
                text,
                "    | P-{row} | {} to {} | {} | {} | R{row} |",
                row * 6,
                row * 6 + 5,
                ["employed", "any"][row % 2],
                row * 10
            )
            .unwrap();
        }
        text.push_str("    | rest | any | any | 1 | - |\n}\n");
    }
    text.push_str("rules knock_outs all {\n");
    for at in 0..700 {
        writeln!(text, "    rule r{at} \"Rule {at}\"\n        when old_{} and ratio_{} > {}%\n        then refer because R{}", at % 500, (at * 3) % 500, 1 + at % 90, at % 100).unwrap();
    }
    text.push_str("}\ndecide outcome : Outcome most severe {\n    evaluate knock_outs\n    rule rest otherwise then approve\n}\noutput {\n");
    for table in 0..50 {
        writeln!(
            text,
            "    price_{table} : money(GBP) = prices_{table}.price"
        )
        .unwrap();
    }
    text.push_str("}\n");
    for at in 0..ALWAYS {
        writeln!(
            text,
            "always \"nobody old and indebted is approved, {at}\": (old_{at} and ratio_{} > 95%) implies outcome is not approve",
            at * 3
        )
        .unwrap();
    }
    text
}

/// Loads the table, and looks at it over all cases.
fn table() {
    let (cells, gaps, overlaps) = cells();
    let text = format!(
        "policy tiles {{ version \"1\"; on fault refer }}\nenum Outcome {{ approve < refer }}\nenum Job {{ {} }}\ninput {{ city : text; job : Job; age : integer in 0 to {}; amount : money(GBP) in 0 and above }}\ntable tiles unique -> price : integer from \"tiles.csv\"\ndecide outcome : Outcome most severe {{ rule rest otherwise then approve }}\noutput {{ price : integer = tiles.price }}\n",
        (0..JOBS)
            .map(|job| format!("job_{job}"))
            .collect::<Vec<_>>()
            .join(", "),
        AGES * 5 - 1,
    );
    let start = Instant::now();
    let found = Release::builder()
        .policy("tiles.krites", text)
        .file("tiles.csv", cells)
        .inspect()
        .unwrap();
    let loaded = start.elapsed();
    let part = found.policies().values().next().unwrap().part();
    let of = |code: u16| -> BTreeSet<&str> {
        let found = part
            .findings()
            .iter()
            .filter(|found| found.code == Code(code));
        found.map(|found| found.headline.as_str()).collect()
    };
    let (found_gaps, found_overlaps) = (of(900), of(901));
    assert_eq!(part.findings().len(), 2 * PLANTED);
    assert_eq!(found_gaps, gaps.iter().map(String::as_str).collect());
    assert_eq!(
        found_overlaps,
        overlaps.iter().map(String::as_str).collect()
    );
    let looked: Duration = {
        let start = Instant::now();
        black_box(analyse(part.program().policy()));
        start.elapsed()
    };
    println!(
        "table of {} rows: loaded and checked in {:.2} s, of which {:.2} s over all cases; {} gaps and {} overlaps planted and found; at most {} MB",
        part.program()
            .policy()
            .tables
            .iter()
            .next()
            .unwrap()
            .rows
            .len(),
        loaded.as_secs_f64(),
        looked.as_secs_f64(),
        found_gaps.len(),
        found_overlaps.len(),
        peak_megabytes().map_or("?".to_owned(), |peak| peak.to_string()),
    );
}

/// Rows as a file, and what is to be found: gaps, overlaps.
fn cells() -> (String, BTreeSet<String>, BTreeSet<String>) {
    let (mut gaps, mut overlaps) = (BTreeSet::new(), BTreeSet::new());
    let mut text = String::from("id,city,job,age,amount,price\n");
    let all = CITIES * JOBS * AGES * AMOUNTS;
    let every = all / (2 * PLANTED);
    let mut row = 0;
    for city in 0..CITIES {
        for job in 0..JOBS {
            for age in 0..AGES {
                for amount in 0..AMOUNTS {
                    // A year is left out of one tile, a pound is in two of others
                    // In another place each time, so that no two of them are one
                    let planted = row % every == (row / every * 10 + every / 2) % every;
                    let gap = planted && (row / every).is_multiple_of(2);
                    let overlap = planted && !gap;
                    let (from, to) = (age * 5, age * 5 + 4 - usize::from(gap));
                    let (low, high) = (amount * 1000, (amount + 1) * 1000 + usize::from(overlap));
                    // One tile is as large as two: with the row for other cities there are
                    // as many rows as a table may have
                    if row == AMOUNTS - 2 {
                        row += 1;
                        continue;
                    }
                    let low = if row == AMOUNTS - 1 { low - 1000 } else { low };
                    let of_amount = if amount + 1 == AMOUNTS {
                        format!("{low} and above")
                    } else {
                        format!("{low} to below {high}")
                    };
                    writeln!(
                        text,
                        "T{row},\"\"\"c{city}\"\"\",job_{job},{from} to {to},{of_amount},{row}"
                    )
                    .unwrap();
                    let place = format!("`city` \"c{city}\" and `job` job_{job}");
                    if gap {
                        gaps.insert(format!(
                            "no row of `tiles` is for {place} and `age` {} and `amount` {}",
                            to + 1,
                            amounts(low, high)
                        ));
                    }
                    if overlap {
                        overlaps.insert(format!("rows `T{row}` and `T{}` of `tiles` both match, for {place} and `age` {from} to {to} and `amount` {}", row + 1, amounts(high - 1, high)));
                    }
                    row += 1;
                }
            }
        }
    }
    let others: Vec<String> = (0..CITIES).map(|city| format!("\"\"c{city}\"\"")).collect();
    writeln!(text, "others,\"not {}\",any,any,any,0", others.join(", ")).unwrap();
    (text, gaps, overlaps)
}

/// Amounts as they are told.
fn amounts(low: usize, high: usize) -> String {
    let written = |amount: usize| match amount {
        ..10_000 => amount.to_string(),
        _ => format!("{}_{:03}", amount / 1000, amount % 1000),
    };
    format!("{} to below {}", written(low), written(high))
}

/// The most memory that the process held, where the system tells.
fn peak_megabytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    let kilobytes: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kilobytes / 1024)
}
