//! Names are declared once: one that is taken is told of, with the place that has it.

use super::names::Meaning;
use super::{Checker, codes};
use crate::ast;
use crate::{Diagnostic, Span};

impl<'a> Checker<'a> {
    /// Declares a name and reports one that is taken; tells whether it was not.
    pub(super) fn declare(&mut self, name: &'a str, meaning: Meaning, span: Span) -> bool {
        let before = self.names.insert(name, meaning, span);
        if let Some(before) = before {
            if name == "decision_date" {
                self.report_decision_date(span);
            } else {
                self.report_twice(name, span, before);
            }
        }
        before.is_none()
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

    /// Declares a value of a table or model, as `terms.cap`. One that is taken is
    /// reported where the table or model is the `sole` one of its name: else that
    /// was the mistake.
    pub(super) fn declare_below(
        &mut self,
        owner: &ast::Name,
        name: &ast::Name,
        meaning: Meaning,
        sole: bool,
    ) {
        let whole = format!("{}.{}", owner.text, name.text);
        let before = self.names.insert_owned(whole.clone(), meaning, name.span);
        if let (Some(before), true) = (before, sole) {
            self.report_twice(&whole, name.span, before);
        }
    }

    /// Reports a name that is declared at two places, the later one in the text.
    pub(super) fn report_twice(&mut self, name: &str, one: Span, other: Span) {
        if one.source != other.source && self.names.brought.contains_key(name) {
            return self.report_also_brought(name, one);
        }
        // Of another file's and this one's, this one's is to be looked at.
        let before = match one.source == other.source {
            true => one.start < other.start,
            false => one.source != self.names.source,
        };
        if before {
            self.report_taken(name, other, one);
        } else {
            self.report_taken(name, one, other);
        }
    }

    /// Reports a name that was declared `before`.
    pub(super) fn report_taken(&mut self, name: &str, span: Span, before: Span) {
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
}
