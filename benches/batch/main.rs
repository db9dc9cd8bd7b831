//! Many cases at once: batches beside single decisions, and batches that ask a model beside
//! the model alone, asked for all rows at once.
//!
//! `cargo bench --bench batch`, or some alone: `-- rules hybrid`. A million cases from a seed
//! in random order; every decision is checked against the single one, and a warm batch is
//! checked to allocate nothing that grows with its rows, before anything is measured. Ratios
//! are medians of the rounds' ratios.

mod hybrid;
mod rules;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each bench uses what it needs")]
mod support;
#[path = "../support/trees.rs"]
#[allow(dead_code, reason = "each bench uses what it needs")]
mod trees;

use std::time::Instant;

use krites::Date;

fn main() {
    // As a test, once is enough, and of few cases.
    let test = std::env::args().any(|argument| argument == "--test");
    let (rows, rounds) = if test { (2_000, 1) } else { (1_000_000, 11) };
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words = words.iter().filter(|word| !word.starts_with("--"));
    let words: Vec<&String> = words.collect();
    let wanted = |work: &str| words.is_empty() || words.iter().any(|word| *word == work);
    println!("{rows} rows, median of {rounds} rounds");
    if wanted("rules") {
        rules::measure(rows, rounds);
    }
    if wanted("hybrid") {
        hybrid::measure(rows, rounds);
    }
}

fn date() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

/// Nanoseconds a row
fn timed(rows: usize, work: &mut dyn FnMut()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64() * 1e9 / rows as f64
}

/// Measures ways of the same work in turns; of each the median, and the medians of its ratio
/// to the first one and of what it takes beyond it.
fn in_turns<const N: usize>((rows, rounds): (usize, usize), ways: [(&str, &mut dyn FnMut()); N]) {
    let names = ways.each_ref().map(|(name, _)| *name);
    let mut ways = ways.map(|(_, work)| work);
    let taken: Vec<[f64; N]> = (0..rounds)
        .map(|_| ways.each_mut().map(|work| timed(rows, *work)))
        .collect();
    println!("| way | a row | ratio to the first | beyond the first |\n|---|---|---|---|");
    for (at, name) in names.iter().enumerate() {
        let own = median(taken.iter().map(|round| round[at]));
        let ratio = median(taken.iter().map(|round| round[at] / round[0]));
        let beyond = median(taken.iter().map(|round| round[at] - round[0]));
        println!("| {name} | {own:.0} ns | **{ratio:.2}** | {beyond:.0} ns |");
    }
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures[figures.len() / 2]
}
