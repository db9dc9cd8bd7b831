//! A model's file and its card outside of any release.

use std::num::NonZeroUsize;
use std::path::Path;

use krites_lang::ModuleProblem;
use krites_model::{InputRows, Signature};

use super::card::{MAX_CARD_BYTES, ModelCard, graph_names};
use super::error::BesideError;
use super::names::{Column, Columns};
use super::table::Reading;
use super::{is_of, stem, unreadable};
use crate::folder;
use crate::part::Fingerprint;

/// A card in a folder
#[derive(Debug)]
pub(crate) struct CardAt {
    path: String,
    card: ModelCard,
}

impl CardAt {
    /// The card, held against the model's signature, which gets its names of columns.
    pub(crate) fn of(self, signature: &mut Signature) -> Result<ModelCard, BesideError> {
        let names = self.card.names(&self.path, signature)?;
        let columns = Columns::inputs(signature, &names);
        self.card.stated(&self.path, &columns)?;
        for (input, names) in signature.inputs.iter_mut().zip(names) {
            input.columns = names;
        }
        Ok(self.card)
    }
}

/// Reads the card beside a model's file, where there is one.
pub(crate) fn card_at(model: &Path, hash: Fingerprint) -> Result<Option<CardAt>, BesideError> {
    let name = model.file_name().unwrap_or_default().to_string_lossy();
    let name = format!("{}.card.json", stem(&name));
    let path = model.with_file_name(&name);
    let root = folder::root_of(model);
    if let Ok(false) = folder::is_there(&root, &name) {
        return Ok(None);
    }
    let shown = path.display().to_string();
    let bytes = folder::read_up_to(&path, MAX_CARD_BYTES).map_err(|error| {
        let why = error.to_string();
        BesideError::of(&shown, unreadable(&ModuleProblem::Unreadable { why }))
    })?;
    let card = ModelCard::read(&shown, &bytes)?;
    is_of(&card, &shown, hash)?;
    let path = shown;
    Ok(Some(CardAt { path, card }))
}

/// Rows of a model's inputs out of any file
#[derive(Debug)]
pub(crate) struct FileRows {
    pub(crate) columns: Vec<Column>,
    pub(crate) inputs: InputRows,
    pub(crate) lines: Vec<u64>,
    pub(crate) passed_over: Vec<String>,
}

impl FileRows {
    /// Reads the first rows of a file; columns that the model has not are passed over.
    pub(crate) fn read(
        path: &str,
        bytes: &[u8],
        signature: &Signature,
        card: Option<&CardAt>,
        first: Option<NonZeroUsize>,
    ) -> Result<Self, BesideError> {
        let names = match card {
            Some(card) => card.card.names(&card.path, signature)?,
            None => graph_names(signature),
        };
        let columns = Columns::inputs(signature, &names);
        let reading = Reading {
            path,
            signature,
            inputs: &columns,
            outputs: None,
            passes_over: true,
            first: first.map(NonZeroUsize::get),
        };
        let read = reading.read(bytes)?;
        Ok(Self {
            columns: columns.all().to_vec(),
            inputs: read.inputs,
            lines: read.lines,
            passed_over: read.passed_over,
        })
    }
}
