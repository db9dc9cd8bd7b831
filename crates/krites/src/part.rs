//! The parts of a release, each under the hash of its content.

mod fingerprint;

use std::sync::Arc;

use krites_lang::{Data, Diagnostic, KeyTable, ModelInterface, PolicyInterface, Program, Sources};
use krites_model::{InputRows, Model};

use crate::beside::{Beside, BesideError, ModelCard};
use crate::bind::Names;
use crate::explainers::ModelExplainer;
use crate::faults::{FaultCounters, FaultCounts};
use crate::golden::GoldenRows;
use crate::workspace::Workspaces;

pub use self::fingerprint::{Fingerprint, FingerprintError};

/// A checked and compiled policy; releases that have the same texts over models
/// of the same interface share it
#[derive(Debug)]
pub struct PolicyPart {
    pub(crate) file: String,
    /// Of the policy's text and the files that it uses
    pub(crate) hash: Fingerprint,
    /// Of the policy's own text
    pub(crate) text: Fingerprint,
    /// The files that it uses, in the order of their paths
    pub(crate) modules: Vec<(String, Fingerprint)>,
    pub(crate) sources: Sources,
    pub(crate) program: Program,
    pub(crate) findings: Vec<Diagnostic>,
    pub(crate) names: Names,
    /// Interfaces that it was checked against, in the order of its models
    pub(crate) interfaces: Vec<ModelInterface>,
    /// Those of the policies that it asks, in the order in which it declares them
    pub(crate) asked: Vec<PolicyInterface>,
}

impl PolicyPart {
    /// Returns the policy's name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.program.policy().name
    }

    /// Returns its file's name within the release.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns the hash of the policy's text and of the files that it uses.
    #[must_use]
    pub fn hash(&self) -> Fingerprint {
        self.hash
    }

    /// Returns the files that the policy uses, by way of others too, by their
    /// paths and with the hashes of their content, in the order of the paths.
    pub fn modules(&self) -> impl Iterator<Item = (&str, Fingerprint)> {
        self.modules
            .iter()
            .map(|(path, hash)| (path.as_str(), *hash))
    }

    /// Returns the compiled policy.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Returns what was found over all cases that can hardly be meant: warnings and
    /// notes.
    #[must_use]
    pub fn findings(&self) -> &[Diagnostic] {
        &self.findings
    }

    /// Returns the texts that places in the policy refer to.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }
}

/// A loaded model with what stands beside it; releases that have the same bytes of both
/// share it
#[derive(Debug)]
pub struct ModelPart {
    pub(crate) file: String,
    pub(crate) hash: Fingerprint,
    pub(crate) model: Arc<dyn Model>,
    pub(crate) interface: ModelInterface,
    pub(crate) beside: Beside,
    /// Goes along with the model where only what stands beside it changes
    pub(crate) faults: Arc<FaultCounters>,
}

impl ModelPart {
    /// Returns the file as policies name it.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Returns the hash of the model's bytes, or of what the host gave as such.
    #[must_use]
    pub fn hash(&self) -> Fingerprint {
        self.hash
    }

    /// Returns what evaluates the model: `native`, `onnxruntime 1.31.0`.
    #[must_use]
    pub fn backend(&self) -> &str {
        self.model.backend()
    }

    /// Returns how often it failed in decisions since it was loaded, by kind, whichever
    /// policy and release asked it and whatever the fault led to. Each fault counts once
    /// a case. Policies' own tests, and cases that are decided again in shadow, do not
    /// count.
    #[must_use]
    pub fn fault_counts(&self) -> FaultCounts {
        self.faults.read()
    }

    /// Returns the model.
    #[must_use]
    pub fn model(&self) -> &Arc<dyn Model> {
        &self.model
    }

    /// Returns what policies that name it are checked against.
    #[must_use]
    pub fn interface(&self) -> &ModelInterface {
        &self.interface
    }

    /// Returns what the card beside it states.
    #[must_use]
    pub fn card(&self) -> Option<&Arc<ModelCard>> {
        self.beside.card()
    }

    /// Returns the background set beside it: rows of its inputs.
    #[must_use]
    pub fn background(&self) -> Option<&Arc<InputRows>> {
        self.beside.background()
    }

    /// Returns the golden vectors beside it.
    #[must_use]
    pub fn golden(&self) -> Option<&Arc<GoldenRows>> {
        self.beside.golden()
    }

    /// Returns the files beside it, with the hashes of their content.
    pub fn beside(&self) -> impl Iterator<Item = (&str, Fingerprint)> {
        self.beside.hashes()
    }

    /// Asks the model its golden vectors once more, as it was asked when the release was
    /// built; a host may do so while it serves.
    ///
    /// # Errors
    ///
    /// [`BesideError`] with the worst answer, or where the model fails.
    pub fn check_golden(&self) -> Result<(), BesideError> {
        self.beside.prove(&*self.model)
    }
}

/// A loaded file of a lookup or list; releases that have the same content under the
/// same declaration share it
#[derive(Debug)]
pub struct DataPart {
    pub(crate) hash: Fingerprint,
    pub(crate) table: Arc<KeyTable>,
}

impl DataPart {
    /// Returns the file as policies name it.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.table.declared().path
    }

    /// Returns the hash of the file's bytes.
    #[must_use]
    pub fn hash(&self) -> Fingerprint {
        self.hash
    }

    /// Returns what was loaded.
    #[must_use]
    pub fn table(&self) -> &Arc<KeyTable> {
        &self.table
    }
}

/// A policy with the models and data of its release
#[derive(Debug)]
pub struct ReleasedPolicy {
    pub(crate) part: Arc<PolicyPart>,
    /// In the order of the policy's models
    pub(crate) models: Vec<Arc<ModelPart>>,
    /// In the order of the policy's models, of those that have reasons
    pub(crate) explainers: Vec<Option<ModelExplainer>>,
    /// In the order of its lists, then its lookups
    pub(crate) files: Vec<Arc<DataPart>>,
    pub(crate) data: Data,
    /// The policies that it asks, in the order in which it declares them
    pub(crate) asked: Vec<Arc<ReleasedPolicy>>,
    /// What waits for whoever decides next
    pub(crate) workspaces: Workspaces,
}

impl ReleasedPolicy {
    /// Returns the checked and compiled policy.
    #[must_use]
    pub fn part(&self) -> &Arc<PolicyPart> {
        &self.part
    }

    /// Returns the policy's models, in the order in which it declares them.
    #[must_use]
    pub fn models(&self) -> &[Arc<ModelPart>] {
        &self.models
    }

    /// Returns the files of the policy's lists and lookups, lists first, in the order
    /// in which it declares them.
    #[must_use]
    pub fn files(&self) -> &[Arc<DataPart>] {
        &self.files
    }

    /// Returns the policies that the policy asks, in the order in which it declares
    /// them: those of its release.
    #[must_use]
    pub fn asked(&self) -> &[Arc<ReleasedPolicy>] {
        &self.asked
    }

    pub(crate) fn program(&self) -> &Program {
        &self.part.program
    }
}
