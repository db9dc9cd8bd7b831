//! The [`Model`] trait, ONNX import and native evaluation of models.
//!
//! A model comes in as bytes: [`OnnxModel::parse`] checks them and reads the
//! [`Signature`]; [`NativeModel::from_onnx`] builds the evaluator, or says by
//! [`NotNative`] which operator is outside of the native table, so that the
//! caller can hand the bytes to another backend.
//!
//! Invariant: no I/O beyond the bytes handed in, no clock, no threads.

mod buffer;
mod explain;
mod model;
mod native;
mod onnx;
mod rows;
mod signature;
#[cfg(any(test, feature = "testing"))]
pub mod testing;

pub use explain::{Attribution, Explained, Explainer, NotExplained, Unit};
pub use model::{Call, InputTensor, Model, ModelError, OutputTensor, Scratch};
pub use native::{NativeModel, NotNative, native_operators};
pub use onnx::{Contents, Hazard, ImportError, Limits, NotOnnxCause, OnnxModel};
pub use rows::InputRows;
pub use signature::{ClassLabels, ElementType, InputSpec, OutputSpec, Signature};
