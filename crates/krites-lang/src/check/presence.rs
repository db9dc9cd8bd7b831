//! Values that may be missing: asking for them, and what stands in.

use super::convert::widen;
use super::series::written;
use super::{Checker, Env, codes};
use crate::ast::{self, ExprKind};
use crate::ir::{self, Value};
use crate::types::Ty;
use crate::{Diagnostic, Span};

impl Checker<'_> {
    /// The value whose presence is asked for.
    pub(super) fn present(&mut self, subject: &ast::Expr, env: &Env) -> Option<Value> {
        let (path, index) = match &subject.kind {
            ExprKind::Path(path) => (path, None),
            ExprKind::Index { path, index } => (path, Some(*index)),
            ExprKind::Lookup(_) => {
                self.report(
                    Diagnostic::error(
                        codes::NO_ROW_UNSAID,
                        "the presence of a looked up value is not asked for",
                        subject.span,
                    )
                    .help("ask whether the key has a row, as in `x in lookup routing`, or give the value a name with `?` in `define`"),
                );
                return None;
            }
            kind => {
                if !matches!(kind, ExprKind::Error) {
                    self.report(
                        Diagnostic::error(
                            codes::NEVER_MISSING,
                            "a computed value is never missing",
                            subject.span,
                        )
                        .help("ask for the names in it, as in `income is present`"),
                    );
                }
                return None;
            }
        };
        let (value, declared) = self.place(path, index, env)?;
        if self.value_type(value)?.optional {
            return Some(value);
        }
        self.report(
            Diagnostic::error(
                codes::NEVER_MISSING,
                format!("`{}` is never missing", written(path, index)),
                subject.span,
            )
            .evidence(declared, "declared without `?`")
            .help("leave the question out, or declare it with `?`"),
        );
        None
    }

    pub(super) fn if_missing(
        &mut self,
        (subject, index): (&ast::Path, Option<u32>),
        alternative: Option<&ast::Expr>,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let (value, declared) = self.place(subject, index, env)?;
        let ty = self.value_type(value)?;
        if ty.ty == Ty::Float && !env.feeds_model {
            self.for_models_only(&written(subject, index), subject.span, declared);
            return None;
        }
        if !ty.optional {
            self.report(
                Diagnostic::error(
                    codes::NEVER_MISSING,
                    format!("`{}` is never missing", written(subject, index)),
                    span,
                )
                .evidence(declared, "declared without `?`")
                .help(format!("write `{}` alone", written(subject, index))),
            );
            return None;
        }
        let alternative = match alternative {
            None => None,
            Some(expr) => {
                let typed = self.expr(expr, Some(ty.ty), env)?;
                let widens = ty.ty == Ty::Decimal || ty.ty.is_money();
                let typed = if widens && (ty.ty == Ty::Decimal || typed.ty.is_money()) {
                    widen(typed, ty.ty)
                } else {
                    typed
                };
                if typed.ty != ty.ty {
                    let subject = ir::Expr {
                        kind: ir::ExprKind::Value(value),
                        ty: ty.ty,
                        optional: false,
                        span: subject.span,
                    };
                    self.types_differ(&subject, &typed);
                    return None;
                }
                Some(Box::new(typed))
            }
        };
        Some(ir::Expr {
            kind: ir::ExprKind::IfMissing(value, alternative),
            ty: ty.ty,
            optional: false,
            span,
        })
    }
}
