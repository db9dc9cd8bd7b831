//! What names stand for, and what was meant by one that stands for nothing.

use std::collections::BTreeMap;

use super::codes;
use super::{Checker, Env, Resolved};
use crate::ast;
use crate::ids::{DefinitionId, EnumId, RuleSetId};
use crate::ir::Value;
use crate::{Diagnostic, Span, did_you_mean};

/// What a name stands for
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Something with a value
    Value(Value),
    /// An enum
    Enum(EnumId),
    /// A rule set
    Rules(RuleSetId),
    /// A table, by position
    Table(usize),
    /// A model, by position
    Model(usize),
    /// Columns of a matrix, by position among the items
    Columns(usize),
    /// Something whose declaration could not be read: no follow-on errors
    Broken,
}

/// All names of a policy
#[derive(Default)]
pub(super) struct Names<'a> {
    all: BTreeMap<&'a str, (Meaning, Span)>,
    owned: BTreeMap<String, (Meaning, Span)>,
}

impl<'a> Names<'a> {
    pub(super) fn get(&self, name: &str) -> Option<(Meaning, Span)> {
        self.all.get(name).or_else(|| self.owned.get(name)).copied()
    }

    /// Declares a name; returns where it was declared before.
    pub(super) fn insert(&mut self, name: &'a str, meaning: Meaning, span: Span) -> Option<Span> {
        if let Some((_, before)) = self.get(name) {
            return Some(before);
        }
        self.all.insert(name, (meaning, span));
        None
    }

    /// Declares a name made of others, such as `terms.cap`.
    pub(super) fn insert_owned(
        &mut self,
        name: String,
        meaning: Meaning,
        span: Span,
    ) -> Option<Span> {
        if let Some((_, before)) = self.get(&name) {
            return Some(before);
        }
        self.owned.insert(name, (meaning, span));
        None
    }

    /// Names of values, for "did you mean".
    pub(super) fn values(&self) -> impl Iterator<Item = &str> {
        let borrowed = self.all.iter().map(|(name, (meaning, _))| (*name, meaning));
        let owned = self
            .owned
            .iter()
            .map(|(name, (meaning, _))| (name.as_str(), meaning));
        borrowed
            .chain(owned)
            .filter(|(_, meaning)| matches!(meaning, Meaning::Value(_)))
            .map(|(name, _)| name)
    }

    /// Names for which `wanted` holds.
    pub(super) fn having(&self, wanted: impl Fn(&Meaning) -> bool) -> impl Iterator<Item = &str> {
        let borrowed = self.all.iter().map(|(name, (meaning, _))| (*name, meaning));
        let owned = self
            .owned
            .iter()
            .map(|(name, (meaning, _))| (name.as_str(), meaning));
        borrowed
            .chain(owned)
            .filter(move |(_, meaning)| wanted(meaning))
            .map(|(name, _)| name)
    }
}

impl<'a> Checker<'a> {
    /// Declares a name and reports one that is taken.
    pub(super) fn declare(&mut self, name: &'a str, meaning: Meaning, span: Span) {
        if let Some(before) = self.names.insert(name, meaning, span) {
            if name == "decision_date" {
                self.report_decision_date(span);
            } else {
                self.report_twice(name, span, before);
            }
        }
    }

    /// `decision_date` is declared by no line that could be shown.
    fn report_decision_date(&mut self, span: Span) {
        self.report(
            Diagnostic::error(
                codes::DECLARED_TWICE,
                "`decision_date` is always there: it is the day of the decision",
                span,
            )
            .help("remove it, or give another day another name"),
        );
    }

    /// Declares a name made of others and reports one that is taken.
    pub(super) fn declare_owned(&mut self, name: String, meaning: Meaning, span: Span) {
        if let Some(before) = self.names.insert_owned(name.clone(), meaning, span) {
            self.report_twice(&name, span, before);
        }
    }

    pub(super) fn report_twice(&mut self, name: &str, span: Span, before: Span) {
        self.report(
            Diagnostic::error(
                codes::DECLARED_TWICE,
                format!("`{name}` is declared twice"),
                span,
            )
            .label("declared again here")
            .evidence(before, "first declared here")
            .help("remove one of them, or give it another name"),
        );
    }

    /// Finds what a path in an expression stands for; reports it where nothing.
    pub(super) fn resolve(&mut self, path: &ast::Path, env: &Env) -> Resolved {
        let found = self
            .names
            .get(&path.text)
            .or_else(|| self.broken_prefix(&path.text, path.span));
        match found {
            Some((Meaning::Value(Value::Outcome), span)) if !env.after_decide => {
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
            Some(found) => Some(found),
            None => {
                self.unknown(path);
                None
            }
        }
    }

    /// A name below something that could not be read is not reported again.
    fn broken_prefix(&self, path: &str, span: Span) -> Resolved {
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
        if self.unread || (!path.text.contains('.') && self.unread_item("enum")) {
            return;
        }
        let close = did_you_mean(&path.text, self.names.values()).map(str::to_owned);
        let mut diagnostic = Diagnostic::error(
            codes::UNKNOWN_NAME,
            format!("`{}` is not declared", path.text),
            path.span,
        );
        if let Some(close) = close {
            diagnostic = match self.names.get(&close) {
                Some((_, span)) => diagnostic.evidence(span, format!("`{close}` is declared here")),
                None => diagnostic,
            };
            diagnostic = diagnostic.help(format!("did you mean `{close}`?"));
        } else if self.output_name(&path.text) {
            diagnostic = Diagnostic::error(
                codes::UNKNOWN_NAME,
                format!("`{}` is an output, which nothing else reads", path.text),
                path.span,
            )
            .help("compute it in `define`, and name it here and in `output`");
        } else if let Some(owner) = self.label_owner(&path.text) {
            diagnostic = diagnostic.help(format!(
                "`{}` is a label of `{owner}`: compare it with a value of that type, as in `x is {}`",
                path.text, path.text
            ));
        } else {
            diagnostic = diagnostic.help(format!(
                "declare it in `input`, as in `{} : integer`, or in `define`",
                path.text
            ));
        }
        self.report(diagnostic);
    }

    /// The name of an enum that has this label.
    fn label_owner(&self, label: &str) -> Option<&str> {
        self.enums
            .iter()
            .find(|found| found.labels.iter().any(|known| &*known.name == label))
            .map(|found| found.name.as_str())
    }

    /// Finds a reason by its code; reports one that is not declared.
    pub(super) fn reason(&mut self, code: &ast::Name) -> Option<crate::ids::ReasonId> {
        if let Some((id, _)) = self.reason_names.get(&code.text) {
            return Some(*id);
        }
        if self.unread_item("reason") {
            return None;
        }
        let mut known: Vec<&str> = self.reason_names.keys().map(String::as_str).collect();
        known.sort_unstable();
        let help = match did_you_mean(&code.text, known) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("declare it: `reason {} \"why\"`", code.text),
        };
        self.report(
            Diagnostic::error(
                codes::UNKNOWN_REASON,
                format!("reason `{}` is not declared", code.text),
                code.span,
            )
            .help(help),
        );
        None
    }

    /// Tells whether an item of this kind, or a part of one, could not be read.
    pub(super) fn unread_item(&self, wanted: &str) -> bool {
        self.file
            .items
            .iter()
            .any(|item| matches!(item, ast::Item::Error { keyword, .. } if keyword == wanted))
    }

    /// The outputs that the file names, sound or not.
    pub(super) fn output_names(&self) -> impl Iterator<Item = &'a str> {
        self.file
            .items
            .iter()
            .filter_map(|item| match item {
                ast::Item::Output(entries) => Some(entries),
                _ => None,
            })
            .flatten()
            .flat_map(|entry| match entry {
                ast::OutputEntry::Field(field) => std::slice::from_ref(field),
                ast::OutputEntry::When { fields, .. } => fields.as_slice(),
            })
            .map(|field| field.name.text.as_str())
    }

    fn output_name(&self, name: &str) -> bool {
        self.output_names().any(|known| known == name)
    }

    /// Finds a label of an enum; reports one that it lacks.
    pub(super) fn label(&mut self, id: EnumId, name: &ast::Name) -> Option<u32> {
        let found = &self.enums[id];
        if let Some(position) = found
            .labels
            .iter()
            .position(|label| *label.name == *name.text)
        {
            return u32::try_from(position).ok();
        }
        let labels: Vec<&str> = found.labels.iter().map(|label| &*label.name).collect();
        let help = match did_you_mean(&name.text, labels.iter().copied()) {
            Some(close) => format!("did you mean `{close}`?"),
            None => format!("its labels are {}", labels.join(", ")),
        };
        let headline = format!("`{}` has no label `{}`", found.name, name.text);
        let mut diagnostic =
            Diagnostic::error(codes::UNKNOWN_LABEL, headline, name.span).help(help);
        if let Some(span) = self.enum_span(id) {
            diagnostic = diagnostic.evidence(span, "declared here");
        }
        self.report(diagnostic);
        None
    }

    pub(super) fn enum_span(&self, id: EnumId) -> Option<Span> {
        self.enum_spans.get(crate::Id::position(id)).copied()
    }

    /// The id that a definition at `position` has.
    pub(super) fn definition_id(position: usize) -> DefinitionId {
        crate::Id::new(position)
    }
}
