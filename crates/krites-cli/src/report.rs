//! What a check found, for programs: one document on standard output.

mod json;
mod sarif;
mod spot;

use clap::ValueEnum;
use krites::lang::{Diagnostic, Severity, Sources};
use krites::{Inspection, LoadError, LoadErrorKind};
use serde_json::Value;

/// How a command tells what it found
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people
    Text,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, as code scanning and editors read it
    Sarif,
}

/// What a check found
#[derive(Debug, Default)]
pub(crate) struct Report<'a> {
    /// What was found, in the sources that its places refer to
    pub(crate) found: Vec<(&'a Sources, &'a Diagnostic)>,
    /// Why nothing could be checked, where it could not
    pub(crate) failure: Option<String>,
}

impl<'a> Report<'a> {
    /// Reports why a release cannot be built.
    pub(crate) fn of_error(error: &'a LoadError) -> Self {
        let mut report = Self::default();
        match error.kind() {
            LoadErrorKind::Policies { errors } => {
                for policy in errors {
                    report.add(&policy.sources, &policy.diagnostics);
                }
            }
            _ => report.failure = Some(error.to_string()),
        }
        report
    }

    /// Reports what was found in policies that load.
    pub(crate) fn of_findings(inspected: &'a Inspection) -> Self {
        let mut report = Self::default();
        for policy in inspected.policies().values() {
            report.add(policy.part().sources(), policy.part().findings());
        }
        report
    }

    /// Adds what was found in one policy.
    fn add(&mut self, sources: &'a Sources, diagnostics: &'a [Diagnostic]) {
        let found = diagnostics.iter().map(|diagnostic| (sources, diagnostic));
        self.found.extend(found);
    }

    /// Writes the report to standard output, in a form for programs.
    pub(crate) fn write(&self, format: Format) {
        let document = match format {
            Format::Sarif => sarif::document(self),
            Format::Json | Format::Text => json::document(self),
        };
        say!("{document:#}");
    }
}

/// The word for how grave a diagnostic is, in both forms.
fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

/// Adds the entries of one object to another.
pub(crate) fn with(object: Value, more: Value) -> Value {
    match (object, more) {
        (Value::Object(mut object), Value::Object(more)) => {
            object.extend(more);
            Value::Object(object)
        }
        (object, _) => object,
    }
}
