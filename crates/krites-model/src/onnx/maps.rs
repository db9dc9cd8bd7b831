//! Maps as converters make them for Python users, read as matrices.
//!
//! A list of maps that ZipMap makes of scores is these scores; a map that goes
//! into DictVectorizer is a row with a column for each entry of its vocabulary.

use std::collections::{BTreeMap, BTreeSet};

use crate::ElementType;
use crate::onnx::graph::{operator_name, reads};
use crate::onnx::proto::{GraphProto, MapTypeProto, NodeProto, data_type};
use crate::onnx::{ImportError, Port, ports, tensor};

/// The operator that makes lists of maps
pub(crate) const ZIP_MAP: &str = "ai.onnx.ml.ZipMap";

/// The operator that reads maps
pub(crate) const DICT_VECTORIZER: &str = "ai.onnx.ml.DictVectorizer";

/// The node that makes each value
pub(crate) type Makers<'g> = BTreeMap<&'g str, &'g NodeProto>;

/// Finds the makers of all values.
pub(crate) fn makers(graph: &GraphProto) -> Makers<'_> {
    let nodes = graph.node.iter();
    nodes
        .flat_map(|node| node.output.iter().map(move |made| (made.as_str(), node)))
        .collect()
}

/// The nodes that read each value: the first, and whether there are more
pub(crate) struct Readers<'g>(BTreeMap<&'g str, (&'g NodeProto, bool)>);

impl<'g> Readers<'g> {
    /// Finds the readers of all values.
    pub(crate) fn of(graph: &'g GraphProto) -> Self {
        let mut readers = BTreeMap::new();
        for node in &graph.node {
            for value in reads(node) {
                let entry = readers.entry(value);
                entry
                    .and_modify(|(_, more)| *more = true)
                    .or_insert((node, false));
            }
        }
        Self(readers)
    }

    /// Returns the node that reads a value, if it is one.
    fn only(&self, value: &str) -> Option<&'g NodeProto> {
        let &(node, more) = self.0.get(value)?;
        (!more).then_some(node)
    }
}

/// Reads an output that is a list of maps from classes to scores.
pub(crate) fn scores(makers: &Makers<'_>, name: String) -> Result<Port, ImportError> {
    let maker = makers.get(name.as_str()).copied();
    let Some(zip) = maker.filter(|node| operator_name(node) == ZIP_MAP) else {
        return Err(ImportError::ZipMap { output: name });
    };
    Ok(Port {
        name,
        element: ElementType::Float,
        narrow: false,
        rank: 2,
        width: ports::count_labels(zip),
        columns: Vec::new(),
        maps: true,
    })
}

/// Reads an input that is a map, whose only reader tells the keys.
pub(crate) fn vocabulary(
    readers: &Readers<'_>,
    name: String,
    map: &MapTypeProto,
) -> Result<Port, ImportError> {
    let refuse = |problem: &str| ImportError::Map {
        input: name.clone(),
        problem: problem.to_owned(),
    };
    let reader = readers.only(&name);
    let Some(reader) = reader.filter(|node| operator_name(node) == DICT_VECTORIZER) else {
        return Err(refuse(
            "which is native only where one DictVectorizer reads it and nothing else",
        ));
    };
    let columns = keys(reader, map.key_type);
    let columns =
        columns.ok_or_else(|| refuse("and its DictVectorizer has no vocabulary for its keys"))?;
    let mut seen = BTreeSet::new();
    if let Some(twice) = columns.iter().find(|column| !seen.insert(column.as_str())) {
        return Err(refuse(&format!("whose vocabulary has `{twice}` twice")));
    }
    let value = map
        .value_type
        .as_ref()
        .and_then(|value| value.tensor_type.as_ref());
    let value = value.map_or(0, |value| value.elem_type);
    let element = ports::element(value)
        .filter(|element| *element != ElementType::Boolean && value != data_type::INT32)
        .ok_or_else(|| refuse(&format!("whose values are {}", data_type::name(value))))?;
    Ok(Port {
        name,
        element,
        narrow: false,
        rank: 2,
        width: Some(columns.len()),
        columns,
        maps: true,
    })
}

/// Lists the vocabulary for keys of a type, `None` where there is none.
fn keys(node: &NodeProto, key_type: i32) -> Option<Vec<String>> {
    let find = |name: &str| node.attribute.iter().find(|it| it.name == name);
    let columns = match key_type {
        data_type::STRING => tensor::texts(&find("string_vocabulary")?.strings).ok()?,
        data_type::INT64 => {
            let integers = &find("int64_vocabulary")?.ints;
            integers.iter().map(ToString::to_string).collect()
        }
        _ => return None,
    };
    Some(columns).filter(|columns| !columns.is_empty())
}
