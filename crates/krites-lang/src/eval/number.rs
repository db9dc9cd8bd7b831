//! Computations of whole and of exact numbers.

use crate::program::{Arithmetic, FactorCode, Number, Overflow, Whole};
use crate::{Exact, NumberFault, Span};

use super::fault::FaultKind;
use super::model::Answers;
use super::run::{Run, Stop};

impl<A: Answers> Run<'_, '_, A> {
    /// Computes a whole number. Slots and constants, the most common by far, are
    /// read here; this is inlined where numbers are asked.
    #[inline]
    pub(super) fn whole(&mut self, whole: &Whole) -> Result<i64, Stop> {
        match whole {
            Whole::Constant(value) => Ok(*value),
            Whole::Slot(slot) => self.whole_slot(*slot),
            whole => self.compound_whole(whole),
        }
    }

    #[inline(never)]
    fn compound_whole(&mut self, whole: &Whole) -> Result<i64, Stop> {
        match whole {
            Whole::Constant(_) | Whole::Slot(_) => self.whole(whole),
            Whole::Truth(truth) => Ok(i64::from(self.truth(truth)?)),
            Whole::Sum(terms, overflow, span) => {
                let mut sum = 0_i64;
                for (subtract, term) in terms {
                    let term = self.whole(term)?;
                    let next = if *subtract {
                        sum.checked_sub(term)
                    } else {
                        sum.checked_add(term)
                    };
                    sum = next.ok_or_else(|| self.overflow(*overflow, *span))?;
                }
                Ok(sum)
            }
            Whole::Product(factors, overflow, span) => {
                let mut product = 1_i64;
                for factor in factors {
                    let next = product.checked_mul(self.whole(factor)?);
                    product = next.ok_or_else(|| self.overflow(*overflow, *span))?;
                }
                Ok(product)
            }
            Whole::Negate(inner, overflow, span) => {
                let value = self.whole(inner)?.checked_neg();
                value.ok_or_else(|| self.overflow(*overflow, *span))
            }
            Whole::Abs(inner, overflow, span) => {
                let value = self.whole(inner)?.checked_abs();
                value.ok_or_else(|| self.overflow(*overflow, *span))
            }
            Whole::Rounded(code, span) => self.rounded_whole(code, *span),
            Whole::Extra(extra) => {
                self.extra(extra, Self::whole, |run, slot| run.frame.whole(slot))
            }
            Whole::Time(time) => self.time(time),
            Whole::Length(text) => {
                let length = self.ask_text(text, |text| text.chars().count())?;
                Ok(i64::try_from(length).unwrap_or(i64::MAX))
            }
            Whole::Min(parts) => self.whole_extreme(parts, i64::min),
            Whole::Max(parts) => self.whole_extreme(parts, i64::max),
            Whole::IfMissing(slot, alternative, span) => {
                if self.ready(*slot)? {
                    return Ok(self.frame.whole(*slot));
                }
                match alternative {
                    Some(alternative) => self.whole(alternative),
                    None => Err(self.fault(FaultKind::Missing, *span)),
                }
            }
        }
    }

    /// The fault of a result that 64 bits do not hold
    #[cold]
    fn overflow(&mut self, overflow: Overflow, span: Span) -> Stop {
        match overflow {
            Overflow::Number => self.number_fault(NumberFault::TooLarge, span),
            Overflow::Duration => self.fault(FaultKind::Calendar, span),
        }
    }

    fn whole_extreme(&mut self, parts: &[Whole], pick: fn(i64, i64) -> i64) -> Result<i64, Stop> {
        let mut found: Option<i64> = None;
        for part in parts {
            let value = self.whole(part)?;
            found = Some(found.map_or(value, |found| pick(found, value)));
        }
        Ok(found.unwrap_or_default())
    }

    /// Computes an exact number, slots and constants here, as [`Run::whole`].
    #[inline]
    pub(super) fn number(&mut self, number: &Number) -> Result<Exact, Stop> {
        match number {
            Number::Constant(value) => Ok(*value),
            Number::Slot(slot) => self.exact_slot(*slot),
            number => self.compound_number(number),
        }
    }

    #[inline(never)]
    fn compound_number(&mut self, number: &Number) -> Result<Exact, Stop> {
        match number {
            Number::Constant(_) | Number::Slot(_) => self.number(number),
            Number::Whole(whole) => Ok(Exact::from_integer(self.whole(whole)?)),
            Number::Sum(terms, arithmetic) => {
                let mut sum: Option<Exact> = None;
                for (at, (subtract, term)) in terms.iter().enumerate() {
                    let term = self.number(term)?;
                    let term = if *subtract { term.negate() } else { term };
                    let next = match sum {
                        None => Ok(term),
                        Some(sum) if at >= arithmetic.rounds_from => sum.add_rounded(term),
                        Some(sum) => sum.add(term),
                    };
                    sum = Some(next.map_err(|fault| self.number_fault(fault, arithmetic.span))?);
                }
                Ok(sum.unwrap_or_default())
            }
            Number::Product(first, rest, arithmetic) => self.product(first, rest, *arithmetic),
            Number::Negate(inner) => Ok(self.number(inner)?.negate()),
            Number::Abs(inner) => Ok(self.number(inner)?.abs()),
            Number::Rounded(code, span) => self.rounded_number(code, *span),
            Number::Extra(extra) => {
                self.extra(extra, Self::number, |run, slot| run.frame.exact(slot))
            }
            Number::Min(parts) => self.extreme(parts, Exact::min),
            Number::Max(parts) => self.extreme(parts, Exact::max),
            Number::IfMissing(slot, alternative, span) => {
                if self.ready(*slot)? {
                    return Ok(self.frame.exact(*slot));
                }
                match alternative {
                    Some(alternative) => self.number(alternative),
                    None => Err(self.fault(FaultKind::Missing, *span)),
                }
            }
        }
    }

    fn product(
        &mut self,
        first: &Number,
        rest: &[FactorCode],
        arithmetic: Arithmetic,
    ) -> Result<Exact, Stop> {
        let mut product = self.number(first)?;
        for (at, factor) in (1..).zip(rest) {
            product = self.factor(product, factor, at, arithmetic, None)?;
        }
        Ok(product)
    }

    /// A product that its type rounds: a division at its end goes straight to
    /// the digits that are kept.
    pub(super) fn rounded_product(
        &mut self,
        first: &Number,
        rest: &[FactorCode],
        arithmetic: Arithmetic,
        places: u32,
    ) -> Result<Exact, Stop> {
        let Some((last, rest)) = rest.split_last() else {
            return self
                .number(first)
                .map(|value| self.rounded(value, Some(places)));
        };
        let product = self.product(first, rest, arithmetic)?;
        self.factor(product, last, rest.len() + 1, arithmetic, Some(places))
    }

    /// Goes on from a product by the factor that stands `at` this place in it;
    /// rounds it where `places` are given.
    fn factor(
        &mut self,
        product: Exact,
        factor: &FactorCode,
        at: usize,
        arithmetic: Arithmetic,
        places: Option<u32>,
    ) -> Result<Exact, Stop> {
        let value = self.number(&factor.value)?;
        let next = match &factor.if_zero {
            Some(alternative) if value.is_zero() => Ok(self.number(alternative)?),
            _ if factor.divides => {
                if let Some(places) = places {
                    let quotient = product.divide_to(value, places, self.program.rounding);
                    return quotient.map_err(|fault| self.number_fault(fault, arithmetic.span));
                }
                product.divide(value)
            }
            _ if at >= arithmetic.rounds_from => product.multiply_rounded(value),
            _ => product.multiply(value),
        };
        let next = next.map_err(|fault| self.number_fault(fault, arithmetic.span))?;
        Ok(self.rounded(next, places))
    }

    fn extreme(
        &mut self,
        parts: &[Number],
        pick: fn(Exact, Exact) -> Exact,
    ) -> Result<Exact, Stop> {
        let mut found: Option<Exact> = None;
        for part in parts {
            let value = self.number(part)?;
            found = Some(found.map_or(value, |found| pick(found, value)));
        }
        Ok(found.unwrap_or_default())
    }
}
