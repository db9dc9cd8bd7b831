//! An expression as one fraction of whole numbers.

use super::operations::{Operations, Term};
use super::{MOST_LOST, MOST_PLACES, Operation, Read, ScaledTruth, ScaledValue};
use crate::ast::{ProductOp, SumOp};
use crate::ir::{Expr, ExprKind, Literal, Value};
use crate::program::from_ir_expr::Compiler;
use crate::program::{Number, Relation, Truth};
use crate::types::Ty;

/// A number on its way, and what it is divided by
#[derive(Clone, Copy)]
struct Fraction {
    over: Term,
    under: Option<Term>,
    /// It is zero, or at least ten to the power of minus this: by declared ranges
    least: Option<u32>,
    /// What the quotients in it lost of themselves by rounding, in halves of 10⁻²⁸
    lost: u64,
}

/// Puts reads and operations together; `None` where an expression is not for it
pub(super) struct Builder<'c> {
    compiler: &'c Compiler,
    operations: Operations,
    /// Whether something may be negative, or is subtracted
    signed: bool,
}

impl<'c> Builder<'c> {
    pub(super) fn new(compiler: &'c Compiler) -> Self {
        Self {
            compiler,
            operations: Operations::default(),
            signed: false,
        }
    }

    /// A value, rounded to `places`, if any.
    pub(super) fn value(
        mut self,
        expr: &Expr,
        places: Option<u32>,
        plain: &Number,
    ) -> Option<ScaledValue> {
        let Fraction {
            over, under, lost, ..
        } = self.root(expr)?;
        let (over, under, places) = match (under, places) {
            (None, None) => (over, None, over.places),
            (None, Some(places)) if over.places <= places => (over, None, over.places),
            (None, Some(places)) => {
                let unit = Term::power_of_ten(over.places - places)?;
                (over, Some(unit), places)
            }
            (Some(under), Some(places)) if places <= MOST_PLACES => {
                let coarse = places + under.places;
                let over = self
                    .operations
                    .shifted(over, coarse.saturating_sub(over.places))?;
                let under = self
                    .operations
                    .shifted(under, over.places.saturating_sub(coarse))?;
                (over, Some(under), places)
            }
            (Some(_), _) => return None,
        };
        let over = self.operations.register(over)?;
        let under = match under {
            Some(under) => Some(self.operations.register(under)?),
            None => None,
        };
        Some(ScaledValue {
            operations: self.operations.finish(),
            over,
            under,
            places,
            inexact: lost > 0,
            plain: plain.clone(),
        })
    }

    /// Two sides, both multiplied by what one of them is divided by.
    pub(super) fn comparison(
        mut self,
        relation: Relation,
        left: &Expr,
        right: &Expr,
        plain: &Truth,
    ) -> Option<ScaledTruth> {
        let (left, right) = (self.root(left)?, self.root(right)?);
        let few_places = left.over.places.max(right.over.places) <= MOST_PLACES;
        let (one, other, divisor) = match (left.under, right.under) {
            (None, None) => (left.over, right.over, None),
            (Some(under), None) if few_places => (
                left.over,
                self.operations.multiply(under, right.over)?,
                Some(under),
            ),
            (None, Some(under)) if few_places => (
                self.operations.multiply(under, left.over)?,
                right.over,
                Some(under),
            ),
            _ => return None,
        };
        let (one, other) = self.operations.aligned(one, other)?;
        let (one, other) = (
            self.operations.register(one)?,
            self.operations.register(other)?,
        );
        let divisor = match divisor {
            Some(divisor) => Some(self.operations.register(divisor)?),
            None => None,
        };
        Some(ScaledTruth {
            operations: self.operations.finish(),
            relation,
            left: one,
            right: other,
            divisor,
            inexact: left.lost + right.lost > 0,
            plain: plain.clone(),
        })
    }

    /// A whole expression, whose last division is not yet rounded.
    fn root(&mut self, expr: &Expr) -> Option<Fraction> {
        let found = self.fraction(expr)?;
        let sound = found.lost == 0 || (found.lost <= MOST_LOST && !self.signed);
        sound.then_some(found)
    }

    fn fraction(&mut self, expr: &Expr) -> Option<Fraction> {
        if !matches!(
            expr.ty,
            Ty::Integer | Ty::Decimal | Ty::Percent | Ty::Money(_)
        ) {
            return None;
        }
        match &expr.kind {
            ExprKind::Literal(literal) => {
                self.signed |= literal.sign() < 0;
                exact(constant(literal)?)
            }
            ExprKind::Value(value) => {
                self.signed |= !self.compiler.bounds(expr).is_never_negative();
                exact(self.read(*value, expr.ty)?)
            }
            ExprKind::Widen(inner) => self.fraction(inner),
            ExprKind::Negate(inner) => {
                self.signed = true;
                let inner = self.term(inner)?;
                exact(self.operations.multiply(inner, Term::constant(-1, 0))?)
            }
            ExprKind::Sum(first, rest) => {
                let first = self.fraction(first)?;
                rest.iter().try_fold(first, |sum, (op, term)| {
                    let term = self.fraction(term)?;
                    self.sum(sum, *op, term)
                })
            }
            ExprKind::Product(first, rest) => {
                let first = self.fraction(first)?;
                rest.iter().try_fold(first, |product, factor| {
                    let value = self.fraction(&factor.value)?;
                    match factor.op {
                        ProductOp::Multiply => self.product(product, value),
                        ProductOp::Divide => self.quotient(product, value, &factor.value),
                    }
                })
            }
            ExprKind::Min(parts) => self.extreme(parts, Operation::Least),
            ExprKind::Max(parts) => self.extreme(parts, Operation::Greatest),
            _ => None,
        }
    }

    /// A number that is no quotient.
    fn term(&mut self, expr: &Expr) -> Option<Term> {
        let found = self.fraction(expr)?;
        found.under.is_none().then_some(found.over)
    }

    fn sum(&mut self, one: Fraction, op: SumOp, other: Fraction) -> Option<Fraction> {
        let operation = match op {
            SumOp::Add => Operation::Add,
            SumOp::Subtract => Operation::Subtract,
        };
        self.signed |= op == SumOp::Subtract;
        let (left, right, under) = match (one.under, other.under) {
            (None, None) => {
                return exact(self.operations.joined(one.over, other.over, operation)?);
            }
            (Some(under), None) => (
                one.over,
                self.operations.multiply(other.over, under)?,
                under,
            ),
            (None, Some(under)) => (
                self.operations.multiply(one.over, under)?,
                other.over,
                under,
            ),
            (Some(_), Some(_)) => return None,
        };
        Some(Fraction {
            over: self.operations.joined(left, right, operation)?,
            under: Some(under),
            least: one
                .least
                .zip(other.least)
                .map(|(one, other)| one.max(other)),
            lost: one.used()? + other.used()?,
        })
    }

    fn product(&mut self, one: Fraction, other: Fraction) -> Option<Fraction> {
        let over = self.operations.multiply(one.over, other.over)?;
        let under = match (one.under, other.under) {
            (None, None) => return exact(over),
            (Some(under), None) | (None, Some(under)) => under,
            (Some(_), Some(_)) => return None,
        };
        Some(Fraction {
            over,
            under: Some(under),
            least: one.least.zip(other.least).map(|(one, other)| one + other),
            lost: one.used()? + other.used()?,
        })
    }

    fn quotient(&mut self, of: Fraction, by: Fraction, divisor: &Expr) -> Option<Fraction> {
        if by.under.is_some() {
            return None;
        }
        let below = self.compiler.bounds(divisor).below();
        if !self.compiler.bounds(divisor).excludes_zero() {
            self.operations.not_zero(by.over)?;
        }
        let under = match of.under {
            None => by.over,
            Some(under) => self.operations.multiply(under, by.over)?,
        };
        // A finer divisor's quotient may be too large, which is a fault, before what
        // goes on from it makes it small.
        if under.places > MOST_PLACES {
            return None;
        }
        Some(Fraction {
            over: of.over,
            under: Some(under),
            least: of.least.zip(below).map(|(least, below)| least + below),
            lost: of.used()?,
        })
    }

    fn extreme(&mut self, parts: &[Expr], operation: fn(u8, u8) -> Operation) -> Option<Fraction> {
        let (first, rest) = parts.split_first()?;
        let first = self.term(first)?;
        let found = rest.iter().try_fold(first, |found, part| {
            let part = self.term(part)?;
            self.operations.joined(found, part, operation)
        });
        exact(found?)
    }

    fn read(&mut self, value: Value, ty: Ty) -> Option<Term> {
        let slot = self.compiler.value_slot(value);
        let read = match ty {
            Ty::Integer => Read::Whole,
            _ => Read::Exact(self.compiler.digits(value)?),
        };
        self.operations.read(slot, read)
    }
}

impl Fraction {
    /// What is lost where something goes on from it: it is rounded itself then.
    fn used(&self) -> Option<u64> {
        match self.under {
            None => Some(self.lost),
            // Numbers of 1 and above keep 28 digits of their own.
            Some(_) => self
                .lost
                .checked_add(10_u64.checked_pow(self.least?.max(1))?),
        }
    }
}

/// A number with few digits
fn exact(over: Term) -> Option<Fraction> {
    Some(Fraction {
        over,
        under: None,
        least: Some(over.places),
        lost: 0,
    })
}

fn constant(literal: &Literal) -> Option<Term> {
    match literal {
        Literal::Integer(value) => Some(Term::constant(*value, 0)),
        Literal::Exact(value) => Some(Term::constant(value.units(value.places())?, value.places())),
        _ => None,
    }
}
