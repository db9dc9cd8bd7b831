//! The kernel of TreeEnsembleClassifier.
//!
//! What becomes of base values, of two classes with one column of scores, and
//! which class wins is as ONNX Runtime has it
//! (`core/providers/cpu/ml/tree_ensemble_aggregator.h`), since the
//! specification leaves it open.

use super::attributes::Attributes;
use super::forest::{Forest, Real};
use super::grow::grow;
use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::node::NodeContext;
use crate::native::ops::row::Labels;
use crate::native::ops::transform::{PostTransform, logistic};
use crate::native::plan::{Batch, Kernel, Plan, Shape, Value};
use crate::{ElementType, ModelError};

/// Builds the kernel over floats or doubles.
pub(super) fn build<T: Real>(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    attributes: &Attributes,
    batch: Batch,
) -> Result<Vec<Value>, NotNative> {
    let labels = Labels::of(node)?;
    let n_classes = labels.len();
    if n_classes < 2 {
        return Err(node.refuse("it has fewer than two classes"));
    }
    let forest = grow::<T>(attributes, n_classes, batch.shape.width)
        .map_err(|problem| node.malformed(problem))?;
    let n_base = attributes.base_values.len();
    let mut weights = attributes.weights.values().flatten();
    if n_classes == 2 {
        // What ONNX Runtime does with other votes on two classes (labels 0 and
        // 1 whatever the model calls them, base values left out) no converter
        // counts on.
        if weights.clone().any(|weight| weight.target != 0) || n_base > 1 {
            return Err(node.refuse("its two classes have not one column of votes"));
        }
    } else if n_base != 0 && n_base != n_classes {
        return Err(node.malformed(format!("{n_base} base values for {n_classes} classes")));
    }
    let kernel = Classifier {
        transform: PostTransform::of(node)?,
        all_positive: weights.all(|weight| weight.weight >= 0.0),
        base_values: attributes
            .base_values
            .iter()
            .map(|&x| T::from_f64(x))
            .collect(),
        forest,
        labels,
    };
    let label = Shape::column(kernel.labels.element());
    let scores = Shape::matrix(ElementType::Float, n_classes);
    // The sums, the marks of classes that got a vote and the room of the walk
    // have no name in the graph.
    let sums = Shape::matrix(T::TYPE, n_classes);
    let voted = Shape::matrix(ElementType::Boolean, n_classes);
    let room = Shape::matrix(T::TYPE, kernel.forest.n_slots());
    let results = [label, scores, sums, voted, room];
    Ok(plan.step(kernel, &[batch.operand], &results))
}

#[derive(Debug)]
struct Classifier<T> {
    forest: Forest<T>,
    transform: PostTransform,
    labels: Labels,
    base_values: Vec<T>,
    /// No vote is negative: of two classes, the votes are a probability
    all_positive: bool,
}

impl<T: Real> Kernel for Classifier<T> {
    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let [label, scores, sums, voted, room] = outputs else {
            return Ok(());
        };
        let n_classes = self.labels.len();
        let len = arguments.n_rows * n_classes;
        let scores = f32::resized(scores, len);
        let sums = T::resized(sums, len);
        let voted = bool::resized(voted, len);
        let room = T::resized(room, self.forest.room(arguments.n_rows));
        self.sum(arguments.array::<T>(0)?, room, sums, voted);
        let mut labels = self.labels.writer(label, arguments.n_rows);
        let rows = sums
            .chunks_exact_mut(n_classes)
            .zip(voted.chunks_exact_mut(n_classes));
        for (row_idx, ((sums, voted), scores)) in
            rows.zip(scores.chunks_exact_mut(n_classes)).enumerate()
        {
            let winner = match (sums, scores) {
                ([votes, _], [negative, positive]) => self.finish_two(*votes, negative, positive),
                (sums, scores) => self.finish_many(sums, voted, scores),
            };
            labels.write(row_idx, winner);
        }
        Ok(())
    }
}

impl<T: Real> Classifier<T> {
    /// Sums the votes of the trees, in their order.
    #[expect(
        clippy::indexing_slicing,
        reason = "targets are below the number of classes"
    )]
    fn sum(&self, rows: &[T], room: &mut [T], sums: &mut [T], voted: &mut [bool]) {
        let n_classes = self.labels.len();
        sums.fill(T::default());
        voted.fill(false);
        if let Some(target) = self.forest.single_target {
            let target = target as usize;
            self.forest.sum(rows, room, |row_idx, sum| {
                sums[row_idx * n_classes + target] = sum;
                voted[row_idx * n_classes + target] = true;
            });
        } else {
            self.forest.walk(rows, room, |row_idx, leaf| {
                for vote in self.forest.weights_of(leaf) {
                    let at = row_idx * n_classes + vote.target as usize;
                    sums[at] += vote.weight;
                    voted[at] = true;
                }
            });
        }
    }

    /// Finishes a row of two classes, whose votes are one number, and returns
    /// the winner.
    fn finish_two(&self, mut votes: T, negative: &mut f32, positive: &mut f32) -> usize {
        if let Some(&base) = self.base_values.first() {
            votes += base;
        }
        let votes = votes.to_f32();
        (*negative, *positive) = if self.transform == PostTransform::Logistic {
            (logistic(-votes), logistic(votes))
        } else if self.all_positive {
            (1.0 - votes, votes)
        } else {
            (-votes, votes)
        };
        usize::from(votes > if self.all_positive { 0.5 } else { 0.0 })
    }

    /// Finishes a row of three classes or more and returns the winner.
    fn finish_many(&self, sums: &mut [T], voted: &mut [bool], scores: &mut [f32]) -> usize {
        for ((sum, voted), &base) in sums.iter_mut().zip(voted.iter_mut()).zip(&self.base_values) {
            *sum += base;
            *voted = true;
        }
        let mut winner: Option<(usize, T)> = None;
        for (class, (&sum, _)) in sums
            .iter()
            .zip(voted)
            .enumerate()
            .filter(|(_, (_, voted))| **voted)
        {
            if winner.is_none_or(|(_, most)| sum > most) {
                winner = Some((class, sum));
            }
        }
        for (score, sum) in scores.iter_mut().zip(sums) {
            *score = sum.to_f32();
        }
        self.transform.apply(scores);
        winner.map_or(0, |(class, _)| class)
    }
}
