//! `krites check`

use std::path::PathBuf;

use clap::Args;
use krites::lang::Cost;
use krites::lang::ir::Policy;
use krites::{Inspection, LoadError, ReleaseBuilder};

use super::{count, fix};
use crate::report::{Format, Report};
use crate::{Outcome, paint};

/// Check policies and their models; report everything that is wrong
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// A policy file, or a folder of policy files (*.krites)
    path: PathBuf,
    /// How to tell what was found; json and sarif go to standard output
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
    /// Mend what has a certain mend in the policy files, and check again
    #[arg(long)]
    fix: bool,
    /// Show what a decision takes at most, and its costliest parts
    #[arg(long)]
    cost: bool,
}

/// So many of the costliest parts are shown
const SHOWN: usize = 3;

impl Check {
    pub(crate) fn run(&self) -> Outcome {
        let mut loaded = self.load();
        if self.fix {
            loaded = fix::mended(&self.path, loaded, || self.load(), self.format);
        }
        if self.format != Format::Text {
            match &loaded {
                Ok(inspected) => Report::of_findings(inspected),
                Err(error) => Report::of_error(error),
            }
            .write(self.format);
            return Outcome::of(loaded.is_ok());
        }
        match loaded {
            Ok(inspected) => self.tell(&inspected),
            Err(error) => {
                paint::load_error(&error);
                return Outcome::Failed;
            }
        }
        Outcome::Fine
    }

    fn load(&self) -> Result<Inspection, LoadError> {
        ReleaseBuilder::from_path(&self.path).and_then(ReleaseBuilder::inspect)
    }

    fn tell(&self, inspected: &Inspection) {
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
            if self.cost {
                say!("  {}", cost(found));
            }
            for file in policy.files() {
                say!("  {}: {}", file.file(), count(file.table().len(), "key"));
            }
            for model in policy.models() {
                say!("  {}: {}", model.file(), model.backend());
            }
        }
    }
}

/// What a decision takes at most, on a line.
fn cost(policy: &Policy) -> String {
    let cost = Cost::of(policy);
    let mut line = format!("at most {}", cost.counted());
    if cost.policies_asked > 0 {
        let policies = if cost.policies_asked == 1 {
            "policy"
        } else {
            "policies"
        };
        line += &format!(", {} {policies} asked", cost.policies_asked);
    }
    let parts = cost.parts.iter().take(SHOWN);
    let parts = parts.map(|part| format!("{} {}", part.name, part.steps));
    line + "; most of it: " + &parts.collect::<Vec<_>>().join(", ")
}
