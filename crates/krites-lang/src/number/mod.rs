//! Exact numbers, defined by precision and rounding.
//!
//! A number is `m × 10⁻ˢ` with whole `m`, `|m| < 10²⁸` and `0 ≤ s ≤ 28`. Adding,
//! subtracting and multiplying are exact or a [`NumberFault`]; dividing rounds
//! once, half even, to 28 significant digits or 28 places, whichever is
//! coarser, and so do sums and products that go on from a quotient, which has
//! no exact value to keep, and powers. `rust_decimal` reads and writes the value; its own
//! arithmetic, which rounds without a word, is not used.

mod arithmetic;
mod line;
mod power;
mod rounding;
mod single;
#[cfg(test)]
mod tests;
mod text;
mod units;
mod whole;

use std::cmp::Ordering;
use std::fmt;

use rust_decimal::Decimal;

/// Most digits behind the point
const MAX_PLACES: u32 = 28;
/// Every mantissa stays below this
const LIMIT: u128 = 10_u128.pow(28);

/// An exact decimal number
///
/// From the lowest bit: 96 bits of `|m|`, 8 bits of `s`, and the sign in the
/// highest bit; zero has none. A number stays in two registers this way.
#[derive(Clone, Copy, Default)]
pub struct Exact(u128);

/// Where the places begin
const PLACES_BIT: u32 = 96;
/// Where the sign is
const SIGN_BIT: u32 = 127;

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Exact {}

impl std::hash::Hash for Exact {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        // Equal numbers may be carried with different digits.
        self.to_decimal().hash(state);
    }
}

impl Ord for Exact {
    #[inline]
    fn cmp(&self, other: &Self) -> Ordering {
        match self.cmp_alike(other) {
            Some(order) => order,
            None => self.cmp_aligned(other),
        }
    }
}

impl Exact {
    /// Compares numbers of one sign and with as many places, as most that meet are
    /// carried; `None` for others.
    #[inline]
    pub(crate) fn cmp_alike(&self, other: &Self) -> Option<Ordering> {
        ((self.0 ^ other.0) >> PLACES_BIT == 0).then(|| {
            let sizes = self.size().cmp(&other.size());
            if self.is_negative() {
                sizes.reverse()
            } else {
                sizes
            }
        })
    }

    #[inline(never)]
    fn cmp_aligned(&self, other: &Self) -> Ordering {
        let places = self.scale().max(other.scale());
        if let (Some(one), Some(other)) = (self.units(places), other.units(places)) {
            return one.cmp(&other);
        }
        match (self.aligned(places), other.aligned(places)) {
            (Some(one), Some(other)) => one.cmp(&other),
            // One alone is beyond 38 digits of the finer one's unit.
            (None, Some(_)) => {
                if self.is_negative() {
                    Ordering::Less
                } else {
                    Ordering::Greater
                }
            }
            (Some(_), None) => {
                if other.is_negative() {
                    Ordering::Greater
                } else {
                    Ordering::Less
                }
            }
            (None, None) => self.to_decimal().cmp(&other.to_decimal()),
        }
    }
}

impl PartialOrd for Exact {
    #[inline]
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Why a number cannot be computed or read
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum NumberFault {
    /// The result has more than 28 digits before the point or in all
    #[error("the result is too large or needs more than 28 digits")]
    TooLarge,
    /// Division by zero
    #[error("division by zero")]
    DivisionByZero,
    /// The text is not a number
    #[error("not a number")]
    NotANumber,
}

/// 10⁰ to 10³⁸
#[expect(
    clippy::indexing_slicing,
    reason = "computed by the compiler, which would see it"
)]
const POWERS: [u128; 39] = {
    let mut powers = [1_u128; 39];
    let mut exponent = 1;
    while exponent < 39 {
        powers[exponent] = powers[exponent - 1] * 10;
        exponent += 1;
    }
    powers
};

/// How many digits a number has; zero has none.
fn digits(size: u128) -> u32 {
    // 1233 / 4096 is just above the logarithm of 2, so the guess is right or one
    // too few.
    let guess = ((128 - size.leading_zeros()) * 1233) >> 12;
    guess + u32::from(size >= pow10(guess))
}

fn pow10(exponent: u32) -> u128 {
    POWERS.get(exponent as usize).copied().unwrap_or(u128::MAX)
}

impl Exact {
    /// Zero
    pub const ZERO: Exact = Exact(0);

    /// Makes `units × 10⁻ᵖˡᵃᶜᵉˢ`, trailing zeros dropped where there is no room
    /// for them.
    ///
    /// # Errors
    ///
    /// [`NumberFault::TooLarge`] where 28 digits or 28 places do not hold it.
    pub fn new(units: i128, places: u32) -> Result<Exact, NumberFault> {
        let size = units.unsigned_abs();
        if size < LIMIT && places <= MAX_PLACES {
            return Ok(Exact::carried(size, places, units < 0));
        }
        // Every digit behind the point of zero could be dropped, one by one.
        if size == 0 {
            return Ok(Exact::ZERO);
        }
        let (mut size, mut places) = (size, places);
        while places > 0 && (size >= LIMIT || places > MAX_PLACES) && size.is_multiple_of(10) {
            size /= 10;
            places -= 1;
        }
        if size >= LIMIT || places > MAX_PLACES {
            return Err(NumberFault::TooLarge);
        }
        Ok(Exact::carried(size, places, units < 0))
    }

    /// Takes what is known to fit: `size < 10²⁸` is below 2⁹⁶.
    #[inline]
    fn carried(size: u128, places: u32, negative: bool) -> Exact {
        let negative = negative && size != 0;
        Exact(size | u128::from(places) << PLACES_BIT | u128::from(negative) << SIGN_BIT)
    }

    /// The digits behind the point that the number is carried with
    #[inline]
    fn scale(self) -> u32 {
        (self.0 >> PLACES_BIT) as u32 & 0xff
    }

    #[inline]
    fn is_negative(self) -> bool {
        self.0 >> SIGN_BIT == 1
    }

    /// `|m|`
    #[inline]
    fn size(self) -> u128 {
        self.0 & ((1 << PLACES_BIT) - 1)
    }

    /// `m` and `s`, without zeros behind the point: the same for equal numbers.
    pub(crate) fn units_and_places(self) -> (i128, u32) {
        let shortest = self.shortest();
        (shortest.mantissa(), shortest.scale())
    }

    /// `m`
    #[inline]
    fn mantissa(self) -> i128 {
        let size = self.size().cast_signed();
        if self.is_negative() { -size } else { size }
    }

    /// The same number without trailing zeros behind the point
    fn shortest(self) -> Exact {
        let (mut size, mut places) = (self.size(), self.scale());
        while places > 0 && size.is_multiple_of(10) {
            size /= 10;
            places -= 1;
        }
        Exact::carried(size, places, self.is_negative())
    }

    /// Takes a whole number.
    #[must_use]
    pub fn from_integer(whole: i64) -> Exact {
        Exact::carried(u128::from(whole.unsigned_abs()), 0, whole < 0)
    }

    /// Takes a `rust_decimal` number.
    ///
    /// # Errors
    ///
    /// [`NumberFault::TooLarge`] for its few values of 29 digits.
    pub fn from_decimal(value: Decimal) -> Result<Exact, NumberFault> {
        Exact::new(value.mantissa(), value.scale())
    }

    /// Returns the number as one of `rust_decimal`.
    #[must_use]
    pub fn to_decimal(self) -> Decimal {
        // 28 digits and 28 places always fit.
        Decimal::try_from_i128_with_scale(self.mantissa(), self.scale()).unwrap_or_default()
    }

    /// Returns the nearest 64-bit float.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        match self.quotient() {
            Some(nearest) => nearest,
            None => self.to_string().parse().unwrap_or(f64::NAN),
        }
    }

    /// Returns the nearest 32-bit float.
    #[must_use]
    pub fn to_f32(self) -> f32 {
        // The last of the bits that a 32-bit float has no room for, without those behind
        const HALF: u64 = 1 << 28;
        const BEHIND: u64 = (1 << 29) - 1;
        match self.quotient() {
            // What is rounded once lies on the same side of what is half way between two
            // 32-bit floats as what it was, unless it became that.
            #[expect(
                clippy::cast_possible_truncation,
                reason = "the nearest float is wanted"
            )]
            Some(nearest) if nearest.to_bits() & BEHIND != HALF => nearest as f32,
            _ => self.to_string().parse().unwrap_or(f32::NAN),
        }
    }

    /// Returns the nearest 64-bit float where one division tells it.
    fn quotient(self) -> Option<f64> {
        let units = i64::try_from(self.mantissa()).ok()?;
        let power = single::POWERS.get(self.scale() as usize)?;
        // Both operands are exact below this bound, so the quotient rounds once.
        if units.unsigned_abs() >= 1 << 53 {
            return None;
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "below 2^53 every whole number is exact"
        )]
        let whole = units as f64;
        Some(whole / power)
    }

    /// Returns the number as a whole number, where it is one.
    #[must_use]
    pub fn to_integer(self) -> Option<i64> {
        let number = self.shortest();
        if number.scale() != 0 {
            return None;
        }
        i64::try_from(number.mantissa()).ok()
    }

    /// Returns the same number carried with `places` digits behind the point,
    /// where it fits: numbers compare fastest with as many digits.
    pub(crate) fn carried_with(self, places: u32) -> Exact {
        match self
            .aligned(places.max(self.scale()))
            .map(|units| Exact::new(units, places.max(self.scale())))
        {
            Some(Ok(same)) => same,
            _ => self,
        }
    }

    /// Tells whether the number is zero.
    #[must_use]
    pub fn is_zero(self) -> bool {
        self.size() == 0
    }

    /// Tells how many digits stand behind the point in the shortest form.
    #[must_use]
    pub fn places(self) -> u32 {
        self.shortest().scale()
    }

    /// Returns the number without its sign.
    #[must_use]
    pub fn abs(self) -> Exact {
        Exact::carried(self.size(), self.scale(), false)
    }

    /// Returns the number with the other sign.
    #[must_use]
    pub fn negate(self) -> Exact {
        Exact::carried(self.size(), self.scale(), !self.is_negative())
    }

    /// Writes the number with at least `places` digits behind the point.
    #[must_use]
    pub fn to_text(self, places: u32) -> String {
        let mut number = self.shortest().to_decimal();
        if number.scale() < places {
            number.rescale(places);
        }
        number.to_string()
    }
}

impl fmt::Debug for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The shortest form: `1.1`, never `1.10`
impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.shortest().to_decimal(), f)
    }
}
