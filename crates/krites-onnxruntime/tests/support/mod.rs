//! The library, and what a process takes.

#![allow(dead_code, reason = "each test uses some of it")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use krites_model::testing::say_skipped;
use krites_onnxruntime::{Hints, OnnxRuntime};

/// Returns the library, or says that the test is skipped.
pub(crate) fn runtime() -> Option<OnnxRuntime> {
    match OnnxRuntime::locate(&Hints::default()) {
        Ok(runtime) => Some(runtime),
        Err(error) => {
            say_skipped(&error);
            None
        }
    }
}

/// What this process takes now: threads, and kilobytes of memory; nothing where the
/// system does not tell
pub(crate) fn takes() -> Option<(u64, u64)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let field = |name: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(name))?;
        line.split_whitespace().next()?.parse().ok()
    };
    Some((field("Threads:")?, field("VmRSS:")?))
}
