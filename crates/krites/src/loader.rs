//! ONNX bytes become models: native where the operators are, else ONNX Runtime.

use std::path::PathBuf;
use std::sync::Arc;

use crate::beside::Beside;
use krites_lang::ir::Element;
use krites_lang::{ModelInput, ModelInterface, ModelOutput, ModelProblem};
use krites_model::{
    ClassLabels, ElementType, InputRows, Model, NativeModel, NotNative, OnnxModel, Signature,
};

/// How models are loaded
#[derive(Clone, Debug)]
pub(crate) struct Loader {
    /// Sessions that a model outside the native table gets
    pub(crate) workers: std::num::NonZeroUsize,
    /// The ONNX Runtime library, where the host states it
    pub(crate) runtime: Option<PathBuf>,
    /// Whether it is looked for where nobody states it
    pub(crate) stated_only: bool,
}

/// A model that was just loaded
pub(crate) struct Loaded {
    pub(crate) model: Arc<dyn Model>,
    /// The same, where ONNX Runtime runs it
    #[cfg(feature = "onnxruntime")]
    foreign: Option<Arc<krites_onnxruntime::OnnxRuntimeModel>>,
}

/// So many golden rows are taken for evidence that batches keep the bits
#[cfg(feature = "onnxruntime")]
const EVIDENCE: usize = 32;

impl Loaded {
    /// Lets golden rows show whether ONNX Runtime may be asked many rows at once. A model
    /// that shows it not is asked row by row, as before.
    pub(crate) fn try_batches(&self, rows: &InputRows) {
        #[cfg(feature = "onnxruntime")]
        if let Some(model) = &self.foreign
            && rows.n_rows() >= EVIDENCE
        {
            let _ = model.prove_batches(rows);
        }
        #[cfg(not(feature = "onnxruntime"))]
        let _ = rows;
    }
}

impl Loader {
    /// Loads and warms a model.
    pub(crate) fn load(&self, file: &str, bytes: &[u8]) -> Result<Loaded, ModelProblem> {
        let (parsed, native) = parse(file, bytes)?;
        match native {
            Ok(model) => Ok(Loaded {
                model: Arc::new(model),
                #[cfg(feature = "onnxruntime")]
                foreign: None,
            }),
            Err(why) => self.foreign(file, bytes, parsed.signature(), &why),
        }
    }

    #[cfg(feature = "onnxruntime")]
    pub(crate) fn foreign(
        &self,
        file: &str,
        bytes: &[u8],
        signature: &Signature,
        why: &NotNative,
    ) -> Result<Loaded, ModelProblem> {
        use krites_onnxruntime::{Hints, LoadError, OnnxRuntime, OnnxRuntimeModel};
        let hints = Hints {
            path: self.runtime.as_deref(),
            stated_only: self.stated_only,
        };
        let runtime = OnnxRuntime::locate(&hints).map_err(|error| ModelProblem {
            headline: format!("the model `{file}` needs ONNX Runtime: {why}"),
            node: node_of(why),
            help: error.to_string(),
        })?;
        let model = OnnxRuntimeModel::load(&runtime, bytes, signature.clone(), self.workers);
        model
            .map(|model| {
                let model = Arc::new(model);
                Loaded {
                    model: model.clone(),
                    foreign: Some(model),
                }
            })
            .map_err(|error| match error {
                LoadError::Hazard { hazard } => ModelProblem {
                    headline: format!("the model `{file}` is not handed to ONNX Runtime: {hazard}"),
                    node: Some(hazard.node),
                    help: hazard.remedy.to_owned(),
                },
                error => ModelProblem {
                    headline: format!("the model `{file}` cannot be loaded: {error}"),
                    node: None,
                    help: "export the model to ONNX again, with operators that ONNX Runtime knows"
                        .to_owned(),
                },
            })
    }

    #[cfg(not(feature = "onnxruntime"))]
    pub(crate) fn foreign(
        &self,
        file: &str,
        _: &[u8],
        _: &Signature,
        why: &NotNative,
    ) -> Result<Loaded, ModelProblem> {
        let _ = (&self.runtime, self.stated_only, self.workers);
        Err(ModelProblem {
            headline: format!(
                "the model `{file}` is not native, and ONNX Runtime is left out: {why}"
            ),
            node: node_of(why),
            help: "build with the feature `onnxruntime`, or export the model with native operators"
                .to_owned(),
        })
    }
}

/// Parses a model and builds its native evaluator, or says why it has none.
pub(crate) fn parse(
    file: &str,
    bytes: &[u8],
) -> Result<(OnnxModel, Result<NativeModel, NotNative>), ModelProblem> {
    let parsed = OnnxModel::parse(bytes).map_err(|error| ModelProblem {
        headline: format!("the model `{file}` cannot be used: {error}"),
        node: None,
        help: "export the model to ONNX again, and check that the file is complete".to_owned(),
    })?;
    let native = NativeModel::from_onnx(&parsed);
    match &native {
        Err(why) if why.is_malformed() => Err(ModelProblem {
            headline: format!("the model `{file}` is damaged: {why}"),
            node: node_of(why),
            help: "export the model to ONNX again".to_owned(),
        }),
        Err(why) => match parsed.tensors_only() {
            Ok(()) => Ok((parsed, native)),
            Err(error) => Err(ModelProblem {
                headline: format!("the model `{file}` cannot be used: {error}"),
                node: node_of(why),
                help: format!("models with maps run natively or not at all, and {why}"),
            }),
        },
        Ok(_) => Ok((parsed, native)),
    }
}

fn node_of(why: &NotNative) -> Option<String> {
    match why {
        NotNative::Operator { node, .. }
        | NotNative::Use { node, .. }
        | NotNative::Malformed { node, .. } => Some(node.clone()),
        _ => None,
    }
}

/// What the checker needs to know of a model, and of what stands beside it.
pub(crate) fn interface(signature: &Signature, beside: &Beside) -> ModelInterface {
    ModelInterface {
        inputs: signature
            .inputs
            .iter()
            .enumerate()
            .map(|(at, input)| ModelInput {
                name: input.name.clone(),
                element: element(input.element),
                width: input.width,
                columns: beside.columns().get(at).cloned().unwrap_or_default(),
            })
            .collect(),
        outputs: signature
            .outputs
            .iter()
            .map(|output| ModelOutput {
                name: output.name.clone(),
                element: element(output.element),
                width: output.width,
                classes: match &output.classes {
                    Some(ClassLabels::Integers(labels)) => {
                        labels.iter().map(ToString::to_string).collect()
                    }
                    Some(ClassLabels::Texts(labels)) => labels.clone(),
                    None => Vec::new(),
                },
            })
            .collect(),
        card: beside.stated().cloned(),
        has_background: beside.background().is_some(),
    }
}

fn element(element: ElementType) -> Element {
    match element {
        ElementType::Float => Element::Float,
        ElementType::Double => Element::Double,
        ElementType::Integer => Element::Integer,
        ElementType::Boolean => Element::Boolean,
        ElementType::Text => Element::Text,
    }
}
