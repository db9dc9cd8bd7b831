//! Engines that decide the same cases: held against the answers, then timed in turns.

use std::hint::black_box;
use std::time::{Duration, Instant};

use serde::Serialize;

use super::support::Visits;

/// What an engine decides in a round, in time and in decisions at least
const ROUND: Duration = Duration::from_millis(2);
const AT_LEAST: usize = 20;

/// Cases of a workload, each with the answer that every engine has to give
pub(crate) struct Work {
    pub(crate) name: String,
    pub(crate) values: Vec<serde_json::Value>,
    pub(crate) json: Vec<String>,
    answers: Vec<String>,
}

impl Work {
    pub(crate) fn new<T: Serialize>(
        name: impl Into<String>,
        cases: &[T],
        answer: impl Fn(&T) -> String,
    ) -> Self {
        let values = cases.iter().map(serde_json::to_value);
        let json = cases.iter().map(serde_json::to_string);
        Self {
            name: name.into(),
            values: values.map(Result::unwrap).collect(),
            json: json.map(Result::unwrap).collect(),
            answers: cases.iter().map(answer).collect(),
        }
    }
}

/// An engine with its rules and its cases
pub(crate) trait Decides {
    /// The answer in words, for the check
    fn told(&mut self, case: usize) -> String;

    /// Decides so many cases.
    fn pass(&mut self, visits: &mut Visits, decisions: usize) -> Duration;
}

struct Closure<F>(F);

/// An engine as a closure, which decides a case and puts the answer in words only
/// where it is asked for them, so that the same code is checked and timed.
pub(crate) fn decides<'e>(
    decide: impl FnMut(usize, Option<&mut String>) + 'e,
) -> Box<dyn Decides + 'e> {
    Box::new(Closure(decide))
}

impl<F: FnMut(usize, Option<&mut String>)> Decides for Closure<F> {
    fn told(&mut self, case: usize) -> String {
        let mut told = String::new();
        (self.0)(case, Some(&mut told));
        told
    }

    fn pass(&mut self, visits: &mut Visits, decisions: usize) -> Duration {
        let begun = Instant::now();
        for _ in 0..decisions {
            (self.0)(black_box(visits.next()), None);
        }
        begun.elapsed()
    }
}

/// From native values, and from JSON text
pub(crate) type Both<'e> = [Box<dyn Decides + 'e>; 2];

/// Engines by name, in the order of the columns
pub(crate) struct Contest<'w, 'e> {
    work: &'w Work,
    engines: Vec<(&'static str, Both<'e>)>,
    /// A check alone, of so many cases
    test: Option<usize>,
    /// Whether an engine gave another answer
    wrong: bool,
}

impl<'w, 'e> Contest<'w, 'e> {
    pub(crate) fn new(work: &'w Work, test: Option<usize>) -> Self {
        Self {
            work,
            engines: Vec::new(),
            test,
            wrong: false,
        }
    }

    /// Adds an engine; tells the first answer of it that is wrong.
    pub(crate) fn enter(&mut self, name: &'static str, mut both: Both<'e>) {
        let cases = self.test.unwrap_or(self.work.answers.len());
        for engine in &mut both {
            let answers = self.work.answers.iter().enumerate().take(cases);
            let mut told = answers.map(|(case, answer)| (case, answer, engine.told(case)));
            if let Some((case, answer, told)) = told.find(|(_, answer, told)| *answer != told) {
                let json = &self.work.json[case];
                println!("{name} says `{told}`, not `{answer}`, of {json}");
                self.wrong = true;
            }
        }
        self.engines.push((name, both));
    }

    /// Times all engines in turns, and prints a line for native values and one for JSON.
    /// The first engine is what the ratios are to.
    pub(crate) fn run(mut self, columns: &[&str], rounds: usize) {
        assert!(!self.wrong, "{}: answers differ", self.work.name);
        if self.test.is_some() {
            println!("{}: answers are equal", self.work.name);
            return;
        }
        for (at, facts) in ["native", "JSON"].into_iter().enumerate() {
            let mut visits = Visits::new();
            let decisions: Vec<usize> = self
                .engines
                .iter_mut()
                .map(|(_, both)| {
                    let taken = both[at].pass(&mut visits, AT_LEAST) / AT_LEAST as u32;
                    let decisions = ROUND.as_nanos() / taken.as_nanos().max(1);
                    (decisions as usize).max(AT_LEAST)
                })
                .collect();
            let mut taken: Vec<Vec<(f64, f64)>> = vec![Vec::new(); self.engines.len()];
            for _ in 0..rounds {
                let mut first = None;
                for (engine, (_, both)) in self.engines.iter_mut().enumerate() {
                    let decisions = decisions[engine];
                    // The caches that the one before has filled
                    both[at].pass(&mut visits, decisions / 4);
                    let nanoseconds = both[at].pass(&mut visits, decisions).as_secs_f64() * 1e9
                        / decisions as f64;
                    let first = *first.get_or_insert(nanoseconds);
                    taken[engine].push((nanoseconds / first, nanoseconds));
                }
            }
            let mut line = format!("| {} | {facts} |", self.work.name);
            for column in columns {
                let engine = self.engines.iter().position(|(name, _)| name == column);
                match engine {
                    Some(engine) => line += &cell(&mut taken[engine], engine == 0),
                    None => line += " – |",
                }
            }
            println!("{line}");
            for ((name, _), taken) in self.engines.iter().zip(&taken).skip(1) {
                if *name != super::BY_HAND && taken[rounds / 2].0 < 1.0 {
                    println!(
                        "\n{name} is faster than Krites here: {facts}, {}\n",
                        self.work.name
                    );
                }
            }
        }
    }
}

/// The median of the rounds, and of their ratios
fn cell(taken: &mut [(f64, f64)], first: bool) -> String {
    let middle = taken.len() / 2;
    taken.sort_by(|a, b| a.1.total_cmp(&b.1));
    let nanoseconds = grouped(taken[middle].1.round() as u64);
    taken.sort_by(|a, b| a.0.total_cmp(&b.0));
    match (taken[middle].0, first) {
        (_, true) => format!(" {nanoseconds} |"),
        (ratio, _) if ratio < 10.0 => format!(" {nanoseconds} (**{ratio:.2}**) |"),
        (ratio, _) => format!(" {nanoseconds} (**{}**) |", grouped(ratio.round() as u64)),
    }
}

/// Digits in groups of three
fn grouped(number: u64) -> String {
    match number / 1_000 {
        0 => number.to_string(),
        thousands => format!("{},{:03}", grouped(thousands), number % 1_000),
    }
}
