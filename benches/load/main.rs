//! How long releases take to load that grow, and what they keep: tables from files, and
//! sets of rules.
//!
//! `cargo bench --bench load`. A release is built once to count its bytes, and then so
//! often that the quickest of its loads is known, and each stage at its quickest; these
//! are taken apart with the same functions that the release calls. Before anything is
//! measured, the release answers a few cases.

mod made;
mod stages;

use std::hint::black_box;
use std::time::{Duration, Instant};

use krites::{Date, Engine, Release};

use made::Made;
use stages::Stages;

/// The row sizes of the table, the row for the rest among them
const ROWS: [usize; 3] = [100, 10_000, 100_000];
/// The numbers of rules, the rule for the rest aside
const RULES: [usize; 3] = [10, 1_000, 10_000];

fn main() {
    // As a test, once is enough, and of what is small.
    let test = std::env::args().any(|argument| argument == "--test");
    println!(
        "| what | reading | parsing | checking | compiling | release, without what follows | over all cases | bytes kept, each | at most |"
    );
    println!("|---|---|---|---|---|---|---|---|---|");
    for rows in ROWS {
        measure(&made::table(rows), test);
    }
    for rules in RULES {
        measure(&made::first_rules(rules), test);
        measure(&made::all_rules(rules), test);
    }
}

fn measure(made: &Made, test: bool) {
    if test && made.n > 1_000 {
        return;
    }
    let mut release = None;
    let memory = allocation_counter::measure(|| release = Some(built(made)));
    decides(made, release.unwrap());
    let n_loads = match (test, made.n) {
        (true, _) => 1,
        (false, 100_000..) => 5,
        (false, _) => 20,
    };
    let mut whole = Duration::MAX;
    let mut stages = Stages::of(made);
    for _ in 0..n_loads {
        let begun = Instant::now();
        let release = built(made);
        whole = whole.min(begun.elapsed());
        drop(black_box(release));
        stages = stages.quickest(Stages::of(made));
    }
    println!(
        "| {} | {} | {} | {} | {} | {} | {} | {} | {} |",
        made.name,
        shown(stages.reading),
        shown(stages.parsing),
        shown(stages.checking),
        shown(stages.compiling),
        shown(whole.saturating_sub(stages.looking)),
        shown(stages.looking),
        memory.bytes_current / made.n as i64,
        memory.bytes_max / made.n as u64,
    );
}

fn built(made: &Made) -> Release {
    let mut builder = Release::builder().policy("made.krites", made.policy.as_str());
    if let Some(file) = &made.file {
        builder = builder.file("made.csv", file.as_str());
    }
    match builder.build() {
        Ok(release) => release,
        Err(error) => panic!("{error}"),
    }
}

/// Checks what the release says of some cases.
fn decides(made: &Made, release: Release) {
    let mut decider = Engine::new(release).decider("made").unwrap();
    let date = Date::new(2026, 11, 22).unwrap();
    for (case, expected) in &made.cases {
        let decision = decider.decide_json(date, case).unwrap();
        let told = match decision.output("n") {
            Some(krites::lang::OutputValue::Integer(n)) => n.to_string(),
            _ => decision.outcome().to_owned(),
        };
        assert_eq!(&told, expected, "{case}");
    }
}

fn shown(duration: Duration) -> String {
    let milliseconds = duration.as_secs_f64() * 1e3;
    match milliseconds {
        0.0 => "–".to_owned(),
        ..10.0 => format!("{milliseconds:.2} ms"),
        _ => format!("{milliseconds:.0} ms"),
    }
}
