//! What a decision needs of the rows to compare with, leaf by leaf of a forest.
//!
//! What a leaf adds depends on the case only by which of the leaf's players meet
//! their conditions. For leaves of few players every such set is worked out when
//! the explainer is made; a decision then adds a row of a table for each leaf,
//! whatever the number of rows to compare with. For the others the distinct sets
//! of those rows are kept.

use std::collections::BTreeMap;
use std::ops::Range;

use super::leaves::{Condition, Leaf, Leaves};
use super::shapley::{MAX_PLAYERS, Weights, all};
use crate::Attribution;

/// Players of a leaf up to which every set of them is worked out
const TABLED: usize = 6;

/// Numbers that all tables may hold together
const MAX_TABLED: usize = 1 << 22;

/// Distinct sets of players that are kept altogether
const MAX_PATTERNS: usize = 1 << 22;

/// Rows to compare with, times tests on the ways to leaves
pub(super) const MAX_WORK: usize = 1 << 30;

/// Counts the rows to compare with
#[derive(Debug)]
pub(super) struct Tally {
    leaves: Leaves,
    n_rows: usize,
    counts: Counts,
    failed: Vec<u64>,
}

#[derive(Debug)]
enum Counts {
    /// For each leaf, how many rows meet the conditions of each set of players
    Patterns(Vec<BTreeMap<u64, u32>>, usize),
    /// For each test, how many rows came to it and for how many it held
    Tests(Vec<(u32, u32)>),
}

impl Tally {
    /// Begins to count.
    pub(super) fn new(leaves: Leaves, attribution: Attribution) -> Self {
        let counts = match attribution {
            Attribution::Interventional => {
                Counts::Patterns(vec![BTreeMap::new(); leaves.leaves.len()], 0)
            }
            Attribution::PathDependent => Counts::Tests(vec![(0, 0); leaves.tests.len()]),
        };
        Self {
            leaves,
            n_rows: 0,
            counts,
            failed: Vec::new(),
        }
    }

    /// Returns the tests whose outcomes are counted.
    pub(super) fn tests(&self) -> &[u32] {
        &self.leaves.tests
    }

    /// Counts a row by the outcomes of the tests.
    ///
    /// # Errors
    ///
    /// Why there is too much to keep.
    pub(super) fn add(&mut self, holds: &[bool]) -> Result<(), String> {
        self.n_rows += 1;
        let leaves = &self.leaves;
        match &mut self.counts {
            Counts::Patterns(counts, n_kept) => {
                leaves.each_met(holds, &mut self.failed, |at, _, met| {
                    if let Some(counts) = counts.get_mut(at) {
                        let count = counts.entry(met).or_insert(0);
                        *n_kept += usize::from(*count == 0);
                        *count += 1;
                    }
                });
                if *n_kept > MAX_PATTERNS {
                    return Err(format!(
                        "its trees with the background take more than {MAX_PATTERNS} counts; \
                         compare with fewer rows"
                    ));
                }
            }
            Counts::Tests(counts) => leaves.each_way(|_, way| {
                let meets = |test: &Condition| holds.get(test.test as usize) == Some(&test.holds);
                if !way.iter().all(meets) {
                    return;
                }
                for condition in way {
                    if let Some((came, held)) = counts.get_mut(condition.test as usize) {
                        *came += 1;
                        *held += u32::from(condition.holds);
                    }
                }
            }),
        }
        Ok(())
    }

    /// Works out what a decision needs.
    pub(super) fn finish(self) -> Forest {
        let mut forest = Forest {
            base: 0.0,
            n_rows: self.n_rows as f64,
            rules: Vec::with_capacity(self.leaves.leaves.len()),
            tables: Vec::new(),
            patterns: Vec::new(),
            shares: Vec::new(),
            weights: Weights::new(),
            leaves: self.leaves,
        };
        match self.counts {
            Counts::Patterns(counts, _) => forest.keep_patterns(counts),
            Counts::Tests(counts) => forest.keep_shares(&counts),
        }
        forest
    }
}

/// A forest, ready to tell contributions
#[derive(Debug)]
pub(super) struct Forest {
    /// The mean over the rows to compare with
    pub(super) base: f64,
    leaves: Leaves,
    n_rows: f64,
    rules: Vec<Rule>,
    /// For each set of a leaf's players what each of them adds
    tables: Vec<f64>,
    patterns: Vec<(u64, u32)>,
    shares: Vec<f64>,
    weights: Weights,
}

/// How a leaf's contributions are found
#[derive(Clone, Debug)]
enum Rule {
    /// In a table, from this place on
    Table(usize),
    /// From these patterns
    Patterns(Range<usize>),
    /// From shares of players, from this place on
    Shares(usize),
}

impl Forest {
    fn keep_patterns(&mut self, counts: Vec<BTreeMap<u64, u32>>) {
        for (leaf, counts) in self.leaves.leaves.iter().zip(counts) {
            let n = leaf.n_players();
            let full = counts.get(&all(n)).copied().unwrap_or(0);
            self.base += leaf.value * (f64::from(full) / self.n_rows);
            let first = self.patterns.len();
            self.patterns.extend(counts);
            let size = n << n.min(TABLED);
            if n > TABLED || self.tables.len() + size > MAX_TABLED {
                self.rules.push(Rule::Patterns(first..self.patterns.len()));
                continue;
            }
            self.rules.push(Rule::Table(self.tables.len()));
            let mut adds = [0.0; TABLED];
            let (Some(adds), Some(patterns)) = (adds.get_mut(..n), self.patterns.get(first..))
            else {
                continue;
            };
            for met in 0..1_u64 << n {
                self.weights
                    .interventional(leaf.value, met, patterns, self.n_rows, adds);
                self.tables.extend_from_slice(adds);
            }
            self.patterns.truncate(first);
        }
    }

    fn keep_shares(&mut self, counts: &[(u32, u32)]) {
        let (rules, shares, base) = (&mut self.rules, &mut self.shares, &mut self.base);
        self.leaves.each_way(|leaf, way| {
            let first = shares.len();
            rules.push(Rule::Shares(first));
            shares.resize(first + leaf.n_players(), 1.0);
            for condition in way {
                let (came, held) = counts
                    .get(condition.test as usize)
                    .copied()
                    .unwrap_or_default();
                let taken = if condition.holds { held } else { came - held };
                // A test that no row came to sends half of them each way.
                let share = match came {
                    0 => 0.5,
                    _ => f64::from(taken) / f64::from(came),
                };
                if let Some(to) = shares.get_mut(first + usize::from(condition.player)) {
                    *to *= share;
                }
            }
            let shares = shares.get(first..).unwrap_or_default();
            *base += leaf.value * shares.iter().product::<f64>();
        });
    }

    /// Returns the tests whose outcomes [`Self::explain`] takes.
    pub(super) fn tests(&self) -> &[u32] {
        &self.leaves.tests
    }

    /// Adds the contributions of a case by the outcomes of the tests, and
    /// returns the sum of the leaves that it ends in.
    pub(super) fn explain(
        &self,
        holds: &[bool],
        failed: &mut Vec<u64>,
        contributions: &mut [f64],
    ) -> f64 {
        let mut sum = 0.0;
        let mut room = [0.0; MAX_PLAYERS];
        self.leaves.each_met(holds, failed, |at, leaf, met| {
            let players = self.leaves.players(leaf);
            let n = players.len();
            if met == all(n) {
                sum += leaf.value;
            }
            let adds = match self.rules.get(at) {
                Some(Rule::Table(first)) => {
                    let at = first + n * met as usize;
                    self.tables.get(at..at + n).unwrap_or_default()
                }
                Some(rule) => {
                    let adds = room.get_mut(..n).unwrap_or_default();
                    self.work_out(leaf, rule, met, adds);
                    &*adds
                }
                None => &[],
            };
            for (&player, add) in players.iter().zip(adds) {
                if let Some(to) = contributions.get_mut(player as usize) {
                    *to += add;
                }
            }
        });
        sum
    }

    fn work_out(&self, leaf: &Leaf, rule: &Rule, met: u64, adds: &mut [f64]) {
        match rule {
            Rule::Patterns(range) => {
                let patterns = self.patterns.get(range.clone()).unwrap_or_default();
                self.weights
                    .interventional(leaf.value, met, patterns, self.n_rows, adds);
            }
            Rule::Table(first) | Rule::Shares(first) => {
                let shares = self.shares.get(*first..first + adds.len());
                let shares = shares.unwrap_or_default();
                self.weights.path_dependent(leaf.value, met, shares, adds);
            }
        }
    }
}
