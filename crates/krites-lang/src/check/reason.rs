//! Reasons and their codes.

use std::sync::Arc;

use super::{Checker, codes};
use crate::Diagnostic;
use crate::ast;
use crate::ir;

impl Checker<'_> {
    pub(super) fn declare_reason(&mut self, decl: &ast::ReasonDecl) {
        let known = self
            .reason_names
            .get(&decl.code.text)
            .map(|(_, span)| *span);
        if let Some(before) = known {
            self.report_twice(&decl.code.text, decl.code.span, before);
            return;
        }
        let id = self.reasons.push(ir::Reason {
            code: Arc::from(decl.code.text.as_str()),
            text: decl.text.text.clone(),
            customer: decl.customer.as_ref().map(|text| text.text.clone()),
        });
        self.reason_names
            .insert(decl.code.text.clone(), (id, decl.code.span));
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
        let help = match self.close(&code.text, known) {
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
}
