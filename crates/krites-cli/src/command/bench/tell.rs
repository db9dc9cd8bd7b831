//! What was measured, for people and for programs.

use serde_json::{Value, json};

use super::{Bench, Measured};
use crate::command::bench::cases::Noted;
use crate::command::count;

/// Parts of the decisions whose times are told, with their names in both forms
const PARTS: [(f64, &str, &str); 4] = [
    (0.5, "p50", "p50"),
    (0.9, "p90", "p90"),
    (0.99, "p99", "p99"),
    (0.999, "p99.9", "p99_9"),
];

/// Tells people.
pub(super) fn text(bench: &Bench, measured: &Measured) {
    let (cases, timing) = (&measured.cases, &measured.timing);
    let first = if cases.cut { "the first " } else { "" };
    say!(
        "{}: {first}{} of `{}`, as of {}",
        measured.policy,
        count(cases.len(), "case"),
        bench.given.input.display(),
        measured.date
    );
    let outcomes = shares(measured);
    let outcomes = outcomes.iter().map(|(outcome, count, share)| {
        let percent = share * 100.0;
        format!("{outcome} {percent:.1} % ({count})")
    });
    say!("outcomes: {}", outcomes.collect::<Vec<_>>().join(", "));
    note("refused, and not timed", "row", &cases.refused);
    note(
        "with faults that the policy handles",
        "case",
        &cases.faulted,
    );
    say!(
        "{} for {} s: {:.0} decisions a second",
        count(usize::from(bench.threads), "thread"),
        bench.seconds.as_secs_f64(),
        timing.a_second
    );
    let parts = PARTS.map(|(part, name, _)| format!("{name} {:.2}", timing.at(part)));
    say!(
        "a decision in microseconds: {}, max {:.2}",
        parts.join(", "),
        timing.longest()
    );
    say!(
        "each with a reading of the clock in it, which takes {:.3}",
        timing.clock.as_secs_f64() * 1e6
    );
}

fn note(what: &str, thing: &str, noted: &Noted) {
    if let Some((row, words)) = &noted.first {
        say!(
            "{} {what}; the first, row {row}: {words}",
            count(noted.count, thing)
        );
    }
}

/// Makes the object for programs.
pub(super) fn document(bench: &Bench, measured: &Measured) -> Value {
    let (cases, timing) = (&measured.cases, &measured.timing);
    let outcomes = shares(measured).into_iter().map(
        |(outcome, count, share)| json!({ "outcome": outcome, "cases": count, "share": share }),
    );
    let mut microseconds = json!({ "max": timing.longest() });
    for (part, _, name) in PARTS {
        let at = json!({ name: timing.at(part) });
        microseconds = crate::report::with(microseconds, at);
    }
    json!({
        "format": 1,
        "failure": null,
        "policy": measured.policy,
        "date": measured.date.to_string(),
        "input": bench.given.input.display().to_string(),
        "cases": cases.len(),
        "cut": cases.cut,
        "outcomes": outcomes.collect::<Vec<_>>(),
        "refused": noted(&cases.refused),
        "faulted": noted(&cases.faulted),
        "threads": bench.threads,
        "seconds": bench.seconds.as_secs_f64(),
        "decisions": timing.decisions,
        "decisions_a_second": timing.a_second.round(),
        "microseconds": microseconds,
        "clock_microseconds": timing.clock.as_secs_f64() * 1e6,
    })
}

/// Makes the object where nothing could be measured.
pub(super) fn failure(words: &str) -> Value {
    json!({ "format": 1, "failure": words })
}

fn noted(noted: &Noted) -> Value {
    let first = noted.first.as_ref();
    json!({
        "count": noted.count,
        "first": first.map(|(row, message)| json!({ "row": row, "message": message })),
    })
}

/// Outcomes with their cases and shares, the most frequent first
fn shares(measured: &Measured) -> Vec<(&str, usize, f64)> {
    let cases = &measured.cases;
    let outcomes = cases.outcomes.iter();
    #[expect(clippy::cast_precision_loss, reason = "cases are few")]
    let share = |count: usize| count as f64 / cases.len().max(1) as f64;
    let mut shares: Vec<_> = outcomes
        .map(|(outcome, count)| (outcome.as_str(), *count, share(*count)))
        .collect();
    shares.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    shares
}
