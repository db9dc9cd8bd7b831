//! How long decisions take: cases in a new order at each pass, blocks of them timed as a
//! whole in turns with blocks whose decisions are timed one by one.
//!
//! Reading the clock takes a good part of what a short decision does. The rate comes from
//! whole blocks, where it hardly counts; each single time has about one reading in it,
//! which is measured and told, not subtracted.

use std::hint::black_box;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;
use krites::{CsvBinding, Date, Decider};

use super::Cases;
use crate::command::rows::{Abort, Ready};

/// Decisions in a block
const BLOCK: usize = 64;

/// What decisions took
pub(super) struct Timing {
    /// Decisions in all, those of both kinds of block
    pub(super) decisions: u64,
    /// Of all threads together
    pub(super) a_second: f64,
    /// Nanoseconds of single decisions
    each: Histogram<u64>,
    /// What a reading of the clock takes
    pub(super) clock: Duration,
}

impl Timing {
    /// Microseconds that a part of the decisions take at most
    pub(super) fn at(&self, part: f64) -> f64 {
        microseconds(self.each.value_at_quantile(part))
    }

    /// Microseconds that the longest decision took
    pub(super) fn longest(&self) -> f64 {
        microseconds(self.each.max())
    }
}

#[expect(clippy::cast_precision_loss, reason = "decisions do not take months")]
fn microseconds(nanoseconds: u64) -> f64 {
    nanoseconds as f64 / 1e3
}

/// Decides the cases for so long, by so many threads, each with a decider of its own.
pub(super) fn time(
    ready: &Ready,
    cases: &Cases,
    lasting: Duration,
    threads: u16,
) -> Result<Timing, Abort> {
    let clock = clock();
    let mut workers = (0..u64::from(threads))
        .map(|seed| Worker::new(ready, cases, seed))
        .collect::<Result<Vec<_>, _>>()?;
    let barrier = Barrier::new(workers.len());
    thread::scope(|scope| {
        let barrier = &barrier;
        let spawned = workers.iter_mut().map(|worker| {
            scope.spawn(move || {
                let warm = worker.warm_up(lasting / 10);
                barrier.wait();
                warm.and_then(|()| worker.work(lasting))
            })
        });
        let spawned: Vec<_> = spawned.collect();
        let ended = spawned.into_iter().map(|spawned| match spawned.join() {
            Ok(ended) => ended,
            Err(_) => Err(Abort::Words("a thread that decided ended early".to_owned())),
        });
        ended.collect::<Result<Vec<()>, Abort>>()
    })?;
    let mut timing = Timing {
        decisions: 0,
        a_second: 0.0,
        each: histogram()?,
        clock,
    };
    for worker in &workers {
        timing.decisions += worker.whole.0 + worker.each.len();
        #[expect(clippy::cast_precision_loss, reason = "a rate for people")]
        let decided = worker.whole.0 as f64;
        timing.a_second += decided / worker.whole.1.as_secs_f64().max(1e-9);
        // Both have the same bounds.
        let _ = timing.each.add(&worker.each);
    }
    Ok(timing)
}

/// Up to an hour, to three digits
fn histogram() -> Result<Histogram<u64>, Abort> {
    Histogram::new_with_bounds(1, 3_600_000_000_000, 3)
        .map_err(|error| Abort::Words(error.to_string()))
}

/// The median of readings one behind the other
fn clock() -> Duration {
    let mut taken: Vec<Duration> = (0..1_001)
        .map(|_| {
            let begun = Instant::now();
            begun.elapsed()
        })
        .collect();
    taken.sort_unstable();
    taken.get(taken.len() / 2).copied().unwrap_or_default()
}

/// What a thread decides with
struct Worker<'c> {
    decider: Decider,
    columns: Option<CsvBinding>,
    cases: &'c Cases,
    date: Date,
    order: Vec<usize>,
    /// State of SplitMix64 (Steele, Lea, Flood, 2014)
    random: u64,
    /// How many decisions whole blocks had, and how long those took
    whole: (u64, Duration),
    /// Nanoseconds of single decisions
    each: Histogram<u64>,
}

impl<'c> Worker<'c> {
    fn new(ready: &Ready, cases: &'c Cases, seed: u64) -> Result<Self, Abort> {
        let mut decider = ready.decider()?;
        let columns = cases.columns(&mut decider);
        // Few cases come several times, so that blocks are full.
        let times = BLOCK.div_ceil(cases.len().max(1));
        let order = (0..times).flat_map(|_| 0..cases.len());
        Ok(Self {
            decider,
            columns: columns.map_err(|error| Abort::Words(error.to_string()))?,
            cases,
            date: ready.date,
            order: order.collect(),
            random: seed,
            whole: (0, Duration::ZERO),
            each: histogram()?,
        })
    }

    /// Goes through the cases once, for so long at most.
    fn warm_up(&mut self, at_most: Duration) -> Result<(), Abort> {
        let begun = Instant::now();
        for case in 0..self.cases.len() {
            self.decide(case)?;
            if begun.elapsed() > at_most {
                break;
            }
        }
        Ok(())
    }

    fn work(&mut self, lasting: Duration) -> Result<(), Abort> {
        let begun = Instant::now();
        let mut whole = true;
        loop {
            self.shuffle();
            let order = std::mem::take(&mut self.order);
            for block in order.chunks(BLOCK) {
                if whole {
                    let begun = Instant::now();
                    for case in block {
                        self.decide(*case)?;
                    }
                    self.whole.1 += begun.elapsed();
                    self.whole.0 += block.len() as u64;
                } else {
                    for case in block {
                        let begun = Instant::now();
                        self.decide(*case)?;
                        let taken = begun.elapsed().as_nanos();
                        let taken = u64::try_from(taken).unwrap_or(u64::MAX);
                        self.each.saturating_record(taken);
                    }
                    if begun.elapsed() >= lasting {
                        return Ok(());
                    }
                }
                whole = !whole;
            }
            self.order = order;
        }
    }

    #[inline]
    fn decide(&mut self, case: usize) -> Result<(), Abort> {
        let (decider, columns) = (&mut self.decider, self.columns.as_ref());
        match self.cases.decide(case, decider, columns, self.date) {
            Some(Ok(decision)) => {
                black_box(decision.outcome());
                Ok(())
            }
            // Each was decided once before; a model that runs out of time, say
            Some(Err(error)) => Err(Abort::Words(format!(
                "a case that was decided before is not decided again: {error}"
            ))),
            None => Err(Abort::Words("a case is gone".to_owned())),
        }
    }

    /// Fisher and Yates
    fn shuffle(&mut self) {
        for place in (1..self.order.len()).rev() {
            let other = self.next() % (place as u64 + 1);
            self.order
                .swap(place, usize::try_from(other).unwrap_or(place));
        }
    }

    fn next(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}
