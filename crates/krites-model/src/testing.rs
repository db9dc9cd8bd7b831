//! Builders of small ONNX models, and numbers to fill them with, for tests.

mod case;
mod elements;
mod loops;
mod maps;

pub use case::{CaseTensor, NodeCase, Values};
pub use elements::Elements;
pub use loops::{endless, endless_above_zero};

use elements::{list, tensor};
use prost::Message;

use crate::ElementType;
use crate::onnx::proto::{
    AttributeProto, DimensionProto, GraphProto, ModelProto, NodeProto, OperatorSetIdProto,
    TensorProto, TensorShapeProto, TensorTypeProto, TypeProto, ValueInfoProto, data_type,
};

/// The value of an attribute
#[derive(Clone, Debug)]
pub enum Attribute {
    /// A whole number
    Integer(i64),
    /// A float
    Float(f32),
    /// A text
    Text(&'static str),
    /// Whole numbers
    Integers(Vec<i64>),
    /// Floats
    Floats(Vec<f32>),
    /// Texts
    Texts(Vec<&'static str>),
    /// A tensor of doubles
    Doubles(Vec<f64>),
    /// A tensor of one dimension
    Tensor(Elements),
    /// A body, as of a loop: the graph of a builder
    Body(Box<ModelBuilder>),
}

/// A model under construction.
///
/// Nothing is checked: hostile models are built with it too.
#[derive(Clone, Debug)]
pub struct ModelBuilder {
    model: ModelProto,
    graph: GraphProto,
}

impl Default for ModelBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl ModelBuilder {
    /// Starts a model with the operator sets of recent converters.
    #[must_use]
    pub fn new() -> Self {
        let opset = |domain: &str, version| OperatorSetIdProto {
            domain: domain.to_owned(),
            version,
        };
        let opset_import = vec![
            opset("", 15),
            opset("ai.onnx.ml", 3),
            opset("com.microsoft", 1),
        ];
        let model = ModelProto {
            ir_version: 8,
            opset_import,
            ..ModelProto::default()
        };
        Self {
            model,
            graph: GraphProto {
                name: "graph".to_owned(),
                ..GraphProto::default()
            },
        }
    }

    /// Sets the version of an operator set that the model has already.
    #[must_use]
    pub fn opset(mut self, domain: &str, version: i64) -> Self {
        for opset in &mut self.model.opset_import {
            if opset.domain == domain {
                opset.version = version;
            }
        }
        self
    }

    /// Adds an input; a negative dimension is free.
    #[must_use]
    pub fn input(mut self, name: &str, element: ElementType, dims: &[i64]) -> Self {
        self.graph.input.push(value_info(name, element, dims));
        self
    }

    /// Adds an output; a negative dimension is free.
    #[must_use]
    pub fn output(mut self, name: &str, element: ElementType, dims: &[i64]) -> Self {
        self.graph.output.push(value_info(name, element, dims));
        self
    }

    /// Adds a constant of floats.
    #[must_use]
    pub fn floats(mut self, name: &str, dims: &[i64], float_data: &[f32]) -> Self {
        self.graph.initializer.push(TensorProto {
            name: name.to_owned(),
            dims: dims.to_vec(),
            data_type: data_type::FLOAT,
            float_data: float_data.to_vec(),
            ..TensorProto::default()
        });
        self
    }

    /// Adds a constant of whole numbers.
    #[must_use]
    pub fn integers(mut self, name: &str, dims: &[i64], int64_data: &[i64]) -> Self {
        self.graph.initializer.push(TensorProto {
            name: name.to_owned(),
            dims: dims.to_vec(),
            data_type: data_type::INT64,
            int64_data: int64_data.to_vec(),
            ..TensorProto::default()
        });
        self
    }

    /// Adds a constant.
    #[must_use]
    pub fn constant(mut self, name: &str, dims: &[i64], elements: &Elements) -> Self {
        self.graph.initializer.push(TensorProto {
            name: name.to_owned(),
            ..tensor(dims, elements)
        });
        self
    }

    /// Adds a node; `operator` with its domain, as in `ai.onnx.ml.Scaler`.
    #[must_use]
    pub fn node(
        mut self,
        operator: &str,
        inputs: &[&str],
        outputs: &[&str],
        attributes: &[(&str, Attribute)],
    ) -> Self {
        let (domain, op_type) = operator.rsplit_once('.').unwrap_or(("", operator));
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        self.graph.node.push(NodeProto {
            input: names(inputs),
            output: names(outputs),
            op_type: op_type.to_owned(),
            domain: domain.to_owned(),
            attribute: attributes
                .iter()
                .map(|(name, value)| attribute(name, value))
                .collect(),
            ..NodeProto::default()
        });
        self
    }

    /// Says that a constant lies in another file.
    #[must_use]
    pub fn external(mut self, name: &str) -> Self {
        self.graph.initializer.push(TensorProto {
            name: name.to_owned(),
            data_type: data_type::FLOAT,
            data_location: 1,
            ..TensorProto::default()
        });
        self
    }

    /// Returns the bytes of the model.
    #[must_use]
    pub fn build(mut self) -> Vec<u8> {
        self.model.graph = Some(self.graph);
        self.model.encode_to_vec()
    }
}

fn value_info(name: &str, element: ElementType, dims: &[i64]) -> ValueInfoProto {
    let dim = |&dim: &i64| match dim {
        ..0 => DimensionProto {
            dim_value: None,
            dim_param: Some("N".to_owned()),
        },
        _ => DimensionProto {
            dim_value: Some(dim),
            dim_param: None,
        },
    };
    let shape = TensorShapeProto {
        dim: dims.iter().map(dim).collect(),
    };
    let tensor_type = Some(TensorTypeProto {
        elem_type: elem_type(element),
        shape: Some(shape),
    });
    let value_type = Some(TypeProto {
        tensor_type,
        ..TypeProto::default()
    });
    ValueInfoProto {
        name: name.to_owned(),
        value_type,
    }
}

fn elem_type(element: ElementType) -> i32 {
    match element {
        ElementType::Float => data_type::FLOAT,
        ElementType::Double => data_type::DOUBLE,
        ElementType::Integer => data_type::INT64,
        ElementType::Boolean => data_type::BOOL,
        ElementType::Text => data_type::STRING,
    }
}

fn attribute(name: &str, value: &Attribute) -> AttributeProto {
    let mut proto = AttributeProto {
        name: name.to_owned(),
        ..AttributeProto::default()
    };
    match value {
        Attribute::Float(value) => (proto.kind, proto.f) = (1, *value),
        Attribute::Integer(value) => (proto.kind, proto.i) = (2, *value),
        Attribute::Text(value) => (proto.kind, proto.s) = (3, value.as_bytes().to_vec()),
        Attribute::Floats(values) => (proto.kind, proto.floats) = (6, values.clone()),
        Attribute::Integers(values) => (proto.kind, proto.ints) = (7, values.clone()),
        Attribute::Texts(values) => {
            proto.kind = 8;
            proto.strings = values.iter().map(|text| text.as_bytes().to_vec()).collect();
        }
        Attribute::Doubles(values) => {
            proto.kind = 4;
            proto.t = Some(Box::new(list(&Elements::Doubles(values.clone()))));
        }
        Attribute::Tensor(elements) => {
            proto.kind = 4;
            proto.t = Some(Box::new(list(elements)));
        }
        Attribute::Body(body) => {
            proto.kind = 5;
            proto.g = Some(Box::new(body.graph.clone()));
        }
    }
    proto
}

/// The modes of tests in trees, as a file has them
pub const BRANCH_MODES: [&str; 6] = [
    "BRANCH_LEQ",
    "BRANCH_LT",
    "BRANCH_GTE",
    "BRANCH_GT",
    "BRANCH_EQ",
    "BRANCH_NEQ",
];

/// A small generator of numbers from a seed (Steele, Lea, Flood 2014), so that failures
/// come back
#[derive(Clone, Debug)]
pub struct Numbers(pub u64);

impl Numbers {
    /// Returns a number below `bound`, which is not zero.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % bound as u64) as usize
    }
}

/// Says on standard error that the running test is skipped, past the harness
/// that keeps what a passing test prints.
///
/// The line begins with `skipped: ` and names the test, as its thread is named.
pub fn say_skipped(why: &dyn std::fmt::Display) {
    use std::io::Write as _;
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // Nobody is worse off where it cannot be said.
    let _ = writeln!(std::io::stderr().lock(), "\nskipped: {test}: {why}");
}
