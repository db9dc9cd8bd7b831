//! The files that a policy uses: asked of the caller by their paths, each once.
//! Invariant: no I/O; a path that leads out of the release's folder is asked of
//! nobody.

mod class_names;
mod problem;
mod sheets;

use std::collections::HashMap;

use crate::ast::{self, Item, Module, UseDecl};
use crate::parse::{FileKind, file, parse, refused};
use crate::{
    Code, Diagnostic, MAX_MODULES, Place, Sheet, SheetProblem, SourceId, Sources, Span,
    source_from_bytes,
};
pub(crate) use problem::meant;
use problem::{not_given, outside};

pub(crate) const NO_SUCH_FILE: Code = Code(220);
const CYCLE_OF_FILES: Code = Code(224);
const TOO_MANY_FILES: Code = Code(228);

/// Where the files come from that policies use
pub trait ModuleSource {
    /// Returns a file by its path below the release's folder: names joined by
    /// `/`, none of them `.` or `..`.
    ///
    /// # Errors
    ///
    /// [`ModuleProblem`] where there is no such file, or it cannot be read.
    fn module(&self, path: &str) -> Result<ModuleText, ModuleProblem>;

    /// Returns the cells of a file that an item of a policy stands in, of the sheet
    /// `name` where one is named; `path` as with [`ModuleSource::module`].
    ///
    /// # Errors
    ///
    /// [`SheetProblem`] where there is no such file or sheet, or it cannot be read.
    fn sheet(&self, path: &str, name: Option<&str>) -> Result<Sheet, SheetProblem> {
        let _ = (path, name);
        Err(SheetProblem::NotThere { known: Vec::new() })
    }
}

/// A file that was asked for
#[derive(Clone, Debug)]
pub struct ModuleText {
    /// The name that diagnostics show
    pub shown: String,
    /// What it holds
    pub bytes: Vec<u8>,
}

/// Why a file is not given
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ModuleProblem {
    /// There is none of this path
    NotThere {
        /// Paths of those there are
        known: Vec<String>,
    },
    /// It is there, and cannot be read
    Unreadable {
        /// Why not, in words that go on a sentence: `it is a folder`
        why: String,
    },
}

/// For policies that stand alone: there are no other files
#[derive(Clone, Copy, Debug, Default)]
pub struct NoModules;

impl ModuleSource for NoModules {
    fn module(&self, _: &str) -> Result<ModuleText, ModuleProblem> {
        let known = Vec::new();
        Err(ModuleProblem::NotThere { known })
    }
}

/// Parses a policy file and all files that it uses, by way of others too, and fills
/// its items that stand in files.
///
/// The files are added to `sources`; whatever is wrong with one of them is added
/// to `diagnostics`, file by file. Otherwise as [`parse`].
pub fn parse_with_modules(
    sources: &mut Sources,
    source: SourceId,
    modules: &dyn ModuleSource,
    diagnostics: &mut Vec<Diagnostic>,
) -> ast::File {
    let mut file = parse(sources, source, diagnostics);
    let mut reader = Reader {
        sources,
        given: modules,
        diagnostics,
        seen: HashMap::new(),
        trail: Vec::new(),
        done: Vec::new(),
    };
    reader.read(&file.items);
    file.class_names = reader.class_names(&file.items);
    file.modules = reader.done;
    sheets::read(sources, &mut file, modules, diagnostics);
    file
}

/// How far a file is read
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// Files that it uses are being read
    OnTrail,
    Done,
}

/// One `use` of a file
#[derive(Clone)]
struct Use {
    path: String,
    span: Span,
}

/// A file on the way from the policy to the one at hand
struct Visit {
    module: Module,
    /// Where the file before it uses it
    span: Span,
    uses: std::vec::IntoIter<Use>,
}

struct Reader<'a> {
    sources: &'a mut Sources,
    given: &'a dyn ModuleSource,
    diagnostics: &'a mut Vec<Diagnostic>,
    seen: HashMap<String, Mark>,
    trail: Vec<Visit>,
    done: Vec<Module>,
}

impl Reader<'_> {
    /// Reads what the policy uses, depth first and without recursion.
    fn read(&mut self, policy: &[Item]) {
        let mut own = uses(policy).into_iter();
        loop {
            let next = match self.trail.last_mut() {
                Some(visit) => visit.uses.next(),
                None => match own.next() {
                    Some(next) => Some(next),
                    None => return,
                },
            };
            match next {
                Some(next) => self.visit(next),
                None => {
                    if let Some(visit) = self.trail.pop() {
                        self.seen.insert(visit.module.path.clone(), Mark::Done);
                        self.done.push(visit.module);
                    }
                }
            }
        }
    }

    fn visit(&mut self, used: Use) {
        match self.seen.get(&used.path) {
            Some(Mark::Done) => {}
            Some(Mark::OnTrail) => self.report_cycle(&used),
            None => {
                if self.seen.len() == MAX_MODULES {
                    self.report_too_many(&used);
                }
                let module = if self.seen.len() < MAX_MODULES {
                    self.fetch(&used)
                } else {
                    Err(())
                };
                self.seen.insert(used.path.clone(), Mark::OnTrail);
                let module = module.unwrap_or_else(|()| {
                    // What it would have declared is not known
                    let source = self.sources.add(used.path.as_str(), "");
                    Module {
                        path: used.path,
                        source,
                        items: refused(source, 0).items,
                    }
                });
                self.trail.push(Visit {
                    uses: uses(&module.items).into_iter(),
                    module,
                    span: used.span,
                });
            }
        }
    }

    /// Asks for a file and parses it; reports one that is not to be had.
    fn fetch(&mut self, used: &Use) -> Result<Module, ()> {
        if let Some(diagnostic) = outside(&used.path, used.span) {
            self.diagnostics.push(diagnostic);
            return Err(());
        }
        let text = self.given.module(&used.path).map_err(|problem| {
            self.diagnostics
                .push(not_given(&used.path, used.span, &problem));
        })?;
        let first = self.diagnostics.len();
        let read = source_from_bytes(self.sources, &text.shown, text.bytes);
        let (source, items) = match read {
            Ok(source) => {
                let read = file(self.sources, source, FileKind::Module, self.diagnostics);
                (source, read.items)
            }
            Err((source, diagnostic)) => {
                self.diagnostics.push(diagnostic);
                (source, refused(source, 0).items)
            }
        };
        // What the file as a whole is wrong about is shown with who wants it.
        for found in self.diagnostics.iter_mut().skip(first) {
            if matches!(found.code.0, 1..=3 | 222) {
                let place = Place::Text(used.span);
                found.evidence.push(crate::Label {
                    place,
                    text: "its names are used here".to_owned(),
                });
            }
        }
        Ok(Module {
            path: used.path.clone(),
            source,
            items,
        })
    }

    fn report_cycle(&mut self, used: &Use) {
        let from = self
            .trail
            .iter()
            .position(|visit| visit.module.path == used.path)
            .unwrap_or(0);
        let mut diagnostic = Diagnostic::error(
            CYCLE_OF_FILES,
            format!("the file `{}` needs itself", used.path),
            used.span,
        )
        .label(format!("needs `{}` again", used.path));
        for visit in self.trail.iter().skip(from + 1) {
            diagnostic =
                diagnostic.evidence(visit.span, format!("by way of `{}`", visit.module.path));
        }
        self.diagnostics.push(
            diagnostic.help("move what both need into a third file, and `use` it from there"),
        );
    }

    fn report_too_many(&mut self, used: &Use) {
        self.diagnostics.push(
            Diagnostic::error(
                TOO_MANY_FILES,
                format!("the policy uses more than {MAX_MODULES} files"),
                used.span,
            )
            .label("one more")
            .help("put what belongs together into one file"),
        );
    }
}

fn uses(items: &[Item]) -> Vec<Use> {
    let used = items.iter().filter_map(|item| match item {
        Item::Use(UseDecl { from, .. }) => Some(Use {
            path: from.text.clone(),
            span: from.span,
        }),
        _ => None,
    });
    used.collect()
}
