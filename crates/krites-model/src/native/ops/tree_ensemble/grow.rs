//! From attributes to a checked forest.

use std::collections::BTreeMap;

use super::attributes::{Attributes, Mode, RawNode};
use super::forest::{Forest, Real, Weight};
use super::plant::{Bed, Sprout, Test};

/// Most nodes and weights of a forest, so that places and counts fit 31 bits
const MAX_NODES: usize = 1 << 30;

/// Builds the forest over rows of `width` columns.
///
/// Every test becomes `x <= threshold` with a direction for NaN: for numbers
/// x < t is x <= the number below t, the other orders swap the children, and
/// equality is two tests, of which two sides lead to the same child.
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
    let mut bed = Bed::new(width);
    let mut weights = Vec::new();
    let mut single = Single::default();
    for (tree, nodes) in &trees {
        let seed = Seed {
            attributes,
            tree: *tree,
            nodes,
            n_targets,
        };
        let problem = |problem| format!("tree {tree}: {problem}");
        let (sprouts, depth) = seed
            .grow(width, &mut weights, &mut single)
            .map_err(problem)?;
        bed.plant(&sprouts, depth);
    }
    if weights.len() != given {
        return Err("a weight belongs to no leaf".to_owned());
    }
    Ok(bed.forest(weights, single.target.filter(|_| !single.broken)))
}

/// Whether every leaf so far has one weight, a number, all for one target
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
    /// Returns the nodes, the root first, and the most tests on a way.
    fn grow<T: Real>(
        &self,
        width: usize,
        weights: &mut Vec<Weight<T>>,
        single: &mut Single,
    ) -> Result<(Vec<Sprout<T>>, u32), String> {
        let by_id = self.by_id()?;
        let mut sprouts = Vec::with_capacity(self.nodes.len());
        let mut taken = vec![false; self.nodes.len()];
        let mut depth = 0;
        let mut waiting = vec![Waiting {
            idx: self.root(&by_id)?,
            links: Vec::new(),
            depth: 0,
        }];
        while let Some(next) = waiting.pop() {
            let (Some(&node), Some(taken)) = (self.nodes.get(next.idx), taken.get_mut(next.idx))
            else {
                continue;
            };
            if std::mem::replace(taken, true) {
                return Err(format!(
                    "node {} has two parents or is its own ancestor",
                    node.id
                ));
            }
            let at = sprouts.len() as u32;
            for link in next.links {
                link.set(&mut sprouts, at);
            }
            if node.mode == Mode::Leaf {
                sprouts.push(self.leaf(weights, single, node)?);
                continue;
            }
            let child = |id: i64| {
                let found = by_id.get(&id).copied();
                found.ok_or_else(|| {
                    format!("node {} has the child {id}, which is not there", node.id)
                })
            };
            let (yes, no) = (child(node.yes)?, child(node.no)?);
            let branch = Branch::<T>::of(node, self.feature(node, width)?);
            let below = next.depth + if branch.second.is_some() { 2 } else { 1 };
            depth = depth.max(below);
            let mut first = branch.first;
            if branch.second.is_some() {
                (first.yes, first.no) = (at + 1, at + 2);
            }
            sprouts.push(Sprout::Test(first));
            if let Some(second) = branch.second {
                sprouts.extend([Sprout::Test(second), Sprout::Way { to: 0 }]);
            }
            let links = |ends: &[(u32, Side)]| {
                ends.iter()
                    .map(|&(test, side)| Link {
                        at: at + test,
                        side,
                    })
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
        Ok((sprouts, depth))
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
        weights: &mut Vec<Weight<T>>,
        single: &mut Single,
        node: &RawNode,
    ) -> Result<Sprout<T>, String> {
        let given = self.attributes.weights.get(&(self.tree, node.id));
        let first = weights.len();
        for raw in given.into_iter().flatten() {
            let target = u32::try_from(raw.target).ok();
            let Some(target) = target.filter(|&target| (target as usize) < self.n_targets) else {
                return Err(format!(
                    "leaf {} votes for the class or target {}",
                    node.id, raw.target
                ));
            };
            weights.push(Weight {
                target,
                weight: T::from_f64(raw.weight),
            });
        }
        match weights.get(first..) {
            Some([only]) if !only.weight.is_nan() => {
                single.broken |= *single.target.get_or_insert(only.target) != only.target;
            }
            _ => single.broken = true,
        }
        Ok(Sprout::Leaf {
            first: first as u32,
            end: weights.len() as u32,
        })
    }
}

/// A side of a node that leads on
#[derive(Clone, Copy)]
enum Side {
    Yes,
    No,
    /// The only one of a [`Sprout::Way`]
    Way,
}

/// Where the place of a child is written
#[derive(Clone, Copy)]
struct Link {
    at: u32,
    side: Side,
}

impl Link {
    fn set<T>(self, sprouts: &mut [Sprout<T>], child: u32) {
        match (sprouts.get_mut(self.at as usize), self.side) {
            (Some(Sprout::Test(test)), Side::Yes) => test.yes = child,
            (Some(Sprout::Test(test)), Side::No) => test.no = child,
            (Some(Sprout::Way { to }), Side::Way) => *to = child,
            _ => {}
        }
    }
}

/// A tree node as one test; or as two of which the first leads to the second
/// when it holds, and else by a way to the child that both have
struct Branch<T> {
    first: Test<T>,
    second: Option<Test<T>>,
    /// Which test and which of its sides lead to the true child
    when_true: &'static [(u32, Side)],
    /// Which test and which of its sides lead to the false child
    when_false: &'static [(u32, Side)],
}

impl<T: Real> Branch<T> {
    fn of(node: &RawNode, feature: u32) -> Self {
        let threshold = T::from_f64(node.value);
        let missing = node.missing_is_true;
        let one = |threshold, nan_is_yes| Test::new(threshold, feature, nan_is_yes);
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
                when_true: &[(1, Side::No)],
                when_false: &[(1, Side::Yes), (2, Side::Way)],
            },
            // NaN differs from every number.
            Mode::NotEqual => Self {
                first: one(threshold, false),
                second: Some(one(below(threshold), false)),
                when_true: &[(1, Side::Yes), (2, Side::Way)],
                when_false: &[(1, Side::No)],
            },
        }
    }

    fn single(first: Test<T>, yes_is_true: bool) -> Self {
        let (yes, no): (&[_], &[_]) = (&[(0, Side::Yes)], &[(0, Side::No)]);
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
