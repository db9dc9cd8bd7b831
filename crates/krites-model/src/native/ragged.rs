//! Values whose rows have a number of elements of their own: tokens of texts,
//! and inputs whose number of columns the graph leaves open.
//!
//! Invariant: such a value is never padded, so a row does not depend on the
//! longest row beside it. Only what counts the elements reads it.

use std::sync::Arc;

use crate::ElementType;
use crate::native::arguments::Operand;
use crate::native::ops::Splitter;
use crate::native::plan::Layout;

/// A value whose rows have a number of elements of their own
#[derive(Clone, Debug)]
pub(crate) struct Ragged {
    /// Where the elements lie, or the texts that they are parts of
    pub(crate) operand: Operand,
    pub(crate) element: ElementType,
    /// Matrix, or deep where a tokenizer read [N, 1]
    pub(crate) layout: Layout,
    /// What makes the elements of a text; without it they are the row's columns
    pub(crate) splitter: Option<Arc<Splitter>>,
}
