//! Adding, multiplying, dividing.

use ethnum::U256;

use super::rounding::{is_up, rounded, rounded_wide};
use super::{Exact, LIMIT, MAX_PLACES, NumberFault, digits, pow10};
use crate::ast::Rounding;

impl Exact {
    /// Adds exactly.
    ///
    /// # Errors
    ///
    /// [`NumberFault::TooLarge`] where the sum needs more than 28 digits.
    #[expect(
        clippy::should_implement_trait,
        reason = "a sum can be a fault, which an operator cannot say"
    )]
    pub fn add(self, other: Exact) -> Result<Exact, NumberFault> {
        let places = self.scale().max(other.scale());
        let sum = |a: Exact, b: Exact, places| a.aligned(places)?.checked_add(b.aligned(places)?);
        if let Some(sum) = sum(self, other, places) {
            return Exact::new(sum, places);
        }
        // Where aligning the shortest forms overflows 38 digits, the sum has a
        // digit at either end and so more than 28.
        let (a, b) = (self.shortest(), other.shortest());
        let places = a.scale().max(b.scale());
        Exact::new(sum(a, b, places).ok_or(NumberFault::TooLarge)?, places)
    }

    /// The product of everyday numbers, which fits without a second look
    #[inline]
    fn small_product(self, other: Exact, places: u32) -> Option<Exact> {
        let product = u128::from(self.small()?) * u128::from(other.small()?);
        let negative = self.is_negative() != other.is_negative();
        (product < LIMIT && places <= MAX_PLACES).then(|| Exact::carried(product, places, negative))
    }

    /// The mantissa without its sign, where 64 bits hold it
    #[inline]
    fn small(self) -> Option<u64> {
        u64::try_from(self.size()).ok()
    }

    /// The number in units of `10⁻ᵖˡᵃᶜᵉˢ`, where 38 digits hold it.
    #[inline]
    pub(super) fn aligned(self, places: u32) -> Option<i128> {
        if places == self.scale() {
            return Some(self.mantissa());
        }
        let factor = i128::try_from(pow10(places - self.scale())).ok()?;
        self.mantissa().checked_mul(factor)
    }

    /// The number without its sign in units of `10⁻ᵖˡᵃᶜᵉˢ`: 56 digits at most, and
    /// 256 bits hold 76.
    pub(super) fn aligned_wide(self, places: u32) -> U256 {
        U256::from(self.size()) * U256::from(pow10(places - self.scale()))
    }

    /// Subtracts exactly.
    ///
    /// # Errors
    ///
    /// As [`Exact::add`].
    pub fn subtract(self, other: Exact) -> Result<Exact, NumberFault> {
        self.add(other.negate())
    }

    /// Multiplies exactly.
    ///
    /// # Errors
    ///
    /// [`NumberFault::TooLarge`] where the product needs more than 28 digits or
    /// places.
    pub fn multiply(self, other: Exact) -> Result<Exact, NumberFault> {
        let places = self.scale() + other.scale();
        if let Some(product) = self.small_product(other, places) {
            return Ok(product);
        }
        if let Some(product) = self.mantissa().checked_mul(other.mantissa()) {
            return Exact::new(product, places);
        }
        // Every trailing zero of the product is a 2 of one factor times a 5 of
        // the other, or a zero of one: without them it fits or is too large.
        let (a, b) = (self.shortest(), other.shortest());
        let mut places = a.scale() + b.scale();
        let (mut a, mut b) = (a.mantissa(), b.mantissa());
        while places > 0 {
            (a, b) = match () {
                () if a % 10 == 0 => (a / 10, b),
                () if b % 10 == 0 => (a, b / 10),
                () if a % 2 == 0 && b % 5 == 0 => (a / 2, b / 5),
                () if a % 5 == 0 && b % 2 == 0 => (a / 5, b / 2),
                () => break,
            };
            places -= 1;
        }
        Exact::new(a.checked_mul(b).ok_or(NumberFault::TooLarge)?, places)
    }

    /// Adds what goes on from a quotient: exact where 28 digits hold it, else
    /// rounded once, half even, to 28 significant digits or 28 places.
    ///
    /// # Errors
    ///
    /// [`NumberFault::TooLarge`] from 10²⁸ on.
    pub fn add_rounded(self, other: Exact) -> Result<Exact, NumberFault> {
        let places = self.scale().max(other.scale());
        if let Some(sum) = self
            .aligned(places)
            .zip(other.aligned(places))
            .and_then(|(a, b)| a.checked_add(b))
        {
            return rounded(sum.unsigned_abs(), places, sum < 0);
        }
        let (a, b) = (self.aligned_wide(places), other.aligned_wide(places));
        let (negative, other_negative) = (self.is_negative(), other.is_negative());
        if negative == other_negative {
            rounded_wide(a + b, places, negative)
        } else if a >= b {
            rounded_wide(a - b, places, negative)
        } else {
            rounded_wide(b - a, places, other_negative)
        }
    }

    /// Multiplies what goes on from a quotient: exact where 28 digits hold it,
    /// else rounded once, half even, to 28 significant digits or 28 places.
    ///
    /// # Errors
    ///
    /// [`NumberFault::TooLarge`] from 10²⁸ on.
    pub fn multiply_rounded(self, other: Exact) -> Result<Exact, NumberFault> {
        let places = self.scale() + other.scale();
        if let Some(product) = self.small_product(other, places) {
            return Ok(product);
        }
        let (size, other_size) = (self.size(), other.size());
        let negative = self.is_negative() != other.is_negative();
        match size.checked_mul(other_size) {
            Some(product) => rounded(product, places, negative),
            None => rounded_wide(U256::from(size) * U256::from(other_size), places, negative),
        }
    }

    /// Divides, rounded once, half even, to 28 significant digits or 28 places,
    /// whichever is coarser.
    ///
    /// # Errors
    ///
    /// [`NumberFault::DivisionByZero`], [`NumberFault::TooLarge`].
    pub fn divide(self, other: Exact) -> Result<Exact, NumberFault> {
        let divisor = other.size();
        if divisor == 0 {
            return Err(NumberFault::DivisionByZero);
        }
        let dividend = self.size();
        let negative = self.is_negative() != other.is_negative();
        let mut places = self.scale().cast_signed() - other.scale().cast_signed();
        let mut quotient = dividend / divisor;
        let mut rest = dividend - quotient * divisor;
        // More digits come in steps that keep `rest × 10ˢᵗᵉᵖ` within 38 digits.
        // INVARIANT: quotient < 10²⁸ and rest < divisor < 10²⁸.
        let widest = 38 - digits(divisor);
        while rest != 0 && places < MAX_PLACES.cast_signed() {
            let room = (MAX_PLACES.cast_signed() - places).unsigned_abs();
            let step = (28 - digits(quotient)).min(room).min(widest);
            if step == 0 {
                break;
            }
            let scaled = rest * pow10(step);
            let more = scaled / divisor;
            quotient = quotient * pow10(step) + more;
            rest = scaled - more * divisor;
            places += step.cast_signed();
        }
        if is_up(rest.cmp(&(divisor - rest)), quotient % 2 == 1) {
            quotient += 1;
        }
        if rest != 0 && places < 0 {
            return Err(NumberFault::TooLarge);
        }
        Exact::from_scanned(quotient, places, negative)
    }

    /// Divides and rounds to `places` digits behind the point, with the result
    /// of [`Exact::divide`] followed by [`Exact::round`].
    ///
    /// # Errors
    ///
    /// As [`Exact::divide`].
    pub fn divide_to(
        self,
        other: Exact,
        places: u32,
        rounding: Rounding,
    ) -> Result<Exact, NumberFault> {
        match self.divide_shortly(other, places, rounding) {
            Some(quotient) => Ok(quotient),
            None => Ok(self.divide(other)?.round(places, rounding)),
        }
    }

    /// One division in units of `10⁻ᵖˡᵃᶜᵉˢ`. `None` where the first rounding, to 28
    /// digits, could reach the digits that are kept: a quotient of 15 digits at
    /// most differs from the rounded one by at most half of 10⁻¹³ of a unit, so it
    /// has to lie farther than that from the next unit and from the middle between two.
    fn divide_shortly(self, other: Exact, places: u32, rounding: Rounding) -> Option<Exact> {
        /// 2⁻⁴⁰ is above 9 × 10⁻¹³
        const NEAR: u32 = 40;
        let shift = places.cast_signed() + other.scale().cast_signed() - self.scale().cast_signed();
        if places > 12 || shift.unsigned_abs() > 38 {
            return None;
        }
        let factor = pow10(shift.unsigned_abs());
        let (whole, rest, under) = match self.small_division(other, shift >= 0, factor) {
            Some(found) => found,
            None => {
                let (mut over, mut under) = (self.size(), other.size());
                if shift >= 0 {
                    over = over.checked_mul(factor)?;
                } else {
                    under = under.checked_mul(factor)?;
                }
                let whole = over.checked_div(under)?;
                (whole, over - whole * under, under)
            }
        };
        let lack = under - rest;
        let near = under >> NEAR;
        let decided = rest == 0 || (rest > near && lack > near && rest.abs_diff(lack) > near);
        if !decided || whole >= pow10(15) {
            return None;
        }
        let away = rest != 0
            && match rounding {
                Rounding::HalfUp | Rounding::HalfEven | Rounding::HalfDown => rest > lack,
                Rounding::Up => true,
                Rounding::Down => false,
            };
        let negative = self.is_negative() != other.is_negative();
        Some(Exact::carried(whole + u128::from(away), places, negative))
    }

    /// Whole part, rest and divisor of an everyday division, in one instruction
    /// of 64 bits; `over` says which side the factor scales.
    #[inline]
    fn small_division(self, other: Exact, over: bool, factor: u128) -> Option<(u128, u128, u128)> {
        let (a, b, factor) = (self.small()?, other.small()?, u64::try_from(factor).ok()?);
        let (a, b) = if over {
            (a.checked_mul(factor)?, b)
        } else {
            (a, b.checked_mul(factor)?)
        };
        let whole = a.checked_div(b)?;
        Some((u128::from(whole), u128::from(a - whole * b), u128::from(b)))
    }
}
