//! Points on a straight line.

use num_bigint::BigInt;
use num_bigint::BigUint;

use super::rounding::is_up;
use super::{Exact, LIMIT, MAX_PLACES, NumberFault};

impl Exact {
    /// Returns the height at this place of the line through two points, which lie at
    /// two places with this one between them: the exact height, rounded once as a
    /// quotient is.
    ///
    /// # Errors
    ///
    /// [`NumberFault::DivisionByZero`] where both lie at one place.
    pub(crate) fn on_line(
        self,
        (low, at_low): (Exact, Exact),
        (high, at_high): (Exact, Exact),
    ) -> Result<Exact, NumberFault> {
        match self.briefly_on_line((low, at_low), (high, at_high)) {
            Some(found) => found,
            None => self.longly_on_line((low, at_low), (high, at_high)),
        }
    }

    /// The same, where 28 digits hold the sum before it is divided.
    fn briefly_on_line(
        self,
        (low, at_low): (Exact, Exact),
        (high, at_high): (Exact, Exact),
    ) -> Option<Result<Exact, NumberFault>> {
        let (behind, before) = (self.subtract(low).ok()?, high.subtract(self).ok()?);
        let (one, other) = (
            at_low.multiply(before).ok()?,
            at_high.multiply(behind).ok()?,
        );
        let (over, under) = (one.add(other).ok()?, high.subtract(low).ok()?);
        Some(over.divide(under))
    }

    fn longly_on_line(
        self,
        (low, at_low): (Exact, Exact),
        (high, at_high): (Exact, Exact),
    ) -> Result<Exact, NumberFault> {
        let places = self.scale().max(low.scale()).max(high.scale());
        let [at, low, high] = [self, low, high].map(|number| number.long(places));
        let under = (&high - &low).magnitude().clone();
        if under == BigUint::ZERO {
            return Err(NumberFault::DivisionByZero);
        }
        let places = at_low.scale().max(at_high.scale());
        let [at_low, at_high] = [at_low, at_high].map(|number| number.long(places));
        let over = at_low * (&high - &at) + at_high * (&at - &low);
        let negative = over < BigInt::ZERO;
        let ten = BigUint::from(10_u8);
        let (over, under) = (over.magnitude(), under * ten.pow(places));
        // The height lies between those of the points, which 28 digits hold
        for places in (0..=MAX_PLACES).rev() {
            let scaled = over * ten.pow(places);
            let (mut whole, rest) = (&scaled / &under, &scaled % &under);
            if is_up(rest.cmp(&(&under - &rest)), whole.bit(0)) {
                whole += 1_u8;
            }
            if whole < BigUint::from(LIMIT) {
                let size = u128::try_from(&whole).map_err(|_| NumberFault::TooLarge)?;
                return Ok(Exact::carried(size, places, negative));
            }
        }
        Err(NumberFault::TooLarge)
    }

    /// The number in units of `10⁻ᵖˡᵃᶜᵉˢ`
    fn long(self, places: u32) -> BigInt {
        BigInt::from(self.mantissa()) * BigInt::from(10_u8).pow(places - self.scale())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(at: &str, low: (&str, &str), high: (&str, &str)) -> String {
        let number = |text: &str| Exact::parse(text).unwrap_or_default();
        let point = |(at, value): (&str, &str)| (number(at), number(value));
        let found = number(at).on_line(point(low), point(high));
        found.map_or_else(|fault| fault.to_string(), |found| found.to_string())
    }

    #[test]
    fn a_height_is_rounded_once() {
        assert_eq!(line("0.25", ("0", "0.001"), ("1", "0.005")), "0.002");
        assert_eq!(
            line("1", ("0", "0"), ("3", "1")),
            "0.3333333333333333333333333333"
        );
        assert_eq!(
            line("1", ("0", "-2"), ("3", "0")),
            "-1.333333333333333333333333333"
        );
        // A division first would give 0.9999…
        assert_eq!(line("1", ("0", "0"), ("3", "3")), "1");
    }

    #[test]
    fn a_place_of_28_digits_is_no_fault() {
        let at = "0.3333333333333333333333333333";
        assert_eq!(line(at, ("0", "0"), ("1", "0.3")), "0.1");
        assert_eq!(line(at, ("0", "0.1"), ("1", "1000")), "333.4");
        let far = "9999999999999999999999999999";
        let near = "0.0000000000000000000000000001";
        assert_eq!(line("1", (near, near), (far, far)), "1");
        assert_eq!(line("0.5", ("0", far), ("1", far)), far);
    }
}
