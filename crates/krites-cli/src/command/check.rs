//! `krites check`

use std::path::PathBuf;

use clap::Args;
use krites::lang::ir::Policy;
use krites::lang::{Cost, Severity, proved};
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
    /// Fail on warnings that the policies do not accept, too
    #[arg(long)]
    strict: bool,
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
        let fine = match &loaded {
            Ok(inspected) => !self.strict || all_accepted(inspected),
            Err(_) => false,
        };
        match &loaded {
            Ok(inspected) if self.format == Format::Text => self.tell(inspected),
            Ok(inspected) => Report::of_findings(inspected).write(self.format),
            Err(error) if self.format == Format::Text => paint::load_error(error),
            Err(error) => Report::of_error(error).write(self.format),
        }
        Outcome::of(fine)
    }

    fn load(&self) -> Result<Inspection, LoadError> {
        ReleaseBuilder::from_path(&self.path).and_then(ReleaseBuilder::inspect)
    }

    fn tell(&self, inspected: &Inspection) {
        for (name, policy) in inspected.policies() {
            let part = policy.part();
            let findings = part.findings().iter();
            let (accepted, open): (Vec<_>, Vec<_>) =
                findings.partition(|found| found.accepted.is_some());
            paint::diagnostics(part.sources(), open);
            let found = part.program().policy();
            let lists = found.lists.iter();
            let n_lists = lists.filter(|list| list.within.is_none()).count();
            let parts = [
                count(found.inputs.len() + n_lists, "input"),
                count(found.rules.len(), "rule"),
                count(found.tables.len(), "table"),
                count(found.models.len(), "model"),
            ];
            say!("{name}: no errors; {}", parts.join(", "));
            if !accepted.is_empty() {
                say!("  {} accepted", count(accepted.len(), "finding"));
            }
            if let (proved, of @ 1..) = proved(found) {
                say!("  {proved} of {of} `always` proved");
            }
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

/// Tells whether the policies accept all warnings of theirs.
fn all_accepted(inspected: &Inspection) -> bool {
    let parts = inspected.policies().values().map(|policy| policy.part());
    let mut found = parts.flat_map(|part| part.findings());
    found.all(|found| found.severity != Severity::Warning || found.accepted.is_some())
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
