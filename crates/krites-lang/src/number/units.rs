//! Numbers as whole numbers of 64 bits, in units of a digit behind the point.

use super::rounding::whole_units;
use super::{Exact, PLACES_BIT, POWERS, pow10};
use crate::ast::Rounding;

/// 10⁰ to 10¹⁹, which 64 bits hold
#[expect(
    clippy::indexing_slicing,
    reason = "computed by the compiler, and below 2⁶⁴"
)]
const UNITS: [u64; 20] = {
    let mut units = [1_u64; 20];
    let mut exponent = 0;
    while exponent < 20 {
        units[exponent] = POWERS[exponent] as u64;
        exponent += 1;
    }
    units
};

impl Exact {
    /// Returns the number in units of `10⁻ᵖˡᵃᶜᵉˢ`, where it is a whole one of them
    /// that 64 bits hold.
    #[inline]
    pub(crate) fn units(self, places: u32) -> Option<i64> {
        // Not negative, below 2⁶⁴, and with no more places: what nearly every value is. The
        // upper half is the places alone then, for the sign would make them many.
        let (upper, lower) = ((self.0 >> 64) as u64, self.0 as u64);
        let own = upper >> (PLACES_BIT - 64);
        if upper == own << (PLACES_BIT - 64)
            && let Some(finer) = u64::from(places).checked_sub(own)
            && let Some(unit) = UNITS.get(finer as usize)
        {
            return i64::try_from(lower.checked_mul(*unit)?).ok();
        }
        self.other_units(places)
    }

    #[inline(never)]
    fn other_units(self, places: u32) -> Option<i64> {
        let size = u64::try_from(self.size()).ok()?;
        let size = match places.checked_sub(self.scale()) {
            Some(0) => size,
            Some(finer) => size.checked_mul(u64::try_from(pow10(finer)).ok()?)?,
            None => return self.coarser_units(places),
        };
        let size = i64::try_from(size).ok()?;
        Some(if self.is_negative() { -size } else { size })
    }

    fn coarser_units(self, places: u32) -> Option<i64> {
        let number = self.shortest();
        (number.scale() <= places).then(|| number.units(places))?
    }

    /// A whole number by which numbers keep their order with bounds of at most `places`
    /// digits: twice the units of `10⁻ᵖˡᵃᶜᵉˢ`, and one more where there is something
    /// between these. Numbers that are too large for it have the last one.
    #[inline]
    pub(crate) fn key(self, places: u32) -> i64 {
        if self.scale() == places
            && let Ok(size) = i64::try_from(self.size())
            && let Some(twice) = size.checked_mul(2)
        {
            return if self.is_negative() { -twice } else { twice };
        }
        self.key_of_others(places)
    }

    #[inline(never)]
    fn key_of_others(self, places: u32) -> i64 {
        let (size, scale) = (self.size(), self.scale());
        let twice = if scale <= places {
            size.saturating_mul(pow10(places - scale)).saturating_mul(2)
        } else {
            let unit = pow10(scale - places);
            let between = u128::from(!size.is_multiple_of(unit));
            size / unit * 2 + between
        };
        let key = i64::try_from(twice).unwrap_or(i64::MAX);
        if self.is_negative() { -key } else { key }
    }

    /// Takes a number of units of `10⁻ᵖˡᵃᶜᵉˢ`, at most 28 places.
    #[inline]
    pub(crate) fn from_units(units: i64, places: u32) -> Exact {
        Exact::carried(u128::from(units.unsigned_abs()), places, units < 0)
    }

    /// As [`Exact::ratio`]; `None` as well on a border between two results, where
    /// the least change of the quotient changes them.
    pub(crate) fn ratio_off_borders(
        over: i64,
        under: i64,
        places: u32,
        rounding: Rounding,
    ) -> Option<Exact> {
        let (size, unit) = (over.unsigned_abs(), under.unsigned_abs());
        let rest = size.checked_rem(unit)?;
        let border = match rounding {
            Rounding::HalfUp | Rounding::HalfEven | Rounding::HalfDown => rest == unit - rest,
            Rounding::Up | Rounding::Down => rest == 0,
        };
        if border {
            return None;
        }
        Exact::ratio(over, under, places, rounding)
    }

    /// Returns `over / under` as units of `10⁻ᵖˡᵃᶜᵉˢ`, rounded once; `None` where
    /// `under` is zero.
    #[inline]
    pub(crate) fn ratio(over: i64, under: i64, places: u32, rounding: Rounding) -> Option<Exact> {
        if under == 0 {
            return None;
        }
        let units = whole_units(over.unsigned_abs(), under.unsigned_abs(), rounding);
        let negative = (over < 0) != (under < 0);
        Some(Exact::carried(u128::from(units), places, negative))
    }
}
