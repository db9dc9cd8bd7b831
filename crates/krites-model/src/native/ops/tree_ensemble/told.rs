//! What explanations need to know of a forest.

use super::forest::{Forest, Link, Node, Nodes, Real};
use crate::ModelError;
use crate::buffer::Buffer;
use crate::native::arguments::Arguments;
use crate::native::explain::{Sum, TreeNode, Trees};

/// Why a base value that not every row gets has no contributions
pub(super) const SOMETIMES: &str = "what it adds to its trees depends on whether one of them votes";

/// Whether rows get a vote for a class or target
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Votes {
    Always,
    Sometimes,
    Never,
}

/// The votes of trees for a class or target times a factor, and a constant
pub(super) fn sum_of_votes(target: usize, factor: f64, constant: f64) -> Sum {
    Sum {
        constant,
        terms: Vec::new(),
        trees: Some((u32::try_from(target).unwrap_or(u32::MAX), factor)),
    }
}

impl<T: Real> Forest<T> {
    /// Tells whether rows get a vote for a class or target.
    pub(super) fn votes(&self, target: usize) -> Votes {
        if let Some(single) = self.single_target {
            return match single as usize == target {
                true => Votes::Always,
                false => Votes::Never,
            };
        }
        let votes = |leaf: u32| {
            let mut weights = self.weights_of(leaf).iter();
            weights.any(|weight| weight.target as usize == target)
        };
        let mut any = false;
        let mut ends: Vec<u32> = self.trees.iter().skip(1).map(|tree| tree.root).collect();
        ends.push(self.n_places());
        for (tree, end) in self.trees.iter().zip(ends) {
            let leaves = (tree.root..end).filter(|&at| matches!(self.node(at), TreeNode::Leaf));
            let mut all = true;
            for leaf in leaves {
                let votes = votes(leaf);
                any |= votes;
                all &= votes;
            }
            if all {
                return Votes::Always;
            }
        }
        if any { Votes::Sometimes } else { Votes::Never }
    }

    fn n_places(&self) -> u32 {
        let n_places = match &self.nodes {
            Nodes::Short(nodes) => nodes.len(),
            Nodes::Long(nodes) => nodes.len(),
        };
        u32::try_from(n_places).unwrap_or(u32::MAX)
    }

    /// Returns the threshold at a place, the slot that is compared with it, and
    /// how far behind the place the children are.
    fn at(&self, at: u32) -> Option<(T, u32, u32)> {
        fn read<T: Copy, L: Link>(nodes: &[Node<T, L>], at: u32) -> Option<(T, u32, u32)> {
            let node = nodes.get(at as usize)?;
            Some((node.threshold, node.slot.into(), node.step.into()))
        }
        match &self.nodes {
            Nodes::Short(nodes) => read(nodes, at),
            Nodes::Long(nodes) => read(nodes, at),
        }
    }
}

impl<T: Real> Trees for Forest<T> {
    fn roots(&self) -> Vec<u32> {
        self.trees.iter().map(|tree| tree.root).collect()
    }

    fn node(&self, at: u32) -> TreeNode {
        let Some((_, slot, step)) = self.at(at).filter(|&(_, _, step)| step > 0) else {
            return TreeNode::Leaf;
        };
        let Some(slot) = (slot as usize).checked_sub(1) else {
            return TreeNode::Way(at + step);
        };
        let column = match self.sources.get(slot) {
            Some(source) => source.column,
            None => {
                let membership = self.memberships.get(slot - self.sources.len());
                membership.map_or(u32::MAX, |membership| membership.column)
            }
        };
        TreeNode::Test {
            column: column as usize,
            yes: at + step,
            no: at + step + 1,
        }
    }

    fn value(&self, leaf: u32, target: u32) -> f64 {
        match self.single_target {
            Some(single) if single == target => {
                self.at(leaf).map_or(f64::NAN, |(value, ..)| value.to_f64())
            }
            Some(_) => 0.0,
            None => {
                let weights = self.weights_of(leaf).iter();
                let weights = weights.filter(|weight| weight.target == target);
                weights.map(|weight| weight.weight.to_f64()).sum()
            }
        }
    }

    fn outcomes(
        &self,
        arguments: &Arguments<'_, '_>,
        tests: &[u32],
        room: &mut Buffer,
        holds: &mut Vec<bool>,
    ) -> Result<(), ModelError> {
        let rows = arguments.array::<T>(0)?;
        let room = T::resized(room, self.n_slots());
        holds.clear();
        for row in rows.chunks_exact(self.width) {
            let slots = self.fill_row(row, room);
            holds.extend(tests.iter().map(|&test| {
                let Some((threshold, slot, _)) = self.at(test) else {
                    return false;
                };
                slots
                    .get(slot as usize)
                    .is_some_and(|value| *value <= threshold)
            }));
        }
        Ok(())
    }
}
