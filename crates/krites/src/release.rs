//! Releases: immutable, valid before anyone can see them, made of shared parts.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use krites_lang::TestReport;

use crate::builder::ReleaseBuilder;
use crate::data;
use crate::decider::DecideError;
use crate::error::LoadError;
use crate::modules::Modules;
use crate::part::{DataPart, Fingerprint, ModelPart, ReleasedPolicy};

/// Policies, models and data that belong together. Immutable; built, checked, warmed
/// and tested before anyone can see it.
#[derive(Debug)]
pub struct Release {
    pub(crate) policies: BTreeMap<String, Arc<ReleasedPolicy>>,
    pub(crate) models: BTreeMap<String, Arc<ModelPart>>,
    /// What was loaded of files of lookups and lists
    pub(crate) data: data::Loaded,
    /// Files that policies may use, and those that do not matter
    pub(crate) modules: Modules,
    pub(crate) fingerprint: Fingerprint,
    pub(crate) reports: Vec<(String, Vec<TestReport>)>,
}

impl Release {
    /// Starts a release from nothing.
    #[must_use]
    pub fn builder() -> ReleaseBuilder {
        ReleaseBuilder::default()
    }

    /// Builds a release from a policy file, or from all policy files
    /// (`*.krites`) of a folder, with the models that they name and the files that
    /// they use.
    ///
    /// # Errors
    ///
    /// [`LoadError`] where a file cannot be read, a policy has errors, a model
    /// cannot be used, or a policy's own test fails.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Release, LoadError> {
        ReleaseBuilder::from_path(path.as_ref())?.build()
    }

    /// Starts a release that shares all parts of this one but those replaced.
    #[must_use]
    pub fn derive(&self) -> ReleaseBuilder {
        ReleaseBuilder::from_release(self)
    }

    /// Returns the hash over all parts: equal for equal content.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Returns a policy by its name.
    #[must_use]
    pub fn policy(&self, name: &str) -> Option<&Arc<ReleasedPolicy>> {
        self.policies.get(name)
    }

    /// Returns a policy by its name, or says that there is none.
    pub(crate) fn find(&self, name: &str) -> Result<&Arc<ReleasedPolicy>, DecideError> {
        self.policies
            .get(name)
            .ok_or_else(|| DecideError::no_such_policy(name))
    }

    /// Returns the policies by name.
    #[must_use]
    pub fn policies(&self) -> &BTreeMap<String, Arc<ReleasedPolicy>> {
        &self.policies
    }

    /// Returns the models by file.
    #[must_use]
    pub fn models(&self) -> &BTreeMap<String, Arc<ModelPart>> {
        &self.models
    }

    /// Returns the files of lookups and lists, by file; one that policies declare in
    /// several ways comes once for each.
    pub fn files(&self) -> impl Iterator<Item = &Arc<DataPart>> {
        self.data.values()
    }

    /// Returns the tests that were run when this release was built, by policy;
    /// policies shared with the release that it was derived from are not tested
    /// again.
    #[must_use]
    pub fn test_reports(&self) -> &[(String, Vec<TestReport>)] {
        &self.reports
    }
}

/// What policies and models are, tests that fail included: for tools that show
/// it. Nothing decides with it.
#[derive(Debug)]
pub struct Inspection(pub(crate) Release);

impl Inspection {
    /// Returns the policies by name.
    #[must_use]
    pub fn policies(&self) -> &BTreeMap<String, Arc<ReleasedPolicy>> {
        self.0.policies()
    }

    /// Returns what became of the tests, by policy.
    #[must_use]
    pub fn test_reports(&self) -> &[(String, Vec<TestReport>)] {
        self.0.test_reports()
    }
}
