//! Shapley values of one leaf, in closed form.
//!
//! What a leaf adds is a product: its value, where the row meets every condition
//! on the way to it. Of the players on the way each meets its own or not.
//!
//! Interventional: against one row to compare with, a leaf adds something only
//! where each player meets its conditions by the case or by that row. Those
//! that do by the case alone (a of them) share `(a−1)! c! / (a+c)!` of the value
//! each, those that do by the row alone (c) lose `a! (c−1)! / (a+c)!` each.
//! S. M. Lundberg et al., "From local explanations to global understanding with
//! explainable AI for trees", Nature Machine Intelligence 2, 2020, whose
//! algorithm walks a tree by a row and a row to compare with at once.
//!
//! Path-dependent: a player that is not known meets its conditions with the
//! share of the rows that did, so that the game is the product over the players
//! of what is known or that share, and its values follow from the elementary
//! symmetric sums. S. M. Lundberg, G. G. Erion, S.-I. Lee, "Consistent
//! individualized feature attribution for tree ensembles", arXiv:1802.03888,
//! 2018; its Algorithm 2 finds the same values for all leaves in one walk.

/// Players on the way to a leaf, of which a mask holds a bit each
pub(super) const MAX_PLAYERS: usize = 64;

/// Returns a mask of `n` players.
pub(super) fn all(n: usize) -> u64 {
    match n {
        0 => 0,
        _ => u64::MAX >> (MAX_PLAYERS - n.min(MAX_PLAYERS)),
    }
}

/// The weights of sets of players
#[derive(Debug)]
pub(super) struct Weights {
    /// `(a−1)! c! / (a+c)!` at `a`, `c`
    gained: Vec<[f64; MAX_PLAYERS + 1]>,
}

impl Weights {
    /// Works the weights out.
    pub(super) fn new() -> Self {
        let row = |a: usize| {
            let mut row = [0.0; MAX_PLAYERS + 1];
            let mut weight = 1.0 / (a.max(1) as f64);
            for (c, to) in row.iter_mut().enumerate() {
                if c > 0 {
                    weight *= c as f64 / (a + c) as f64;
                }
                *to = weight;
            }
            row
        };
        Self {
            gained: (0..=MAX_PLAYERS).map(row).collect(),
        }
    }

    fn gained(&self, a: u32, c: u32) -> f64 {
        let row = self.gained.get(a as usize);
        row.and_then(|row| row.get(c as usize))
            .copied()
            .unwrap_or(0.0)
    }

    /// Fills what each of the `to.len()` players adds to a leaf of value
    /// `value`, where those in `met` meet its conditions and so many rows each
    /// pattern of `patterns`, of `n_rows` rows altogether.
    pub(super) fn interventional(
        &self,
        value: f64,
        met: u64,
        patterns: &[(u64, u32)],
        n_rows: f64,
        to: &mut [f64],
    ) {
        to.fill(0.0);
        let all = all(to.len());
        let lost = all & !met;
        let c = lost.count_ones();
        let mut loss = 0.0;
        for &(pattern, count) in patterns {
            if met | pattern != all {
                continue;
            }
            let gained = all & !pattern;
            let a = gained.count_ones();
            let count = f64::from(count);
            if a > 0 {
                let gain = count * self.gained(a, c);
                each(gained, to, |to| *to += gain);
            }
            if c > 0 {
                loss += count * self.gained(c, a);
            }
        }
        each(lost, to, |to| *to -= loss);
        for to in to {
            *to *= value / n_rows;
        }
    }

    /// Fills what each player adds to a leaf of value `value`, where those in
    /// `met` meet its conditions and of the rows `shares` of them did.
    pub(super) fn path_dependent(&self, value: f64, met: u64, shares: &[f64], to: &mut [f64]) {
        let n = shares.len();
        for (player, (to, &share)) in to.iter_mut().zip(shares).enumerate() {
            // By how many known players: what the others make the leaf worth
            let mut sums = [0.0; MAX_PLAYERS];
            let mut count = 0;
            if let Some(first) = sums.first_mut() {
                *first = 1.0;
            }
            for (other, &share) in shares.iter().enumerate().filter(|(at, _)| *at != player) {
                let known = f64::from(u8::from(met >> other & 1 == 1));
                count += 1;
                let mut before = 0.0;
                for sum in sums.iter_mut().take(count + 1) {
                    let now = *sum;
                    *sum = now * share + before * known;
                    before = now;
                }
            }
            let mut worth = 0.0;
            for (known, sum) in (0_u32..).zip(sums.iter().take(n)) {
                // known! (n−known−1)! / n!
                let others = n as u32 - known;
                worth += sum * self.gained(others, known);
            }
            let known = f64::from(u8::from(met >> player & 1 == 1));
            *to = value * (known - share) * worth;
        }
    }
}

/// Calls `with` for each player of a mask.
fn each(mut mask: u64, to: &mut [f64], mut with: impl FnMut(&mut f64)) {
    while mask != 0 {
        if let Some(to) = to.get_mut(mask.trailing_zeros() as usize) {
            with(to);
        }
        mask &= mask - 1;
    }
}
