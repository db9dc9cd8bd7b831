//! What a file holds, counted for people: its maker, its operators, its size.

use std::collections::{BTreeMap, BTreeSet};

use crate::onnx::graph::{domain, operator_name};
use crate::onnx::proto::{ModelProto, NodeProto};

/// What a model file holds
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Contents {
    /// What wrote the file, with its version; empty where the file does not say
    pub producer: String,
    /// Versions of the operator sets by domain, `ai.onnx` for the default one
    pub operator_sets: BTreeMap<String, i64>,
    /// Nodes by operator, those of control flow and functions counted in.
    /// Operators outside of the default domain stand with their domain, as in
    /// `ai.onnx.ml.TreeEnsembleClassifier`
    pub operators: BTreeMap<String, usize>,
    /// Elements of all constants
    pub constant_elements: u64,
    /// Trees of all tree ensembles
    pub trees: usize,
    /// Nodes of all these trees, leaves among them
    pub tree_nodes: usize,
}

impl Contents {
    /// Reads what stands at the head of a file; nodes and constants are counted
    /// as they are checked.
    pub(crate) fn of(model: &ModelProto) -> Self {
        let words = |bytes| String::from_utf8_lossy(bytes);
        let (name, version) = (words(&model.producer_name), words(&model.producer_version));
        let sets = model.opset_import.iter();
        let named = |name: &str| match domain(name) {
            "" => "ai.onnx".to_owned(),
            domain => domain.to_owned(),
        };
        Self {
            producer: format!("{name} {version}").trim().to_owned(),
            operator_sets: sets.map(|set| (named(&set.domain), set.version)).collect(),
            ..Self::default()
        }
    }

    /// Counts a node with its trees.
    pub(crate) fn count_node(&mut self, node: &NodeProto) {
        *self.operators.entry(operator_name(node)).or_default() += 1;
        if !node.op_type.starts_with("TreeEnsemble") {
            return;
        }
        let list = |name: &str| {
            let found = node.attribute.iter().find(|list| list.name == name);
            found.map_or(&[][..], |list| &list.ints)
        };
        // From version 5 on leaves have lists of their own, and trees their roots.
        let trees: BTreeSet<i64> = list("nodes_treeids").iter().copied().collect();
        self.trees += trees.len() + list("tree_roots").len();
        self.tree_nodes += list("nodes_featureids").len() + list("leaf_targetids").len();
    }
}
