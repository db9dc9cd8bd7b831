//! Inputs: types, ranges and defaults.

use std::sync::Arc;

use super::names::Meaning;
use super::{Checker, codes};
use crate::ast;
use crate::ir::{self, Value};
use crate::{Diagnostic, Span};

impl<'a> Checker<'a> {
    pub(super) fn declare_input(&mut self, field: &'a ast::InputField) {
        let Some(ty) = self.declared_type(&field.ty) else {
            let _ = self
                .names
                .insert(&field.path.text, Meaning::Broken, field.path.span);
            return;
        };
        if let Some((parent, span)) = self.parent_input(&field.path.text) {
            self.report(
                Diagnostic::error(
                    codes::DECLARED_TWICE,
                    format!(
                        "`{}` cannot lie below `{parent}`, which has a value of its own",
                        field.path.text
                    ),
                    field.path.span,
                )
                .evidence(span, "declared here")
                .help("rename one of them"),
            );
        }
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
        let id = self.inputs.push(ir::Input {
            name: Arc::from(field.path.text.as_str()),
            wire: Arc::from(field.path.text.as_str()),
            ty,
            range,
            missing_when: None,
            default,
            private: field.private.is_some(),
            doc: field.doc.as_ref().map(|doc| doc.text.clone()),
            span: field.path.span,
        });
        if field.range.is_some() && self.inputs[id].range.is_none() {
            self.unranged.push(id);
        }
        self.declare(
            &field.path.text,
            Meaning::Value(Value::Input(id)),
            field.path.span,
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
