//! What ONNX Runtime says goes to `tracing`, and never to standard error.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use ort::logging::{LogLevel, LoggerFunction};

/// Target of the events
pub(crate) const TARGET: &str = "krites::onnxruntime";

/// From this level on ONNX Runtime speaks.
pub(crate) const LEVEL: LogLevel = LogLevel::Warning;

/// Makes the function that ONNX Runtime calls for each of its messages.
pub(crate) fn to_tracing() -> LoggerFunction {
    Arc::new(|level, category, id, location, message| {
        // A subscriber's panic would abort the process behind a C function.
        let _ = catch_unwind(AssertUnwindSafe(|| {
            tell(level, category, id, location, message);
        }));
    })
}

fn tell(level: LogLevel, category: &str, id: &str, location: &str, message: &str) {
    match level {
        LogLevel::Fatal | LogLevel::Error => {
            tracing::error!(target: TARGET, category, id, location, "{message}");
        }
        LogLevel::Warning => {
            tracing::warn!(target: TARGET, category, id, location, "{message}");
        }
        LogLevel::Info => {
            tracing::debug!(target: TARGET, category, id, location, "{message}");
        }
        LogLevel::Verbose => {
            tracing::trace!(target: TARGET, category, id, location, "{message}");
        }
    }
}
