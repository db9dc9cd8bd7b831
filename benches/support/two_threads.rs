//! What a second thread adds to the first, with one model.

use std::sync::Barrier;

use super::subject::{Nanoseconds, Subject};
use super::support::CASES;

/// Returns how many rows two threads answer in the time in which one answers
/// one: of many rounds of some tenth of a millisecond, in turns, the quickest of
/// each, for what else the machine does slows a round down and never speeds it
/// up.
pub(crate) fn two_threads(
    subjects: &mut [Subject<'_>; 2],
    one_row: Nanoseconds,
    rounds: usize,
) -> f64 {
    let n_rows = ((2e5 / one_row) as usize).clamp(10, CASES);
    let (alone, both) = (Barrier::new(1), Barrier::new(2));
    let [first, second] = subjects;
    let mut least = [f64::INFINITY; 2];
    for _ in 0..rounds * 10 {
        least[0] = least[0].min(first.pass_after(n_rows, &alone));
        let together = std::thread::scope(|scope| {
            let other = scope.spawn(|| second.pass_after(n_rows, &both));
            let ours = first.pass_after(n_rows, &both);
            ours.max(other.join().unwrap())
        });
        least[1] = least[1].min(together);
    }
    2.0 * least[0] / least[1]
}
