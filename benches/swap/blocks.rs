//! Blocks of decisions, with a publisher beside them and without.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use krites::{Decider, Engine, Release};

use super::support::blocks::Blocks;
use super::{Cases, pin};

/// How long blocks are timed before it is the other one's turn
const TURN: Duration = Duration::from_millis(250);

/// Blocks between two publications of one thread: about a millisecond
const BETWEEN: usize = 60;

/// Blocks before those that count
const WARM: usize = 100;

/// What the publisher is told, and what it tells
#[derive(Default)]
struct Publisher {
    publishes: AtomicBool,
    stops: AtomicBool,
    /// How often it woke up, whether it published or not
    woke: AtomicU64,
    published: AtomicU64,
}

/// The blocks of one kind of turn
struct Turns {
    all: Blocks,
    /// Those in which another release took over; undisturbed, those in which the publisher
    /// woke up for nothing: long blocks are met more often than short ones
    met: Blocks,
    lasted: Duration,
}

impl Turns {
    fn new() -> Self {
        Self {
            all: Blocks::new(),
            met: Blocks::new(),
            lasted: Duration::ZERO,
        }
    }

    fn one(&mut self, decider: &mut Decider, cases: &mut Cases, publisher: &Publisher) {
        let publishes = publisher.publishes.load(Ordering::Relaxed);
        let (mut last, mut woke) = (0, 0);
        for _ in 0..WARM {
            Blocks::time(|| last = cases.decide(decider));
        }
        let begun = Instant::now();
        while begun.elapsed() < TURN {
            let mut now = last;
            let taken = Blocks::time(|| now = cases.decide(decider));
            self.all.record(taken);
            let wakes = publisher.woke.load(Ordering::Relaxed);
            let met = match publishes {
                true => now != last,
                false => wakes != woke,
            };
            if met {
                self.met.record(taken);
            }
            (last, woke) = (now, wakes);
        }
        self.lasted += begun.elapsed();
    }
}

pub(crate) fn measure(releases: &[Arc<Release>], rounds: usize) {
    pin(0);
    let engine = Engine::new(releases[0].clone());
    let mut decider = engine.decider("eligibility").unwrap();
    let mut cases = Cases::new();
    let (mut calm, mut disturbed) = (Turns::new(), Turns::new());
    let publisher = Publisher::default();
    let publishing = thread::scope(|scope| {
        let publishing = scope.spawn(|| {
            pin(1);
            publish(&engine, releases, &publisher)
        });
        for _ in 0..rounds {
            publisher.publishes.store(false, Ordering::Relaxed);
            calm.one(&mut decider, &mut cases, &publisher);
            publisher.publishes.store(true, Ordering::Relaxed);
            disturbed.one(&mut decider, &mut cases, &publisher);
        }
        publisher.stops.store(true, Ordering::Relaxed);
        publishing.join().unwrap()
    });
    let published = publisher.published.load(Ordering::Relaxed);
    let a_second = published as f64 / disturbed.lasted.as_secs_f64();
    println!(
        "blocks of 64 decisions, median, 99 %, 99.9 %; {} releases in turns:",
        releases.len()
    );
    println!("  undisturbed: {} ({} blocks)", calm.all, calm.all.len());
    println!(
        "  of these with a publisher in them that does nothing: {} ({} blocks)",
        calm.met,
        calm.met.len()
    );
    println!(
        "  beside {a_second:.0} publications a second ({published} in all): {} ({} blocks)",
        disturbed.all,
        disturbed.all.len()
    );
    let met = &disturbed.met;
    println!(
        "  of these with another release in them: {met} ({} blocks)",
        met.len()
    );
    println!(
        "  a swap adds {:.2} µs to the median of all undisturbed blocks, {:.2} µs to that of those with a publisher that does nothing; \
         99.9 % of all blocks take {:.2} times what they take undisturbed",
        met.at(0.5) - calm.all.at(0.5),
        met.at(0.5) - calm.met.at(0.5),
        disturbed.all.at(0.999) / calm.all.at(0.999)
    );
    println!("publishing a prebuilt release, median, 99 %, 99.9 %: {publishing}");
}

/// Prints what the first block after a publication takes where one thread publishes and
/// decides in turns, so that nobody takes the processor in between.
pub(crate) fn alone(releases: &[Arc<Release>], rounds: usize) {
    let engine = Engine::new(releases[0].clone());
    let mut decider = engine.decider("eligibility").unwrap();
    let mut cases = Cases::new();
    let (mut all, mut first) = (Blocks::new(), Blocks::new());
    let mut next = releases.iter().cycle().skip(1);
    for _ in 0..rounds {
        engine.publish(next.next().unwrap().clone()).unwrap();
        let mut block = || {
            Blocks::time(|| {
                cases.decide(&mut decider);
            })
        };
        first.record(block());
        for _ in 0..BETWEEN {
            all.record(block());
        }
    }
    println!(
        "one thread that publishes {} releases in turns: the first block after each takes {first}, others {all}; the first adds {:.2} µs to the median",
        releases.len(),
        first.at(0.5) - all.at(0.5)
    );
}

/// Publishes each millisecond while it is told to, and tells what that took.
fn publish(engine: &Engine, releases: &[Arc<Release>], told: &Publisher) -> Blocks {
    let mut taken = Blocks::new();
    let mut next = releases.iter().cycle().skip(1);
    let mut due = Instant::now();
    while !told.stops.load(Ordering::Relaxed) {
        // What was missed while the machine was elsewhere is not made up for.
        due = (due + Duration::from_millis(1)).max(Instant::now());
        thread::sleep(due.saturating_duration_since(Instant::now()));
        told.woke.fetch_add(1, Ordering::Relaxed);
        if told.publishes.load(Ordering::Relaxed) {
            let release = next.next().unwrap().clone();
            let begun = Instant::now();
            engine.publish(release).unwrap();
            taken.record(begun.elapsed());
            told.published.fetch_add(1, Ordering::Relaxed);
        }
    }
    taken
}
