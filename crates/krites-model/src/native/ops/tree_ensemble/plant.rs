//! Grown trees laid into the flat array of a forest, level by level.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::attributes::RawSet;
use super::forest::{Forest, Node, Nodes, Real, Source, Tree, Weight};
use super::sets::{Membership, Sets};

/// A node of a grown tree, with the places of its children in that tree
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sprout<T> {
    Test(Test<T>),
    /// The range of its weights
    Leaf {
        first: u32,
        end: u32,
    },
}

/// A test `column <= threshold`, or of membership
#[derive(Clone, Copy, Debug)]
pub(crate) struct Test<T> {
    threshold: T,
    column: u32,
    /// The place of the set that the value is looked up in, where there is one
    set: Option<u32>,
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
            set: None,
            nan_is_yes,
            yes: 0,
            no: 0,
        }
    }

    /// Makes a test of membership whose children are not known yet.
    pub(crate) fn member(set: u32, column: u32, nan_is_yes: bool) -> Self {
        Self {
            set: Some(set),
            ..Self::new(T::default(), column, nan_is_yes)
        }
    }

    /// Tells the threshold and what is compared with it, and whether the
    /// children change sides.
    fn compared(&self, sets: &Sets<T>) -> (T, Tested, bool) {
        if let Some(set) = self.set {
            let tested = Tested::Membership {
                column: self.column,
                holds_for_nan: self.nan_is_yes,
                set: sets.place(set),
            };
            return (T::default(), tested, false);
        }
        let holds_for_nan_alone = self.nan_is_yes && self.threshold.is_nan();
        let source = Source {
            column: self.column,
            without_nan: self.nan_is_yes && !holds_for_nan_alone,
        };
        if holds_for_nan_alone {
            // All others are at or below infinity.
            (T::from_f64(f64::INFINITY), Tested::Column(source), true)
        } else {
            (self.threshold, Tested::Column(source), false)
        }
    }
}

/// What a slot of a row holds
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Tested {
    Column(Source),
    Membership {
        column: u32,
        holds_for_nan: bool,
        set: u32,
    },
}

/// A forest that trees are laid into
#[derive(Debug)]
pub(crate) struct Bed<T> {
    nodes: Vec<Node<T, u32>>,
    trees: Vec<Tree>,
    leaf_weights: Vec<(u32, u32)>,
    /// The slots of what is tested
    slots: BTreeMap<Tested, u32>,
    sets: Sets<T>,
    width: usize,
}

impl<T: Real> Bed<T> {
    /// Starts a forest over rows of `width` columns, whose tests name `sets`.
    pub(crate) fn new(width: usize, sets: &[RawSet]) -> Self {
        Self {
            nodes: Vec::new(),
            trees: Vec::new(),
            leaf_weights: Vec::new(),
            slots: BTreeMap::new(),
            sets: Sets::new(sets),
            width,
        }
    }

    /// Lays a tree down, its root first in `sprouts`.
    ///
    /// A node that is the child of several lies where the last of them that is
    /// laid has its child; at the others a test that always holds leads there.
    ///
    /// # Errors
    ///
    /// The nodes go in a circle.
    ///
    /// INVARIANT: a forest has at most 4 × `MAX_NODES` nodes, so places fit.
    pub(crate) fn plant(&mut self, sprouts: &[Sprout<T>]) -> Result<(), String> {
        let root = self.nodes.len() as u32;
        let mut parents = n_parents(sprouts);
        let mut levels = vec![0_u32; sprouts.len()];
        let mut places = vec![root; sprouts.len()];
        let mut ways: Vec<(u32, u32)> = Vec::new();
        let mut depth = 0;
        let mut n_laid = 0;
        let mut waiting = VecDeque::from([0_u32]);
        self.leave_place();
        while let Some(idx) = waiting.pop_front() {
            let (Some(&sprout), Some(&place), Some(&level)) = (
                sprouts.get(idx as usize),
                places.get(idx as usize),
                levels.get(idx as usize),
            ) else {
                continue;
            };
            n_laid += 1;
            depth = depth.max(level);
            let (node, weights) = match sprout {
                Sprout::Leaf { first, end } => (always(0), (first, end)),
                Sprout::Test(test) => {
                    let (threshold, tested, swapped) = test.compared(&self.sets);
                    let next_slot = self.slots.len() as u32 + 1;
                    let slot = *self.slots.entry(tested).or_insert(next_slot);
                    let child = self.leave_place();
                    self.leave_place();
                    let (yes, no) = if swapped {
                        (child + 1, child)
                    } else {
                        (child, child + 1)
                    };
                    for (child, at) in [(test.yes, yes), (test.no, no)] {
                        let child_idx = child as usize;
                        let (Some(left), Some(below), Some(to)) = (
                            parents.get_mut(child_idx),
                            levels.get_mut(child_idx),
                            places.get_mut(child_idx),
                        ) else {
                            continue;
                        };
                        *left -= 1;
                        if *left == 0 {
                            *below = (*below).max(level + 1);
                            *to = at;
                            waiting.push_back(child);
                        } else {
                            *below = (*below).max(level + 2);
                            ways.push((at, child));
                        }
                    }
                    let step = child - place;
                    let node = Node {
                        threshold,
                        slot,
                        step,
                    };
                    (node, (0, 0))
                }
            };
            if let (Some(to), Some(range)) = (
                self.nodes.get_mut(place as usize),
                self.leaf_weights.get_mut(place as usize),
            ) {
                (*to, *range) = (node, weights);
            }
        }
        if n_laid < sprouts.len() {
            return Err("its nodes go in a circle".to_owned());
        }
        for (at, child) in ways {
            if let (Some(way), Some(&to)) =
                (self.nodes.get_mut(at as usize), places.get(child as usize))
            {
                *way = always(to.saturating_sub(at));
            }
        }
        self.trees.push(Tree { root, depth });
        Ok(())
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
        let (sources, memberships) = self.number_slots();
        Forest {
            nodes: Nodes::new(self.nodes),
            trees: self.trees,
            leaf_weights: self.leaf_weights,
            weights,
            single_target,
            width: self.width,
            sources,
            memberships,
        }
    }

    /// Numbers the slots anew, those of memberships last, and tells what they
    /// hold.
    fn number_slots(&mut self) -> (Vec<Source>, Vec<Membership<T>>) {
        let mut tested: Vec<(u32, Tested)> = std::mem::take(&mut self.slots)
            .into_iter()
            .map(|(tested, slot)| (slot, tested))
            .collect();
        tested.sort_unstable_by_key(|&(slot, tested)| {
            (matches!(tested, Tested::Membership { .. }), slot)
        });
        let mut numbers = vec![0; tested.len() + 1];
        let (mut sources, mut memberships) = (Vec::new(), Vec::new());
        for ((old, tested), number) in tested.into_iter().zip(1..) {
            if let Some(to) = numbers.get_mut(old as usize) {
                *to = number;
            }
            match tested {
                Tested::Column(source) => sources.push(source),
                Tested::Membership {
                    column,
                    holds_for_nan,
                    set,
                } => memberships.extend(self.sets.get(set).map(|set| Membership {
                    column,
                    holds_for_nan,
                    set: Arc::clone(set),
                })),
            }
        }
        for node in &mut self.nodes {
            node.slot = numbers.get(node.slot as usize).copied().unwrap_or(0);
        }
        (sources, memberships)
    }

    fn leave_place(&mut self) -> u32 {
        let place = self.nodes.len() as u32;
        self.nodes.push(always(0));
        self.leaf_weights.push((0, 0));
        place
    }
}

/// Counts for each node how often it is a child.
fn n_parents<T>(sprouts: &[Sprout<T>]) -> Vec<u32> {
    let mut counts = vec![0; sprouts.len()];
    for sprout in sprouts {
        let Sprout::Test(test) = sprout else { continue };
        for child in [test.yes, test.no] {
            if let Some(count) = counts.get_mut(child as usize) {
                *count += 1;
            }
        }
    }
    counts
}

/// A test that holds for every row.
fn always<T: Real>(step: u32) -> Node<T, u32> {
    Node {
        threshold: T::default(),
        slot: 0,
        step,
    }
}
