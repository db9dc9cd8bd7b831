//! Inputs and outputs of the graph and the signature they make.

use std::cell::LazyCell;
use std::collections::BTreeSet;

use crate::onnx::behind::{Behind, Head};
use crate::onnx::proto::{DimensionProto, GraphProto, NodeProto, ValueInfoProto, data_type};
use crate::onnx::{Graph, ImportError, Limits, check, maps, shown, tensor};
use crate::{ClassLabels, ElementType, InputSpec, OutputSpec, Signature};

/// Dimensions that a message shows
const MOST_SHOWN: usize = 10;

/// An input or output as the graph declares it
#[derive(Clone, Debug)]
pub(crate) struct Port {
    pub(crate) name: String,
    pub(crate) element: ElementType,
    /// The elements are 32-bit integers
    pub(crate) narrow: bool,
    /// 1 for [N], 2 for [N, columns]
    pub(crate) rank: usize,
    /// Number of columns, where the graph tells it
    pub(crate) width: Option<usize>,
    /// Names of the columns of an input, where the graph tells them
    pub(crate) columns: Vec<String>,
    /// The graph declares a map, or a list of maps
    pub(crate) maps: bool,
}

/// Reads the ports: inputs that are not constants, and outputs.
pub(crate) fn read(graph: &GraphProto) -> Result<(Vec<Port>, Vec<Port>), ImportError> {
    let constants: BTreeSet<&str> = graph
        .initializer
        .iter()
        .map(|tensor| tensor.name.as_str())
        .collect();
    unique("input", &graph.input)?;
    unique("output", &graph.output)?;
    if graph.output.is_empty() {
        return Err(ImportError::NoOutputs);
    }
    let free = graph
        .input
        .iter()
        .filter(|input| !constants.contains(input.name.as_str()));
    let readers = LazyCell::new(|| maps::Readers::of(graph));
    let makers = LazyCell::new(|| maps::makers(graph));
    let inputs = free
        .map(|input| port("input", input, &readers, &makers))
        .collect::<Result<_, _>>()?;
    let outputs = graph
        .output
        .iter()
        .map(|output| port("output", output, &readers, &makers))
        .collect::<Result<_, _>>()?;
    Ok((inputs, outputs))
}

/// Makes the signature of the ports.
///
/// Widths that the graph does not tell are those of the classifier behind the
/// output, else 1.
pub(crate) fn signature(
    inputs: &[Port],
    outputs: &[Port],
    graph: &Graph,
    limits: &Limits,
) -> Result<Signature, ImportError> {
    for port in inputs {
        let width = port.width.unwrap_or(1);
        at_most_columns("input", &port.name, width, limits)?;
    }
    let inputs = inputs.iter().map(|port| InputSpec {
        name: port.name.clone(),
        element: port.element,
        width: port.width.unwrap_or(1),
        columns: port.columns.clone(),
    });
    let behind = Behind::of(graph, outputs);
    let mut n_labels = 0;
    let outputs = outputs.iter().map(|port| {
        let head = behind.find(&port.name);
        let tells = head.as_ref().and_then(Head::width);
        let width = port.width.or(tells).unwrap_or(1);
        at_most_columns("output", &port.name, width, limits)?;
        n_labels += head.as_ref().map_or(0, |head| head.n_labels(width)) as u64;
        // Every output has a list of its own.
        check::at_most("the list of outputs", n_labels, "classes", limits.columns)?;
        let classes = head.and_then(|head| head.classes(width));
        Ok(OutputSpec {
            name: port.name.clone(),
            element: port.element,
            width,
            classes: classes.filter(|classes| count(classes) == width),
        })
    });
    Ok(Signature {
        inputs: inputs.collect(),
        outputs: outputs.collect::<Result<_, _>>()?,
    })
}

fn at_most_columns(
    kind: &'static str,
    name: &str,
    width: usize,
    limits: &Limits,
) -> Result<(), ImportError> {
    let what = || format!("{kind} `{}`", shown(name));
    if width as u64 > limits.columns {
        return check::at_most(&what(), width as u64, "columns", limits.columns);
    }
    Ok(())
}

fn unique(kind: &'static str, ports: &[ValueInfoProto]) -> Result<(), ImportError> {
    let mut seen = BTreeSet::new();
    for port in ports {
        check::name(kind, &port.name)?;
        if !seen.insert(&port.name) {
            return Err(ImportError::DuplicateName {
                kind,
                name: port.name.clone(),
            });
        }
    }
    Ok(())
}

fn port<'g>(
    kind: &'static str,
    info: &ValueInfoProto,
    readers: &LazyCell<maps::Readers<'g>, impl FnOnce() -> maps::Readers<'g>>,
    makers: &LazyCell<maps::Makers<'g>, impl FnOnce() -> maps::Makers<'g>>,
) -> Result<Port, ImportError> {
    let name = info.name.clone();
    let declared = info.value_type.clone().unwrap_or_default();
    if declared.sequence_type.is_some() || declared.map_type.is_some() {
        return match (kind, declared.map_type) {
            ("output", _) => maps::scores(makers, name),
            (_, Some(map)) => maps::vocabulary(readers, name, &map),
            (_, None) => Err(ImportError::Type {
                kind,
                name,
                element: "a sequence".to_owned(),
            }),
        };
    }
    let Some(declared) = declared.tensor_type else {
        return Err(ImportError::Type {
            kind,
            name,
            element: "not a tensor".to_owned(),
        });
    };
    let Some(element) = element(declared.elem_type) else {
        return Err(ImportError::Type {
            kind,
            name,
            element: data_type::name(declared.elem_type).to_owned(),
        });
    };
    let narrow = declared.elem_type == data_type::INT32;
    let Some(shape) = declared.shape else {
        return Ok(Port {
            name,
            element,
            narrow,
            rank: 2,
            width: None,
            columns: Vec::new(),
            maps: false,
        });
    };
    let width = match shape.dim.as_slice() {
        [batch] if is_batch(batch) => Some(1),
        [batch, columns] if is_batch(batch) => width(columns),
        dims => {
            return Err(ImportError::Shape {
                kind,
                name,
                shape: show(dims),
            });
        }
    };
    Ok(Port {
        name,
        element,
        narrow,
        rank: shape.dim.len(),
        width,
        columns: Vec::new(),
        maps: false,
    })
}

/// Finds the type that a signature has for the elements of a tensor.
pub(crate) fn element(elem_type: i32) -> Option<ElementType> {
    Some(match elem_type {
        data_type::FLOAT => ElementType::Float,
        data_type::DOUBLE => ElementType::Double,
        data_type::INT64 | data_type::INT32 => ElementType::Integer,
        data_type::BOOL => ElementType::Boolean,
        data_type::STRING => ElementType::Text,
        _ => return None,
    })
}

/// A batch dimension is free, named, or one row at a time. Some converters
/// write 0 where they mean free.
fn is_batch(dim: &DimensionProto) -> bool {
    dim.dim_value.is_none_or(|value| value <= 1)
}

fn width(dim: &DimensionProto) -> Option<usize> {
    dim.dim_value
        .filter(|&value| value > 0)
        .and_then(|value| usize::try_from(value).ok())
}

fn show(all: &[DimensionProto]) -> String {
    let more = all.len() > MOST_SHOWN;
    let dims: Vec<String> = all
        .iter()
        .take(MOST_SHOWN)
        .map(|dim| match (dim.dim_value, &dim.dim_param) {
            (Some(value), _) => value.to_string(),
            (None, Some(name)) => shown(name).into_owned(),
            (None, None) => "?".to_owned(),
        })
        .collect();
    let more = if more { ", …" } else { "" };
    format!("[{}{more}]", dims.join(", "))
}

/// Reads the labels of a classifier.
pub(crate) fn class_labels(node: &NodeProto) -> Option<ClassLabels> {
    let find = |name: &str| {
        node.attribute
            .iter()
            .find(|attribute| attribute.name == name)
    };
    let texts = find("classlabels_strings").filter(|labels| !labels.strings.is_empty());
    if let Some(labels) = texts {
        return tensor::texts(&labels.strings).ok().map(ClassLabels::Texts);
    }
    // LinearClassifier and SVMClassifier use the shorter name.
    let integers = find("classlabels_int64s").or_else(|| find("classlabels_ints"))?;
    Some(ClassLabels::Integers(integers.ints.clone()))
}

/// Counts the labels of a classifier, without a copy of them.
pub(crate) fn count_labels(node: &NodeProto) -> Option<usize> {
    let find = |name: &str| node.attribute.iter().find(|labels| labels.name == name);
    let texts = find("classlabels_strings").filter(|labels| !labels.strings.is_empty());
    texts.map(|labels| labels.strings.len()).or_else(|| {
        let integers = find("classlabels_int64s").or_else(|| find("classlabels_ints"))?;
        Some(integers.ints.len())
    })
}

/// Counts the labels.
pub(crate) fn count(classes: &ClassLabels) -> usize {
    match classes {
        ClassLabels::Integers(labels) => labels.len(),
        ClassLabels::Texts(labels) => labels.len(),
    }
}
