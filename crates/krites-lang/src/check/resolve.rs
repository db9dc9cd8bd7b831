//! What a path in an expression stands for, and what was meant by one that stands for
//! nothing.

use super::foreign::written_here;
use super::names::Meaning;
use super::scope::Seen;
use super::{Checker, Env, codes};
use crate::ast;
use crate::diagnostic::{Near, near};
use crate::ir::Value;
use crate::{Diagnostic, Help, Span};

/// Behind how many diagnostics nothing is suggested: a suggestion looks at every
/// name of the file
const MAX_SUGGESTED: usize = 200;

impl Checker<'_> {
    /// Finds what a path in an expression stands for; reports it where nothing.
    pub(super) fn resolve(&mut self, path: &ast::Path, env: &Env) -> Option<(Meaning, Span)> {
        let found = match self.seen(&path.text) {
            Seen::Here(Meaning::Broken, _) => return None,
            Seen::Here(meaning, span) => return Some((meaning, span)),
            Seen::Nothing if self.names.get(&path.text).is_some() => {
                self.not_seen(path);
                return None;
            }
            Seen::Nothing => None,
            Seen::Outside => self
                .names
                .get(&path.text)
                .or_else(|| self.broken_prefix(&path.text, path.span)),
        };
        match found {
            Some((Meaning::Value(Value::Outcome | Value::Decided(_)), span))
                if !env.after_decide =>
            {
                self.report(
                    Diagnostic::error(
                        codes::OUTCOME_TOO_EARLY,
                        format!("`{}` is not decided yet where this is computed", path.text),
                        path.span,
                    )
                    .evidence(span, "it is decided here")
                    .help("read it in `output` only; inside `decide`, write `stop once …`"),
                );
                None
            }
            Some((Meaning::Broken, _)) => None,
            Some((meaning, span)) if self.is_hidden(meaning, env) => {
                self.read_in_shadow(&path.text, path.span, span);
                None
            }
            Some(found) => Some(found),
            None => {
                if !self.unknown_of_elements(path) && !self.reports_column_without_key(path) {
                    self.unknown(path);
                }
                None
            }
        }
    }

    /// Reports a name that a function does not see.
    pub(super) fn not_seen(&mut self, path: &ast::Path) {
        self.report(
            Diagnostic::error(
                codes::FUNCTION_SEES_PARAMETERS,
                format!("a function does not see `{}`", path.text),
                path.span,
            )
            .help("a function computes with its parameters alone: add one, and hand it in as an argument"),
        );
    }

    /// Tells whether a name stands for, or below, what could not be read.
    pub(super) fn is_broken(&self, path: &ast::Path) -> bool {
        matches!(self.names.get(&path.text), Some((Meaning::Broken, _)))
            || self.broken_prefix(&path.text, path.span).is_some()
    }

    /// Tells whether a name stands below what could not be read.
    pub(super) fn is_below_broken(&self, name: &str, span: Span) -> bool {
        self.broken_prefix(name, span).is_some()
    }

    /// A name below something that could not be read is not reported again.
    fn broken_prefix(&self, path: &str, span: Span) -> Option<(Meaning, Span)> {
        let mut prefix = path;
        while let Some((shorter, _)) = prefix.rsplit_once('.') {
            if let Some((Meaning::Broken, _)) = self.names.get(shorter) {
                return Some((Meaning::Broken, span));
            }
            prefix = shorter;
        }
        None
    }

    fn unknown(&mut self, path: &ast::Path) {
        // An item that could not be read may have declared it, an enum as a label.
        if self.names.unread || (!path.text.contains('.') && self.names.unread_enums) {
            return;
        }
        let function = self.function_names();
        let here: Vec<&str> = match function {
            Some(names) => names.keys().map(String::as_str).collect(),
            None => self.element_names().chain(self.names.values()).collect(),
        };
        let close = self.close(&path.text, here);
        let close = close.map(|near| (near.name.to_owned(), near.meant()));
        let mut diagnostic = Diagnostic::error(
            codes::UNKNOWN_NAME,
            format!("`{}` is not declared", path.text),
            path.span,
        );
        let alone = self.label_alone(&path.text);
        if let Some(label) = self.label_of_enum(&path.text) {
            diagnostic = diagnostic.help(Help::certain(
                format!("write the label alone: `{label}`"),
                label,
            ));
        } else if let Some(written) = written_here(&path.text) {
            diagnostic = diagnostic.help(Help::write(written));
        } else if let Some(compare) = alone {
            diagnostic = diagnostic.help(compare);
        } else if let Some((close, meant)) = close {
            let declared = match function {
                Some(names) => names.get(&close).map(|(_, span)| *span),
                None => self.names.get(&close).map(|(_, span)| span),
            };
            diagnostic = match declared {
                Some(span) => diagnostic.evidence(span, format!("`{close}` is declared here")),
                None => diagnostic,
            };
            diagnostic = diagnostic.help(meant);
        } else if self.output_names.contains(path.text.as_str()) {
            diagnostic = Diagnostic::error(
                codes::UNKNOWN_NAME,
                format!("`{}` is an output, which nothing else reads", path.text),
                path.span,
            )
            .help("compute it in `define`, and name it here and in `output`");
        } else if path.text == "each" {
            diagnostic = diagnostic.help(
                "`each` is the element behind `where`; several conditions stand in brackets there: `where (each > 0 and each < 9)`",
            );
        } else if function.is_some() {
            diagnostic = diagnostic.help(format!(
                "make it a parameter, as in `{} : integer`, or compute it before the result",
                path.text
            ));
        } else {
            diagnostic = diagnostic.help(format!(
                "declare it in `input`, as in `{} : integer`, or in `define`",
                path.text
            ));
        }
        self.report(diagnostic);
    }

    /// Returns the candidate that was meant by a name, while the diagnostics are
    /// few enough to be read one by one.
    pub(super) fn close<'n>(
        &self,
        name: &str,
        candidates: impl IntoIterator<Item = &'n str>,
    ) -> Option<Near<'n>> {
        if self.diagnostics.len() > MAX_SUGGESTED {
            return None;
        }
        near(name, candidates)
    }
}
