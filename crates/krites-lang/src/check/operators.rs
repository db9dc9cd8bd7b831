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
        let typed = self.first_typed(&terms, env)?;
        let of_time = typed.iter().flatten().any(|term| term.ty.is_time());
        if of_time || terms.iter().any(|term| is_time(term)) {
            let ops = std::iter::once(SumOp::Add).chain(rest.iter().map(|(op, _)| *op));
            let terms = ops.zip(terms).zip(typed);
            let terms = terms.map(|((op, term), typed)| (op, term, typed));
            return self.sum_of_times(terms.collect(), span, env);
        }
        let (ty, typed) = self.numbers(&terms, typed, hint, env)?;
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
        let typed = self.first_typed(terms, env)?;
        self.numbers(terms, typed, hint, env)
    }

    /// Types the terms that do not wait for others: literals take the type of what
    /// is beside them, lengths of time go with what they move.
    fn first_typed(&mut self, terms: &[&ast::Expr], env: &Env) -> Option<Vec<Option<ir::Expr>>> {
        let waits = |term: &ast::Expr| {
            is_literal(term) || matches!(term.kind, ast::ExprKind::Quantity { .. })
        };
        let typed: Vec<Option<ir::Expr>> = terms
            .iter()
            .map(|term| match waits(term) {
                true => None,
                false => self.expr(term, None, env),
            })
            .collect();
        let mut both = terms.iter().zip(&typed);
        let sound = both.all(|(term, typed)| typed.is_some() || waits(term));
        sound.then_some(typed)
    }

    /// Types terms of which some wait for the others, as numbers.
    fn numbers(
        &mut self,
        terms: &[&ast::Expr],
        mut typed: Vec<Option<ir::Expr>>,
        hint: Option<Ty>,
        env: &Env,
    ) -> Option<(Ty, Vec<ir::Expr>)> {
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
        if !is_factor(first_typed.ty) {
            self.not_a_number(first, first_typed.ty);
            return None;
        }
        let mut result = first_typed.ty;
        let mut factors = Vec::with_capacity(rest.len());
        for (factor, value) in rest.iter().zip(typed) {
            if !is_factor(value.ty) {
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
        let kind = if matches!(result, Ty::Integer | Ty::Duration) {
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
        let of_time = left == Ty::Duration || right == Ty::Duration;
        let (left, right) = (self.words(left), self.words(right));
        let (verb, help) = match factor.op {
            ProductOp::Multiply if of_time => {
                ("multiplied by", "multiply a duration by a whole number")
            }
            ProductOp::Divide if of_time => (
                "divided by",
                "a duration is not divided; ask how many units pass, as in `hours from a to b`",
            ),
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

/// Tells whether a term makes its sum one of dates or lengths of time.
fn is_time(term: &ast::Expr) -> bool {
    matches!(
        term.kind,
        ast::ExprKind::Quantity { .. } | ast::ExprKind::Date(_) | ast::ExprKind::Datetime(_)
    )
}

/// Tells whether values of a type stand in products.
fn is_factor(ty: Ty) -> bool {
    ty.is_number() || ty == Ty::Duration
}

/// The kind of a product.
fn multiplied(left: Ty, right: Ty) -> Option<Ty> {
    match (left, right) {
        (Ty::Integer, Ty::Integer) => Some(Ty::Integer),
        (Ty::Duration, Ty::Integer) | (Ty::Integer, Ty::Duration) => Some(Ty::Duration),
        (Ty::Duration, _) | (_, Ty::Duration) => None,
        (left, right) if left.is_money() && right.is_money() => None,
        (money, _) | (_, money) if money.is_money() => Some(money),
        (Ty::Percent, Ty::Percent | Ty::Integer) | (Ty::Integer, Ty::Percent) => Some(Ty::Percent),
        _ => Some(Ty::Decimal),
    }
}

/// The kind of a quotient.
fn divided(left: Ty, right: Ty) -> Option<Ty> {
    match (left, right) {
        (Ty::Duration, _) | (_, Ty::Duration) => None,
        (Ty::Money(a), Ty::Money(b)) => (a == b).then_some(Ty::Decimal),
        (money, other) if money.is_money() && other.is_money() => Some(Ty::Decimal),
        (money, _) if money.is_money() => Some(money),
        (_, money) if money.is_money() => None,
        (Ty::Percent, Ty::Integer) => Some(Ty::Percent),
        _ => Some(Ty::Decimal),
    }
}
