//! Arithmetic, a step at a time: what each step gives is kept by the rules of its
//! type.

use krites_lang::Ty;
use krites_lang::ast::{ProductOp, SumOp};
use krites_lang::ir::{Expr, ExprKind, Factor, WholeRounding};
use num_bigint::BigInt;
use num_rational::BigRational;

use crate::run::{Found, Run};
use crate::{Fault, Value, calendar, number};

/// The largest exponent, either way
const MAX_EXPONENT: i64 = 12_000;

impl<'p> Run<'p, '_> {
    /// The value of what computes a number or duration.
    pub(crate) fn computed(&mut self, expr: &'p Expr) -> Found<Value> {
        let value = match &expr.kind {
            ExprKind::Sum(first, rest) => self.sum(expr.ty, first, rest)?,
            ExprKind::Product(first, rest) => self.product(expr.ty, first, rest)?,
            ExprKind::Negate(inner) => {
                let value = -self.number(inner)?;
                self.kept(expr.ty, value, false)?
            }
            ExprKind::Abs(inner) => {
                let value = number::absolute(&self.number(inner)?);
                self.kept(expr.ty, value, false)?
            }
            ExprKind::ToWhole(side, inner) => {
                let value = self.number(inner)?;
                let value = match side {
                    WholeRounding::Floor => value.floor(),
                    WholeRounding::Ceiling => value.ceil(),
                    WholeRounding::Truncate => value.trunc(),
                };
                self.kept(expr.ty, value, false)?
            }
            ExprKind::ToDigits(inner, places, rounding) => {
                number::round(&self.number(inner)?, *places, *rounding)
            }
            ExprKind::ToMultiple(inner, multiple, rounding) => {
                let (value, multiple) = (self.number(inner)?, self.number(multiple)?);
                self.not_zero(&multiple)?;
                let value = number::round_to_multiple(&value, &multiple, *rounding);
                self.kept(expr.ty, value, false)?
            }
            ExprKind::Remainder(of, by, if_zero) => {
                let (of, by) = (self.number(of)?, self.number(by)?);
                match if_zero {
                    Some(if_zero) if by == number::zero() => self.number(if_zero)?,
                    _ => {
                        self.not_zero(&by)?;
                        let value = &of - &by * (&of / &by).floor();
                        self.kept(expr.ty, value, false)?
                    }
                }
            }
            ExprKind::Power(base, exponent) => {
                let (base, exponent) = (self.number(base)?, self.integer(exponent)?);
                self.power(base, exponent)?
            }
            ExprKind::Calibrated(calibration) => {
                let at = self.number(&calibration.of)?;
                let value = crate::value_items::calibrated(&at, calibration);
                self.kept(expr.ty, value, true)?
            }
            _ => return self.broken("this computes no number"),
        };
        self.of_number(expr.ty, value)
    }

    fn goes_on(&self, expr: &Expr) -> bool {
        self.reference.quotients.goes_on(expr)
    }

    /// Keeps the result of a step.
    pub(crate) fn kept(&mut self, ty: Ty, value: BigRational, goes_on: bool) -> Found<BigRational> {
        let whole = number::to_integer(&value).is_some();
        match ty {
            Ty::Integer if whole => Ok(value),
            Ty::Integer => Err(self.fault(Fault::TooLarge)),
            Ty::Duration if whole => Ok(value),
            Ty::Duration => Err(self.fault(Fault::Calendar)),
            _ => self.noted(number::keep(value, goes_on)),
        }
    }

    fn of_number(&mut self, ty: Ty, value: BigRational) -> Found<Value> {
        Ok(match ty {
            Ty::Duration => Value::Duration(value.to_integer()),
            _ => Value::Number(value),
        })
    }

    fn not_zero(&mut self, divisor: &BigRational) -> Found<()> {
        if *divisor == number::zero() {
            return Err(self.fault(Fault::DivisionByZero));
        }
        Ok(())
    }

    fn sum(&mut self, ty: Ty, first: &'p Expr, rest: &'p [(SumOp, Expr)]) -> Found<BigRational> {
        let mut goes_on = self.goes_on(first);
        let mut sum = self.number(first)?;
        for (op, term) in rest {
            goes_on |= self.goes_on(term);
            let term = self.number(term)?;
            let next = match op {
                SumOp::Add => sum + term,
                SumOp::Subtract => sum - term,
            };
            sum = self.kept(ty, next, goes_on)?;
        }
        Ok(sum)
    }

    fn product(&mut self, ty: Ty, first: &'p Expr, rest: &'p [Factor]) -> Found<BigRational> {
        let mut goes_on = self.goes_on(first);
        let mut product = self.number(first)?;
        for factor in rest {
            goes_on |= factor.op == ProductOp::Divide || self.goes_on(&factor.value);
            let value = self.number(&factor.value)?;
            product = match (factor.op, &factor.if_zero) {
                (ProductOp::Multiply, _) => self.kept(ty, product * value, goes_on)?,
                (ProductOp::Divide, Some(if_zero)) if value == number::zero() => {
                    self.number(if_zero)?
                }
                (ProductOp::Divide, _) => {
                    self.not_zero(&value)?;
                    self.kept(ty, product / value, true)?
                }
            };
        }
        Ok(product)
    }

    fn power(&mut self, base: BigRational, exponent: i64) -> Found<BigRational> {
        if exponent.abs() > MAX_EXPONENT {
            return Err(self.fault(Fault::TooLarge));
        }
        if exponent < 0 {
            self.not_zero(&base)?;
        }
        let size = u32::try_from(exponent.unsigned_abs()).unwrap_or(0);
        let (above, below) = (base.numer().pow(size), base.denom().pow(size));
        self.noted(match exponent < 0 {
            true => number::fraction(&below, &above),
            false => number::fraction(&above, &below),
        })
    }

    /// Instants and durations.
    pub(crate) fn of_time(&mut self, expr: &'p Expr) -> Found<Value> {
        match &expr.kind {
            ExprKind::Shift(instant, duration, back) => {
                let instant = self.instant(instant)?;
                let duration = self.number(duration)?.to_integer();
                let shifted = if *back {
                    BigInt::from(instant) - duration
                } else {
                    BigInt::from(instant) + duration
                };
                let shifted = self.noted(calendar::instant(&shifted))?;
                Ok(Value::DateTime(shifted))
            }
            ExprKind::Elapsed(from, to) => {
                let (from, to) = (self.instant(from)?, self.instant(to)?);
                Ok(Value::Duration(BigInt::from(to) - from))
            }
            ExprKind::DurationOf(amount, unit) => {
                let Some(length) = calendar::length(*unit) else {
                    return self.broken("a unit without a length");
                };
                let amount = self.number(amount)? * BigInt::from(length);
                let amount = self.kept(Ty::Duration, amount, false)?;
                Ok(Value::Duration(amount.to_integer()))
            }
            _ => self.broken("this is no time"),
        }
    }

    fn instant(&mut self, expr: &'p Expr) -> Found<i64> {
        match self.there(expr)? {
            Value::DateTime(value) => Ok(value),
            _ => self.broken("not a datetime"),
        }
    }
}
