//! Chains of tests for equality that lead to one true child are tests of
//! membership. onnxmltools writes the categories of LightGBM so; a chain would
//! take two steps for each category.

use std::collections::BTreeMap;

use super::attributes::{Attributes, Mode, RawNode, RawSet};

impl Attributes {
    /// Makes one node of each chain. A row without a value takes the true side
    /// where some test of the chain says so.
    pub(super) fn join_chains(&mut self) {
        let Some(next) = links(&self.nodes) else {
            return;
        };
        let mut is_next = vec![false; self.nodes.len()];
        for &next in next.iter().flatten() {
            if let Some(is_next) = is_next.get_mut(next) {
                *is_next = true;
            }
        }
        let mut joined = vec![false; self.nodes.len()];
        for head in 0..self.nodes.len() {
            let is_head = is_next.get(head) == Some(&false);
            if is_head && next.get(head).is_some_and(Option::is_some) {
                self.join_chain(head, &next, &mut joined);
            }
        }
        let mut joined = joined.into_iter();
        self.nodes.retain(|_| !joined.next().unwrap_or(false));
    }

    /// Makes the first node of a chain stand for all of them, and marks the
    /// others.
    fn join_chain(&mut self, head: usize, next: &[Option<usize>], joined: &mut [bool]) {
        let mut members = Vec::new();
        let mut following = Some(head);
        let (mut no, mut missing_is_true) = (0, false);
        // INVARIANT: each node follows one other at most and the head follows
        // none, so the walk ends.
        while let Some(at) = following {
            let Some(&node) = self.nodes.get(at) else {
                break;
            };
            // Nothing equals what is no number.
            members.extend(Some(node.value).filter(|value| !value.is_nan()));
            no = node.no;
            missing_is_true |= node.missing_is_true;
            if let Some(joined) = joined.get_mut(at).filter(|_| at != head) {
                *joined = true;
                self.weights.remove(&(node.tree, node.id));
            }
            following = next.get(at).copied().flatten();
        }
        let set = self.sets.len() as u32;
        if let Some(node) = self.nodes.get_mut(head) {
            (node.mode, node.no, node.missing_is_true) = (Mode::Member(set), no, missing_is_true);
        }
        self.sets.push(RawSet {
            members,
            is_exact: true,
        });
    }
}

/// Finds for each node the one that follows it in a chain and is no child of
/// others; none where there are no chains or numbers of nodes are not distinct.
fn links(nodes: &[RawNode]) -> Option<Vec<Option<usize>>> {
    let tests = || {
        let all = nodes.iter().enumerate();
        all.filter(|(_, node)| node.mode == Mode::Equal)
    };
    let mut places = BTreeMap::new();
    for (idx, node) in tests() {
        if places.insert((node.tree, node.id), idx).is_some() {
            return None;
        }
    }
    let follows = |node: &RawNode| {
        let child = *places.get(&(node.tree, node.no))?;
        let other = nodes.get(child)?;
        (other.yes == node.yes && other.feature == node.feature).then_some(child)
    };
    let mut next = vec![None; nodes.len()];
    let mut n_parents = BTreeMap::new();
    for (idx, node) in tests() {
        if let (Some(child), Some(next)) = (follows(node), next.get_mut(idx)) {
            *next = Some(child);
            n_parents.insert((node.tree, node.no), 0);
        }
    }
    if n_parents.is_empty() {
        return None;
    }
    for node in nodes.iter().filter(|node| node.mode != Mode::Leaf) {
        for child in [node.yes, node.no] {
            if let Some(count) = n_parents.get_mut(&(node.tree, child)) {
                *count += 1;
            }
        }
    }
    for (next, node) in next.iter_mut().zip(nodes) {
        next.take_if(|_| n_parents.get(&(node.tree, node.no)) != Some(&1));
    }
    Some(next)
}
