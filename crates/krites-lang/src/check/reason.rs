//! Reasons and their codes.

use std::sync::Arc;

use super::names::Meaning;
use super::{Checker, codes};
use crate::ast;
use crate::ids::ReasonId;
use crate::ir;
use crate::{Diagnostic, Help};

/// A reason that a file declares or brings in
#[derive(Clone, Copy)]
pub(super) struct DeclaredReason<'a> {
    pub(super) decl: &'a ast::ReasonDecl,
    /// Its number in the policy; none where it is merely declared for others
    id: Option<ReasonId>,
}

impl<'a> Checker<'a> {
    pub(super) fn declare_reason(&mut self, decl: &'a ast::ReasonDecl) {
        let known = self.names.reasons.get(decl.code.text.as_str());
        if let Some(before) = known.map(|known| known.decl.code.span) {
            self.report_twice(&decl.code.text, decl.code.span, before);
            return;
        }
        let id = (self.names.source == self.file.source).then(|| {
            self.reasons.push(ir::Reason {
                code: Arc::from(decl.code.text.as_str()),
                text: decl.text.text.clone(),
                customer: decl.customer.as_ref().map(|text| text.text.clone()),
                span: decl.code.span,
            })
        });
        let found = DeclaredReason { decl, id };
        self.names.reasons.insert(&decl.code.text, found);
    }

    /// Finds a reason by its code; reports one that is not declared.
    pub(super) fn reason(&mut self, code: &ast::Name) -> Option<ReasonId> {
        if let Some(found) = self.names.reasons.get(code.text.as_str()) {
            self.names.count_use(&code.text, found.decl.code.span);
            return found.id;
        }
        // A name of a file that could not be read may be a reason.
        let broken = matches!(self.names.get(&code.text), Some((Meaning::Broken, _)));
        if broken || self.names.unread_reasons || self.names.unread {
            return None;
        }
        let close = || -> Help {
            let mut known: Vec<&str> = self.names.reasons.keys().copied().collect();
            known.sort_unstable();
            match self.close(&code.text, known) {
                Some(close) => close.meant(),
                None => format!("declare it: `reason {} \"why\"`", code.text).into(),
            }
        };
        let help = self.elsewhere(&code.text).map_or_else(close, Help::from);
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
