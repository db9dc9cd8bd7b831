//! Constants of a graph, decoded.

use crate::buffer::Buffer;
use crate::onnx::proto::{TensorProto, data_type};

/// A constant tensor with its elements
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tensor {
    /// Sizes of the dimensions; empty for a scalar
    pub(crate) dims: Vec<usize>,
    /// Elements, row-major; 32-bit integers are widened
    pub(crate) data: Buffer,
}

/// Counts the elements that `dims` ask for.
///
/// # Errors
///
/// A sentence, where a dimension is negative or the count does not fit.
pub(crate) fn element_count(dims: &[i64]) -> Result<u64, String> {
    dims.iter().try_fold(1_u64, |count, &dim| {
        let dim = u64::try_from(dim).map_err(|_| format!("a dimension is {dim}"))?;
        count
            .checked_mul(dim)
            .ok_or_else(|| "its dimensions overflow".to_owned())
    })
}

/// Decodes a constant, `None` for an element type that native models lack.
///
/// # Errors
///
/// A sentence, where the elements do not fit the shape.
pub(crate) fn decode(proto: &TensorProto) -> Result<Option<Tensor>, String> {
    let count = element_count(&proto.dims)?;
    let raw = !proto.raw_data.is_empty();
    let data = match proto.data_type {
        data_type::FLOAT if raw => Buffer::Float(from_raw(proto, f32::from_le_bytes)?),
        data_type::FLOAT => Buffer::Float(proto.float_data.clone()),
        data_type::DOUBLE if raw => Buffer::Double(from_raw(proto, f64::from_le_bytes)?),
        data_type::DOUBLE => Buffer::Double(proto.double_data.clone()),
        data_type::INT64 if raw => Buffer::Integer(from_raw(proto, i64::from_le_bytes)?),
        data_type::INT64 => Buffer::Integer(proto.int64_data.clone()),
        data_type::INT32 if raw => Buffer::Integer(from_raw(proto, |bytes| {
            i64::from(i32::from_le_bytes(bytes))
        })?),
        data_type::INT32 => Buffer::Integer(proto.int32_data.iter().map(|&x| x.into()).collect()),
        data_type::BOOL if raw => Buffer::Boolean(proto.raw_data.iter().map(|&x| x != 0).collect()),
        data_type::BOOL => Buffer::Boolean(proto.int32_data.iter().map(|&x| x != 0).collect()),
        data_type::STRING => Buffer::Text(texts(&proto.string_data)?),
        _ => return Ok(None),
    };
    if data.len() as u64 != count {
        return Err(format!(
            "it holds {} elements, its shape asks for {count}",
            data.len()
        ));
    }
    let dims = proto.dims.iter().map(|&dim| usize::try_from(dim));
    let dims = dims
        .collect::<Result<_, _>>()
        .map_err(|_| "a dimension is out of range".to_owned())?;
    Ok(Some(Tensor { dims, data }))
}

/// Reads texts.
///
/// # Errors
///
/// A sentence, where one is not UTF-8.
pub(crate) fn texts(bytes: &[Vec<u8>]) -> Result<Vec<String>, String> {
    let texts = bytes.iter().map(|text| String::from_utf8(text.clone()));
    texts
        .collect::<Result<_, _>>()
        .map_err(|_| "a text is not UTF-8".to_owned())
}

fn from_raw<T, const SIZE: usize>(
    proto: &TensorProto,
    read: impl Fn([u8; SIZE]) -> T,
) -> Result<Vec<T>, String> {
    let (chunks, rest) = proto.raw_data.as_chunks::<SIZE>();
    if !rest.is_empty() {
        return Err("its bytes end inside of an element".to_owned());
    }
    Ok(chunks.iter().map(|&chunk| read(chunk)).collect())
}
