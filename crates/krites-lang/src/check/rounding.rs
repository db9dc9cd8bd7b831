//! Rounding to whole numbers, to digits, to multiples, and what rounding down
//! leaves.

use super::zero::NotZero;
use super::{Checker, Env, codes};
use crate::ast::{self, RoundTo, Rounding};
use crate::ir::{self, WholeRounding};
use crate::types::Ty;
use crate::{Diagnostic, Span};

/// How many digits a number has behind the point
const MAX_PLACES: u32 = 28;

impl Checker<'_> {
    /// Types `floor(x)` and its like.
    pub(super) fn nearest_whole(
        &mut self,
        side: WholeRounding,
        function: &ast::Name,
        argument: &ast::Expr,
        hint: Option<Ty>,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let inner = self.expr(argument, hint.filter(|ty| ty.is_money()), env)?;
        let written = self.or_dots(argument);
        let ty = match inner.ty {
            Ty::Decimal => Ty::Integer,
            ty if ty.is_money() => ty,
            Ty::Integer => {
                self.report(
                    Diagnostic::error(
                        codes::CANNOT_COMPUTE,
                        format!("{} is whole already", self.words(inner.ty)),
                        argument.span,
                    )
                    .label("this is a whole number")
                    .help(format!("leave out `{}`: `{written}`", function.text)),
                );
                return None;
            }
            Ty::Percent => {
                self.report(
                    Diagnostic::error(
                        codes::CANNOT_COMPUTE,
                        "a percentage is rounded to digits or to a multiple",
                        argument.span,
                    )
                    .label("this is a percentage")
                    .help(format!("write `{written} rounded down to 0 digits`")),
                );
                return None;
            }
            ty => {
                self.not_a_number(argument, ty);
                return None;
            }
        };
        Some(ir::Expr {
            kind: ir::ExprKind::ToWhole(side, Box::new(inner)),
            ty,
            optional: false,
            span,
        })
    }

    /// Types `x rounded to 2 digits`, `x rounded to a multiple of y`.
    pub(super) fn rounded(
        &mut self,
        value: &ast::Expr,
        mode: Option<Rounding>,
        to: &RoundTo,
        hint: Option<Ty>,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let mode = mode.unwrap_or(self.rounding);
        let (kind, ty) = match to {
            RoundTo::Digits(digits) => {
                let inner = self.expr(value, hint.filter(|ty| ty.is_money()), env)?;
                let places = self.places(*digits, value, inner.ty, span)?;
                let ty = inner.ty;
                (ir::ExprKind::ToDigits(Box::new(inner), places, mode), ty)
            }
            RoundTo::MultipleOf(multiple) => {
                let (ty, terms) = self.terms(&[value, multiple], hint, env)?;
                let (inner, of) = pair(terms)?;
                self.not_zero(&of, multiple, NotZero::Multiple, env);
                (ir::ExprKind::ToMultiple(inner, of, mode), ty)
            }
        };
        Some(ir::Expr {
            kind,
            ty,
            optional: false,
            span,
        })
    }

    /// The digits of the number itself that so many digits of a type are.
    fn places(&mut self, digits: u32, value: &ast::Expr, ty: Ty, span: Span) -> Option<u32> {
        let places = match ty {
            Ty::Decimal => digits,
            ty if ty.is_money() => digits,
            // Two digits of the percentage are four of the fraction.
            Ty::Percent => digits.saturating_add(2),
            Ty::Integer => {
                let written = self.or_dots(value);
                self.report(
                    Diagnostic::error(
                        codes::CANNOT_COMPUTE,
                        "a whole number has no digits behind the point",
                        value.span,
                    )
                    .label("this is a whole number")
                    .help(format!(
                        "leave the rounding out, or write `{written} rounded to a multiple of 10`"
                    )),
                );
                return None;
            }
            ty => {
                self.not_a_number(value, ty);
                return None;
            }
        };
        if places > MAX_PLACES {
            self.report(
                Diagnostic::error(
                    codes::DIGITS,
                    format!("numbers carry at most {MAX_PLACES} digits behind the point"),
                    span,
                )
                .help("two of them go to the hundredths: round a percentage to at most 26 digits"),
            );
            return None;
        }
        Some(places)
    }

    /// Types `remainder of a by b if zero c`.
    pub(super) fn remainder(
        &mut self,
        of: &ast::Expr,
        by: &ast::Expr,
        if_zero: Option<&ast::Expr>,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let (ty, terms) = self.terms(&[of, by], None, env)?;
        let (left, right) = pair(terms)?;
        let if_zero = match if_zero {
            None => {
                self.not_zero(&right, by, NotZero::RemainderDivisor, env);
                None
            }
            Some(alternative) => {
                let typed = self.expr(alternative, Some(ty), env)?;
                Some(Box::new(self.coerce(typed, ty)?))
            }
        };
        Some(ir::Expr {
            kind: ir::ExprKind::Remainder(left, right, if_zero),
            ty,
            optional: false,
            span,
        })
    }
}

fn pair(terms: Vec<ir::Expr>) -> Option<(Box<ir::Expr>, Box<ir::Expr>)> {
    let mut terms = terms.into_iter().map(Box::new);
    Some((terms.next()?, terms.next()?))
}
