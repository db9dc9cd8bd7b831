//! How deep the trees of an ensemble are: ONNX Runtime follows them on the stack.

use std::collections::BTreeMap;

use crate::onnx::proto::NodeProto;

/// How deep a tree may be
const DEPTH: u32 = 1_000;

/// Tells what is wrong with the trees of a node, if something is.
pub(super) fn too_deep(node: &NodeProto) -> Option<String> {
    if node.domain != "ai.onnx.ml" || !node.op_type.starts_with("TreeEnsemble") {
        return None;
    }
    let children = children(node);
    let mut parents = vec![0_u32; children.len()];
    for &child in children.iter().flatten() {
        if let Some(count) = parents.get_mut(child) {
            *count += 1;
        }
    }
    let roots = parents.iter().enumerate().filter(|(_, count)| **count == 0);
    let mut ready: Vec<usize> = roots.map(|(idx, _)| idx).collect();
    let mut depth = vec![0_u32; children.len()];
    let mut done = 0;
    while let Some(idx) = ready.pop() {
        done += 1;
        let below = depth.get(idx).copied().unwrap_or(0) + 1;
        if below > DEPTH {
            return Some(format!("has a tree more than {DEPTH} levels deep"));
        }
        for &child in children.get(idx).into_iter().flatten() {
            if let (Some(count), Some(depth)) = (parents.get_mut(child), depth.get_mut(child)) {
                *depth = below.max(*depth);
                *count -= 1;
                if *count == 0 {
                    ready.push(child);
                }
            }
        }
    }
    (done < children.len()).then(|| "has a tree that goes in a circle".to_owned())
}

/// Lists for each test the places of the tests below it.
fn children(node: &NodeProto) -> Vec<Vec<usize>> {
    let list = |name: &str| {
        let found = node.attribute.iter().find(|list| list.name == name);
        found.map_or(&[][..], |list| &list.ints)
    };
    let (holds, fails) = (list("nodes_truenodeids"), list("nodes_falsenodeids"));
    if node.op_type == "TreeEnsemble" {
        let below = |to: &[i64], leafs: &[i64], idx: usize| {
            let leaf = leafs.get(idx).is_none_or(|&leaf| leaf != 0);
            let child = to.get(idx).and_then(|&child| usize::try_from(child).ok());
            child.filter(|_| !leaf)
        };
        let (left, right) = (list("nodes_trueleafs"), list("nodes_falseleafs"));
        return (0..holds.len().max(fails.len()))
            .map(|idx| {
                let left = below(holds, left, idx);
                left.into_iter().chain(below(fails, right, idx)).collect()
            })
            .collect();
    }
    let keys = || list("nodes_treeids").iter().zip(list("nodes_nodeids"));
    let places: BTreeMap<_, _> = keys().enumerate().map(|(idx, key)| (key, idx)).collect();
    let modes = node
        .attribute
        .iter()
        .find(|list| list.name == "nodes_modes");
    let leaf = |idx: usize| {
        let mode = modes.and_then(|modes| modes.strings.get(idx));
        mode.is_none_or(|mode| mode == b"LEAF")
    };
    let tests = keys().enumerate().map(|(idx, (tree, _))| {
        let ends = [holds, fails].into_iter().filter(|_| !leaf(idx));
        let ends = ends.filter_map(|ends| places.get(&(tree, ends.get(idx)?)).copied());
        ends.collect()
    });
    tests.collect()
}
