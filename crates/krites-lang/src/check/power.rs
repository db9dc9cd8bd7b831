//! Powers with whole exponents.

use super::convert::widen;
use super::zero::NotZero;
use super::{Checker, Env, codes};
use crate::ast;
use crate::ir::{self, Literal};
use crate::types::Ty;
use crate::{Diagnostic, Exact, Span};

impl Checker<'_> {
    pub(super) fn power(
        &mut self,
        base: &ast::Expr,
        exponent: &ast::Expr,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let raised = self.expr(base, None, env);
        let power = self.expr(exponent, Some(Ty::Integer), env);
        let (raised, power) = (raised?, power?);
        if raised.ty.is_money() {
            let words = self.words(raised.ty);
            self.report(
                Diagnostic::error(
                    codes::CANNOT_COMPUTE,
                    format!("{words} cannot be raised to a power"),
                    base.span,
                )
                .label(format!("this is {words}"))
                .help("raise a number, and multiply: `amount * (1.05 to the power of 2)`"),
            );
            return None;
        }
        for (side, source) in [(&raised, base), (&power, exponent)] {
            if !side.ty.is_number() {
                self.not_a_number(source, side.ty);
                return None;
            }
        }
        if power.ty != Ty::Integer {
            let words = self.words(power.ty);
            let written = self.or_dots(exponent);
            let mut diagnostic = Diagnostic::error(
                codes::CANNOT_COMPUTE,
                "an exponent is a whole number",
                exponent.span,
            )
            .label(format!("this is {words}"));
            if power.ty == Ty::Decimal {
                diagnostic = diagnostic.help(format!("make it whole: `floor({written})`"));
            }
            self.report(diagnostic);
            return None;
        }
        if self.is_too_high(&power) {
            const { assert!(Exact::MOST_EXPONENT == 12_000) };
            self.report(
                Diagnostic::error(
                    codes::EXPONENT,
                    "an exponent lies between -12_000 and 12_000",
                    exponent.span,
                )
                .help("write one within these, such as `12_000`"),
            );
            return None;
        }
        if !self.bounds(&power, env).is_never_negative() {
            self.not_zero(&raised, base, NotZero::Base, env);
        }
        Some(ir::Expr {
            kind: ir::ExprKind::Power(Box::new(widen(raised, Ty::Decimal)), Box::new(power)),
            ty: Ty::Decimal,
            optional: false,
            span,
        })
    }

    /// Tells whether an exponent is a constant beyond what powers take.
    fn is_too_high(&self, exponent: &ir::Expr) -> bool {
        matches!(exponent.kind, ir::ExprKind::Literal(Literal::Integer(constant))
            if constant.unsigned_abs() > u64::from(Exact::MOST_EXPONENT))
    }
}
