//! Inputs: types, ranges and defaults.

use std::sync::Arc;

use super::names::Meaning;
use super::record::Holds;
use super::{Checker, codes};
use crate::ast;
use crate::ids::InputId;
use crate::ir::{self, Value};
use crate::types::DeclaredTy;
use crate::{Diagnostic, MAX_INPUTS, Span};

/// How many bytes the names may have that inputs take from records
const MAX_SPREAD_BYTES: usize = 64 * 1024 * 1024;

impl<'a> Checker<'a> {
    pub(super) fn declare_input(&mut self, field: &'a ast::InputField) {
        let (name, span) = (&field.path.text, field.path.span);
        match self.holds(field) {
            Holds::Value(input) => {
                self.check_above_and_below(name, span);
                if let Some(id) = self.push_input(*input, field) {
                    self.declare(name, Meaning::Value(Value::Input(id)), span);
                }
            }
            Holds::Record(record) => {
                if self.declare(name, Meaning::Fields, span) {
                    self.spread(record, field);
                }
            }
            Holds::Broken => {
                let _ = self.names.insert(name, Meaning::Broken, span);
            }
        }
    }

    /// What is declared of a value: an input, or a record's field by its name there.
    pub(super) fn input(&mut self, field: &ast::InputField, ty: DeclaredTy) -> ir::Input {
        let range = field
            .range
            .as_ref()
            .and_then(|range| self.constant_range(range, ty.ty));
        let default = field.default.as_ref().and_then(|default| {
            let value = self.constant(default, ty.ty)?;
            let declared = field.range.as_ref().map(|range| range.span);
            let name = &field.path.text;
            self.check_inside(&value, range.as_ref(), name, declared, default.span);
            if ty.optional {
                self.report(
                    Diagnostic::error(
                        codes::DEFAULT_AND_OPTIONAL,
                        format!(
                            "`{}` has a default, so it is never missing",
                            field.path.text
                        ),
                        default.span,
                    )
                    .evidence(field.ty.span, "`?` says it may be missing")
                    .help("leave out either the `?` or the default"),
                );
            }
            Some(value)
        });
        ir::Input {
            name: Arc::from(field.path.text.as_str()),
            wire: Arc::from(field.path.text.as_str()),
            ty,
            range,
            missing_when: None,
            default,
            private: field.private.is_some(),
            doc: field.doc.as_ref().map(|doc| doc.text.clone()),
            span: field.path.span,
        }
    }

    /// Adds an input that `field` declares; `None` where there are too many.
    pub(super) fn push_input(
        &mut self,
        input: ir::Input,
        field: &ast::InputField,
    ) -> Option<InputId> {
        if !self.has_room(0, field.path.span) {
            return None;
        }
        let unranged = field.range.is_some() && input.range.is_none();
        let id = self.inputs.push(input);
        if unranged {
            self.unranged.push(id);
        }
        Some(id)
    }

    /// Tells whether one more input may be declared, whose name takes so many bytes
    /// beside what is written; reports the first that may not.
    pub(super) fn has_room(&mut self, spread: usize, span: Span) -> bool {
        self.spread_bytes += spread;
        let room = self.inputs.len() < MAX_INPUTS && self.spread_bytes <= MAX_SPREAD_BYTES;
        if !room {
            self.report_too_many(span);
        }
        room
    }

    /// What an input too many would have declared is not looked for.
    fn report_too_many(&mut self, span: Span) {
        let reported = self
            .diagnostics
            .iter()
            .any(|found| found.code == codes::TOO_MANY_INPUTS);
        if reported {
            return;
        }
        self.names.unread = true;
        self.report(
            Diagnostic::error(
                codes::TOO_MANY_INPUTS,
                format!("the policy has more than {MAX_INPUTS} inputs"),
                span,
            )
            .label("the fields of records and the elements of series are counted")
            .help("declare the fields that the policy reads, or read a `list of` records"),
        );
    }

    /// Reports a name that lies above or below another input's.
    pub(super) fn check_above_and_below(&mut self, name: &str, span: Span) {
        if let Some((parent, declared)) = self.parent_input(name) {
            self.report_below(name, span, &parent, declared);
        }
    }

    pub(super) fn report_below(&mut self, name: &str, span: Span, parent: &str, declared: Span) {
        self.report(
            Diagnostic::error(
                codes::DECLARED_TWICE,
                format!("`{name}` cannot lie below `{parent}`, which has a value of its own"),
                span,
            )
            .evidence(declared, "declared here")
            .help("rename one of them"),
        );
    }

    /// An input above or below this one in the same dotted name.
    fn parent_input(&self, path: &str) -> Option<(String, Span)> {
        let is_input = |meaning: &Meaning| matches!(meaning, Meaning::Value(Value::Input(_)));
        let above = path.match_indices('.').find_map(|(dot, _)| {
            let parent = path.get(..dot)?;
            let (meaning, span) = self.names.get(parent)?;
            is_input(&meaning).then(|| (parent.to_owned(), span))
        });
        above.or_else(|| {
            let prefix = format!("{path}.");
            let mut below = self.names.below(&prefix);
            let found = below.find(|(_, meaning, _)| is_input(meaning));
            found.map(|(name, _, span)| (name.to_owned(), span))
        })
    }
}
