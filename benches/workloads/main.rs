//! Tables, scorecards and rule sets that grow, decided by the engine and by hand-written
//! Rust in turns.
//!
//! `cargo bench --bench workloads`, or some alone: `-- table-1000 scorecard rules`. Cases
//! come from a seed and are visited in a new order
//! at each pass; every answer is checked, from facts that derive `Facts`, from typed facts
//! by serde and from JSON, and warm decisions are checked to allocate nothing, before
//! anything is measured. A decision is the outcome, the outputs and what matched. Ratios are medians of the rounds' ratios.

mod measure;
mod rules;
mod scorecard;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each bench uses what it needs")]
mod support;
mod table;

/// The row sizes of the table
const ROWS: [usize; 5] = [10, 100, 1_000, 10_000, 100_000];

fn main() {
    // As a test, once is enough, and of small tables.
    let test = std::env::args().any(|argument| argument == "--test");
    let rounds = if test { 1 } else { 41 };
    println!("| work | facts | engine | by hand | ratio |");
    println!("|---|---|---|---|---|");
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words = words.iter().filter(|word| !word.starts_with("--"));
    let words: Vec<&String> = words.collect();
    let wanted = |work: &str| words.is_empty() || words.iter().any(|word| *word == work);
    for rows in ROWS.into_iter().filter(|rows| !test || *rows <= 1_000) {
        if wanted(&format!("table-{rows}")) {
            table::measure(rows, rounds);
        }
    }
    if wanted("scorecard") {
        scorecard::measure(rounds);
    }
    if wanted("rules") {
        rules::measure(if test { 100 } else { 1_000 }, rounds);
    }
}
