//! ONNX Runtime sessions behind the [`Model`](krites_model::Model) trait.
//!
//! For graphs outside of the native table. The library is not linked: it is
//! found on the machine by [`OnnxRuntime::locate`] when a model needs it, and
//! its absence is an error that tells what to install.
//!
//! Invariant: nothing here panics for want of the library, and no session is
//! shared by two calls at a time.

mod batches;
mod lane;
mod library;
mod load;
mod logger;
mod model;
mod status;
mod tensors;
mod watchdog;
mod zeros;

pub use batches::Batches;
pub use library::{Hints, LocateError, Looked, OnnxRuntime, Origin};
pub use load::LoadError;
pub use model::OnnxRuntimeModel;
/// The binding that sessions are made with, for hosts that use it as well
pub use ort;
