//! Support vectors beside a row.

use crate::native::NotNative;
use crate::native::node::NodeContext;

/// Vectors that are compared with a row at once
const LANES: usize = 16;

/// How a row is compared with a support vector
#[derive(Clone, Copy, Debug)]
pub(super) enum Function {
    /// x·v
    Linear,
    /// (γ x·v + c)^d
    Polynomial { gamma: f32, coef0: f32, degree: f32 },
    /// e^(-γ |x - v|²)
    Radial { gamma: f32 },
    /// tanh(γ x·v + c)
    Sigmoid { gamma: f32, coef0: f32 },
}

impl Function {
    /// Reads the attributes `kernel_type` and `kernel_params`.
    pub(super) fn of(node: &NodeContext<'_>) -> Result<Self, NotNative> {
        let [gamma, coef0, degree] = match *node.floats("kernel_params") {
            [] => [0.0; 3],
            [gamma, coef0, degree, ..] => [gamma, coef0, degree],
            ref short => {
                let problem = format!(
                    "`kernel_params` has {} values where 3 are needed",
                    short.len()
                );
                return Err(node.malformed(problem));
            }
        };
        match node.text("kernel_type", "LINEAR")? {
            "LINEAR" => Ok(Self::Linear),
            "POLY" => Ok(Self::Polynomial {
                gamma,
                coef0,
                degree,
            }),
            "RBF" => Ok(Self::Radial { gamma }),
            "SIGMOID" => Ok(Self::Sigmoid { gamma, coef0 }),
            other => Err(node.malformed(format!("the kernel `{other}`"))),
        }
    }

    /// Finishes a product or, for the radial one, a distance.
    fn finish(self, x: f32) -> f32 {
        match self {
            Self::Linear => x,
            Self::Polynomial {
                gamma,
                coef0,
                degree,
            } => power(gamma * x + coef0, degree),
            Self::Radial { gamma } => libm::expf(-gamma * x),
            Self::Sigmoid { gamma, coef0 } => libm::tanhf(gamma * x + coef0),
        }
    }
}

fn power(x: f32, degree: f32) -> f32 {
    if degree == 2.0 {
        x * x
    } else if degree == 3.0 {
        x * x * x
    } else {
        libm::powf(x, degree)
    }
}

/// Support vectors, in blocks of [`LANES`], column by column within a block
#[derive(Debug)]
pub(super) struct Vectors {
    blocks: Vec<[f32; LANES]>,
    width: usize,
    function: Function,
}

impl Vectors {
    /// Lays out vectors of `width` columns, which lie one behind the other.
    pub(super) fn new(vectors: &[f32], width: usize, function: Function) -> Self {
        let mut blocks = Vec::with_capacity(vectors.len().div_ceil(LANES));
        for block in vectors.chunks(width * LANES) {
            for column in 0..width {
                let mut lanes = [0.0; LANES];
                let values = block.iter().skip(column).step_by(width);
                for (lane, value) in lanes.iter_mut().zip(values) {
                    *lane = *value;
                }
                blocks.push(lanes);
            }
        }
        Self {
            blocks,
            width,
            function,
        }
    }

    /// Counts the numbers that a comparison gives: one a vector, and some that
    /// fill the last block.
    pub(super) fn room(&self) -> usize {
        self.blocks.len() / self.width * LANES
    }

    /// Compares a row with each vector. Columns are summed in their order.
    pub(super) fn compare(&self, row: &[f32], to: &mut [f32]) {
        let blocks = self.blocks.chunks_exact(self.width);
        for (block, to) in blocks.zip(to.chunks_exact_mut(LANES)) {
            let mut sums = [0.0_f32; LANES];
            if let Function::Radial { .. } = self.function {
                for (x, lanes) in row.iter().zip(block) {
                    for (sum, lane) in sums.iter_mut().zip(lanes) {
                        let difference = x - lane;
                        *sum += difference * difference;
                    }
                }
            } else {
                for (x, lanes) in row.iter().zip(block) {
                    for (sum, lane) in sums.iter_mut().zip(lanes) {
                        *sum += x * lane;
                    }
                }
            }
            for (to, sum) in to.iter_mut().zip(sums) {
                *to = self.function.finish(sum);
            }
        }
    }
}
