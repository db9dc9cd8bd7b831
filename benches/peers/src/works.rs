//! The workloads: cases and answers, Krites and hand-written Rust, and whoever else can
//! express them.

use std::hint::black_box;

use krites::{Decision, Release};

use super::contest::{Contest, Work, decides};
use super::exact::krites;
use super::support::{Applicant, CASES, ELIGIBILITY, Random, applicants, by_hand, limits};
use super::{BY_HAND, peers, rules, scorecard, table};

/// How to run them
pub(crate) struct Run<'r> {
    pub(crate) columns: &'r [&'r str],
    pub(crate) rounds: usize,
    pub(crate) test: Option<usize>,
}

/// Twelve fields, ten rules of which the first that matches decides
pub(crate) fn eligibility(run: &Run<'_>) {
    let words = |(outcome, reason): (&str, &str)| format!("{outcome} {reason}");
    let cases = applicants();
    let work = Work::new("eligibility", &cases, |case| words(by_hand(case)));
    let mut contest = Contest::new(&work, run.test);
    let read = |decision: &Decision<'_>| {
        (
            decision.outcome().len(),
            decision.reasons().next().is_some(),
        )
    };
    let told = |decision: &Decision<'_>| {
        words((decision.outcome(), decision.reasons().next().unwrap().code))
    };
    let release = Release::builder().policy("eligibility.krites", ELIGIBILITY);
    contest.enter(
        "Krites",
        krites(release, "eligibility", &cases, &work.json, read, told),
    );
    for (name, both) in peers::eligibility(&work) {
        contest.enter(name, both);
    }
    let told = |answer: (&str, &str), asked: Option<&mut String>| {
        if let Some(asked) = asked {
            *asked = words(answer);
        }
    };
    contest.enter(
        BY_HAND,
        [
            decides(|case, asked| told(black_box(by_hand(&cases[case])), asked)),
            decides(|case, asked| {
                let case: Applicant<'_> = serde_json::from_str(&work.json[case]).unwrap();
                told(black_box(by_hand(&case)), asked);
            }),
        ],
    );
    contest.run(run.columns, run.rounds);
}

/// Points for fifteen features of five bins each
pub(crate) fn scorecard(run: &Run<'_>) {
    let card = scorecard::card();
    let mut random = Random(5);
    let cases: Vec<scorecard::Typed> = (0..CASES)
        .map(|_| scorecard::Typed::at_random(&mut random))
        .collect();
    let points = |case: &scorecard::Typed| scorecard::by_hand(&card, &case.values());
    let work = Work::new("scorecard, 15 × 5", &cases, |case| {
        points(case).to_string()
    });
    let mut contest = Contest::new(&work, run.test);
    let told = |decision: &Decision<'_>| scorecard::total(decision).to_string();
    let release = Release::builder().policy("points.krites", scorecard::policy(&card));
    contest.enter(
        "Krites",
        krites(
            release,
            "points",
            &cases,
            &work.json,
            scorecard::total,
            told,
        ),
    );
    for (name, both) in peers::scorecard(&card, &work) {
        contest.enter(name, both);
    }
    contest.enter(
        BY_HAND,
        [
            decides(|case, asked| number(black_box(points(&cases[case])), asked)),
            decides(|case, asked| {
                let case: scorecard::Typed = serde_json::from_str(&work.json[case]).unwrap();
                number(black_box(points(&case)), asked);
            }),
        ],
    );
    contest.run(run.columns, run.rounds);
}

/// Rules of two conditions each over thirty fields, of which all that match count
pub(crate) fn rules(n_rules: usize, run: &Run<'_>) {
    let all = rules::rules(n_rules);
    let mut random = Random(7);
    let cases: Vec<rules::Typed<'_>> = (0..CASES)
        .map(|_| rules::Typed::at_random(&mut random))
        .collect();
    let index = rules::Index::new(&all);
    let (mut found, mut found_in_json) = (Vec::new(), Vec::new());
    let name = format!("{n_rules} rules, all that match");
    let work = Work::new(name, &cases, |case| {
        places(&rules::scan(&all, &case.values()))
    });
    let mut contest = Contest::new(&work, run.test);
    let read = |decision: &Decision<'_>| decision.outcome().len();
    let told = move |decision: &Decision<'_>| places(&rules::fired(decision, n_rules));
    let release = Release::builder().policy("alerts.krites", rules::policy(&all));
    contest.enter(
        "Krites",
        krites(release, "alerts", &cases, &work.json, read, told),
    );
    for (name, both) in peers::rules(&all, &work) {
        contest.enter(name, both);
    }
    contest.enter(
        BY_HAND,
        [
            decides(|case, asked| {
                index.collect(&cases[case].values(), &mut found);
                if let Some(asked) = asked {
                    *asked = places(&found);
                }
                black_box(&found);
            }),
            decides(|case, asked| {
                let case: rules::Typed<'_> = serde_json::from_str(&work.json[case]).unwrap();
                index.collect(&case.values(), &mut found_in_json);
                if let Some(asked) = asked {
                    *asked = places(&found_in_json);
                }
                black_box(&found_in_json);
            }),
        ],
    );
    contest.run(run.columns, run.rounds);
}

/// A table of two equalities and two ranges, of which the first row that matches counts
pub(crate) fn table(n_rows: usize, run: &Run<'_>) {
    let rows = limits::rows(n_rows);
    let asks = table::asks(&rows);
    let cases: Vec<table::Ask<'_>> = asks.iter().map(table::Owned::view).collect();
    let index = table::Index::new(&rows);
    let work = Work::new(format!("table, {n_rows} rows"), &cases, |ask| {
        table::scan(&rows, ask).to_string()
    });
    let mut contest = Contest::new(&work, run.test);
    let told = |decision: &Decision<'_>| table::id(decision).to_string();
    let release = Release::builder()
        .policy("made.krites", limits::POLICY)
        .file("made.csv", limits::csv(&rows));
    contest.enter(
        "Krites",
        krites(release, "made", &cases, &work.json, table::id, told),
    );
    for (name, both) in peers::table(&rows, &work) {
        contest.enter(name, both);
    }
    contest.enter(
        BY_HAND,
        [
            decides(|case, asked| number(black_box(index.find(&cases[case])), asked)),
            decides(|case, asked| {
                let ask: table::Ask<'_> = serde_json::from_str(&work.json[case]).unwrap();
                number(black_box(index.find(&ask)), asked);
            }),
        ],
    );
    contest.run(run.columns, run.rounds);
}

fn number(number: i64, asked: Option<&mut String>) {
    if let Some(asked) = asked {
        *asked = number.to_string();
    }
}

/// The places of rules in words
fn places(places: &[u32]) -> String {
    let places: Vec<String> = places.iter().map(u32::to_string).collect();
    places.join(" ")
}
