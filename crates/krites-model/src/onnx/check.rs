//! Checks of the raw messages: sizes, names, data in other files.

use crate::onnx::graph::label;
use crate::onnx::proto::{
    AttributeProto, FunctionProto, GraphProto, NodeProto, SparseTensorProto, TensorProto,
};
use crate::onnx::{Contents, ImportError, Limits, shown, tensor};

/// Refuses a count beyond its limit.
pub(crate) fn at_most(
    what: &str,
    count: u64,
    unit: &'static str,
    limit: u64,
) -> Result<(), ImportError> {
    if count > limit {
        return Err(ImportError::TooLarge {
            what: what.to_owned(),
            count,
            unit,
            limit,
        });
    }
    Ok(())
}

/// Checks a graph with the bodies inside it and counts what it holds.
pub(crate) fn graph(
    graph: &GraphProto,
    limits: &Limits,
    contents: &mut Contents,
) -> Result<(), ImportError> {
    at_most("the graph", count_nodes(&graph.node), "nodes", limits.nodes)?;
    body(graph, limits, contents)
}

/// Checks nodes with the bodies inside them and counts what they hold.
pub(crate) fn nodes(
    nodes: &[NodeProto],
    limits: &Limits,
    contents: &mut Contents,
) -> Result<(), ImportError> {
    for (idx, node) in nodes.iter().enumerate() {
        contents.count_node(node);
        let names = node.input.len().max(node.output.len()) as u64;
        if names > limits.nodes {
            at_most(&label(idx, node), names, "inputs or outputs", limits.nodes)?;
        }
        for output in node.output.iter().filter(|output| !output.is_empty()) {
            name("a node's result", output)?;
        }
        for attribute in &node.attribute {
            value(attribute, || label(idx, node), limits, contents)?;
        }
    }
    Ok(())
}

/// Checks the functions that a model defines for itself.
pub(crate) fn functions(
    functions: &[FunctionProto],
    limits: &Limits,
    contents: &mut Contents,
) -> Result<(), ImportError> {
    for function in functions {
        nodes(&function.node, limits, contents)?;
        for attribute in &function.attribute_proto {
            let of = || format!("the function `{}`", shown(&function.name));
            value(attribute, of, limits, contents)?;
        }
    }
    Ok(())
}

/// Checks the value of an attribute.
fn value(
    attribute: &AttributeProto,
    node: impl Fn() -> String,
    limits: &Limits,
    contents: &mut Contents,
) -> Result<(), ImportError> {
    let longest = attribute
        .floats
        .len()
        .max(attribute.ints.len())
        .max(attribute.strings.len());
    let limit = limits.attribute_values;
    if longest as u64 > limit {
        let what = format!("`{}` of {}", attribute.name, node());
        at_most(&what, longest as u64, "values", limit)?;
    }
    for tensor in attribute.t.as_deref().into_iter().chain(&attribute.tensors) {
        constant(tensor, limits, contents)?;
    }
    for tensor in attribute
        .sparse_tensor
        .as_deref()
        .into_iter()
        .chain(&attribute.sparse_tensors)
    {
        sparse(tensor, limits, contents)?;
    }
    for inner in attribute.g.as_deref().into_iter().chain(&attribute.graphs) {
        body(inner, limits, contents)?;
    }
    Ok(())
}

/// Refuses a name that is empty or that other readers cut.
pub(crate) fn name(kind: &'static str, name: &str) -> Result<(), ImportError> {
    if name.is_empty() || name.contains('\0') {
        return Err(ImportError::BadName {
            kind,
            name: name.to_owned(),
        });
    }
    Ok(())
}

fn body(graph: &GraphProto, limits: &Limits, contents: &mut Contents) -> Result<(), ImportError> {
    for tensor in &graph.initializer {
        name("a constant", &tensor.name)?;
        constant(tensor, limits, contents)?;
    }
    for tensor in &graph.sparse_initializer {
        sparse(tensor, limits, contents)?;
    }
    nodes(&graph.node, limits, contents)
}

fn sparse(
    proto: &SparseTensorProto,
    limits: &Limits,
    contents: &mut Contents,
) -> Result<(), ImportError> {
    proto
        .values
        .iter()
        .chain(&proto.indices)
        .try_for_each(|tensor| constant(tensor, limits, contents))
}

fn constant(
    proto: &TensorProto,
    limits: &Limits,
    contents: &mut Contents,
) -> Result<(), ImportError> {
    if proto.data_location != 0 || !proto.external_data.is_empty() {
        return Err(ImportError::ExternalData {
            tensor: proto.name.clone(),
        });
    }
    let count = tensor::element_count(&proto.dims).map_err(|problem| ImportError::Tensor {
        tensor: proto.name.clone(),
        problem,
    })?;
    if count > limits.tensor_elements {
        let what = format!("the constant `{}`", proto.name);
        at_most(&what, count, "elements", limits.tensor_elements)?;
    }
    contents.constant_elements = contents.constant_elements.saturating_add(count);
    Ok(())
}

fn count_nodes(nodes: &[NodeProto]) -> u64 {
    let inner = nodes
        .iter()
        .flat_map(|node| &node.attribute)
        .flat_map(|a| a.g.as_deref().into_iter().chain(&a.graphs));
    nodes.len() as u64 + inner.map(|graph| count_nodes(&graph.node)).sum::<u64>()
}
