//! What stands behind an output: the classifier or regressor whose columns it has,
//! or scores whose best column is looked up in a list of labels.

use std::collections::BTreeMap;

use crate::ClassLabels;
use crate::buffer::Buffer;
use crate::onnx::Graph;
use crate::onnx::ports::{Port, class_labels, count_labels};
use crate::onnx::proto::NodeProto;

/// Nodes that are looked at between the best column and its label
const MOST_STEPS: usize = 16;

/// A node and which of its results
type Place = (usize, usize);

/// For each node, the classifier or regressor whose columns its first result has,
/// through nodes that keep the columns
pub(crate) struct Behind<'g> {
    graph: &'g Graph,
    /// Scores whose best column is given or looked up, as converters write
    /// classifiers that are no node of their own
    labelled: BTreeMap<Place, Labels<'g>>,
    passed_on: Vec<Option<Place>>,
}

impl<'g> Behind<'g> {
    /// Goes once through the nodes, which stand behind the makers of what they read.
    pub(crate) fn of(graph: &'g Graph, outputs: &[Port]) -> Self {
        let mut behind = Self {
            graph,
            labelled: labelled(graph, outputs),
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
        let labels = self.labelled.get(&(idx, output)).copied();
        Some(Head {
            node,
            output,
            labels,
        })
    }

    fn head(&self, (idx, output): Place) -> Option<Place> {
        let node = &self.graph.nodes.get(idx)?.proto;
        match (node.op_type.as_str(), output) {
            ("TreeEnsembleClassifier" | "LinearClassifier" | "SVMClassifier", 0 | 1)
            | ("TreeEnsembleRegressor" | "TreeEnsemble" | "ZipMap", 0) => Some((idx, output)),
            _ if self.labelled.contains_key(&(idx, output)) => Some((idx, output)),
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

/// The labels of scores that no classifier makes
#[derive(Clone, Copy)]
enum Labels<'g> {
    /// In a list
    Listed(&'g Buffer),
    /// Each column is the class of its place.
    Places,
}

/// Finds scores whose best column is an output or looked up in a list.
fn labelled<'g>(graph: &'g Graph, outputs: &[Port]) -> BTreeMap<Place, Labels<'g>> {
    let mut labelled = BTreeMap::new();
    for output in outputs {
        if let Some(scores) = scores(graph, &output.name) {
            labelled.insert(scores, Labels::Places);
        }
    }
    for node in &graph.nodes {
        let [list, places] = node.proto.input.as_slice() else {
            continue;
        };
        let looks_up = matches!(
            node.operator.as_str(),
            "ai.onnx.ml.ArrayFeatureExtractor" | "Gather"
        );
        if looks_up
            && let Some(Some(list)) = graph.constants.get(list)
            && matches!(list.data, Buffer::Integer(_) | Buffer::Text(_))
            && let Some(scores) = scores(graph, places)
        {
            labelled.insert(scores, Labels::Listed(&list.data));
        }
    }
    labelled
}

/// Finds the scores of whose best column `value` is the place.
fn scores(graph: &Graph, value: &str) -> Option<Place> {
    let mut value = value;
    for _ in 0..MOST_STEPS {
        let (node, _) = graph.maker(value)?;
        let input = node.proto.input.first()?;
        match node.operator.as_str() {
            "ArgMax" => {
                let mut attributes = node.proto.attribute.iter();
                let axis = attributes.find(|attribute| attribute.name == "axis")?;
                return matches!(axis.i, 1 | -1).then(|| graph.place(input))?;
            }
            "Cast" | "Flatten" | "Identity" | "Reshape" | "Squeeze" => value = input,
            _ => return None,
        }
    }
    None
}

/// The result of a classifier or regressor, or labelled scores
pub(crate) struct Head<'g> {
    node: &'g NodeProto,
    output: usize,
    labels: Option<Labels<'g>>,
}

impl Head<'_> {
    /// Tells the number of columns, where the node or its labels tell it.
    pub(crate) fn width(&self) -> Option<usize> {
        if self.is_regressor() {
            let mut attributes = self.node.attribute.iter();
            let targets = attributes.find(|attribute| attribute.name == "n_targets")?;
            return usize::try_from(targets.i).ok().filter(|&width| width > 0);
        }
        match self.labels {
            _ if self.are_labels() => Some(1),
            Some(Labels::Listed(labels)) => Some(labels.len()),
            Some(Labels::Places) => None,
            None => count_labels(self.node),
        }
    }

    /// Counts the labels for a number of columns, 0 where they are other ones.
    pub(crate) fn n_labels(&self, width: usize) -> usize {
        let places = matches!(self.labels, Some(Labels::Places)) && width > 1;
        let fits = places || self.width() == Some(width);
        let some = fits && !self.is_regressor() && !self.are_labels();
        if some { width } else { 0 }
    }

    /// Reads the labels of so many columns.
    pub(crate) fn classes(&self, width: usize) -> Option<ClassLabels> {
        if self.n_labels(width) == 0 {
            return None;
        }
        match self.labels {
            Some(Labels::Listed(Buffer::Integer(all))) => Some(ClassLabels::Integers(all.clone())),
            Some(Labels::Listed(Buffer::Text(all))) => Some(ClassLabels::Texts(all.clone())),
            Some(Labels::Listed(_)) => None,
            Some(Labels::Places) => {
                let places = 0..i64::try_from(width).ok()?;
                Some(ClassLabels::Integers(places.collect()))
            }
            None => class_labels(self.node),
        }
    }

    fn is_regressor(&self) -> bool {
        matches!(
            self.node.op_type.as_str(),
            "TreeEnsembleRegressor" | "TreeEnsemble"
        )
    }

    /// Tells whether the column is one of labels.
    fn are_labels(&self) -> bool {
        let classifier = matches!(
            self.node.op_type.as_str(),
            "TreeEnsembleClassifier" | "LinearClassifier" | "SVMClassifier"
        );
        self.output == 0 && classifier
    }
}
