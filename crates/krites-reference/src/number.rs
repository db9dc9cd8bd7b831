//! Numbers as big rationals, and the rules by which they are kept.
//! Invariant: nothing of the engine's arithmetic; a number crosses over by its
//! digits alone.

use std::sync::LazyLock;

use krites_lang::Exact;
use krites_lang::ast::Rounding;
use num_bigint::{BigInt, Sign};
use num_rational::BigRational;

use crate::Fault;

/// Digits of an exact number, and at most so many behind the point
const DIGITS: u32 = 28;

static POWERS: LazyLock<Vec<BigInt>> =
    LazyLock::new(|| (0..=64).map(|n| BigInt::from(10).pow(n)).collect());

pub(crate) fn power_of_ten(exponent: u32) -> BigInt {
    match POWERS.get(exponent as usize) {
        Some(power) => power.clone(),
        None => BigInt::from(10).pow(exponent),
    }
}

pub(crate) fn whole(value: i64) -> BigRational {
    BigRational::from_integer(BigInt::from(value))
}

pub(crate) fn zero() -> BigRational {
    whole(0)
}

pub(crate) fn from_exact(value: Exact) -> BigRational {
    let decimal = value.to_decimal();
    BigRational::new(
        BigInt::from(decimal.mantissa()),
        power_of_ten(decimal.scale()),
    )
}

/// Units and places of the shortest form, where 28 digits hold the number.
pub(crate) fn digits(value: &BigRational) -> Option<(i128, u32)> {
    let places = places(value)?;
    let units = (value.numer() * power_of_ten(places)) / value.denom();
    let units = i128::try_from(&units).ok()?;
    (units.unsigned_abs() < 10_u128.pow(DIGITS)).then_some((units, places))
}

pub(crate) fn to_integer(value: &BigRational) -> Option<i64> {
    value
        .is_integer()
        .then(|| i64::try_from(value.numer()).ok())?
}

/// How many digits stand behind the point, where no more than 28 do.
pub(crate) fn places(value: &BigRational) -> Option<u32> {
    let mut rest = u128::try_from(value.denom()).ok()?;
    let twos = rest.trailing_zeros();
    rest >>= twos;
    let mut fives = 0;
    while rest.is_multiple_of(5) {
        rest /= 5;
        fives += 1;
    }
    let places = twos.max(fives);
    (rest == 1 && places <= DIGITS).then_some(places)
}

/// Keeps a result: exactly, or, of what goes on from a division, rounded once, half
/// even, to 28 significant digits or 28 places, whichever is coarser.
pub(crate) fn keep(value: BigRational, goes_on: bool) -> Result<BigRational, Fault> {
    let value = if goes_on {
        fraction(value.numer(), value.denom())?
    } else {
        value
    };
    match digits(&value) {
        Some(_) => Ok(value),
        None => Err(Fault::TooLarge),
    }
}

/// Rounds a fraction as a division is. The terms, which may be long, are never
/// brought to lowest ones.
pub(crate) fn fraction(above: &BigInt, below: &BigInt) -> Result<BigRational, Fault> {
    let negative = (above.sign() == Sign::Minus) != (below.sign() == Sign::Minus);
    let (above, below) = (above.magnitude(), below.magnitude());
    let whole = BigInt::from(above / below);
    let before_point = (0..=DIGITS)
        .find(|digits| whole < power_of_ten(*digits))
        .ok_or(Fault::TooLarge)?;
    let unit = power_of_ten(DIGITS - before_point);
    let scaled = above * unit.magnitude();
    let units = &scaled / below;
    let rest = (scaled - &units * below) * 2_u32;
    let odd = units.bit(0);
    let away = rest > *below || (rest == *below && odd);
    let units = BigInt::from(units) + i32::from(away);
    let size = BigRational::new(units, unit);
    let value = if negative { -size } else { size };
    match digits(&value) {
        Some(_) => Ok(value),
        None => Err(Fault::TooLarge),
    }
}

/// Rounds to so many digits behind the point.
pub(crate) fn round(value: &BigRational, places: u32, rounding: Rounding) -> BigRational {
    let unit = BigRational::new(BigInt::from(1), power_of_ten(places));
    round_to_multiple(value, &unit, rounding)
}

/// Rounds to a multiple of `unit`, which is not zero.
pub(crate) fn round_to_multiple(
    value: &BigRational,
    unit: &BigRational,
    rounding: Rounding,
) -> BigRational {
    let unit = absolute(unit);
    let units = absolute(value) / &unit;
    let below = units.floor();
    let rest = &units - &below;
    let half = BigRational::new(BigInt::from(1), BigInt::from(2));
    let odd = !(&below / BigInt::from(2)).is_integer();
    let away = match rounding {
        Rounding::HalfUp => rest >= half,
        Rounding::HalfDown => rest > half,
        Rounding::HalfEven => rest > half || (rest == half && odd),
        Rounding::Up => rest > zero(),
        Rounding::Down => false,
    };
    let size = if away { below + BigInt::from(1) } else { below } * unit;
    if *value < zero() { -size } else { size }
}

pub(crate) fn absolute(value: &BigRational) -> BigRational {
    if *value < zero() {
        -value.clone()
    } else {
        value.clone()
    }
}

/// Writes a number's digits, `-12.5`; a fraction that has none as a fraction.
pub(crate) fn text(value: &BigRational) -> String {
    let Some(places) = places(value) else {
        return value.to_string();
    };
    let units = (value.numer() * power_of_ten(places)) / value.denom();
    let (sign, size) = match units.to_string().strip_prefix('-') {
        Some(size) => ("-", size.to_owned()),
        None => ("", units.to_string()),
    };
    if places == 0 {
        return format!("{sign}{size}");
    }
    let places = places as usize;
    let size = format!("{size:0>width$}", width = places + 1);
    let (before, behind) = size.split_at(size.len() - places);
    format!("{sign}{before}.{behind}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> BigRational {
        from_exact(Exact::parse(text).unwrap())
    }

    #[test]
    fn numbers_are_kept_as_their_rules_say() {
        let third = BigRational::new(BigInt::from(1), BigInt::from(3));
        assert_eq!(keep(third.clone(), false), Err(Fault::TooLarge));
        let kept = keep(third, true).unwrap();
        assert_eq!(text(&kept), "0.3333333333333333333333333333");
        let large = number("9999999999999999999999999999");
        assert_eq!(keep(large.clone(), false), Ok(large.clone()));
        assert_eq!(keep(&large + whole(1), true), Err(Fault::TooLarge));
        let half = number("0.5");
        assert_eq!(keep(&large + &half, false), Err(Fault::TooLarge));
        // Half even would go on to 10²⁸.
        assert_eq!(keep(large + half, true), Err(Fault::TooLarge));
    }

    #[test]
    fn roundings_are_by_size() {
        let rounded = |value: &str, rounding| text(&round(&number(value), 1, rounding));
        let all = [
            Rounding::HalfUp,
            Rounding::HalfEven,
            Rounding::HalfDown,
            Rounding::Up,
            Rounding::Down,
        ];
        assert_eq!(
            all.map(|mode| rounded("-2.25", mode)),
            ["-2.3", "-2.2", "-2.2", "-2.3", "-2.2"]
        );
        assert_eq!(
            all.map(|mode| rounded("0.31", mode)),
            ["0.3", "0.3", "0.3", "0.4", "0.3"]
        );
        let down = round_to_multiple(&number("41000"), &number("-10000"), Rounding::Down);
        assert_eq!(text(&down), "40000");
    }

    #[test]
    fn a_number_is_written_by_its_digits() {
        for written in [
            "0",
            "-0.05",
            "12.5",
            "-1200",
            "0.0000000000000000000000000001",
        ] {
            assert_eq!(text(&number(written)), written);
        }
    }
}
