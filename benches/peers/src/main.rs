//! Krites beside other rule engines and hand-written Rust, over the workloads of
//! `benches/workloads` and `benches/decide.rs`.
//!
//! `cargo run --release`, or some workloads alone: `-- eligibility table-1000`; `-- --test`
//! holds the answers to a few cases and times nothing. Rules are generated for each engine from the same
//! data, compiled once and kept; native values are made before the clock starts. Every
//! answer is checked, cases come in a new order at each pass, engines take turns, and what
//! is printed is the median of the rounds in nanoseconds, with the ratio to Krites.
//! Numbers are exact in Krites and floats or integers in the others.

mod contest;
mod exact;
#[path = "../../workloads/instructions.rs"]
#[allow(dead_code, reason = "the workloads count by it, elsewhere")]
mod instructions;
#[path = "../../workloads/measure.rs"]
#[allow(dead_code, reason = "the workloads time themselves by it, elsewhere")]
mod measure;
mod peers;
#[path = "../../workloads/rules.rs"]
#[allow(
    dead_code,
    reason = "the workload alone is needed, not its measurement"
)]
mod rules;
#[path = "../../workloads/scorecard.rs"]
#[allow(
    dead_code,
    reason = "the workload alone is needed, not its measurement"
)]
mod scorecard;
#[path = "../../support/mod.rs"]
#[allow(dead_code, reason = "each bench uses what it needs")]
mod support;
#[path = "../../workloads/table.rs"]
#[allow(
    dead_code,
    reason = "the workload alone is needed, not its measurement"
)]
mod table;
mod works;

/// What hand-written Rust is called
const BY_HAND: &str = "by hand";

/// Inputs of each workload that a test decides
const TESTED: usize = 50;

/// Some engines go as deep into the stack as an expression is deep: a thousand branches.
const STACK: usize = 512 * 1024 * 1024;

fn main() {
    let run = std::thread::Builder::new().stack_size(STACK).spawn(run);
    run.unwrap().join().unwrap();
}

fn run() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let test = words.iter().any(|word| word == "--test");
    let wanted: Vec<&String> = words
        .iter()
        .filter(|word| !word.starts_with("--"))
        .collect();
    let wanted = |work: &str| wanted.is_empty() || wanted.iter().any(|word| *word == work);
    let mut columns = vec!["Krites"];
    columns.extend(peers::NAMES);
    columns.push(BY_HAND);
    if !test {
        let heads: Vec<String> = columns.iter().map(|name| with_version(name)).collect();
        println!("| work | facts | {} |", heads.join(" | "));
        println!("|---|---|{}", "---|".repeat(columns.len()));
    }
    let run = works::Run {
        columns: &columns,
        rounds: 15,
        test: test.then_some(TESTED),
    };
    if wanted("eligibility") {
        works::eligibility(&run);
    }
    if wanted("scorecard") {
        works::scorecard(&run);
    }
    if wanted("rules") {
        works::rules(if test { 100 } else { 1_000 }, &run);
    }
    let sizes: &[usize] = if test { &[100] } else { &[1_000, 100_000] };
    for &rows in sizes {
        if wanted(&format!("table-{rows}")) {
            works::table(rows, &run);
        }
    }
}

/// The name of a crate, with the version that is locked
fn with_version(name: &str) -> String {
    let lock = include_str!("../Cargo.lock");
    let entry = format!("name = \"{name}\"\nversion = \"");
    let version = lock
        .split_once(&entry)
        .and_then(|(_, rest)| rest.split_once('"'));
    version.map_or(name.to_owned(), |(version, _)| format!("{name} {version}"))
}
