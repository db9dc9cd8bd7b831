//! A model file by itself, before a policy names it: what it takes and gives,
//! what it is made of, and what would run it.

use std::num::NonZeroUsize;
use std::path::Path;

use krites_model::{Contents, Model as _, NotNative, Signature, native_operators};

use crate::beside::{self, ModelCard};
use crate::error::{LoadError, LoadErrorKind};
use crate::folder::{self, MAX_MODEL_BYTES};
use crate::loader::{self, Loader};
use crate::part::Fingerprint;

/// What a model file holds, and what would run it
#[derive(Debug)]
pub struct ModelReport {
    /// Size of the file
    pub bytes: usize,
    /// What the model takes and gives, with the names of columns that its card has
    pub signature: Signature,
    /// What the file holds
    pub contents: Contents,
    /// What would run it
    pub backend: ReportedBackend,
    /// Hash of the file, as cards and records have it
    pub hash: Fingerprint,
    /// The card beside it, where there is one, or what is wrong with it
    pub card: Option<Result<ModelCard, LoadError>>,
}

/// What would run a model
#[derive(Debug)]
pub enum ReportedBackend {
    /// Krites itself
    Native,
    /// The ONNX Runtime library
    OnnxRuntime {
        /// What of the model is outside of the native table
        why: NotNative,
        /// The library with its version, as records name it, or why it cannot
        /// run the model here
        loaded: Result<String, LoadError>,
    },
}

impl ModelReport {
    /// Reads a model file, and loads it as a release would.
    ///
    /// # Errors
    ///
    /// [`LoadErrorKind::Unreadable`] where there is no such file,
    /// [`LoadErrorKind::Model`] where it is no model that any backend should
    /// run. That ONNX Runtime is needed and does not run it stands in the
    /// report.
    pub fn from_path(path: impl AsRef<Path>) -> Result<Self, LoadError> {
        let path = path.as_ref();
        let bytes = folder::read_up_to(path, MAX_MODEL_BYTES).map_err(|source| {
            LoadErrorKind::Unreadable {
                path: path.to_owned(),
                source,
            }
        })?;
        let file = path.display().to_string();
        let (parsed, native) = loader::parse(&file, &bytes)?;
        let (mut signature, backend) = match native {
            Ok(model) => (model.signature().clone(), ReportedBackend::Native),
            Err(why) => {
                let loader = Loader {
                    workers: NonZeroUsize::MIN,
                    runtime: None,
                    stated_only: false,
                };
                let loaded = loader.foreign(&file, &bytes, parsed.signature(), &why);
                let loaded = loaded.map(|loaded| loaded.model.backend().to_owned());
                let loaded = loaded.map_err(LoadError::from);
                let backend = ReportedBackend::OnnxRuntime { why, loaded };
                (parsed.signature().clone(), backend)
            }
        };
        let hash = Fingerprint::of(&bytes);
        let card = beside::card_at(path, hash)
            .and_then(|card| card.map(|card| card.of(&mut signature)).transpose())
            .map_err(LoadError::from)
            .transpose();
        Ok(Self {
            bytes: bytes.len(),
            signature,
            contents: parsed.contents().clone(),
            backend,
            hash,
            card,
        })
    }

    /// Tells whether an operator is outside of the native table; one inside may
    /// still be used in a way that is not.
    #[must_use]
    pub fn is_outside(operator: &str) -> bool {
        native_operators().all(|native| native != operator)
    }
}
