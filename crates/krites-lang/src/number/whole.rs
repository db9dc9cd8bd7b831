//! Whole numbers next to a number, and what division in whole steps leaves.

use ethnum::U256;

use super::rounding::exactly;
use super::{Exact, NumberFault};
use crate::ast::Rounding;

impl Exact {
    /// Returns the greatest whole number that is not above this one.
    #[must_use]
    pub fn floor(self) -> Exact {
        if self.is_negative() {
            self.round(0, Rounding::Up)
        } else {
            self.truncate()
        }
    }

    /// Returns the least whole number that is not below this one.
    #[must_use]
    pub fn ceiling(self) -> Exact {
        if self.is_negative() {
            self.truncate()
        } else {
            self.round(0, Rounding::Up)
        }
    }

    /// Returns the whole part, what stands before the point.
    #[must_use]
    pub fn truncate(self) -> Exact {
        self.round(0, Rounding::Down)
    }

    /// Returns `a - b × floor(a / b)` exactly: it lies between zero and `by`, which
    /// it never reaches, and has the sign of `by`.
    ///
    /// # Errors
    ///
    /// [`NumberFault::DivisionByZero`] where `by` is zero,
    /// [`NumberFault::TooLarge`] where the remainder needs more than 28 digits.
    ///
    /// # Example: signs
    ///
    /// ```
    /// use krites_lang::{Exact, NumberFault};
    ///
    /// let remainder = |a, b| Exact::parse(a)?.remainder(Exact::parse(b)?);
    /// assert_eq!(remainder("-7.5", "2")?.to_string(), "0.5");
    /// assert_eq!(remainder("7.5", "-2")?.to_string(), "-0.5");
    /// # Ok::<(), NumberFault>(())
    /// ```
    pub fn remainder(self, by: Exact) -> Result<Exact, NumberFault> {
        if by.is_zero() {
            return Err(NumberFault::DivisionByZero);
        }
        let places = self.scale().max(by.scale());
        let rest = match self.aligned(places).zip(by.aligned(places)) {
            Some((number, by)) => U256::from(number.unsigned_abs() % by.unsigned_abs()),
            None => self.aligned_wide(places) % by.aligned_wide(places),
        };
        let rest = if rest != 0 && self.is_negative() != by.is_negative() {
            by.aligned_wide(places) - rest
        } else {
            rest
        };
        exactly(rest, places, by.is_negative())
    }

    /// Returns `a - b × floor(a / b)` of whole numbers, with the sign of `by`.
    ///
    /// # Errors
    ///
    /// [`NumberFault::DivisionByZero`] where `by` is zero.
    pub fn integer_remainder(number: i64, by: i64) -> Result<i64, NumberFault> {
        if by == 0 {
            return Err(NumberFault::DivisionByZero);
        }
        // i64::MIN by -1 is the one that would overflow, and leaves nothing.
        let rest = number.wrapping_rem(by);
        if rest != 0 && (rest < 0) != (by < 0) {
            Ok(rest + by)
        } else {
            Ok(rest)
        }
    }
}
