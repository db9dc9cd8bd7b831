//! What the tests of releases share.

#![allow(clippy::panic, reason = "helpers of tests")]

use krites::{LoadError, LoadErrorKind};

/// What a release cannot be built for, as `place code headline`.
pub(crate) fn mistakes(error: &LoadError) -> Vec<String> {
    let LoadErrorKind::Policies { errors } = error.kind() else {
        panic!("{error}");
    };
    let of = |errors: &krites::PolicyErrors| {
        let shown = errors.diagnostics.iter().map(|found| {
            let place = errors.sources.describe(&found.primary.place);
            format!("{place} {} {}", found.code, found.headline)
        });
        shown.collect::<Vec<_>>()
    };
    errors.iter().flat_map(of).collect()
}
