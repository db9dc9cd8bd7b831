//! What stands behind an output: the classifier or regressor whose columns it has.

use crate::ClassLabels;
use crate::onnx::Graph;
use crate::onnx::ports::{class_labels, count_labels};
use crate::onnx::proto::NodeProto;

/// A node and which of its results
type Place = (usize, usize);

/// For each node, the classifier or regressor whose columns its first result has,
/// through nodes that keep the columns
pub(crate) struct Behind<'g> {
    graph: &'g Graph,
    passed_on: Vec<Option<Place>>,
}

impl<'g> Behind<'g> {
    /// Goes once through the nodes, which stand behind the makers of what they read.
    pub(crate) fn of(graph: &'g Graph) -> Self {
        let mut behind = Self {
            graph,
            passed_on: Vec::with_capacity(graph.nodes.len()),
        };
        for node in &graph.nodes {
            let mut made = node.proto.input.iter().filter_map(|it| graph.place(it));
            let first = made.next().filter(|_| keeps_columns(&node.proto));
            behind
                .passed_on
                .push(first.and_then(|place| behind.head(place)));
        }
        behind
    }

    /// Finds the classifier or regressor behind a value.
    pub(crate) fn find(&self, value: &str) -> Option<Head<'g>> {
        let (idx, output) = self.head(self.graph.place(value)?)?;
        let node = &self.graph.nodes.get(idx)?.proto;
        Some(Head { node, output })
    }

    fn head(&self, (idx, output): Place) -> Option<Place> {
        let node = &self.graph.nodes.get(idx)?.proto;
        match (node.op_type.as_str(), output) {
            ("TreeEnsembleClassifier" | "LinearClassifier" | "SVMClassifier", 0 | 1)
            | ("TreeEnsembleRegressor" | "ZipMap", 0) => Some((idx, output)),
            (_, 0) => *self.passed_on.get(idx)?,
            _ => None,
        }
    }
}

fn keeps_columns(node: &NodeProto) -> bool {
    matches!(
        node.op_type.as_str(),
        "Identity"
            | "Cast"
            | "Mul"
            | "Div"
            | "Add"
            | "Normalizer"
            | "Reshape"
            | "Softmax"
            | "Sigmoid"
            | "Clip"
    )
}

/// The result of a classifier or regressor
pub(crate) struct Head<'g> {
    node: &'g NodeProto,
    output: usize,
}

impl Head<'_> {
    /// Tells the number of columns, where the node tells it.
    pub(crate) fn width(&self) -> Option<usize> {
        if self.node.op_type == "TreeEnsembleRegressor" {
            let mut attributes = self.node.attribute.iter();
            let targets = attributes.find(|attribute| attribute.name == "n_targets")?;
            return usize::try_from(targets.i).ok().filter(|&width| width > 0);
        }
        if self.are_labels() {
            return Some(1);
        }
        count_labels(self.node)
    }

    /// Reads the labels of the columns.
    pub(crate) fn classes(&self) -> Option<ClassLabels> {
        let scores = self.node.op_type != "TreeEnsembleRegressor" && !self.are_labels();
        scores.then(|| class_labels(self.node))?
    }

    fn are_labels(&self) -> bool {
        self.output == 0 && self.node.op_type != "ZipMap"
    }
}
