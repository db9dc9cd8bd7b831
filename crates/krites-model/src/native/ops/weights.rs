//! Rows times weights: one kernel for matrix products and linear models.
//!
//! Invariant: each sum goes over the inputs in their order, the bias last,
//! whatever rows stand beside it. Inputs of zero may be left out: a sum that
//! begins with zero keeps its bits.

use crate::native::explain::{Place, Sum};
use crate::native::ops::zeros::{is_mostly_zero, nonzero};

/// Results that are summed side by side
const LANES: usize = 8;

/// The same, where there are no more results
const FEW: usize = 4;

/// Inputs from which on it is worth to look whether most of a row is zero
const WIDE: usize = 64;

/// Constant weights of `n_in` inputs for `n_out` results
#[derive(Debug)]
pub(crate) struct Weights {
    lanes: Lanes,
    n_in: usize,
    pub(crate) n_out: usize,
    /// What each sum ends with
    bias: Vec<f32>,
    /// A zero times any of the weights is zero
    finite: bool,
}

/// For each input the weights of its results, filled up to whole lanes
#[derive(Debug)]
enum Lanes {
    Few(Vec<[f32; FEW]>),
    Many(Vec<[f32; LANES]>),
}

impl Weights {
    /// Takes weights of `n_in × n_out`, row-major, and as many biases as
    /// results, or none.
    pub(crate) fn new(weights: &[f32], n_in: usize, n_out: usize, bias: Vec<f32>) -> Self {
        Self {
            lanes: if n_out <= FEW {
                Lanes::Few(filled_up(weights, n_out))
            } else {
                Lanes::Many(filled_up(weights, n_out))
            },
            n_in,
            n_out,
            bias,
            finite: weights.iter().all(|weight| weight.is_finite()),
        }
    }

    /// Tells what a result of a row sums up.
    pub(crate) fn trace(&self, row_idx: usize, out: usize) -> Sum {
        let weight = |column: usize| match &self.lanes {
            Lanes::Few(lanes) => lane(lanes, column, self.n_out, out),
            Lanes::Many(lanes) => lane(lanes, column, self.n_out, out),
        };
        let terms = (0..self.n_in).map(|column| {
            let place = Place::first(row_idx * self.n_in + column);
            (place, weight(column).into())
        });
        Sum {
            constant: self.bias.get(out).copied().unwrap_or(0.0).into(),
            terms: terms.collect(),
            trees: None,
        }
    }

    /// Writes the products of each row.
    pub(crate) fn multiply(&self, rows: &[f32], to: &mut [f32]) {
        match &self.lanes {
            Lanes::Few(weights) => self.rows::<8, 1, FEW>(weights, rows, to),
            Lanes::Many(weights) => self.rows::<4, 4, LANES>(weights, rows, to),
        }
    }

    /// Goes through rows, `ROWS` at a time, and through a single row by `WIDTH`
    /// chunks of lanes at a time.
    fn rows<const ROWS: usize, const WIDTH: usize, const N: usize>(
        &self,
        weights: &[[f32; N]],
        rows: &[f32],
        to: &mut [f32],
    ) {
        let sparse = |row: &[f32]| self.finite && row.len() >= WIDE && is_mostly_zero(row);
        let n_chunks = self.n_out.div_ceil(N);
        let blocks = rows.chunks(ROWS * self.n_in);
        for (rows, to) in blocks.zip(to.chunks_mut(ROWS * self.n_out)) {
            let whole = rows.len() == ROWS * self.n_in;
            if whole && !rows.chunks_exact(self.n_in).any(sparse) {
                for chunk in 0..n_chunks {
                    self.tile::<ROWS, 1, N>(weights, chunk, rows, to);
                }
                continue;
            }
            let rows = rows.chunks_exact(self.n_in);
            for (row, to) in rows.zip(to.chunks_exact_mut(self.n_out)) {
                if sparse(row) {
                    self.sparse_row(weights, row, to);
                    continue;
                }
                let mut chunk = 0;
                while chunk + WIDTH <= n_chunks {
                    self.tile::<1, WIDTH, N>(weights, chunk, row, to);
                    chunk += WIDTH;
                }
                for chunk in chunk..n_chunks {
                    self.tile::<1, 1, N>(weights, chunk, row, to);
                }
            }
        }
    }

    /// Writes some results of some rows, whose sums stay in registers.
    #[inline(always)]
    #[expect(
        clippy::indexing_slicing,
        reason = "each input has so many chunks, each row so many inputs and results"
    )]
    fn tile<const ROWS: usize, const WIDTH: usize, const N: usize>(
        &self,
        weights: &[[f32; N]],
        chunk: usize,
        rows: &[f32],
        to: &mut [f32],
    ) {
        let n_chunks = self.n_out.div_ceil(N);
        let rows: [&[f32]; ROWS] = std::array::from_fn(|row| &rows[row * self.n_in..][..self.n_in]);
        let mut sums = [[[0.0_f32; N]; WIDTH]; ROWS];
        for (at, weights) in weights.chunks_exact(n_chunks).enumerate().take(self.n_in) {
            let weights = &weights[chunk..chunk + WIDTH];
            for (sums, row) in sums.iter_mut().zip(&rows) {
                let x = row[at];
                for (sums, weights) in sums.iter_mut().zip(weights) {
                    for (sum, weight) in sums.iter_mut().zip(weights) {
                        *sum += x * weight;
                    }
                }
            }
        }
        let first = chunk * N;
        let bias = self.bias.get(first..).unwrap_or_default();
        for (sums, to) in sums.iter_mut().zip(to.chunks_exact_mut(self.n_out)) {
            let sums = sums.as_flattened_mut();
            for (sum, bias) in sums.iter_mut().zip(bias) {
                *sum += bias;
            }
            for (to, sum) in to[first..].iter_mut().zip(sums) {
                *to = *sum;
            }
        }
    }

    /// Writes the results of a row of which few inputs are not zero.
    fn sparse_row<const N: usize>(&self, weights: &[[f32; N]], row: &[f32], to: &mut [f32]) {
        let n_chunks = self.n_out.div_ceil(N);
        to.fill(0.0);
        nonzero(row, |at, x| {
            let from = at * n_chunks;
            let weights = weights.get(from..from + n_chunks).unwrap_or_default();
            for (to, weight) in to.iter_mut().zip(weights.as_flattened()) {
                *to += x * weight;
            }
        });
        for (to, bias) in to.iter_mut().zip(&self.bias) {
            *to += bias;
        }
    }
}

/// Returns the weight of an input for a result.
fn lane<const N: usize>(lanes: &[[f32; N]], column: usize, n_out: usize, out: usize) -> f32 {
    let chunk = lanes.get(column * n_out.div_ceil(N) + out / N);
    let weight = chunk.and_then(|chunk| chunk.get(out % N));
    weight.copied().unwrap_or(0.0)
}

fn filled_up<const N: usize>(weights: &[f32], n_out: usize) -> Vec<[f32; N]> {
    let chunks = weights
        .chunks_exact(n_out.max(1))
        .flat_map(|row| row.chunks(N));
    let filled = chunks.map(|chunk| {
        let mut lanes = [0.0; N];
        for (lane, weight) in lanes.iter_mut().zip(chunk) {
            *lane = *weight;
        }
        lanes
    });
    filled.collect()
}

/// Turns `n_out × n_in` weights into `n_in × n_out` ones.
pub(crate) fn transposed(weights: &[f32], n_in: usize) -> Vec<f32> {
    (0..n_in)
        .flat_map(|column| weights.iter().copied().skip(column).step_by(n_in))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Numbers;

    fn product(weights: &Weights, rows: &[f32]) -> Vec<f32> {
        let n_rows = rows.len() / weights.n_in;
        let mut to = vec![7.0; n_rows * weights.n_out];
        weights.multiply(rows, &mut to);
        to
    }

    #[test]
    fn zero_times_infinity_is_not_left_out() {
        let mut row = [0.0; 100];
        row[99] = 2.0;
        for infinite in [f32::INFINITY, 5.0] {
            let mut weights = [1.0; 100];
            weights[3] = infinite;
            let given = product(&Weights::new(&weights, 100, 1, Vec::new()), &row);
            assert_eq!(given[0].is_nan(), infinite.is_infinite());
        }
    }

    #[test]
    fn products_equal_those_by_hand_to_the_bit() {
        let mut numbers = Numbers(29);
        for case in 0..200 {
            let (n_in, n_out) = (1 + numbers.below(90), 1 + numbers.below(50));
            let n_rows = 1 + numbers.below(20);
            let mut some = |len: usize, zeros: usize| -> Vec<f32> {
                let number = |_| match numbers.below(100) {
                    at if at < zeros => 0.0,
                    at if at < zeros + 2 => -0.0,
                    at => (at as f32 - 50.0) / 7.0 + numbers.below(1000) as f32 / 999.0,
                };
                (0..len).map(number).collect()
            };
            let zeros = if case % 2 == 0 { 95 } else { 10 };
            let (rows, mut weights) = (some(n_rows * n_in, zeros), some(n_in * n_out, 5));
            if case % 7 == 0 {
                weights[0] = f32::INFINITY;
            }
            let bias = some(if case % 3 == 0 { 0 } else { n_out }, 5);
            let mut by_hand = Vec::new();
            for row in rows.chunks(n_in) {
                for out in 0..n_out {
                    let mut sum = 0.0;
                    for (x, weights) in row.iter().zip(weights.chunks(n_out)) {
                        sum += x * weights[out];
                    }
                    by_hand.push(bias.get(out).map_or(sum, |bias| sum + bias));
                }
            }
            let weights = Weights::new(&weights, n_in, n_out, bias);
            let bits = |numbers: &[f32]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
            let given = bits(&product(&weights, &rows));
            for (given, by_hand) in given.iter().zip(bits(&by_hand)) {
                let both_nan = f32::from_bits(*given).is_nan() && f32::from_bits(by_hand).is_nan();
                assert!(*given == by_hand || both_nan, "{given} is not {by_hand}");
            }
            let alone: Vec<f32> = rows
                .chunks(n_in)
                .flat_map(|row| product(&weights, row))
                .collect();
            assert_eq!(given, bits(&alone));
        }
    }
}
