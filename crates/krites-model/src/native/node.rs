//! A node as the builders of kernels see it: inputs and attributes, read with
//! errors that name the node.

use std::cell::RefCell;
use std::sync::Arc;

use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::plan::{Batch, Layout, Value};
use crate::onnx::proto::{AttributeProto, NodeProto};
use crate::onnx::tensor::{self, Tensor, texts};
use crate::onnx::{Node, shown};

/// Dimensions, or parts, that an operator may name
const MOST_NUMBERS: usize = 1 << 16;

/// What `AttributeProto` calls the kinds of attributes
mod kind {
    pub(super) const FLOAT: i32 = 1;
    pub(super) const INTEGER: i32 = 2;
    pub(super) const TEXT: i32 = 3;
    pub(super) const TENSOR: i32 = 4;
    pub(super) const FLOATS: i32 = 6;
    pub(super) const INTEGERS: i32 = 7;
    pub(super) const TEXTS: i32 = 8;
}

/// A node with its inputs, for the builders of kernels
#[derive(Debug)]
pub(crate) struct NodeContext<'a> {
    node: &'a Node,
    inputs: Vec<Option<Value>>,
    /// Version of the operator set, 0 where the model names none
    pub(crate) opset: i64,
    /// An attribute that was read and is of another kind than the operator has
    misread: RefCell<Option<String>>,
}

impl<'a> NodeContext<'a> {
    /// Puts a node together with its inputs.
    pub(crate) fn new(node: &'a Node, inputs: Vec<Option<Value>>, opset: i64) -> Self {
        Self {
            node,
            inputs,
            opset,
            misread: RefCell::default(),
        }
    }

    /// Names an attribute that was read and is of another kind than the operator has.
    pub(crate) fn misread(&self) -> Option<NotNative> {
        let name = self.misread.borrow();
        let name = shown(name.as_deref()?);
        Some(self.malformed(format!("its attribute `{name}` is of the wrong kind")))
    }

    /// Returns the operator without its domain.
    pub(crate) fn operator(&self) -> &'a str {
        &self.node.proto.op_type
    }

    /// Returns the node as the file has it.
    pub(crate) fn proto(&self) -> &'a NodeProto {
        &self.node.proto
    }

    /// Says that this use of the operator is outside of the table.
    pub(crate) fn refuse(&self, reason: impl Into<String>) -> NotNative {
        NotNative::Use {
            node: self.node.label.clone(),
            reason: reason.into(),
        }
    }

    /// Says that the node contradicts itself.
    pub(crate) fn malformed(&self, problem: impl Into<String>) -> NotNative {
        NotNative::Malformed {
            node: self.node.label.clone(),
            problem: problem.into(),
        }
    }

    /// Counts the inputs, left out ones at the end not counted.
    pub(crate) fn n_inputs(&self) -> usize {
        self.inputs.len()
    }

    /// Returns an input, `None` where it is left out.
    pub(crate) fn input(&self, idx: usize) -> Option<&Value> {
        self.inputs.get(idx)?.as_ref()
    }

    /// Returns an input that must be there.
    pub(crate) fn required(&self, idx: usize) -> Result<&Value, NotNative> {
        self.input(idx)
            .ok_or_else(|| self.malformed(format!("input {idx} is missing")))
    }

    /// Returns an input that must depend on the batch.
    pub(crate) fn batch(&self, idx: usize) -> Result<Batch, NotNative> {
        match self.required(idx)? {
            Value::Batch(batch) => Ok(*batch),
            Value::Constant(_) | Value::Sizes(..) => {
                Err(self.refuse(format!("input {idx} is a constant")))
            }
            Value::Ragged(_) => {
                Err(self.refuse(format!("the number of columns of input {idx} is not known")))
            }
        }
    }

    /// Returns an input that must be [N] or [N, columns].
    pub(crate) fn rows(&self, idx: usize) -> Result<Batch, NotNative> {
        let batch = self.batch(idx)?;
        match batch.shape.layout {
            Layout::Column | Layout::Matrix => Ok(batch),
            Layout::Across | Layout::Deep(_) => {
                Err(self.refuse(format!("input {idx} has not the shape [N, columns]")))
            }
        }
    }

    /// Returns an input that must be [N, columns].
    pub(crate) fn matrix(&self, idx: usize) -> Result<Batch, NotNative> {
        let batch = self.batch(idx)?;
        if batch.shape.layout == Layout::Matrix {
            Ok(batch)
        } else {
            Err(self.refuse(format!("input {idx} has not the shape [N, columns]")))
        }
    }

    /// Returns an input that must be constant.
    pub(crate) fn constant(&self, idx: usize) -> Result<&Arc<Tensor>, NotNative> {
        match self.required(idx)? {
            Value::Constant(tensor) => Ok(tensor),
            Value::Batch(_) | Value::Ragged(_) | Value::Sizes(..) => {
                Err(self.refuse(format!("input {idx} is not a constant")))
            }
        }
    }

    /// Returns an attribute.
    pub(crate) fn attribute(&self, name: &str) -> Option<&'a AttributeProto> {
        self.node
            .proto
            .attribute
            .iter()
            .find(|attribute| attribute.name == name)
    }

    /// Returns an attribute of a kind. Files of old do not tell kinds, and those of empty
    /// lists tell any.
    fn of_kind(&self, name: &str, kind: i32) -> Option<&'a AttributeProto> {
        let attribute = self.attribute(name)?;
        let empty = matches!(attribute.kind, kind::FLOATS | kind::INTEGERS | kind::TEXTS)
            && attribute.floats.is_empty()
            && attribute.ints.is_empty()
            && attribute.strings.is_empty();
        if attribute.kind != kind && attribute.kind != 0 && !empty {
            *self.misread.borrow_mut() = Some(name.to_owned());
        }
        Some(attribute)
    }

    /// Returns a whole-number attribute.
    pub(crate) fn integer(&self, name: &str, default: i64) -> i64 {
        self.of_kind(name, kind::INTEGER)
            .map_or(default, |attribute| attribute.i)
    }

    /// Returns a float attribute.
    pub(crate) fn float(&self, name: &str, default: f32) -> f32 {
        self.of_kind(name, kind::FLOAT)
            .map_or(default, |attribute| attribute.f)
    }

    /// Returns a text attribute.
    pub(crate) fn text(&self, name: &str, default: &'static str) -> Result<&'a str, NotNative> {
        let Some(attribute) = self.of_kind(name, kind::TEXT) else {
            return Ok(default);
        };
        std::str::from_utf8(&attribute.s)
            .map_err(|_| self.malformed(format!("the attribute `{name}` is not UTF-8")))
    }

    /// Returns whole numbers, none where the attribute is missing.
    pub(crate) fn integers(&self, name: &str) -> &'a [i64] {
        self.of_kind(name, kind::INTEGERS)
            .map_or(&[], |attribute| &attribute.ints)
    }

    /// Returns whole numbers that later operator sets have as an input and
    /// earlier ones as an attribute.
    pub(crate) fn numbers(&self, idx: usize, name: &str) -> Result<Option<Vec<i64>>, NotNative> {
        let numbers = match (self.input(idx), self.of_kind(name, kind::INTEGERS)) {
            (Some(_), _) => match &self.constant(idx)?.data {
                Buffer::Integer(numbers) => numbers,
                _ => return Err(self.malformed(format!("input {idx} is not of whole numbers"))),
            },
            (None, Some(attribute)) => &attribute.ints,
            (None, None) => return Ok(None),
        };
        if numbers.len() > MOST_NUMBERS {
            return Err(self.refuse("it names too many dimensions or parts"));
        }
        Ok(Some(numbers.clone()))
    }

    /// Returns floats, none where the attribute is missing.
    pub(crate) fn floats(&self, name: &str) -> &'a [f32] {
        self.of_kind(name, kind::FLOATS)
            .map_or(&[], |attribute| &attribute.floats)
    }

    /// Returns a tensor, `None` where the attribute is missing or holds none.
    pub(crate) fn tensor(&self, name: &str) -> Result<Option<Tensor>, NotNative> {
        let Some(proto) = self
            .of_kind(name, kind::TENSOR)
            .and_then(|it| it.t.as_deref())
        else {
            return Ok(None);
        };
        // The default of some attributes is a tensor without a type.
        if proto.data_type == 0 {
            return Ok(None);
        }
        match tensor::decode(proto) {
            Ok(Some(tensor)) => Ok(Some(tensor)),
            Ok(None) => Err(self.refuse(format!("the type of `{name}`"))),
            Err(problem) => Err(self.malformed(format!("`{name}`: {problem}"))),
        }
    }

    /// Returns texts, none where the attribute is missing.
    pub(crate) fn texts(&self, name: &str) -> Result<Vec<String>, NotNative> {
        let Some(attribute) = self.of_kind(name, kind::TEXTS) else {
            return Ok(Vec::new());
        };
        texts(&attribute.strings)
            .map_err(|problem| self.malformed(format!("{problem} in `{name}`")))
    }
}
