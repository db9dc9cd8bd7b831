//! What the specification of numbers says, in fractions of any size.

use std::cmp::Ordering;
use std::sync::LazyLock;

use krites_lang::ast::Rounding;
use krites_lang::{Exact, NumberFault};
use num_bigint::{BigInt, BigUint, Sign};

/// A result as the specification has it
pub(crate) type Expected = Result<Fraction, NumberFault>;

/// `over / under`, in any terms; `under` is positive
#[derive(Clone, Debug)]
pub(crate) struct Fraction {
    over: BigInt,
    under: BigInt,
}

static POWERS: LazyLock<Vec<BigInt>> =
    LazyLock::new(|| (0..=56).map(|power| BigInt::from(10).pow(power)).collect());

fn pow10(exponent: u32) -> &'static BigInt {
    &POWERS[exponent as usize]
}

impl Fraction {
    /// The value of a number, which has to lie within what a number may be.
    pub(crate) fn of(number: Exact) -> Self {
        let decimal = number.to_decimal();
        assert!(decimal.mantissa().unsigned_abs() < 10_u128.pow(28) && decimal.scale() <= 28);
        Self {
            over: decimal.mantissa().into(),
            under: pow10(decimal.scale()).clone(),
        }
    }

    fn whole(over: BigInt) -> Self {
        Self {
            over,
            under: 1.into(),
        }
    }

    pub(crate) fn is_zero(&self) -> bool {
        self.over.sign() == Sign::NoSign
    }

    pub(crate) fn negative(mut self) -> Self {
        self.over = -self.over;
        self
    }

    pub(crate) fn abs(self) -> Self {
        if self.over.sign() == Sign::Minus {
            self.negative()
        } else {
            self
        }
    }

    pub(crate) fn plus(&self, other: &Self) -> Self {
        Self {
            over: &self.over * &other.under + &other.over * &self.under,
            under: &self.under * &other.under,
        }
    }

    pub(crate) fn minus(&self, other: &Self) -> Self {
        self.plus(&other.clone().negative())
    }

    pub(crate) fn times(&self, other: &Self) -> Self {
        Self {
            over: &self.over * &other.over,
            under: &self.under * &other.under,
        }
    }

    /// The quotient by what is not zero
    pub(crate) fn by(&self, other: &Self) -> Self {
        let quotient = Self {
            over: &self.over * &other.under,
            under: &self.under * &other.over,
        };
        if quotient.under.sign() == Sign::Minus {
            return Self {
                over: -quotient.over,
                under: -quotient.under,
            };
        }
        quotient
    }

    pub(crate) fn against(&self, other: &Self) -> Ordering {
        (&self.over * &other.under).cmp(&(&other.over * &self.under))
    }

    pub(crate) fn floor(&self) -> Self {
        let whole = &self.over / &self.under;
        let below = self.over.sign() == Sign::Minus && &whole * &self.under != self.over;
        Self::whole(if below { whole - 1 } else { whole })
    }

    /// A floor as 64 bits hold it
    pub(crate) fn to_i64(&self) -> Option<i64> {
        i64::try_from(&self.over).ok()
    }

    /// The nearest multiple of `10⁻ᵖˡᵃᶜᵉˢ` as the mode says
    pub(crate) fn rounded(&self, places: u32, rounding: Rounding) -> Self {
        let scaled = self.over.magnitude() * pow10(places).magnitude();
        let under = self.under.magnitude();
        let whole = &scaled / under;
        let rest = scaled - &whole * under;
        let half = (&rest * 2_u8).cmp(under);
        let up = match rounding {
            Rounding::HalfUp => half.is_ge(),
            Rounding::HalfDown => half.is_gt(),
            Rounding::HalfEven => half.is_gt() || (half.is_eq() && whole.bit(0)),
            Rounding::Up => rest != BigUint::ZERO,
            Rounding::Down => false,
        };
        let size = if up { whole + 1_u8 } else { whole };
        Self {
            over: BigInt::from_biguint(self.over.sign(), size),
            under: pow10(places).clone(),
        }
    }

    /// The number that it is, or a fault where 28 digits or places do not hold it
    pub(crate) fn exactly(self) -> Expected {
        let units = &self.over * pow10(28) / &self.under;
        let found = Self {
            over: units.clone(),
            under: pow10(28).clone(),
        };
        // With more digits than 28, the last ones have to be zeros.
        let spare = (0..=28).find(|&spare| *units.magnitude() < *pow10(28 + spare).magnitude());
        let ends = spare.is_some_and(|spare| (units % pow10(spare)).sign() == Sign::NoSign);
        if ends && found.against(&self).is_eq() {
            Ok(self)
        } else {
            Err(NumberFault::TooLarge)
        }
    }

    /// Rounded half even to 28 significant digits or 28 places, the coarser of both
    pub(crate) fn to_number(&self) -> Expected {
        let whole = (&self.over / &self.under).magnitude().clone();
        let Some(digits) = (0..=28).find(|&digits| whole < *pow10(digits).magnitude()) else {
            return Err(NumberFault::TooLarge);
        };
        self.rounded(28 - digits, Rounding::HalfEven).exactly()
    }

    pub(crate) fn power(&self, exponent: i64) -> Expected {
        let one = Self::whole(1.into());
        let steps = match exponent.unsigned_abs() {
            steps if steps <= 12_000 => steps,
            _ => return Err(NumberFault::TooLarge),
        };
        if self.is_zero() && exponent < 0 {
            return Err(NumberFault::DivisionByZero);
        }
        let steps = u32::try_from(steps).unwrap();
        let power = Self {
            over: self.over.pow(steps),
            under: self.under.pow(steps),
        };
        let power = if exponent < 0 { one.by(&power) } else { power };
        if power.over.bits() > power.under.bits() + 100 {
            return Err(NumberFault::TooLarge);
        }
        if power.under.bits() > power.over.bits() + 100 {
            return Ok(Self::whole(0.into()));
        }
        power.to_number()
    }
}
