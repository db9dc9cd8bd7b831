//! The attributes of a tree ensemble, as parallel lists of one length.

use std::collections::BTreeMap;

use super::forest::Real;
use crate::ElementType;
use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::node::NodeContext;
use crate::onnx::tensor;

/// When a node sends a row to its true child
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    LessOrEqual,
    Less,
    GreaterOrEqual,
    Greater,
    Equal,
    NotEqual,
    /// The value is in the set of this place
    Member(u32),
    Leaf,
}

/// A tree node as the file has it; numbers as doubles, which hold floats exactly
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawNode {
    pub(crate) tree: i64,
    pub(crate) id: i64,
    pub(crate) mode: Mode,
    pub(crate) feature: i64,
    pub(crate) value: f64,
    pub(crate) yes: i64,
    pub(crate) no: i64,
    /// A missing feature goes to the true child
    pub(crate) missing_is_true: bool,
}

/// A weight that a leaf adds to a class or target
#[derive(Clone, Copy, Debug)]
pub(crate) struct RawWeight {
    pub(crate) target: i64,
    pub(crate) weight: f64,
}

/// All attributes that describe the trees
#[derive(Debug)]
pub(crate) struct Attributes {
    pub(crate) nodes: Vec<RawNode>,
    /// Weights by tree and leaf
    pub(crate) weights: BTreeMap<(i64, i64), Vec<RawWeight>>,
    pub(crate) base_values: Vec<f64>,
    /// What tests of membership look in
    pub(crate) sets: Vec<RawSet>,
}

/// What a test of membership looks in
#[derive(Clone, Debug)]
pub(crate) struct RawSet {
    pub(crate) members: Vec<f64>,
    /// Values are looked up with what comes behind their point
    pub(crate) is_exact: bool,
}

impl Attributes {
    /// Reads the attributes of ensembles over rows of `element`; those of the
    /// leaves begin with `prefix`.
    pub(crate) fn of(
        node: &NodeContext<'_>,
        prefix: &str,
        element: ElementType,
    ) -> Result<Self, NotNative> {
        let modes = node.texts("nodes_modes")?;
        let count = modes.len();
        let list = |name: &str| same_length(node, name, node.integers(name), count);
        let trees = list("nodes_treeids")?;
        let ids = list("nodes_nodeids")?;
        let features = list("nodes_featureids")?;
        let yes = list("nodes_truenodeids")?;
        let no = list("nodes_falsenodeids")?;
        let values = numbers(node, "nodes_values", element)?;
        same_length(node, "nodes_values", &values, count)?;
        let missing = node.integers("nodes_missing_value_tracks_true");
        if !missing.is_empty() {
            same_length(node, "nodes_missing_value_tracks_true", missing, count)?;
        }
        let mut missing = missing
            .iter()
            .map(|&tracks| tracks == 1)
            .chain(std::iter::repeat(false));
        let mut nodes = Vec::with_capacity(count);
        let numbers = values.into_iter().zip(yes).zip(no);
        for ((((mode, tree), id), feature), ((value, yes), no)) in
            modes.iter().zip(trees).zip(ids).zip(features).zip(numbers)
        {
            nodes.push(RawNode {
                tree: *tree,
                id: *id,
                mode: mode_of(node, mode)?,
                feature: *feature,
                value,
                yes: *yes,
                no: *no,
                missing_is_true: missing.next().unwrap_or(false),
            });
        }
        let weights = weights(node, prefix, element)?;
        let mut attributes = Self {
            nodes,
            weights,
            base_values: self::numbers(node, "base_values", element)?,
            sets: Vec::new(),
        };
        attributes.join_chains();
        Ok(attributes)
    }

    /// Returns the base values, rounded to the type of the trees.
    pub(crate) fn base_values<T: Real>(&self) -> Vec<T> {
        self.base_values.iter().map(|&x| T::from_f64(x)).collect()
    }
}

fn weights(
    node: &NodeContext<'_>,
    prefix: &str,
    element: ElementType,
) -> Result<BTreeMap<(i64, i64), Vec<RawWeight>>, NotNative> {
    let values = numbers(node, &format!("{prefix}_weights"), element)?;
    let list = |suffix: &str| {
        let name = format!("{prefix}_{suffix}");
        same_length(node, &name, node.integers(&name), values.len())
    };
    let (targets, ids, trees) = (list("ids")?, list("nodeids")?, list("treeids")?);
    let mut weights: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (((&tree, &id), &target), &weight) in trees.iter().zip(ids).zip(targets).zip(&values) {
        weights
            .entry((tree, id))
            .or_default()
            .push(RawWeight { target, weight });
    }
    Ok(weights)
}

fn mode_of(node: &NodeContext<'_>, mode: &str) -> Result<Mode, NotNative> {
    Ok(match mode {
        "BRANCH_LEQ" => Mode::LessOrEqual,
        "BRANCH_LT" => Mode::Less,
        "BRANCH_GTE" => Mode::GreaterOrEqual,
        "BRANCH_GT" => Mode::Greater,
        "BRANCH_EQ" => Mode::Equal,
        "BRANCH_NEQ" => Mode::NotEqual,
        "LEAF" => Mode::Leaf,
        other => return Err(node.refuse(format!("a tree node of the mode `{other}`"))),
    })
}

/// Reads floats, or the tensor that stands in their place.
fn numbers(
    node: &NodeContext<'_>,
    name: &str,
    element: ElementType,
) -> Result<Vec<f64>, NotNative> {
    let as_tensor = format!("{name}_as_tensor");
    let floats = node.floats(name);
    let tensor = tensor(node, &as_tensor, element)?;
    if !floats.is_empty() && !tensor.is_empty() {
        return Err(node.malformed(format!("it has `{name}` and `{as_tensor}`")));
    }
    if tensor.is_empty() {
        return Ok(floats.iter().map(|&x| f64::from(x)).collect());
    }
    Ok(tensor)
}

/// Reads a tensor of numbers, empty where the attribute is missing. ONNX
/// Runtime asks for the type of the rows; floats stand for doubles, too.
pub(super) fn tensor(
    node: &NodeContext<'_>,
    name: &str,
    element: ElementType,
) -> Result<Vec<f64>, NotNative> {
    let Some(proto) = node.attribute(name).and_then(|a| a.t.as_deref()) else {
        return Ok(Vec::new());
    };
    match tensor::decode(proto).map(|tensor| tensor.map(|tensor| tensor.data)) {
        Ok(Some(Buffer::Double(values))) if element == ElementType::Double => Ok(values),
        Ok(Some(Buffer::Float(values))) => Ok(values.into_iter().map(f64::from).collect()),
        Ok(_) => Err(node.refuse(format!("the type of `{name}`"))),
        Err(problem) => Err(node.malformed(problem)),
    }
}

pub(super) fn same_length<'a, T>(
    node: &NodeContext<'_>,
    name: &str,
    list: &'a [T],
    count: usize,
) -> Result<&'a [T], NotNative> {
    if list.len() == count {
        return Ok(list);
    }
    Err(node.malformed(format!(
        "`{name}` has {} values where {count} are needed",
        list.len()
    )))
}
