//! What is said of a policy.

use krites_lang::{Diagnostic, Sources};

/// Tells each mistake in a line.
pub(crate) fn told(sources: &Sources, diagnostics: &[Diagnostic]) -> String {
    let lines = diagnostics.iter().map(|found| {
        let place = sources.describe(&found.primary.place);
        format!("{} {place} {}", found.code, found.headline)
    });
    lines.collect::<Vec<_>>().join("\n")
}
