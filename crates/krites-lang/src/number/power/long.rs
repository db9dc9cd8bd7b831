//! Powers so near to the middle between two numbers that 128 bits leave open
//! which is nearer.

use num_bigint::BigUint;

use super::{lack, places_beside, pow10};

/// Rounds `(over / under)ˢᵗᵉᵖˢ`, which is below 2⁹⁴ and no middle between two
/// numbers, to units of places behind the point; begins with `bits`, 96 at least.
///
/// It ends, because such a power has a distance to the middle, and what is cut
/// falls below it.
pub(super) fn nearest(over: u128, under: u128, steps: u32, bits: u64) -> (u128, u32) {
    let mut bits = bits;
    loop {
        let power = Cut::quotient(over, under, bits).power(steps, bits);
        if let Some(found) = power.nearest(steps) {
            return found;
        }
        bits *= 2;
    }
}

/// A positive number cut to some number of bits, `mantissa × 2ᵉˣᵖᵒⁿᵉⁿᵗ`
struct Cut {
    mantissa: BigUint,
    exponent: i64,
}

impl Cut {
    /// The highest `bits` of `number × 2ᵉˣᵖᵒⁿᵉⁿᵗ`, which has as many at least
    fn new(number: BigUint, exponent: i64, bits: u64) -> Cut {
        let shift = number.bits() - bits;
        Cut {
            mantissa: number >> shift,
            exponent: exponent + shift.cast_signed(),
        }
    }

    /// Divides; both are at least 1 and at most 10²⁸.
    fn quotient(over: u128, under: u128, bits: u64) -> Cut {
        let shift = bits + u64::from(over.leading_zeros()) - u64::from(under.leading_zeros());
        let quotient = (BigUint::from(over) << shift) / BigUint::from(under);
        Cut::new(quotient, -shift.cast_signed(), bits)
    }

    fn multiply(&self, other: &Cut, bits: u64) -> Cut {
        let product = &self.mantissa * &other.mantissa;
        Cut::new(product, self.exponent + other.exponent, bits)
    }

    /// Raises to a power of at least 1.
    fn power(&self, steps: u32, bits: u64) -> Cut {
        let mut power = Cut {
            mantissa: self.mantissa.clone(),
            exponent: self.exponent,
        };
        for bit in (0..steps.ilog2()).rev() {
            power = power.multiply(&power, bits);
            if steps >> bit & 1 == 1 {
                power = power.multiply(self, bits);
            }
        }
        power
    }

    /// As [`super::Cut::nearest`]
    fn nearest(&self, steps: u32) -> Option<(u128, u32)> {
        let cut = self.exponent.unsigned_abs();
        let whole = u128::try_from(&self.mantissa >> cut).ok()?;
        let places = places_beside(whole);
        let round = |mantissa: BigUint| (((mantissa * pow10(places)) >> (cut - 1)) + 1_u8) >> 1_u8;
        let low = round(self.mantissa.clone());
        let high = round(&self.mantissa + lack(steps));
        let units = u128::try_from(&low).ok()?;
        (low == high).then_some((units, places))
    }
}
