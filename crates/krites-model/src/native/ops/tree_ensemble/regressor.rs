//! The kernel of TreeEnsembleRegressor.

use std::any::Any;

use super::attributes::Attributes;
use super::forest::{Forest, Real};
use super::grow::grow;
use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::join_trees::{OneTree, Part};
use crate::native::node::NodeContext;
use crate::native::ops::transform::PostTransform;
use crate::native::plan::{Batch, Kernel, Plan, Shape, Value};
use crate::{ElementType, ModelError};

/// Builds the kernel over floats or doubles.
pub(super) fn build<T: Real>(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    attributes: &Attributes,
    batch: Batch,
) -> Result<Vec<Value>, NotNative> {
    let n_targets = usize::try_from(node.integer("n_targets", 1)).unwrap_or(0);
    let forest = grow::<T>(attributes, n_targets, batch.shape.width)
        .map_err(|problem| node.malformed(problem))?;
    let n_base = attributes.base_values.len();
    if n_base != 0 && n_base != n_targets {
        return Err(node.malformed(format!("{n_base} base values for {n_targets} targets")));
    }
    let aggregate = match node.text("aggregate_function", "SUM")? {
        "SUM" => Aggregate::Sum,
        "AVERAGE" => Aggregate::Average,
        "MIN" => Aggregate::Min,
        "MAX" => Aggregate::Max,
        other => return Err(node.malformed(format!("the aggregate function `{other}`"))),
    };
    let transform = PostTransform::of(node)?;
    if n_targets == 1 && transform != PostTransform::None {
        return Err(node.refuse("it transforms a single target"));
    }
    let kernel = Regressor {
        forest,
        n_targets,
        transform,
        aggregate,
        base_values: attributes
            .base_values
            .iter()
            .map(|&x| T::from_f64(x))
            .collect(),
    };
    let results = kernel.results();
    Ok(plan.step(kernel, &[batch.operand], &results))
}

/// How the values of the trees become one
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Aggregate {
    Sum,
    Average,
    Min,
    Max,
}

#[derive(Debug)]
struct Regressor<T> {
    forest: Forest<T>,
    n_targets: usize,
    transform: PostTransform,
    aggregate: Aggregate,
    base_values: Vec<T>,
}

impl<T: Real> Kernel for Regressor<T> {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let [scores, sums, given, room] = outputs else {
            return Ok(());
        };
        let len = arguments.n_rows * self.n_targets;
        let scores = f32::resized(scores, len);
        let sums = T::resized(sums, len);
        let given = bool::resized(given, len);
        let room = T::resized(room, self.forest.room(arguments.n_rows));
        self.collect(arguments.array::<T>(0)?, room, sums, given);
        let rows = scores
            .chunks_exact_mut(self.n_targets)
            .zip(sums.chunks_exact_mut(self.n_targets));
        for (scores, sums) in rows {
            self.finish(sums, scores);
        }
        Ok(())
    }

    fn part(&self) -> Part<'_> {
        let floats = (self as &dyn Any).downcast_ref::<Regressor<f32>>();
        match floats.filter(|regressor| regressor.is_one_tree()) {
            Some(regressor) => Part::Tree(regressor),
            None => Part::Other,
        }
    }
}

impl OneTree for Regressor<f32> {
    fn forest(&self) -> &Forest<f32> {
        &self.forest
    }

    fn given(&self) -> Vec<f32> {
        let weights = self.forest.leaf_values().into_iter();
        let given = weights.map(|weight| {
            let (mut sum, mut score) = ([0.0 + weight], [0.0]);
            self.finish(&mut sum, &mut score);
            let [score] = score;
            score
        });
        given.collect()
    }
}

/// Makes the kernel that gives the sum of a forest with a single target, and
/// counts its results, of which the sum is the first.
pub(crate) fn sum_of(forest: Forest<f32>) -> (impl Kernel, usize) {
    let kernel = Regressor {
        forest,
        n_targets: 1,
        transform: PostTransform::None,
        aggregate: Aggregate::Sum,
        base_values: Vec::new(),
    };
    let n_results = kernel.results().len();
    (kernel, n_results)
}

impl<T: Real> Regressor<T> {
    /// Tells whether it is one tree with a number at each leaf, for one target.
    fn is_one_tree(&self) -> bool {
        let sums = matches!(self.aggregate, Aggregate::Sum | Aggregate::Average);
        let alone = self.forest.trees.len() == 1 && self.n_targets == 1;
        sums && alone && self.forest.single_target.is_some()
    }

    /// Tells the scores, and what has no name in the graph: the sums, the marks
    /// of targets that got a value and the room of the walk.
    fn results(&self) -> [Shape; 4] {
        [
            Shape::matrix(ElementType::Float, self.n_targets),
            Shape::matrix(T::TYPE, self.n_targets),
            Shape::matrix(ElementType::Boolean, self.n_targets),
            Shape::matrix(T::TYPE, self.forest.n_slots()),
        ]
    }

    /// Makes the scores of a row from its sums.
    fn finish(&self, sums: &mut [T], scores: &mut [f32]) {
        if self.aggregate == Aggregate::Average {
            sums.iter_mut()
                .for_each(|sum| *sum = sum.divided_by(self.forest.trees.len()));
        }
        for (sum, &base) in sums.iter_mut().zip(&self.base_values) {
            *sum += base;
        }
        for (score, sum) in scores.iter_mut().zip(sums) {
            *score = sum.to_f32();
        }
        self.transform.apply(scores);
    }

    /// Brings the values of the trees together, in their order.
    #[expect(
        clippy::indexing_slicing,
        reason = "targets are below the number of targets"
    )]
    fn collect(&self, rows: &[T], room: &mut [T], sums: &mut [T], given: &mut [bool]) {
        sums.fill(T::default());
        let n_targets = self.n_targets;
        let sum = matches!(self.aggregate, Aggregate::Sum | Aggregate::Average);
        if let (Some(target), true) = (self.forest.single_target, sum) {
            let target = target as usize;
            self.forest.sum(rows, room, |row_idx, sum| {
                sums[row_idx * n_targets + target] = sum
            });
            return;
        }
        given.fill(false);
        self.forest.walk(rows, room, |row_idx, leaf| {
            for value in self.forest.weights_of(leaf) {
                let at = row_idx * n_targets + value.target as usize;
                let replaces = match self.aggregate {
                    Aggregate::Sum | Aggregate::Average => {
                        sums[at] += value.weight;
                        false
                    }
                    Aggregate::Min => !given[at] || value.weight < sums[at],
                    Aggregate::Max => !given[at] || value.weight > sums[at],
                };
                if replaces {
                    sums[at] = value.weight;
                }
                given[at] = true;
            }
        });
    }
}
