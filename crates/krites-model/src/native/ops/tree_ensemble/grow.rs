//! From attributes to a checked forest.

use std::collections::BTreeMap;

use super::attributes::{Attributes, Mode, RawNode, RawWeight};
use super::branch::{Branch, Link, Side};
use super::forest::{Forest, Real, Weight};
use super::plant::{Bed, Sprout};

/// Most nodes and weights of a forest, so that places and counts fit 31 bits
const MAX_NODES: usize = 1 << 28;

/// Builds the forest over rows of `width` columns.
///
/// # Errors
///
/// A sentence that says what is no tree: a circle, a child that is not there, a
/// feature beyond the width, a target beyond `n_targets`. A node may be a child
/// of several: converters write a test of membership as tests of equality with
/// one true child.
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
    let mut bed = Bed::new(width, &attributes.sets);
    let mut harvest = Harvest::default();
    for (tree, nodes) in &trees {
        let seed = Seed {
            attributes,
            tree: *tree,
            nodes,
            n_targets,
        };
        let problem = |problem| format!("tree {tree}: {problem}");
        let sprouts = seed.grow(width, &mut harvest).map_err(problem)?;
        bed.plant(&sprouts).map_err(problem)?;
    }
    if harvest.n_given != given {
        return Err("a weight belongs to no node".to_owned());
    }
    let single_target = harvest.target.filter(|_| !harvest.broken);
    Ok(bed.forest(harvest.weights, single_target))
}

/// The weights of the leaves so far
#[derive(Default)]
struct Harvest<T> {
    weights: Vec<Weight<T>>,
    /// Weights that belong to nodes so far, those that nothing reads with them
    n_given: usize,
    /// The target of the first leaf
    target: Option<u32>,
    /// Not every leaf has one weight, a number, for this target
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
}

impl Seed<'_> {
    /// Returns the nodes, the root first.
    fn grow<T: Real>(
        &self,
        width: usize,
        harvest: &mut Harvest<T>,
    ) -> Result<Vec<Sprout<T>>, String> {
        let by_id = self.by_id()?;
        let mut sprouts = Vec::with_capacity(self.nodes.len());
        let mut places: Vec<Option<u32>> = vec![None; self.nodes.len()];
        let mut waiting = vec![Waiting {
            idx: self.root(&by_id)?,
            links: Vec::new(),
        }];
        while let Some(next) = waiting.pop() {
            let (Some(&node), Some(place)) = (self.nodes.get(next.idx), places.get_mut(next.idx))
            else {
                continue;
            };
            let known = place.is_some();
            let at = *place.get_or_insert(sprouts.len() as u32);
            for link in next.links {
                link.set(&mut sprouts, at);
            }
            if known {
                continue;
            }
            let given = self.attributes.weights.get(&(self.tree, node.id));
            let given = given.map_or(&[][..], Vec::as_slice);
            harvest.n_given += given.len();
            // Converters have left weights at nodes that are no leaves.
            if node.mode == Mode::Leaf {
                sprouts.push(self.leaf(harvest, node, given)?);
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
            let mut first = branch.first;
            if branch.second.is_some() {
                first.yes = at + 1;
            }
            sprouts.push(Sprout::Test(first));
            sprouts.extend(branch.second.map(Sprout::Test));
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
            });
            waiting.push(Waiting {
                idx: yes,
                links: links(branch.when_true),
            });
        }
        if let Some((node, _)) = self
            .nodes
            .iter()
            .zip(&places)
            .find(|(_, place)| place.is_none())
        {
            return Err(format!("node {} is not reached from the root", node.id));
        }
        Ok(sprouts)
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

    /// Adds the weights of a leaf. With one target there is one: the first, or
    /// the value of the node, as ONNX Runtime has it.
    fn leaf<T: Real>(
        &self,
        harvest: &mut Harvest<T>,
        node: &RawNode,
        given: &[RawWeight],
    ) -> Result<Sprout<T>, String> {
        let weights = &mut harvest.weights;
        let first = weights.len();
        for raw in given {
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
        if self.n_targets == 1 {
            weights.truncate(first + 1);
            if weights.len() == first {
                weights.push(Weight {
                    target: 0,
                    weight: T::from_f64(node.value),
                });
            }
        }
        match weights.get(first..) {
            Some([only]) if !only.weight.is_nan() => {
                harvest.broken |= *harvest.target.get_or_insert(only.target) != only.target;
            }
            _ => harvest.broken = true,
        }
        Ok(Sprout::Leaf {
            first: first as u32,
            end: weights.len() as u32,
        })
    }
}
