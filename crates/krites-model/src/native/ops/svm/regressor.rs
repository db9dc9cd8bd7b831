//! SVMRegressor.

use super::vectors::{Function, Vectors};
use super::{at_least, rows};
use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::node::NodeContext;
use crate::native::ops::transform::PostTransform;
use crate::native::plan::{Kernel, Plan, Shape, Value};
use crate::{ElementType, ModelError};

/// Builds SVMRegressor. Its transform is applied by no one: ONNX Runtime leaves
/// it out.
pub(crate) fn regressor(plan: &mut Plan, node: &NodeContext<'_>) -> Result<Vec<Value>, NotNative> {
    let batch = rows(plan, node)?;
    let width = batch.shape.width;
    let function = Function::of(node)?;
    PostTransform::of(node)?;
    let n_supports = node.integer("n_supports", 0);
    let n_supports = usize::try_from(n_supports)
        .map_err(|_| node.malformed(format!("it has {n_supports} support vectors")))?;
    let [rho] = *at_least(node, "rho", 1)? else {
        return Err(node.malformed("it has no rho"));
    };
    let coefficients = node.floats("coefficients");
    let (vectors, coefficients) = if n_supports == 0 {
        if coefficients.len() != width {
            let problem = format!("{} coefficients for {width} columns", coefficients.len());
            return Err(node.malformed(problem));
        }
        // One vector: the coefficients.
        (
            Vectors::new(coefficients, width, Function::Linear),
            vec![1.0],
        )
    } else {
        let vectors = node.floats("support_vectors");
        if n_supports > vectors.len() || vectors.len() / n_supports != width {
            let len = vectors.len();
            let problem =
                format!("{len} values for {n_supports} support vectors of {width} columns");
            return Err(node.malformed(problem));
        }
        let vectors = vectors.get(..n_supports * width).unwrap_or_default();
        let coefficients = at_least(node, "coefficients", n_supports)?;
        (
            Vectors::new(vectors, width, function),
            coefficients.to_vec(),
        )
    };
    let kernel = Regressor {
        width,
        vectors,
        coefficients,
        rho,
        one_class: node.integer("one_class", 0) != 0,
    };
    let scores = Shape::matrix(ElementType::Float, 1);
    // What one row needs has no name in the graph.
    let room = Shape::matrix(ElementType::Float, kernel.vectors.room());
    Ok(plan.step(kernel, &[batch.operand], &[scores, room]))
}

#[derive(Debug)]
struct Regressor {
    width: usize,
    vectors: Vectors,
    /// One for each vector
    coefficients: Vec<f32>,
    rho: f32,
    /// The answer is whether a row is of the class: 1, else -1
    one_class: bool,
}

impl Kernel for Regressor {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let [scores, room] = outputs else {
            return Ok(());
        };
        let scores = f32::resized(scores, arguments.n_rows);
        let compared = f32::resized(room, self.vectors.room());
        let rows = arguments.array::<f32>(0)?.chunks_exact(self.width);
        for (row, score) in rows.zip(scores) {
            self.vectors.compare(row, compared);
            let products = compared.iter().zip(&self.coefficients);
            let sum = products.fold(0.0_f64, |sum, (x, coefficient)| {
                sum + f64::from(x * coefficient)
            });
            *score = (sum + f64::from(self.rho)) as f32;
            if self.one_class {
                *score = if *score > 0.0 { 1.0 } else { -1.0 };
            }
        }
        Ok(())
    }
}
