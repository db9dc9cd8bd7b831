//! A batch decides its rows as they are decided one by one, wherever they ask models: the
//! examples, policies at random, and models of the host that fail, that stand in, that run in
//! shadow; and it allocates nothing that grows with its rows.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod examples;
mod random;
mod scorer;
mod waiting;

use krites::{Date, DecideError, Decider, Decision, Envelope, Rows};

fn day() -> Date {
    Date::new(2026, 11, 2).unwrap()
}

/// All that a decision tells: its record, in which the canonical bytes are, or the error
fn told(decided: Result<Decision<'_>, DecideError>) -> String {
    match decided {
        Ok(decision) => {
            let record = serde_json::to_string(&decision.record(Envelope::default())).unwrap();
            let canonical = String::from_utf8(decision.canonical()).unwrap();
            format!("{record}\n{canonical}")
        }
        Err(error) => format!("error: {error}"),
    }
}

fn batch(decider: &mut Decider, rows: &(impl Rows + ?Sized)) -> Vec<String> {
    let mut all = Vec::new();
    let done = decider.decide_batch(day(), rows, |row, decided| {
        assert_eq!(row, all.len());
        all.push(told(decided));
    });
    done.unwrap_or_else(|error| panic!("{error}"));
    all
}
