//! `krites check`

use std::path::PathBuf;

use clap::Args;

use super::{count, inspect};
use crate::{Outcome, paint};

/// Check policies and their models; report everything that is wrong
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// A policy file, or a folder of policy files (*.krites)
    path: PathBuf,
}

impl Check {
    pub(crate) fn run(&self) -> Outcome {
        let Some(inspected) = inspect(&self.path) else {
            return Outcome::Failed;
        };
        for (name, policy) in inspected.policies() {
            let part = policy.part();
            paint::diagnostics(part.sources(), part.findings());
            let found = part.program().policy();
            let lists = found.lists.iter();
            let n_lists = lists.filter(|list| list.within.is_none()).count();
            say!(
                "{name}: no errors; {}, {}, {}, {}",
                count(found.inputs.len() + n_lists, "input"),
                count(found.rules.len(), "rule"),
                count(found.tables.len(), "table"),
                count(found.models.len(), "model"),
            );
            for file in policy.files() {
                say!("  {}: {}", file.file(), count(file.table().len(), "key"));
            }
            for model in policy.models() {
                say!("  {}: {}", model.file(), model.backend());
            }
        }
        Outcome::Fine
    }
}
