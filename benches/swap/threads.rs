//! What a second thread that decides adds to the first, both with deciders of one engine.

use std::sync::{Arc, Barrier};
use std::time::Instant;

use krites::{Decider, Engine, Release};

use super::{Cases, pin};

/// Decisions of a round: some tenths of a millisecond
const DECISIONS: usize = 2_000;

/// Prints how many decisions two threads make in the time in which one makes one: of many
/// rounds, in turns, the quickest of each, for what else the machine does slows a round down
/// and never speeds it up.
pub(crate) fn measure(release: &Arc<Release>, rounds: usize) {
    pin(0);
    let engine = Engine::new(release.clone());
    let mut one = (engine.decider("eligibility").unwrap(), Cases::new());
    let mut other = (engine.decider("eligibility").unwrap(), Cases::new());
    let (alone, both) = (Barrier::new(1), Barrier::new(2));
    let mut least = [f64::INFINITY; 2];
    for _ in 0..rounds {
        least[0] = least[0].min(round(&mut one, &alone));
        let together = std::thread::scope(|scope| {
            let theirs = scope.spawn(|| {
                pin(1);
                round(&mut other, &both)
            });
            let ours = round(&mut one, &both);
            ours.max(theirs.join().unwrap())
        });
        least[1] = least[1].min(together);
    }
    println!(
        "two threads make {:.2} times the decisions of one ({:.0} ns each alone; of {rounds} rounds the quickest)",
        2.0 * least[0] / least[1],
        least[0] * 1e9 / DECISIONS as f64
    );
}

/// Decides from when all threads are ready, and tells the seconds.
fn round((decider, cases): &mut (Decider, Cases), barrier: &Barrier) -> f64 {
    for _ in 0..DECISIONS {
        cases.decide(decider);
    }
    barrier.wait();
    let begun = Instant::now();
    for _ in 0..DECISIONS {
        cases.decide(decider);
    }
    begun.elapsed().as_secs_f64()
}
