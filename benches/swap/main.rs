//! Deciding while another thread publishes a thousand releases a second, beside deciding
//! undisturbed; what publishing costs; and what a second thread that decides adds.
//!
//! `cargo bench --bench swap`. Blocks of 64 decisions are timed one by one, undisturbed and
//! disturbed in turns; every answer is checked against the rules by hand.

mod blocks;
#[path = "../support/mod.rs"]
#[allow(dead_code, reason = "each bench uses what it needs")]
mod support;
mod threads;

use std::sync::{Arc, OnceLock};

use core_affinity::CoreId;
use krites::{Date, Decider, Release};
use support::{Applicant, ELIGIBILITY, Visits, applicants, by_hand};

/// Releases that are published in turn
const RELEASES: usize = 16;

fn main() {
    // As a test, once is enough.
    let test = std::env::args().any(|argument| argument == "--test");
    let releases: Vec<Arc<Release>> = (1..=RELEASES).map(release).collect();
    for n_releases in [2, RELEASES] {
        blocks::measure(&releases[..n_releases], if test { 1 } else { 20 });
    }
    for n_releases in [1, 2, 4, RELEASES] {
        blocks::alone(&releases[..n_releases], if test { 10 } else { 4_000 });
    }
    threads::measure(&releases[0], if test { 2 } else { 200 });
}

/// Keeps a thread on a core of its own, where there are two, so that no other thread of the
/// bench takes the core in between.
fn pin(core: usize) {
    // Asked before any thread keeps to one: those that it begins would see that one alone.
    static CORES: OnceLock<Vec<CoreId>> = OnceLock::new();
    let cores = CORES.get_or_init(|| core_affinity::get_core_ids().unwrap_or_default());
    if let Some(core) = cores.get(core).filter(|_| cores.len() > 1) {
        core_affinity::set_for_current(*core);
    }
}

fn release(version: usize) -> Arc<Release> {
    let text = ELIGIBILITY.replace("version  \"1\"", &format!("version  \"{version}\""));
    let builder = Release::builder().policy("eligibility.krites", text);
    Arc::new(builder.build().unwrap())
}

/// Cases with what they are told by hand, in a new order at each pass
struct Cases {
    cases: Vec<Applicant<'static>>,
    outcomes: Vec<&'static str>,
    visits: Visits,
    date: Date,
}

impl Cases {
    fn new() -> Self {
        let cases = applicants();
        Self {
            outcomes: cases.iter().map(|case| by_hand(case).0).collect(),
            cases,
            visits: Visits::new(),
            date: Date::new(2026, 11, 23).unwrap(),
        }
    }

    /// Decides the next case, and tells the address of the release that did.
    #[inline]
    fn decide(&mut self, decider: &mut Decider) -> usize {
        let at = self.visits.next();
        let decided = decider.decide_facts(self.date, &self.cases[at]).unwrap();
        assert_eq!(decided.outcome(), self.outcomes[at]);
        Arc::as_ptr(decided.release()).addr()
    }
}
