//! Files that policies use: names that they bring in, tables that they stand in;
//! from a folder, from the caller, from the release before.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use krites_lang::{
    MAX_SHEET_BYTES, ModuleProblem, ModuleSource, ModuleText, Sheet, SheetLimit, SheetProblem, ast,
};

use crate::content::Content;
use crate::folder::{self, MAX_POLICY_BYTES, Unread};
use crate::part::Fingerprint;
use crate::sheets;

/// One such file
#[derive(Debug)]
pub(crate) struct ModuleFile {
    /// The name that diagnostics show
    shown: String,
    content: Content,
    hash: Fingerprint,
}

/// The files that are at hand, by their paths below the release's folder
#[derive(Clone, Debug, Default)]
pub(crate) struct Modules(BTreeMap<String, Result<Arc<ModuleFile>, ModuleProblem>>);

impl Modules {
    /// Adds or replaces a file.
    pub(crate) fn insert(&mut self, path: String, shown: String, bytes: Vec<u8>) {
        let hash = Fingerprint::of(&bytes);
        let content = Content::Plain(bytes);
        let file = ModuleFile {
            shown,
            content,
            hash,
        };
        self.0.insert(path, Ok(Arc::new(file)));
    }

    /// Without what could not be read.
    pub(crate) fn sound(mut self) -> Self {
        self.0.retain(|_, file| file.is_ok());
        self
    }

    /// A file's bytes with their hash; `None` where nothing is known of it.
    pub(crate) fn content(
        &self,
        path: &str,
    ) -> Option<Result<(&[u8], Fingerprint), &ModuleProblem>> {
        let file = self.0.get(path)?.as_ref();
        Some(file.map(|file| (file.content.held(), file.hash)))
    }

    /// Keeps large files in fewer bytes: those that policies are made of are needed again
    /// only where one of these is made anew.
    pub(crate) fn deflate(&mut self) {
        for file in self.0.values_mut().flatten() {
            if let Some(content) = file.content.deflated() {
                *file = Arc::new(ModuleFile {
                    shown: file.shown.clone(),
                    content,
                    hash: file.hash,
                });
            }
        }
    }

    fn not_there(&self) -> ModuleProblem {
        ModuleProblem::NotThere {
            known: self.paths(),
        }
    }

    /// The paths of the files that are at hand.
    pub(crate) fn paths(&self) -> Vec<String> {
        let known = self.0.iter().filter(|(_, file)| file.is_ok());
        known.map(|(path, _)| path.clone()).collect()
    }

    /// Leaves out files of data and those beside models: what is loaded of them is kept
    /// elsewhere.
    pub(crate) fn forget(&mut self, path: &str) {
        self.0.remove(path);
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
                bytes: file.content.bytes().into_owned(),
            }),
            Some(Err(problem)) => Err(problem.clone()),
            None => Err(self.not_there()),
        }
    }

    fn sheet(&self, path: &str, name: Option<&str>) -> Result<Sheet, SheetProblem> {
        match self.0.get(path) {
            Some(Ok(file)) if file.content.len() > MAX_SHEET_BYTES => {
                Err(SheetProblem::Beyond(SheetLimit::Bytes))
            }
            Some(Ok(file)) => sheets::read(path, &file.shown, &file.content.bytes(), name),
            Some(Err(problem)) => Err(sheet_problem(problem.clone())),
            None => Err(sheet_problem(self.not_there())),
        }
    }
}

/// Says why a file is not given where a table stands in it.
fn sheet_problem(problem: ModuleProblem) -> SheetProblem {
    match problem {
        ModuleProblem::NotThere { known } => SheetProblem::NotThere { known },
        ModuleProblem::Unreadable { why } => unreadable(why),
        _ => unreadable(String::new()),
    }
}

fn unreadable(why: String) -> SheetProblem {
    let help = "put a readable file into the release's folder, under this name".to_owned();
    SheetProblem::Unreadable { why, help }
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

impl FolderModules<'_> {
    /// Reads a file where there is one.
    pub(crate) fn fetch_if_there(&self, path: &str, limit: u64) {
        let is_there = |path: &str| !matches!(folder::is_there(self.root, path), Ok(false));
        if is_there(path) {
            self.fetch(path, limit);
        }
    }

    /// Reads a file unless it was read before.
    pub(crate) fn fetch(&self, path: &str, limit: u64) {
        if self.read.borrow().0.contains_key(path) {
            return;
        }
        match folder::read_inside(self.root, path, limit) {
            Ok(bytes) => {
                let shown = self.root.join(path).display().to_string();
                self.read.borrow_mut().insert(path.to_owned(), shown, bytes);
            }
            Err(unread) => {
                let problem = self.problem(unread);
                self.read
                    .borrow_mut()
                    .0
                    .insert(path.to_owned(), Err(problem));
            }
        }
    }
}

impl ModuleSource for FolderModules<'_> {
    fn module(&self, path: &str) -> Result<ModuleText, ModuleProblem> {
        self.fetch(path, MAX_POLICY_BYTES);
        self.read.borrow().module(path)
    }

    /// Fetches the file for the reading to come; this one only finds out what a policy
    /// uses, and looks at no cells.
    fn sheet(&self, path: &str, _: Option<&str>) -> Result<Sheet, SheetProblem> {
        self.fetch(path, MAX_SHEET_BYTES as u64);
        Err(unreadable("not yet".to_owned()))
    }
}

/// The files that a policy uses, each with the hash of its content, in the order
/// of their paths.
pub(crate) fn used(file: &ast::File, modules: &Modules) -> Vec<(String, Fingerprint)> {
    let paths = file.modules.iter().map(|module| &module.path);
    let class_names = file.class_names.iter().map(|names| &names.path);
    let paths = paths.chain(&file.sheets).chain(class_names);
    let hashed = paths.filter_map(|path| {
        let hash = modules.hash(path)?;
        Some((path.clone(), hash))
    });
    let mut used: Vec<(String, Fingerprint)> = hashed.collect();
    used.sort();
    used.dedup();
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
