//! What is taken for what: whole numbers for plain ones, ratios for percentages.
//! Everything else that differs is reported.

use super::{Checker, codes};
use crate::Diagnostic;
use crate::ast;
use crate::ir;
use crate::types::Ty;

impl Checker<'_> {
    /// Brings two sides to one type, or reports that they differ.
    pub(super) fn same_type(
        &mut self,
        left: ir::Expr,
        right: ir::Expr,
    ) -> Option<(ir::Expr, ir::Expr)> {
        let ty = self.common_type(&left, &right)?;
        Some((widen(left, ty), widen(right, ty)))
    }

    /// The type that two sides come to, where there is one.
    pub(super) fn common_type(&mut self, left: &ir::Expr, right: &ir::Expr) -> Option<Ty> {
        match (left.ty, right.ty) {
            (a, b) if a == b => Some(a),
            (Ty::Integer, Ty::Decimal) | (Ty::Decimal, Ty::Integer) => Some(Ty::Decimal),
            (a, b) if a.may_be_of_one_currency(b) => Some(a),
            _ => {
                self.types_differ(left, right);
                None
            }
        }
    }

    pub(super) fn types_differ(&mut self, left: &ir::Expr, right: &ir::Expr) {
        let (left_words, right_words) = (self.words(left.ty), self.words(right.ty));
        let (code, help) = match (left.ty, right.ty) {
            (Ty::Money(a), Ty::Money(b)) => (
                codes::CURRENCIES_DIFFER,
                format!(
                    "{} and {} do not compare or add: bring both into one currency first",
                    a.code(),
                    b.code()
                ),
            ),
            (left, right) if left.is_money() || right.is_money() => (
                codes::TYPES_DIFFER,
                "money goes with money only, as in `income > 12_000`".to_owned(),
            ),
            (Ty::Percent, _) | (_, Ty::Percent) => (
                codes::TYPES_DIFFER,
                "a percentage goes with a percentage, as in `rate > 45%`".to_owned(),
            ),
            (Ty::Date, Ty::DateTime) | (Ty::DateTime, Ty::Date) => (
                codes::TYPES_DIFFER,
                "take the date of the datetime, in the policy's time zone: `date of t`".to_owned(),
            ),
            (Ty::Duration, Ty::Integer) | (Ty::Integer, Ty::Duration) => (
                codes::TYPES_DIFFER,
                "say of what the number is: `30 days`, `(a + b) hours`".to_owned(),
            ),
            _ => (
                codes::TYPES_DIFFER,
                "compare and compute with values of one kind".to_owned(),
            ),
        };
        let headline = match (self.value_name(left), self.value_name(right)) {
            (Some(left), Some(right)) => {
                format!("`{left}` is {left_words}, `{right}` is {right_words}")
            }
            _ => format!("{left_words} and {right_words} do not go together"),
        };
        let mut diagnostic = Diagnostic::error(code, headline, right.span)
            .label(self.declared_words(right, &right_words))
            .evidence(left.span, self.declared_words(left, &left_words))
            .help(help);
        for side in [left, right] {
            if let Some(span) = self.declared_at(side) {
                diagnostic = diagnostic.evidence(span, "declared here");
            }
        }
        self.report(diagnostic);
    }

    /// Brings a value to a type that it can be taken for.
    pub(super) fn coerce(&mut self, expr: ir::Expr, ty: Ty) -> Option<ir::Expr> {
        match (expr.ty, ty) {
            (a, b) if a == b => Some(expr),
            (Ty::Integer, Ty::Decimal) => Some(widen(expr, Ty::Decimal)),
            (a, b) if a.may_be_of_one_currency(b) => Some(widen(expr, b)),
            // A ratio is a fraction, and so is a percentage.
            (Ty::Decimal, Ty::Percent) | (Ty::Percent, Ty::Decimal) => {
                Some(ir::Expr { ty, ..expr })
            }
            _ => {
                let (wanted, found) = (self.words(ty), self.words(expr.ty));
                self.report(
                    Diagnostic::error(
                        codes::TYPES_DIFFER,
                        format!("{wanted} is needed here"),
                        expr.span,
                    )
                    .label(format!("this is {found}"))
                    .help(match (expr.ty, ty) {
                        (Ty::Decimal, Ty::Integer) => {
                            "make it whole, as in `floor(…)`, or declare it as `decimal`".to_owned()
                        }
                        _ => format!(
                            "compute {wanted}, or declare it as `{}`",
                            self.spelled(expr.ty)
                        ),
                    }),
                );
                None
            }
        }
    }

    /// Brings a value that may be missing to a type: it is taken as it is, so
    /// whole numbers do not become exact ones on the way.
    pub(super) fn coerce_maybe(&mut self, value: ir::Expr, ty: Ty) -> Option<ir::Expr> {
        if value.optional && value.ty == Ty::Integer && ty == Ty::Decimal {
            let span = value.span;
            self.report(
                Diagnostic::error(codes::TYPES_DIFFER, "a plain number is needed here", span)
                    .label("this is a whole number that may be missing")
                    .help("declare it `integer?`, or say what stands in with `if missing`"),
            );
            return None;
        }
        if value.optional && value.ty.may_be_of_one_currency(ty) {
            let (wanted, found) = (self.words(ty), self.words(value.ty));
            let help = format!(
                "declare it `{}?`, or say what stands in with `if missing`",
                self.spelled(value.ty)
            );
            self.report(
                Diagnostic::error(
                    codes::TYPES_DIFFER,
                    format!("{wanted} is needed here"),
                    value.span,
                )
                .label(format!("this is {found} that may be missing"))
                .help(help),
            );
            return None;
        }
        self.coerce(value, ty)
    }

    pub(super) fn not_a_number(&mut self, expr: &ast::Expr, ty: Ty) {
        let words = self.words(ty);
        self.report(
            Diagnostic::error(
                codes::NOT_A_NUMBER,
                format!("{words} cannot be computed with"),
                expr.span,
            )
            .help("use numbers, percentages or money here"),
        );
    }
}

/// Takes an integer as an exact number, where `ty` is one, and an amount as one of
/// another currency, which the case must then name for both.
pub(super) fn widen(expr: ir::Expr, ty: Ty) -> ir::Expr {
    if expr.ty.may_be_of_one_currency(ty) {
        let span = expr.span;
        return ir::Expr {
            kind: ir::ExprKind::InCurrency(Box::new(expr)),
            ty,
            optional: false,
            span,
        };
    }
    if expr.ty != Ty::Integer || ty == Ty::Integer {
        return expr;
    }
    let span = expr.span;
    let kind = match expr.kind {
        ir::ExprKind::Literal(ir::Literal::Integer(whole)) => {
            ir::ExprKind::Literal(ir::Literal::Exact(crate::Exact::from_integer(whole)))
        }
        kind => ir::ExprKind::Widen(Box::new(ir::Expr { kind, ..expr })),
    };
    ir::Expr {
        kind,
        ty,
        optional: false,
        span,
    }
}
