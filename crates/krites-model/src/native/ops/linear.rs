//! LinearClassifier and LinearRegressor.
//!
//! What becomes of one row of coefficients, and which transforms then count, is
//! as ONNX Runtime has it (`core/providers/cpu/ml/linearclassifier.cc`), since
//! the specification leaves it open.

use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::explain::Traced;
use crate::native::node::NodeContext;
use crate::native::ops::cast::cast;
use crate::native::ops::row::Labels;
use crate::native::ops::transform::PostTransform;
use crate::native::ops::weights::{Weights, transposed};
use crate::native::plan::{Kernel, Plan, Shape, Value};
use crate::{ElementType, ModelError};

/// Builds LinearClassifier, which has a row of coefficients for each intercept.
pub(crate) fn classifier(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let n_scores = node.floats("intercepts").len();
    if n_scores == 0 {
        return Err(node.refuse("it has no intercepts, so ONNX Runtime gives no scores"));
    }
    let batch = node.matrix(0)?;
    let batch = cast(plan, node, batch, ElementType::Float)?;
    let transform = PostTransform::of(node)?;
    let (labels, n_columns) = if n_scores == 1 {
        two_labels(node)?
    } else {
        let labels = Labels::of(node)?;
        if labels.len() < n_scores {
            let problem = format!("{} labels for {n_scores} classes", labels.len());
            return Err(node.malformed(problem));
        }
        (labels, n_scores)
    };
    if n_columns > n_scores && transform == PostTransform::Probit {
        return Err(node.refuse("it has a probit of one score with two labels"));
    }
    let kernel = Classifier {
        weights: weights(node, batch.shape.width, n_scores)?,
        transform: match transform {
            PostTransform::Logistic if n_columns == 2 => transform,
            _ => transform.of_linear(n_scores),
        },
        n_columns,
        labels,
    };
    let label = Shape::column(kernel.labels.element());
    let scores = Shape::matrix(ElementType::Float, n_columns);
    Ok(plan.step(kernel, &[batch.operand], &[label, scores]))
}

/// Returns the labels of scores at or below zero and above, and how many
/// columns of scores there are.
fn two_labels(node: &NodeContext<'_>) -> Result<(Labels, usize), NotNative> {
    let texts = node.attribute("classlabels_strings");
    if texts.is_none_or(|texts| texts.strings.is_empty())
        && node.integers("classlabels_ints").is_empty()
    {
        return Ok((Labels::Integers(vec![0, 1]), 1));
    }
    let labels = Labels::of(node)?;
    if labels.len() != 2 {
        return Err(node.malformed(format!("{} labels for one score", labels.len())));
    }
    Ok((labels, 2))
}

/// Builds LinearRegressor. ONNX Runtime has it for floats alone; other numbers
/// are made floats, as it makes them for LinearClassifier.
pub(crate) fn regressor(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let n_targets = usize::try_from(node.integer("targets", 1)).unwrap_or(0);
    let batch = node.matrix(0)?;
    let batch = cast(plan, node, batch, ElementType::Float)?;
    let intercepts = node.floats("intercepts").len();
    if n_targets == 0 || (intercepts != 0 && intercepts != n_targets) {
        return Err(node.malformed(format!("{intercepts} intercepts for {n_targets} targets")));
    }
    let kernel = Regressor {
        weights: weights(node, batch.shape.width, n_targets)?,
        transform: PostTransform::of(node)?.of_linear(n_targets),
    };
    let shape = Shape::matrix(ElementType::Float, n_targets);
    Ok(plan.step(kernel, &[batch.operand], &[shape]))
}

fn weights(node: &NodeContext<'_>, n_in: usize, n_out: usize) -> Result<Weights, NotNative> {
    let coefficients = node.floats("coefficients");
    if n_in.checked_mul(n_out) != Some(coefficients.len()) {
        let count = coefficients.len();
        return Err(node.malformed(format!(
            "{count} coefficients for {n_in} columns and {n_out} results"
        )));
    }
    let bias = node.floats("intercepts").to_vec();
    Ok(Weights::new(
        &transposed(coefficients, n_in),
        n_in,
        n_out,
        bias,
    ))
}

impl PostTransform {
    /// Returns what becomes of the scores of a linear model: of one that stands
    /// alone only a probit is taken.
    fn of_linear(self, n_scores: usize) -> Self {
        if n_scores == 1 && self != Self::Probit {
            Self::None
        } else {
            self
        }
    }
}

#[derive(Debug)]
struct Classifier {
    weights: Weights,
    transform: PostTransform,
    labels: Labels,
    /// Two where one score is given with what it lacks of 1, else one a score
    n_columns: usize,
}

impl Kernel for Classifier {
    fn trace(&self, result: usize, at: usize) -> Traced {
        if result != 1 {
            return Traced::Anything;
        }
        // Two columns of one score: what it lacks of 1, and it
        let rest = self.n_columns > self.weights.n_out && at == 0;
        let out = if self.n_columns > self.weights.n_out {
            0
        } else {
            at
        };
        let sum = self.weights.trace(0, out);
        match self.transform {
            PostTransform::None if rest => {
                let mut sum = sum.negated();
                sum.constant += 1.0;
                Traced::Sum(sum)
            }
            transform => {
                let whole = self.n_columns == 2 && self.weights.n_out == 1;
                transform.trace(if rest { sum.negated() } else { sum }, whole)
            }
        }
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let [label, scores] = outputs else {
            return Ok(());
        };
        let n_rows = arguments.n_rows;
        let n_scores = self.weights.n_out;
        let scores = f32::resized(scores, n_rows * self.n_columns);
        let (products, _) = scores.split_at_mut(n_rows * n_scores);
        self.weights.multiply(arguments.array::<f32>(0)?, products);
        let mut labels = self.labels.writer(label, n_rows);
        for (row_idx, scores) in products.chunks_exact_mut(n_scores).enumerate() {
            let winner = match *scores {
                [score] => usize::from(score > 0.0),
                _ => first_of_most(scores),
            };
            labels.write(row_idx, winner);
            self.transform.apply(scores);
        }
        if self.n_columns > n_scores {
            with_the_rest(scores, n_rows);
        }
        Ok(())
    }
}

/// Finds the greatest score, the first of equal ones. NaN is greater than
/// nothing, and nothing is greater than NaN.
fn first_of_most(scores: &[f32]) -> usize {
    let mut winner = (0, f32::NAN);
    for (class, &score) in scores.iter().enumerate() {
        if class == 0 || score > winner.1 {
            winner = (class, score);
        }
    }
    winner.0
}

/// Turns scores, one a row with room for two, into two columns: what each lacks of 1, and it.
#[expect(clippy::indexing_slicing, reason = "there is room for two a row")]
fn with_the_rest(scores: &mut [f32], n_rows: usize) {
    for row in (0..n_rows).rev() {
        let score = scores[row];
        (scores[2 * row], scores[2 * row + 1]) = (1.0 - score, score);
    }
}

#[derive(Debug)]
struct Regressor {
    weights: Weights,
    transform: PostTransform,
}

impl Kernel for Regressor {
    fn trace(&self, _: usize, at: usize) -> Traced {
        self.transform.trace(self.weights.trace(0, at), false)
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let n_out = self.weights.n_out;
        let to = f32::resized(output, arguments.n_rows * n_out);
        self.weights.multiply(arguments.array::<f32>(0)?, to);
        if self.transform != PostTransform::None {
            for scores in to.chunks_exact_mut(n_out) {
                self.transform.apply(scores);
            }
        }
        Ok(())
    }
}
