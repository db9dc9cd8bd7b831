//! Inputs that are not given cost nothing: a policy of 300 inputs of which 20 are
//! given and read, beside one that has these 20 alone; declared one by one, and as a
//! group on request that nothing asks for.
//!
//! `cargo bench --bench wide`. Every answer is checked against rules by hand, and
//! warm decisions are checked to allocate nothing. The ratios are printed at the end.

#[allow(dead_code, reason = "each bench uses what it needs")]
mod support;

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput};
use krites::{Date, Decider, Engine, Release};
use serde::Serialize;
use support::{CASES, Random, Visits};

/// Inputs that are given and read
const READ: usize = 20;
/// Inputs that are declared and not given
const OTHERS: usize = 280;

/// How the others are declared
#[derive(Clone, Copy)]
enum Others {
    None,
    Optional,
    OnRequest,
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let cases = cases();
    let all = [
        ("20 inputs", Others::None),
        ("300 inputs", Others::Optional),
        ("20 inputs, 280 on request", Others::OnRequest),
    ];
    let mut group = criterion.benchmark_group("wide");
    group.throughput(Throughput::Elements(1));
    for (name, others) in all {
        let mut decider = decider(others);
        checked(&mut decider, &cases);
        let mut visits = Visits::new();
        group.bench_function(name, |bench| {
            bench.iter(|| decide(&mut decider, black_box(&cases[visits.next()])));
        });
    }
    group.finish();
    criterion.final_summary();
    for (name, others) in &all[1..] {
        print_ratio(name, *others, &cases);
    }
}

/// A case: amounts of whole pounds, by the names of the inputs
#[derive(Serialize)]
struct Case {
    f1: i64,
    f2: i64,
    f3: i64,
    f4: i64,
    f5: i64,
    f6: i64,
    f7: i64,
    f8: i64,
    f9: i64,
    f10: i64,
    f11: i64,
    f12: i64,
    f13: i64,
    f14: i64,
    f15: i64,
    f16: i64,
    f17: i64,
    f18: i64,
    f19: i64,
    f20: i64,
}

impl Case {
    fn amounts(&self) -> [i64; READ] {
        [
            self.f1, self.f2, self.f3, self.f4, self.f5, self.f6, self.f7, self.f8, self.f9,
            self.f10, self.f11, self.f12, self.f13, self.f14, self.f15, self.f16, self.f17,
            self.f18, self.f19, self.f20,
        ]
    }
}

fn cases() -> Vec<Case> {
    let mut random = Random(3);
    let mut amount = || random.whole(0, 1_000);
    (0..CASES)
        .map(|_| Case {
            f1: amount(),
            f2: amount(),
            f3: amount(),
            f4: amount(),
            f5: amount(),
            f6: amount(),
            f7: amount(),
            f8: amount(),
            f9: amount(),
            f10: amount(),
            f11: amount(),
            f12: amount(),
            f13: amount(),
            f14: amount(),
            f15: amount(),
            f16: amount(),
            f17: amount(),
            f18: amount(),
            f19: amount(),
            f20: amount(),
        })
        .collect()
}

/// Above which each amount is looked at; few are
fn bound(position: usize) -> i64 {
    i64::try_from(970 + position).unwrap()
}

fn decider(others: Others) -> Decider {
    let mut text = String::from(
        "policy wide { version \"1\"; on fault refer }\nenum Outcome { approve < refer < decline }\ninput {\n",
    );
    for at in 1..=READ {
        writeln!(text, "f{at} : money(GBP)? in 0 and above").unwrap();
    }
    let lines = |text: &mut String| {
        for at in 1..=OTHERS {
            writeln!(text, "x{at} : money(GBP)? in 0 and above").unwrap();
        }
    };
    match others {
        Others::None => {}
        Others::Optional => lines(&mut text),
        Others::OnRequest => {
            text.push_str("report on request {\n");
            lines(&mut text);
            text.push_str("as_of : date\nstale after 30 days\n}\n");
        }
    }
    text.push_str("}\ndefine { total : money(GBP) = ");
    let amounts: Vec<String> = (1..=READ)
        .map(|at| format!("(f{at} if missing 0)"))
        .collect();
    text.push_str(&amounts.join(" + "));
    text.push_str(" }\nrules looked_at all {\n");
    for at in 1..=READ {
        let bound = bound(at - 1);
        writeln!(
            text,
            "rule r{at} when f{at} is present and f{at} > {bound} then refer"
        )
        .unwrap();
    }
    text.push_str("}\ndecide outcome : Outcome most severe {\nevaluate looked_at\n");
    if let Others::OnRequest = others {
        text.push_str("rule asks when total > 1_000_000 and report.x1 is present then decline\n");
    }
    text.push_str(
        "rule large when total > 12_000 then decline\nrule rest otherwise then approve\n}\n",
    );
    let release = Release::builder().policy("wide.krites", text).build();
    Engine::new(release.unwrap()).decider("wide").unwrap()
}

fn by_hand(case: &Case) -> &'static str {
    let amounts = case.amounts();
    if amounts.iter().sum::<i64>() > 12_000 {
        return "decline";
    }
    match amounts
        .iter()
        .enumerate()
        .any(|(at, amount)| *amount > bound(at))
    {
        true => "refer",
        false => "approve",
    }
}

fn decide(decider: &mut Decider, case: &Case) -> usize {
    let date = Date::new(2026, 11, 22).unwrap();
    black_box(decider.decide(date, case).unwrap().outcome().len())
}

fn checked(decider: &mut Decider, cases: &[Case]) {
    let date = Date::new(2026, 11, 22).unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for case in cases {
        let decision = decider.decide(date, case).unwrap();
        assert_eq!(decision.outcome(), by_hand(case));
        seen.insert(by_hand(case));
        assert!(decision.groups().all(|group| !group.state.is_asked()));
    }
    assert_eq!(seen.len(), 3, "{seen:?}");
    let allocations = allocation_counter::measure(|| {
        cases.iter().for_each(|case| {
            decide(decider, case);
        });
    });
    assert_eq!(allocations.count_total, 0, "a warm decision allocates");
}

/// Both in turns, in one run; the median of the ratios.
fn print_ratio(name: &str, others: Others, cases: &[Case]) {
    // As a test, once is enough.
    let rounds = match std::env::args().any(|argument| argument == "--test") {
        true => 1,
        false => 41,
    };
    let (mut narrow, mut wide) = (decider(Others::None), decider(others));
    let mut visits = Visits::new();
    let mut round = |decider: &mut Decider| {
        let begun = Instant::now();
        for _ in 0..20 * cases.len() {
            decide(decider, black_box(&cases[visits.next()]));
        }
        begun.elapsed()
    };
    let mut ratios: Vec<(f64, Duration, Duration)> = (0..rounds)
        .map(|_| {
            let (narrow, wide) = (round(&mut narrow), round(&mut wide));
            (wide.as_secs_f64() / narrow.as_secs_f64(), wide, narrow)
        })
        .collect();
    ratios.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (ratio, wide, narrow) = ratios[rounds / 2];
    let each = |took: Duration| took.as_secs_f64() * 1e9 / (20 * cases.len()) as f64;
    println!(
        "{name}, 20 given: {:.0} ns, 20 inputs alone: {:.0} ns, ratio {ratio:.2} (median of {rounds} rounds)",
        each(wide),
        each(narrow)
    );
}
