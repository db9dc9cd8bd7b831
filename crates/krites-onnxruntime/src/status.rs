//! What the library that was found can do: its providers, and whether a session runs.

use std::num::NonZeroUsize;

use krites_model::OnnxModel;
use ort::ep::ExecutionProvider;
use ort::session::builder::SessionBuilder;

use crate::OnnxRuntime;
use crate::load::LoadError;
use crate::model::OnnxRuntimeModel;

/// An ONNX file of one node, `Identity`, of a float a row
const TRIAL: &[u8] = b"\x08\x07:A\n\x10\n\x01x\x12\x01y\"\x08Identity\x12\x01tZ\x14\n\x01x\x12\x0f\n\r\x08\x01\x12\t\n\x03\x12\x01N\n\
    \x02\x08\x01b\x14\n\x01y\x12\x0f\n\r\x08\x01\x12\t\n\x03\x12\x01N\n\x02\x08\x01B\x04\n\x00\x10\r";

impl OnnxRuntime {
    /// Makes a session over a graph of one node, and runs it.
    ///
    /// # Errors
    ///
    /// [`LoadError`] with what the library says.
    pub fn try_session(&self) -> Result<(), LoadError> {
        let refused = |error: krites_model::ImportError| LoadError::Refused {
            detail: error.to_string(),
        };
        let model = OnnxModel::parse(TRIAL).map_err(refused)?;
        let signature = model.signature().clone();
        OnnxRuntimeModel::load(self, TRIAL, signature, NonZeroUsize::MIN).map(|_| ())
    }

    /// Returns the execution providers that the library was built with, by their names.
    /// Models run on that of the CPU, whichever others there are.
    #[must_use]
    pub fn providers(&self) -> Vec<&'static str> {
        available()
    }
}

macro_rules! providers {
    ($($provider:ident)*) => {
        $(
            enum $provider {}

            impl ExecutionProvider for $provider {
                const NAME: &'static str = stringify!($provider);

                fn register(&self, _: &mut SessionBuilder) -> ort::Result<()> {
                    match *self {}
                }
            }
        )*

        /// Asks the library for each.
        fn available() -> Vec<&'static str> {
            let mut found = Vec::new();
            $(
                if $provider::is_available().unwrap_or(false) {
                    found.push($provider::NAME);
                }
            )*
            found
        }
    };
}

providers! {
    CPUExecutionProvider
    ACLExecutionProvider
    ArmNNExecutionProvider
    AzureExecutionProvider
    CANNExecutionProvider
    CoreMLExecutionProvider
    CUDAExecutionProvider
    DmlExecutionProvider
    DnnlExecutionProvider
    MIGraphXExecutionProvider
    NnapiExecutionProvider
    NvTensorRTRTXExecutionProvider
    OpenVINOExecutionProvider
    QNNExecutionProvider
    RknpuExecutionProvider
    ROCMExecutionProvider
    SNPEExecutionProvider
    TensorrtExecutionProvider
    VitisAIExecutionProvider
    VSINPUExecutionProvider
    WebGpuExecutionProvider
    XnnpackExecutionProvider
}
