//! The kernel of TreeEnsembleClassifier.
//!
//! What becomes of base values and which class wins is as ONNX Runtime has it
//! (`core/providers/cpu/ml/tree_ensemble_aggregator.h`), since the
//! specification leaves it open; two classes have rules of their own, in
//! [`super::two_classes`].

use super::attributes::Attributes;
use super::forest::{Forest, Real};
use super::grow::grow;
use super::told::sum_of_votes;
use super::two_classes::TwoClasses;
use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::explain::{Traced, Trees};
use crate::native::node::NodeContext;
use crate::native::ops::row::Labels;
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
    let labels = Labels::of(node)?;
    let n_classes = labels.len();
    let forest = grow::<T>(attributes, n_classes, batch.shape.width)
        .map_err(|problem| node.malformed(problem))?;
    let n_base = attributes.base_values.len();
    if n_base != 0 && n_base != n_classes && !(n_classes == 2 && n_base == 1) {
        return Err(node.malformed(format!("{n_base} base values for {n_classes} classes")));
    }
    let transform = PostTransform::of(node)?;
    let (rule, labels) = match (n_classes, labels) {
        (1, Labels::Integers(_)) => (Rule::One, zero_and_one()),
        // ONNX Runtime looks for a second label.
        (1, Labels::Texts(_)) => return Err(node.refuse("its one class has a text as label")),
        (2, labels) => {
            let rule = TwoClasses::new(attributes, transform).map_err(|why| node.refuse(why))?;
            let named = rule.is_binary() || matches!(labels, Labels::Texts(_));
            let labels = if named { labels } else { zero_and_one() };
            (Rule::Two(rule), labels)
        }
        (_, labels) => (Rule::Many, labels),
    };
    let kernel = Classifier {
        transform,
        rule,
        base_values: attributes.base_values(),
        forest,
        labels,
        n_classes,
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

/// Labels that ONNX Runtime gives whatever the model calls its classes, where
/// there is one or where the votes on two are not in one column
fn zero_and_one() -> Labels {
    Labels::Integers(vec![0, 1])
}

/// How votes become scores and a winner
#[derive(Debug)]
enum Rule<T> {
    One,
    Two(TwoClasses<T>),
    Many,
}

#[derive(Debug)]
struct Classifier<T> {
    forest: Forest<T>,
    transform: PostTransform,
    rule: Rule<T>,
    labels: Labels,
    n_classes: usize,
    base_values: Vec<T>,
}

impl<T: Real> Kernel for Classifier<T> {
    fn trace(&self, result: usize, at: usize) -> Traced {
        if result != 1 {
            return Traced::Anything;
        }
        let base = self.base_values.get(at).map_or(0.0, |base| base.to_f64());
        match &self.rule {
            Rule::One => self.transform.trace_one(sum_of_votes(at, 1.0, base)),
            Rule::Two(rule) => rule.trace(at, [0, 1].map(|class| self.forest.votes(class))),
            Rule::Many => self.transform.trace(sum_of_votes(at, 1.0, base), false),
        }
    }

    fn trees(&self) -> Option<&dyn Trees> {
        Some(&self.forest)
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let [label, scores, sums, voted, room] = outputs else {
            return Ok(());
        };
        let n_classes = self.n_classes;
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
            let winner = match (&self.rule, &mut *sums, &mut *voted, &mut *scores) {
                (Rule::Two(rule), &mut [first, second], &mut [has_first, has_second], scores) => {
                    let votes = [has_first.then_some(first), has_second.then_some(second)];
                    rule.finish(votes, scores)
                }
                (Rule::One, &mut [sum], _, [score]) => self.finish_one(sum, score),
                (_, sums, voted, scores) => self.finish_many(sums, voted, scores),
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
        let n_classes = self.n_classes;
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

    /// Finishes a row of one class and returns the winner: 1 where the votes
    /// are above zero.
    fn finish_one(&self, mut votes: T, score: &mut f32) -> usize {
        if let Some(&base) = self.base_values.first() {
            votes += base;
        }
        *score = votes.to_f32();
        self.transform.apply_to_one(score);
        usize::from(votes > T::default())
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
