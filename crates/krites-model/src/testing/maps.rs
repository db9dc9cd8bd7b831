//! Inputs and outputs that are maps.

use super::{ModelBuilder, elem_type};
use crate::ElementType;
use crate::onnx::proto::{
    MapTypeProto, SequenceTypeProto, TensorShapeProto, TensorTypeProto, TypeProto, ValueInfoProto,
};

impl ModelBuilder {
    /// Adds an input that is a map.
    #[must_use]
    pub fn map_input(mut self, name: &str, key: ElementType, value: ElementType) -> Self {
        let value_type = TypeProto {
            map_type: Some(map_type(key, value)),
            ..TypeProto::default()
        };
        self.graph.input.push(ValueInfoProto {
            name: name.to_owned(),
            value_type: Some(value_type),
        });
        self
    }

    /// Adds an output that is a list of maps to floats.
    #[must_use]
    pub fn maps_output(mut self, name: &str, key: ElementType) -> Self {
        let elem_type = TypeProto {
            map_type: Some(map_type(key, ElementType::Float)),
            ..TypeProto::default()
        };
        let value_type = TypeProto {
            sequence_type: Some(SequenceTypeProto {
                elem_type: Some(Box::new(elem_type)),
            }),
            ..TypeProto::default()
        };
        self.graph.output.push(ValueInfoProto {
            name: name.to_owned(),
            value_type: Some(value_type),
        });
        self
    }
}

fn map_type(key: ElementType, value: ElementType) -> MapTypeProto {
    let tensor_type = Some(TensorTypeProto {
        elem_type: elem_type(value),
        shape: Some(TensorShapeProto::default()),
    });
    MapTypeProto {
        key_type: elem_type(key),
        value_type: Some(Box::new(TypeProto {
            tensor_type,
            ..TypeProto::default()
        })),
    }
}
