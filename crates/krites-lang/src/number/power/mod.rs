//! Powers, rounded once.
//!
//! A power that is a number of 28 digits, or the middle between two of them, has
//! at most 29 digits: [`Exact::short_power`] finds it exactly. Any other lies
//! nearer to one number than to the next, and a mantissa cut to enough bits says
//! to which: to 128 bits here, to more in [`long`] where they leave it open.
//! (A. Ziv, "Fast evaluation of elementary mathematical functions with correctly
//! rounded last bit", ACM TOMS 17, 1991.)

mod long;
#[cfg(test)]
mod tests;

use ethnum::U256;

use super::rounding::rounded;
use super::{Exact, MAX_PLACES, NumberFault, digits, pow10};

/// Bits of the first attempt after 128: powers near a middle by the design of
/// their base, as that of `2 + 10⁻²⁷` to -2, are told from it by some 180
const LONG_BITS: u64 = 256;

impl Exact {
    /// The greatest exponent of [`Exact::power`], and with a minus sign the least:
    /// a thousand years of months.
    ///
    /// It bounds how long a power takes.
    pub const MOST_EXPONENT: u32 = 12_000;

    /// Raises to a whole power, rounded once, half even, to 28 significant digits
    /// or 28 places, whichever is coarser. Anything to the power of 0 is 1.
    ///
    /// # Errors
    ///
    /// [`NumberFault::TooLarge`] for exponents beyond ±[`Exact::MOST_EXPONENT`], and
    /// from 10²⁸ on; [`NumberFault::DivisionByZero`] for zero to a negative power.
    ///
    /// # Example: interest by the month over 30 years
    ///
    /// ```
    /// use krites_lang::{Exact, NumberFault};
    ///
    /// let factor = Exact::parse("1.00408333")?;
    /// assert_eq!(factor.power(2)?.to_string(), "1.0081833335838889");
    /// assert_eq!(factor.power(360)?.to_string(), "4.336231704135020025611460845");
    /// # Ok::<(), NumberFault>(())
    /// ```
    ///
    /// # Example: limits
    ///
    /// ```
    /// use krites_lang::{Exact, NumberFault};
    ///
    /// let half = Exact::parse("0.5")?;
    /// assert_eq!(half.power(12_000), Ok(Exact::ZERO));
    /// assert_eq!(half.power(-12_000), Err(NumberFault::TooLarge));
    /// assert_eq!(half.power(12_001), Err(NumberFault::TooLarge));
    /// # Ok::<(), NumberFault>(())
    /// ```
    pub fn power(self, exponent: i64) -> Result<Exact, NumberFault> {
        let steps = match u32::try_from(exponent.unsigned_abs()) {
            Ok(steps) if steps <= Exact::MOST_EXPONENT => steps,
            _ => return Err(NumberFault::TooLarge),
        };
        let base = self.shortest();
        let (size, unit) = (base.size(), pow10(base.scale()));
        let negative = base.is_negative() && exponent % 2 != 0;
        if exponent == 0 || size == unit {
            return Ok(Exact::carried(1, 0, negative));
        }
        if size == 0 {
            return match exponent {
                0.. => Ok(Exact::ZERO),
                _ => Err(NumberFault::DivisionByZero),
            };
        }
        if let Some((size, places)) = base.short_power(steps, exponent < 0) {
            return rounded(size, places, negative);
        }
        let (over, under) = if exponent < 0 {
            (unit, size)
        } else {
            (size, unit)
        };
        let power = Cut::quotient(over, under).power(steps);
        // 10²⁸ lies between 2⁹³ and 2⁹⁴, and half of 10⁻²⁸ between 2⁻⁹⁵ and 2⁻⁹⁴.
        match power.exponent + 128 {
            95.. => Err(NumberFault::TooLarge),
            ..=-95 => Ok(Exact::ZERO),
            _ => {
                let (units, places) = power
                    .nearest(steps)
                    .unwrap_or_else(|| long::nearest(over, under, steps, LONG_BITS));
                Exact::from_scanned(units, places.cast_signed(), negative)
            }
        }
    }

    /// Size and places of the power, or of its reciprocal, of a number in shortest
    /// form, where it ends and 38 digits hold it. One that ends with more digits
    /// has no zero behind the point to drop: it is no number, and no middle.
    fn short_power(self, steps: u32, reciprocal: bool) -> Option<(u128, u32)> {
        let (size, places) = (self.size(), self.scale());
        if !reciprocal {
            return Some((size.checked_pow(steps)?, places * steps));
        }
        let twos = size.trailing_zeros();
        let (mut rest, mut fives) = (size >> twos, 0);
        while rest.is_multiple_of(5) {
            rest /= 5;
            fives += 1;
        }
        if rest != 1 {
            return None;
        }
        // 1 / (2ᵃ × 5ᵇ × 10⁻ˢ) is 2ˢ⁻ᵃ × 5ˢ⁻ᵇ.
        let steps = steps.cast_signed();
        let twos = (places.cast_signed() - twos.cast_signed()) * steps;
        let fives = (places.cast_signed() - fives) * steps;
        let places = (-twos).max(-fives).max(0);
        let twos = 2_u128.checked_pow((twos + places).unsigned_abs())?;
        let fives = 5_u128.checked_pow((fives + places).unsigned_abs())?;
        Some((twos.checked_mul(fives)?, places.unsigned_abs()))
    }
}

/// A positive number cut to 128 bits, `mantissa × 2ᵉˣᵖᵒⁿᵉⁿᵗ`
///
/// INVARIANT: the mantissa has its highest bit set.
#[derive(Clone, Copy)]
struct Cut {
    mantissa: u128,
    exponent: i32,
}

impl Cut {
    /// The highest 128 bits of `number × 2ᵉˣᵖᵒⁿᵉⁿᵗ`
    fn new(number: U256, exponent: i32) -> Cut {
        let shift = number.leading_zeros();
        let (mantissa, _) = (number << shift).into_words();
        let exponent = exponent + 128 - shift.cast_signed();
        Cut { mantissa, exponent }
    }

    /// Divides; both are at least 1 and at most 10²⁸.
    fn quotient(over: u128, under: u128) -> Cut {
        // With 128 bits more than the divisor, the quotient has 128 or 129.
        let shift = 128 + over.leading_zeros() - under.leading_zeros();
        let quotient = (U256::from(over) << shift) / U256::from(under);
        Cut::new(quotient, -shift.cast_signed())
    }

    fn multiply(self, other: Cut) -> Cut {
        let product = U256::from(self.mantissa) * U256::from(other.mantissa);
        Cut::new(product, self.exponent + other.exponent)
    }

    /// Raises to a power of at least 1.
    fn power(self, steps: u32) -> Cut {
        let mut power = self;
        for bit in (0..steps.ilog2()).rev() {
            power = power.multiply(power);
            if steps >> bit & 1 == 1 {
                power = power.multiply(self);
            }
        }
        power
    }

    /// Rounds to units of places behind the point, of a power of `steps` that is
    /// no middle between two numbers. `None` where the cut bits could matter.
    fn nearest(self, steps: u32) -> Option<(u128, u32)> {
        let cut = self.exponent.unsigned_abs();
        let places = places_beside(self.mantissa.checked_shr(cut).unwrap_or(0));
        let round =
            |mantissa: U256| (((mantissa * U256::from(pow10(places))) >> (cut - 1)) + 1) >> 1;
        let low = round(U256::from(self.mantissa));
        let high = round(U256::from(self.mantissa) + U256::from(lack(steps)));
        let units = u128::try_from(low).ok()?;
        (low == high).then_some((units, places))
    }
}

/// What a power of `steps` lacks at most by cutting, in units of the mantissa's
/// last bit.
///
/// With `u = 2¹⁻ᵇⁱᵗˢ`, a cut number lacks less than `u` of itself. If the cut `xᵃ` lacks
/// at most `(2a - 1)u` of `xᵃ`, as it does for `a = 1`, then the cut product of
/// `xᵃ` and `xᵇ` lacks at most `(2a - 1)u + (2b - 1)u + u = (2(a + b) - 1)u`. A
/// mantissa is below `2/u`, so that is less than `4(a + b)` of its units.
fn lack(steps: u32) -> u32 {
    4 * steps
}

/// The places beside whole digits that a rounded number has room for
fn places_beside(whole: u128) -> u32 {
    MAX_PLACES.saturating_sub(digits(whole))
}
