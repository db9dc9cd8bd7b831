//! What of a plan depends on one leaf alone, and sums of that.

use super::{Joiner, Known, Part};
use crate::buffer::Buffer;
use crate::native::arguments::{Arguments, Operand};
use crate::native::plan::{Plan, Step};

impl Joiner {
    /// Notes what is known of the results of a step.
    pub(super) fn look_at(&mut self, plan: &Plan, idx: usize, step: &Step) {
        match step.kernel.part() {
            Part::Tree(tree) => {
                if self.pay(tree.forest().n_nodes()) {
                    self.learn(
                        step.first_slot,
                        Known::Leaf { tree: idx },
                        Buffer::Float(tree.given()),
                    );
                }
            }
            Part::Elementwise => self.evaluate(plan, step),
            Part::Add => {
                self.evaluate(plan, step);
                if matches!(self.of(Operand::Slot(step.first_slot)), Known::Nothing) {
                    self.add(step);
                }
            }
            Part::Columns { .. } | Part::Other => {}
        }
    }

    /// Runs a step over the leaves of a tree, where it reads nothing else.
    fn evaluate(&mut self, plan: &Plan, step: &Step) {
        let mut only = None;
        for &operand in &step.operands {
            match (operand, self.of(operand)) {
                (Operand::Constant(_), _) => {}
                (Operand::Slot(slot), &Known::Leaf { tree }) => {
                    let n_leaves = self.tables.get(slot).map_or(0, Buffer::len);
                    if *only.get_or_insert((tree, n_leaves)) != (tree, n_leaves) {
                        return;
                    }
                }
                _ => return,
            }
        }
        let Some((tree, n_leaves)) = only else { return };
        if step.n_slots != 1 || !self.pay(n_leaves) {
            return;
        }
        let arguments = Arguments {
            operands: &step.operands,
            inputs: &[],
            staged: &[],
            slots: &self.tables,
            constants: &plan.constants,
            start: 0,
            n_rows: n_leaves,
        };
        let mut results = [Buffer::default()];
        if step.kernel.run(&arguments, &mut results).is_ok() {
            let [result] = results;
            self.learn(step.first_slot, Known::Leaf { tree }, result);
        }
    }

    /// Notes a sum, of which one side is known by a leaf and the other one too,
    /// or is a sum that nothing else reads.
    fn add(&mut self, step: &Step) {
        let &[Operand::Slot(left), Operand::Slot(right)] = step.operands.as_slice() else {
            return;
        };
        // Both orders of two numbers have one sum.
        let terms = match (self.of(Operand::Slot(left)), self.of(Operand::Slot(right))) {
            (Known::Leaf { .. }, Known::Leaf { .. }) => vec![left, right],
            (Known::Sum { .. }, Known::Leaf { .. }) => self.longer(left, right),
            (Known::Leaf { .. }, Known::Sum { .. }) => self.longer(right, left),
            _ => return,
        };
        if !terms.is_empty() {
            self.learn(step.first_slot, Known::Sum { terms }, Buffer::default());
        }
    }

    /// Takes the terms of a sum that nothing else reads, and one more.
    fn longer(&mut self, sum: usize, term: usize) -> Vec<usize> {
        if self.n_reads.get(sum) == Some(&1)
            && let Some(known) = self.known.get_mut(sum)
            && let Known::Sum { mut terms } = std::mem::replace(known, Known::Summed)
        {
            terms.push(term);
            return terms;
        }
        Vec::new()
    }

    /// Tells what is known of an operand.
    pub(super) fn of(&self, operand: Operand) -> &Known {
        match operand {
            Operand::Slot(slot) => self.known.get(slot).unwrap_or(&Known::Nothing),
            Operand::Input(_) | Operand::Constant(_) => &Known::Nothing,
        }
    }

    fn learn(&mut self, slot: usize, what: Known, values: Buffer) {
        if let (Some(known), Some(table)) = (self.known.get_mut(slot), self.tables.get_mut(slot)) {
            (*known, *table) = (what, values);
        }
    }

    /// Takes from what may still be done, where it suffices.
    pub(super) fn pay(&mut self, work: usize) -> bool {
        let left = self.left.checked_sub(work);
        self.left = left.unwrap_or(self.left);
        left.is_some()
    }
}
