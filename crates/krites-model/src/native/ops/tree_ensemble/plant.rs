//! Grown trees laid into the flat array of a forest, level by level.

use std::collections::{BTreeMap, VecDeque};

use super::forest::{Forest, Node, Nodes, Real, Source, Tree, Weight};

/// A node of a grown tree, with the places of its children in that tree
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sprout<T> {
    Test(Test<T>),
    /// Leads to a node that is a child of another, too, which lies further down
    Way {
        to: u32,
    },
    /// The range of its weights
    Leaf {
        first: u32,
        end: u32,
    },
}

/// A test `column <= threshold`
#[derive(Clone, Copy, Debug)]
pub(crate) struct Test<T> {
    threshold: T,
    column: u32,
    /// The test holds for NaN
    nan_is_yes: bool,
    pub(crate) yes: u32,
    pub(crate) no: u32,
}

impl<T: Real> Test<T> {
    /// Makes a test whose children are not known yet.
    pub(crate) fn new(threshold: T, column: u32, nan_is_yes: bool) -> Self {
        Self {
            threshold,
            column,
            nan_is_yes,
            yes: 0,
            no: 0,
        }
    }

    /// Tells the threshold and what is compared with it, and whether the
    /// children change sides.
    fn compared(&self) -> (T, Source, bool) {
        let holds_for_nan_alone = self.nan_is_yes && self.threshold.is_nan();
        let source = Source {
            column: self.column,
            without_nan: self.nan_is_yes && !holds_for_nan_alone,
        };
        if holds_for_nan_alone {
            // All others are at or below infinity.
            (T::from_f64(f64::INFINITY), source, true)
        } else {
            (self.threshold, source, false)
        }
    }
}

/// A forest that trees are laid into
#[derive(Debug)]
pub(crate) struct Bed<T> {
    nodes: Vec<Node<T, u32>>,
    trees: Vec<Tree>,
    leaf_weights: Vec<(u32, u32)>,
    /// The slots of what is tested
    slots: BTreeMap<Source, u32>,
    width: usize,
}

impl<T: Real> Bed<T> {
    /// Starts a forest over rows of `width` columns.
    pub(crate) fn new(width: usize) -> Self {
        Self {
            nodes: Vec::new(),
            trees: Vec::new(),
            leaf_weights: Vec::new(),
            slots: BTreeMap::new(),
            width,
        }
    }

    /// Lays a tree down, its root first in `sprouts`.
    ///
    /// INVARIANT: a forest has fewer than 3 × `MAX_NODES` nodes, so places fit.
    /// A [`Sprout::Way`] leads forward and to a place that is known: its end is
    /// a child of the node beside it, which comes first.
    pub(crate) fn plant(&mut self, sprouts: &[Sprout<T>], depth: u32) {
        let root = self.nodes.len() as u32;
        self.trees.push(Tree { root, depth });
        let mut places = vec![root; sprouts.len()];
        let mut waiting = VecDeque::from([(0, root)]);
        self.leave_place();
        while let Some((idx, place)) = waiting.pop_front() {
            let idx: u32 = idx;
            let Some(&sprout) = sprouts.get(idx as usize) else {
                continue;
            };
            let (node, weights) = match sprout {
                Sprout::Test(test) => {
                    let (threshold, source, swapped) = test.compared();
                    let next_slot = self.slots.len() as u32 + 1;
                    let slot = *self.slots.entry(source).or_insert(next_slot);
                    let child = self.leave_place();
                    self.leave_place();
                    let (yes, no) = if swapped {
                        (child + 1, child)
                    } else {
                        (child, child + 1)
                    };
                    for (child, place) in [(test.yes, yes), (test.no, no)] {
                        if let Some(to) = places.get_mut(child as usize) {
                            *to = place;
                        }
                        waiting.push_back((child, place));
                    }
                    let step = child - place;
                    (
                        Node {
                            threshold,
                            slot,
                            step,
                        },
                        (0, 0),
                    )
                }
                Sprout::Way { to } => {
                    let end = places.get(to as usize).copied().unwrap_or(place);
                    (always(end.saturating_sub(place)), (0, 0))
                }
                Sprout::Leaf { first, end } => (always(0), (first, end)),
            };
            if let (Some(to), Some(range)) = (
                self.nodes.get_mut(place as usize),
                self.leaf_weights.get_mut(place as usize),
            ) {
                (*to, *range) = (node, weights);
            }
        }
    }

    /// Makes the forest. With a single target the leaves hold their weights.
    pub(crate) fn forest(
        mut self,
        weights: Vec<Weight<T>>,
        single_target: Option<u32>,
    ) -> Forest<T> {
        if single_target.is_some() {
            for (node, &(first, end)) in self.nodes.iter_mut().zip(&self.leaf_weights) {
                if let Some([only]) = weights.get(first as usize..end as usize) {
                    node.threshold = only.weight;
                }
            }
        }
        let mut sources: Vec<(u32, Source)> = self
            .slots
            .into_iter()
            .map(|(source, slot)| (slot, source))
            .collect();
        sources.sort_unstable();
        Forest {
            nodes: Nodes::new(self.nodes),
            trees: self.trees,
            leaf_weights: self.leaf_weights,
            weights,
            single_target,
            width: self.width,
            sources: sources.into_iter().map(|(_, source)| source).collect(),
        }
    }

    fn leave_place(&mut self) -> u32 {
        let place = self.nodes.len() as u32;
        self.nodes.push(always(0));
        self.leaf_weights.push((0, 0));
        place
    }
}

/// A test that holds for every row.
fn always<T: Real>(step: u32) -> Node<T, u32> {
    Node {
        threshold: T::default(),
        slot: 0,
        step,
    }
}
