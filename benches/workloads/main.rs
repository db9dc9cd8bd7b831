//! Tables, scorecards and rule sets that grow, decided by the engine and by hand-written
//! Rust in turns.
//!
//! `cargo bench --bench workloads`. Cases come from a seed and are visited in a new order
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
    for rows in ROWS.into_iter().filter(|rows| !test || *rows <= 1_000) {
        table::measure(rows, rounds);
    }
    scorecard::measure(rounds);
    rules::measure(if test { 100 } else { 1_000 }, rounds);
}
