//! Probabilities of classes from the scores of their pairs.

use crate::native::ops::transform::logistic;

/// Makes a pair's score a probability of its first class (Platt 1999).
#[derive(Debug)]
pub(super) struct Platt {
    pub(super) a: Vec<f32>,
    pub(super) b: Vec<f32>,
}

/// Room for the probabilities of pairs and their products
pub(super) fn room(n_classes: usize) -> usize {
    let square = n_classes.saturating_mul(n_classes);
    square.saturating_mul(2).saturating_add(n_classes)
}

impl Platt {
    /// Writes the probability of each class, in `room` of [`room`] numbers.
    pub(super) fn couple(&self, scores: &[f32], room: &mut [f32], to: &mut [f32]) {
        let n_classes = to.len();
        let (of_pairs, room) = room.split_at_mut(n_classes * n_classes);
        let (products, error) = room.split_at_mut(n_classes * n_classes);
        let pairs = scores.iter().zip(&self.a).zip(&self.b);
        let mut places = (0..n_classes).flat_map(|i| (i + 1..n_classes).map(move |j| (i, j)));
        for ((score, a), b) in pairs {
            let Some((i, j)) = places.next() else { break };
            // Not a number stays none.
            let probability = (1.0 - logistic(score * a + b)).clamp(1e-7, 1.0 - 1e-7);
            set(of_pairs, i * n_classes + j, probability);
            set(of_pairs, j * n_classes + i, 1.0 - probability);
        }
        couple(of_pairs, products, error, to);
    }
}

fn set(to: &mut [f32], at: usize, value: f32) {
    if let Some(to) = to.get_mut(at) {
        *to = value;
    }
}

/// Finds the probabilities that fit those of the pairs best, by the second
/// method of Wu, Lin and Weng (2004), in their steps and with their limits.
#[expect(
    clippy::indexing_slicing,
    reason = "all have as many rows and columns as there are classes"
)]
fn couple(of_pairs: &[f32], products: &mut [f32], error: &mut [f32], to: &mut [f32]) {
    let n = to.len();
    let limit = 0.005 / n as f32;
    to.fill(1.0 / n as f32);
    products.fill(0.0);
    for i in 0..n {
        for j in (0..n).filter(|&j| j != i) {
            let against = of_pairs[j * n + i];
            products[i * n + i] += against * against;
            products[i * n + j] = if j < i {
                products[j * n + i]
            } else {
                -against * of_pairs[i * n + j]
            };
        }
    }
    for _ in 0..100 {
        let mut all = 0.0;
        for ((error, row), p) in error.iter_mut().zip(products.chunks_exact(n)).zip(&*to) {
            *error = row.iter().zip(&*to).fold(0.0, |sum, (q, p)| sum + q * p);
            all += p * *error;
        }
        let most = error.iter().fold(0.0_f32, |most, error| {
            let off = (error - all).abs();
            if off > most { off } else { most }
        });
        if most < limit {
            break;
        }
        for i in 0..n {
            let own = products[i * n + i];
            let change = (-error[i] + all) / own;
            to[i] += change;
            let rest = 1.0 + change;
            all = (all + change * (change * own + 2.0 * error[i])) / rest / rest;
            for ((error, q), p) in error.iter_mut().zip(&products[i * n..]).zip(&mut *to) {
                *error = (*error + change * q) / rest;
                *p /= rest;
            }
        }
    }
}
