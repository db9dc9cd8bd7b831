//! Arithmetic: which kinds of numbers meet, what comes of it, and whether a
//! division may be by zero.

use super::convert::widen;
use super::literal::is_literal;
use super::narrow::as_value;
use super::{Checker, Env, codes};
use crate::ast::{self, ProductOp, SumOp};
use crate::ir::{self, Literal, Value};
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
            .find(|ty| matches!(ty, Ty::Money(_)));
        let literal_hint = money
            .or(hint.filter(|ty| matches!(ty, Ty::Money(_)) && typed.iter().all(Option::is_none)));
        for (term, typed) in terms.iter().zip(&mut typed) {
            if typed.is_none() {
                *typed = Some(self.expr(term, literal_hint, env)?);
            }
        }
        let typed: Vec<ir::Expr> = typed.into_iter().flatten().collect();
        let mut result = typed.first()?.ty;
        for (term, source) in typed.iter().zip(&terms) {
            if !term.ty.is_number() {
                self.not_a_number(source, term.ty);
                return None;
            }
        }
        for (before, term) in typed.iter().zip(typed.iter().skip(1)) {
            result = match (result, term.ty) {
                (a, b) if a == b => a,
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
        let mut typed = typed.into_iter().map(|term| {
            if result == Ty::Integer {
                term
            } else {
                widen(term, result)
            }
        });
        let first = typed.next()?;
        let rest = rest.iter().map(|(op, _)| *op).zip(typed).collect();
        Some(ir::Expr {
            kind: ir::ExprKind::Sum(Box::new(first), rest),
            ty: result,
            optional: false,
            span,
        })
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
            result = found;
            let if_zero = match &factor.if_zero {
                None => {
                    if factor.op == ProductOp::Divide {
                        self.check_divisor(&value, factor, env);
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

    /// Reports a divisor that may be zero.
    fn check_divisor(&mut self, divisor: &ir::Expr, factor: &ast::Factor, env: &Env) {
        let safe = match (&divisor.kind, as_value(divisor)) {
            (ir::ExprKind::Literal(literal), _) => !literal.is_zero(),
            (_, Some(value)) => env.nonzero.contains(&value) || self.never_zero(value),
            _ => false,
        };
        if safe {
            return;
        }
        if matches!(&divisor.kind, ir::ExprKind::Literal(_)) {
            self.report(
                Diagnostic::error(
                    codes::MAY_DIVIDE_BY_ZERO,
                    "this divides by zero",
                    factor.value.span,
                )
                .help("divide by another number"),
            );
            return;
        }
        let mut diagnostic = Diagnostic::error(
            codes::MAY_DIVIDE_BY_ZERO,
            "this may divide by zero",
            factor.value.span,
        );
        if let ast::ExprKind::Path(_) | ast::ExprKind::Index { .. } = &factor.value.kind {
            let name = self.written(&factor.value);
            let (declared, evidence) = match as_value(divisor) {
                Some(Value::Input(id)) => match self.inputs[id] {
                    ir::Input {
                        range: Some(_),
                        span,
                        ..
                    } => (Some(span), "its declared range has zero in it"),
                    ir::Input { span, .. } => {
                        (Some(span), "declared without a range, so it may be zero")
                    }
                },
                _ => {
                    let declared = self.names.get(&name).map(|(_, declared)| declared);
                    (declared, "it may come out as zero")
                }
            };
            if let Some(declared) = declared {
                diagnostic = diagnostic.evidence(declared, evidence);
            }
            diagnostic = diagnostic.help(format!(
                "say what it gives then, `… / {name} if zero 0`, or ask before: `{name} > 0 and …`"
            ));
        } else {
            diagnostic = diagnostic.help("say what it gives then: `… / (…) if zero 0`");
        }
        self.report(diagnostic);
    }

    /// Tells whether a value's declared range leaves zero out.
    fn never_zero(&self, value: Value) -> bool {
        let range = match value {
            // What was meant is not known: no follow-on error.
            Value::Input(id) if self.unranged.contains(&id) => return true,
            Value::Input(id) => self.inputs[id].range.as_ref(),
            Value::Local(id) => self.local_ranges.get(&id),
            _ => None,
        };
        let zero = match self.value_type(value) {
            Some(declared) if declared.ty == Ty::Integer => Literal::Integer(0),
            _ => Literal::Exact(crate::Exact::ZERO),
        };
        range.is_some_and(|range| !range.contains(&zero))
    }
}

/// The kind of a product.
fn multiplied(left: Ty, right: Ty) -> Option<Ty> {
    match (left, right) {
        (Ty::Integer, Ty::Integer) => Some(Ty::Integer),
        (Ty::Money(_), Ty::Money(_)) => None,
        (money @ Ty::Money(_), _) | (_, money @ Ty::Money(_)) => Some(money),
        (Ty::Percent, Ty::Percent | Ty::Integer) | (Ty::Integer, Ty::Percent) => Some(Ty::Percent),
        _ => Some(Ty::Decimal),
    }
}

/// The kind of a quotient.
fn divided(left: Ty, right: Ty) -> Option<Ty> {
    match (left, right) {
        (Ty::Money(a), Ty::Money(b)) => (a == b).then_some(Ty::Decimal),
        (money @ Ty::Money(_), _) => Some(money),
        (_, Ty::Money(_)) => None,
        (Ty::Percent, Ty::Integer) => Some(Ty::Percent),
        _ => Some(Ty::Decimal),
    }
}
