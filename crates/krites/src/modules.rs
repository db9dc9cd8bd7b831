//! Files of names that policies bring in: from a folder, from the caller, from
//! the release before.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use krites_lang::{ModuleProblem, ModuleSource, ModuleText, ast};

use crate::folder::{self, MAX_POLICY_BYTES, Unread};
use crate::part::Fingerprint;

/// One such file
#[derive(Debug)]
pub(crate) struct ModuleFile {
    /// The name that diagnostics show
    shown: String,
    bytes: Vec<u8>,
    hash: Fingerprint,
}

/// The files that are at hand, by their paths below the release's folder
#[derive(Clone, Debug, Default)]
pub(crate) struct Modules(BTreeMap<String, Result<Arc<ModuleFile>, ModuleProblem>>);

impl Modules {
    /// Adds or replaces a file.
    pub(crate) fn insert(&mut self, path: String, shown: String, bytes: Vec<u8>) {
        let hash = Fingerprint::of(&bytes);
        let file = ModuleFile { shown, bytes, hash };
        self.0.insert(path, Ok(Arc::new(file)));
    }

    /// Without what could not be read.
    pub(crate) fn sound(mut self) -> Self {
        self.0.retain(|_, file| file.is_ok());
        self
    }

    pub(crate) fn hash(&self, path: &str) -> Option<Fingerprint> {
        let file = self.0.get(path)?.as_ref().ok()?;
        Some(file.hash)
    }
}

impl ModuleSource for Modules {
    fn module(&self, path: &str) -> Result<ModuleText, ModuleProblem> {
        match self.0.get(path) {
            Some(Ok(file)) => Ok(ModuleText {
                shown: file.shown.clone(),
                bytes: file.bytes.clone(),
            }),
            Some(Err(problem)) => Err(problem.clone()),
            None => {
                let known = self.0.iter().filter(|(_, file)| file.is_ok());
                Err(ModuleProblem::NotThere {
                    known: known.map(|(path, _)| path.clone()).collect(),
                })
            }
        }
    }
}

/// Reads files below a folder when they are first asked for, and keeps them
pub(crate) struct FolderModules<'a> {
    root: &'a Path,
    read: RefCell<Modules>,
    known: OnceCell<Vec<String>>,
}

impl<'a> FolderModules<'a> {
    pub(crate) fn new(root: &'a Path) -> Self {
        Self {
            root,
            read: RefCell::default(),
            known: OnceCell::new(),
        }
    }

    /// Returns all that was asked for.
    pub(crate) fn into_read(self) -> Modules {
        self.read.into_inner()
    }

    fn problem(&self, unread: Unread) -> ModuleProblem {
        match unread {
            Unread::NotThere => ModuleProblem::NotThere {
                known: self
                    .known
                    .get_or_init(|| folder::files_below(self.root))
                    .clone(),
            },
            Unread::For(why) => ModuleProblem::Unreadable { why },
        }
    }
}

impl ModuleSource for FolderModules<'_> {
    fn module(&self, path: &str) -> Result<ModuleText, ModuleProblem> {
        let mut read = self.read.borrow_mut();
        if !read.0.contains_key(path) {
            match folder::read_inside(self.root, path, MAX_POLICY_BYTES) {
                Ok(bytes) => {
                    let shown = self.root.join(path).display().to_string();
                    read.insert(path.to_owned(), shown, bytes);
                }
                Err(unread) => {
                    let problem = self.problem(unread);
                    read.0.insert(path.to_owned(), Err(problem));
                }
            }
        }
        read.module(path)
    }
}

/// The files that a policy uses, each with the hash of its content, in the order
/// of their paths.
pub(crate) fn used(file: &ast::File, modules: &Modules) -> Vec<(String, Fingerprint)> {
    let hashed = file.modules.iter().filter_map(|module| {
        let hash = modules.hash(&module.path)?;
        Some((module.path.clone(), hash))
    });
    let mut used: Vec<(String, Fingerprint)> = hashed.collect();
    used.sort();
    used
}

/// The hash of a policy's text and of the files that it uses. Lengths stand before
/// paths, so that no two lists of files write the same bytes.
pub(crate) fn hash_with(text: Fingerprint, used: &[(String, Fingerprint)]) -> Fingerprint {
    if used.is_empty() {
        return text;
    }
    let mut hasher = blake3::Hasher::new();
    hasher.update(text.as_bytes());
    for (path, hash) in used {
        hasher.update(&(path.len() as u64).to_le_bytes());
        hasher.update(path.as_bytes());
        hasher.update(hash.as_bytes());
    }
    hasher.into()
}
