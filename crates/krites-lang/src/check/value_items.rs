//! What items share that name one value each: the value that they look at.

use super::table::Subject;
use super::{Checker, Env, codes};
use crate::ast;
use crate::ids::LocalId;
use crate::ir;
use crate::types::{DeclaredTy, Ty};
use crate::{Diagnostic, Span};

impl Checker<'_> {
    /// The value that an item looks at; what is more than a name is computed once,
    /// under a local.
    pub(super) fn looked_at(
        &mut self,
        name: &str,
        expr: &ast::Expr,
    ) -> Option<(Subject, Option<(LocalId, ir::Expr)>)> {
        let found = self.maybe(expr, None, &Env::default())?;
        let (ty, optional) = (found.ty, found.optional);
        let (value, bound) = match found.kind {
            ir::ExprKind::Value(value) => (value, None),
            _ => {
                // What is more than a name is never missing
                let local = self.add_local(name, DeclaredTy::bare(ty));
                (ir::Value::Local(local), Some((local, found)))
            }
        };
        let span = expr.span;
        Some((
            Subject {
                value,
                ty,
                optional,
                span,
            },
            bound,
        ))
    }

    /// Holds that a value that may be missing is told of, and no other; `told` is
    /// where it is.
    pub(super) fn told_where_missing(
        &mut self,
        subject: &Subject,
        told: Option<Span>,
        help: impl FnOnce() -> String,
    ) -> bool {
        match (subject.optional, told) {
            (false, Some(span)) => self.report(
                Diagnostic::error(
                    codes::NEVER_MISSING,
                    "what is looked at is never missing",
                    span,
                )
                .evidence(subject.span, "always there")
                .help("remove `missing` here"),
            ),
            (true, None) => self.report(
                Diagnostic::error(
                    codes::MISSING_NOT_TOLD,
                    "what is looked at may be missing, and nothing says what then",
                    subject.span,
                )
                .help(help()),
            ),
            _ => return true,
        }
        false
    }
}

impl Subject {
    /// The value, where it is known to be there.
    pub(super) fn there(&self) -> ir::Expr {
        typed(ir::ExprKind::Value(self.value), self.ty, self.span)
    }
}

/// An expression that is never missing.
pub(super) fn typed(kind: ir::ExprKind, ty: Ty, span: Span) -> ir::Expr {
    ir::Expr {
        kind,
        ty,
        optional: false,
        span,
    }
}

/// Computes what is looked at under its local first.
pub(super) fn with_bound(bound: Option<(LocalId, ir::Expr)>, found: ir::Expr) -> ir::Expr {
    match bound {
        None => found,
        Some((local, value)) => ir::Expr {
            ty: found.ty,
            optional: found.optional,
            span: found.span,
            kind: ir::ExprKind::Let(local, Box::new(value), Box::new(found)),
        },
    }
}
