//! Why bytes are not a model that can be loaded.

use std::borrow::Cow;

/// Why bytes cannot be imported as a model
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ImportError {
    /// The bytes are no ONNX file
    #[error("this is not an ONNX model: {cause}")]
    NotOnnx {
        /// What the bytes look like instead
        cause: NotOnnxCause,
    },
    /// Something is larger than [`Limits`](crate::Limits) allow
    #[error("{what} has {count} {unit}, more than the limit of {limit}")]
    TooLarge {
        /// What is too large: the file, the graph, a tensor, a node
        what: String,
        /// How large it is
        count: u64,
        /// What is counted
        unit: &'static str,
        /// The limit
        limit: u64,
    },
    /// Two inputs, outputs or constants share a name
    #[error("two {kind}s are named `{}`", shown(name))]
    DuplicateName {
        /// `input`, `output` or `constant`
        kind: &'static str,
        /// The name
        name: String,
    },
    /// A name is empty or holds a NUL character, at which other readers cut it
    #[error(
        "the name \"{}\" of {kind} is empty or holds a NUL character",
        shown(name)
    )]
    BadName {
        /// What bears the name
        kind: &'static str,
        /// The name
        name: String,
    },
    /// A constant lies in another file
    #[error(
        "the constant `{}` lies in another file; save the model with its data inside",
        shown(tensor)
    )]
    ExternalData {
        /// Name of the constant
        tensor: String,
    },
    /// A constant does not hold what its shape says
    #[error("the constant `{}` is damaged: {problem}", shown(tensor))]
    Tensor {
        /// Name of the constant
        tensor: String,
        /// What does not fit
        problem: String,
    },
    /// An input or output is not one row of elements a case
    #[error(
        "{kind} `{}` has the shape {shape}, where [N] or [N, columns] is needed",
        shown(name)
    )]
    Shape {
        /// `input` or `output`
        kind: &'static str,
        /// Name of the input or output
        name: String,
        /// The shape as the model declares it
        shape: String,
    },
    /// An input or output has an element type that no signature has
    #[error(
        "{kind} `{}` is {element}, where float, double, integer, boolean or text is needed",
        shown(name)
    )]
    Type {
        /// `input` or `output`
        kind: &'static str,
        /// Name of the input or output
        name: String,
        /// The element type as ONNX calls it
        element: String,
    },
    /// An output is a list of maps, as converters make it for Python users
    #[error(
        "output `{}` is a list of maps; convert the model again with zipmap off",
        shown(output)
    )]
    ZipMap {
        /// Name of the output
        output: String,
    },
    /// An input is a map that cannot be a matrix
    #[error("input `{}` is a map, {problem}", shown(input))]
    Map {
        /// Name of the input
        input: String,
        /// What of it is in the way
        problem: String,
    },
    /// A node or output reads a value that nothing makes
    #[error("{reader} reads `{}`, which nothing in the graph makes", shown(value))]
    Undefined {
        /// Who reads it
        reader: String,
        /// The value
        value: String,
    },
    /// A value is made twice
    #[error("{node} makes `{}`, which the graph has already", shown(value))]
    Redefined {
        /// The second maker
        node: String,
        /// The value
        value: String,
    },
    /// Nodes wait for each other
    #[error("{node} depends on its own result")]
    Cycle {
        /// A node on the circle or behind it
        node: String,
    },
    /// The graph gives nothing
    #[error("the graph has no outputs")]
    NoOutputs,
}

/// What bytes look like that are no ONNX model
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotOnnxCause {
    /// No bytes at all
    Empty,
    /// A text file: a CSV, a download page, a pointer of git-lfs
    Text,
    /// Binary, but no protobuf, or cut off
    Truncated,
    /// Protobuf without a graph
    NoGraph,
}

impl std::fmt::Display for NotOnnxCause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Empty => "the file is empty",
            Self::Text => "it is a text file",
            Self::Truncated => "the file is cut off or of another format",
            Self::NoGraph => "there is no graph in it",
        })
    }
}

/// The most characters of a name that a message shows
const SHOWN: usize = 100;

/// Makes a name of a file fit for a message: short, on one line, without signs that
/// steer a terminal.
pub(crate) fn shown(name: &str) -> Cow<'_, str> {
    if name.len() <= SHOWN && !name.contains(char::is_control) {
        return Cow::Borrowed(name);
    }
    let mut shown: String = name.chars().take(SHOWN).collect();
    if shown.contains(char::is_control) {
        shown = shown.escape_debug().collect();
    }
    if name.chars().nth(SHOWN).is_some() {
        shown.push('…');
    }
    Cow::Owned(shown)
}
