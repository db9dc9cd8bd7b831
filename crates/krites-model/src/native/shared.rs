//! Constants that many nodes read.
//!
//! A kernel keeps its weights in an order of its own, and goes through them for every row:
//! a few bytes of a file for each node could ask for any memory and time, were the same
//! constant read by all of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::native::NotNative;
use crate::native::plan::Value;
use crate::onnx::Node;

/// Elements that may be read again, whatever the size of the constants
const MAY_READ_AGAIN: usize = 4 << 20;

/// How often each element may be read again, taken over all constants
const AGAIN: usize = 8;

/// What has been read of constants
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// Constants that a node has read, by their place in memory
    seen: BTreeSet<usize>,
    once: usize,
    again: usize,
}

impl Shared {
    /// Counts what a node reads.
    pub(crate) fn count(&mut self, node: &Node, inputs: &[Option<Value>]) -> Result<(), NotNative> {
        for input in inputs.iter().flatten() {
            let Value::Constant(tensor) = input else {
                continue;
            };
            let count = if self.seen.insert(Arc::as_ptr(tensor).addr()) {
                &mut self.once
            } else {
                &mut self.again
            };
            *count = count.saturating_add(tensor.data.len());
        }
        if self.again > MAY_READ_AGAIN.saturating_add(self.once.saturating_mul(AGAIN)) {
            return Err(NotNative::Use {
                node: node.label.clone(),
                reason: "too many nodes read the same large constants".to_owned(),
            });
        }
        Ok(())
    }
}
