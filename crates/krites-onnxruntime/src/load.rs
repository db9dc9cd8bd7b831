//! From bytes to sessions.

use krites_model::{ElementType, Hazard, Limits, OnnxModel, OutputSpec, Signature};
use ort::session::Session;
use ort::session::builder::GraphOptimizationLevel;
use ort::value::{TensorElementType, ValueType};

use crate::OnnxRuntime;
use crate::lane::Lane;

/// Why ONNX Runtime does not load a model
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The bytes are not handed to ONNX Runtime, since it would crash or not come back
    #[error("{hazard}, which ONNX Runtime would not survive; {}", hazard.remedy)]
    Hazard {
        /// The node, and what of it is in the way
        hazard: Hazard,
    },
    /// The bytes are no model, or larger than [`Limits`](krites_model::Limits) allow
    #[error("ONNX Runtime is not given what cannot be read: {detail}")]
    Unread {
        /// What is wrong with them
        detail: String,
    },
    /// ONNX Runtime refuses the graph
    #[error("ONNX Runtime refuses the model: {detail}")]
    Refused {
        /// What ONNX Runtime said
        detail: String,
    },
    /// The graph that ONNX Runtime sees is not the one of the signature
    #[error("ONNX Runtime reads `{name}` otherwise than the signature: {detail}")]
    Signature {
        /// Name of the input or output
        name: String,
        /// What differs
        detail: String,
    },
    /// The run that warms a session, on zeros and empty texts, takes too long
    #[error("ONNX Runtime did not end a run on zeros and empty texts within {within_ms} ms")]
    Endless {
        /// How long it may take, in milliseconds
        within_ms: u64,
    },
    /// The system has no thread that could cut runs
    #[error("the thread that keeps time limits of models cannot be started: {detail}")]
    Thread {
        /// What the system said
        detail: String,
    },
}

/// An input or output as the session declares it
#[derive(Clone, Debug)]
pub(crate) struct Port {
    /// Type the session reads or writes; integers can be narrower than in the
    /// signature
    pub(crate) element: TensorElementType,
    /// 1 for [N], 2 for [N, columns]
    pub(crate) rank: usize,
    /// The session takes any number of columns
    pub(crate) free_width: bool,
}

/// What a model's sessions have in common
#[derive(Clone, Debug)]
pub(crate) struct Ports {
    /// In the order of the signature
    pub(crate) inputs: Vec<Port>,
    /// The graph takes one row a run
    pub(crate) one_row: bool,
}

/// Checks that ONNX Runtime can be given the bytes.
pub(crate) fn check(bytes: &[u8]) -> Result<(), LoadError> {
    let parsed = OnnxModel::parse(bytes).map_err(|error| LoadError::Unread {
        detail: error.to_string(),
    })?;
    let checked = parsed.check_hazards();
    checked.map_err(|hazard| LoadError::Hazard { hazard })
}

/// Makes one session of one thread.
pub(crate) fn session(runtime: &OnnxRuntime, bytes: &[u8]) -> Result<Lane, LoadError> {
    fn refused(error: impl std::fmt::Display) -> LoadError {
        // It says it on several lines
        let said = error.to_string();
        let words: Vec<&str> = said.split_whitespace().collect();
        LoadError::Refused {
            detail: words.join(" "),
        }
    }
    let session = Session::builder(runtime.environment())
        .map_err(refused)?
        // One thread of the CPU, whatever the environment of a host has for all
        .with_independent_thread_pool()
        .map_err(refused)?
        .with_no_environment_execution_providers()
        .map_err(refused)?
        .with_intra_threads(1)
        .map_err(refused)?
        .with_inter_threads(1)
        .map_err(refused)?
        .with_optimization_level(GraphOptimizationLevel::All)
        .map_err(refused)?
        .with_deterministic_compute(true)
        .map_err(refused)?
        .with_log_level(crate::logger::LEVEL)
        .map_err(refused)?
        .commit_from_memory(bytes)
        .map_err(refused)?;
    Lane::new(session).map_err(refused)
}

/// Compares a session with the signature.
pub(crate) fn ports(session: &Session, signature: &Signature) -> Result<Ports, LoadError> {
    let mut one_row = false;
    let mut inputs = Vec::with_capacity(signature.inputs.len());
    for spec in &signature.inputs {
        let differs = |detail: &str| differs(&spec.name, detail);
        let found = session
            .inputs()
            .iter()
            .find(|input| input.name() == spec.name);
        let declared = found.ok_or_else(|| differs("it is not there"))?.dtype();
        let ValueType::Tensor { ty, shape, .. } = declared else {
            return Err(differs("it is not a tensor"));
        };
        if !matches(spec.element, *ty) {
            return Err(differs("it has another type"));
        }
        let width = match shape.iter().as_slice() {
            [batch] => {
                one_row |= *batch == 1;
                1
            }
            [batch, width] => {
                one_row |= *batch == 1;
                *width
            }
            // No shape at all is read as a scalar.
            [] => -1,
            _ => return Err(differs("it has more than two dimensions")),
        };
        let rank = shape.len().clamp(1, 2);
        let rank = if shape.is_empty() { 2 } else { rank };
        inputs.push(Port {
            element: *ty,
            rank,
            free_width: width <= 0,
        });
    }
    for spec in &signature.outputs {
        let found = session
            .outputs()
            .iter()
            .find(|output| output.name() == spec.name);
        match found.map(|output| output.dtype()) {
            Some(ValueType::Tensor { ty, .. }) if matches(spec.element, *ty) => {}
            _ => return Err(differs(&spec.name, "it is not there or has another type")),
        }
    }
    if session.inputs().len() != signature.inputs.len() {
        let name = session.inputs().iter().map(|input| input.name());
        let extra = name
            .into_iter()
            .find(|name| signature.inputs.iter().all(|spec| spec.name != *name));
        return Err(differs(extra.unwrap_or_default(), "the signature lacks it"));
    }
    Ok(Ports { inputs, one_row })
}

/// Takes over the widths of outputs that ONNX Runtime knows, and returns the
/// places of those that it does not.
pub(crate) fn widths(session: &Session, signature: &mut Signature) -> Vec<usize> {
    let mut unknown = Vec::new();
    for (idx, spec) in signature.outputs.iter_mut().enumerate() {
        let mut outputs = session.outputs().iter();
        let found = outputs.find(|output| output.name() == spec.name);
        let Some(ValueType::Tensor { shape, .. }) = found.map(|output| output.dtype()) else {
            continue;
        };
        match shape.iter().as_slice() {
            [_] => {}
            [_, width] => match usize::try_from(*width) {
                Ok(width) if width > 0 => set_width(spec, width),
                _ => unknown.push(idx),
            },
            _ => unknown.push(idx),
        }
    }
    unknown
}

/// Refuses outputs of more columns than a model may have, which only ONNX Runtime told.
pub(crate) fn check_widths(signature: &Signature) -> Result<(), LoadError> {
    let limit = Limits::default().columns;
    let mut outputs = signature.outputs.iter();
    match outputs.find(|output| output.width as u64 > limit) {
        Some(wide) => {
            let detail = format!("it has {} columns, more than {limit}", wide.width);
            Err(differs(&wide.name, &detail))
        }
        None => Ok(()),
    }
}

/// Sets the width of an output; classes are those of other columns then.
pub(crate) fn set_width(spec: &mut OutputSpec, width: usize) {
    if spec.width != width {
        spec.width = width;
        spec.classes = None;
    }
}

fn matches(element: ElementType, declared: TensorElementType) -> bool {
    matches!(
        (element, declared),
        (ElementType::Float, TensorElementType::Float32)
            | (ElementType::Double, TensorElementType::Float64)
            | (
                ElementType::Integer,
                TensorElementType::Int64 | TensorElementType::Int32
            )
            | (ElementType::Boolean, TensorElementType::Bool)
            | (ElementType::Text, TensorElementType::String)
    )
}

fn differs(name: &str, detail: &str) -> LoadError {
    LoadError::Signature {
        name: name.to_owned(),
        detail: detail.to_owned(),
    }
}
