//! Blocks of decisions, each timed by itself: means hide what few of them take.

use std::fmt;
use std::time::{Duration, Instant};

use hdrhistogram::Histogram;

/// Decisions in a block
pub(crate) const BLOCK: usize = 64;

/// What blocks took
pub(crate) struct Blocks(Histogram<u64>);

impl Blocks {
    pub(crate) fn new() -> Self {
        // Up to ten seconds, to three digits
        Self(Histogram::new_with_bounds(1, 10_000_000_000, 3).unwrap())
    }

    /// Does a block of work and tells what it took.
    pub(crate) fn time(mut work: impl FnMut()) -> Duration {
        let begun = Instant::now();
        for _ in 0..BLOCK {
            work();
        }
        begun.elapsed()
    }

    pub(crate) fn record(&mut self, taken: Duration) {
        self.0.saturating_record(taken.as_nanos() as u64);
    }

    pub(crate) fn len(&self) -> u64 {
        self.0.len()
    }

    /// Microseconds that a part of the blocks take at most
    pub(crate) fn at(&self, part: f64) -> f64 {
        self.0.value_at_quantile(part) as f64 / 1e3
    }
}

/// Median, 99 % and 99.9 %, in microseconds
impl fmt::Display for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [median, most, nearly_all] = [0.5, 0.99, 0.999].map(|part| self.at(part));
        write!(f, "{median:.2}, {most:.2}, {nearly_all:.2} µs")
    }
}
