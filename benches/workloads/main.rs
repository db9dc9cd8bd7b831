//! Tables, scorecards and rule sets that grow, decided by the engine and by hand-written
//! Rust in turns.
//!
//! `cargo bench --bench workloads`, or some alone: `-- table-1000 firsts-10000 scorecard rules`. Cases
//! come from a seed and are visited in a new order
//! at each pass; every answer is checked, from facts that derive `Facts`, from typed facts
//! by serde and from JSON, and warm decisions are checked to allocate nothing, before
//! anything is measured. A decision is the outcome, the outputs and what matched. Ratios are medians of the rounds' ratios.
//!
//! `-- --instructions` counts instructions instead and fails where they have grown.

mod eligibility;
mod firsts;
mod instructions;
mod measure;
mod rules;
mod scorecard;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each bench uses what it needs")]
mod support;
mod table;

/// How many rules there are, each of a key of its own
const RULES: [usize; 4] = [10, 100, 1_000, 10_000];

/// The row sizes of the table
const ROWS: [usize; 5] = [10, 100, 1_000, 10_000, 100_000];

fn main() {
    let said = |word: &str| std::env::args().any(|argument| argument == word);
    if said("--instructions") {
        return instructions::hold();
    }
    // As a test, once is enough, and of small tables.
    let test = said("--test");
    let rounds = if test { 1 } else { 41 };
    println!(
        "| work | facts | engine | by hand | ratio | blocks of 64: median, 99 %, 99.9 % | by hand |"
    );
    println!("|---|---|---|---|---|---|---|");
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words = words.iter().filter(|word| !word.starts_with("--"));
    let words: Vec<&String> = words.collect();
    let wanted = |work: &str| words.is_empty() || words.iter().any(|word| *word == work);
    if wanted("eligibility") {
        eligibility::measure(rounds);
    }
    let small = |size: &usize| !test || *size <= 1_000;
    let mut taken = Vec::new();
    for rows in ROWS.into_iter().filter(small) {
        if wanted(&format!("table-{rows}")) {
            taken.push((rows, table::measure(rows, rounds)));
        }
    }
    growth("a table", "rows", &taken, 100);
    let mut taken = Vec::new();
    for rules in RULES.into_iter().filter(small) {
        if wanted(&format!("firsts-{rules}")) {
            taken.push((rules, firsts::measure(rules, rounds)));
        }
    }
    growth("rules of a key each", "rules", &taken, 10);
    if wanted("scorecard") {
        scorecard::measure(rounds);
    }
    if wanted("rules") {
        rules::measure(if test { 100 } else { 1_000 }, rounds);
    }
}

/// Prints how many times the time of a small size a large one takes, from derived facts.
fn growth(of: &str, what: &str, taken: &[(usize, f64)], from: usize) {
    let small = taken.iter().find(|(size, _)| *size == from);
    if let (Some((_, small)), Some((most, large))) = (small, taken.last()) {
        println!(
            "{of}: {most} {what} take {:.2} times what {from} take",
            large / small
        );
    }
}
