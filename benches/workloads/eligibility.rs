//! Eligibility: 12 fields, 11 rules of which the first that matches decides, two divisions.
//!
//! By hand: the same rules on scaled integers.

use std::hint::black_box;

use krites::{Decision, Release};

use super::measure::Work;
use super::support::{Applicant, ELIGIBILITY, applicants, by_hand};

pub(crate) fn measure(rounds: usize) {
    let cases = applicants();
    let builder = Release::builder().policy("eligibility.krites", ELIGIBILITY);
    let mut work = Work::new("eligibility, 12 fields", builder, "eligibility", &cases);
    let owned = |(outcome, reason): (&str, &str)| (outcome.to_owned(), reason.to_owned());
    work.check(
        |case| owned(by_hand(case)),
        |decision| owned((decision.outcome(), reason(decision))),
    );
    work.measure(
        rounds,
        |decision| (decision.outcome().len(), reason(decision).len()),
        |case| {
            black_box(by_hand(case));
        },
        |json| {
            let case: Applicant<'_> = serde_json::from_str(json).unwrap();
            black_box(by_hand(&case));
        },
    );
}

fn reason<'d>(decision: &Decision<'d>) -> &'d str {
    decision.reasons().next().map_or("", |reason| reason.code)
}
