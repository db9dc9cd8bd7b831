//! Node test cases of ONNX, rewritten so that their first dimension is the
//! batch, or so that all of their inputs are constants.

use std::collections::BTreeSet;

use prost::Message;

use super::{Attribute, attribute, value_info};
use crate::ElementType;
use crate::buffer::Buffer;
use crate::onnx::operator_name;
use crate::onnx::proto::{GraphProto, ModelProto, NodeProto, TensorProto, data_type};
use crate::onnx::tensor::decode;

/// A node test case: a small model with what it is given and what it answers
#[derive(Clone, Debug)]
pub struct NodeCase {
    model: ModelProto,
    inputs: Vec<TensorProto>,
    /// What the case is given
    pub given: Vec<CaseTensor>,
    /// What the model answers
    pub answers: Vec<CaseTensor>,
}

/// A tensor of a case
#[derive(Clone, Debug, PartialEq)]
pub struct CaseTensor {
    /// Sizes of the dimensions
    pub dims: Vec<usize>,
    /// Values, row-major
    pub values: Values,
}

/// The elements of a tensor
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// 32-bit floats
    Float(Vec<f32>),
    /// 64-bit floats
    Double(Vec<f64>),
    /// 64-bit integers
    Integer(Vec<i64>),
    /// Booleans
    Boolean(Vec<bool>),
    /// Texts
    Text(Vec<String>),
}

impl CaseTensor {
    fn element(&self) -> ElementType {
        match self.values {
            Values::Float(_) => ElementType::Float,
            Values::Double(_) => ElementType::Double,
            Values::Integer(_) => ElementType::Integer,
            Values::Boolean(_) => ElementType::Boolean,
            Values::Text(_) => ElementType::Text,
        }
    }

    /// Counts the elements of one row, where the first dimension is the batch.
    #[must_use]
    pub fn width(&self) -> usize {
        self.dims.iter().skip(1).product()
    }
}

impl NodeCase {
    /// Lists the operators of a model, sorted, each once.
    ///
    /// # Errors
    ///
    /// A sentence, where the bytes are no model.
    pub fn operators(model: &[u8]) -> Result<Vec<String>, String> {
        let model = ModelProto::decode(model).map_err(|error| error.to_string())?;
        let nodes = model.graph.iter().flat_map(|graph| &graph.node);
        let operators: BTreeSet<String> = nodes.map(operator_name).collect();
        Ok(operators.into_iter().collect())
    }

    /// Reads a case from its files.
    ///
    /// # Errors
    ///
    /// A sentence, where a value is of a type that the native table lacks.
    pub fn read(model: &[u8], inputs: &[Vec<u8>], outputs: &[Vec<u8>]) -> Result<Self, String> {
        let model = ModelProto::decode(model).map_err(|error| error.to_string())?;
        let graph = model.graph.clone().unwrap_or_default();
        for port in graph.input.iter().chain(&graph.output) {
            let declared = port.value_type.clone().unwrap_or_default();
            let tensor = declared.tensor_type.ok_or("a value is not a tensor")?;
            let native = [
                data_type::FLOAT,
                data_type::DOUBLE,
                data_type::INT64,
                data_type::BOOL,
                data_type::STRING,
            ];
            if !native.contains(&tensor.elem_type) {
                let name = data_type::name(tensor.elem_type);
                return Err(format!("elements of the type {name}"));
            }
        }
        let read = |bytes: &Vec<u8>| {
            TensorProto::decode(bytes.as_slice()).map_err(|error| error.to_string())
        };
        let mut inputs: Vec<TensorProto> = inputs.iter().map(read).collect::<Result<_, _>>()?;
        for (input, port) in inputs.iter_mut().zip(&graph.input) {
            input.name.clone_from(&port.name);
        }
        let outputs: Vec<TensorProto> = outputs.iter().map(read).collect::<Result<_, _>>()?;
        Ok(Self {
            given: inputs.iter().map(tensor).collect::<Result<_, _>>()?,
            answers: outputs.iter().map(tensor).collect::<Result<_, _>>()?,
            model,
            inputs,
        })
    }

    /// Tells whether some answer has no elements, which native models never give.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.answers.iter().any(|answer| answer.dims.contains(&0))
    }

    /// Makes a model that reads the inputs that are `free` as rows and has the
    /// others as constants; none where a value has no row for each case.
    ///
    /// A value of three dimensions or more goes in and out as a matrix.
    #[must_use]
    pub fn by_rows(&self, free: &[bool]) -> Option<Vec<u8>> {
        let n_rows = self.answers.first()?.dims.first()?;
        let mut graph = self.model.graph.clone()?;
        let ports = std::mem::take(&mut graph.input);
        let mut before = Vec::new();
        for ((port, proto), (tensor, free)) in ports
            .iter()
            .zip(&self.inputs)
            .zip(self.given.iter().zip(free))
        {
            if !free {
                graph.initializer.push(proto.clone());
                continue;
            }
            let width = i64::try_from(tensor.width()).ok()?;
            if tensor.dims.first() != Some(n_rows) || width == 0 {
                return None;
            }
            let dims: &[i64] = if tensor.dims.len() == 1 {
                &[-1]
            } else {
                &[-1, width]
            };
            let name = if tensor.dims.len() > 2 {
                let mut target = vec![0];
                target.extend(
                    tensor
                        .dims
                        .iter()
                        .skip(1)
                        .filter_map(|&dim| i64::try_from(dim).ok()),
                );
                let name = format!("{} as rows", port.name);
                before.extend(reshape(&mut graph, &name, &port.name, &target));
                name
            } else {
                port.name.clone()
            };
            graph.input.push(value_info(&name, tensor.element(), dims));
        }
        graph.node.splice(0..0, before);
        let ports = std::mem::take(&mut graph.output);
        for (port, tensor) in ports.iter().zip(&self.answers) {
            let width = i64::try_from(tensor.width()).ok()?;
            if tensor.dims.first() != Some(n_rows) || width == 0 {
                return None;
            }
            let mut name = port.name.clone();
            if tensor.dims.len() > 2 {
                name = format!("{name} as rows");
                let node = reshape(&mut graph, &port.name, &name, &[0, -1]);
                graph.node.extend(node);
            }
            let dims: &[i64] = if tensor.dims.len() == 1 {
                &[-1]
            } else {
                &[-1, width]
            };
            graph.output.push(value_info(&name, tensor.element(), dims));
        }
        Some(self.encode(graph))
    }

    /// Makes a model whose inputs are all constants and whose answers are read
    /// whole, as one row, by the places in the column `rows`.
    #[must_use]
    pub fn folded(&self) -> Option<Vec<u8>> {
        let mut graph = self.model.graph.clone()?;
        graph.input.clear();
        graph.initializer.extend(self.inputs.iter().cloned());
        graph
            .input
            .push(value_info("rows", ElementType::Integer, &[-1]));
        let ports = std::mem::take(&mut graph.output);
        for (port, tensor) in ports.iter().zip(&self.answers) {
            let flat = format!("{} flat", port.name);
            let node = reshape(&mut graph, &port.name, &flat, &[1, -1]);
            graph.node.extend(node);
            let name = format!("{} read", port.name);
            graph.node.push(NodeProto {
                input: vec![flat, "rows".to_owned()],
                output: vec![name.clone()],
                op_type: "Gather".to_owned(),
                ..NodeProto::default()
            });
            let count: usize = tensor.dims.iter().product();
            let dims = [-1, i64::try_from(count).ok().filter(|&count| count > 0)?];
            graph
                .output
                .push(value_info(&name, tensor.element(), &dims));
        }
        Some(self.encode(graph))
    }

    fn encode(&self, graph: GraphProto) -> Vec<u8> {
        let graph = Some(graph);
        let model = self.model.clone();
        ModelProto { graph, ..model }.encode_to_vec()
    }
}

/// Adds the shape as a constant and returns the node that lays `from` out so.
fn reshape(graph: &mut GraphProto, from: &str, to: &str, target: &[i64]) -> Option<NodeProto> {
    let name = format!("shape of {to}");
    graph.initializer.push(TensorProto {
        name: name.clone(),
        dims: vec![i64::try_from(target.len()).ok()?],
        data_type: data_type::INT64,
        int64_data: target.to_vec(),
        ..TensorProto::default()
    });
    Some(NodeProto {
        input: vec![from.to_owned(), name],
        output: vec![to.to_owned()],
        op_type: "Reshape".to_owned(),
        attribute: vec![attribute("allowzero", &Attribute::Integer(0))],
        ..NodeProto::default()
    })
}

fn tensor(proto: &TensorProto) -> Result<CaseTensor, String> {
    let tensor = decode(proto)?.ok_or("elements of another type")?;
    let values = match tensor.data {
        Buffer::Float(elements) => Values::Float(elements),
        Buffer::Double(elements) => Values::Double(elements),
        Buffer::Integer(elements) => Values::Integer(elements),
        Buffer::Boolean(elements) => Values::Boolean(elements),
        Buffer::Text(elements) => Values::Text(elements),
    };
    let dims = tensor.dims;
    Ok(CaseTensor { dims, values })
}
