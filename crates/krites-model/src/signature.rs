//! What a model takes and gives: names, element types, widths, class labels.

use crate::ModelError;

/// The type of a tensor's elements
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ElementType {
    /// 32-bit IEEE float
    Float,
    /// 64-bit IEEE float
    Double,
    /// 64-bit signed integer
    Integer,
    /// Boolean
    Boolean,
    /// UTF-8 text
    Text,
}

impl std::fmt::Display for ElementType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Float => "float",
            Self::Double => "double",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Text => "text",
        })
    }
}

/// One named input: a column (`width` 1) or a matrix of `width` columns.
///
/// The batch dimension is not part of the width: a call hands in
/// `n_rows × width` elements.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct InputSpec {
    /// Name in the graph
    pub name: String,
    /// Type of the elements
    pub element: ElementType,
    /// Number of columns; at least 1
    pub width: usize,
    /// Names of the columns, where the model carries them; else empty
    pub columns: Vec<String>,
}

impl InputSpec {
    /// Tells that another tensor was handed in for the input, where `n_rows` rows are
    /// needed.
    #[cold]
    pub(crate) fn wrong(
        &self,
        element: ElementType,
        (rows, columns): (usize, usize),
        n_rows: usize,
    ) -> ModelError {
        let detail = format!(
            "input `{}` is {rows} × {columns} of type {element}, where {n_rows} × {} of type {} is needed",
            self.name, self.width, self.element,
        );
        ModelError::Shape { detail }
    }
}

/// One named output of `n_rows × width` elements
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct OutputSpec {
    /// Name in the graph
    pub name: String,
    /// Type of the elements
    pub element: ElementType,
    /// Number of columns; at least 1
    pub width: usize,
    /// The class each column belongs to, for an output of class scores
    pub classes: Option<ClassLabels>,
}

/// The labels of a classifier, in the order of its score columns
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ClassLabels {
    /// Whole-number labels
    Integers(Vec<i64>),
    /// Text labels
    Texts(Vec<String>),
}

/// The inputs and outputs of a model, in the graph's order
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Signature {
    /// Inputs; names are unique
    pub inputs: Vec<InputSpec>,
    /// Outputs; names are unique
    pub outputs: Vec<OutputSpec>,
}
