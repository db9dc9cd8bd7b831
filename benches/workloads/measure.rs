//! Two ways of the same work in turns.

use std::time::{Duration, Instant};

use super::support::{CASES, Visits};

/// A round visits the cases so often that it lasts about as long
const ROUND: Duration = Duration::from_millis(2);

/// Measures both in turns and prints a line: what the engine takes, what by hand, and the
/// median of the ratios.
pub(crate) fn turns(
    work: &str,
    facts: &str,
    rounds: usize,
    mut engine: impl FnMut(usize),
    mut by_hand: impl FnMut(usize),
) {
    let (engine_passes, hand_passes) = (passes(&mut engine), passes(&mut by_hand));
    let mut visits = Visits::new();
    let mut taken: Vec<(f64, f64, f64)> = (0..rounds)
        .map(|_| {
            let engine = round(&mut visits, engine_passes, &mut engine);
            let hand = round(&mut visits, hand_passes, &mut by_hand);
            (engine / hand, engine, hand)
        })
        .collect();
    taken.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (ratio, engine, hand) = taken[rounds / 2];
    println!("| {work} | {facts} | {engine:.0} ns | {hand:.0} ns | **{ratio:.2}** |");
}

/// How often to go through the cases in a round; warms caches on the way.
fn passes(work: &mut impl FnMut(usize)) -> usize {
    let mut visits = Visits::new();
    let begun = Instant::now();
    for _ in 0..CASES {
        work(visits.next());
    }
    let pass = begun.elapsed().max(Duration::from_nanos(1));
    (ROUND.as_nanos() / pass.as_nanos()).clamp(1, 1_000) as usize
}

/// Nanoseconds a case
fn round(visits: &mut Visits, passes: usize, work: &mut impl FnMut(usize)) -> f64 {
    // The caches that the other one has filled
    for _ in 0..CASES {
        work(visits.next());
    }
    let begun = Instant::now();
    for _ in 0..passes * CASES {
        work(visits.next());
    }
    begun.elapsed().as_secs_f64() * 1e9 / (passes * CASES) as f64
}
