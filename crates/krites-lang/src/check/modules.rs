//! Names by file: each file sees what it declares and what it brings in from
//! others by `use`.

use std::cell::Cell;

use super::names::{Meaning, Names};
use super::{Checker, codes};
use crate::ast::{self, UseDecl};
use crate::ids::EnumId;
use crate::module::NO_SUCH_FILE;
use crate::{Diagnostic, Place, Severity, SourceId, Span};

/// A name that `use` brings in
pub(super) struct Brought<'a> {
    /// Where `use` names it
    span: Span,
    from: &'a str,
    used: Cell<bool>,
}

impl Names<'_> {
    /// Counts a name that was looked up and found at `declared` as used.
    pub(super) fn count_use(&self, name: &str, declared: Span) {
        if declared.source != self.source
            && let Some(brought) = self.brought.get(name)
        {
            brought.used.set(true);
        }
    }
}

impl<'a> Checker<'a> {
    /// Works among the names of the file `source`: for items of another file than
    /// the one at hand.
    pub(super) fn within<T>(&mut self, source: SourceId, work: impl FnOnce(&mut Self) -> T) -> T {
        let before = self.names.source;
        self.enter(source);
        let result = work(self);
        self.enter(before);
        result
    }

    fn enter(&mut self, source: SourceId) {
        if let Some(names) = self.away.remove(&source) {
            let left = std::mem::replace(&mut self.names, names);
            self.away.insert(left.source, left);
        }
    }

    /// Declares what the files hold that the policy uses.
    pub(super) fn declare_modules(&mut self, file: &'a ast::File) {
        // Each comes behind those that it uses itself.
        for module in &file.modules {
            let names = Names::new(module.source, &module.items);
            self.away.insert(module.source, names);
            self.within(module.source, Self::declare_shared);
        }
    }

    /// Brings in what a `use` names; reports what its file does not declare.
    pub(super) fn bring_in(&mut self, decl: &'a UseDecl) {
        let Some(module) = self.modules.get(decl.from.text.as_str()).copied() else {
            self.report(
                Diagnostic::error(
                    NO_SUCH_FILE,
                    format!("there is no file `{}` here", decl.from.text),
                    decl.from.span,
                )
                .help("hand in the file with the policy, or write its items into this one"),
            );
            decl.names.iter().for_each(|name| self.bring_broken(name));
            return;
        };
        for name in &decl.names {
            if let Some(before) = self.names.brought.get(name.text.as_str()) {
                let diagnostic = brought_twice(name, &decl.from.text, before);
                self.report(diagnostic);
                continue;
            }
            let brought = Brought {
                span: name.span,
                from: &decl.from.text,
                used: Cell::new(false),
            };
            self.names.brought.insert(&name.text, brought);
            self.bring(name, module);
        }
    }

    fn bring(&mut self, name: &'a ast::Name, module: &'a ast::Module) {
        let Some(from) = self.away.get(&module.source) else {
            // It uses this file in turn, which is reported.
            return self.bring_broken(name);
        };
        let meaning = from.own(&name.text);
        let reason = from
            .reasons
            .get(name.text.as_str())
            .map(|reason| reason.decl)
            .filter(|decl| decl.code.span.source == module.source);
        if meaning.is_none() && reason.is_none() {
            if !from.unread && !from.lost.contains(name.text.as_str()) {
                self.report_not_in_file(name, module);
            }
            return self.bring_broken(name);
        }
        if let Some((meaning, span)) = meaning {
            if meaning == Meaning::Broken {
                return self.bring_broken(name);
            }
            let _ = self.names.insert(&name.text, meaning, span);
            if let Meaning::Enum(id) = meaning {
                self.own_labels(id);
            }
        }
        if let Some(decl) = reason {
            self.declare_reason(decl);
        }
    }

    /// Brings in a name whose meaning is not known: its uses are no errors.
    fn bring_broken(&mut self, name: &'a ast::Name) {
        let _ = self.names.insert(&name.text, Meaning::Broken, name.span);
        self.names.unread_enums = true;
        if let Some(brought) = self.names.brought.get(name.text.as_str()) {
            brought.used.set(true);
        }
    }

    fn report_not_in_file(&mut self, name: &ast::Name, module: &ast::Module) {
        let path = &module.path;
        let Some(from) = self.away.get(&module.source) else {
            return;
        };
        let brought = from.brought.get(name.text.as_str());
        let owner = from.label_owners.get(name.text.as_str());
        let help = if let Some(brought) = brought {
            format!(
                "it brings `{}` in from another file: `use {} from \"{}\"`",
                name.text, name.text, brought.from
            )
            .into()
        } else if let Some(owner) = owner.map(|owner| &self.enums[*owner].name) {
            format!(
                "it is a label of `{owner}`, with which it comes: `use {owner} from \"{path}\"`"
            )
            .into()
        } else {
            let own = |span: Span| span.source == from.source;
            let mut known: Vec<&str> = from
                .reasons
                .values()
                .map(|reason| &reason.decl.code)
                .filter(|code| own(code.span))
                .map(|code| code.text.as_str())
                .chain(
                    from.below("")
                        .filter(|(.., span)| own(*span))
                        .map(|(name, ..)| name),
                )
                .collect();
            known.sort_unstable();
            match self.close(&name.text, known) {
                Some(close) => close.meant(),
                None => format!(
                    "declare it there, or remove it here: nothing in the file is called `{}`",
                    name.text
                )
                .into(),
            }
        };
        self.report(
            Diagnostic::error(
                codes::NOT_IN_FILE,
                format!("`{path}` does not declare `{}`", name.text),
                name.span,
            )
            .help(help),
        );
    }

    /// Reports a name that the file at hand brings in and declares as well.
    pub(super) fn report_also_brought(&mut self, name: &str, declared: Span) {
        let mut diagnostic = Diagnostic::error(
            codes::BROUGHT_AND_DECLARED,
            format!("`{name}` is brought in from another file, and declared here too"),
            declared,
        )
        .label("declared here");
        if let Some(brought) = self.names.brought.get(name) {
            diagnostic = diagnostic.evidence(
                brought.span,
                format!("brought in from `{}` here", brought.from),
            );
        }
        self.report(diagnostic.help("remove one of the two, or give this one another name"));
    }

    /// Returns text to paste where another file declares what is missing here.
    pub(super) fn elsewhere(&self, name: &str) -> Option<String> {
        let declares = |module: &&ast::Module| {
            self.away
                .get(&module.source)
                .is_some_and(|names| names.own(name).is_some() || names.reasons.contains_key(name))
        };
        let module = self.file.modules.iter().find(declares)?;
        Some(format!(
            "bring it in: `use {name} from \"{}\"`",
            module.path
        ))
    }

    /// Tells from which file an enum comes, where several have one of its name.
    pub(super) fn file_of_enum(&self, id: EnumId) -> String {
        let name = &self.enums[id].name;
        let alike = self.enums.iter().filter(|found| found.name == *name);
        let source = self.enum_span(id).map(|span| span.source);
        if alike.count() == 1 {
            return String::new();
        }
        let modules = &mut self.file.modules.iter();
        match modules.find(|module| Some(module.source) == source) {
            Some(module) => format!(" of `{}`", module.path),
            None => " of this policy".to_owned(),
        }
    }

    /// Reports names that are brought in for nothing, in files without another
    /// mistake: what could not be read may use them.
    pub(super) fn report_unused(&mut self) {
        let mut files: Vec<&Names<'a>> = self.away.values().collect();
        files.push(&self.names);
        let mut found = Vec::new();
        for names in files.into_iter().filter(|names| !names.brought.is_empty()) {
            let mistaken = self.diagnostics.iter().any(|found| {
                found.severity == Severity::Error
                    && matches!(&found.primary.place, Place::Text(span) if span.source == names.source)
            });
            if mistaken {
                continue;
            }
            let unused = names.brought.iter().filter(|(_, name)| !name.used.get());
            found.extend(unused.map(|(name, brought)| never_used(name, brought)));
        }
        self.diagnostics.extend(found);
    }
}

fn brought_twice(name: &ast::Name, from: &str, before: &Brought<'_>) -> Diagnostic {
    let headline = format!("`{}` is brought in twice", name.text);
    let help = if before.from == from {
        "remove one of them"
    } else {
        "remove one of them: two files cannot give one name to a third"
    };
    Diagnostic::error(codes::BROUGHT_TWICE, headline, name.span)
        .label("again here")
        .evidence(before.span, format!("first from `{}`", before.from))
        .help(help)
}

fn never_used(name: &str, brought: &Brought<'_>) -> Diagnostic {
    let headline = format!("`{name}` is brought in, and nothing here uses it");
    Diagnostic::error(codes::NEVER_USED, headline, brought.span)
        .help(format!("remove `{name}` from this `use`"))
}
