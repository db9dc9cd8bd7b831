//! One file a command.

pub(crate) mod check;
pub(crate) mod run;
pub(crate) mod test;

use std::path::Path;

use krites::{Release, ReleaseBuilder};

use crate::paint;

/// Builds a release for a command that shows the tests itself; paints what is
/// wrong.
fn release(path: &Path) -> Option<Release> {
    match ReleaseBuilder::from_path(path).and_then(|builder| builder.keep_failed_tests().build()) {
        Ok(release) => Some(release),
        Err(error) => {
            paint::load_error(&error);
            None
        }
    }
}

/// `1 rule`, `2 rules`
fn count(number: usize, thing: &str) -> String {
    if number == 1 {
        format!("1 {thing}")
    } else {
        format!("{number} {thing}s")
    }
}
