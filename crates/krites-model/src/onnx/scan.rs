//! A look over the bytes of a file before they are decoded: how many messages it
//! holds, and what they take when they are unpacked.
//!
//! An empty message is two bytes in a file and some hundred in memory, so a small file
//! could ask for all the memory there is.
//!
//! Invariant: takes memory for the depth of the messages only.

use crate::onnx::proto::{
    AttributeProto, DimensionProto, FunctionProto, GraphProto, MapTypeProto, ModelProto, NodeProto,
    OperatorSetIdProto, SequenceTypeProto, SparseTensorProto, StringStringEntryProto, TensorProto,
    TensorShapeProto, TensorTypeProto, TypeProto, ValueInfoProto,
};
use crate::onnx::{ImportError, Limits, check};

/// What messages may take, whatever the size of the file
const UNPACKED: u64 = 16 << 20;

/// What messages may take for each byte of the file
const UNPACKED_A_BYTE: u64 = 16;

/// Checks the number of nodes and what all messages take.
///
/// Bytes that are no protobuf are left to the decoder, which stops where this does.
pub(crate) fn within(bytes: &[u8], limits: &Limits) -> Result<(), ImportError> {
    let may_take = UNPACKED + UNPACKED_A_BYTE * bytes.len() as u64;
    let (mut n_nodes, mut takes) = (0, 0);
    let mut open = vec![(Message::Model, bytes)];
    while let Some((message, rest)) = open.last_mut() {
        let Some((number, content)) = field(rest) else {
            if rest.is_empty() {
                open.pop();
                continue;
            }
            break;
        };
        let inner = content.and_then(|content| Some((message.inner(number)?, content)));
        let Some((inner, content)) = inner else {
            continue;
        };
        n_nodes += u64::from(inner == Message::Node);
        takes += inner.size() as u64;
        open.push((inner, content));
    }
    check::at_most("the graph", n_nodes, "nodes", limits.nodes)?;
    check::at_most("what the file unpacks to", takes, "bytes", may_take)
}

/// A message that is looked into
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Message {
    Model,
    OperatorSet,
    Function,
    Graph,
    Node,
    Attribute,
    Tensor,
    Sparse,
    Entry,
    Port,
    Type,
    TensorType,
    Sequence,
    Map,
    Shape,
    Dimension,
}

impl Message {
    /// Tells which message a field holds, `None` for texts, numbers and fields that are
    /// not read.
    fn inner(self, number: u64) -> Option<Self> {
        Some(match (self, number) {
            (Self::Model, 7) | (Self::Attribute, 6 | 11) => Self::Graph,
            (Self::Model, 8) => Self::OperatorSet,
            (Self::Model, 25) => Self::Function,
            (Self::Graph, 1) | (Self::Function, 7) => Self::Node,
            (Self::Graph, 5) | (Self::Attribute, 5 | 10) | (Self::Sparse, 1 | 2) => Self::Tensor,
            (Self::Graph, 11 | 12) => Self::Port,
            (Self::Graph, 15) | (Self::Attribute, 22 | 23) => Self::Sparse,
            (Self::Node, 5) | (Self::Function, 11) => Self::Attribute,
            (Self::Tensor, 13) => Self::Entry,
            (Self::Port, 2) | (Self::Sequence, 1) | (Self::Map, 2) => Self::Type,
            (Self::Type, 1) => Self::TensorType,
            (Self::Type, 4) => Self::Sequence,
            (Self::Type, 5) => Self::Map,
            (Self::TensorType, 2) => Self::Shape,
            (Self::Shape, 1) => Self::Dimension,
            _ => return None,
        })
    }

    /// Bytes of the message in memory, without what it points to
    fn size(self) -> usize {
        match self {
            Self::Model => size_of::<ModelProto>(),
            Self::OperatorSet => size_of::<OperatorSetIdProto>(),
            Self::Function => size_of::<FunctionProto>(),
            Self::Graph => size_of::<GraphProto>(),
            Self::Node => size_of::<NodeProto>(),
            Self::Attribute => size_of::<AttributeProto>(),
            Self::Tensor => size_of::<TensorProto>(),
            Self::Sparse => size_of::<SparseTensorProto>(),
            Self::Entry => size_of::<StringStringEntryProto>(),
            Self::Port => size_of::<ValueInfoProto>(),
            Self::Type => size_of::<TypeProto>(),
            Self::TensorType => size_of::<TensorTypeProto>(),
            Self::Sequence => size_of::<SequenceTypeProto>(),
            Self::Map => size_of::<MapTypeProto>(),
            Self::Shape => size_of::<TensorShapeProto>(),
            Self::Dimension => size_of::<DimensionProto>(),
        }
    }
}

/// Takes a field off the front: its number, and its bytes where it has a length.
///
/// The marks of groups count as fields without bytes, so that what stands inside of a
/// group counts as if it stood outside.
fn field<'a>(rest: &mut &'a [u8]) -> Option<(u64, Option<&'a [u8]>)> {
    let key = varint(rest)?;
    let length = match key & 7 {
        0 => {
            varint(rest)?;
            None
        }
        1 => {
            rest.split_off(..8)?;
            None
        }
        2 => Some(varint(rest)?),
        3 | 4 => None,
        5 => {
            rest.split_off(..4)?;
            None
        }
        _ => return None,
    };
    let content = match length {
        Some(length) => Some(rest.split_off(..usize::try_from(length).ok()?)?),
        None => None,
    };
    Some((key >> 3, content))
}

/// Takes a number off the front, `None` where it does not end.
fn varint(rest: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = *rest.split_off_first()?;
        number |= u64::from(byte & 127) << shift;
        if byte < 128 {
            return Some(number);
        }
    }
    None
}
