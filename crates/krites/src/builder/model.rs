//! A model on its way into a release: loaded, with what stands beside it.

use std::sync::Arc;

use krites_lang::ModelProblem;
use krites_model::Model;

use crate::beside;
use crate::error::Refusal;
use crate::loader::{Loader, interface};
use crate::modules::Modules;
use crate::part::{Fingerprint, ModelPart};

/// A model on its way into a release
#[derive(Clone, Debug)]
pub(super) enum Given {
    Bytes(Vec<u8>),
    Part(Arc<ModelPart>),
    /// A model of the host's, with the hash of what it gave as its content
    Host {
        model: Arc<dyn Model>,
        hash: Fingerprint,
        /// The part of the same content
        before: Option<Arc<ModelPart>>,
    },
    /// What reading it said
    Unreadable(String),
}

/// What a model is made of
enum Source {
    Bytes(Vec<u8>),
    Model(Arc<dyn Model>),
}

/// Loads a model with what stands beside it, and asks it its golden vectors.
pub(super) fn load_model(
    loader: &Loader,
    files: &Modules,
    file: &str,
    given: Given,
) -> Result<Arc<ModelPart>, Refusal> {
    let found = beside::Found::of(file, files)?;
    let (hash, before, source) = match given {
        Given::Bytes(bytes) => (Fingerprint::of(&bytes), None, Source::Bytes(bytes)),
        Given::Part(part) if found.is_in(&part.beside) => return Ok(part),
        Given::Part(part) => {
            let model = Source::Model(part.model.clone());
            (part.hash, Some(part), model)
        }
        Given::Host {
            model,
            hash,
            before,
        } => (hash, before, Source::Model(model)),
        Given::Unreadable(problem) => {
            return Err(Refusal::Model(ModelProblem {
                headline: format!("the model `{file}` cannot be read: {problem}"),
                node: None,
                help: "put the file beside the policy, under the name that the policy gives"
                    .to_owned(),
            }));
        }
    };
    // A card of another model is told before the bytes are taken apart.
    let carded = found.carded(before.as_ref().map(|part| &part.beside), hash)?;
    let (model, loaded) = match source {
        Source::Bytes(bytes) => {
            let loaded = loader.load(file, &bytes)?;
            (loaded.model.clone(), Some(loaded))
        }
        Source::Model(model) => (model, None),
    };
    let beside = carded.read(model.signature())?;
    let before = before.filter(|part| Arc::ptr_eq(&part.model, &model));
    let is_proven = |part: &Arc<ModelPart>| part.beside.proves_as(&beside);
    if !before.as_ref().is_some_and(is_proven) {
        beside.prove(&*model)?;
    }
    if let (Some(loaded), Some(golden)) = (loaded, beside.golden()) {
        loaded.try_batches(golden.inputs());
    }
    Ok(Arc::new(ModelPart {
        file: file.to_owned(),
        hash,
        interface: interface(model.signature(), &beside),
        model,
        beside,
        faults: before.map_or_else(Arc::default, |part| part.faults.clone()),
    }))
}
