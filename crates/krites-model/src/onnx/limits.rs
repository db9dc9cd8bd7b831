//! Bounds on what is read from outside.

/// How large a model may be.
///
/// A model beyond a limit is refused when it is read, before memory in
/// proportion to it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the file
    pub bytes: u64,
    /// Nodes of the graph, bodies of control flow counted in
    pub nodes: u64,
    /// Elements of one constant
    pub tensor_elements: u64,
    /// Values of one attribute list, which for a tree ensemble is its number
    /// of tree nodes
    pub attribute_values: u64,
    /// Columns of one input or output, and classes of all outputs
    pub columns: u64,
}

impl Default for Limits {
    /// 256 MB, 100 000 nodes, 64 million elements, 16 million tree nodes, one
    /// million columns
    fn default() -> Self {
        Self {
            bytes: 256 << 20,
            nodes: 100_000,
            tensor_elements: 64 << 20,
            attribute_values: 16 << 20,
            columns: 1 << 20,
        }
    }
}
