//! The kernel of TreeEnsembleRegressor.

use std::any::Any;

use super::attributes::Attributes;
use super::forest::{Forest, Real};
use super::grow::grow;
use super::told::{SOMETIMES, Votes, sum_of_votes};
use crate::buffer::{Buffer, Element};
use crate::native::NotNative;
use crate::native::arguments::Arguments;
use crate::native::explain::{Traced, Trees};
use crate::native::join_trees::{OneTree, Part};
use crate::native::node::NodeContext;
use crate::native::ops::transform::PostTransform;
use crate::native::plan::{Batch, Kernel, Plan, Shape, Value};
use crate::{ElementType, ModelError};

/// What a regressor is beside its trees
pub(super) struct Task {
    pub(super) n_targets: i64,
    pub(super) aggregate: Aggregate,
    pub(super) transform: PostTransform,
    /// The scores have the type of the trees, and else are floats
    pub(super) keeps_type: bool,
}

/// Builds the kernel over floats or doubles.
pub(super) fn build<T: Real>(
    plan: &mut Plan,
    node: &NodeContext<'_>,
    attributes: &Attributes,
    batch: Batch,
    task: &Task,
) -> Result<Vec<Value>, NotNative> {
    let n_targets = usize::try_from(task.n_targets).unwrap_or(0);
    if n_targets == 0 {
        return Err(node.malformed(format!("it has {} targets", task.n_targets)));
    }
    let forest = grow::<T>(attributes, n_targets, batch.shape.width)
        .map_err(|problem| node.malformed(problem))?;
    let n_base = attributes.base_values.len();
    if n_base != 0 && n_base != n_targets {
        return Err(node.malformed(format!("{n_base} base values for {n_targets} targets")));
    }
    let kernel = Regressor {
        forest,
        n_targets,
        transform: task.transform,
        aggregate: task.aggregate,
        base_values: attributes.base_values(),
        gives_doubles: task.keeps_type && T::TYPE == ElementType::Double,
    };
    let results = kernel.results();
    Ok(plan.step(kernel, &[batch.operand], &results))
}

/// How the values of the trees become one
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aggregate {
    Sum,
    Average,
    Min,
    Max,
}

impl Aggregate {
    /// Reads the attribute `aggregate_function`.
    pub(super) fn of(node: &NodeContext<'_>) -> Result<Self, NotNative> {
        match node.text("aggregate_function", "SUM")? {
            "SUM" => Ok(Self::Sum),
            "AVERAGE" => Ok(Self::Average),
            "MIN" => Ok(Self::Min),
            "MAX" => Ok(Self::Max),
            other => Err(node.malformed(format!("the aggregate function `{other}`"))),
        }
    }
}

#[derive(Debug)]
struct Regressor<T> {
    forest: Forest<T>,
    n_targets: usize,
    transform: PostTransform,
    aggregate: Aggregate,
    base_values: Vec<T>,
    gives_doubles: bool,
}

impl<T: Real> Kernel for Regressor<T> {
    fn trace(&self, result: usize, at: usize) -> Traced {
        if result != 0 {
            return Traced::Anything;
        }
        let n_trees = self.forest.trees.len();
        let factor = match self.aggregate {
            Aggregate::Sum => 1.0,
            Aggregate::Average => 1.0 / n_trees.max(1) as f64,
            Aggregate::Min | Aggregate::Max => {
                return Traced::Refused("it takes the least or greatest value of its trees");
            }
        };
        let base = self.base_values.get(at).map_or(0.0, |base| base.to_f64());
        let constant = match (self.forest.votes(at), self.n_targets) {
            _ if base == 0.0 => 0.0,
            (_, 1) | (Votes::Always, _) => base,
            (Votes::Never, _) => 0.0,
            (Votes::Sometimes, _) => return Traced::Refused(SOMETIMES),
        };
        let sum = sum_of_votes(at, factor, constant);
        if self.n_targets == 1 {
            self.transform.trace_one(sum)
        } else {
            self.transform.trace(sum, false)
        }
    }

    fn trees(&self) -> Option<&dyn Trees> {
        Some(&self.forest)
    }

    fn run(&self, arguments: &Arguments<'_, '_>, outputs: &mut [Buffer]) -> Result<(), ModelError> {
        let [scores, sums, given, room, floats] = outputs else {
            return Ok(());
        };
        let len = arguments.n_rows * self.n_targets;
        let sums = T::resized(sums, len);
        let given = bool::resized(given, len);
        let room = T::resized(room, self.forest.room(arguments.n_rows));
        self.collect(arguments.array::<T>(0)?, room, sums, given);
        self.finish(sums, given);
        if !self.gives_doubles {
            self.transform(sums, f32::resized(scores, len));
            return Ok(());
        }
        let scores = f64::resized(scores, len);
        if self.transform == PostTransform::None {
            for (score, sum) in scores.iter_mut().zip(&*sums) {
                *score = sum.to_f64();
            }
            return Ok(());
        }
        // Transforms are those of floats, as ONNX Runtime has them.
        let floats = f32::resized(floats, len);
        self.transform(sums, floats);
        for (score, float) in scores.iter_mut().zip(floats) {
            *score = f64::from(*float);
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
            self.finish(&mut sum, &[true]);
            self.transform(&sum, &mut score);
            let [score] = score;
            score
        });
        given.collect()
    }
}

/// Makes the kernel that gives the sum of a forest with a single target, and
/// tells its results, of which the sum is the first.
pub(crate) fn sum_of(forest: Forest<f32>) -> (impl Kernel, [Shape; 5]) {
    let kernel = Regressor {
        forest,
        n_targets: 1,
        transform: PostTransform::None,
        aggregate: Aggregate::Sum,
        base_values: Vec::new(),
        gives_doubles: false,
    };
    let results = kernel.results();
    (kernel, results)
}

impl<T: Real> Regressor<T> {
    /// Tells whether it is one tree with a number at each leaf, for one target.
    fn is_one_tree(&self) -> bool {
        let sums = matches!(self.aggregate, Aggregate::Sum | Aggregate::Average);
        let alone = self.forest.trees.len() == 1 && self.n_targets == 1;
        sums && alone && self.forest.single_target.is_some()
    }

    /// Tells the scores, and what has no name in the graph: the sums, the marks
    /// of targets that got a value, the room of the walk and doubles that are
    /// transformed as floats.
    fn results(&self) -> [Shape; 5] {
        let scores = if self.gives_doubles {
            ElementType::Double
        } else {
            ElementType::Float
        };
        [
            Shape::matrix(scores, self.n_targets),
            Shape::matrix(T::TYPE, self.n_targets),
            Shape::matrix(ElementType::Boolean, self.n_targets),
            Shape::matrix(T::TYPE, self.forest.n_slots()),
            Shape::matrix(ElementType::Float, self.n_targets),
        ]
    }

    /// Writes the scores of all rows as floats.
    fn transform(&self, sums: &[T], scores: &mut [f32]) {
        for (score, sum) in scores.iter_mut().zip(sums) {
            *score = sum.to_f32();
        }
        if self.transform == PostTransform::None {
            return;
        }
        for scores in scores.chunks_exact_mut(self.n_targets) {
            match scores {
                [score] => self.transform.apply_to_one(score),
                scores => self.transform.apply(scores),
            }
        }
    }

    /// Makes averages and adds base values. Of several targets, those that got
    /// no value stay zero, as ONNX Runtime has it.
    fn finish(&self, sums: &mut [T], given: &[bool]) {
        if self.aggregate == Aggregate::Average {
            sums.iter_mut()
                .for_each(|sum| *sum = sum.divided_by(self.forest.trees.len()));
        }
        let n_targets = self.n_targets;
        if self.base_values.is_empty() {
            return;
        }
        let rows = sums
            .chunks_exact_mut(n_targets)
            .zip(given.chunks_exact(n_targets));
        for (sums, given) in rows {
            for ((sum, &given), &base) in sums.iter_mut().zip(given).zip(&self.base_values) {
                if given || n_targets == 1 {
                    *sum += base;
                }
            }
        }
    }

    /// Brings the values of the trees together, in their order.
    #[expect(
        clippy::indexing_slicing,
        reason = "targets are below the number of targets"
    )]
    fn collect(&self, rows: &[T], room: &mut [T], sums: &mut [T], given: &mut [bool]) {
        sums.fill(T::default());
        given.fill(false);
        let n_targets = self.n_targets;
        let sum = matches!(self.aggregate, Aggregate::Sum | Aggregate::Average);
        if let (Some(target), true) = (self.forest.single_target, sum) {
            let target = target as usize;
            self.forest.sum(rows, room, |row_idx, sum| {
                sums[row_idx * n_targets + target] = sum;
                given[row_idx * n_targets + target] = true;
            });
            return;
        }
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
