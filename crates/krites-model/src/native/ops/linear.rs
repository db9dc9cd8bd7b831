//! LinearClassifier and LinearRegressor.

use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::node::NodeContext;
use crate::native::ops::cast::cast;
use crate::native::ops::matmul::{Weights, transposed};
use crate::native::ops::row::Labels;
use crate::native::ops::transform::PostTransform;
use crate::native::plan::{Kernel, Plan, Shape, Value};
use crate::{ElementType, ModelError};

/// Builds LinearClassifier with a row of coefficients for each class.
pub(crate) fn classifier(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let labels = Labels::of(node)?;
    let n_classes = labels.len();
    let batch = node.matrix(0)?;
    let batch = cast(plan, node, batch, ElementType::Float)?;
    let n_in = batch.shape.width;
    if n_classes < 2 || node.floats("intercepts").len() != n_classes {
        return Err(node.refuse("it has not one intercept for each of two classes or more"));
    }
    let weights = weights(node, n_in, n_classes)?;
    let label = Shape::column(labels.element());
    let scores = Shape::matrix(ElementType::Float, n_classes);
    let kernel = Classifier {
        weights,
        n_in,
        labels,
        transform: PostTransform::of(node)?,
    };
    Ok(plan.step(kernel, &[batch.operand], &[label, scores]))
}

/// Builds LinearRegressor.
pub(crate) fn regressor(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let n_targets = usize::try_from(node.integer("targets", 1)).unwrap_or(0);
    let batch = node.matrix(0)?;
    if PostTransform::of(node)? != PostTransform::None || batch.shape.element != ElementType::Float
    {
        return Err(node.refuse("it transforms its result or reads other elements than floats"));
    }
    let n_in = batch.shape.width;
    let intercepts = node.floats("intercepts").len();
    if n_targets == 0 || (intercepts != 0 && intercepts != n_targets) {
        return Err(node.malformed(format!("{intercepts} intercepts for {n_targets} targets")));
    }
    let weights = weights(node, n_in, n_targets)?;
    let shape = Shape::matrix(ElementType::Float, n_targets);
    Ok(plan.step(Regressor { weights, n_in }, &[batch.operand], &[shape]))
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
    Ok(Weights::new(transposed(coefficients, n_in), n_out, bias))
}

#[derive(Debug)]
struct Classifier {
    weights: Weights,
    n_in: usize,
    labels: Labels,
    transform: PostTransform,
}

impl Kernel for Classifier {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let [label, scores] = outputs else {
            return Ok(());
        };
        let n_classes = self.labels.len();
        let scores = f32::resized(scores, arguments.n_rows * n_classes);
        self.weights
            .multiply(arguments.array::<f32>(0)?, self.n_in, scores);
        let mut labels = self.labels.writer(label, arguments.n_rows);
        for (row_idx, scores) in scores.chunks_exact_mut(n_classes).enumerate() {
            let mut winner = (0, f32::NAN);
            for (class, &score) in scores.iter().enumerate() {
                if class == 0 || score > winner.1 {
                    winner = (class, score);
                }
            }
            labels.write(row_idx, winner.0);
            self.transform.apply(scores);
        }
        Ok(())
    }
}

#[derive(Debug)]
struct Regressor {
    weights: Weights,
    n_in: usize,
}

impl Kernel for Regressor {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let Some(output) = outputs.first_mut() else {
            return Ok(());
        };
        let to = f32::resized(output, arguments.n_rows * self.weights.n_out);
        self.weights
            .multiply(arguments.array::<f32>(0)?, self.n_in, to);
        Ok(())
    }
}
