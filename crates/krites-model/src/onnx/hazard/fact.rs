//! What is known of a value before anything runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::buffer::Buffer;
use crate::onnx::proto::{GraphProto, TensorProto, data_type};
use crate::onnx::tensor::{self, Tensor};

/// Whole numbers of a constant that are kept
const KEPT: u64 = 4_096;

/// What elements a value has, as far as division goes
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Whole numbers of any width
    Integer,
    /// Floats, texts, truth values
    Other,
    /// Nobody knows
    Unknown,
}

impl Kind {
    /// Tells what elements a type of ONNX has.
    pub(super) fn of(elem_type: i64) -> Self {
        match elem_type {
            2..=7 | 12 | 13 | 21 | 22 => Self::Integer,
            1 | 8..=11 | 14..=16 => Self::Other,
            _ => Self::Unknown,
        }
    }
}

/// What is known of a value
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub(super) kind: Kind,
    /// It surely has an element
    pub(super) held: bool,
    /// It depends on an input by more than its shape, so that it is never folded
    pub(super) live: bool,
    /// A node makes it that stays in the graph as long as the value is live
    pub(super) made: bool,
    /// It is a size, or a list of sizes: never below zero
    pub(super) counted: bool,
    /// The elements of a small constant of whole numbers
    pub(super) whole: Option<Arc<Vec<i64>>>,
    /// About how many elements there are for each row, where that is known to be many
    pub(super) size: u64,
}

impl Fact {
    pub(super) const UNKNOWN: Self = Self {
        kind: Kind::Unknown,
        held: false,
        live: false,
        made: false,
        counted: false,
        whole: None,
        size: 1,
    };

    /// Knows a constant.
    pub(super) fn of_tensor(tensor: &Tensor) -> Self {
        let len = tensor.data.len() as u64;
        let (kind, whole) = match &tensor.data {
            Buffer::Integer(all) => {
                let kept = len <= KEPT;
                (Kind::Integer, kept.then(|| Arc::new(all.clone())))
            }
            _ => (Kind::Other, None),
        };
        Self {
            kind,
            held: len > 0,
            whole,
            size: len,
            ..Self::UNKNOWN
        }
    }

    /// Knows a constant of a body.
    pub(super) fn of_proto(proto: &TensorProto) -> Self {
        let count = tensor::element_count(&proto.dims).unwrap_or(0);
        let whole = matches!(proto.data_type, data_type::INT32 | data_type::INT64);
        if whole
            && count <= KEPT
            && let Ok(Some(tensor)) = tensor::decode(proto)
        {
            return Self::of_tensor(&tensor);
        }
        Self {
            kind: Kind::of(proto.data_type.into()),
            held: count > 0,
            size: count,
            ..Self::UNKNOWN
        }
    }

    /// Multiplies the elements of a constant list of sizes; none where it is not known.
    pub(super) fn product(&self) -> Option<u64> {
        let sizes = self.whole.as_ref()?.iter();
        Some(sizes.fold(1_u64, |product, &size| {
            product.saturating_mul(u64::try_from(size).unwrap_or(1))
        }))
    }
}

/// What is known of the values that a graph or a body sees
#[derive(Debug, Default)]
pub(super) struct Scope<'m, 's> {
    pub(super) outer: Option<&'s Scope<'m, 's>>,
    facts: BTreeMap<&'m str, Fact>,
}

impl<'m, 's> Scope<'m, 's> {
    /// Begins a body with its constants.
    pub(super) fn of_body(body: &'m GraphProto, outer: &'s Self) -> Self {
        let mut scope = Self {
            outer: Some(outer),
            facts: BTreeMap::new(),
        };
        for constant in &body.initializer {
            scope.set(&constant.name, Fact::of_proto(constant));
        }
        scope
    }

    pub(super) fn set(&mut self, name: &'m str, fact: Fact) {
        self.facts.insert(name, fact);
    }

    /// Finds what is known of a value, here or further out.
    pub(super) fn get(&self, name: &str) -> Fact {
        let mut scope = Some(self);
        while let Some(found) = scope {
            if let Some(fact) = found.facts.get(name) {
                return fact.clone();
            }
            scope = found.outer;
        }
        Fact::UNKNOWN
    }

    /// Finds what is known of a value of this body alone.
    pub(super) fn own(&self, name: &str) -> Option<&Fact> {
        self.facts.get(name)
    }
}
