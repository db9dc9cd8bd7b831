//! One file a command.

pub(crate) mod bench;
pub(crate) mod check;
pub(crate) mod explain_code;
mod fix;
pub(crate) mod fmt;
pub(crate) mod model;
mod rows;
pub(crate) mod run;
pub(crate) mod runtime;
pub(crate) mod test;

use std::path::Path;

use clap::ValueEnum;
use krites::{Inspection, LoadError, ReleaseBuilder};

use crate::paint;

/// How a command shows a thing
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shown {
    /// For people
    Text,
    /// One JSON object
    Json,
}

/// Paints why a command has nothing to work with.
fn painted<T>(loaded: Result<T, LoadError>) -> Option<T> {
    loaded.map_err(|error| paint::load_error(&error)).ok()
}

/// Loads and checks policies, for a command that shows their tests itself.
fn inspect(path: &Path) -> Option<Inspection> {
    painted(ReleaseBuilder::from_path(path).and_then(ReleaseBuilder::inspect))
}

/// `1 rule`, `2 rules`
fn count(number: usize, thing: &str) -> String {
    if number == 1 {
        format!("1 {thing}")
    } else {
        format!("{number} {thing}s")
    }
}
