//! Trees whose outputs are only summed become one forest.
//!
//! Converters write an isolation forest as a graph of thousands of nodes: for
//! each tree which leaf a row ends in, and from it, by tables and arithmetic,
//! how soon the row is alone; then a sum over the trees. What depends on one
//! tree alone has one value for each of its leaves. It is found here by running
//! the same kernels once over the leaves, so that a joined plan gives the bits
//! that the plan as written gives.
//!
//! Invariant: what is not surely the same stays as it is written.

mod leaves;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::buffer::Buffer;
use crate::native::arguments::Operand;
use crate::native::ops::{self, Forest, Graft};
use crate::native::plan::{Plan, Step, width_of};
use crate::native::unused;

/// Values of leaves that are found, and nodes that are joined, so that loading
/// a model takes no longer than its size lets expect
const MAX_WORK: usize = 1 << 24;

/// What a step is where trees are joined
#[derive(Debug)]
pub(crate) enum Part<'a> {
    Tree(&'a dyn OneTree),
    /// Takes columns out of rows of `width`
    Columns {
        columns: Vec<usize>,
        width: usize,
    },
    /// Adds two columns of floats
    Add,
    /// Gives for each element a number or truth value that depends on it alone
    Elementwise,
    Other,
}

/// A forest of one tree that gives one number a row
pub(crate) trait OneTree: std::fmt::Debug {
    /// Returns the forest.
    fn forest(&self) -> &Forest<f32>;

    /// Returns what it gives for each leaf, in the order of
    /// [`Forest::leaf_values`].
    fn given(&self) -> Vec<f32>;
}

/// What is known of a slot
#[derive(Clone, Debug)]
enum Known {
    Nothing,
    /// It depends on the leaf of this tree alone; [`Joiner::tables`] says how
    Leaf {
        tree: usize,
    },
    /// The sum of these slots from left to right, each known by a leaf
    Sum {
        terms: Vec<usize>,
    },
    /// A part of a longer sum
    Summed,
}

/// Joins trees in `plan` and leaves steps out that nothing needs any more.
pub(crate) fn join(plan: &mut Plan) {
    let mut joiner = Joiner {
        known: vec![Known::Nothing; plan.n_slots],
        tables: vec![Buffer::default(); plan.n_slots],
        n_reads: reads(plan),
        left: MAX_WORK,
    };
    for (idx, step) in plan.steps.iter().enumerate() {
        joiner.look_at(plan, idx, step);
    }
    let joined = joiner.joined(plan);
    if !joined.is_empty() {
        replace(plan, joined);
        unused::drop(plan);
    }
}

/// Counts how often each slot is read.
fn reads(plan: &Plan) -> Vec<usize> {
    let mut reads = vec![0; plan.n_slots];
    let operands = plan.steps.iter().flat_map(|step| &step.operands);
    for operand in operands.chain(plan.outputs.iter().map(|output| &output.operand)) {
        if let Operand::Slot(slot) = *operand
            && let Some(count) = reads.get_mut(slot)
        {
            *count += 1;
        }
    }
    reads
}

struct Joiner {
    known: Vec<Known>,
    /// Values by leaf of slots that are known by a leaf
    tables: Vec<Buffer>,
    n_reads: Vec<usize>,
    left: usize,
}

impl Joiner {
    /// Makes the forests, each with the slot whose value it gives and what it
    /// reads.
    fn joined(&mut self, plan: &Plan) -> BTreeMap<usize, (Operand, Forest<f32>)> {
        let mut joined = BTreeMap::new();
        let sums = (0..plan.n_slots).filter_map(|slot| match self.known.get(slot)? {
            Known::Sum { terms } => Some((slot, terms.clone())),
            _ => None,
        });
        let sums: Vec<_> = sums.chain(self.alone(plan)).collect();
        for (slot, terms) in sums {
            if let Some(forest) = self.forest(plan, &terms) {
                joined.insert(slot, forest);
            }
        }
        joined
    }

    /// Finds trees of which one value is read by what reads other things, too,
    /// and not as the tree gives it: sums of one term.
    fn alone(&self, plan: &Plan) -> Vec<(usize, Vec<usize>)> {
        let mut ends: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        let reading = plan.steps.iter().filter(|step| {
            let result = self.known.get(step.first_slot);
            matches!(result, Some(Known::Nothing))
        });
        let operands = reading.flat_map(|step| &step.operands);
        for &operand in operands.chain(plan.outputs.iter().map(|output| &output.operand)) {
            if let (Operand::Slot(slot), &Known::Leaf { tree }) = (operand, self.of(operand)) {
                ends.entry(tree).or_default().insert(slot);
            }
        }
        let only = ends.into_iter().filter_map(|(tree, slots)| {
            let slot = *slots.first().filter(|_| slots.len() == 1)?;
            (plan.steps.get(tree)?.first_slot != slot).then(|| (slot, vec![slot]))
        });
        only.collect()
    }

    fn forest(&mut self, plan: &Plan, terms: &[usize]) -> Option<(Operand, Forest<f32>)> {
        let work = terms.iter().filter_map(|&slot| self.tables.get(slot));
        if !self.pay(work.map(Buffer::len).sum()) {
            return None;
        }
        let mut common = None;
        let mut grafts = Vec::with_capacity(terms.len());
        for (idx, &slot) in terms.iter().enumerate() {
            let Some(Known::Leaf { tree }) = self.known.get(slot) else {
                return None;
            };
            let step = plan.steps.get(*tree)?;
            let (Part::Tree(tree), [operand]) = (step.kernel.part(), step.operands.as_slice())
            else {
                return None;
            };
            let forest = tree.forest();
            let Some(Buffer::Float(values)) = self.tables.get(slot) else {
                return None;
            };
            // A leaf is a test that holds for its value, and a sum begins with
            // zero, which takes the sign from a first term of minus zero.
            let lost = |value: &f32| value.is_nan() || (idx == 0 && value.to_bits() == 1 << 31);
            if values.iter().any(lost) {
                return None;
            }
            let (operand, columns, width) = match picked(plan, *operand) {
                Some((from, columns, width)) => (from, Some(columns), width),
                None => (*operand, None, forest.width),
            };
            if *common.get_or_insert((operand, width)) != (operand, width) {
                return None;
            }
            grafts.push(Graft {
                forest,
                columns,
                values,
            });
        }
        let (operand, width) = common?;
        Some((operand, ops::join(&grafts, width)?))
    }
}

/// Finds what a slot holds columns of: where they come from, which they are,
/// and how many there were.
fn picked(plan: &Plan, operand: Operand) -> Option<(Operand, Vec<usize>, usize)> {
    let Operand::Slot(slot) = operand else {
        return None;
    };
    let at = plan
        .steps
        .binary_search_by_key(&slot, |step| step.first_slot)
        .ok()?;
    let step = plan.steps.get(at)?;
    match (step.kernel.part(), step.operands.as_slice()) {
        (Part::Columns { columns, width }, &[from]) => Some((from, columns, width)),
        _ => None,
    }
}

/// Lets forests give the values of slots.
fn replace(plan: &mut Plan, mut forests: BTreeMap<usize, (Operand, Forest<f32>)>) {
    let mut moved = BTreeMap::new();
    for step in &mut plan.steps {
        let Some((operand, forest)) = forests.remove(&step.first_slot) else {
            continue;
        };
        let (kernel, results) = ops::sum_of(forest);
        moved.insert(step.first_slot, plan.n_slots);
        *step = Step {
            kernel: Box::new(kernel),
            node: Arc::clone(&step.node),
            operands: vec![operand],
            first_slot: plan.n_slots,
            n_slots: results.len(),
            width: width_of(&results),
        };
        plan.n_slots += results.len();
    }
    let operands = plan.steps.iter_mut().flat_map(|step| &mut step.operands);
    let outputs = plan.outputs.iter_mut().map(|output| &mut output.operand);
    for operand in operands.chain(outputs) {
        if let Operand::Slot(slot) = operand
            && let Some(&to) = moved.get(slot)
        {
            *slot = to;
        }
    }
}

#[cfg(test)]
mod tests;
