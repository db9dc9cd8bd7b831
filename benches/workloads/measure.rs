//! A workload, decided by the engine and by hand: checked, then measured in turns.

use std::fmt::Debug;
use std::hint::black_box;
use std::time::{Duration, Instant};

use krites::{Date, Decider, Decision, Engine, Facts, ReleaseBuilder};
use serde::Serialize;

use super::instructions;
use super::support::blocks::{BLOCK, Blocks};
use super::support::{CASES, Visits};

/// A round visits the cases so often that it lasts about as long
const ROUND: Duration = Duration::from_millis(2);

/// Cases, as typed facts and as JSON, with what decides them
pub(crate) struct Work<'w, T> {
    name: String,
    decider: Decider,
    typed: &'w [T],
    json: Vec<String>,
}

impl<'w, T: Facts + Serialize + Debug> Work<'w, T> {
    /// Builds the release, whose one policy has this name.
    pub(crate) fn new(
        name: impl Into<String>,
        builder: ReleaseBuilder,
        policy: &str,
        typed: &'w [T],
    ) -> Self {
        let release = match builder.build() {
            Ok(release) => release,
            Err(error) => panic!("{error}"),
        };
        let json = typed.iter().map(serde_json::to_string);
        Self {
            name: name.into(),
            decider: Engine::new(release).decider(policy).unwrap(),
            typed,
            json: json.map(Result::unwrap).collect(),
        }
    }

    /// Checks what each case is told, and that warm decisions allocate nothing.
    pub(crate) fn check<A: Debug + PartialEq>(
        &mut self,
        expected: impl Fn(&T) -> A,
        told: impl Fn(&Decision<'_>) -> A,
    ) {
        for (case, json) in self.typed.iter().zip(&self.json) {
            let expected = expected(case);
            let by_typed = told(&self.decider.decide(date(), case).unwrap());
            let derived = told(&self.decider.decide_facts(date(), case).unwrap());
            assert_eq!(derived, expected, "{case:?}");
            let by_json = told(&self.decider.decide_json(date(), json).unwrap());
            assert_eq!((&by_typed, &by_json), (&expected, &expected), "{case:?}");
        }
        let memory = allocation_counter::measure(|| {
            for (case, json) in self.typed.iter().zip(&self.json) {
                black_box(self.decider.decide(date(), case).unwrap().outcome());
                black_box(self.decider.decide_facts(date(), case).unwrap().outcome());
                black_box(self.decider.decide_json(date(), json).unwrap().outcome());
            }
        });
        assert_eq!(memory.count_total, 0, "a warm decision allocates");
    }

    /// Measures the engine and both ways by hand, with `read` taking the answer; returns
    /// the median of blocks that the engine takes from derived facts, in nanoseconds a
    /// decision.
    pub(crate) fn measure<A>(
        &mut self,
        rounds: usize,
        read: impl Fn(&Decision<'_>) -> A,
        mut by_hand: impl FnMut(&T),
        mut by_hand_of_json: impl FnMut(&str),
    ) -> f64 {
        let (decider, typed, json) = (&mut self.decider, self.typed, &self.json);
        if let Some(facts) = instructions::facts() {
            match facts.as_str() {
                "derived" => instructions::counted(&mut |case| {
                    let decision = decider.decide_facts(date(), black_box(&typed[case]));
                    black_box(read(&decision.unwrap()));
                }),
                _ => instructions::counted(&mut |case| {
                    let decision = decider.decide_json(date(), black_box(&json[case]));
                    black_box(read(&decision.unwrap()));
                }),
            }
            return 0.0;
        }
        let engine = |case: usize| {
            let decision = decider.decide_facts(date(), black_box(&typed[case]));
            black_box(read(&decision.unwrap()));
        };
        let hand = |case: usize| by_hand(black_box(&typed[case]));
        let derived = turns(&self.name, "derived", rounds, engine, hand);
        let engine = |case: usize| {
            black_box(read(
                &decider.decide(date(), black_box(&typed[case])).unwrap(),
            ));
        };
        let hand = |case: usize| by_hand(black_box(&typed[case]));
        turns(&self.name, "typed", rounds, engine, hand);
        let engine = |case: usize| {
            let decision = decider.decide_json(date(), black_box(&json[case]));
            black_box(read(&decision.unwrap()));
        };
        let hand = |case: usize| by_hand_of_json(black_box(&json[case]));
        turns(&self.name, "JSON", rounds, engine, hand);
        derived
    }
}

fn date() -> Date {
    Date::new(2026, 11, 22).unwrap()
}

/// Measures both in turns and prints a line: what the engine takes, what by hand, the
/// median of the ratios, and what blocks of 64 take of both. Returns the median of the
/// engine's blocks, in nanoseconds a decision.
fn turns(
    work: &str,
    facts: &str,
    rounds: usize,
    mut engine: impl FnMut(usize),
    mut by_hand: impl FnMut(usize),
) -> f64 {
    let (engine_passes, hand_passes) = (passes(&mut engine), passes(&mut by_hand));
    let mut visits = Visits::new();
    let (mut engine_blocks, mut hand_blocks) = (Blocks::new(), Blocks::new());
    let mut taken: Vec<(f64, f64, f64)> = (0..rounds)
        .map(|_| {
            let engine_takes = round(&mut visits, engine_passes, &mut engine);
            blocks(&mut visits, &mut engine_blocks, &mut engine);
            let hand_takes = round(&mut visits, hand_passes, &mut by_hand);
            blocks(&mut visits, &mut hand_blocks, &mut by_hand);
            (engine_takes / hand_takes, engine_takes, hand_takes)
        })
        .collect();
    taken.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (ratio, engine, hand) = taken[rounds / 2];
    println!(
        "| {work} | {facts} | {engine:.0} ns | {hand:.0} ns | **{ratio:.2}** | {engine_blocks} | {hand_blocks} |"
    );
    engine_blocks.at(0.5) * 1e3 / BLOCK as f64
}

/// Times blocks of the cases one by one; caches are warm.
fn blocks(visits: &mut Visits, blocks: &mut Blocks, work: &mut impl FnMut(usize)) {
    for _ in 0..4 * CASES / BLOCK {
        blocks.record(Blocks::time(|| work(visits.next())));
    }
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
