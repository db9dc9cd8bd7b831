//! From attributes to a checked forest.

use std::collections::BTreeMap;

use super::attributes::{Attributes, Mode, RawNode};
use super::forest::{FlatNode, Forest, Real, Tree, Weight};

/// Most nodes and weights of a forest, so that places and counts fit 31 bits
const MAX_NODES: usize = 1 << 30;

/// Builds the forest over rows of `width` columns.
///
/// Every test becomes `x <= threshold` with a direction for NaN: for numbers
/// x < t is x <= the number below t, the other orders swap the children, and
/// equality is two tests.
///
/// # Errors
///
/// A sentence that says what is no tree: a circle, a node with two parents, a
/// child that is not there, a feature beyond the width, a target beyond
/// `n_targets`.
pub(crate) fn grow<T: Real>(
    attributes: &Attributes,
    n_targets: usize,
    width: usize,
) -> Result<Forest<T>, String> {
    if attributes.nodes.is_empty() {
        return Err("it has no trees".to_owned());
    }
    let given: usize = attributes.weights.values().map(Vec::len).sum();
    if attributes.nodes.len() >= MAX_NODES || given >= MAX_NODES {
        return Err("it has too many tree nodes".to_owned());
    }
    let mut trees: Vec<(i64, Vec<&RawNode>)> = Vec::new();
    let mut place: BTreeMap<i64, usize> = BTreeMap::new();
    for node in &attributes.nodes {
        let at = *place.entry(node.tree).or_insert_with(|| {
            trees.push((node.tree, Vec::new()));
            trees.len() - 1
        });
        if let Some((_, nodes)) = trees.get_mut(at) {
            nodes.push(node);
        }
    }
    let mut forest = Forest {
        nodes: Vec::with_capacity(attributes.nodes.len()),
        trees: Vec::with_capacity(trees.len()),
        leaf_weights: Vec::with_capacity(attributes.nodes.len()),
        weights: Vec::new(),
        single_target: None,
        width,
    };
    let mut single = Single::default();
    for (tree, nodes) in &trees {
        let seed = Seed {
            attributes,
            tree: *tree,
            nodes,
            n_targets,
        };
        seed.grow(&mut forest, &mut single)
            .map_err(|problem| format!("tree {tree}: {problem}"))?;
    }
    forest.single_target = single.target.filter(|_| !single.broken);
    let used: usize = forest
        .leaf_weights
        .iter()
        .map(|&(from, to)| (to - from) as usize)
        .sum();
    if used != given {
        return Err("a weight belongs to no leaf".to_owned());
    }
    Ok(forest)
}

/// Whether every leaf so far has one weight, all for one target
#[derive(Default)]
struct Single {
    target: Option<u32>,
    broken: bool,
}

/// One tree to grow
struct Seed<'a> {
    attributes: &'a Attributes,
    tree: i64,
    nodes: &'a [&'a RawNode],
    n_targets: usize,
}

/// A node on its way into the forest
struct Waiting {
    idx: usize,
    /// Where its place is written
    links: Vec<Link>,
    /// Tests before it
    depth: u32,
}

impl Seed<'_> {
    fn grow<T: Real>(&self, forest: &mut Forest<T>, single: &mut Single) -> Result<(), String> {
        let by_id = self.by_id()?;
        let root = next_place(forest);
        let mut taken = vec![false; self.nodes.len()];
        let mut depth = 0;
        let mut waiting = vec![Waiting {
            idx: self.root(&by_id)?,
            links: Vec::new(),
            depth: 0,
        }];
        while let Some(next) = waiting.pop() {
            let (Some(node), Some(taken)) = (self.nodes.get(next.idx), taken.get_mut(next.idx))
            else {
                continue;
            };
            if std::mem::replace(taken, true) {
                return Err(format!(
                    "node {} has two parents or is its own ancestor",
                    node.id
                ));
            }
            let at = next_place(forest);
            for link in next.links {
                link.set(forest, at);
            }
            if node.mode == Mode::Leaf {
                self.leaf(forest, single, node, at)?;
                continue;
            }
            let child = |id: i64| {
                let found = by_id.get(&id).copied();
                found.ok_or_else(|| {
                    format!("node {} has the child {id}, which is not there", node.id)
                })
            };
            let (yes, no) = (child(node.yes)?, child(node.no)?);
            let branch = Branch::<T>::of(node, self.feature(node, forest.width)?);
            let below = next.depth + if branch.second.is_some() { 2 } else { 1 };
            depth = depth.max(below);
            forest.nodes.push(branch.first);
            forest.leaf_weights.push((0, 0));
            if let Some(second) = branch.second {
                forest.nodes.push(second);
                forest.leaf_weights.push((0, 0));
                Link { at, yes: true }.set(forest, at + 1);
            }
            let links = |ends: &[(u32, bool)]| {
                ends.iter()
                    .map(|&(test, yes)| Link { at: at + test, yes })
                    .collect()
            };
            waiting.push(Waiting {
                idx: no,
                links: links(branch.when_false),
                depth: below,
            });
            waiting.push(Waiting {
                idx: yes,
                links: links(branch.when_true),
                depth: below,
            });
        }
        if let Some((node, _)) = self.nodes.iter().zip(&taken).find(|(_, taken)| !**taken) {
            return Err(format!("node {} is not reached from the root", node.id));
        }
        forest.trees.push(Tree { root, depth });
        Ok(())
    }

    fn by_id(&self) -> Result<BTreeMap<i64, usize>, String> {
        let mut by_id = BTreeMap::new();
        for (idx, node) in self.nodes.iter().enumerate() {
            if by_id.insert(node.id, idx).is_some() {
                return Err(format!("two nodes have the number {}", node.id));
            }
        }
        Ok(by_id)
    }

    /// Finds the node that is no child.
    fn root(&self, by_id: &BTreeMap<i64, usize>) -> Result<usize, String> {
        let mut is_child = vec![false; self.nodes.len()];
        let tests = self.nodes.iter().filter(|node| node.mode != Mode::Leaf);
        for id in tests.flat_map(|node| [node.yes, node.no]) {
            if let Some(is_child) = by_id.get(&id).and_then(|&idx| is_child.get_mut(idx)) {
                *is_child = true;
            }
        }
        let root = is_child.iter().position(|is_child| !is_child);
        root.ok_or_else(|| "its nodes go in a circle".to_owned())
    }

    fn feature(&self, node: &RawNode, width: usize) -> Result<u32, String> {
        let feature = u32::try_from(node.feature)
            .ok()
            .filter(|&feature| (feature as usize) < width);
        feature.ok_or_else(|| {
            format!(
                "node {} reads the column {} of {width}",
                node.id, node.feature
            )
        })
    }

    fn leaf<T: Real>(
        &self,
        forest: &mut Forest<T>,
        single: &mut Single,
        node: &RawNode,
        at: u32,
    ) -> Result<(), String> {
        let given = self.attributes.weights.get(&(self.tree, node.id));
        let first = forest.weights.len() as u32;
        for raw in given.into_iter().flatten() {
            let target = u32::try_from(raw.target).ok();
            let Some(target) = target.filter(|&target| (target as usize) < self.n_targets) else {
                return Err(format!(
                    "leaf {} votes for the class or target {}",
                    node.id, raw.target
                ));
            };
            forest.weights.push(Weight {
                target,
                weight: T::from_f64(raw.weight),
            });
        }
        let own = forest.weights.get(first as usize..).unwrap_or_default();
        let weight = match own {
            [only] => {
                single.broken |= *single.target.get_or_insert(only.target) != only.target;
                only.weight
            }
            _ => {
                single.broken = true;
                T::default()
            }
        };
        forest.nodes.push(FlatNode::leaf(weight, at));
        forest
            .leaf_weights
            .push((first, forest.weights.len() as u32));
        Ok(())
    }
}

/// A child pointer of a test
#[derive(Clone, Copy)]
struct Link {
    at: u32,
    yes: bool,
}

impl Link {
    fn set<T: Real>(self, forest: &mut Forest<T>, child: u32) {
        if let Some(node) = forest.nodes.get_mut(self.at as usize) {
            let [yes, no] = node.children();
            if self.yes {
                node.set_children(child, no);
            } else {
                node.set_children(yes, child);
            }
        }
    }
}

/// A tree node as one test, or as two of which the first leads to the second
/// when it holds
struct Branch<T> {
    first: FlatNode<T>,
    second: Option<FlatNode<T>>,
    /// Which test and which of its sides lead to the true child
    when_true: &'static [(u32, bool)],
    /// Which test and which of its sides lead to the false child
    when_false: &'static [(u32, bool)],
}

impl<T: Real> Branch<T> {
    fn of(node: &RawNode, feature: u32) -> Self {
        let threshold = T::from_f64(node.value);
        let missing = node.missing_is_true;
        let one = |threshold, nan_is_yes| FlatNode::test(threshold, feature, nan_is_yes);
        // Nothing is at or above NaN, and everything is at or below infinity.
        let not_below = |bound: T| {
            if threshold.is_nan() {
                T::from_f64(f64::INFINITY)
            } else {
                bound
            }
        };
        match node.mode {
            Mode::LessOrEqual | Mode::Leaf => Self::single(one(threshold, missing), true),
            Mode::Less => Self::single(one(below(threshold), missing), true),
            Mode::Greater => Self::single(one(not_below(threshold), !missing), false),
            Mode::GreaterOrEqual => Self::single(one(not_below(below(threshold)), !missing), false),
            Mode::Equal => Self {
                first: one(threshold, missing),
                second: Some(one(below(threshold), false)),
                when_true: &[(1, false)],
                when_false: &[(0, false), (1, true)],
            },
            // NaN differs from every number.
            Mode::NotEqual => Self {
                first: one(threshold, false),
                second: Some(one(below(threshold), false)),
                when_true: &[(0, false), (1, true)],
                when_false: &[(1, false)],
            },
        }
    }

    fn single(first: FlatNode<T>, yes_is_true: bool) -> Self {
        let (yes, no): (&[_], &[_]) = (&[(0, true)], &[(0, false)]);
        let (when_true, when_false) = if yes_is_true { (yes, no) } else { (no, yes) };
        Self {
            first,
            second: None,
            when_true,
            when_false,
        }
    }
}

/// Returns the bound that a number is at or below when it is below `threshold`.
fn below<T: Real>(threshold: T) -> T {
    let next = threshold.next_down();
    // Nothing is below minus infinity, and nothing is at or below NaN.
    if next == threshold {
        T::from_f64(f64::NAN)
    } else {
        next
    }
}

/// INVARIANT: a forest has fewer than 2 × `MAX_NODES` nodes, so places fit.
fn next_place<T>(forest: &Forest<T>) -> u32 {
    forest.nodes.len() as u32
}
