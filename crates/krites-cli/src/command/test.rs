//! `krites test`

use std::path::PathBuf;

use clap::Args;

use super::{count, inspect};
use crate::Outcome;

/// Run the tests that policies carry
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// A policy file, or a folder of policy files (*.krites)
    path: PathBuf,
}

impl Test {
    pub(crate) fn run(&self) -> Outcome {
        let Some(found) = inspect(&self.path) else {
            return Outcome::Failed;
        };
        let (mut passed, mut failed) = (0, 0);
        for (name, reports) in found.test_reports() {
            let sources = found
                .policies()
                .get(name)
                .map(|policy| policy.part().sources());
            if reports.is_empty() {
                say!("{name}: no tests");
            }
            for report in reports {
                if report.failures.is_empty() {
                    passed += 1;
                    say!("ok      {name}: {}", report.title);
                    continue;
                }
                failed += 1;
                say!("FAILED  {name}: {}", report.title);
                for failure in &report.failures {
                    let place = sources.map_or_else(String::new, |sources| {
                        sources.describe(&failure.span.into())
                    });
                    say!("        {place}: {failure}");
                }
            }
        }
        say!(
            "{}, {failed} failed",
            count(passed, "test").replacen(" test", " passed test", 1)
        );
        if failed == 0 {
            Outcome::Fine
        } else {
            Outcome::Failed
        }
    }
}
