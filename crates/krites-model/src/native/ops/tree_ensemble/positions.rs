//! The lists of TreeEnsemble (ai.onnx.ml 5), whose nodes and leaves are named by
//! their places, told as those of versions 1 to 4.

use std::collections::BTreeMap;

use super::attributes::{Attributes, Mode, RawNode, RawSet, RawWeight, same_length, tensor};
use super::regressor::{Aggregate, Task};
use crate::ElementType;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::native::ops::transform::PostTransform;
use crate::onnx::proto::data_type;
use crate::onnx::tensor::element_count;

/// Reads what the scores are. The transforms 1 and 2 are numbered as ONNX
/// Runtime has them; the specification has them the other way round.
pub(super) fn task(node: &NodeContext<'_>) -> Result<Task, NotNative> {
    let aggregate = match node.integer("aggregate_function", 1) {
        0 => Aggregate::Average,
        1 => Aggregate::Sum,
        2 => Aggregate::Min,
        3 => Aggregate::Max,
        other => return Err(node.malformed(format!("the aggregate function {other}"))),
    };
    let transform = match node.integer("post_transform", 0) {
        0 => PostTransform::None,
        1 => PostTransform::Logistic,
        2 => PostTransform::Softmax,
        3 => PostTransform::SoftmaxZero,
        4 => PostTransform::Probit,
        other => return Err(node.malformed(format!("the transform {other} of its scores"))),
    };
    Ok(Task {
        n_targets: node.integer("n_targets", 0),
        aggregate,
        transform,
        keeps_type: true,
    })
}

/// Reads the trees.
///
/// # Errors
///
/// Lists of other lengths; places out of range; a node that is reached twice,
/// which would be a circle or double what follows with each step.
pub(super) fn read(node: &NodeContext<'_>, element: ElementType) -> Result<Attributes, NotNative> {
    let lists = Lists::of(node, element)?;
    let n_targets = node.integer("n_targets", 0).max(1);
    let beyond = |&target: &i64| !(0..n_targets).contains(&target);
    if let Some(place) = lists.targets.iter().position(beyond) {
        return Err(node.malformed(format!("leaf {place} votes for a target that is not there")));
    }
    let roots = node.integers("tree_roots");
    let mut attributes = Attributes {
        nodes: Vec::with_capacity(lists.modes.len()),
        weights: BTreeMap::new(),
        base_values: Vec::new(),
        sets: sets(node, &lists.modes, element)?,
    };
    let mut set_of = Vec::with_capacity(lists.modes.len());
    let mut n_sets = 0;
    for &mode in &lists.modes {
        set_of.push(n_sets);
        n_sets += u32::from(mode == MEMBER);
    }
    let mut taken = vec![false; lists.modes.len()];
    let n_nodes = lists.modes.len() as i64;
    for (tree, &root) in (0..).zip(roots) {
        let mut waiting = vec![root];
        while let Some(at) = waiting.pop() {
            let place = usize::try_from(at).ok();
            let found = place.and_then(|place| Some((place, taken.get_mut(place)?)));
            let Some((place, taken)) = found else {
                let problem = format!("tree {tree}: it has the node {at} of {n_nodes}");
                return Err(node.malformed(problem));
            };
            if std::mem::replace(taken, true) {
                let problem =
                    format!("tree {tree}: node {at} has two parents or is its own ancestor");
                return Err(node.malformed(problem));
            }
            let set = set_of.get(place).copied().unwrap_or(0);
            let mut raw = lists
                .node(place, set)
                .map_err(|problem| node.malformed(problem))?;
            raw.tree = tree;
            let (yes, no) = (&mut raw.yes, &mut raw.no);
            for (child, is_leaf) in [(no, lists.no_leafs), (yes, lists.yes_leafs)] {
                if is_leaf.get(place).is_none_or(|&is_leaf| is_leaf == 0) {
                    waiting.push(*child);
                    continue;
                }
                let weight = usize::try_from(*child).ok();
                let weight = weight.and_then(|leaf| lists.leaf(leaf));
                let weight = weight.ok_or_else(|| {
                    node.malformed(format!(
                        "tree {tree}: node {at} has the leaf {child}, which is not there"
                    ))
                })?;
                // Leaves can be shared; each use gets a number of its own.
                *child = n_nodes + attributes.weights.len() as i64;
                attributes.weights.insert((tree, *child), vec![weight]);
                attributes.nodes.push(RawNode {
                    tree,
                    id: *child,
                    mode: Mode::Leaf,
                    feature: 0,
                    value: 0.0,
                    yes: 0,
                    no: 0,
                    missing_is_true: false,
                });
            }
            attributes.nodes.push(raw);
        }
    }
    Ok(attributes)
}

/// The mode of a test of membership
const MEMBER: u8 = 6;

/// The lists of nodes and leaves, each of one length
struct Lists<'a> {
    modes: Vec<u8>,
    features: &'a [i64],
    splits: Vec<f64>,
    yes: &'a [i64],
    no: &'a [i64],
    yes_leafs: &'a [i64],
    no_leafs: &'a [i64],
    missing: &'a [i64],
    targets: &'a [i64],
    weights: Vec<f64>,
}

impl<'a> Lists<'a> {
    fn of(node: &NodeContext<'a>, element: ElementType) -> Result<Self, NotNative> {
        let modes = bytes(node, "nodes_modes")?;
        let count = modes.len();
        let list = |name: &str| same_length(node, name, node.integers(name), count);
        let missing = node.integers("nodes_missing_value_tracks_true");
        if !missing.is_empty() {
            list("nodes_missing_value_tracks_true")?;
        }
        let splits = tensor(node, "nodes_splits", element)?;
        same_length(node, "nodes_splits", &splits, count)?;
        let weights = tensor(node, "leaf_weights", element)?;
        let targets = node.integers("leaf_targetids");
        Ok(Self {
            modes,
            features: list("nodes_featureids")?,
            splits,
            yes: list("nodes_truenodeids")?,
            no: list("nodes_falsenodeids")?,
            yes_leafs: list("nodes_trueleafs")?,
            no_leafs: list("nodes_falseleafs")?,
            missing,
            targets: same_length(node, "leaf_targetids", targets, weights.len())?,
            weights,
        })
    }

    /// Returns a node, of tree 0, with the set `set` where it is of membership.
    fn node(&self, place: usize, set: u32) -> Result<RawNode, String> {
        let mode = self.modes.get(place).copied().unwrap_or(u8::MAX);
        let at = |list: &[i64]| list.get(place).copied().unwrap_or(0);
        let mode = match mode {
            0 => Mode::LessOrEqual,
            1 => Mode::Less,
            2 => Mode::GreaterOrEqual,
            3 => Mode::Greater,
            4 => Mode::Equal,
            5 => Mode::NotEqual,
            MEMBER => Mode::Member(set),
            other => return Err(format!("node {place} has the mode {other}")),
        };
        Ok(RawNode {
            tree: 0,
            id: place as i64,
            mode,
            feature: at(self.features),
            value: self.splits.get(place).copied().unwrap_or(0.0),
            yes: at(self.yes),
            no: at(self.no),
            missing_is_true: at(self.missing) == 1,
        })
    }

    fn leaf(&self, place: usize) -> Option<RawWeight> {
        Some(RawWeight {
            target: *self.targets.get(place)?,
            weight: *self.weights.get(place)?,
        })
    }
}

/// Members that ONNX Runtime keeps as tests of equality lie from 0 to this, and
/// are so many at most
const MOST_EXACT: f64 = 30.0;

/// Reads the set of each node of membership; a NaN ends a set. ONNX Runtime looks
/// whole numbers up in a large set, or one of numbers beyond 0 to 30, without
/// what comes behind the point of a value.
fn sets(
    node: &NodeContext<'_>,
    modes: &[u8],
    element: ElementType,
) -> Result<Vec<RawSet>, NotNative> {
    let needed = modes.iter().filter(|&&mode| mode == MEMBER).count();
    let mut members = tensor(node, "membership_values", element)?;
    if members.last().is_some_and(|last| last.is_nan()) {
        members.pop();
    }
    let mut sets: Vec<Vec<f64>> = Vec::new();
    if !members.is_empty() {
        sets.extend(members.split(|member| member.is_nan()).map(<[f64]>::to_vec));
    }
    if sets.len() != needed {
        let problem = format!(
            "it has {} sets for {needed} tests of membership",
            sets.len()
        );
        return Err(node.malformed(problem));
    }
    if let Some(empty) = sets.iter().position(Vec::is_empty) {
        return Err(node.malformed(format!("the set {empty} of its tests is empty")));
    }
    let exact = |members: Vec<f64>| {
        let small = members.len() as f64 <= MOST_EXACT;
        let low = members.iter().all(|x| (0.0..=MOST_EXACT).contains(x));
        let is_exact = (small && low) || members.iter().any(|x| x.trunc() != *x);
        RawSet { members, is_exact }
    };
    Ok(sets.into_iter().map(exact).collect())
}

/// Reads a tensor of bytes.
fn bytes(node: &NodeContext<'_>, name: &str) -> Result<Vec<u8>, NotNative> {
    let proto = node
        .attribute(name)
        .and_then(|attribute| attribute.t.as_deref());
    let Some(proto) = proto.filter(|proto| proto.data_type == data_type::UINT8) else {
        return Err(node.malformed(format!("`{name}` is no tensor of bytes")));
    };
    let bytes = if proto.raw_data.is_empty() {
        let bytes = proto.int32_data.iter().map(|&byte| u8::try_from(byte));
        bytes.collect::<Result<_, _>>().unwrap_or_default()
    } else {
        proto.raw_data.clone()
    };
    let count = element_count(&proto.dims).map_err(|problem| node.malformed(problem))?;
    if bytes.len() as u64 != count {
        let problem = format!(
            "`{name}` holds {} bytes, its shape asks for {count}",
            bytes.len()
        );
        return Err(node.malformed(problem));
    }
    Ok(bytes)
}
