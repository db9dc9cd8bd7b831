//! Two classes at a time: each pair of classes has a score and a vote.

use std::ops::Range;

/// The score of a pair: sums over the support vectors of both classes
#[derive(Debug)]
struct Pair {
    /// The classes, the one that a score above zero votes for first
    classes: [u32; 2],
    /// The support vectors of each class
    vectors: [Range<usize>; 2],
    /// Where the coefficients of each lie
    coefficients: [Range<usize>; 2],
    rho: f32,
}

/// All pairs of classes
#[derive(Debug)]
pub(super) struct Pairs {
    pairs: Vec<Pair>,
    coefficients: Vec<f32>,
}

impl Pairs {
    /// Makes the pairs. A row of coefficients, for all vectors, stands for each
    /// class but one: class i against a later j is in row j - 1, j against i in
    /// row i.
    pub(super) fn new(vectors_per_class: &[usize], coefficients: &[f32], rho: &[f32]) -> Self {
        let n_vectors: usize = vectors_per_class.iter().sum();
        let mut ranges = Vec::with_capacity(vectors_per_class.len());
        let mut start = 0;
        for count in vectors_per_class {
            ranges.push(start..start + count);
            start += count;
        }
        let in_row = |row: usize, vectors: &Range<usize>| {
            row * n_vectors + vectors.start..row * n_vectors + vectors.end
        };
        let mut rho = rho.iter().copied();
        let mut pairs = Vec::new();
        for (i, first) in ranges.iter().enumerate() {
            for (j, second) in ranges.iter().enumerate().skip(i + 1) {
                pairs.push(Pair {
                    classes: [i as u32, j as u32],
                    vectors: [first.clone(), second.clone()],
                    coefficients: [in_row(j - 1, first), in_row(i, second)],
                    rho: rho.next().unwrap_or_default(),
                });
            }
        }
        Self {
            pairs,
            coefficients: coefficients.to_vec(),
        }
    }

    /// Counts the pairs.
    pub(super) fn len(&self) -> usize {
        self.pairs.len()
    }

    /// Writes the score of each pair and counts the votes of each class.
    #[expect(
        clippy::indexing_slicing,
        reason = "ranges are within the vectors and coefficients, classes below their number"
    )]
    pub(super) fn score(&self, compared: &[f32], scores: &mut [f32], votes: &mut [i64]) {
        votes.fill(0);
        for (pair, score) in self.pairs.iter().zip(scores) {
            let mut sum = 0.0_f64;
            for (vectors, coefficients) in pair.vectors.iter().zip(&pair.coefficients) {
                let compared = &compared[vectors.clone()];
                let coefficients = &self.coefficients[coefficients.clone()];
                for (x, coefficient) in compared.iter().zip(coefficients) {
                    sum += f64::from(coefficient * x);
                }
            }
            sum += f64::from(pair.rho);
            *score = sum as f32;
            let [first, second] = pair.classes;
            votes[if sum > 0.0 { first } else { second } as usize] += 1;
        }
    }
}
