//! Lookups and lists from files: loaded once for each content and declaration, and
//! shared by the policies and releases that have both the same.

use std::collections::BTreeMap;
use std::sync::Arc;

use krites_lang::ir::{FileTable, Policy};
use krites_lang::{
    Data, Diagnostic, KeyTable, ModuleProblem, Span, declared_at, file_not_there, file_unreadable,
};

use crate::modules::Modules;
use crate::part::{DataPart, Fingerprint};

/// What was loaded of files, by what is declared of them
pub(crate) type Loaded = BTreeMap<FileTable, Arc<DataPart>>;

/// Loads the files that policies name
pub(crate) struct Loader<'a> {
    files: &'a Modules,
    /// Parts of the release before
    base: &'a Loaded,
    /// What was loaded for this release
    pub(crate) loaded: Loaded,
    /// Mistakes of files that were looked at, so that none is read twice
    wrong: BTreeMap<FileTable, Vec<Diagnostic>>,
}

impl<'a> Loader<'a> {
    pub(crate) fn new(files: &'a Modules, base: &'a Loaded) -> Self {
        Self {
            files,
            base,
            loaded: Loaded::new(),
            wrong: BTreeMap::new(),
        }
    }

    /// Loads what a policy names: its parts in the order of the policy, or what is
    /// wrong with them.
    pub(crate) fn load(
        &mut self,
        policy: &Policy,
    ) -> Result<(Vec<Arc<DataPart>>, Data), Vec<Diagnostic>> {
        let mut parts = Vec::new();
        let mut mistakes = Vec::new();
        policy.each_file(&mut |declared, span| match self.part(declared, span) {
            Ok(part) => parts.push(part),
            Err(found) => mistakes.extend(declared_at(found, span)),
        });
        if !mistakes.is_empty() {
            return Err(mistakes);
        }
        let table = |declared: &FileTable| Some(self.loaded.get(declared)?.table.clone());
        let data = Data::of(policy, table);
        let mistakes = data.check(policy);
        match mistakes.is_empty() {
            true => Ok((parts, data)),
            false => Err(mistakes),
        }
    }

    fn part(&mut self, declared: &FileTable, span: Span) -> Result<Arc<DataPart>, Vec<Diagnostic>> {
        if let Some(known) = self.loaded.get(declared) {
            return Ok(known.clone());
        }
        if let Some(found) = self.wrong.get(declared) {
            return Err(found.clone());
        }
        let before = self.base.get(declared);
        let part = match (self.files.content(&declared.path), before) {
            (Some(Ok((_, hash))), Some(before)) if before.hash == hash => before.clone(),
            (Some(Ok((bytes, hash))), _) => match KeyTable::load(declared, bytes) {
                Ok(table) => Arc::new(DataPart {
                    hash,
                    table: Arc::new(table),
                }),
                Err(found) => {
                    self.wrong.insert(declared.clone(), found.clone());
                    return Err(found);
                }
            },
            // A release keeps what it loaded, and not the file
            (None, Some(before)) => before.clone(),
            (other, None) => return Err(vec![self.not_given(declared, other, span)]),
            (Some(Err(problem)), Some(_)) => {
                return Err(vec![self.not_given(declared, Some(Err(problem)), span)]);
            }
        };
        self.loaded.insert(declared.clone(), part.clone());
        Ok(part)
    }

    fn not_given(
        &self,
        declared: &FileTable,
        found: Option<Result<(&[u8], Fingerprint), &ModuleProblem>>,
        span: Span,
    ) -> Diagnostic {
        let path = &declared.path;
        match found {
            Some(Err(ModuleProblem::NotThere { known })) => file_not_there(path, known, span),
            Some(Err(ModuleProblem::Unreadable { why })) => file_unreadable(path, why, span),
            _ if self.base.keys().any(|known| known.path == *path) => {
                let why = "it was loaded by another declaration, and is needed once more";
                file_unreadable(path, why, span)
            }
            _ => file_not_there(path, &self.files.paths(), span),
        }
    }
}
