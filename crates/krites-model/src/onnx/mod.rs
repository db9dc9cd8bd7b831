//! Import of ONNX files: bytes to a checked graph with a signature.

mod behind;
mod check;
mod contents;
mod error;
mod graph;
mod hazard;
mod limits;
pub(crate) mod maps;
mod ports;
pub(crate) mod proto;
mod scan;
pub(crate) mod tensor;

use std::collections::BTreeMap;

use prost::Message;

pub use contents::Contents;
pub use error::{ImportError, NotOnnxCause};
pub use hazard::Hazard;
pub use limits::Limits;

pub(crate) use error::shown;
#[cfg(any(test, feature = "testing"))]
pub(crate) use graph::operator_name;
pub(crate) use graph::{Graph, Node};
pub(crate) use ports::{Port, class_labels};

use crate::Signature;
use proto::{FunctionProto, ModelProto};

/// A model file, parsed and checked, not yet ready to run.
///
/// The graph is in order and closed: every value that is read is made before.
#[derive(Clone, Debug)]
pub struct OnnxModel {
    pub(crate) graph: Graph,
    pub(crate) inputs: Vec<Port>,
    pub(crate) outputs: Vec<Port>,
    signature: Signature,
    contents: Contents,
    opsets: BTreeMap<String, i64>,
    functions: Vec<FunctionProto>,
}

impl OnnxModel {
    /// Parses a model under the default [`Limits`].
    ///
    /// # Errors
    ///
    /// [`ImportError`] says what is wrong with the bytes.
    pub fn parse(bytes: &[u8]) -> Result<Self, ImportError> {
        Self::parse_within(bytes, &Limits::default())
    }

    /// Parses a model under `limits`.
    ///
    /// # Errors
    ///
    /// [`ImportError`] says what is wrong with the bytes.
    pub fn parse_within(bytes: &[u8], limits: &Limits) -> Result<Self, ImportError> {
        check::at_most("the file", bytes.len() as u64, "bytes", limits.bytes)?;
        scan::within(bytes, limits)?;
        let model = decode(bytes)?;
        let mut contents = Contents::of(&model);
        let Some(graph_proto) = model.graph else {
            return Err(ImportError::NotOnnx {
                cause: NotOnnxCause::NoGraph,
            });
        };
        check::graph(&graph_proto, limits, &mut contents)?;
        check::functions(&model.functions, limits, &mut contents)?;
        let (inputs, outputs) = ports::read(&graph_proto)?;
        let graph = Graph::from_proto(graph_proto)?;
        let signature = ports::signature(&inputs, &outputs, &graph, limits)?;
        let mut opsets = BTreeMap::new();
        for set in &model.opset_import {
            let domain = graph::domain(&set.domain).to_owned();
            opsets.entry(domain).or_insert(set.version);
        }
        Ok(Self {
            graph,
            inputs,
            outputs,
            signature,
            contents,
            opsets,
            functions: model.functions,
        })
    }

    /// Returns what the model takes and gives.
    #[must_use]
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Returns the signature for outputs of these widths, with the classes of so
    /// many columns, or with none where they would be too many.
    pub(crate) fn signature_with(&self, widths: impl Iterator<Item = usize>) -> Signature {
        let ports = self.outputs.iter().zip(widths).map(|(port, width)| Port {
            width: Some(width),
            ..port.clone()
        });
        let ports: Vec<Port> = ports.collect();
        let limits = Limits::default();
        ports::signature(&self.inputs, &ports, &self.graph, &limits).unwrap_or_else(|_| {
            let mut signature = self.signature.clone();
            for (spec, port) in signature.outputs.iter_mut().zip(&ports) {
                spec.width = port.width.unwrap_or(spec.width);
                spec.classes = None;
            }
            signature
        })
    }

    /// Checks that every input and output is a tensor in the file too, as backends
    /// other than the native one need it.
    ///
    /// # Errors
    ///
    /// [`ImportError`] names an output that is a list of maps, or an input that is
    /// a map.
    pub fn tensors_only(&self) -> Result<(), ImportError> {
        if let Some(output) = self.outputs.iter().find(|port| port.maps) {
            let output = output.name.clone();
            return Err(ImportError::ZipMap { output });
        }
        if let Some(input) = self.inputs.iter().find(|port| port.maps) {
            return Err(ImportError::Map {
                input: input.name.clone(),
                problem: "which only native models take; convert the model again without \
                          DictVectorizer"
                    .to_owned(),
            });
        }
        Ok(())
    }

    /// Returns what the file holds.
    #[must_use]
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// Returns the version of an operator set, `None` where the model has none.
    pub(crate) fn opset(&self, domain: &str) -> Option<i64> {
        self.opsets.get(graph::domain(domain)).copied()
    }
}

fn decode(bytes: &[u8]) -> Result<ModelProto, ImportError> {
    if bytes.is_empty() {
        return Err(ImportError::NotOnnx {
            cause: NotOnnxCause::Empty,
        });
    }
    ModelProto::decode(bytes).map_err(|_| {
        let head = bytes.get(..512).unwrap_or(bytes);
        let control = |byte: &u8| *byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r');
        // The head can end inside of a character.
        let utf8 =
            std::str::from_utf8(head).map_or_else(|error| error.error_len().is_none(), |_| true);
        let text = utf8 && !head.iter().any(control);
        ImportError::NotOnnx {
            cause: if text {
                NotOnnxCause::Text
            } else {
                NotOnnxCause::Truncated
            },
        }
    })
}

#[cfg(test)]
mod tests;
