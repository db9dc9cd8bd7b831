//! Tensors of any type.

use crate::onnx::proto::{TensorProto, data_type};

/// The elements of a tensor
#[derive(Clone, Debug)]
pub enum Elements {
    /// 32-bit floats
    Floats(Vec<f32>),
    /// 64-bit floats
    Doubles(Vec<f64>),
    /// 64-bit whole numbers
    Integers(Vec<i64>),
    /// Truth values
    Booleans(Vec<bool>),
    /// Texts
    Texts(Vec<&'static str>),
    /// Bytes
    Bytes(Vec<u8>),
}

/// Makes a tensor of one dimension.
pub(super) fn list(elements: &Elements) -> TensorProto {
    let len = match elements {
        Elements::Floats(all) => all.len(),
        Elements::Doubles(all) => all.len(),
        Elements::Integers(all) => all.len(),
        Elements::Booleans(all) => all.len(),
        Elements::Texts(all) => all.len(),
        Elements::Bytes(all) => all.len(),
    };
    tensor(&[i64::try_from(len).unwrap_or(0)], elements)
}

/// Makes a tensor.
pub(super) fn tensor(dims: &[i64], elements: &Elements) -> TensorProto {
    let mut proto = TensorProto {
        dims: dims.to_vec(),
        ..TensorProto::default()
    };
    match elements {
        Elements::Floats(all) => {
            (proto.data_type, proto.float_data) = (data_type::FLOAT, all.clone());
        }
        Elements::Doubles(all) => {
            (proto.data_type, proto.double_data) = (data_type::DOUBLE, all.clone());
        }
        Elements::Integers(all) => {
            (proto.data_type, proto.int64_data) = (data_type::INT64, all.clone());
        }
        Elements::Booleans(all) => {
            proto.data_type = data_type::BOOL;
            proto.int32_data = all.iter().map(|&x| x.into()).collect();
        }
        Elements::Texts(all) => {
            proto.data_type = data_type::STRING;
            proto.string_data = all.iter().map(|text| text.as_bytes().to_vec()).collect();
        }
        Elements::Bytes(all) => {
            (proto.data_type, proto.raw_data) = (data_type::UINT8, all.clone());
        }
    }
    proto
}
