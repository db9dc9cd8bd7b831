//! The main graph: nodes in order, constants by name.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use crate::onnx::proto::{GraphProto, NodeProto};
use crate::onnx::tensor::{self, Tensor};
use crate::onnx::{ImportError, shown};

/// A graph whose nodes stand behind the makers of what they read
#[derive(Clone, Debug)]
pub(crate) struct Graph {
    /// Nodes in an order in which they can run
    pub(crate) nodes: Vec<Node>,
    /// Constants by name; `None` for those that native models cannot hold
    pub(crate) constants: BTreeMap<String, Option<Arc<Tensor>>>,
    /// For each value that a node makes, the node and which of its results
    makers: BTreeMap<String, (usize, usize)>,
}

/// A node with its name for messages
#[derive(Clone, Debug)]
pub(crate) struct Node {
    /// "node `name` (Operator)", or its place where it has no name
    pub(crate) label: String,
    /// The operator with its domain
    pub(crate) operator: String,
    /// The node as the file has it
    pub(crate) proto: NodeProto,
}

impl Graph {
    /// Decodes the constants and orders the nodes.
    pub(crate) fn from_proto(proto: GraphProto) -> Result<Self, ImportError> {
        let mut constants = BTreeMap::new();
        for constant in &proto.initializer {
            let decoded = tensor::decode(constant).map_err(|problem| ImportError::Tensor {
                tensor: constant.name.clone(),
                problem,
            })?;
            if constants
                .insert(constant.name.clone(), decoded.map(Arc::new))
                .is_some()
            {
                let name = constant.name.clone();
                return Err(ImportError::DuplicateName {
                    kind: "constant",
                    name,
                });
            }
        }
        for values in proto
            .sparse_initializer
            .iter()
            .filter_map(|sparse| sparse.values.as_ref())
        {
            constants.insert(values.name.clone(), None);
        }
        let mut known: BTreeSet<String> = constants.keys().cloned().collect();
        known.extend(proto.input.iter().map(|input| input.name.clone()));
        let nodes = in_order(proto.node, &mut known)?;
        for output in &proto.output {
            if !known.contains(&output.name) {
                let reader = "the list of outputs".to_owned();
                return Err(ImportError::Undefined {
                    reader,
                    value: output.name.clone(),
                });
            }
        }
        let mut makers = BTreeMap::new();
        for (idx, node) in nodes.iter().enumerate() {
            for (at, output) in node.proto.output.iter().enumerate() {
                makers.insert(output.clone(), (idx, at));
            }
        }
        Ok(Self {
            nodes,
            constants,
            makers,
        })
    }

    /// Finds the node that makes `value`, and which of its results it is.
    pub(crate) fn maker(&self, value: &str) -> Option<(&Node, usize)> {
        let (idx, at) = self.place(value)?;
        Some((self.nodes.get(idx)?, at))
    }

    /// Finds the place of the node that makes `value`, and which of its results it is.
    pub(crate) fn place(&self, value: &str) -> Option<(usize, usize)> {
        self.makers.get(value).copied()
    }
}

/// Returns the domain, the default one as the empty text.
pub(crate) fn domain(domain: &str) -> &str {
    if domain == "ai.onnx" { "" } else { domain }
}

/// Names the operator of a node with its domain.
pub(crate) fn operator_name(node: &NodeProto) -> String {
    match domain(&node.domain) {
        "" => node.op_type.clone(),
        domain => format!("{domain}.{}", node.op_type),
    }
}

/// Names a node for messages.
pub(crate) fn label(idx: usize, node: &NodeProto) -> String {
    if node.name.is_empty() {
        format!("node {idx} ({})", shown(&node.op_type))
    } else {
        format!("node `{}` ({})", shown(&node.name), shown(&node.op_type))
    }
}

/// Orders nodes so that each stands behind what it reads (Kahn 1962), those
/// that could run at the same time in the order of the file.
fn in_order(
    protos: Vec<NodeProto>,
    known: &mut BTreeSet<String>,
) -> Result<Vec<Node>, ImportError> {
    let mut makers = BTreeMap::new();
    for (idx, node) in protos.iter().enumerate() {
        for output in node.output.iter().filter(|output| !output.is_empty()) {
            if known.contains(output) || makers.insert(output.clone(), idx).is_some() {
                let value = output.clone();
                return Err(ImportError::Redefined {
                    node: label(idx, node),
                    value,
                });
            }
        }
    }
    let mut waits_for = vec![0_usize; protos.len()];
    let mut readers: Vec<Vec<usize>> = vec![Vec::new(); protos.len()];
    for (idx, (node, waits)) in protos.iter().zip(&mut waits_for).enumerate() {
        for value in reads(node) {
            if let Some(readers) = makers.get(value).and_then(|&maker| readers.get_mut(maker)) {
                readers.push(idx);
                *waits += 1;
            } else if !known.contains(value) {
                let value = value.to_owned();
                return Err(ImportError::Undefined {
                    reader: label(idx, node),
                    value,
                });
            }
        }
    }
    let zero = waits_for
        .iter()
        .enumerate()
        .filter(|&(_, &waits)| waits == 0);
    let mut ready: VecDeque<usize> = zero.map(|(idx, _)| idx).collect();
    let mut place = Vec::with_capacity(protos.len());
    while let Some(idx) = ready.pop_front() {
        place.push(idx);
        for &reader in readers.get(idx).into_iter().flatten() {
            if let Some(waits) = waits_for.get_mut(reader) {
                *waits -= 1;
                if *waits == 0 {
                    ready.push_back(reader);
                }
            }
        }
    }
    let mut waiting = protos.iter().zip(&waits_for).enumerate();
    if let Some((idx, (node, _))) = waiting.find(|(_, (_, waits))| **waits > 0) {
        return Err(ImportError::Cycle {
            node: label(idx, node),
        });
    }
    known.extend(makers.into_keys());
    let mut protos: Vec<Option<NodeProto>> = protos.into_iter().map(Some).collect();
    let taken = place.into_iter().filter_map(|idx| {
        let proto = protos.get_mut(idx)?.take()?;
        Some(Node {
            label: label(idx, &proto),
            operator: operator_name(&proto),
            proto,
        })
    });
    Ok(taken.collect())
}

/// Lists what a node reads from the graph, its bodies' captures included, each once.
pub(crate) fn reads(node: &NodeProto) -> BTreeSet<&str> {
    let mut reads: BTreeSet<&str> = node
        .input
        .iter()
        .map(String::as_str)
        .filter(|name| !name.is_empty())
        .collect();
    for attribute in &node.attribute {
        for body in attribute.g.as_deref().into_iter().chain(&attribute.graphs) {
            reads.extend(captures(body));
        }
    }
    reads
}

/// Lists what a body reads and does not make.
fn captures(body: &GraphProto) -> BTreeSet<&str> {
    let mut made: BTreeSet<&str> = body
        .initializer
        .iter()
        .map(|tensor| tensor.name.as_str())
        .collect();
    let sparse = body
        .sparse_initializer
        .iter()
        .filter_map(|sparse| sparse.values.as_ref());
    made.extend(sparse.map(|values| values.name.as_str()));
    made.extend(body.input.iter().map(|input| input.name.as_str()));
    made.extend(
        body.node
            .iter()
            .flat_map(|node| &node.output)
            .map(String::as_str),
    );
    let mut read: BTreeSet<&str> = body.node.iter().flat_map(reads).collect();
    read.extend(body.output.iter().map(|output| output.name.as_str()));
    read.difference(&made).copied().collect()
}
