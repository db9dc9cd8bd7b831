//! What a file may not exceed, looked at before anything else is.

use crate::scan::span;
use crate::{Code, Diagnostic, SourceId};

/// The code of a file that is too large
pub(super) const TOO_LARGE: Code = Code(1);
/// How many bytes a file may have
pub(crate) const MAX_BYTES: usize = 8 * 1024 * 1024;
/// How many bytes a line may have
pub(crate) const MAX_LINE_BYTES: usize = 64 * 1024;

/// Returns what is wrong with the text as a whole.
pub(super) fn check(text: &str, source: SourceId) -> Vec<Diagnostic> {
    if text.len() > MAX_BYTES {
        return vec![too_large(source)];
    }
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        // The end of a line is no part of it.
        if line.trim_end_matches(['\r', '\n']).len() > MAX_LINE_BYTES {
            found.push(
                Diagnostic::error(
                    Code(4),
                    format!("a line is longer than {} KiB", MAX_LINE_BYTES / 1024),
                    span(source, start, start),
                )
                .label("this line")
                .help("break the line behind a comma"),
            );
            break;
        }
        start += line.len();
    }
    found
}

/// Makes the diagnostic about a file that is too large.
pub(super) fn too_large(source: SourceId) -> Diagnostic {
    Diagnostic::error(
        TOO_LARGE,
        format!("the file is larger than {} MiB", MAX_BYTES / (1024 * 1024)),
        span(source, 0, 0),
    )
    .help("move what stands for itself into a file of names, and bring it in by `use`")
}
