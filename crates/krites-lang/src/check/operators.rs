//! Arithmetic: which kinds of numbers meet, and what comes of it.

use super::convert::widen;
use super::literal::is_literal;
use super::zero::NotZero;
use super::{Checker, Env, codes};
use crate::ast::{self, ProductOp, SumOp};
use crate::ir;
use crate::types::Ty;
use crate::{Diagnostic, Span};

impl Checker<'_> {
    pub(super) fn sum(
        &mut self,
        first: &ast::Expr,
        rest: &[(SumOp, ast::Expr)],
        hint: Option<Ty>,
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let terms: Vec<&ast::Expr> = std::iter::once(first)
            .chain(rest.iter().map(|(_, term)| term))
            .collect();
        let (ty, typed) = self.terms(&terms, hint, env)?;
        let mut typed = typed.into_iter();
        let first = typed.next()?;
        let rest = rest.iter().map(|(op, _)| *op).zip(typed).collect();
        Some(ir::Expr {
            kind: ir::ExprKind::Sum(Box::new(first), rest),
            ty,
            optional: false,
            span,
        })
    }

    /// Types terms that come to one kind of number, as those of a sum.
    pub(super) fn terms(
        &mut self,
        terms: &[&ast::Expr],
        hint: Option<Ty>,
        env: &Env,
    ) -> Option<(Ty, Vec<ir::Expr>)> {
        let mut typed: Vec<Option<ir::Expr>> = terms
            .iter()
            .map(|term| {
                if is_literal(term) {
                    None
                } else {
                    self.expr(term, None, env)
                }
            })
            .collect();
        if terms
            .iter()
            .zip(&typed)
            .any(|(term, typed)| typed.is_none() && !is_literal(term))
        {
            return None;
        }
        // Literals take the type of money beside them, else the one they look like.
        let money = typed
            .iter()
            .flatten()
            .map(|term| term.ty)
            .find(|ty| ty.is_money());
        let literal_hint =
            money.or(hint.filter(|ty| ty.is_money() && typed.iter().all(Option::is_none)));
        for (term, typed) in terms.iter().zip(&mut typed) {
            if typed.is_none() {
                *typed = Some(self.expr(term, literal_hint, env)?);
            }
        }
        let typed: Vec<ir::Expr> = typed.into_iter().flatten().collect();
        let mut result = typed.first()?.ty;
        for (term, source) in typed.iter().zip(terms) {
            if !term.ty.is_number() {
                self.not_a_number(source, term.ty);
                return None;
            }
        }
        let mut known = typed.iter().filter(|term| matches!(term.ty, Ty::Money(_)));
        if let Some(one) = known.next()
            && let Some(other) = known.find(|other| other.ty != one.ty)
        {
            self.types_differ(one, other);
            return None;
        }
        for (before, term) in typed.iter().zip(typed.iter().skip(1)) {
            result = match (result, term.ty) {
                (a, b) if a == b || a.may_be_of_one_currency(b) => a,
                (
                    Ty::Integer | Ty::Decimal | Ty::Percent,
                    Ty::Integer | Ty::Decimal | Ty::Percent,
                ) => Ty::Decimal,
                _ => {
                    let left = ir::Expr {
                        ty: result,
                        ..before.clone()
                    };
                    self.same_type(left, term.clone());
                    return None;
                }
            };
        }
        let typed = typed.into_iter().map(|term| widen(term, result)).collect();
        Some((result, typed))
    }

    pub(super) fn product(
        &mut self,
        first: &ast::Expr,
        rest: &[ast::Factor],
        span: Span,
        env: &Env,
    ) -> Option<ir::Expr> {
        let first_typed = self.expr(first, None, env);
        let typed: Vec<Option<ir::Expr>> = rest
            .iter()
            .map(|factor| self.expr(&factor.value, None, env))
            .collect();
        let first_typed = first_typed?;
        let typed: Vec<ir::Expr> = typed.into_iter().collect::<Option<_>>()?;
        if !first_typed.ty.is_number() {
            self.not_a_number(first, first_typed.ty);
            return None;
        }
        let mut result = first_typed.ty;
        let mut factors = Vec::with_capacity(rest.len());
        for (factor, value) in rest.iter().zip(typed) {
            if !value.ty.is_number() {
                self.not_a_number(&factor.value, value.ty);
                return None;
            }
            let found = match factor.op {
                ProductOp::Multiply => multiplied(result, value.ty),
                ProductOp::Divide => divided(result, value.ty),
            };
            let Some(found) = found else {
                self.cannot_compute(result, factor, value.ty);
                return None;
            };
            // Money by money of a currency that is the same in the case.
            let value = if value.ty.is_money() {
                widen(value, result)
            } else {
                value
            };
            result = found;
            let if_zero = match &factor.if_zero {
                None => {
                    if factor.op == ProductOp::Divide {
                        self.not_zero(&value, &factor.value, NotZero::Divisor, env);
                    }
                    None
                }
                Some(alternative) => {
                    let typed = self.expr(alternative, Some(result), env)?;
                    let typed = self.coerce(typed, result)?;
                    Some(typed)
                }
            };
            factors.push(ir::Factor {
                op: factor.op,
                value,
                if_zero,
            });
        }
        let kind = if result == Ty::Integer {
            ir::ExprKind::Product(Box::new(first_typed), factors)
        } else {
            let factors = factors
                .into_iter()
                .map(|factor| ir::Factor {
                    value: widen(factor.value, Ty::Decimal),
                    ..factor
                })
                .collect();
            ir::ExprKind::Product(Box::new(widen(first_typed, Ty::Decimal)), factors)
        };
        Some(ir::Expr {
            kind,
            ty: result,
            optional: false,
            span,
        })
    }

    fn cannot_compute(&mut self, left: Ty, factor: &ast::Factor, right: Ty) {
        let (left, right) = (self.words(left), self.words(right));
        let (verb, help) = match factor.op {
            ProductOp::Multiply => (
                "multiplied by",
                "multiply money by a number or a percentage",
            ),
            ProductOp::Divide => (
                "divided by",
                "divide money by money of its currency, or by a number",
            ),
        };
        self.report(
            Diagnostic::error(
                codes::CANNOT_COMPUTE,
                format!("{left} cannot be {verb} {right}"),
                factor.value.span,
            )
            .label(format!("this is {right}"))
            .help(help),
        );
    }
}

/// The kind of a product.
fn multiplied(left: Ty, right: Ty) -> Option<Ty> {
    match (left, right) {
        (Ty::Integer, Ty::Integer) => Some(Ty::Integer),
        (left, right) if left.is_money() && right.is_money() => None,
        (money, _) | (_, money) if money.is_money() => Some(money),
        (Ty::Percent, Ty::Percent | Ty::Integer) | (Ty::Integer, Ty::Percent) => Some(Ty::Percent),
        _ => Some(Ty::Decimal),
    }
}

/// The kind of a quotient.
fn divided(left: Ty, right: Ty) -> Option<Ty> {
    match (left, right) {
        (Ty::Money(a), Ty::Money(b)) => (a == b).then_some(Ty::Decimal),
        (money, other) if money.is_money() && other.is_money() => Some(Ty::Decimal),
        (money, _) if money.is_money() => Some(money),
        (_, money) if money.is_money() => None,
        (Ty::Percent, Ty::Integer) => Some(Ty::Percent),
        _ => Some(Ty::Decimal),
    }
}
