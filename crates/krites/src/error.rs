//! Why a release cannot be built.

use std::fmt;
use std::path::PathBuf;

use crate::beside::BesideError;
use crate::builder::{PinMismatch, pins_told};
use krites_lang::{Diagnostic, ModelProblem, Severity, Sources, TestReport};

/// Why a release cannot be built; one word wide
#[derive(Debug)]
pub struct LoadError(Box<LoadErrorKind>);

/// Why a release cannot be built
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadErrorKind {
    /// Policies have errors
    #[error("{}", count_diagnostics(errors))]
    Policies {
        /// What is wrong, policy by policy
        errors: Vec<PolicyErrors>,
    },
    /// Tests of a policy failed
    #[error("{}", count_tests(policy, reports))]
    Tests {
        /// The policy's name
        policy: String,
        /// The texts that places refer to
        sources: Sources,
        /// All tests of the policy, in order
        reports: Vec<TestReport>,
    },
    /// A model that no policy names cannot be used
    #[error("{headline}; {help}")]
    Model {
        /// What is wrong with it
        headline: String,
        /// What to do
        help: String,
    },
    /// What stands beside a model that no policy names is wrong
    #[error("{error}; {}", error.help())]
    Beside {
        /// What is wrong, and where
        error: BesideError,
    },
    /// Files are not those that they are pinned to
    #[error("{}", pins_told(mismatches))]
    Pinned {
        /// Each of them, in the order of their names
        mismatches: Vec<PinMismatch>,
    },
    /// Two policies have one name
    #[error("two policies are called `{name}`: `{first}` and `{second}`")]
    NameTwice {
        /// The name
        name: String,
        /// File of the first
        first: String,
        /// File of the second
        second: String,
    },
    /// There is no policy
    #[error("there is no policy file (`*.krites`) in `{}`", path.display())]
    NoPolicy {
        /// Where it was looked for
        path: PathBuf,
    },
    /// A file cannot be read
    #[error("`{}` cannot be read: {}", path.display(), crate::folder::words(source))]
    Unreadable {
        /// The file
        path: PathBuf,
        /// What the system said
        source: std::io::Error,
    },
}

/// What is wrong in one policy
#[derive(Clone, Debug)]
pub struct PolicyErrors {
    /// The texts that places refer to
    pub sources: Sources,
    /// What is wrong, in source order; where that was found over all cases, what else was
    /// found so, too, warnings and notes among it
    pub diagnostics: Vec<Diagnostic>,
}

impl PolicyErrors {
    /// Returns the errors, of which there is at least one.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        let all = self.diagnostics.iter();
        all.filter(|found| found.severity == Severity::Error)
    }
}

impl LoadError {
    /// Returns what went wrong.
    #[must_use]
    pub fn kind(&self) -> &LoadErrorKind {
        &self.0
    }
}

impl From<LoadErrorKind> for LoadError {
    fn from(kind: LoadErrorKind) -> Self {
        Self(Box::new(kind))
    }
}

impl From<BesideError> for LoadError {
    fn from(error: BesideError) -> Self {
        LoadErrorKind::Beside { error }.into()
    }
}

impl From<Refusal> for LoadError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Model(problem) => problem.into(),
            Refusal::Beside(error) => error.into(),
        }
    }
}

/// Why a model is not taken into a release
#[derive(Clone, Debug)]
pub(crate) enum Refusal {
    /// For what it is
    Model(ModelProblem),
    /// For what stands beside it
    Beside(BesideError),
}

impl Refusal {
    /// As the checker tells it where a policy names the model.
    pub(crate) fn problem(&self) -> ModelProblem {
        match self {
            Self::Model(problem) => problem.clone(),
            Self::Beside(error) => ModelProblem {
                headline: error.to_string(),
                node: None,
                help: error.help(),
            },
        }
    }
}

impl From<ModelProblem> for Refusal {
    fn from(problem: ModelProblem) -> Self {
        Self::Model(problem)
    }
}

impl From<BesideError> for Refusal {
    fn from(error: BesideError) -> Self {
        Self::Beside(error)
    }
}

impl From<ModelProblem> for LoadError {
    fn from(problem: ModelProblem) -> Self {
        LoadErrorKind::Model {
            headline: problem.headline,
            help: problem.help,
        }
        .into()
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &*self.0 {
            LoadErrorKind::Unreadable { source, .. } => Some(source),
            _ => None,
        }
    }
}

fn count_diagnostics(errors: &[PolicyErrors]) -> String {
    let count: usize = errors.iter().map(|errors| errors.errors().count()).sum();
    let first = errors
        .iter()
        .find_map(|errors| Some((errors, errors.errors().next()?)));
    let Some((errors, first)) = first else {
        return "the policy has errors".to_owned();
    };
    let more = if count > 1 {
        format!(" (and {} more)", count - 1)
    } else {
        String::new()
    };
    format!(
        "{}: {}: {}{more}",
        errors.sources.describe(&first.primary.place),
        first.code,
        first.headline
    )
}

fn count_tests(policy: &str, reports: &[TestReport]) -> String {
    let failed: Vec<&TestReport> = reports
        .iter()
        .filter(|report| !report.failures.is_empty())
        .collect();
    let first = failed.first().map_or_else(String::new, |report| {
        let why = report
            .failures
            .first()
            .map_or_else(String::new, ToString::to_string);
        format!(": \"{}\": {why}", report.title)
    });
    format!(
        "{} of {} tests of `{policy}` failed{first}",
        failed.len(),
        reports.len()
    )
}
