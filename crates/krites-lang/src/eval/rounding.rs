//! Rounding, remainders and powers.

use crate::ir::Knot;
use crate::program::{RoundedNumber, RoundedWhole};
use crate::{Exact, NumberFault, Span};

use super::model::Answers;
use super::run::{Run, Stop};

impl<A: Answers> Run<'_, '_, A> {
    pub(super) fn rounded_whole(&mut self, code: &RoundedWhole, span: Span) -> Result<i64, Stop> {
        let found = match code {
            RoundedWhole::Nearest(side, number) => to_integer(side.of(self.number(number)?)),
            RoundedWhole::Multiple(number, of, rounding) => {
                let number = Exact::from_integer(self.whole(number)?);
                let of = Exact::from_integer(self.whole(of)?);
                number.round_to_multiple(of, *rounding).and_then(to_integer)
            }
            RoundedWhole::Remainder(of, by, if_zero) => {
                let (of, by) = (self.whole(of)?, self.whole(by)?);
                match if_zero {
                    Some(alternative) if by == 0 => return self.whole(alternative),
                    _ => Exact::integer_remainder(of, by),
                }
            }
        };
        found.map_err(|fault| self.number_fault(fault, span))
    }

    pub(super) fn rounded_number(
        &mut self,
        code: &RoundedNumber,
        span: Span,
    ) -> Result<Exact, Stop> {
        let found = match code {
            RoundedNumber::Nearest(side, number) => Ok(side.of(self.number(number)?)),
            RoundedNumber::Digits(number, places, rounding) => {
                Ok(self.number(number)?.round(*places, *rounding))
            }
            RoundedNumber::Multiple(number, of, rounding) => {
                let (number, of) = (self.number(number)?, self.number(of)?);
                number.round_to_multiple(of, *rounding)
            }
            RoundedNumber::Remainder(of, by, if_zero) => {
                let (of, by) = (self.number(of)?, self.number(by)?);
                match if_zero {
                    Some(alternative) if by.is_zero() => return self.number(alternative),
                    _ => of.remainder(by),
                }
            }
            RoundedNumber::Calibrated(number, knots, linear) => {
                calibrated(self.number(number)?, knots, *linear)
            }
            RoundedNumber::Power(base, exponent) => {
                let base = self.number(base)?;
                base.power(self.whole(exponent)?)
            }
        };
        found.map_err(|fault| self.number_fault(fault, span))
    }
}

fn to_integer(number: Exact) -> Result<i64, NumberFault> {
    number.to_integer().ok_or(NumberFault::TooLarge)
}

/// The value by points, which rise: beyond the first and the last one it is theirs.
fn calibrated(at: Exact, knots: &[Knot], linear: bool) -> Result<Exact, NumberFault> {
    let next = knots.partition_point(|knot| knot.at <= at);
    let (low, high) = (
        next.checked_sub(1).and_then(|low| knots.get(low)),
        knots.get(next),
    );
    match (low, high) {
        (Some(low), Some(high)) if linear && low.at < at => {
            at.on_line((low.at, low.value), (high.at, high.value))
        }
        (Some(knot), _) | (None, Some(knot)) => Ok(knot.value),
        // The checker let no calibration be without points.
        (None, None) => Ok(Exact::ZERO),
    }
}
