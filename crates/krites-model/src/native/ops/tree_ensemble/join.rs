//! Trees of several forests as one forest, with other values at their leaves.

use std::collections::BTreeMap;

use super::forest::{Forest, Node, Nodes, Source, Tree};

/// A tree on its way into another forest
#[derive(Clone, Debug)]
pub(crate) struct Graft<'a> {
    /// A forest of one tree, each of whose leaves has one weight
    pub(crate) forest: &'a Forest<f32>,
    /// For each column of its rows the column of the joined rows, none where
    /// they are the same
    pub(crate) columns: Option<Vec<usize>>,
    /// A number for each leaf, in the order of [`Forest::leaf_values`]
    pub(crate) values: &'a [f32],
}

impl Forest<f32> {
    /// Returns the weight of each leaf where every leaf has one, in the order
    /// of the nodes.
    pub(crate) fn leaf_values(&self) -> Vec<f32> {
        let nodes = self.long_nodes();
        nodes.filter(is_leaf).map(|node| node.threshold).collect()
    }

    /// Counts the nodes.
    pub(crate) fn n_nodes(&self) -> usize {
        match &self.nodes {
            Nodes::Short(nodes) => nodes.len(),
            Nodes::Long(nodes) => nodes.len(),
        }
    }

    fn long_nodes(&self) -> impl Iterator<Item = Node<f32, u32>> {
        let (short, long) = match &self.nodes {
            Nodes::Short(nodes) => (nodes.as_slice(), [].as_slice()),
            Nodes::Long(nodes) => ([].as_slice(), nodes.as_slice()),
        };
        let short = short.iter().map(|node| Node {
            threshold: node.threshold,
            slot: node.slot.into(),
            step: node.step.into(),
        });
        short.chain(long.iter().copied())
    }
}

/// Joins trees, in their order, into a forest over rows of `width` columns;
/// none where what is given does not fit together.
///
/// Steps are relative, so a tree's nodes stay as they are, but for what of a
/// row they test.
pub(crate) fn join(grafts: &[Graft<'_>], width: usize) -> Option<Forest<f32>> {
    let mut nodes = Vec::with_capacity(grafts.iter().map(|graft| graft.forest.n_nodes()).sum());
    let mut trees = Vec::with_capacity(grafts.len());
    let mut slots: BTreeMap<Source, u32> = BTreeMap::new();
    let mut sources = Vec::new();
    for graft in grafts {
        let [tree] = graft.forest.trees.as_slice() else {
            return None;
        };
        if !graft.forest.memberships.is_empty() {
            return None;
        }
        let before = u32::try_from(nodes.len()).ok()?;
        trees.push(Tree {
            root: tree.root.checked_add(before)?,
            depth: tree.depth,
        });
        let mut moved = vec![0];
        for source in &graft.forest.sources {
            let column = match &graft.columns {
                None => source.column,
                Some(columns) => u32::try_from(*columns.get(source.column as usize)?).ok()?,
            };
            let source = Source { column, ..*source };
            let slot = *slots.entry(source).or_insert_with(|| {
                sources.push(source);
                sources.len() as u32
            });
            moved.push(slot);
        }
        let mut values = graft.values.iter();
        for mut node in graft.forest.long_nodes() {
            if is_leaf(&node) {
                node.threshold = *values.next()?;
            } else {
                node.slot = *moved.get(node.slot as usize)?;
            }
            nodes.push(node);
        }
    }
    let in_range = |source: &Source| (source.column as usize) < width;
    if nodes.len() > u32::MAX as usize || !sources.iter().all(in_range) {
        return None;
    }
    Some(Forest {
        nodes: Nodes::new(nodes),
        trees,
        leaf_weights: Vec::new(),
        weights: Vec::new(),
        single_target: Some(0),
        width,
        sources,
        memberships: Vec::new(),
    })
}

/// A leaf leads to itself, all else forward.
fn is_leaf(node: &Node<f32, u32>) -> bool {
    node.step == 0
}
