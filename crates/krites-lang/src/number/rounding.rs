//! Rounding: to places, to multiples, to the 28 digits of a number.

use std::cmp::Ordering;
use std::ops::{Add, Div, Mul, Rem, Sub};

use ethnum::U256;

use super::{Exact, LIMIT, MAX_PLACES, NumberFault, digits, pow10};
use crate::ast::Rounding;

impl Exact {
    /// Rounds to `places` digits behind the point, `0..=28`; a number with no
    /// more than these stays as it is.
    #[must_use]
    pub fn round(self, places: u32, rounding: Rounding) -> Exact {
        if self.scale() <= places {
            return self;
        }
        let units = whole_units(self.size(), pow10(self.scale() - places), rounding);
        // One digit less than before at least: a carry has room.
        Exact::carried(units, places, self.is_negative())
    }

    /// Rounds to a multiple of `of`, whose sign does not matter: the exact
    /// quotient by `|of|` becomes a whole number, once, as `rounding` says.
    ///
    /// # Errors
    ///
    /// [`NumberFault::DivisionByZero`] where `of` is zero,
    /// [`NumberFault::TooLarge`] where the multiple needs more than 28 digits.
    ///
    /// # Example: prices in steps of 5 cents
    ///
    /// ```
    /// use krites_lang::{Exact, NumberFault, ast::Rounding};
    ///
    /// let (price, step) = (Exact::parse("7.43")?, Exact::parse("0.05")?);
    /// let rounded = price.round_to_multiple(step, Rounding::HalfUp)?;
    /// assert_eq!(rounded.to_string(), "7.45");
    /// # Ok::<(), NumberFault>(())
    /// ```
    pub fn round_to_multiple(self, of: Exact, rounding: Rounding) -> Result<Exact, NumberFault> {
        if of.is_zero() {
            return Err(NumberFault::DivisionByZero);
        }
        let places = self.scale().max(of.scale());
        let units = match self.aligned(places).zip(of.aligned(places)) {
            Some((number, of)) => U256::from(whole_units(
                number.unsigned_abs(),
                of.unsigned_abs(),
                rounding,
            )),
            None => whole_units(self.aligned_wide(places), of.aligned_wide(places), rounding),
        };
        // At most one unit of 28 digits above a number of 56.
        let multiple = units * U256::from(of.size());
        exactly(multiple, of.scale(), self.is_negative())
    }
}

/// How many times `unit`, which is not zero, goes into `number`, rounded.
#[inline]
pub(super) fn whole_units<T>(number: T, unit: T, rounding: Rounding) -> T
where
    T: Copy + Ord + From<u8> + Add<Output = T> + Sub<Output = T>,
    T: Mul<Output = T> + Div<Output = T> + Rem<Output = T>,
{
    let whole = number / unit;
    let rest = number - whole * unit;
    let half = rest.cmp(&(unit - rest));
    let away = rest != T::from(0)
        && match rounding {
            Rounding::HalfUp => half != Ordering::Less,
            Rounding::HalfDown => half == Ordering::Greater,
            Rounding::HalfEven => is_up(half, whole % T::from(2) == T::from(1)),
            Rounding::Up => true,
            Rounding::Down => false,
        };
    whole + T::from(u8::from(away))
}

/// Whether half even rounds away from zero, by the rest against what it lacks
/// to one unit.
pub(super) fn is_up(rest: Ordering, odd: bool) -> bool {
    rest == Ordering::Greater || (rest == Ordering::Equal && odd)
}

/// Takes `size × 10⁻ᵖˡᵃᶜᵉˢ` as it is, trailing zeros dropped where there is no
/// room for them.
pub(super) fn exactly(size: U256, places: u32, negative: bool) -> Result<Exact, NumberFault> {
    let (mut size, mut places) = (size, places);
    let (ten, limit) = (U256::from(10_u8), U256::from(LIMIT));
    while places > 0 && size >= limit {
        let (shorter, digit) = size.div_rem(ten);
        if digit != 0 {
            return Err(NumberFault::TooLarge);
        }
        (size, places) = (shorter, places - 1);
    }
    let signed = i128::try_from(size).map_err(|_| NumberFault::TooLarge)?;
    Exact::new(if negative { -signed } else { signed }, places)
}

/// Rounds `size × 10⁻ᵖˡᵃᶜᵉˢ` half even to 28 digits and 28 places.
pub(super) fn rounded(size: u128, places: u32, negative: bool) -> Result<Exact, NumberFault> {
    let excess = digits(size).saturating_sub(28);
    let drop = excess.max(places.saturating_sub(MAX_PLACES));
    if drop == 0 {
        return Ok(Exact::carried(size, places, negative));
    }
    if drop > 38 {
        return Ok(Exact::ZERO);
    }
    let unit = pow10(drop);
    let whole = size / unit;
    let rest = size - whole * unit;
    let whole = whole + u128::from(is_up(rest.cmp(&(unit - rest)), whole % 2 == 1));
    let places = places.checked_sub(drop).ok_or(NumberFault::TooLarge)?;
    let whole = i128::try_from(whole).map_err(|_| NumberFault::TooLarge)?;
    Exact::new(if negative { -whole } else { whole }, places)
}

/// As [`rounded`], for sizes beyond 38 digits.
pub(super) fn rounded_wide(size: U256, places: u32, negative: bool) -> Result<Exact, NumberFault> {
    let ten = U256::from(10_u8);
    let limit = U256::from(LIMIT);
    let mut drop = places.saturating_sub(MAX_PLACES);
    while size / ten.pow(drop) >= limit {
        drop += 1;
    }
    let unit = ten.pow(drop);
    let (mut whole, rest) = (size / unit, size % unit);
    if is_up(rest.cmp(&(unit - rest)), whole % 2 == 1) {
        whole += 1;
    }
    let places = places.checked_sub(drop).ok_or(NumberFault::TooLarge)?;
    let whole = i128::try_from(whole).map_err(|_| NumberFault::TooLarge)?;
    Exact::new(if negative { -whole } else { whole }, places)
}
