//! Constants folded: what follows from constants alone is worked out when a
//! model is loaded, by the kernels that would run it.
//!
//! Invariant: bounded. What folding makes and how long it takes follow from
//! limits, not from what the file says.

use std::sync::Arc;

use crate::ElementType;
use crate::buffer::Buffer;
use crate::native::NotNative;
use crate::native::arguments::{Arguments, Operand};
use crate::native::node::NodeContext;
use crate::native::plan::{Kernel, Plan};
use crate::onnx::Graph;
use crate::onnx::tensor::Tensor;

/// Bytes that all results of folding may have together, beside so many times
/// those of the constants in the file, and never more than a file may have
const BYTES: usize = 16 << 20;
const BYTES_A_BYTE: usize = 4;
const MAX_BYTES: usize = 256 << 20;

/// Elements that one result may have, beside so many times all constants
const ELEMENTS: usize = 1 << 20;
const ELEMENTS_AN_ELEMENT: usize = 2;

/// Elements that all foldings may read and write together, beside so many
/// times all constants
const WORK: usize = 1 << 26;
const WORK_AN_ELEMENT: usize = 64;

/// What folding may still cost
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Folded {
    bytes: usize,
    work: usize,
    /// Elements that one result may have
    pub(crate) elements: usize,
}

impl Folded {
    /// Sets limits in proportion to the constants of a graph.
    pub(crate) fn within(graph: &Graph) -> Self {
        let constants = || graph.constants.values().flatten();
        let (mut elements, mut bytes) = (0_usize, 0_usize);
        for tensor in constants() {
            elements = elements.saturating_add(tensor.data.len());
            let longest = longest(&tensor.data);
            let size = size(tensor.data.element(), tensor.data.len(), longest);
            bytes = bytes.saturating_add(size);
        }
        let beside =
            |base: usize, times: usize, of: usize| base.saturating_add(times.saturating_mul(of));
        Self {
            bytes: beside(BYTES, BYTES_A_BYTE, bytes).min(MAX_BYTES),
            work: beside(WORK, WORK_AN_ELEMENT, elements),
            elements: beside(ELEMENTS, ELEMENTS_AN_ELEMENT, elements),
        }
    }
}

/// Tells how many bytes elements take.
fn size(element: ElementType, n_elements: usize, longest: usize) -> usize {
    n_elements.saturating_mul(match element {
        ElementType::Float => 4,
        ElementType::Double | ElementType::Integer => 8,
        ElementType::Boolean => 1,
        ElementType::Text => longest.saturating_add(24),
    })
}

impl Plan {
    /// Runs a kernel on constants.
    ///
    /// `work` is what it reads for each element that it writes.
    pub(crate) fn fold(
        &mut self,
        node: &NodeContext<'_>,
        kernel: &dyn Kernel,
        constants: &[Arc<Tensor>],
        results: &[(ElementType, Vec<usize>)],
        work: usize,
    ) -> Result<Vec<Tensor>, NotNative> {
        let longest = constants.iter().map(|tensor| longest(&tensor.data)).max();
        let mut n_results = 0_usize;
        for (element, dims) in results {
            let count = elements(dims).unwrap_or(usize::MAX);
            n_results = n_results.saturating_add(count);
            self.count_bytes(node, *element, count, longest.unwrap_or(0))?;
        }
        let read: usize = constants.iter().map(|tensor| tensor.data.len()).sum();
        self.count_work(node, read.saturating_add(n_results.saturating_mul(work)))?;
        let mut outputs = vec![Buffer::default(); results.len()];
        if n_results > 0 {
            let operands: Vec<Operand> = (0..constants.len()).map(Operand::Constant).collect();
            let arguments = Arguments {
                operands: &operands,
                inputs: &[],
                staged: &[],
                slots: &[],
                constants,
                start: 0,
                n_rows: 1,
            };
            kernel
                .run(&arguments, &mut outputs)
                .map_err(|error| node.refuse(format!("it cannot be worked out: {error}")))?;
        }
        let tensors = results.iter().zip(outputs).map(|((element, dims), data)| {
            let data = if n_results == 0 {
                empty(*element)
            } else {
                data
            };
            let dims = dims.clone();
            let fits = data.element() == *element && elements(&dims) == Some(data.len());
            fits.then_some(Tensor { dims, data })
                .ok_or_else(|| node.refuse("its result has another shape than it announced"))
        });
        tensors.collect()
    }

    /// Counts a constant that folding makes.
    pub(crate) fn count_bytes(
        &mut self,
        node: &NodeContext<'_>,
        element: ElementType,
        n_elements: usize,
        longest: usize,
    ) -> Result<(), NotNative> {
        let bytes = size(element, n_elements, longest);
        match self.folded.bytes.checked_sub(bytes) {
            Some(left) => self.folded.bytes = left,
            None => return Err(node.refuse("the constants that it makes are too large")),
        }
        Ok(())
    }

    fn count_work(&mut self, node: &NodeContext<'_>, work: usize) -> Result<(), NotNative> {
        match self.folded.work.checked_sub(work) {
            Some(left) => self.folded.work = left,
            None => return Err(node.refuse("the constants that it makes take too long")),
        }
        Ok(())
    }
}

/// Counts the elements of a shape, `None` beyond what fits.
pub(crate) fn elements(dims: &[usize]) -> Option<usize> {
    if dims.contains(&0) {
        return Some(0);
    }
    dims.iter()
        .try_fold(1_usize, |count, &dim| count.checked_mul(dim))
}

/// Finds the length of the longest text.
fn longest(data: &Buffer) -> usize {
    match data {
        Buffer::Text(texts) => texts.iter().map(String::len).max().unwrap_or(0),
        _ => 0,
    }
}

fn empty(element: ElementType) -> Buffer {
    match element {
        ElementType::Float => Buffer::Float(Vec::new()),
        ElementType::Double => Buffer::Double(Vec::new()),
        ElementType::Integer => Buffer::Integer(Vec::new()),
        ElementType::Boolean => Buffer::Boolean(Vec::new()),
        ElementType::Text => Buffer::Text(Vec::new()),
    }
}
